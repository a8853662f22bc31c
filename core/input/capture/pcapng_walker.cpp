// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/pcapng_walker.h"

#include "core/support/hash_mix.h"

#include <algorithm>
#include <string>

namespace packetloom {
namespace {

constexpr std::uint32_t sectionHeader = 0x0a0d0d0a, interfaceDescription = 1, obsoletePacket = 2,
                        simplePacket = 3, enhancedPacket = 6;
constexpr std::uint32_t byteOrderMagic = 0x1a2b3c4d;
constexpr std::size_t blockHeader = 8, smallestBlock = 12, sectionBytes = 28, interfaceBytes = 20;
constexpr std::size_t packetHeader = 28, simplePacketHeader = 12;
constexpr std::size_t trailer = 4; // the length once more, which nobody needs

constexpr std::uint64_t padded(std::uint64_t length)
{
    return (length + 3) / 4 * 4;
}

} // namespace

std::size_t PcapngWalker::InterfaceHash::operator()(const CaptureInterface& interface) const
{
    static const HashKey key;
    return static_cast<std::size_t>(key(std::uint64_t{interface.linkType} << 8 | interface.resolution,
                                        interface.snapLength,
                                        static_cast<std::uint64_t>(interface.offsetSeconds)));
}

bool PcapngWalker::recognises(Layer head)
{
    const bool magic = head.be32(blockHeader) == byteOrderMagic || head.le32(blockHeader) == byteOrderMagic;
    return head.be32(0) == sectionHeader && (magic || !head.has(smallestBlock));
}

std::optional<Errc> PcapngWalker::beginSection(Layer block)
{
    constexpr std::uint16_t version = 1;
    section_.clear();
    return block.u16(12, big_) == version ? std::nullopt : std::optional(Errc::CaptureVersion);
}

std::optional<Errc> PcapngWalker::addInterface(Layer block)
{
    constexpr std::uint16_t endOfOptions = 0, timeResolution = 9, timeOffset = 14;
    constexpr std::size_t optionHeader = 4;
    CaptureInterface interface {
        .linkType = block.u16(8, big_), .snapLength = block.u32(12, big_)
    };
    Layer options = block.from(16);
    while (options.has(optionHeader)) {
        const std::uint16_t code = options.u16(0, big_);
        const std::size_t length = options.u16(2, big_);
        const Layer value = options.from(optionHeader).first(length);
        if (code == endOfOptions)
            break;
        if (code == timeResolution && value.has(1))
            interface.resolution = value.u8(0);
        if (code == timeOffset && value.has(8)) {
            const std::uint64_t high = value.u32(big_ ? 0 : 4, big_), low = value.u32(big_ ? 4 : 0, big_);
            interface.offsetSeconds = static_cast<std::int64_t>(high << 32 | low);
        }
        options = options.from(optionHeader + padded(length));
    }
    if (section_.size() == mostInterfaces)
        return Errc::CaptureInterfaces;
    const auto known = known_.find(interface);
    if (known != known_.end()) {
        section_.push_back(known->second);
        return std::nullopt;
    }
    if (interfaces_.size() == mostDifferent)
        return Errc::CaptureInterfaces;
    const auto number = static_cast<std::uint32_t>(interfaces_.size());
    interfaces_.push_back(interface);
    known_.emplace(interface, number);
    section_.push_back(number);
    return std::nullopt;
}

// The block's length leaves room for the header, which was looked at.
bool PcapngWalker::addPacket(std::uint32_t type, Layer block, std::size_t at, FrameBlock& into) const
{
    const bool simple = type == simplePacket;
    const std::size_t header = simple ? simplePacketHeader : packetHeader;
    const std::size_t room = block.u32(4, big_) - header - trailer;
    const std::uint32_t interface = simple                   ? 0
                                    : type == obsoletePacket ? block.u16(8, big_)
                                                             : block.u32(8, big_);
    Frame frame;
    if (interface < section_.size())
        frame.interface = section_[interface];
    std::size_t captured = 0;
    if (simple) { // how much was captured follows from the block's length and the interface
        frame.wireBytes = block.u32(8, big_);
        captured = std::min<std::size_t>(frame.wireBytes, room);
        if (frame.interface != Frame::noInterface && interfaces_[frame.interface].snapLength > 0)
            captured = std::min<std::size_t>(captured, interfaces_[frame.interface].snapLength);
    } else {
        frame.time = std::uint64_t{block.u32(12, big_)} << 32 | block.u32(16, big_);
        captured = block.u32(20, big_);
        frame.wireBytes = block.u32(24, big_);
        if (captured > room)
            return false;
    }
    frame.offset = static_cast<std::uint32_t>(at + header);
    frame.captured = static_cast<std::uint32_t>(block.from(header).first(captured).size());
    frame.record = static_cast<std::uint32_t>(at);
    into.frames.push_back(frame);
    return true;
}

RecordWalker::Walked PcapngWalker::walk(FrameBlock& block, std::size_t at)
{
    constexpr std::uint32_t longestPacket = std::uint32_t{128} << 20;
    const Layer bytes = block.layer();
    const std::size_t begin = at;
    Walked walked;
    const auto damaged = [&](Errc code, std::uint32_t number) {
        walked.damage = Error{.code = code, .detail = std::to_string(number), .file = {}, .byte = at - begin};
    };
    while (bytes.has(at + smallestBlock)) {
        const Layer rest = bytes.from(at);
        const bool isSection = rest.be32(0) == sectionHeader;
        if (isSection) {
            big_ = rest.be32(blockHeader) == byteOrderMagic;
            if (!big_ && rest.le32(blockHeader) != byteOrderMagic) {
                damaged(Errc::CaptureRecord, rest.be32(blockHeader));
                break;
            }
        }
        const std::uint32_t type = rest.u32(0, big_), length = rest.u32(4, big_);
        const bool isPacket = type == enhancedPacket || type == simplePacket || type == obsoletePacket;
        const std::size_t least = isSection                      ? sectionBytes
                                  : type == interfaceDescription ? interfaceBytes
                                  : type == simplePacket         ? simplePacketHeader + trailer
                                  : isPacket                     ? packetHeader + trailer
                                                                 : smallestBlock;
        if (length < least || (isPacket && length > longestPacket)) {
            damaged(Errc::CaptureRecord, length);
            break;
        }
        const std::uint64_t whole = padded(length);
        const Layer needed = rest.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(whole, packetHeader + mostFrameBytes)));
        if (needed.size() < std::min<std::uint64_t>(whole, packetHeader + mostFrameBytes))
            break;
        std::optional<Errc> problem;
        if (isSection)
            problem = beginSection(needed);
        else if (type == interfaceDescription)
            problem = addInterface(needed.first(static_cast<std::size_t>(length - trailer)));
        else if (isPacket && !addPacket(type, needed, at, block))
            problem = Errc::CaptureRecord;
        if (problem) {
            damaged(*problem, *problem == Errc::CaptureVersion ? rest.u16(12, big_)
                              : *problem == Errc::CaptureInterfaces
                                  ? static_cast<std::uint32_t>(section_.size())
                                  : length);
            break;
        }
        if (isSection || type == interfaceDescription) {
            const std::uint64_t place = block.fileOffset + at;
            if (isSection && block.frames.empty()) // however many sections follow each other
                block.contexts.clear();
            block.contexts.push_back({place, place + whole, isSection});
        }
        if (whole > rest.size()) {
            walked.skip = whole - rest.size();
            walked.skipsFrame = isPacket;
            at = bytes.size();
            break;
        }
        at += static_cast<std::size_t>(whole);
    }
    walked.used = at - begin;
    return walked;
}

} // namespace packetloom
