// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/connection_key.h"
#include "core/shard/exact/time_runs.h"
#include "core/shard/map_facts.h"
#include "core/shard/map_output.h"
#include "core/shard/shard_route.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

constexpr std::size_t rowsHeld = std::size_t{1} << 17, leastHeldOfAPart = 64;

class ExactMap final : public MapOutput
{
public:
    explicit ExactMap(const MapPlace& place)
        : addresses_(place.addresses),
          facts_(place.folder, mapFileName(place.job, place.task, mapFactsFile)),
          parts_(place.folder / mapPartsFile, mapFileName(place.job, place.task, mapPartsFile)),
          route_(place.job.seed, place.job.shards)
    {
        const std::size_t shards = place.parts ? place.job.shards : 0;
        const auto packer = std::make_shared<ExtrasPacker>();
        for (std::size_t i = 0; i < shards; ++i)
            runs_.emplace_back(i, std::max(rowsHeld / shards, leastHeldOfAPart), packer);
    }

    void add(const KeptRows& rows) override
    {
        order_.add(rows.packets());
        std::uint64_t row = rows.firstRow;
        const DetailColumns& details = rows.batch->details;
        const bool detailed = details.any();
        std::size_t at = rows.begin;
        for (const Packet& packet : rows.packets()) {
            stats_.addAny(packet);
            told_.tcpPackets += packet.isTcp() ? 1u : 0u;
            newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
            told_.firstTime = std::min(told_.firstTime.value_or(packet.timestamp), packet.timestamp);
            told_.lastTime = std::max(told_.lastTime.value_or(packet.timestamp), packet.timestamp);
            if (!runs_.empty())
                addTo(packet, detailed ? extrasOf(details, at) : PacketExtras(), row);
            ++at;
            ++row;
        }
    }
    void endChunk(const CaptureRows::ReadChunk& chunk) override
    {
        told_.chunks.push_back(
            {chunk.rows, chunk.kept, std::exchange(newest_, std::nullopt), chunk.pastWindow});
    }
    [[nodiscard]] std::optional<Error> failure() const override
    {
        if (facts_.failed())
            return facts_.error();
        return parts_.failed() ? std::optional(parts_.error()) : std::nullopt;
    }
    Result<void> finish(RunTotals totals) override
    {
        for (auto& part : runs_)
            part.finish(addresses_, parts_);
        for (const AddressId id : stats_.unique())
            facts_.address({addresses_.text(id), std::nullopt});
        told_.input = inputFacts(order_, totals.inputs.front().frames, addresses_);
        told_.take(std::move(totals));
        if (auto closed = parts_.finish(); !closed)
            return closed;
        return facts_.finish(told_);
    }

private:
    // By the ends of its flow; what belongs to none goes by its own, for its time counts.
    void addTo(const Packet& packet, const PacketExtras& extras, std::uint64_t row)
    {
        bool fromHigh = false;
        Packet ends = packet;
        if (const auto key = ConnectionKey::of(packet, extras, fromHigh)) {
            ends.source = key->ends.low.address;
            ends.sourcePort = key->ends.low.port;
            ends.destination = key->ends.high.address;
            ends.destinationPort = key->ends.high.port;
        }
        runs_[route_.shardOf(ends, addresses_)].add(packet, extras, row, addresses_, parts_);
    }

    const AddressTable& addresses_;
    MapFactsWriter facts_;
    BlockWriter parts_;
    ShardRoute route_;
    std::vector<TimeRuns> runs_; ///< of each part
    AddressStats stats_;
    PacketOrder order_;
    MapFacts told_;
    std::optional<std::int64_t> newest_; ///< of the read chunk
};

} // namespace

std::unique_ptr<MapOutput> exactMapOutput(const MapPlace& place)
{
    return std::make_unique<ExactMap>(place);
}

} // namespace packetloom
