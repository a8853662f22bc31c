// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <limits>
#include <map>
#include <random>
#include <tuple>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

class AnalysisTest : public QObject
{
    Q_OBJECT

private slots:
    void countsPairsEachWay();
    void countsEachInput();
    void leavesNoFileBehind();
    void equalsTheConversion();
    void bothEndsAreAskedFor();
    void pairsOfFlowsAreThoseOfTheirPackets();
    void pairBytesNeverOverflow();
    void aServerWithManyClientsIsCheap();
    void whatWasReadIsKeptWhereItIsEnough();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

} // namespace

void AnalysisTest::countsPairsEachWay()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", captureHeader() + captureRow(5, "b", "a", 2, 0, 0, 100) +
                                                 captureRow(3, "a", "b", 16, 0, 0, 10) +
                                                 captureRow(9, "a", "b", 16, 0, 0, -7) +
                                                 captureRow(6, "c", "c", 16, 0, 0, 1))};
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    const auto& pairs = (*analysis)->pairs.pairs();
    QCOMPARE(pairs.size(), 2u);
    const auto text = [&](AddressId id) { return std::string((*analysis)->addresses.text(id)); };
    QCOMPARE(text(pairs[0].a), std::string("b")); // first seen
    QCOMPARE(text(pairs[0].b), std::string("a"));
    QCOMPARE(pairs[0].packetsFromA, 1u);
    QCOMPARE(pairs[0].packetsFromB, 2u);
    QCOMPARE(pairs[0].bytesFromA.decimal(), std::string("100"));
    QCOMPARE(pairs[0].bytesFromB.decimal(), std::string("10")); // a negative length counts as nothing
    QCOMPARE(pairs[0].firstTimestamp, 3);
    QCOMPARE(pairs[0].lastTimestamp, 9);
    QCOMPARE(pairs[1].packetsFromA + pairs[1].packetsFromB, 1u); // to itself: once
}

// What is not right with one of several captures is told of that one, wherever batches and read chunks end.
void AnalysisTest::countsEachInput()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("good.csv", captureHeader() + captureRow(5, "b", "a", 2, 0, 0, 100) +
                                                   captureRow(2'000'005, "a", "b", 16, 0, 0, 10)),
                      folder.write("empty.csv", captureHeader()),
                      folder.write("bad.csv", captureHeader() +
                                                  captureRow(3'000'000, "a", "b", 16, 0, 0, 10) + "no,row\n" +
                                                  captureRow(2'999'000, "a", "b", 16, 0, 0, 10) +
                                                  captureRow(2'999'000, "a", "b", 16, 0, 0, 10) +
                                                  captureRow(3'000'100, "a", "b", 16, 0, 0, 10) +
                                                  captureRow(9'000'000, "a", "b", 16, 0, 0, 10))};
    options.window.end = 8'000'000;
    for (const std::size_t blockSize : {std::size_t{64}, std::size_t{1} << 16}) {
        for (const std::int64_t chunk : {1, 2, 100}) {
            options.blockSize = blockSize;
            options.readChunkRows = chunk;
            const auto analysis = analyze(options, goOn);
            QVERIFY(analysis);
            const auto& inputs = (*analysis)->totals.inputs;
            QCOMPARE(inputs.size(), 3u);
            QCOMPARE(inputs[0].rows, (RowCounts{.read = 2, .kept = 2, .filtered = 0, .rejected = 0}));
            QCOMPARE(inputs[0].order.largestGap(), 2'000'000u);
            QCOMPARE(inputs[0].order.outOfOrder(), 0u);
            QCOMPARE(inputs[1].rows, RowCounts());
            QCOMPARE(inputs[1].order.packets(), 0u);
            QCOMPARE(inputs[2].rows, (RowCounts{.read = 6, .kept = 4, .filtered = 1, .rejected = 1}));
            QCOMPARE(inputs[2].rejectedBy[static_cast<std::size_t>(RejectReason::TooFewFields)], 1u);
            QCOMPARE(inputs[2].order.outOfOrder(), 1u);
            QCOMPARE(inputs[2].order.largestStepBack(), 1'000u);
            QCOMPARE(inputs[2].order.repeated(), 1u);
            QCOMPARE(inputs[2].order.latest(), 3'000'100);
        }
    }
}

void AnalysisTest::leavesNoFileBehind()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(50))};
    options.temporaryFolder = folder.path();
    QVERIFY(analyze(options, goOn));
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void AnalysisTest::equalsTheConversion()
{
    const TestFolder folder;
    Options options;
    options.inputs = {
        folder.write("in.csv", conversations(300) + "bad\n" + conversations(20, captureStart + 400'000'000))};
    options.readChunkRows = 100;
    options.addressFilter = "10.0.0.0/25";
    const auto analysis = analyze(options, goOn);
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(analysis);
    QVERIFY(summary);
    const RunTotals &a = (*analysis)->totals, &b = summary->totals;
    QCOMPARE(a.rows, b.rows);
    QVERIFY(a.rows.filtered > 0 && a.rows.rejected > 0 && a.rows.kept > 0);
    QCOMPARE(a.flows, b.flows);
    QCOMPARE(a.tcpPackets, b.tcpPackets);
    QCOMPARE(a.uniqueAddresses, b.uniqueAddresses);
    QCOMPARE(a.firstTimestamp, b.firstTimestamp);
    QCOMPARE(a.lastTimestamp, b.lastTimestamp);
    QVERIFY((*analysis)->tally.closeTypes == summary->tally.closeTypes);
    QVERIFY((*analysis)->tally.invalidReasons == summary->tally.invalidReasons);
    QCOMPARE((*analysis)->bins.size(), std::size_t(referenceBinCount));
}

void AnalysisTest::bothEndsAreAskedFor()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", captureHeader() + captureRow(1, "10.0.0.1", "10.0.0.2", 2) +
                                                 captureRow(2, "10.0.0.2", "10.1.0.1", 2) +
                                                 captureRow(3, "10.1.0.1", "10.1.0.2", 2))};
    options.addressFilter = "10.0.0.0/24";
    const auto kept = [&](FilterEnds ends) {
        options.filterEnds = ends;
        const auto analysis = analyze(options, goOn);
        return analysis ? (*analysis)->totals.rows.kept : 0;
    };
    QCOMPARE(kept(FilterEnds::Either), 2u);
    QCOMPARE(kept(FilterEnds::Both), 1u);
    // Only the manifest of such a dataset says so; those that the reference knows stay as they are.
    QVERIFY(convert(options, folder / "both", goOn));
    QVERIFY(contentOf(folder / "both" / "manifest.json").find("\"filter_ends\": \"both\"") !=
            std::string::npos);
    options.filterEnds = FilterEnds::Either;
    QVERIFY(convert(options, folder / "either", goOn));
    QVERIFY(contentOf(folder / "either" / "manifest.json").find("filter_ends") == std::string::npos);
}

// Flows that are counted when they end, in any order, and the packets that belong to none, give what the
// packets give one by one.
void AnalysisTest::pairsOfFlowsAreThoseOfTheirPackets()
{
    struct Flow
    {
        std::uint64_t firstRow = 0;
        bool openedByHigh = false;
        std::vector<FlowPacket> packets;
    };
    const auto before = [](const FlowKey& a, const FlowKey& b) {
        return std::tie(a.low, a.high) < std::tie(b.low, b.high);
    };
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        std::mt19937_64 random(seed);
        PairStats byPacket, byFlow;
        std::map<FlowKey, Flow, decltype(before)> open(before);
        std::vector<std::pair<FlowKey, Flow>> complete;
        for (std::uint64_t row = 0; row < 1500; ++row) {
            Packet packet;
            packet.source =
                AddressId{static_cast<std::uint32_t>(1 + random() % 6)}; // some talk to themselves
            packet.destination = AddressId{static_cast<std::uint32_t>(1 + random() % 6)};
            packet.sourcePort = static_cast<std::int64_t>(random() % 3); // the same one at both ends, too
            packet.destinationPort = static_cast<std::int64_t>(random() % 3);
            packet.timestamp = static_cast<std::int64_t>(random() % 10'000) - 5000;
            packet.length = random() % 10 == 0 ? std::numeric_limits<std::int64_t>::max()
                                               : static_cast<std::int64_t>(random() % 1500) - 100;
            byPacket.add(packet, row);
            if (packet.sourcePort == 0 || packet.destinationPort == 0) {
                byFlow.add(packet, row);
                continue;
            }
            const FlowKey key = FlowKey::of(packet);
            Flow& flow = open[key];
            flow.packets.push_back(FlowPacket::of(packet));
            if (flow.packets.size() == 1) {
                flow.firstRow = row;
                flow.openedByHigh = flow.packets[0].fromHigh;
            }
            if (random() % 8 == 0) // an end, after which a flow of the same ends begins
                complete.emplace_back(key, std::move(open.extract(key).mapped()));
        }
        complete.insert(complete.end(), open.begin(), open.end());
        std::shuffle(complete.begin(), complete.end(), random);
        for (auto& [key, flow] : complete) {
            std::stable_sort(
                flow.packets.begin(), flow.packets.end(),
                [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
            byFlow.addFlow(FlowCounts::of({.key = key,
                                           .packets = flow.packets,
                                           .openedByHigh = flow.openedByHigh,
                                           .firstRow = flow.firstRow}));
        }
        byPacket.putInOrder();
        byFlow.putInOrder();
        QCOMPARE(byFlow.pairs().size(), byPacket.pairs().size());
        QCOMPARE(byFlow.pairs().size(), std::size_t{21}); // 15 pairs, and each with itself
        for (std::size_t i = 0; i < byPacket.pairs().size(); ++i) {
            const AddressPair &a = byFlow.pairs()[i], &b = byPacket.pairs()[i];
            QVERIFY(a.a == b.a && a.b == b.b);
            QCOMPARE(a.packetsFromA, b.packetsFromA);
            QCOMPARE(a.packetsFromB, b.packetsFromB);
            QVERIFY(a.bytesFromA == b.bytesFromA && a.bytesFromB == b.bytesFromB);
            QCOMPARE(a.firstTimestamp, b.firstTimestamp);
            QCOMPARE(a.lastTimestamp, b.lastTimestamp);
        }
        // After putting in order it goes on.
        Packet again;
        again.source = byFlow.pairs().back().b;
        again.destination = byFlow.pairs().back().a;
        const auto known = byFlow.pairs().back().packetsFromA + byFlow.pairs().back().packetsFromB;
        byFlow.add(again, 10'000);
        QCOMPARE(byFlow.pairs().back().packetsFromA + byFlow.pairs().back().packetsFromB, known + 1);
    }
}

void AnalysisTest::pairBytesNeverOverflow()
{
    const TestFolder folder;
    std::string text = "timestamp,src_ip,dst_ip,length,protocol\n";
    for (int i = 0; i < 3; ++i)
        text += "1,a,b,9223372036854775807,6\n";
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    QCOMPARE((*analysis)->pairs.pairs()[0].bytesFromA.decimal(), std::string("27670116110564327421"));
    const auto a = (*analysis)->addressStats.inOrder().at(0);
    QCOMPARE((*analysis)->addressStats.counters(a).sentBytes.decimal(), std::string("27670116110564327421"));
}

// Pairs that share an address must not share a hash: the table of a flooded server once took all the memory.
void AnalysisTest::whatWasReadIsKeptWhereItIsEnough()
{
    const TestFolder folder;
    Options options;
    options.readChunkRows = 5'000;
    options.blockSize = 4096;
    std::size_t judged = 0;
    std::uint64_t all = 0;
    std::shared_ptr<const CaptureAnalysis> some;
    // It is asked about 25 times a second, so a capture is needed that takes longer than that here.
    for (int size = 20'000; !some || !some->partial; size *= 2) {
        QVERIFY2(size < 2'000'000, "no capture is large enough to be stopped");
        options.inputs = {folder.write("in.csv", conversations(size))};
        all = static_cast<std::uint64_t>(size) * packetsPerConversation;
        std::atomic<bool> enough{false};
        auto made = analyze(options,
                            [&](const Progress& progress) {
                                judged = progress.flowTable ? progress.flowTable->size() : judged;
                                enough = enough || progress.rows > 0;
                                return true;
                            },
                            Depth::Flows, {.stop = nullptr, .enough = &enough});
        QVERIFY(made);
        some = *std::move(made);
    }
    const CaptureAnalysis& part = *some;
    QVERIFY(part.totals.rows.read > 0 && part.totals.rows.read < all);
    QVERIFY(part.flows.size() >= judged);
    QCOMPARE(part.spool.packets(), part.totals.rows.kept);
    std::uint64_t packets = 0;
    for (std::size_t i = 0; i < part.flows.size(); ++i)
        packets += part.flows.packets(i);
    QCOMPARE(packets, part.totals.tcpPackets);
    // It is what the first rows alone would be.
    options.maxRecords = static_cast<std::int64_t>(part.totals.rows.kept);
    const auto first = analyze(options, goOn, Depth::Flows);
    QVERIFY(first && !(*first)->partial);
    QCOMPARE((*first)->flows.size(), part.flows.size());
    QCOMPARE((*first)->tally.closeTypes, part.tally.closeTypes);
    QCOMPARE((*first)->totals.lastTimestamp, part.totals.lastTimestamp);
}

void AnalysisTest::aServerWithManyClientsIsCheap()
{
    PairStats pairs;
    constexpr std::uint32_t clients = 300'000;
    for (int repeated = 0; repeated < 2; ++repeated) {
        for (std::uint32_t client = 2; client < clients + 2; ++client) {
            Packet packet;
            packet.source = AddressId{client};
            packet.destination = AddressId{1};
            pairs.add(packet, client);
        }
    }
    QCOMPARE(pairs.pairs().size(), clients);
    QCOMPARE(pairs.pairs().front().packetsFromA + pairs.pairs().front().packetsFromB, 2u);
    pairs.putInOrder();
    QCOMPARE(index(pairs.pairs().front().a), 2u);
}

QTEST_APPLESS_MAIN(AnalysisTest)
#include "analysis_test.moc"
