// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/exact_shards.h"

#include "core/flow/exact/exact_tracker.h"

#include <QTest>
#include <algorithm>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <utility>

using namespace packetloom;

/// The exact engine fed in a run: whatever the pieces, the threads and how late rows come, its flows are
/// those of one tracker that gets all packets in the order of time; or it says that there are none.
class ExactShardsTest : public QObject
{
    Q_OBJECT

private slots:
    void flowsAreThoseOfOneTracker_data();
    void flowsAreThoseOfOneTracker();
    void rowsThatAreTooLateEndIt_data();
    void rowsThatAreTooLateEndIt();
    void nothingGoesOnAfterAStop();
};

namespace {

/// What a flow is told by.
struct Told
{
    std::int64_t start, end;
    std::uint64_t firstRow, lastRow, packets;
    std::string history;
    ConnState state;
    EndReason ending;
    auto operator<=>(const Told&) const = default;
};

Told toldOf(const Connection& connection, EndReason ending)
{
    const ExactFlow flow = connection.flow(ending);
    return {flow.start,
            flow.end,
            flow.firstRow,
            flow.lastRow,
            flow.sides[0].packets + flow.sides[1].packets,
            std::string(flow.history),
            flow.state,
            ending};
}

class Recorder final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet&, std::uint64_t) override { ++counted; }
    void flow(const CompletedFlow&, const FlowLife&) override { QFAIL("the reference's"); }
    void exactFlow(const Connection& flow, EndReason ending) override
    {
        told.push_back(toldOf(flow, ending));
        countOf(flow);
    }
    void voidExactFlows() override
    {
        told.clear();
        ++voids;
    }
    void countOf(const Connection& flow) override
    {
        if (flow.isTcp())
            counted += flow.counts().packets[0] + flow.counts().packets[1];
    }
    [[nodiscard]] std::uint64_t growth(std::size_t) const override { return 0; }

    std::vector<Told> told;
    std::uint64_t counted = 0; ///< TCP packets, by whatever way they came
    int voids = 0;
};

/// Conversations of some hosts at a time, a packet a millisecond; all ports are used again and again.
std::vector<Packet> traffic(AddressTable& addresses, std::size_t packets)
{
    std::vector<AddressId> hosts;
    for (int i = 0; i < 12; ++i)
        hosts.push_back(addresses.intern("10.0.0." + std::to_string(i + 1)));
    std::mt19937 random(7);
    std::vector<Packet> rows;
    for (std::size_t i = 0; i < packets; ++i) {
        Packet packet;
        packet.timestamp = static_cast<std::int64_t>(i) * 1'000 + 1'000'000;
        const std::size_t client = random() % 11, server = 11;
        const bool answer = random() % 2 == 0;
        packet.source = hosts[answer ? server : client];
        packet.destination = hosts[answer ? client : server];
        const std::int64_t port = 40'000 + static_cast<std::int64_t>(client);
        packet.sourcePort = answer ? 80 : port;
        packet.destinationPort = answer ? port : 80;
        packet.protocol = random() % 8 == 0 ? protocolUdp : protocolTcp;
        packet.hasProtocol = true;
        packet.length = 60;
        packet.sequence = static_cast<std::int64_t>(i);
        constexpr std::int64_t kinds[] = {TcpFlags::syn,
                                          TcpFlags::syn | TcpFlags::ack,
                                          TcpFlags::ack,
                                          TcpFlags::ack | TcpFlags::psh,
                                          TcpFlags::fin | TcpFlags::ack,
                                          TcpFlags::rst};
        packet.flags.bits = kinds[random() % std::size(kinds)];
        rows.push_back(packet);
    }
    return rows;
}

/// Some rows come later, by up to `most` others.
void delay(std::vector<Packet>& rows, std::size_t most)
{
    std::mt19937 random(11);
    std::vector<std::pair<std::size_t, Packet>> places;
    for (std::size_t i = 0; i < rows.size(); ++i)
        places.emplace_back(i + (i % 7 == 0 ? random() % most : 0), rows[i]);
    std::stable_sort(places.begin(), places.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = places[i].second;
}

std::vector<Told> ofOneTracker(const std::vector<Packet>& rows)
{
    std::vector<std::pair<Packet, std::uint64_t>> sorted;
    for (std::uint64_t i = 0; i < rows.size(); ++i)
        sorted.emplace_back(rows[i], i);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first.timestamp < b.first.timestamp; });
    std::vector<Told> told;
    const ExactRules rules;
    ExactTracker tracker(
        rules, [&](const Connection& flow, EndReason ending) { told.push_back(toldOf(flow, ending)); });
    const ConnectionKeyHash hash;
    for (const auto& [packet, row] : sorted) {
        bool fromHigh = false;
        const auto key = ConnectionKey::of(packet, {}, fromHigh);
        tracker.add(*key, hash(*key), fromHigh, packet, {}, row);
    }
    tracker.finish(sorted.back().first.timestamp);
    std::sort(told.begin(), told.end());
    return told;
}

struct Outcome
{
    std::vector<Told> told;
    std::uint64_t counted = 0;
    int voids = 0;
    bool finished = false;
    bool lostOrder = false;
};

Outcome outcomeOf(const std::vector<Packet>& rows, const AddressTable& addresses, unsigned threads,
                  std::size_t pieceRows, std::uint64_t held, const std::function<bool()>& goOn)
{
    TaskPool pool(threads);
    AddressMarks marks;
    marks.makeRoom(addresses.size());
    std::vector<Recorder> recorders(4);
    ExactShards::Ends ends;
    ends.addresses = &addresses;
    ends.held = held;
    ends.goOn = goOn;
    for (Recorder& recorder : recorders)
        ends.collectors.push_back(&recorder);
    std::uint64_t routed = 0;
    ends.routed = [&](const KeptRows& piece, const RowFigures&) { routed += piece.end - piece.begin; };
    ends.quiet = [] {};
    Outcome outcome;
    ExactShards shards(pool, std::move(ends), PacketStats::Wanted, marks);
    bool goesOn = true;
    for (std::size_t begin = 0; begin < rows.size() && goesOn; begin += pieceRows) {
        auto batch = std::make_shared<PacketBatch>();
        batch->packets.assign(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                              rows.begin() +
                                  static_cast<std::ptrdiff_t>(std::min(begin + pieceRows, rows.size())));
        const std::size_t count = batch->packets.size();
        KeptRows piece;
        piece.batch = batch;
        piece.end = count;
        piece.firstRow = begin;
        goesOn = shards.add(piece);
    }
    outcome.finished = goesOn && shards.finish();
    outcome.lostOrder = shards.lostOrder();
    if (outcome.finished && routed != rows.size())
        QTest::qFail("rows were left out", __FILE__, __LINE__);
    for (Recorder& recorder : recorders) {
        outcome.told.insert(outcome.told.end(), recorder.told.begin(), recorder.told.end());
        outcome.counted += recorder.counted;
        outcome.voids += recorder.voids;
    }
    std::sort(outcome.told.begin(), outcome.told.end());
    return outcome;
}

bool always()
{
    return true;
}

std::uint64_t tcpPackets(const std::vector<Packet>& rows)
{
    return static_cast<std::uint64_t>(
        std::count_if(rows.begin(), rows.end(), [](const Packet& packet) { return packet.isTcp(); }));
}

} // namespace

void ExactShardsTest::flowsAreThoseOfOneTracker_data()
{
    QTest::addColumn<unsigned>("threads");
    QTest::addColumn<int>("pieceRows");
    QTest::addColumn<int>("late");
    QTest::addColumn<int>("held");
    for (const unsigned threads : {1u, 3u}) {
        for (const int pieceRows : {1, 100, 7'000}) {
            for (const int late : {0, 5, 900})
                QTest::addRow("%u threads, pieces of %d, late by %d", threads, pieceRows, late)
                    << threads << pieceRows << late << 1'000;
        }
    }
    QTest::newRow("nothing held back") << 2u << 100 << 0 << 0;
}

void ExactShardsTest::flowsAreThoseOfOneTracker()
{
    QFETCH(unsigned, threads);
    QFETCH(int, pieceRows);
    QFETCH(int, late);
    QFETCH(int, held);
    AddressTable addresses;
    auto rows = traffic(addresses, 20'000);
    const auto inOrder = rows;
    if (late > 0) {
        delay(rows, static_cast<std::size_t>(late));
        QVERIFY(rows != inOrder);
    }
    const auto outcome = outcomeOf(rows, addresses, threads, static_cast<std::size_t>(pieceRows),
                                   static_cast<std::uint64_t>(held), always);
    QVERIFY(outcome.finished);
    QVERIFY(!outcome.lostOrder);
    QCOMPARE(outcome.voids, 0);
    const auto expected = ofOneTracker(rows);
    QVERIFY(expected.size() > 100);
    QVERIFY(outcome.told == expected);
    QCOMPARE(outcome.counted, tcpPackets(rows));
}

void ExactShardsTest::rowsThatAreTooLateEndIt_data()
{
    QTest::addColumn<unsigned>("threads");
    QTest::addColumn<int>("at");
    QTest::newRow("in the middle") << 1u << 10'000;
    QTest::newRow("in the middle, three threads") << 3u << 10'000;
    QTest::newRow("the last row") << 3u << 19'999;
}

// Also then each TCP packet is counted once.
void ExactShardsTest::rowsThatAreTooLateEndIt()
{
    QFETCH(unsigned, threads);
    QFETCH(int, at);
    AddressTable addresses;
    auto rows = traffic(addresses, 20'000);
    delay(rows, 50);
    rows[static_cast<std::size_t>(at)].timestamp = 0;
    rows[static_cast<std::size_t>(at)].protocol = protocolTcp;
    const auto outcome = outcomeOf(rows, addresses, threads, 100, 200, always);
    QVERIFY(outcome.finished);
    QVERIFY(outcome.lostOrder);
    QVERIFY(outcome.told.empty());
    QCOMPARE(outcome.voids, 4); // every shard hears it
    QCOMPARE(outcome.counted, tcpPackets(rows));
}

void ExactShardsTest::nothingGoesOnAfterAStop()
{
    AddressTable addresses;
    const auto rows = traffic(addresses, 20'000);
    const auto outcome = outcomeOf(rows, addresses, 2, 100, 1'000, [] { return false; });
    QVERIFY(!outcome.finished);
}

QTEST_GUILESS_MAIN(ExactShardsTest)
#include "exact_shards_test.moc"
