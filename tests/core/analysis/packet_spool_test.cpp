// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_spool.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <limits>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

class PacketSpoolTest : public QObject
{
    Q_OBJECT

private slots:
    void givesBackWhatItGot();
    void rangesAreExactInRows();
    void leavesNoNameBehind();
    void stopsWhenAsked();
    void aFolderThatIsNotThereIsAnError();
    void anEmptySpoolIsFine();
    void extras_data();
    void extras();
    void extrasCostLittle();
    void knowsWhetherItIsInOrder();
};

namespace {

std::int64_t anyNumber(std::mt19937_64& random)
{
    switch (random() % 4) {
    case 0:
        return static_cast<std::int64_t>(random() % 3) - 1;
    case 1:
        return random() % 2 ? std::numeric_limits<std::int64_t>::max()
                            : std::numeric_limits<std::int64_t>::min();
    case 2:
        return static_cast<std::int64_t>(random());
    default:
        return static_cast<std::int64_t>(random() % 70000);
    }
}

std::vector<SpooledPacket> somePackets(std::size_t count)
{
    std::mt19937_64 random(11);
    std::vector<SpooledPacket> packets;
    for (std::size_t i = 0; i < count; ++i) {
        SpooledPacket row;
        row.row = i;
        row.afterReadChunk = i > 0 && random() % 50 == 0;
        Packet& p = row.packet;
        p.timestamp = anyNumber(random);
        p.source = AddressId{static_cast<std::uint32_t>(random())};
        p.destination = AddressId{static_cast<std::uint32_t>(random() % 4)};
        p.sourcePort = anyNumber(random);
        p.destinationPort = anyNumber(random);
        p.sequence = anyNumber(random);
        p.acknowledgment = anyNumber(random);
        p.length = anyNumber(random);
        p.flags = {anyNumber(random), static_cast<TcpFlags::Origin>(random() % 3)};
        p.hasProtocol = random() % 4 != 0;
        if (p.hasProtocol)
            p.protocol = random() % 2 ? protocolTcp : anyNumber(random);
        packets.push_back(row);
    }
    return packets;
}

void fill(PacketSpool& spool, const std::vector<SpooledPacket>& packets)
{
    for (const auto& row : packets) {
        if (row.afterReadChunk)
            spool.endReadChunk();
        spool.add(row.packet, row.extras);
    }
    QVERIFY(spool.finish());
}

// Anything that fits.
PacketExtras someExtras(std::mt19937_64& random)
{
    const auto wide = [&] {
        return random() % 3 == 0 ? PacketExtras::unknown : static_cast<std::int32_t>(random() & 0x7fffffff);
    };
    const auto narrow = [&] {
        return static_cast<std::int16_t>(random() % 3 == 0 ? PacketExtras::unknown
                                                           : static_cast<int>(random() & 0x7fff));
    };
    return {.payload = wide(),
            .ipBytes = wide(),
            .window = wide(),
            .windowScale = narrow(),
            .icmpType = narrow(),
            .icmpCode = narrow(),
            .damage = static_cast<std::uint8_t>(random())};
}

bool same(const SpooledPacket& a, const SpooledPacket& b)
{
    const Packet &p = a.packet, &q = b.packet;
    return a.row == b.row && a.afterReadChunk == b.afterReadChunk && p.timestamp == q.timestamp &&
           p.source == q.source && p.destination == q.destination && p.sourcePort == q.sourcePort &&
           p.destinationPort == q.destinationPort && p.sequence == q.sequence &&
           p.acknowledgment == q.acknowledgment && p.length == q.length && p.flags == q.flags &&
           p.hasProtocol == q.hasProtocol && p.protocol == q.protocol;
}

} // namespace

void PacketSpoolTest::givesBackWhatItGot()
{
    const TestFolder folder;
    const auto packets = somePackets(20'000); // several blocks
    PacketSpool spool(folder.path());
    fill(spool, packets);
    QCOMPARE(spool.packets(), packets.size());
    QVERIFY(spool.bytes() > 200'000);
    for (int repeated = 0; repeated < 2; ++repeated) {
        std::size_t i = 0;
        QVERIFY(spool.forEach({}, [&](const SpooledPacket& row) { return same(row, packets[i++]); }));
        QCOMPARE(i, packets.size());
    }
}

void PacketSpoolTest::rangesAreExactInRows()
{
    const TestFolder folder;
    const auto packets = somePackets(20'000);
    PacketSpool spool(folder.path());
    fill(spool, packets);
    for (const auto& [first, last] : {std::pair<std::uint64_t, std::uint64_t>{0, 0},
                                      {5, 5},
                                      {100, 7000},
                                      {6999, 19999},
                                      {19'999, 30'000},
                                      {30'000, 40'000}}) {
        std::uint64_t next = first;
        QVERIFY(spool.forEach({.firstRow = first, .lastRow = last, .earliest = {}, .latest = {}},
                              [&](const SpooledPacket& row) {
                                  if (row.row != next || !same(row, packets[next]))
                                      return false;
                                  ++next;
                                  return true;
                              }));
        QCOMPARE(next, std::max(first, std::min<std::uint64_t>(last + 1, packets.size())));
    }
    // Blocks outside the time are left out, packets inside it never.
    std::size_t inside = 0, seen = 0;
    for (const auto& row : packets)
        inside += row.packet.timestamp >= 0 && row.packet.timestamp <= 1000 ? 1u : 0u;
    QVERIFY(spool.forEach({.firstRow = 0, .lastRow = ~std::uint64_t{0}, .earliest = 0, .latest = 1000},
                          [&](const SpooledPacket& row) {
                              seen += row.packet.timestamp >= 0 && row.packet.timestamp <= 1000 ? 1u : 0u;
                              return true;
                          }));
    QCOMPARE(seen, inside);
}

void PacketSpoolTest::leavesNoNameBehind()
{
    const TestFolder folder;
    {
        PacketSpool spool(folder.path());
        fill(spool, somePackets(5000));
#ifdef Q_OS_UNIX
        QVERIFY(folder.names().empty());
#endif
    }
    QVERIFY(folder.names().empty());
}

void PacketSpoolTest::stopsWhenAsked()
{
    const TestFolder folder;
    PacketSpool spool(folder.path());
    fill(spool, somePackets(5000));
    int seen = 0;
    QVERIFY(spool.forEach({}, [&](const SpooledPacket&) { return ++seen < 10; }));
    QCOMPARE(seen, 10);
}

void PacketSpoolTest::aFolderThatIsNotThereIsAnError()
{
    const TestFolder folder;
    PacketSpool spool(folder / "missing");
    for (const auto& row : somePackets(5000))
        spool.add(row.packet);
    QVERIFY(spool.failure());
    QVERIFY(!spool.finish());
    QVERIFY(!spool.forEach({}, [](const SpooledPacket&) { return true; }));
}

void PacketSpoolTest::anEmptySpoolIsFine()
{
    const TestFolder folder;
    PacketSpool spool(folder / "missing"); // never needed
    QVERIFY(spool.finish());
    QVERIFY(spool.forEach({}, [](const SpooledPacket&) { return false; }));
    QCOMPARE(spool.bytes(), 0u);
}

void PacketSpoolTest::extras_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("of no packet") << 0;
    QTest::newRow("of all, alike") << 1;
    QTest::newRow("of all, all different") << 2;
    QTest::newRow("of some blocks") << 3;
    QTest::newRow("from the middle of a block on") << 4;
}

void PacketSpoolTest::extras()
{
    QFETCH(int, kind);
    const TestFolder folder;
    auto packets = somePackets(10'000);
    std::mt19937_64 random(5);
    for (auto& row : packets) {
        const bool any = kind == 1 || kind == 2 || (kind == 3 && row.row / 2048 % 2 == 1) ||
                         (kind == 4 && row.row >= 3000);
        if (any && kind == 1)
            row.extras = {.payload = 100, .ipBytes = 140, .window = 512};
        else if (any)
            row.extras = someExtras(random);
    }
    PacketSpool spool(folder.path());
    fill(spool, packets);
    QCOMPARE(spool.knowsExtras(), kind != 0);
    std::size_t i = 0;
    QVERIFY(spool.forEach({}, [&](const SpooledPacket& row) {
        return same(row, packets[i]) && row.extras == packets[i++].extras;
    }));
    QCOMPARE(i, packets.size());
    // Alone, from any block.
    PacketSpool::Reader reader(spool);
    for (const std::size_t block : {3u, 0u, 4u}) {
        QVERIFY(reader.load(block, PacketSpool::Extras));
        for (std::size_t at = 0; at < reader.extras().size(); ++at)
            QCOMPARE(reader.extras()[at], packets[block * PacketSpool::blockRows + at].extras);
    }
    // As details, for those who ask.
    PacketSpool::Cursor cursor(spool);
    std::vector<Packet> some;
    DetailColumns details;
    while (some.size() < packets.size())
        QVERIFY(cursor.next(some, 700, &details));
    QCOMPARE(details.any(), kind != 0);
    for (std::size_t at = 0; at < packets.size(); ++at)
        QCOMPARE(extrasOf(details, at), packets[at].extras);
}

// Of packets as they are, and of those of which none are known nothing.
void PacketSpoolTest::extrasCostLittle()
{
    const TestFolder folder;
    auto bytes = [&](bool known) {
        std::mt19937_64 random(7);
        PacketSpool spool(folder.path());
        for (int i = 0; i < 20'480; ++i) {
            const auto payload = static_cast<std::int32_t>(random() % 2 == 0 ? 0 : random() % 1448);
            Packet packet;
            packet.length = std::max(60, 66 + payload);
            spool.add(packet, known ? PacketExtras{.payload = payload,
                                                   .ipBytes = 52 + payload,
                                                   .window = static_cast<std::int32_t>(random() & 0xffff)}
                                    : PacketExtras{});
        }
        return spool.finish() ? spool.bytes() : 0;
    };
    const auto without = bytes(false), with = bytes(true);
    QVERIFY2(with - without < 20'480 * 31 / 10, std::to_string(with - without).c_str());
    QVERIFY2(without < 20'480 * 27 / 10, std::to_string(without).c_str());
}

void PacketSpoolTest::knowsWhetherItIsInOrder()
{
    const TestFolder folder;
    const auto inOrder = [&](const std::vector<std::int64_t>& times) {
        PacketSpool spool(folder.path());
        for (const auto time : times) {
            Packet packet;
            packet.timestamp = time;
            spool.add(packet);
        }
        return spool.finish() && spool.inOrder();
    };
    QVERIFY(inOrder({}));
    QVERIFY(inOrder({-5}));
    QVERIFY(inOrder({-5, -5, 0, 7}));
    QVERIFY(!inOrder({-5, 0, -1, 7}));
    std::vector<std::int64_t> times(5000, 3);
    QVERIFY(inOrder(times));
    times[2048] = 2; // the first of a block
    QVERIFY(!inOrder(times));
}

QTEST_APPLESS_MAIN(PacketSpoolTest)
#include "packet_spool_test.moc"
