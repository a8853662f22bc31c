// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/stretch.h"

#include "core/input/capture/capture_format.h"
#include "core/input/csv/csv_format.h"
#include "core/input/input_format.h"
#include "core/support/file.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

/// What is read before a stretch, and the stretch.
class StretchSource final : public ByteSource
{
public:
    static Result<std::unique_ptr<ByteSource>> open(const std::filesystem::path& path, const MapTask& task)
    {
        auto file = File::openRegular(path);
        if (!file)
            return std::move(file).error();
        const auto stamp = file->stamp();
        auto source = std::unique_ptr<StretchSource>(new StretchSource(*std::move(file)));
        const std::uint64_t size = stamp ? stamp->size : 0, end = task.end > 0 ? task.end : size;
        source->head_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(headBytes, size)));
        if (auto read = source->file_.readAt(0, source->head_); !read)
            return std::move(read).error();
        source->pieces_ = task.head;
        source->pieces_.push_back({task.begin, end});
        std::ranges::reverse(source->pieces_);
        return std::unique_ptr<ByteSource>(std::move(source));
    }

    Result<std::size_t> read(std::span<char> into) override
    {
        while (!pieces_.empty() && pieces_.back().begin >= pieces_.back().end)
            pieces_.pop_back();
        if (pieces_.empty())
            return std::size_t{0};
        ByteRange& piece = pieces_.back();
        const auto n =
            static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), piece.end - piece.begin));
        if (auto read = file_.readAt(piece.begin, into.first(n)); !read)
            return std::move(read).error();
        piece.begin += n;
        delivered_ += n;
        return n;
    }
    [[nodiscard]] std::string_view head() const noexcept override { return head_; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return delivered_; }

private:
    explicit StretchSource(File file) : file_(std::move(file)) {}

    File file_;
    std::string head_;
    std::vector<ByteRange> pieces_; ///< that are not read; the next one last
    std::uint64_t delivered_ = 0;
};

/// Tells of places as those of the whole file.
class StretchPackets final : public PacketSource
{
public:
    StretchPackets(std::unique_ptr<PacketSource> inner, const MapTask& task)
        : inner_(std::move(inner)), lines_(task.linesBefore), bytes_(task.begin)
    {
        for (const auto& range : task.head)
            bytes_ -= range.end - range.begin; // which is before it in the file, too
    }

    Result<std::shared_ptr<PacketBatch>> next() override
    {
        auto batch = inner_->next();
        if (batch)
            return batch;
        Error error = std::move(batch).error();
        if (error.line > 0)
            error.line += lines_;
        return error;
    }
    [[nodiscard]] std::uint64_t linesBefore() const override { return inner_->linesBefore() + lines_; }
    [[nodiscard]] InputChange change() const override { return inner_->change(); }
    [[nodiscard]] std::optional<Error> endedEarly() const override
    {
        auto early = inner_->endedEarly();
        if (early) {
            early->line += lines_;
            early->byte += bytes_;
        }
        return early;
    }
    [[nodiscard]] RowUnit unit() const override { return inner_->unit(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const override { return inner_->ignoredFrom(); }

private:
    std::unique_ptr<PacketSource> inner_;
    std::uint64_t lines_, bytes_; ///< before the stretch, without those of its head
};

class StretchInput final : public OpenedInput
{
public:
    StretchInput(std::unique_ptr<OpenedInput> inner, MapTask task)
        : inner_(std::move(inner)), task_(std::move(task))
    {
    }

    [[nodiscard]] std::uint64_t expectedPackets(std::uint64_t bytes) const override
    {
        return inner_->expectedPackets(bytes);
    }
    std::unique_ptr<PacketSource> packets(const TimeWindow& window, SourceContext& context) override
    {
        return std::make_unique<StretchPackets>(inner_->packets(window, context), task_);
    }

private:
    std::unique_ptr<OpenedInput> inner_;
    MapTask task_;
};

} // namespace

Result<std::unique_ptr<OpenedInput>> openStretch(const InputSpec& spec, const MapTask& task,
                                                 std::size_t blockSize)
{
    auto source = StretchSource::open(spec.file, task);
    if (!source)
        return std::move(source).error();
    const auto format = inputFormatOf((*source)->head(), spec.file);
    if (!format)
        return format.error();
    auto opened = (*format)->open({spec, *std::move(source), blockSize});
    if (!opened)
        return opened;
    return std::unique_ptr<OpenedInput>(std::make_unique<StretchInput>(*std::move(opened), task));
}

Result<std::vector<MapTask>> stretchesOf(const InputSpec& spec, const StretchRules& rules,
                                         const GoOnScan& goOn)
{
    std::vector<MapTask> whole{{.input = rules.input}};
    auto source = openByteSource(spec.file, std::size_t{1} << 20);
    if (!source)
        return std::move(source).error();
    const auto format = inputFormatOf((*source)->head(), spec.file);
    if (!format || (*source)->compression() != Compression::None)
        return whole;
    MaybeStretches stretches = std::optional<std::vector<MapTask>>();
    if ((*format)->id == csvFormat.id)
        stretches = tableStretches(spec, **source, rules, goOn);
    else if ((*format)->id == captureFormat.id)
        stretches = captureStretches(spec, *std::move(source), rules, goOn);
    if (!stretches)
        return std::move(stretches).error();
    return *stretches ? **std::move(stretches) : whole;
}

std::uint64_t stretchBytes(const Job& job, const MapTask& task)
{
    std::uint64_t bytes = (task.end > 0 ? task.end : job.fileOf(task).bytes) - task.begin;
    for (const auto& range : task.head)
        bytes += range.end - range.begin;
    return bytes;
}

} // namespace packetloom
