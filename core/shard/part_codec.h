// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packed_extras.h"
#include "core/model/address_table.h"
#include "core/model/packet.h"
#include "core/model/packet_extras.h"
#include "core/shard/packed_bytes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tsl/robin_map.h>
#include <utility>
#include <vector>

namespace packetloom {

/// What packets of a part are predicted from: of some thousand flows that were seen last the ends, and the
/// last packet. Both sides keep it alike, so that what is left of a packet takes about 13 bytes.
class PartPrediction
{
public:
    static constexpr std::size_t slots = 8192;

    struct Slot
    {
        std::uint32_t source = 0, destination = 0; ///< numbers in the part, as in the packet that came first
        std::int64_t sourcePort = 0, destinationPort = 0;
        std::int64_t sequence = 0, acknowledgment = 0; ///< of the last packet
        bool turned = false;                           ///< whether that one went the other way
        bool used = false;

        [[nodiscard]] bool isOf(const Slot& ends) const
        {
            return used && source == ends.source && destination == ends.destination &&
                   sourcePort == ends.sourcePort && destinationPort == ends.destinationPort;
        }
        [[nodiscard]] bool isOfTurned(const Slot& ends) const
        {
            return used && source == ends.destination && destination == ends.source &&
                   sourcePort == ends.destinationPort && destinationPort == ends.sourcePort;
        }
    };

    /// The same for both directions.
    static std::size_t slotOf(const Slot& ends);
    Slot& operator[](std::size_t i)
    {
        if (slots_.empty()) // most parts of small tasks have no packet
            slots_.resize(slots);
        return slots_[i];
    }

private:
    std::vector<Slot> slots_;
};

/// Whose packets a part has: those of TCP with what the reference's engine asks for, in the order of their
/// rows; or those of all protocols with all that the exact engine asks for, in any order.
enum class PartPackets : std::uint8_t { OfTcp, OfAll };

/// Packets of one part as blocks of bytes (docs/scale.md, 5).
class PartEncoder
{
public:
    static constexpr std::size_t blockBytes = std::size_t{64} << 10, mostPackets = 4096;

    /// `packer`: one that encoders of a thread share, for its key costs a random number; else its own.
    explicit PartEncoder(PartPackets of = PartPackets::OfTcp, std::shared_ptr<ExtrasPacker> packer = {})
        : of_(of), packer_(std::move(packer))
    {
    }
    /// What is added now is decoded without what was taken before. Only when it is empty.
    void beginAnew()
    {
        numbers_.clear();
        prediction_ = {};
    }

    /// `row` is its number among the task's kept rows. OfTcp: TCP alone, and rows grow.
    void add(const Packet& packet, std::uint64_t row, const AddressTable& addresses,
             const PacketExtras& extras = {});
    /// There is something to take, and enough of it for a block.
    [[nodiscard]] bool full() const
    {
        return packets_.size() >= blockBytes || lengths_.size() >= mostPackets;
    }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// The block so far, which begins anew. Until the next call.
    std::string_view take();
    /// Of the block that take() gave.
    [[nodiscard]] std::uint64_t firstRow() const { return takenFirst_; }
    [[nodiscard]] std::uint64_t lastRow() const { return takenLast_; }

private:
    std::uint32_t numberOf(AddressId id, const AddressTable& addresses);
    void putProtocolsAndExtras();

    PartPackets of_;
    tsl::robin_map<std::uint32_t, std::uint32_t> numbers_; ///< in the part, by AddressId
    PartPrediction prediction_;
    BytesOut texts_, packets_, block_;
    std::uint64_t newTexts_ = 0, count_ = 0;
    std::uint64_t firstRow_ = 0, lastRow_ = 0, takenFirst_ = 0, takenLast_ = 0;
    std::int64_t lastTime_ = 0;
    // OfAll: what stands behind the packets of the block.
    std::vector<Packet> lengths_; ///< of which lengths and protocols count
    std::vector<PacketExtras> extras_;
    bool knowsExtras_ = false;
    std::shared_ptr<ExtrasPacker> packer_;
    std::vector<std::uint8_t> columns_;
};

/// Packets of a block.
struct PartRows
{
    std::vector<Packet> packets;
    std::vector<PacketExtras> extras; ///< OfAll: of each
    std::vector<std::uint64_t> rows;
};

/// The inverse, block by block from the first one of the part.
class PartDecoder
{
public:
    static constexpr std::size_t slack = packedColumnSlack; ///< readable bytes that a block has behind it

    /// `addresses` receives those of the part.
    explicit PartDecoder(AddressTable& addresses, PartPackets of = PartPackets::OfTcp)
        : addresses_(addresses), of_(of)
    {
    }

    /// False for what is no block.
    bool decode(std::string_view block, PartRows& rows);

private:
    AddressTable& addresses_;
    PartPackets of_;
    std::vector<AddressId> ids_; ///< by number in the part
    PartPrediction prediction_;
};

} // namespace packetloom
