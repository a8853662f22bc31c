// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/frame_notes.h"
#include "core/model/not_ip.h"
#include "core/model/packet.h"
#include "core/model/packet_details.h"
#include "core/model/reject_reason.h"
#include "core/support/hash_mix.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// The distinct address fields of a batch of rows. A field is told apart by its text alone; what address it
/// means is asked once a batch (AddressDecoder). Small ids are numbers of their own and need no entry.
class AddressFields
{
public:
    /// A reference to an address field: an id of up to six digits as it is, or a text's number with this bit.
    static constexpr std::uint32_t textBit = std::uint32_t{1} << 31;
    /// What add() gives for a text that is not UTF-8.
    static constexpr std::uint32_t invalid = ~std::uint32_t{0};

    /// Copies the text when it is new.
    std::uint32_t add(std::string_view field);
    /// An IP address of 4 or 16 bytes in network byte order: the same as add() of its canonical text, which
    /// is made only when the address is new to the batch.
    std::uint32_t addIp(std::span<const std::uint8_t> address);
    void clear();
    [[nodiscard]] std::size_t size() const { return texts_.size(); }
    [[nodiscard]] std::string_view text(std::size_t i) const
    {
        return std::string_view(bytes_).substr(texts_[i].offset, texts_[i].length);
    }
    /// Its addressTextKey() hash.
    [[nodiscard]] std::uint64_t hash(std::size_t i) const { return texts_[i].hash; }

private:
    struct Text
    {
        std::uint64_t hash;
        std::uint32_t offset, length;
    };
    /// An IP address, and the reference to its text.
    struct Ip
    {
        std::uint64_t high, low; ///< of IPv4: nothing but `low`
        std::uint32_t reference;
        bool is6;
    };
    void grow();
    void growIps();
    [[nodiscard]] std::uint64_t hashOf(const Ip& ip) const { return key_(ip.high, ip.low); }

    HashKey key_ = addressTextKey();
    std::string bytes_;
    std::vector<Text> texts_;
    std::vector<std::uint32_t> slots_; ///< open addressing; number + 1, 0 is free
    std::vector<Ip> ips_;
    std::vector<std::uint32_t> ipSlots_; ///< the same, by the address
};

/// What was read of a run of rows: the packets, and what became of the other rows. Rows and lines are counted
/// from 0 at the batch's first line. Each frame of a packet capture is a line and a row; where each packet of
/// a tunnel counts, those within others are rows of the same line that follow (FrameNotes::inner).
struct PacketBatch
{
    struct RowPosition
    {
        std::uint32_t row = 0, line = 0;
    };
    struct Reject
    {
        RowPosition place;
        RejectReason reason{};
        std::string_view column; ///< when a value is the trouble: the column's name
        std::string raw;         ///< the row's beginning
        /// When the address filter could still have filtered the row: its address fields, as in a packet.
        bool filterDecides = false;
        AddressId source{}, destination{};
    };

    /// A frame without an IP packet.
    struct OtherFrame
    {
        std::uint32_t row = 0;
        NotIp kind{};
    };

    std::vector<Packet> packets; ///< addresses are references into `fields` until AddressResolver saw them
    std::vector<RowPosition> places; ///< of the packets
    DetailColumns details;           ///< of the packets, where somebody asked (SourceContext)
    std::vector<Reject> rejects;
    std::vector<OtherFrame> others;
    FrameNotes frames; ///< of packet captures
    AddressFields fields;
    std::uint32_t rows = 0;  ///< all, without blank lines
    std::uint64_t lines = 0; ///< line ends
    /// The first row that the time window left out for lying behind it.
    static constexpr std::uint32_t none = ~std::uint32_t{0};
    std::uint32_t firstPastWindow = none;
    std::uint64_t bytesOnDisk = 0; ///< of the file that were read when its rows were

    /// Keeps the first so many packets.
    void cut(std::size_t count);
    /// Keeps the memory.
    void clear();
};

/// Takes packets out of a batch: those stay that it is told of, in order.
class KeptOfBatch
{
public:
    explicit KeptOfBatch(PacketBatch& batch) : batch_(batch), detailed_(batch.details.any()) {}

    void keep(std::size_t i)
    {
        if (count_ != i) {
            batch_.packets[count_] = batch_.packets[i];
            batch_.places[count_] = batch_.places[i];
            if (detailed_)
                batch_.details.move(i, count_);
        }
        ++count_;
    }
    [[nodiscard]] std::size_t count() const { return count_; }
    /// After the last one.
    void finish() { batch_.cut(count_); }

private:
    PacketBatch& batch_;
    const bool detailed_;
    std::size_t count_ = 0;
};

} // namespace packetloom
