// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_spool.h"

#include "core/support/packed_column.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t columnsOfBlock = 11;
constexpr std::size_t longestBlock = columnsOfBlock * (packedColumnHead + 8 * PacketSpool::blockRows) +
                                     longestPackedExtras(PacketSpool::blockRows);

// What a packet has beside its numbers, in one byte.
constexpr std::uint8_t originMask = 0x03; // TcpFlags::Origin
constexpr std::uint8_t hasProtocol = 0x04;
constexpr std::uint8_t afterReadChunk = 0x10;

std::uint8_t headOf(const Packet& packet, bool afterChunk)
{
    return static_cast<std::uint8_t>(static_cast<unsigned>(packet.flags.origin) |
                                     (packet.hasProtocol ? hasProtocol : 0u) |
                                     (afterChunk ? afterReadChunk : 0u));
}

std::uint8_t* packBlock(std::uint8_t* at, std::span<const Packet> packets, const std::uint8_t* heads)
{
    const auto pack = [&](const auto& get) {
        at = packColumn(at, packets.size(), [&](std::size_t i) { return get(packets[i]); });
    };
    pack([](const Packet& p) { return p.timestamp; });
    pack([](const Packet& p) { return std::int64_t{index(p.source)}; });
    pack([](const Packet& p) { return std::int64_t{index(p.destination)}; });
    pack([](const Packet& p) { return p.sourcePort; });
    pack([](const Packet& p) { return p.destinationPort; });
    pack([](const Packet& p) { return p.sequence; });
    pack([](const Packet& p) { return p.acknowledgment; });
    pack([](const Packet& p) { return p.length; });
    at = packColumn(at, packets.size(), [&](std::size_t i) { return std::int64_t{heads[i]}; });
    pack([](const Packet& p) { return p.flags.bits; });
    pack([](const Packet& p) { return p.hasProtocol ? p.protocol : 0; });
    return at;
}

// Returns where the extras begin.
const std::uint8_t* unpackBlock(const std::uint8_t* at, unsigned columns, std::vector<Packet>& packets,
                                std::vector<std::uint8_t>& chunks)
{
    const auto unpack = [&](unsigned column, const auto& set) {
        if ((columns & column) == 0)
            at = skipColumn(at, packets.size());
        else
            at = unpackColumn(at, packets.size(),
                              [&](std::size_t i, std::int64_t number) { set(packets[i], number, i); });
    };
    const auto address = [](std::int64_t number) { return AddressId{static_cast<std::uint32_t>(number)}; };
    using Number = std::int64_t;
    unpack(PacketSpool::Time, [](Packet& p, Number n, std::size_t) { p.timestamp = n; });
    unpack(PacketSpool::Ends, [&](Packet& p, Number n, std::size_t) { p.source = address(n); });
    unpack(PacketSpool::Ends, [&](Packet& p, Number n, std::size_t) { p.destination = address(n); });
    unpack(PacketSpool::Ends, [](Packet& p, Number n, std::size_t) { p.sourcePort = n; });
    unpack(PacketSpool::Ends, [](Packet& p, Number n, std::size_t) { p.destinationPort = n; });
    unpack(PacketSpool::Numbers, [](Packet& p, Number n, std::size_t) { p.sequence = n; });
    unpack(PacketSpool::Numbers, [](Packet& p, Number n, std::size_t) { p.acknowledgment = n; });
    unpack(PacketSpool::Length, [](Packet& p, Number n, std::size_t) { p.length = n; });
    unpack(PacketSpool::Flags | PacketSpool::Protocol, [&](Packet& p, Number n, std::size_t i) {
        p.flags.origin = static_cast<TcpFlags::Origin>(n & originMask);
        p.hasProtocol = (n & hasProtocol) != 0;
        chunks[i] = static_cast<std::uint8_t>(n & afterReadChunk);
    });
    unpack(PacketSpool::Flags, [](Packet& p, Number n, std::size_t) { p.flags.bits = n; });
    unpack(PacketSpool::Protocol, [](Packet& p, Number n, std::size_t) { p.protocol = n; });
    return at;
}

} // namespace

void PacketSpool::add(const Packet& packet, const PacketExtras& extras)
{
    if (error_)
        return;
    if (!pendingExtras_.empty() || extras != PacketExtras{}) {
        pendingExtras_.resize(pending_.size()); // of those before nothing is known
        pendingExtras_.push_back(extras);
        knowsExtras_ = true;
    }
    pending_.push_back(packet);
    inOrder_ = inOrder_ && (packets_ == 0 || packet.timestamp >= latest_);
    latest_ = packet.timestamp;
    pendingHeads_.push_back(headOf(packet, chunkEnded_));
    chunkEnded_ = false;
    ++packets_;
    if (pending_.size() == blockRows)
        flush();
}

void PacketSpool::flush()
{
    if (pending_.empty() || error_)
        return;
    if (!file_.isOpen()) {
        auto file = File::temporary(folder_);
        if (!file) {
            error_ = std::move(file).error();
            return;
        }
        file_ = *std::move(file);
        encoded_.resize(longestBlock);
    }
    std::uint8_t* const columnsEnd = packBlock(encoded_.data(), pending_, pendingHeads_.data());
    const auto size =
        static_cast<std::size_t>(extrasPacker_.pack(columnsEnd, pending_, pendingExtras_) - encoded_.data());
    if (auto written = file_.write({reinterpret_cast<const char*>(encoded_.data()), size}); !written) {
        error_ = std::move(written).error();
        return;
    }
    const auto [earliest, latest] =
        std::minmax_element(pending_.begin(), pending_.end(),
                            [](const Packet& a, const Packet& b) { return a.timestamp < b.timestamp; });
    blocks_.push_back({.offset = offset_,
                       .bytes = static_cast<std::uint32_t>(size),
                       .rows = static_cast<std::uint32_t>(pending_.size()),
                       .earliest = earliest->timestamp,
                       .latest = latest->timestamp});
    offset_ += size;
    pending_.clear();
    pendingHeads_.clear();
    pendingExtras_.clear();
}

Result<void> PacketSpool::finish()
{
    flush();
    pending_ = {};
    pendingHeads_ = {};
    pendingExtras_ = {};
    encoded_ = {};
    if (error_)
        return *error_;
    return {};
}

Result<void> PacketSpool::Reader::load(std::size_t block, unsigned columns)
{
    if (spool_.error_)
        return *spool_.error_;
    if (loaded_ != 0 && block_ == block && (columns & ~loaded_) == 0)
        return {};
    if ((columns & Extras) != 0)
        columns |= Length; // they are told from it
    const Block& place = spool_.blocks_[block];
    loaded_ = 0;
    bytes_.resize(place.bytes + packedColumnSlack);
    if (auto read = spool_.file_.readAt(place.offset, std::span(bytes_).first(place.bytes)); !read)
        return read;
    bytesRead_ += place.bytes;
    packets_.resize(place.rows);
    afterReadChunk_.resize(place.rows);
    const auto* const extras =
        unpackBlock(reinterpret_cast<const std::uint8_t*>(bytes_.data()), columns, packets_, afterReadChunk_);
    if ((columns & Extras) != 0) { // which are what was written
        const auto before = extras - reinterpret_cast<const std::uint8_t*>(bytes_.data());
        unpackExtras({extras, place.bytes - static_cast<std::size_t>(before)}, packets_, extras_);
    }
    block_ = block;
    loaded_ = columns;
    return {};
}

Result<bool> PacketSpool::Cursor::next(std::vector<Packet>& into, std::size_t most, DetailColumns* details)
{
    const bool withExtras = details && spool_.knowsExtras();
    unsigned columns = AllColumns;
    if (!withExtras)
        columns &= ~unsigned{Extras};
    bool afterChunk = false;
    for (std::size_t taken = 0; taken < most;) {
        if (at_ == reader_.packets().size()) {
            if (nextBlock_ == spool_.blocks())
                break;
            if (auto loaded = reader_.load(nextBlock_, columns); !loaded)
                return std::move(loaded).error();
            ++nextBlock_;
            at_ = 0;
        }
        const auto packets = reader_.packets();
        for (; at_ < packets.size() && taken < most; ++at_, ++taken) {
            if (reader_.afterReadChunk(at_)) {
                if (taken > 0)
                    return afterChunk;
                afterChunk = true;
            }
            into.push_back(packets[at_]);
            if (withExtras)
                addExtras(*details, reader_.extras()[at_]);
        }
    }
    return afterChunk;
}

Result<void> PacketSpool::forEach(const Range& range,
                                  const std::function<bool(const SpooledPacket&)>& visit) const
{
    if (error_)
        return *error_;
    Reader reader(*this);
    SpooledPacket row;
    for (std::uint64_t first = range.firstRow / blockRows; first < blocks_.size(); ++first) {
        const auto i = static_cast<std::size_t>(first);
        const std::uint64_t begin = first * blockRows;
        if (begin > range.lastRow)
            break;
        if ((range.earliest && blocks_[i].latest < *range.earliest) ||
            (range.latest && blocks_[i].earliest > *range.latest))
            continue;
        if (auto loaded = reader.load(i); !loaded)
            return loaded;
        const auto packets = reader.packets();
        const std::uint64_t skipped = range.firstRow > begin ? range.firstRow - begin : 0;
        for (auto at = static_cast<std::size_t>(skipped); at < packets.size(); ++at) {
            row.row = begin + at;
            if (row.row > range.lastRow)
                return {};
            row.afterReadChunk = reader.afterReadChunk(at);
            row.packet = packets[at];
            row.extras = reader.extras()[at];
            if (!visit(row))
                return {};
        }
    }
    return {};
}

} // namespace packetloom
