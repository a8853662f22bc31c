// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_reader.h"
#include "core/input/capture/pcapng_walker.h"
#include "core/shard/stretch_list.h"

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{1} << 20;

/// Finds the frames with which read chunks begin.
class FrameScan
{
public:
    FrameScan(const StretchRules& rules, std::size_t headerBytes) : chunkRows_(rules.chunkRows), list_(rules)
    {
        if (headerBytes > 0)
            head_.push_back({0, headerBytes});
    }

    /// False when borders cannot be told.
    bool add(const FrameBlock& block)
    {
        const std::uint64_t inChunk = frames_ % chunkRows_, found = block.frames.size();
        auto context = block.contexts.begin();
        const auto addContexts = [&](std::uint64_t end) {
            for (; context != block.contexts.end() && context->begin < end; ++context)
                addContext(*context);
        };
        for (std::uint64_t i = inChunk == 0 ? 0 : chunkRows_ - inChunk; i < found; i += chunkRows_) {
            const std::uint64_t at = block.fileOffset + block.frames[static_cast<std::size_t>(i)].record;
            addContexts(at);
            if (frames_ + i > 0 && list_.isFull(at) && isHandy())
                list_.cut(at, frames_ + i, head_);
            if (chunkRows_ >= found) // also keeps the sum in its bounds
                break;
        }
        addContexts(~std::uint64_t{0});
        frames_ += found;
        return interfaces_ <= PcapngWalker::mostDifferent;
    }
    [[nodiscard]] bool tooMany() const { return list_.tooMany(); }
    std::vector<MapTask> take(std::uint64_t bytes) { return list_.take(bytes); }

private:
    void addContext(const FrameContext& context)
    {
        if (context.anew) {
            head_.clear();
            headBytes_ = 0;
        } else {
            ++interfaces_;
        }
        headBytes_ += context.end - context.begin;
        if (!head_.empty() && head_.back().end == context.begin)
            head_.back().end = context.end;
        else
            head_.push_back({context.begin, context.end});
    }
    /// Every stretch of the section reads this, and the job tells it of each.
    [[nodiscard]] bool isHandy() const
    {
        constexpr std::size_t mostPieces = 64;
        return head_.size() <= mostPieces && headBytes_ <= blockBytes;
    }

    std::uint64_t chunkRows_;
    StretchList list_;
    std::vector<ByteRange> head_;
    std::uint64_t headBytes_ = 0, frames_ = 0, interfaces_ = 0;
};

} // namespace

MaybeStretches captureStretches(const InputSpec& spec, std::unique_ptr<ByteSource> source,
                                const StretchRules& rules, const GoOnScan& goOn)
{
    if (spec.tunnels == Tunnels::Each && rules.chunkRows > 1)
        return std::optional<std::vector<MapTask>>();
    const auto reader = FrameReader::open(spec.file, std::move(source), blockBytes);
    if (!reader)
        return reader.error();
    FrameScan scan(rules, (*reader)->headerBytes());
    FrameBlock block;
    for (;;) {
        const auto more = (*reader)->next(block);
        if (!more)
            return more.error();
        if (!*more)
            break;
        if (!scan.add(block))
            return std::optional<std::vector<MapTask>>();
        if (scan.tooMany())
            break;
        if (!goOn((*reader)->source().bytesOnDisk()))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    return std::optional(scan.take((*reader)->source().bytesOnDisk()));
}

} // namespace packetloom
