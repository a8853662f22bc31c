// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/capture_writer.h"

#include <cstring>

namespace packetloom::generator {
namespace {

constexpr std::uint64_t secondMicros = 1'000'000, microNanos = 1000;
constexpr std::uint64_t latestPcap = (std::uint64_t{1} << 32) * secondMicros - 1,
                        latestPcapng = ~std::uint64_t{0} / microNanos;
constexpr std::uint32_t ethernet = 1;
constexpr std::uint32_t ngSection = 28, ngInterface = 32, ngPacketHeader = 28, ngTrailer = 4;

char* put16(char* at, std::uint32_t value)
{
    *at++ = static_cast<char>(value & 255);
    *at++ = static_cast<char>(value >> 8 & 255);
    return at;
}

char* put32(char* at, std::uint32_t value)
{
    return put16(put16(at, value & 0xFFFF), value >> 16);
}

char* put(char* at, std::initializer_list<std::uint32_t> values)
{
    for (const std::uint32_t value : values)
        at = put32(at, value);
    return at;
}

char* pcapHeader(char* at, std::uint32_t snapLength)
{
    constexpr std::uint32_t magic = 0xA1B2C3D4, version = 4 << 16 | 2;
    return put(at, {magic, version, 0, 0, snapLength, ethernet});
}

char* pcapngHeader(char* at, std::uint32_t snapLength)
{
    constexpr std::uint32_t section = 0x0A0D0D0A, byteOrder = 0x1A2B3C4D, version = 1, unknown = ~0U;
    constexpr std::uint32_t interface = 1, timeResolution = 9 | 1 << 16, nanoseconds = 9, endOfOptions = 0;
    at = put(at, {section, ngSection, byteOrder, version, unknown, unknown, ngSection});
    return put(at, {interface, ngInterface, ethernet, snapLength, timeResolution, nanoseconds, endOfOptions,
                    ngInterface});
}

} // namespace

CaptureWriter::CaptureWriter(Format format, std::uint32_t snapLength, const TextConsumer& consumer,
                             const HostPool& hosts)
    : buffer_(consumer), hosts_(hosts), snapLength_(snapLength), ng_(format == Format::Pcapng)
{
    char* const at = buffer_.room(ngSection + ngInterface);
    buffer_.end(ng_ ? pcapngHeader(at, snapLength) : pcapHeader(at, snapLength));
}

void CaptureWriter::write(const Packet& packet)
{
    constexpr std::uint32_t recordHeader = 32, enhancedPacket = 6;
    if (packet.time > (ng_ ? latestPcapng : latestPcap)) {
        tooLate_ = true;
        return;
    }
    const std::uint32_t captured = std::min(packet.length, snapLength_);
    const std::uint32_t padded = ng_ ? (captured + 3) / 4 * 4 : captured;
    char* at = buffer_.room(recordHeader + longestHeaders + padded + ngTrailer);
    const std::uint32_t block = ngPacketHeader + padded + ngTrailer;
    if (ng_) {
        const std::uint64_t time = packet.time * microNanos;
        at = put(at, {enhancedPacket, block, 0, static_cast<std::uint32_t>(time >> 32),
                      static_cast<std::uint32_t>(time), captured, packet.length});
    } else {
        at = put(at, {static_cast<std::uint32_t>(packet.time / secondMicros),
                      static_cast<std::uint32_t>(packet.time % secondMicros), captured, packet.length});
    }
    auto* const frame = reinterpret_cast<std::uint8_t*>(at);
    auto written = static_cast<std::size_t>(writeFrame(packet, hosts_, frame) - frame);
    if (packet.protocol == tcp && written < captured) {
        const std::size_t payload = std::min<std::size_t>(packet.payload, captured - written);
        std::memset(at + written, payloadByte, payload);
        written += payload;
    }
    if (written < padded)
        std::memset(at + written, 0, padded - written);
    if (padded > captured)
        std::memset(at + captured, 0, padded - captured);
    at += padded;
    buffer_.end(ng_ ? put32(at, block) : at);
}

} // namespace packetloom::generator
