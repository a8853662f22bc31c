// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packed_extras.h"
#include "core/model/address_table.h"
#include "core/model/packet.h"
#include "core/model/packet_extras.h"
#include "core/shard/packed_address.h"
#include "core/shard/packed_bytes.h"
#include "core/shard/packet_shapes.h"
#include "core/shard/quick_bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tsl/robin_map.h>
#include <utility>
#include <vector>

namespace packetloom {

/// What packets of a part are foreseen from: of the flows that began last the ends, and the last packet. Both
/// sides keep it alike, so that what is left of a packet takes about 8 bytes.
class PartPrediction
{
public:
    static constexpr std::size_t slots = 8192;

    /// Ids are a side's own: both sides only need to have the flows in the same slots.
    struct Slot
    {
        AddressId source{}, destination{};              ///< as in the packet that came first
        std::uint32_t sequence = 0, acknowledgment = 0; ///< of the last packet
        std::uint16_t sourcePort = 0, destinationPort = 0;
        bool turned = false; ///< whether the last packet went the other way
    };

    /// In the slot of the flow that is there longest.
    std::size_t add(const Slot& flow)
    {
        const std::size_t slot = next_++ % slots;
        if (slot == slots_.size()) // most parts of small tasks have few flows
            slots_.push_back(flow);
        else
            slots_[slot] = flow;
        return slot;
    }
    [[nodiscard]] bool has(std::size_t slot) const { return slot < slots_.size(); }
    Slot& operator[](std::size_t slot) { return slots_[slot]; }

    /// One more address of the part. Of addresses the port is known of the last new flow that they were an
    /// end of; what is new is foreseen to have that of the last new flow.
    void addAddress() { ports_.push_back(noPort); }
    [[nodiscard]] std::size_t addresses() const { return ports_.size(); }
    [[nodiscard]] std::uint16_t port(std::size_t address, bool isSource) const
    {
        const auto known = ports_[address];
        return static_cast<std::uint16_t>(known != noPort ? known : last_[isSource ? 0 : 1]);
    }
    void notePort(std::size_t address, bool isSource, std::uint16_t port)
    {
        ports_[address] = port;
        last_[isSource ? 0 : 1] = port;
    }

private:
    static constexpr std::uint32_t noPort = 0x10000;

    std::vector<Slot> slots_;
    std::size_t next_ = 0;
    std::vector<std::uint32_t> ports_; ///< by the number of the address in the part
    std::array<std::uint32_t, 2> last_{};
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
        shapes_ = {};
        places_.clear();
    }

    /// `row` is its number among the task's kept rows. OfTcp: TCP alone, and rows grow.
    void add(const Packet& packet, std::uint64_t row, const AddressTable& addresses,
             const PacketExtras& extras = {});
    /// There is something to take, and enough of it for a block.
    [[nodiscard]] bool full() const
    {
        return packets_.size() >= blockBytes || (of_ == PartPackets::OfAll && count_ >= mostPackets);
    }
    [[nodiscard]] bool empty() const { return count_ == 0; }
    /// The block so far, which begins anew. Until the next call.
    std::string_view take();
    /// Of the block that take() gave.
    [[nodiscard]] std::uint64_t firstRow() const { return takenFirst_; }
    [[nodiscard]] std::uint64_t lastRow() const { return takenLast_; }

private:
    struct Number
    {
        std::uint32_t number = 0;
        bool isNew = false;
    };
    Number numberOf(AddressId id, const AddressTable& addresses);
    unsigned putEnds(const Packet& packet, std::uint64_t step, const AddressTable& addresses,
                     std::size_t& slot);
    void putEnd(const Number& number, bool isSource, std::uint16_t port);
    void putOdd(const Packet& packet, std::uint64_t step, const AddressTable& addresses);
    void noteExtras(const Packet& packet, const PacketExtras& extras);
    void putExtras();

    PartPackets of_;
    tsl::robin_map<std::uint32_t, std::uint32_t> numbers_; ///< in the part, by AddressId
    PartPrediction prediction_;
    std::vector<std::uint16_t> places_; ///< slots of flows by a hash of their ends, the last one of each hash
    PacketShapes shapes_;
    AddressesOut texts_; ///< new ones
    QuickOut packets_;
    BytesOut block_;
    std::uint64_t count_ = 0;
    std::uint64_t firstRow_ = 0, lastRow_ = 0, takenFirst_ = 0, takenLast_ = 0;
    std::int64_t firstTime_ = 0, lastTime_ = 0;
    // OfAll: what stands behind the packets of the block.
    std::vector<Packet> lengths_; ///< of which lengths count; empty as long as no extras are known
    std::vector<PacketExtras> extras_;
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
    static constexpr std::size_t slack = 128; ///< readable bytes that a block has behind it

    /// `addresses` receives those of the part.
    explicit PartDecoder(AddressTable& addresses, PartPackets of = PartPackets::OfTcp)
        : addresses_(addresses), of_(of)
    {
    }

    /// False for what is no block.
    bool decode(std::string_view block, PartRows& rows);

private:
    bool takeEnd(QuickIn& in, bool isSource, AddressId& id, std::uint16_t& port);
    bool takeOdd(QuickIn& in, Packet& packet);

    AddressTable& addresses_;
    PartPackets of_;
    std::vector<AddressId> ids_; ///< by number in the part
    PartPrediction prediction_;
    PacketShapes shapes_;
};

} // namespace packetloom
