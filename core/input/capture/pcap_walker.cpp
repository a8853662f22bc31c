// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/pcap_walker.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

constexpr std::uint32_t microseconds = 0xa1b2c3d4, nanoseconds = 0xa1b23c4d, modified = 0xa1b2cd34;
constexpr std::uint8_t microsecondDigits = 6, nanosecondDigits = 9;
constexpr std::uint64_t aSecondOfMicroseconds = 1'000'000, aSecondOfNanoseconds = 1'000'000'000;

bool isMagic(std::uint32_t number)
{
    return number == microseconds || number == nanoseconds || number == modified;
}

} // namespace

bool PcapWalker::recognises(Layer head)
{
    return isMagic(head.be32(0)) || isMagic(head.le32(0));
}

Result<std::unique_ptr<RecordWalker>> PcapWalker::open(Layer header)
{
    constexpr std::uint16_t version = 2;
    constexpr std::uint32_t linkTypeBits = 0xffff; // above them, what is known of the frames' checksum
    constexpr std::uint32_t customarySnapLength = 262144, largestSnapLength = std::uint32_t{128} << 20;
    auto walker = std::make_unique<PcapWalker>();
    walker->big_ = isMagic(header.be32(0));
    const std::uint32_t magic = header.u32(0, walker->big_);
    const std::uint16_t major = header.u16(4, walker->big_), minor = header.u16(6, walker->big_);
    if (major != version)
        return Error{.code = Errc::CaptureVersion,
                     .detail = std::to_string(major) + '.' + std::to_string(minor),
                     .file = {}};
    walker->lengthsSwapped_ = minor <= 3;
    if (magic == modified)
        walker->recordHeader_ = 24;
    const bool fine = magic == nanoseconds;
    walker->unitsASecond_ = fine ? aSecondOfNanoseconds : aSecondOfMicroseconds;
    const std::uint32_t snapLength = header.u32(16, walker->big_);
    walker->mostCaptured_ = std::clamp(snapLength, customarySnapLength, largestSnapLength);
    walker->interfaces_.push_back(
        {.linkType = static_cast<std::uint16_t>(header.u32(20, walker->big_) & linkTypeBits),
         .resolution = fine ? nanosecondDigits : microsecondDigits,
         .snapLength = snapLength});
    return std::unique_ptr<RecordWalker>(std::move(walker));
}

RecordWalker::Walked PcapWalker::walk(FrameBlock& block, std::size_t at)
{
    const Layer bytes = block.layer();
    Walked walked;
    const std::size_t begin = at;
    while (bytes.has(at + recordHeader_)) {
        Frame frame;
        frame.interface = 0;
        frame.time = bytes.u32(at, big_) * unitsASecond_ + bytes.u32(at + 4, big_);
        std::uint32_t captured = bytes.u32(at + 8, big_);
        frame.wireBytes = bytes.u32(at + 12, big_);
        if (lengthsSwapped_ && captured > frame.wireBytes)
            std::swap(captured, frame.wireBytes);
        if (captured > mostCaptured_) {
            walked.damage = Error{.code = Errc::CaptureRecord,
                                  .detail = std::to_string(captured),
                                  .file = {},
                                  .byte = at - begin};
            break;
        }
        const std::size_t data = at + recordHeader_, kept = std::min<std::size_t>(captured, mostFrameBytes);
        if (!bytes.has(data + kept))
            break;
        frame.offset = static_cast<std::uint32_t>(data);
        frame.captured = static_cast<std::uint32_t>(kept);
        frame.record = static_cast<std::uint32_t>(at);
        block.frames.push_back(frame);
        at = data + captured;
        if (at > bytes.size()) {
            walked.skip = at - bytes.size();
            walked.skipsFrame = true;
            at = bytes.size();
            break;
        }
    }
    walked.used = at - begin;
    return walked;
}

} // namespace packetloom
