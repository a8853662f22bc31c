// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/packets_csv.h"
#include "core/shard/map_facts.h"
#include "core/shard/map_output.h"
#include "core/shard/part_codec.h"
#include "core/shard/shard_route.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

constexpr std::size_t rowsAQuestion = 4096;

class DatasetMap final : public MapOutput
{
public:
    explicit DatasetMap(const MapPlace& place)
        : addresses_(place.addresses),
          facts_(place.folder, mapFileName(place.job, place.task, mapFactsFile)),
          parts_(place.folder / mapPartsFile, mapFileName(place.job, place.task, mapPartsFile)),
          route_(place.job.seed, place.job.shards),
          encoders_(place.parts ? place.job.shards : 0)
    {
        csv_.open(place.folder / mapPacketsFile);
    }

    void add(const KeptRows& rows) override
    {
        std::uint64_t row = rows.firstRow;
        order_.add(rows.packets());
        for (const Packet& packet : rows.packets()) {
            stats_.addAny(packet);
            facts_.time(packet.timestamp);
            if (packet.isTcp())
                addTcp(packet, row);
            ++row;
        }
        order_.add(rows.packets());
        for (auto rest = rows.packets();
             !rest.empty();) { // a piece of text at a time, which stays in the cache
            const auto piece = rest.first(std::min(rest.size(), rowsAQuestion));
            text_.clear();
            appendPacketsCsv(piece, addresses_, text_);
            told_.packetsBytes += text_.text().size();
            told_.packetsSum = crc32Of(text_.text(), told_.packetsSum);
            csv_.append(text_.text());
            rest = rest.subspan(piece.size());
        }
    }
    void endChunk(const CaptureRows::ReadChunk& chunk) override
    {
        told_.chunks.push_back(
            {chunk.rows, chunk.kept, std::exchange(newest_, std::nullopt), chunk.pastWindow});
    }
    [[nodiscard]] std::optional<Error> failure() const override
    {
        if (csv_.failed())
            return csv_.error();
        if (facts_.failed())
            return facts_.error();
        return parts_.failed() ? std::optional(parts_.error()) : std::nullopt;
    }
    Result<void> finish(RunTotals totals) override
    {
        for (std::size_t i = 0; i < encoders_.size(); ++i)
            endBlock(i);
        stats_.putInOrder();
        for (const AddressId id : stats_.inOrder())
            facts_.address({addresses_.text(id), stats_.counters(id)});
        for (const AddressId id : stats_.unique()) {
            if (!stats_.counters(id).seen())
                facts_.address({addresses_.text(id), std::nullopt});
        }
        told_.input = inputFacts(order_, totals.inputs.front().frames, addresses_);
        told_.take(std::move(totals));
        told_.flags = flags_.counts();
        if (auto closed = csv_.close(); !closed)
            return closed;
        if (auto closed = parts_.finish(); !closed)
            return closed;
        return facts_.finish(told_);
    }

private:
    void addTcp(const Packet& packet, std::uint64_t row)
    {
        stats_.addTcp(packet, row);
        flags_.add(packet.flags);
        ++told_.tcpPackets;
        newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
        if (encoders_.empty())
            return;
        const std::size_t shard = route_.shardOf(packet, addresses_);
        encoders_[shard].add(packet, row, addresses_);
        if (encoders_[shard].full())
            endBlock(shard);
    }
    void endBlock(std::size_t shard)
    {
        PartEncoder& encoder = encoders_[shard];
        if (encoder.empty())
            return;
        const auto block = encoder.take();
        parts_.add(shard, block, {encoder.firstRow(), encoder.lastRow(), 0});
    }

    const AddressTable& addresses_;
    BufferedWriter csv_;
    MapFactsWriter facts_;
    BlockWriter parts_;
    ShardRoute route_;
    std::vector<PartEncoder> encoders_;
    TextBuffer text_;
    AddressStats stats_;
    FlagStats flags_;
    PacketOrder order_;
    MapFacts told_;
    std::optional<std::int64_t> newest_;
};

} // namespace

std::unique_ptr<MapOutput> datasetMapOutput(const MapPlace& place)
{
    return std::make_unique<DatasetMap>(place);
}

} // namespace packetloom
