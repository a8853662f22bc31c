// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_spool.h"

#include "core/support/varint.h"

#include <algorithm>
#include <array>
#include <span>

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{64} << 10;
constexpr std::size_t longestPacket = 1 + 10 * longestVarint;

// The first byte of a packet.
constexpr std::uint8_t originMask = 0x03; // TcpFlags::Origin
constexpr std::uint8_t hasProtocol = 0x04;
constexpr std::uint8_t isTcp = 0x08; // the protocol is not written
constexpr std::uint8_t afterReadChunk = 0x10;

std::uint8_t* put(std::uint8_t* at, const Packet& packet, std::int64_t timestampBefore, bool afterChunk)
{
    const bool tcp = packet.isTcp();
    *at++ = static_cast<std::uint8_t>(static_cast<unsigned>(packet.flags.origin) |
                                      (packet.hasProtocol ? hasProtocol : 0u) | (tcp ? isTcp : 0u) |
                                      (afterChunk ? afterReadChunk : 0u));
    at = putDifference(at, packet.timestamp, timestampBefore);
    at = putVarint(at, index(packet.source));
    at = putVarint(at, index(packet.destination));
    for (const std::int64_t value : {packet.sourcePort, packet.destinationPort, packet.sequence,
                                     packet.acknowledgment, packet.length, packet.flags.bits})
        at = putDifference(at, value, 0);
    if (packet.hasProtocol && !tcp)
        at = putDifference(at, packet.protocol, 0);
    return at;
}

void take(const std::uint8_t*& at, std::int64_t timestampBefore, SpooledPacket& row)
{
    const std::uint8_t head = *at++;
    Packet& packet = row.packet;
    row.afterReadChunk = (head & afterReadChunk) != 0;
    packet.flags.origin = static_cast<TcpFlags::Origin>(head & originMask);
    packet.hasProtocol = (head & hasProtocol) != 0;
    packet.timestamp = takeDifference(at, timestampBefore);
    packet.source = AddressId{static_cast<std::uint32_t>(takeVarint(at))};
    packet.destination = AddressId{static_cast<std::uint32_t>(takeVarint(at))};
    for (std::int64_t* const value : {&packet.sourcePort, &packet.destinationPort, &packet.sequence,
                                      &packet.acknowledgment, &packet.length, &packet.flags.bits})
        *value = takeDifference(at, 0);
    packet.protocol = 0;
    if ((head & isTcp) != 0)
        packet.protocol = protocolTcp;
    else if (packet.hasProtocol)
        packet.protocol = takeDifference(at, 0);
}

} // namespace

void PacketSpool::add(const Packet& packet)
{
    if (error_)
        return;
    if (buffer_.empty()) {
        buffer_.reserve(blockBytes);
        current_ = {.offset = offset_,
                    .firstRow = packets_,
                    .earliest = packet.timestamp,
                    .latest = packet.timestamp};
        lastTimestamp_ = 0; // each block can be read by itself
    }
    std::array<std::uint8_t, longestPacket> encoded{};
    std::uint8_t* const begin = encoded.data();
    buffer_.insert(buffer_.end(), begin, put(begin, packet, lastTimestamp_, chunkEnded_));
    chunkEnded_ = false;
    lastTimestamp_ = packet.timestamp;
    current_.earliest = std::min(current_.earliest, packet.timestamp);
    current_.latest = std::max(current_.latest, packet.timestamp);
    ++current_.rows;
    ++packets_;
    if (buffer_.size() + longestPacket > blockBytes)
        flush();
}

void PacketSpool::flush()
{
    if (buffer_.empty() || error_)
        return;
    if (!file_.isOpen()) {
        auto file = File::temporary(folder_);
        if (!file) {
            error_ = std::move(file).error();
            return;
        }
        file_ = *std::move(file);
    }
    if (auto written = file_.write({reinterpret_cast<const char*>(buffer_.data()), buffer_.size()});
        !written) {
        error_ = std::move(written).error();
        return;
    }
    current_.bytes = static_cast<std::uint32_t>(buffer_.size());
    offset_ += buffer_.size();
    blocks_.push_back(current_);
    buffer_.clear();
}

Result<void> PacketSpool::finish()
{
    flush();
    buffer_.shrink_to_fit();
    if (error_)
        return *error_;
    return {};
}

// False at the end.
Result<bool> PacketSpool::Cursor::loadBlock()
{
    if (spool_.error_)
        return *spool_.error_;
    if (nextBlock_ == spool_.blocks_.size())
        return false;
    const Block& block = spool_.blocks_[nextBlock_++];
    bytes_.resize(block.bytes);
    if (auto read = spool_.file_.readAt(block.offset, bytes_); !read)
        return std::move(read).error();
    at_ = reinterpret_cast<const std::uint8_t*>(bytes_.data());
    rowsLeft_ = block.rows;
    timestamp_ = 0;
    bytesRead_ += block.bytes;
    return true;
}

Result<bool> PacketSpool::Cursor::next(std::vector<Packet>& into, std::size_t most)
{
    bool afterReadChunk = false;
    SpooledPacket row;
    for (std::size_t i = 0; i < most; ++i) {
        if (ahead_) {
            row = *ahead_;
            ahead_.reset();
        } else {
            if (rowsLeft_ == 0) {
                auto more = loadBlock();
                if (!more)
                    return more;
                if (!*more)
                    break;
            }
            take(at_, timestamp_, row);
            timestamp_ = row.packet.timestamp;
            --rowsLeft_;
            if (row.afterReadChunk && i > 0) {
                ahead_ = row;
                break;
            }
        }
        afterReadChunk = afterReadChunk || row.afterReadChunk;
        into.push_back(row.packet);
    }
    return afterReadChunk;
}

Result<void> PacketSpool::forEach(const Range& range,
                                  const std::function<bool(const SpooledPacket&)>& visit) const
{
    if (error_)
        return *error_;
    auto block = std::partition_point(blocks_.begin(), blocks_.end(),
                                      [&](const Block& b) { return b.firstRow + b.rows <= range.firstRow; });
    std::vector<char> bytes;
    for (; block != blocks_.end() && block->firstRow <= range.lastRow; ++block) {
        if ((range.earliest && block->latest < *range.earliest) ||
            (range.latest && block->earliest > *range.latest))
            continue;
        bytes.resize(block->bytes);
        if (auto read = file_.readAt(block->offset, bytes); !read)
            return std::move(read).error();
        const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
        std::int64_t timestamp = 0;
        SpooledPacket row;
        for (std::uint64_t i = 0; i < block->rows; ++i) {
            take(at, timestamp, row);
            timestamp = row.packet.timestamp;
            row.row = block->firstRow + i;
            if (row.row > range.lastRow)
                return {};
            if (row.row >= range.firstRow && !visit(row))
                return {};
        }
    }
    return {};
}

} // namespace packetloom
