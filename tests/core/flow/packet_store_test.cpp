// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_store.h"

#include <QTest>
#include <random>
#include <vector>

using namespace packetloom;
using Bytes = std::vector<std::uint8_t>;

namespace {

Bytes content(const PacketStore& store, const PacketStore::Chain& chain)
{
    Bytes buffer{1, 2, 3}; // read() replaces what is there
    const auto bytes = store.read(chain, buffer);
    return {bytes.begin(), bytes.end()};
}

} // namespace

class PacketStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void sizes();
    void interleavedChains();
    void blocksAreUsedAgain();
    void releasingAnEmptyChain();
};

// In one piece and byte by byte, around every border of a block and of a slab.
void PacketStoreTest::sizes()
{
    for (const std::size_t size :
         {0u, 1u, 59u, 60u, 61u, 119u, 120u, 121u, 61439u, 61440u, 61441u, 130000u}) {
        Bytes bytes;
        for (std::size_t i = 0; i < size; ++i)
            bytes.push_back(static_cast<std::uint8_t>(i * 31 % 253));
        PacketStore store;
        PacketStore::Chain whole, pieces;
        store.append(whole, bytes);
        for (const auto byte : bytes)
            store.append(pieces, {&byte, 1});
        store.append(pieces, {});
        QCOMPARE(whole.bytes, std::uint64_t{size});
        QCOMPARE(pieces.bytes, std::uint64_t{size});
        QVERIFY(content(store, whole) == bytes);
        QVERIFY(content(store, pieces) == bytes);
        QVERIFY(store.capacityBytes() + 2 * PacketStore::payload >= 2 * size);
    }
}

void PacketStoreTest::interleavedChains()
{
    std::mt19937_64 random(7);
    PacketStore store;
    std::vector<PacketStore::Chain> chains(300);
    std::vector<Bytes> model(chains.size());
    for (int step = 0; step < 60000; ++step) {
        const auto i = static_cast<std::size_t>(random() % chains.size());
        if (random() % 60 == 0) {
            store.release(chains[i]);
            model[i].clear();
            QCOMPARE(chains[i].bytes, std::uint64_t{0});
            continue;
        }
        Bytes piece(random() % (random() % 50 == 0 ? 400 : 30));
        for (auto& byte : piece)
            byte = static_cast<std::uint8_t>(random());
        store.append(chains[i], piece);
        model[i].insert(model[i].end(), piece.begin(), piece.end());
        if (step % 50 == 0)
            QVERIFY(content(store, chains[i]) == model[i]);
    }
    for (std::size_t i = 0; i < chains.size(); ++i)
        QVERIFY(content(store, chains[i]) == model[i]);
}

// Memory follows what is held at once: after the first round there is enough for all the others.
void PacketStoreTest::blocksAreUsedAgain()
{
    constexpr std::size_t chainCount = 400, chainBytes = 1000;
    PacketStore store;
    QCOMPARE(store.capacityBytes(), std::size_t{0});
    std::size_t afterFirst = 0;
    for (std::size_t round = 0; round < 30; ++round) {
        std::vector<PacketStore::Chain> chains(chainCount);
        const Bytes piece(50, static_cast<std::uint8_t>(round));
        for (std::size_t size = 0; size < chainBytes; size += piece.size()) {
            for (auto& chain : chains)
                store.append(chain, piece);
        }
        for (std::size_t i = 0; i < chainCount; ++i) {
            auto& chain = chains[i * 7 % chainCount]; // 7 and 400 have no divisor in common
            QVERIFY(content(store, chain) == Bytes(chainBytes, static_cast<std::uint8_t>(round)));
            store.release(chain);
        }
        if (round == 0)
            afterFirst = store.capacityBytes();
        QCOMPARE(store.capacityBytes(), afterFirst);
    }
    QVERIFY(afterFirst >= chainCount * (chainBytes - PacketStore::payload));
    QVERIFY(afterFirst < chainCount * chainBytes * 5 / 4);
}

void PacketStoreTest::releasingAnEmptyChain()
{
    PacketStore store;
    PacketStore::Chain empty, chain;
    store.release(empty);
    const Bytes bytes(100, 9);
    store.append(chain, bytes);
    store.release(empty);
    QVERIFY(content(store, chain) == bytes);
    QVERIFY(content(store, empty).empty());
    store.release(chain);
    store.release(chain);
    store.append(empty, bytes);
    store.append(chain, Bytes(100, 8));
    QVERIFY(content(store, empty) == bytes);
    QVERIFY(content(store, chain) == Bytes(100, 8));
}

QTEST_APPLESS_MAIN(PacketStoreTest)
#include "packet_store_test.moc"
