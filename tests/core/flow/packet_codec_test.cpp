// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_codec.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>
#include <span>
#include <vector>

using namespace packetloom;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

std::vector<std::uint8_t> encodeAll(const std::vector<FlowPacket>& packets, std::size_t& longest)
{
    std::vector<std::uint8_t> bytes;
    PacketPrediction prediction;
    EncodedPacket encoded;
    for (const auto& packet : packets) {
        const auto size = encodePacket(packet, prediction, encoded.data());
        longest = std::max(longest, size);
        bytes.insert(bytes.end(), encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(size));
    }
    return bytes;
}

std::vector<FlowPacket> decodeAll(std::vector<std::uint8_t> text)
{
    const std::size_t size = text.size();
    text.resize(size + codecSlack);
    std::span<const std::uint8_t> bytes = std::span(text).first(size);
    std::vector<FlowPacket> packets;
    PacketPrediction prediction;
    while (!bytes.empty())
        packets.push_back(decodePacket(bytes, prediction));
    return packets;
}

} // namespace

class PacketCodecTest : public QObject
{
    Q_OBJECT

private slots:
    void everyFlagValue();
    void randomRoundTrips();
    void countedInPieces();
    void theLongest();
    void thePredictionMovesOn();
    void aConversationIsShort();
};

void PacketCodecTest::everyFlagValue()
{
    std::vector<FlowPacket> packets;
    for (const auto origin : {TcpFlags::Origin::Value, TcpFlags::Origin::Missing, TcpFlags::Origin::Column}) {
        for (std::int64_t bits = -300; bits <= 600; ++bits) {
            FlowPacket packet;
            packet.flags = {bits, origin};
            packet.fromHigh = bits % 3 == 0;
            packets.push_back(packet);
        }
    }
    std::size_t longest = 0;
    QVERIFY(decodeAll(encodeAll(packets, longest)) == packets);
}

void PacketCodecTest::randomRoundTrips()
{
    std::mt19937_64 random(4);
    const auto number = [&]() -> std::int64_t {
        switch (random() % 6) {
        case 0:
            return most;
        case 1:
            return least;
        case 2:
            return 0;
        default: // of any size, of either sign
            return static_cast<std::int64_t>(random()) >> random() % 64;
        }
    };
    std::vector<FlowPacket> packets(20000);
    for (auto& packet : packets) {
        packet.timestamp = number();
        packet.sequence = number();
        packet.acknowledgment = number();
        packet.length = number();
        packet.flags = {number(), static_cast<TcpFlags::Origin>(random() % 3)};
        packet.fromHigh = random() % 2 == 0;
    }
    std::size_t longest = 0;
    const auto bytes = encodeAll(packets, longest);
    QVERIFY(longest <= longestEncodedPacket);
    QVERIFY(decodeAll(bytes) == packets);
}

// However the stream is cut; a packet that is not whole is no count.
void PacketCodecTest::countedInPieces()
{
    std::mt19937_64 random(6);
    std::vector<FlowPacket> packets(300);
    for (auto& packet : packets) {
        packet.timestamp = static_cast<std::int64_t>(random()) >> random() % 64;
        packet.sequence = static_cast<std::int64_t>(random() % 9);
        packet.flags.bits = random() % 4 == 0 ? -1 : 16;
    }
    std::size_t longest = 0;
    const auto bytes = encodeAll(packets, longest);
    std::vector<bool> isEnd(bytes.size() + 1);
    PacketPrediction prediction;
    auto padded = bytes;
    padded.resize(bytes.size() + codecSlack);
    for (auto rest = std::span<const std::uint8_t>(padded).first(bytes.size());;) {
        isEnd[bytes.size() - rest.size()] = true;
        if (rest.empty())
            break;
        decodePacket(rest, prediction);
    }
    for (int i = 0; i < 300; ++i) {
        EncodedPacketCount count;
        const std::size_t piece = i < 100 ? 3 : 200;
        std::uint64_t ends = 0;
        for (std::size_t at = 0; at < bytes.size();) {
            const std::size_t size = std::min<std::size_t>(random() % piece, bytes.size() - at);
            count.add(std::span(bytes).subspan(at, size));
            for (const std::size_t next = at + size; at < next;)
                ends += isEnd[++at] ? 1u : 0u;
            QCOMPARE(count.packets(), isEnd[at] ? std::optional(ends) : std::nullopt);
        }
        QCOMPARE(count.packets(), std::optional(std::uint64_t{packets.size()}));
    }
}

void PacketCodecTest::theLongest()
{
    FlowPacket packet{least, least, least, least, {-1, TcpFlags::Origin::Value}, false};
    EncodedPacket encoded;
    PacketPrediction prediction;
    const auto size = encodePacket(packet, prediction, encoded.data());
    QCOMPARE(size, longestEncodedPacket);
    PacketPrediction other;
    std::span<const std::uint8_t> bytes = std::span(encoded).first(size);
    QVERIFY(decodePacket(bytes, other) == packet);
    QVERIFY(bytes.empty());
}

// Both directions keep the same prediction, so that a flow can be continued at any time.
void PacketCodecTest::thePredictionMovesOn()
{
    PacketPrediction writing, reading;
    std::mt19937_64 random(5);
    for (std::int64_t i = 0; i < 1000; ++i) {
        const FlowPacket packet{i * 1000, i * 7, i * 11, i % 1460, {16}, random() % 2 == 0};
        EncodedPacket encoded;
        const auto size = encodePacket(packet, writing, encoded.data());
        QCOMPARE(writing.timestamp, packet.timestamp);
        QCOMPARE(writing.sequence, packet.sequence);
        QCOMPARE(writing.acknowledgment, packet.acknowledgment);
        QCOMPARE(writing.fromHigh, packet.fromHigh);
        std::span<const std::uint8_t> bytes = std::span(encoded).first(size);
        QVERIFY(decodePacket(bytes, reading) == packet);
        QVERIFY(bytes.empty());
        QCOMPARE(reading.timestamp, writing.timestamp);
        QCOMPARE(reading.sequence, writing.sequence);
        QCOMPARE(reading.acknowledgment, writing.acknowledgment);
        QCOMPARE(reading.fromHigh, writing.fromHigh);
    }
}

// A download: requests, full segments, every second one acknowledged, milliseconds between packets.
void PacketCodecTest::aConversationIsShort()
{
    std::mt19937_64 random(6);
    std::int64_t now = 1'257'254'615'000'000, clientSequence = 1'836'451'229, serverSequence = 3'998'112'004;
    std::vector<FlowPacket> packets;
    const auto send = [&](bool server, std::int64_t length) {
        now += static_cast<std::int64_t>(random() % 40'000);
        packets.push_back({now,
                           server ? serverSequence : clientSequence,
                           server ? clientSequence : serverSequence,
                           length,
                           {length > 0 ? 24 : 16},
                           server});
        (server ? serverSequence : clientSequence) += length;
    };
    for (int request = 0; request < 50; ++request) {
        send(false, 300 + static_cast<std::int64_t>(random() % 200));
        for (int segment = 0; segment < 10; ++segment) {
            send(true, 1460);
            if (segment % 2 == 1)
                send(false, 0);
        }
    }
    std::size_t longest = 0;
    const auto bytes = encodeAll(packets, longest);
    QVERIFY(decodeAll(bytes) == packets);
    const double mean = static_cast<double>(bytes.size()) / static_cast<double>(packets.size());
    QVERIFY2(mean < 12.5, qPrintable(QString::number(mean)));
}

QTEST_APPLESS_MAIN(PacketCodecTest)
#include "packet_codec_test.moc"
