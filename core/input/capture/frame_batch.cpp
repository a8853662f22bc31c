// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_batch.h"

#include "core/input/capture/checksum.h"
#include "core/input/capture/frame_decoder.h"
#include "core/input/capture/frame_details.h"

#include <algorithm>
#include <string>

namespace packetloom {
namespace {

// The beginning of a frame, for those who want to know what is wrong with it.
std::string hexOf(Layer frame)
{
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t bytesShown = 64;
    std::string text;
    const std::size_t shown = std::min(frame.size(), bytesShown);
    text.reserve(3 * shown);
    for (std::size_t i = 0; i < shown; ++i) {
        if (i > 0)
            text += ' ';
        text += digits[frame.u8(i) >> 4];
        text += digits[frame.u8(i) & 0x0f];
    }
    return text;
}

class FrameBatch
{
public:
    FrameBatch(const FrameBlock& block, const FrameRules& rules, PacketBatch& batch)
        : block_(block), rules_(rules), batch_(batch)
    {
    }

    void add(const Frame& frame, const CaptureInterface* interface)
    {
        at_ = {batch_.rows++, static_cast<std::uint32_t>(batch_.lines++)};
        const std::uint32_t link = interface ? interface->linkType : FrameNotes::Link::unknown;
        if (at_.line == 0 || link != link_) [[unlikely]] {
            link_ = link;
            batch_.frames.links.push_back({at_.row, link});
        }
        Found found = decide(frame, interface);
        if (frame.captured < std::min<std::size_t>(frame.wireBytes, mostFrameBytes))
            found.marks |= bitOf(FrameMark::Cut);
        note(found);
        while (inner_)
            [[unlikely]] addInner(frame);
    }

private:
    struct Found
    {
        FrameMarkSet marks = 0;
        TunnelSet tunnels = 0;
    };

    void note(const Found& found)
    {
        if ((found.marks | found.tunnels) != 0)
            batch_.frames.add({.row = at_.row, .marks = found.marks, .tunnels = found.tunnels});
    }
    // What becomes of the frame.
    Found decide(const Frame& frame, const CaptureInterface* interface)
    {
        if (!interface)
            return reject(RejectReason::UnknownInterface, {}, frame);
        const auto time = captureTime(frame.time, *interface);
        if (!time)
            return reject(RejectReason::NumberOutOfRange, "timestamp", frame);
        const int remainder = time->more ? 1 : 0;
        if (rules_.window.endsBefore(time->microseconds, remainder)) {
            batch_.firstPastWindow = std::min(batch_.firstPastWindow, at_.row);
            return {};
        }
        if (rules_.window.startsAfter(time->microseconds, remainder))
            return {};
        const DecodedFrame decoded = decodeFrame(interface->linkType, block_.frame(frame), rules_.tunnels);
        Found found{decoded.marks, decoded.tunnels};
        if (decoded.notIp) {
            batch_.others.push_back({at_.row, *decoded.notIp});
        } else if (decoded.reject) {
            reject(*decoded.reject, {}, frame);
        } else {
            found.marks |= keep(time->microseconds, frame.wireBytes, frame, decoded);
            batch_.frames.fingerprints[at_.row] = rules_.fingerprint(decoded.outermost);
            if (rules_.tunnels == Tunnels::Each && decoded.tunnels != 0) [[unlikely]] {
                inner_ = innerPacket(decoded.ip);
                vlan_ = decoded.vlan;
            }
        }
        return found;
    }
    // The packet within that of the last row. It has the time of its frame, and its own length.
    void addInner(const Frame& frame)
    {
        at_.row = batch_.rows++;
        batch_.frames.inner.push_back(at_.row);
        batch_.frames.fingerprints.push_back(0);
        DecodedFrame decoded;
        decoded.ip = inner_->ip;
        decoded.transport = readTransport(decoded.ip);
        decoded.vlan = vlan_;
        note({keep(batch_.packets.back().timestamp, decoded.ip.wireBytes, frame, decoded), 0});
        inner_ = innerPacket(decoded.ip);
    }
    // What else was found.
    FrameMarkSet keep(std::int64_t time, std::uint32_t length, const Frame& frame,
                      const DecodedFrame& decoded)
    {
        Packet& packet = batch_.packets.emplace_back();
        const IpHeader& ip = decoded.ip;
        const TransportHeader& transport = decoded.transport;
        packet.timestamp = time;
        packet.sourcePort = transport.sourcePort;
        packet.destinationPort = transport.destinationPort;
        packet.sequence = transport.sequence;
        packet.acknowledgment = transport.acknowledgment;
        packet.length = length;
        packet.protocol = ip.protocol;
        packet.hasProtocol = true;
        packet.flags.bits = transport.flags;
        packet.source = addressOf(ip.source, ip);
        packet.destination = addressOf(ip.destination, ip);
        batch_.places.push_back(at_);
        FrameMarkSet marks = 0;
        if (ip.payload.size() < mostTransportHeader && isHeaderCut(ip))
            marks = bitOf(FrameMark::HeaderCut);
        if (rules_.verifyChecksums) [[unlikely]]
            marks |= checksumMarks(ip);
        if (rules_.details.any())
            addDetails({rules_.details, rules_.verifyChecksums}, block_, frame, decoded, marks,
                       batch_.details);
        return marks;
    }
    AddressId addressOf(const std::uint8_t* address, const IpHeader& ip)
    {
        return AddressId{address ? batch_.fields.addIp({address, ip.addressBytes}) : batch_.fields.add({})};
    }
    Found reject(RejectReason reason, std::string_view column, const Frame& frame)
    {
        auto& last = batch_.rejects.emplace_back();
        last.place = at_;
        last.reason = reason;
        last.column = column;
        if (batch_.rejects.size() <= keptRejectedRows) // of more than these nobody will see it
            last.raw = hexOf(block_.frame(frame));
        return {};
    }

    const FrameBlock& block_;
    const FrameRules& rules_;
    PacketBatch& batch_;
    std::uint32_t link_ = FrameNotes::Link::unknown; ///< type of the last frame's
    PacketBatch::RowPosition at_;                    ///< the row at hand
    std::optional<InnerPacket> inner_;               ///< within the packet at hand, where each one counts
    std::optional<std::uint16_t> vlan_;              ///< of its frame
};

} // namespace

void readFrames(const FrameBlock& block, const StableArray<CaptureInterface>& interfaces,
                const FrameRules& rules, PacketBatch& batch)
{
    batch.packets.reserve(block.frames.size());
    batch.places.reserve(block.frames.size());
    rules.details.forEach([&](Detail detail) { batch.details.of(detail).reserve(block.frames.size()); });
    batch.frames.fingerprints.assign(block.frames.size(), 0);
    FrameBatch frames(block, rules, batch);
    for (const Frame& frame : block.frames)
        frames.add(frame, frame.interface != Frame::noInterface ? &interfaces[frame.interface] : nullptr);
}

} // namespace packetloom
