// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/long_flow.h"

#include <algorithm>
#include <cstring>
#include <queue>

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{256} << 10, mergedBlockBytes = std::size_t{32} << 10;
constexpr std::size_t packetsAtOnce = 4096;

/// Packets out of a stream of encodePacket(): pieces of a file, then bytes in memory.
class EncodedStream
{
public:
    using Piece = SpilledPackets::Piece;

    EncodedStream(const File* file, std::span<const Piece> pieces, std::span<const std::uint8_t> tail,
                  std::size_t block)
        : file_(file), pieces_(pieces), tail_(tail), block_(block)
    {
    }

    /// Replaces `packets`; false at the end, or after a failure.
    bool next(std::vector<FlowPacket>& packets, std::size_t most)
    {
        packets.clear();
        while (packets.size() < most) {
            // a packet is never cut, but for the end of what was read
            if (rest_.size() < longestEncodedPacket && !fill() && rest_.empty())
                break;
            packets.push_back(decodePacket(rest_, prediction_));
        }
        return !packets.empty() && !failure_;
    }
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

private:
    // More bytes behind those that are left; false when there are none.
    bool fill()
    {
        const std::size_t left = rest_.size();
        if (left > 0) // it lies in the buffer
            std::memmove(buffer_.data(), rest_.data(), left);
        buffer_.resize(left + block_ + codecSlack);
        std::size_t got = 0;
        while (got < block_ && !pieces_.empty() && !failure_) {
            const Piece& piece = pieces_.front();
            const auto n =
                static_cast<std::size_t>(std::min<std::uint64_t>(block_ - got, piece.bytes - read_));
            auto done = file_->readAt(piece.offset + read_,
                                      {reinterpret_cast<char*>(buffer_.data()) + left + got, n});
            if (!done)
                failure_ = std::move(done).error();
            got += n;
            read_ += n;
            if (read_ == piece.bytes) {
                pieces_ = pieces_.subspan(1);
                read_ = 0;
            }
        }
        const std::size_t n = std::min(block_ - got, tail_.size());
        if (n > 0)
            std::memcpy(buffer_.data() + left + got, tail_.data(), n);
        tail_ = tail_.subspan(n);
        got += n;
        rest_ = failure_ ? std::span<const std::uint8_t>() : std::span(buffer_).first(left + got);
        return got > 0 && !failure_;
    }

    const File* file_;
    std::span<const Piece> pieces_;
    std::span<const std::uint8_t> tail_;
    std::size_t block_;
    std::uint64_t read_ = 0; ///< of the first piece
    std::vector<std::uint8_t> buffer_;
    std::span<const std::uint8_t> rest_; ///< in the buffer
    PacketPrediction prediction_;
    std::optional<Error> failure_;
};

/// What both ways have in common: the first and the last packet are looked up once.
class RunBase : public PacketRun
{
public:
    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] const FlowPacket& first() const override { return first_; }
    [[nodiscard]] const FlowPacket& last() const override { return last_; }
    [[nodiscard]] const std::optional<Error>& failure() const override { return failure_; }

protected:
    RunBase(std::uint64_t size, FlowUnpacker::GoOn goOn) : size_(size), goOn_(std::move(goOn)) {}
    void lookUpEnds()
    {
        bool begun = false;
        read([&](std::span<const FlowPacket> batch) {
            if (!begun)
                first_ = batch.front();
            begun = true;
            last_ = batch.back();
            return true;
        });
    }
    bool goesOn()
    {
        if (!goOn_ || goOn_())
            return true;
        note(Error{.code = Errc::Cancelled, .detail = {}, .file = {}});
        return false;
    }
    void note(std::optional<Error> failure)
    {
        if (!failure_)
            failure_ = std::move(failure);
    }

private:
    std::uint64_t size_;
    FlowUnpacker::GoOn goOn_;
    FlowPacket first_, last_;
    std::optional<Error> failure_;
};

class OrderedRun final : public RunBase
{
public:
    OrderedRun(const PackedFlow& flow, FlowUnpacker::GoOn goOn)
        : RunBase(flow.packets, std::move(goOn)), flow_(flow)
    {
        lookUpEnds();
    }

    void read(const Visit& visit) override
    {
        EncodedStream stream(flow_.spilled->file.get(), flow_.spilled->pieces, flow_.bytes, blockBytes);
        while (goesOn() && stream.next(batch_, packetsAtOnce) && visit(batch_)) {
        }
        note(stream.failure());
    }

private:
    const PackedFlow flow_;
    std::vector<FlowPacket> batch_;
};

class SortedRuns final : public RunBase
{
public:
    SortedRuns(const PackedFlow& flow, const std::filesystem::path& folder, FlowUnpacker::GoOn goOn,
               std::size_t packetsARun)
        : RunBase(flow.packets, std::move(goOn))
    {
        sort(flow, folder, packetsARun);
        if (!failure())
            lookUpEnds();
    }

    // Stable: equal timestamps stay in the order of the runs, which is that of the file.
    void read(const Visit& visit) override
    {
        struct Cursor
        {
            Cursor(const File& file, const EncodedStream::Piece& run)
                : stream(&file, {&run, 1}, {}, mergedBlockBytes)
            {
            }
            EncodedStream stream;
            std::vector<FlowPacket> packets;
            std::size_t at = 0;
        };
        std::vector<Cursor> cursors;
        cursors.reserve(runs_.size());
        const auto later = [&](std::size_t a, std::size_t b) {
            const auto &x = cursors[a].packets[cursors[a].at], &y = cursors[b].packets[cursors[b].at];
            return x.timestamp != y.timestamp ? x.timestamp > y.timestamp : a > b;
        };
        std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(later)> heads(later);
        constexpr std::size_t fewAtOnce = 512;
        for (std::size_t i = 0; i < runs_.size(); ++i) {
            cursors.emplace_back(file_, runs_[i]);
            if (cursors[i].stream.next(cursors[i].packets, fewAtOnce))
                heads.push(i);
            note(cursors[i].stream.failure());
        }
        std::vector<FlowPacket> batch;
        while (!heads.empty() && !failure()) {
            const std::size_t i = heads.top();
            heads.pop();
            Cursor& cursor = cursors[i];
            batch.push_back(cursor.packets[cursor.at++]);
            if (cursor.at == cursor.packets.size()) {
                cursor.at = 0;
                if (!cursor.stream.next(cursor.packets, fewAtOnce)) {
                    note(cursor.stream.failure());
                    cursor.packets.clear();
                }
            }
            if (!cursor.packets.empty())
                heads.push(i);
            if (batch.size() == packetsAtOnce) {
                if (!visit(batch) || !goesOn())
                    return;
                batch.clear();
            }
        }
        if (!batch.empty() && !failure())
            visit(batch);
    }

private:
    void sort(const PackedFlow& flow, const std::filesystem::path& folder, std::size_t packetsARun)
    {
        auto file = File::temporary(folder);
        if (!file)
            return note(std::move(file).error());
        file_ = *std::move(file);
        EncodedStream stream(flow.spilled->file.get(), flow.spilled->pieces, flow.bytes, blockBytes);
        std::vector<FlowPacket> packets;
        std::vector<char> bytes;
        std::uint64_t offset = 0;
        while (goesOn() && stream.next(packets, packetsARun)) {
            std::stable_sort(packets.begin(), packets.end(), earlier);
            bytes.clear();
            PacketPrediction prediction;
            EncodedPacket encoded;
            for (const FlowPacket& packet : packets) {
                const std::size_t n = encodePacket(packet, prediction, encoded.data());
                bytes.insert(bytes.end(), encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(n));
            }
            if (auto written = file_.write(bytes); !written)
                return note(std::move(written).error());
            runs_.push_back({offset, bytes.size()});
            offset += bytes.size();
        }
        note(stream.failure());
    }

    File file_;
    std::vector<EncodedStream::Piece> runs_;
};

} // namespace

std::unique_ptr<PacketRun> openLongFlow(const PackedFlow& flow, const std::filesystem::path& folder,
                                        FlowUnpacker::GoOn goOn, std::size_t packetsARun)
{
    if (flow.inOrder)
        return std::make_unique<OrderedRun>(flow, std::move(goOn));
    return std::make_unique<SortedRuns>(flow, folder, std::move(goOn), packetsARun);
}

} // namespace packetloom
