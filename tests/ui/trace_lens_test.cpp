// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/made_trace.h"
#include "ui/views/trace_lens.h"

#include <QTest>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

/// A trace as so many pixels see it: nothing is drawn that was not there, and nothing that was there is lost.
class TraceLensTest : public QObject
{
    Q_OBJECT

private slots:
    void figuresAreThoseOfTheirSide();
    void fewPacketsAreSeenOneByOne();
    void manyAreSeenInColumns();
    void columnsLoseNothing();
    void finerIsAskedForWhereThereIsFiner();
    void ratesCountEveryByteOnce();
    void theEndsOf64Bits();
};

namespace {

constexpr std::int64_t start = MadeTrace::start;

/// The originator sends `count` segments of 100 bytes, a millisecond apart, each acknowledged 300 us later.
MadeTrace transfer(int count)
{
    MadeTrace made;
    for (int i = 0; i < count; ++i) {
        made.add(i * 1000, true, MadeTrace::ack, 1 + i * 100, 1, 100, {.window = 5000, .inFlight = 100 + i});
        made.add(i * 1000 + 300, false, MadeTrace::ack, 1, 101 + i * 100, 0,
                 {.window = 9000 - i, .roundTrip = 300 + i});
    }
    return made;
}

} // namespace

void TraceLensTest::figuresAreThoseOfTheirSide()
{
    const auto trace = transfer(1).made();
    const TracedPacket &segment = trace->packets[0], &answer = trace->packets[1];
    using Figure = TraceFigure;
    QCOMPARE(figureOf(segment, 0, Figure::InFlight), std::optional<std::int64_t>(100));
    QCOMPARE(figureOf(segment, 0, Figure::Window), std::optional<std::int64_t>(5000));
    QCOMPARE(figureOf(segment, 0, Figure::Acknowledged), std::optional<std::int64_t>());
    QCOMPARE(figureOf(segment, 1, Figure::Acknowledged),
             std::optional<std::int64_t>(1)); // of the responder's
    QCOMPARE(figureOf(answer, 0, Figure::Acknowledged), std::optional<std::int64_t>(101));
    QCOMPARE(figureOf(answer, 0, Figure::WindowEdge), std::optional<std::int64_t>(9101));
    QCOMPARE(figureOf(answer, 0, Figure::RoundTrip), std::optional<std::int64_t>(300));
    QCOMPARE(figureOf(answer, 1, Figure::InFlight), std::optional<std::int64_t>()); // a bare ACK
    TracedPacket reset = answer; // whose window means nothing
    reset.packet.flags.bits |= TcpFlags::rst;
    QCOMPARE(figureOf(reset, 0, Figure::WindowEdge), std::optional<std::int64_t>());
    QCOMPARE(figureOf(reset, 1, Figure::Window), std::optional<std::int64_t>());
    TraceSlices sliced(reset.packet.timestamp, reset.packet.timestamp, 1);
    sliced.add(reset.packet, reset.verdict);
    const auto slices = std::move(sliced).take();
    QVERIFY(slices[0].at(0).windowEdge.empty() && slices[1].at(0).window.empty());
    TracedPacket unknown = answer;
    unknown.verdict.window = PacketExtras::unknown;
    QCOMPARE(figureOf(unknown, 0, Figure::WindowEdge), std::optional<std::int64_t>());
    QCOMPARE(figureOf(unknown, 1, Figure::Window), std::optional<std::int64_t>());
    unknown.verdict.marks = Ignored;
    QCOMPARE(figureOf(unknown, 0, Figure::Acknowledged), std::optional<std::int64_t>());
    TracedPacket opening = segment;
    opening.packet.flags.bits = MadeTrace::syn;
    opening.verdict.payload = 0;
    QCOMPARE(sequenceLength(opening), 1);
    opening.packet.flags.bits = MadeTrace::fin | MadeTrace::ack;
    opening.verdict.payload = 10;
    QCOMPARE(sequenceLength(opening), 11);
    opening.verdict.payload = PacketExtras::unknown;
    QCOMPARE(sequenceLength(opening), 1);
}

void TraceLensTest::fewPacketsAreSeenOneByOne()
{
    const auto trace = transfer(50).made();
    const TraceLens all(*trace, trace->from, trace->to, 400);
    QVERIFY(all.detailed() && all.allKept() && !all.coarse());
    QCOMPARE(all.packets().size(), std::size_t{100});
    const auto trips = all.points(0, TraceFigure::RoundTrip);
    QCOMPARE(trips.size(), std::size_t{50});
    QCOMPARE(trips[7].least, 307);
    QCOMPARE(trips[7].time, start + 7300);
    QCOMPARE(trace->packets[*trips[7].packet].row, std::uint64_t{1000 + 15});

    // Lines go on beyond the edges: one packet more at each, and the last value before what is seen.
    const TraceLens part(*trace, start + 10'100, start + 12'100, 400);
    QCOMPARE(part.packets().size(), std::size_t{4 + 2});
    const auto acked = part.points(0, TraceFigure::Acknowledged);
    QCOMPARE(acked.front().least, 1001); // told at 9,300, before the segment at 10,000
    QCOMPARE(acked.back().least, 1301);  // at 12,300
}

void TraceLensTest::manyAreSeenInColumns()
{
    const auto trace = transfer(5000).made(1000);
    const TraceLens all(*trace, trace->from, trace->to, 300);
    QVERIFY(!all.detailed() && all.allKept());
    QVERIFY(!all.coarse()); // a slice is less than a pixel
    const auto columns = all.columns(0);
    QVERIFY(columns.size() <= 302);
    for (std::size_t i = 1; i < columns.size(); ++i)
        QVERIFY(columns[i].time > columns[i - 1].time);
    // All packets are there: seen closely they come one by one.
    QVERIFY(TraceLens(*trace, start + 1'000'000, start + 1'050'000, 300).detailed());
}

void TraceLensTest::columnsLoseNothing()
{
    const auto trace = transfer(5000).made(1000);
    const TraceLens all(*trace, trace->from, trace->to, 300);
    std::uint64_t payload = 0, packets = 0;
    std::int64_t next = 1;
    for (const TraceSlice& column : all.columns(0)) {
        payload += column.payload;
        packets += column.packets;
        QVERIFY(column.sequence.least == next); // from where the last one ended
        next = column.sequence.most;
    }
    QCOMPARE(payload, std::uint64_t{500'000});
    QCOMPARE(packets, std::uint64_t{5000});
    QCOMPARE(next, 500'001);
    const auto trips = all.points(0, TraceFigure::RoundTrip);
    QCOMPARE(trips.front().least, 300);
    QCOMPARE(trips.back().most, 300 + 4999);
    QVERIFY(!trips.front().packet);
}

void TraceLensTest::finerIsAskedForWhereThereIsFiner()
{
    const auto folded = transfer(5000).made(1000, 100);
    QVERIFY(!TraceLens(*folded, folded->from, folded->to, 500).coarse()); // two slices a pixel
    // A slice of 5 ms is many pixels; and so few packets could be seen one by one.
    QVERIFY(TraceLens(*folded, start, start + 50'000, 500).coarse());
    // The last packets were kept.
    const TraceLens last(*folded, folded->to - 40'000, folded->to, 500);
    QVERIFY(last.detailed() && !last.coarse());
}

void TraceLensTest::ratesCountEveryByteOnce()
{
    MadeTrace made = transfer(2000);
    made.raw().packets[100].verdict.marks = Retransmission;
    for (const bool keptAll : {true, false}) {
        const auto trace = made.made(500, keptAll ? 1'000'000 : 100);
        for (const std::size_t most : std::initializer_list<std::size_t>{7, 100, 450}) {
            const TraceLens all(*trace, trace->from, trace->to, 600);
            const auto rates = all.rates(0, most);
            QVERIFY(rates.size() <= most + 2);
            std::uint64_t payload = 0, fresh = 0;
            for (std::size_t i = 0; i < rates.size(); ++i) {
                QCOMPARE(rates[i].time, trace->from + static_cast<std::int64_t>(i) * all.rateWidth(most));
                payload += rates[i].payload;
                fresh += rates[i].fresh;
            }
            QCOMPARE(payload, std::uint64_t{200'000});
            QCOMPARE(all.allKept(), keptAll);
            if (keptAll)
                QCOMPARE(fresh, std::uint64_t{199'900});
            QCOMPARE(all.rates(1, most).size(), rates.size());
        }
    }
}

// Timestamps may be anything.
void TraceLensTest::theEndsOf64Bits()
{
    using Limits = std::numeric_limits<std::int64_t>;
    auto trace = *transfer(3).made();
    trace.packets.front().packet.timestamp = trace.from = Limits::min();
    trace.packets.back().packet.timestamp = trace.to = Limits::max();
    const TraceLens all(trace, trace.from, trace.to, 500);
    QVERIFY(all.columnWidth() > 0);
    QVERIFY(all.rates(0, 100).size() < 1000);
    QVERIFY(!all.columns(0).empty());
    QVERIFY(TraceLens(trace, trace.to, trace.from, 0).packets().size() <= trace.packets.size());
}

QTEST_APPLESS_MAIN(TraceLensTest)
#include "trace_lens_test.moc"
