// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/stretch.h"

#include "core/input/csv/csv_format.h"
#include "core/input/csv/csv_sniffer.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/support/file.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace packetloom {
namespace {

/// The header of a file and a stretch of it, or the stretch alone.
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
        if (task.begin > 0)
            source->pieces_.push_back({0, task.headerBytes});
        source->pieces_.push_back({task.begin, end});
        std::reverse(source->pieces_.begin(), source->pieces_.end());
        return std::unique_ptr<ByteSource>(std::move(source));
    }

    Result<std::size_t> read(std::span<char> into) override
    {
        while (!pieces_.empty() && pieces_.back().first >= pieces_.back().second)
            pieces_.pop_back();
        if (pieces_.empty())
            return std::size_t{0};
        auto& [at, end] = pieces_.back();
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), end - at));
        if (auto read = file_.readAt(at, into.first(n)); !read)
            return std::move(read).error();
        at += n;
        delivered_ += n;
        return n;
    }
    [[nodiscard]] std::string_view head() const noexcept override { return head_; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return delivered_; }

private:
    explicit StretchSource(File file) : file_(std::move(file)) {}

    File file_;
    std::string head_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> pieces_; ///< from and to; the next one last
    std::uint64_t delivered_ = 0;
};

/// Counts lines as those of the whole file.
class StretchPackets final : public PacketSource
{
public:
    StretchPackets(std::unique_ptr<PacketSource> inner, std::uint64_t more)
        : inner_(std::move(inner)), more_(more)
    {
    }

    Result<std::shared_ptr<PacketBatch>> next() override { return inner_->next(); }
    [[nodiscard]] std::uint64_t linesBefore() const override { return inner_->linesBefore() + more_; }
    [[nodiscard]] InputChange change() const override { return inner_->change(); }
    [[nodiscard]] std::optional<Error> endedEarly() const override { return inner_->endedEarly(); }
    [[nodiscard]] RowUnit unit() const override { return inner_->unit(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const override { return inner_->ignoredFrom(); }

private:
    std::unique_ptr<PacketSource> inner_;
    std::uint64_t more_;
};

class StretchInput final : public OpenedInput
{
public:
    StretchInput(std::unique_ptr<OpenedInput> inner, std::uint64_t more)
        : inner_(std::move(inner)), more_(more)
    {
    }

    [[nodiscard]] std::uint64_t expectedPackets(std::uint64_t bytes) const override
    {
        return inner_->expectedPackets(bytes);
    }
    std::unique_ptr<PacketSource> packets(const TimeWindow& window, SourceContext& context) override
    {
        return std::make_unique<StretchPackets>(inner_->packets(window, context), more_);
    }

private:
    std::unique_ptr<OpenedInput> inner_;
    std::uint64_t more_;
};

/// Finds the borders of rows in a table that has none of what makes them hard to find.
class RowScan
{
public:
    RowScan(const CsvDialect& dialect, std::size_t input, std::uint64_t chunkRows, std::uint64_t taskBytes)
        : dialect_(dialect), chunkRows_(chunkRows), taskBytes_(taskBytes), headerAhead_(dialect.header)
    {
        tasks_.push_back({.input = input});
    }

    /// False when it is no such table.
    bool add(std::string_view block)
    {
        for (const char c : {dialect_.quote, '"', '\0'}) {
            if (std::memchr(block.data(), c, block.size()))
                return false;
        }
        if (lastWasReturn_ && !block.empty() && block.front() != '\n')
            return false;
        for (auto at = block.find('\r'); at != std::string_view::npos; at = block.find('\r', at + 1)) {
            if (at + 1 < block.size() && block[at + 1] != '\n')
                return false;
        }
        lastWasReturn_ = !block.empty() && block.back() == '\r';
        while (!block.empty()) {
            const auto end = block.find('\n');
            const auto line = block.substr(0, end);
            lineBytes_ += line.size();
            if (lineBytes_ >= CsvTokenizer::defaultMaxRowBytes)
                return false;
            filled_ = filled_ || !isBlank(line);
            at_ += line.size();
            if (end == std::string_view::npos)
                break;
            ++at_;
            block.remove_prefix(end + 1);
            endLine();
        }
        return true;
    }
    std::vector<MapTask> finish() { return std::move(tasks_); }

private:
    [[nodiscard]] bool isBlank(std::string_view line) const
    {
        return std::ranges::all_of(
            line, [&](char c) { return c != dialect_.delimiter && (c == ' ' || c == '\t' || c == '\r'); });
    }
    void endLine()
    {
        ++lines_;
        lineBytes_ = 0;
        if (!std::exchange(filled_, false))
            return;
        if (std::exchange(headerAhead_, false)) {
            headerBytes_ = at_;
            headerLines_ = lines_;
            return;
        }
        ++rows_;
        MapTask& task = tasks_.back();
        if (rows_ % chunkRows_ != 0 || at_ - task.begin < taskBytes_)
            return;
        task.end = at_;
        tasks_.push_back({.input = task.input,
                          .begin = at_,
                          .end = 0,
                          .linesBefore = lines_,
                          .headerBytes = headerBytes_,
                          .headerLines = headerLines_});
    }

    CsvDialect dialect_;
    std::uint64_t chunkRows_, taskBytes_;
    bool headerAhead_;
    std::vector<MapTask> tasks_;
    std::uint64_t at_ = 0, lines_ = 0, rows_ = 0, lineBytes_ = 0;
    std::uint64_t headerBytes_ = 0, headerLines_ = 0;
    bool filled_ = false; ///< the line at hand is a row
    bool lastWasReturn_ = false;
};

} // namespace

Result<std::unique_ptr<OpenedInput>> openStretch(const InputSpec& spec, const MapTask& task,
                                                 std::size_t blockSize)
{
    auto source = StretchSource::open(spec.file, task);
    if (!source)
        return std::move(source).error();
    auto opened = openCsv({spec, *std::move(source), blockSize});
    if (!opened)
        return opened;
    return std::unique_ptr<OpenedInput>(
        std::make_unique<StretchInput>(*std::move(opened), task.linesBefore - task.headerLines));
}

Result<std::vector<MapTask>> stretchesOf(const InputSpec& spec, std::size_t input, std::uint64_t chunkRows,
                                         std::uint64_t taskBytes, const std::function<bool()>& goOn)
{
    std::vector<MapTask> whole{{.input = input}};
    auto source = openByteSource(spec.file, std::size_t{1} << 20);
    if (!source)
        return std::move(source).error();
    const auto format = inputFormatOf((*source)->head(), spec.file);
    if (!format || (*format)->id != csvFormat.id || (*source)->compression() != Compression::None)
        return whole;
    const auto table = sniffTable((*source)->head(), spec);
    if (!table)
        return whole;
    RowScan scan(table->layout.dialect, input, chunkRows, taskBytes);
    std::vector<char> block(std::size_t{1} << 20);
    for (;;) {
        const auto got = (*source)->read(block);
        if (!got)
            return got.error();
        if (*got == 0)
            break;
        if (!scan.add({block.data(), *got}))
            return whole;
        if (!goOn())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    return scan.finish();
}

} // namespace packetloom
