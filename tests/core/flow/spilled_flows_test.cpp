// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/flow/spilled_flows.h"

#include "core/flow/reference/reference_machine.h"
#include "core/model/flow_counts.h"
#include "tests/core/flow/slow_flows.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

} // namespace

/// Packets that the tracker moves out of memory are missed by nobody.
class SpilledFlowsTest : public QObject
{
    Q_OBJECT

private slots:
    void noFolderToSpillInto();
    void aFullDiskCostsNoPacket();
    void manyFlowsAsTheSlowRules_data();
    void manyFlowsAsTheSlowRules();
    void theMachineSeesTheSame();
};

void SpilledFlowsTest::noFolderToSpillInto()
{
    const TestFolder folder;
    FlowTracker tracker(most, folder / "none", smallSpill);
    std::vector<std::int64_t> times;
    for (int i = 0; i < 100; ++i) {
        times.push_back(i);
        tracker.add(packetBetween(1, i));
        if (i == 1)
            QVERIFY(!tracker.failure()); // none is needed yet
    }
    QVERIFY(tracker.failure());
    QCOMPARE(tracker.failure()->code, Errc::Write);
    QVERIFY(!tracker.failure()->detail.empty());
    Batch batch;
    QVERIFY(tracker.finish(batch)); // what was not moved is still there
    QVERIFY(!batch.flows.flow(0).spilled);
    FlowUnpacker unpacker(folder.path());
    const auto flow = unpacker.unpack(batch.flows.flow(0));
    QCOMPARE(flow.packets.size(), times.size());
    QCOMPARE(flow.packets.back().timestamp, 99);
}

// The run ends with the failure, but until that is asked for, flows must still be whole.
void SpilledFlowsTest::aFullDiskCostsNoPacket()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (const rlim_t bytes : {rlim_t{0}, rlim_t{50}, rlim_t{150}, rlim_t{1000}}) {
        FlowTracker tracker(most, folder.path(), smallSpill);
        Batch batch;
        rlimit limit = before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
        std::vector<std::size_t> counts(40);
        std::mt19937_64 random(23);
        for (int i = 0; i < 2000; ++i) {
            const auto client = random() % counts.size();
            tracker.add(packetBetween(static_cast<std::uint32_t>(client + 1), i));
            ++counts[client];
        }
        setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY(tracker.failure());
        QVERIFY(tracker.finish(batch));
        for (std::size_t i = 0; i < batch.flows.size(); ++i) {
            const auto packed = batch.flows.flow(i);
            FlowUnpacker unpacker(folder.path());
            const auto flow = unpacker.unpack(packed);
            QVERIFY(!flow.packets.failure());
            std::uint64_t packets = 0;
            std::int64_t last = -1;
            bool inOrder = true;
            flow.packets.forEach([&](std::size_t, const FlowPacket& packet) {
                ++packets;
                inOrder = inOrder && std::exchange(last, packet.timestamp) < packet.timestamp;
            });
            QCOMPARE(packets, packed.packets);
            QVERIFY(inOrder);
        }
    }
    std::signal(SIGXFSZ, handler);
#endif
}

void SpilledFlowsTest::manyFlowsAsTheSlowRules_data()
{
    QTest::addColumn<int>("spillBytes");
    QTest::addColumn<int>("disorder");
    QTest::newRow("every packet") << 0 << 20;
    QTest::newRow("in order") << 100 << 0;
    QTest::newRow("disorder") << 100 << 20;
    QTest::newRow("the longest only") << 1500 << 20;
}

// Flows that share the file, complete in between, and leave their slots to others.
void SpilledFlowsTest::manyFlowsAsTheSlowRules()
{
    QFETCH(int, spillBytes);
    QFETCH(int, disorder);
    constexpr std::int64_t second = 1'000'000;
    const TestFolder folder;
    FlowTracker tracker(30, folder.path(), static_cast<std::size_t>(spillBytes));
    SlowFlows model(30);
    Batch batch;
    std::mt19937_64 random(24);
    const auto below = [&](int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
    std::int64_t now = 1'257'254'615 * second;
    for (int i = 1; i <= 6000; ++i) {
        now += below(4) * second / 8;
        auto packet = packetBetween(static_cast<std::uint32_t>(1 + below(i % 1000 < 500 ? 5 : 60)), now);
        packet.timestamp -= disorder > 0 ? below(disorder * 8) * second / 8 : 0;
        packet.sequence = i;
        packet.flags = {below(80) == 0 ? below(256) : 16, TcpFlags::Origin::Value};
        if (below(2) == 0)
            turn(packet);
        tracker.add(packet);
        model.add(packet);
        if (i % 250 == 0) {
            QVERIFY(tracker.endReadChunk(batch));
            model.endReadChunk();
        }
    }
    QVERIFY(tracker.finish(batch));
    model.finish();
    QVERIFY(!tracker.failure());
    QCOMPARE(batch.flows.size(), model.completed().size());
    std::size_t spilled = 0, longHeld = 0;
    FlowUnpacker unpacker(folder.path());
    for (std::size_t i = 0; i < batch.flows.size(); ++i) {
        const auto flow = unpacker.unpack(batch.flows.flow(i));
        const SlowFlow& expected = model.completed()[i];
        spilled += flow.packets.inMemory() ? 0u : 1u;
        longHeld += flow.packets.inMemory() && flow.packets.size() > ShortFlow::mostPackets ? 1u : 0u;
        QCOMPARE(flow.number, expected.number);
        QCOMPARE(flow.byTimeout, expected.byTimeout);
        QCOMPARE(flow.packets.size(), expected.packets.size());
        std::size_t wrong = 0;
        flow.packets.forEach([&](std::size_t k, const FlowPacket& packet) {
            wrong += packet == FlowPacket::of(expected.packets[k]) ? 0u : 1u;
        });
        QCOMPARE(wrong, std::size_t{0});
        const auto counts = FlowCounts::of(flow);
        QCOMPARE(counts.packets[0] + counts.packets[1], std::uint64_t{expected.packets.size()});
        QCOMPARE(counts.firstTimestamp, expected.packets.front().timestamp);
        QCOMPARE(counts.lastTimestamp, expected.packets.back().timestamp);
    }
    QVERIFY(spilled > 3);
    QVERIFY(spilled < batch.flows.size()); // those of one or two packets take no more room than their places
    QCOMPARE(longHeld == 0, spillBytes == 0);
}

void SpilledFlowsTest::theMachineSeesTheSame()
{
    struct Role
    {
        std::size_t packet;
        PacketRole role;
        bool operator==(const Role&) const = default;
    };
    std::mt19937_64 random(25);
    const TestFolder folder;
    ReferenceMachine machine, other;
    std::vector<std::size_t> states(flowStateCount);
    for (int i = 0; i < 400; ++i) {
        FlowTracker spilling(most, folder.path(), 0), holding(most);
        Batch spilledBatch, heldBatch;
        std::int64_t sequence = 100;
        for (int k = 0; k < 40; ++k) {
            auto packet = packetBetween(1, i % 2 ? k : static_cast<std::int64_t>(random() % 50));
            constexpr std::array<std::int64_t, 8> usual{16, 16, 16, 24, 24, 17, 20, 4};
            packet.flags.bits = k == 0   ? TcpFlags::syn
                                : k == 1 ? TcpFlags::syn | TcpFlags::ack
                                         : usual[random() % (i % 5 ? 5 : 8)];
            packet.sequence = k == 0 ? 100 : k == 1 ? 300 : k == 2 ? 101 : ++sequence;
            packet.acknowledgment = k == 1 ? (i % 7 == 0 ? 5 : 101) : 301;
            packet.length = k < 3 ? 0 : static_cast<std::int64_t>(random() % 3) * 700 - 1;
            if (k == 1 || (k > 2 && random() % 2))
                turn(packet);
            spilling.add(packet);
            holding.add(packet);
        }
        QVERIFY(spilling.finish(spilledBatch) && holding.finish(heldBatch));
        FlowUnpacker unpacker(folder.path()), otherUnpacker(folder.path());
        const auto spilled = unpacker.unpack(spilledBatch.flows.flow(0));
        const auto held = otherUnpacker.unpack(heldBatch.flows.flow(0));
        QVERIFY(!spilled.packets.inMemory() && held.packets.inMemory());
        std::vector<Role> roles, otherRoles, listed;
        const auto noteIn = [](std::vector<Role>& list) {
            return [&list](std::size_t packet, const FlowPacket&, PacketRole role) {
                list.push_back({packet, role});
            };
        };
        const FlowLife& a = machine.judge(spilled, noteIn(roles));
        const FlowLife& b = other.judge(held, noteIn(otherRoles));
        QVERIFY(roles == otherRoles);
        for (const auto* list : {&b.establishment, &b.dataTransfer, &b.closing}) {
            QCOMPARE(b.phasePackets[static_cast<std::size_t>(list - &b.establishment)],
                     std::uint64_t{list->size()});
            for (const auto& packet : *list)
                listed.push_back({packet.packet, packet.role});
        }
        std::sort(listed.begin(), listed.end(),
                  [](const Role& x, const Role& y) { return x.packet < y.packet; });
        QVERIFY(listed == roles);
        QVERIFY(a.establishment.empty() && a.dataTransfer.empty() && a.closing.empty());
        QVERIFY(a.phasePackets == b.phasePackets);
        QCOMPARE(a.state, b.state);
        QCOMPARE(a.closeType, b.closeType);
        QCOMPARE(a.invalidReason, b.invalidReason);
        QVERIFY(a.syn == b.syn && a.synAck == b.synAck && a.invalidPacket == b.invalidPacket);
        QVERIFY(a.expectedSequenceFrom == b.expectedSequenceFrom);
        QCOMPARE(a.establishmentComplete, b.establishmentComplete);
        QCOMPARE(a.dataTransferStarted, b.dataTransferStarted);
        QCOMPARE(a.closingStarted, b.closingStarted);
        QCOMPARE(a.ongoing, b.ongoing);
        QCOMPARE(a.listedPackets, b.listedPackets);
        QVERIFY(a.totalBytes == b.totalBytes);
        ++states[static_cast<std::size_t>(a.state)];
    }
    QVERIFY(std::count(states.begin(), states.end(), std::size_t{0}) < 6); // all kinds of lives
}

QTEST_APPLESS_MAIN(SpilledFlowsTest)
#include "spilled_flows_test.moc"
