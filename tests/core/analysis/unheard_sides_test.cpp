// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/unheard_sides.h"

#include "tests/support/flow_talk.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// Relative numbers of a side of which nothing is captured, or nothing at first.
class UnheardSidesTest : public QObject
{
    Q_OBJECT

private slots:
    void aSideThatIsNeverHeard();
    void aSideThatIsHeardLate_data();
    void aSideThatIsHeardLate();
    void numbersGoRound();
    void damagedPacketsSayNothing();

private:
    const TestFolder folder_;
};

namespace {

constexpr std::int64_t ack = FlowTalk::ack;
using Numbers = std::vector<std::int64_t>;

/// What the other side acknowledged of `side`, packet by packet.
Numbers acknowledged(const FlowTrace& trace, std::size_t side)
{
    Numbers numbers;
    for (const TracedPacket& packet : trace.packets) {
        if (packet.verdict.fromOriginator != (side == ExactFlow::originator) &&
            packet.packet.flags.has(TcpFlags::ack))
            numbers.push_back(packet.verdict.relativeAcknowledgment);
    }
    return numbers;
}

TraceSlice::Range allOf(const FlowTrace& trace, std::size_t side, TraceSlice::Range TraceSlice::*figure)
{
    TraceSlice::Range all;
    for (const TraceSlice& slice : trace.slices[side]) {
        if (!(slice.*figure).empty()) {
            all.add((slice.*figure).least);
            all.add((slice.*figure).most);
        }
    }
    return all;
}

std::size_t sideOfPort(const FlowTrace& trace, std::int64_t port)
{
    return trace.flow.originatorEnd().port == port ? ExactFlow::originator : ExactFlow::responder;
}

} // namespace

void UnheardSidesTest::aSideThatIsNeverHeard()
{
    FlowTalk talk;
    for (const std::int64_t number : {90'000, 90'200, 90'200, 90'100, 95'000})
        talk.client(ack, 1001, number);
    const auto trace = talk.trace(folder_.path());
    const std::size_t server = sideOfPort(*trace, 80);
    QCOMPARE(acknowledged(*trace, server), (Numbers{1, 201, 201, 101, 5001}));
    QCOMPARE(allOf(*trace, server, &TraceSlice::acknowledged).least, 1);
    QCOMPARE(allOf(*trace, server, &TraceSlice::acknowledged).most, 5001);
    QCOMPARE(allOf(*trace, server, &TraceSlice::windowEdge).most, 5001 + 30'000);
    QCOMPARE(trace->flow.sides[server].firstSequence, -1);
}

void UnheardSidesTest::aSideThatIsHeardLate_data()
{
    QTest::addColumn<bool>("clientIsHigh");
    QTest::newRow("low") << false;
    QTest::newRow("high") << true;
}

// The ACKs before are of what was sent before the capture began, so they lie before its first number.
void UnheardSidesTest::aSideThatIsHeardLate()
{
    QFETCH(bool, clientIsHigh);
    FlowTalk talk(clientIsHigh);
    talk.client(ack, 1001, 5000);
    talk.client(ack, 1001, 5600);
    talk.server(ack, 6000, 1001, {.payload = 100});
    talk.client(ack, 1001, 6100);
    talk.server(ack, 6100, 1001, {.payload = 50});
    const auto trace = talk.trace(folder_.path());
    const std::size_t server = sideOfPort(*trace, 80);
    QCOMPARE(trace->flow.sides[server].firstSequence, 5999);
    QCOMPARE(acknowledged(*trace, server), (Numbers{-999, -399, 101}));
    QCOMPARE(acknowledged(*trace, 1 - server), (Numbers{1, 1}));
    QCOMPARE(allOf(*trace, server, &TraceSlice::acknowledged).least, -999);
    QCOMPARE(allOf(*trace, server, &TraceSlice::acknowledged).most, 101);
    QCOMPARE(allOf(*trace, server, &TraceSlice::windowEdge).least, -999 + 30'000);
    QCOMPARE(allOf(*trace, server, &TraceSlice::sequence).least, 1);
    // An interval that ends before it is heard is numbered alike.
    TraceQuery begin = FlowTalk::wholeFlow();
    begin.interval = {trace->from, trace->packets[1].packet.timestamp};
    const auto part = talk.trace(folder_.path(), begin);
    QCOMPARE(acknowledged(*part, server), (Numbers{-999, -399}));
    QCOMPARE(allOf(*part, server, &TraceSlice::acknowledged).most, -399);
}

void UnheardSidesTest::numbersGoRound()
{
    FlowTalk talk;
    std::uint32_t number = 0xffff'ff00;
    Numbers wanted;
    for (std::int64_t relative = 1; relative < 0x3'0000'0000; relative += 0x4000'0000) {
        talk.client(ack, 1001, number);
        wanted.push_back(relative);
        number += 0x4000'0000;
    }
    const auto trace = talk.trace(folder_.path());
    QCOMPARE(acknowledged(*trace, sideOfPort(*trace, 80)), wanted);
}

void UnheardSidesTest::damagedPacketsSayNothing()
{
    UnheardSides sides;
    Packet packet;
    packet.flags.bits = ack;
    packet.acknowledgment = 700;
    SegmentVerdict damaged, sound, answer;
    damaged.marks = Ignored;
    answer.relativeSequence = 1;
    QVERIFY(!sides.take(packet, 0, 0, damaged));
    QCOMPARE(damaged.relativeAcknowledgment, 0);
    QCOMPARE(sides.heardAt(0), UnheardSides::never);
    QVERIFY(!sides.take(packet, 1, 0, sound));
    QCOMPARE(sound.relativeAcknowledgment, 1);
    QCOMPARE(sides.heardAt(0), 1u);
    packet.sequence = 701;
    QCOMPARE(sides.take(packet, 2, 1, answer), std::optional<std::int64_t>(-1)); // 699 to 700
    QCOMPARE(sides.shift(1), -1);
}

QTEST_APPLESS_MAIN(UnheardSidesTest)
#include "unheard_sides_test.moc"
