// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/capture_file.h"

#include <algorithm>

namespace packetloom {
namespace {

// draft-ietf-opsawg-pcapng, 4.1, 4.2, 4.3
constexpr std::uint32_t sectionHeader = 0x0a0d0d0a, interfaceDescription = 1, enhancedPacket = 6;
constexpr std::uint32_t byteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t timeResolution = 9, timeOffset = 14;
constexpr std::size_t pieceBytes = std::size_t{1} << 20;

void put(std::string& to, std::uint64_t number, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; ++i)
        to += static_cast<char>(static_cast<std::uint8_t>(number >> (8 * i)));
}

void pad(std::string& to)
{
    while (to.size() % 4 != 0)
        to += '\0';
}

void putOption(std::string& to, std::uint16_t code, std::uint64_t value, std::uint16_t bytes)
{
    put(to, code, 2);
    put(to, bytes, 2);
    put(to, value, bytes);
    pad(to);
}

// The length stands before and behind the body.
void putBlock(std::string& to, std::uint32_t type, const std::string& body)
{
    constexpr std::size_t around = 12;
    put(to, type, 4);
    put(to, body.size() + around, 4);
    to += body;
    put(to, body.size() + around, 4);
}

} // namespace

CaptureFileWriter::CaptureFileWriter(OutputFile& file) : file_(file)
{
    std::string body;
    put(body, byteOrderMagic, 4);
    put(body, 1, 2); // version 1.0
    put(body, 0, 2);
    put(body, ~std::uint64_t{0}, 8); // as long as the file is
    putBlock(pending_, sectionHeader, body);
}

std::uint32_t CaptureFileWriter::numberOf(const CaptureInterface& interface)
{
    const auto known = std::find(interfaces_.begin(), interfaces_.end(), interface);
    if (known != interfaces_.end())
        return static_cast<std::uint32_t>(known - interfaces_.begin());
    std::string body;
    put(body, interface.linkType, 2);
    put(body, 0, 2);
    put(body, interface.snapLength, 4);
    putOption(body, timeResolution, interface.resolution, 1);
    if (interface.offsetSeconds != 0)
        putOption(body, timeOffset, static_cast<std::uint64_t>(interface.offsetSeconds), 8);
    put(body, 0, 4); // no more options
    putBlock(pending_, interfaceDescription, body);
    interfaces_.push_back(interface);
    return static_cast<std::uint32_t>(interfaces_.size() - 1);
}

Result<void> CaptureFileWriter::add(const FrameBlock& block, const Frame& frame,
                                    const CaptureInterface& interface)
{
    const std::uint32_t number = numberOf(interface);
    const Layer bytes = block.frame(frame);
    std::string body;
    put(body, number, 4);
    put(body, frame.time >> 32, 4);
    put(body, frame.time & 0xffff'ffff, 4);
    put(body, bytes.size(), 4);
    put(body, frame.wireBytes, 4);
    body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    pad(body);
    putBlock(pending_, enhancedPacket, body);
    if (pending_.size() < pieceBytes)
        return {};
    return finish();
}

Result<void> CaptureFileWriter::finish()
{
    auto written = file_.write(pending_);
    pending_.clear();
    return written;
}

} // namespace packetloom
