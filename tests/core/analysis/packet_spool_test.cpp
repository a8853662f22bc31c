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
        spool.add(row.packet);
    }
    QVERIFY(spool.finish());
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

QTEST_APPLESS_MAIN(PacketSpoolTest)
#include "packet_spool_test.moc"
