// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_tracker.h"

#include <QByteArray>
#include <string>
#include <vector>

namespace packetloom::test {

/// What two hosts say to each other, packet by packet: A (address 1, port 40000) and B (address 2, port 80).
class ExactTalk
{
public:
    static constexpr std::int64_t millisecond = 1'000;
    static constexpr std::uint32_t isnA = 1'000, isnB = 9'000;
    struct Said
    {
        Packet packet;
        PacketExtras extras;
    };

    /// A segment of A or B. `flags`: letters of S F R P A. Numbers are relative to the ISNs; with A the
    /// acknowledgment counts.
    ExactTalk& say(char who, std::string_view flags, std::uint32_t sequence, std::uint32_t acknowledgment,
                   int payload, std::int64_t milliseconds)
    {
        Said said;
        Packet& packet = said.packet;
        const bool fromA = who == 'A';
        packet.timestamp = milliseconds * millisecond;
        packet.source = AddressId{fromA ? 1u : 2u};
        packet.destination = AddressId{fromA ? 2u : 1u};
        packet.sourcePort = fromA ? portA : portB;
        packet.destinationPort = fromA ? portB : portA;
        packet.sequence = (fromA ? startA : startB) + sequence;
        packet.acknowledgment = (fromA ? startB : startA) + acknowledgment;
        packet.length = 54 + payload;
        packet.protocol = protocol;
        packet.hasProtocol = true;
        for (const char flag : flags) {
            constexpr std::string_view letters = "FSRPA";
            packet.flags.bits |= std::int64_t{1} << letters.find(flag);
        }
        said.extras.payload = payload;
        said.extras.ipBytes = 40 + payload;
        said.extras.window = window;
        if (packet.flags.has(TcpFlags::syn))
            said.extras.windowScale = scale;
        all.push_back(said);
        return *this;
    }
    /// A SYN, a SYN+ACK and an ACK, `milliseconds` and 10 and 20 later.
    ExactTalk& handshake(std::int64_t milliseconds)
    {
        say('A', "S", 0, 0, 0, milliseconds);
        say('B', "SA", 0, 1, 0, milliseconds + 10);
        return say('A', "A", 1, 1, 0, milliseconds + 20);
    }
    Said& last() { return all.back(); }

    /// The flows, each "STATE history bytesA/bytesB packetsA/packetsB" and what of it the originator is.
    [[nodiscard]] std::vector<ExactFlow> flows(const ExactRules& rules = {})
    {
        std::vector<ExactFlow> flows;
        ExactTracker tracker(rules, [&](const Connection& connection, EndReason ending) {
            const ExactFlow flow = connection.flow(ending);
            histories_.push_back(std::make_unique<std::string>(flow.history));
            flows.push_back(flow);
            flows.back().history = *histories_.back();
        });
        const ConnectionKeyHash hash;
        std::uint64_t row = 0;
        std::int64_t newest = 0;
        for (const Said& said : all) {
            bool fromHigh = false;
            newest = std::max(newest, said.packet.timestamp);
            if (const auto key = ConnectionKey::of(said.packet, said.extras, fromHigh))
                tracker.add(*key, hash(*key), fromHigh, said.packet, said.extras, row);
            ++row;
        }
        tracker.finish(newest);
        return flows;
    }
    /// "SF ShADadFf 10/20 5/4; ..."
    [[nodiscard]] QByteArray told(const ExactRules& rules = {})
    {
        QByteArray text;
        for (const ExactFlow& flow : flows(rules)) {
            const auto number = [](const FlowSide::MaybeCount& count) {
                return count ? QByteArray::number(static_cast<qulonglong>(*count)) : QByteArray("?");
            };
            const auto state = connStateName(flow.state);
            text += (text.isEmpty() ? "" : "; ") +
                    QByteArray(state.data(), static_cast<qsizetype>(state.size())) + ' ' +
                    QByteArray(flow.history.data(), static_cast<qsizetype>(flow.history.size())) + ' ' +
                    number(flow.sides[0].bytes) + '/' + number(flow.sides[1].bytes) + ' ' +
                    number(flow.sides[0].packets) + '/' + number(flow.sides[1].packets);
        }
        return text;
    }

    std::int64_t portA = 40'000, portB = 80, protocol = protocolTcp;
    std::int64_t startA = isnA, startB = isnB; ///< the ISNs
    std::int32_t window = 1'000;
    std::int16_t scale = PacketExtras::unknown;
    std::vector<Said> all;

private:
    std::vector<std::unique_ptr<std::string>> histories_;
};

} // namespace packetloom::test
