// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/run.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <deque>
#include <map>

using namespace packetloom;
using namespace packetloom::test;

/// A run with ends that nobody but this test has: whatever gives rows and takes parts can be one.
class RunTest : public QObject
{
    Q_OBJECT

private slots:
    void rowsToFlows_data();
    void rowsToFlows();
    void flowsAreJudgedWhereAReadChunkEnds();
    void knownFiguresAreHandedOn();
    void aFailureEndsIt_data();
    void aFailureEndsIt();

private:
    const TestFolder folder_;
};

namespace {

constexpr std::int64_t second = 1'000'000;

/// Rows out of memory.
class RowList final : public RowSource
{
public:
    explicit RowList(AddressTable& addresses) : addresses_(addresses) {}

    void add(std::int64_t seconds, std::int64_t clientPort, std::int64_t flags, bool fromServer = false)
    {
        const auto client = addresses_.intern("10.0.0.1"), server = addresses_.intern("10.0.0.2");
        Packet packet;
        packet.timestamp = seconds * second;
        packet.source = fromServer ? server : client;
        packet.destination = fromServer ? client : server;
        packet.sourcePort = fromServer ? 80 : clientPort;
        packet.destinationPort = fromServer ? clientPort : 80;
        packet.flags.bits = flags;
        packet.length = 60;
        packet.protocol = protocolTcp;
        packet.hasProtocol = true;
        if (pieces_.empty() || pieces_.back().endsReadChunk)
            pieces_.push_back({});
        auto& rows = pieces_.back().rows;
        if (!rows.batch)
            rows = {.batch = std::make_shared<PacketBatch>(), .firstRow = packets_};
        const_cast<PacketBatch&>(*rows.batch).packets.push_back(packet);
        ++rows.end;
        ++packets_;
    }
    void endReadChunk()
    {
        if (pieces_.empty())
            pieces_.push_back({});
        pieces_.back().endsReadChunk = true;
    }
    void failAtTheEnd(Errc code) { failure_ = Error{.code = code, .detail = {}, .file = {}}; }

    Result<std::optional<RowPiece>> next(const GoOn& goOn) override
    {
        if (!goOn(1, 0))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (pieces_.empty()) {
            if (failure_)
                return *failure_;
            return std::optional<RowPiece>();
        }
        RowPiece piece = std::move(pieces_.front());
        pieces_.pop_front();
        return std::optional(std::move(piece));
    }
    void noteProgress(Progress& progress) const override { progress.packets = packets_; }
    void finish(RunTotals& totals) override { totals.rows = {.read = packets_, .kept = packets_}; }

private:
    AddressTable& addresses_;
    std::deque<RowPiece> pieces_;
    std::uint64_t packets_ = 0;
    std::optional<Error> failure_;
};

class NothingCounted final : public ShardCollector
{
public:
    void packetOfNoFlow(const Packet&, std::uint64_t) override { ++packetsOfNoFlow; }
    void flow(const CompletedFlow&, const FlowLife&) override { ++flows; }
    [[nodiscard]] std::uint64_t growth(std::size_t) const override { return 0; }
    std::uint64_t packetsOfNoFlow = 0, flows = 0;
};

class Counts final : public ShardedCollector<NothingCounted>
{
public:
    using ShardedCollector::ShardedCollector;

    void packets(const KeptRows& rows) override { packetsSeen += rows.packets().size(); }
    void flow(const FlowCounts&) override { ++flowsInOrder; }
    [[nodiscard]] std::uint64_t flowsOfShards() const
    {
        std::uint64_t all = 0;
        for (const auto& shard : own())
            all += shard->flows;
        return all;
    }
    std::uint64_t packetsSeen = 0, flowsInOrder = 0;
};

/// A text a flow; a part may begin wherever it likes, or only at every `stride`-th flow.
class TextOutput final : public Output
{
public:
    explicit TextOutput(std::uint64_t stride) : stride_(stride) {}

    class Part final : public OutputPart
    {
    public:
        Part(TextOutput& output, std::uint64_t first) : output_(output), next_(first) {}
        void flow(const CompletedFlow& flow, const FlowLife& life) override
        {
            texts_ << QString("%1: flow_%2 %3 packets %4")
                          .arg(next_++)
                          .arg(flow.number)
                          .arg(flow.packets.size())
                          .arg(QString::fromStdString(std::string(stateName(life.state))));
        }
        std::optional<Error> finish() override { return output_.partFailure; }
        void commit() override { output_.texts << texts_; }

    private:
        TextOutput& output_;
        std::uint64_t next_;
        QStringList texts_;
    };

    void packets(const KeptRows& rows) override { packetsSeen += rows.packets().size(); }
    std::unique_ptr<OutputPart> part(std::uint64_t firstFlow) override
    {
        return std::make_unique<Part>(*this, firstFlow);
    }
    [[nodiscard]] bool standsAlone(std::uint64_t firstFlow) const override
    {
        return firstFlow % stride_ == 0;
    }
    std::optional<Error> failure() override { return ownFailure; }
    Result<void> finish(const RunFigures& figures) override
    {
        finished = figures.totals.rows.kept;
        bins = figures.bins.size();
        return {};
    }
    [[nodiscard]] Size size() const override { return {}; }

    QStringList texts;
    std::uint64_t packetsSeen = 0, finished = 0;
    std::size_t bins = 0;
    std::optional<Error> partFailure, ownFailure;

private:
    std::uint64_t stride_;
};

const Heartbeat goOn = [](const Progress&) { return true; };

} // namespace

void RunTest::rowsToFlows_data()
{
    QTest::addColumn<unsigned>("threads");
    QTest::addColumn<quint64>("stride");
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        for (const quint64 stride : {1u, 7u, 1000u})
            QTest::addRow("%u threads, stride %u", threads, static_cast<unsigned>(stride))
                << threads << stride;
    }
}

void RunTest::rowsToFlows()
{
    QFETCH(unsigned, threads);
    QFETCH(quint64, stride);
    constexpr int flows = 1500;
    AddressTable addresses;
    RowList rows(addresses);
    for (int i = 0; i < flows; ++i)
        rows.add(i / 100, 1000 + i, TcpFlags::syn);
    for (int i = 0; i < flows; ++i)
        rows.add(20 + i / 100, 1000 + i, TcpFlags::rst | TcpFlags::ack, true);
    rows.add(40, 0, TcpFlags::syn); // belongs to no flow
    rows.endReadChunk();
    TaskPool pool(threads);
    ProgressMeter meter(goOn);
    Counts counts(pool);
    TextOutput output(stride);
    Run run({.rows = rows, .addresses = addresses, .collector = counts, .output = &output}, pool, meter,
            folder_.path());
    const auto result = run.run();
    QVERIFY(result);
    QCOMPARE(output.texts.size(), flows);
    for (int i = 0; i < flows; ++i)
        QCOMPARE(output.texts[i], QString("%1: flow_%2 2 packets invalid").arg(i).arg(i + 1));
    QCOMPARE(output.packetsSeen, 2u * flows + 1);
    QCOMPARE(counts.packetsSeen, output.packetsSeen);
    QCOMPARE(counts.flowsInOrder, quint64{flows});
    QCOMPARE(counts.flowsOfShards(), 0u); // they are the output's
    QCOMPARE(output.finished, output.packetsSeen);
    QCOMPARE(result->totals.tcpPackets, output.packetsSeen);
    QCOMPARE(result->totals.flows, quint64{flows});
    QCOMPARE(result->totals.firstTimestamp, 0);
    QCOMPARE(result->totals.lastTimestamp, 40 * second);
    QCOMPARE(result->totals.uniqueAddresses, 2u);
    QCOMPARE(result->tally.invalidReasons[static_cast<std::size_t>(InvalidReason::RstDuringHandshake)],
             quint64{flows});
}

// docs/flows.md: a flow without FIN or RST is complete where a read chunk ends, and not before.
void RunTest::flowsAreJudgedWhereAReadChunkEnds()
{
    for (const bool border : {false, true}) {
        AddressTable addresses;
        RowList rows(addresses);
        rows.add(0, 1000, TcpFlags::syn);
        if (border) {
            rows.add(400, 2000, TcpFlags::syn);
            rows.endReadChunk(); // port 1000 has been silent for too long
        }
        rows.add(401, 1000, TcpFlags::ack);
        rows.endReadChunk();
        TaskPool pool(2);
        ProgressMeter meter(goOn);
        Counts counts(pool);
        Run run({.rows = rows, .addresses = addresses, .collector = counts}, pool, meter, folder_.path());
        const auto result = run.run();
        QVERIFY(result);
        QCOMPARE(result->totals.flows, border ? 3u : 1u);
        QCOMPARE(counts.flowsOfShards(), result->totals.flows);
        QCOMPARE(counts.flowsInOrder, 0u);
    }
}

void RunTest::knownFiguresAreHandedOn()
{
    AddressTable addresses;
    RowList rows(addresses);
    rows.add(0, 1000, TcpFlags::syn);
    rows.endReadChunk();
    TaskPool pool(2);
    ProgressMeter meter(goOn);
    Counts counts(pool);
    TextOutput output(1);
    RunResult before;
    before.totals.rows.kept = 77;
    before.bins.resize(5);
    const RunFigures known{before.totals, before.addressStats, before.flags, before.bins};
    Run run({.rows = rows, .addresses = addresses, .collector = counts, .output = &output, .known = &known},
            pool, meter, folder_.path());
    const auto result = run.run();
    QVERIFY(result);
    QCOMPARE(output.finished, 77u);
    QCOMPARE(output.bins, std::size_t{5});
    QCOMPARE(output.texts.size(), 1);
    QCOMPARE(result->totals.tcpPackets, 0u); // not counted again
}

void RunTest::aFailureEndsIt_data()
{
    QTest::addColumn<QString>("of");
    for (const char* const of : {"rows", "part", "output", "heartbeat"})
        QTest::newRow(of) << of;
}

void RunTest::aFailureEndsIt()
{
    QFETCH(QString, of);
    AddressTable addresses;
    RowList rows(addresses);
    for (int i = 0; i < 3000; ++i)
        rows.add(i, 1000 + i, TcpFlags::rst);
    rows.endReadChunk();
    TextOutput output(1);
    if (of == "rows")
        rows.failAtTheEnd(Errc::Read);
    if (of == "part")
        output.partFailure = Error{.code = Errc::Write, .detail = {}, .file = {}};
    if (of == "output")
        output.ownFailure = Error{.code = Errc::NoSpace, .detail = {}, .file = {}};
    TaskPool pool(2);
    const Heartbeat heartbeat = [&](const Progress&) { return of != "heartbeat"; };
    ProgressMeter meter(heartbeat);
    Counts counts(pool);
    Run run({.rows = rows, .addresses = addresses, .collector = counts, .output = &output}, pool, meter,
            folder_.path());
    const auto result = run.run();
    QVERIFY(!result);
    const std::map<QString, Errc> expected{{"rows", Errc::Read},
                                           {"part", Errc::Write},
                                           {"output", Errc::NoSpace},
                                           {"heartbeat", Errc::Cancelled}};
    QCOMPARE(result.error().code, expected.at(of));
    QCOMPARE(output.finished, 0u);
}

QTEST_APPLESS_MAIN(RunTest)
#include "run_test.moc"
