// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/hash_mix.h"
#include "tests/support/colliding_keys.h"

#include <QTest>
#include <algorithm>
#include <functional>
#include <random>
#include <set>

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// The most of so many hashes that share a place in a table twice as large.
std::size_t fullestPlace(std::size_t count, const std::function<std::uint64_t(std::size_t)>& hash)
{
    std::size_t places = 1;
    while (places < 2 * count)
        places *= 2;
    std::vector<std::size_t> at(places);
    for (std::size_t i = 0; i < count; ++i)
        ++at[hash(i) & (places - 1)];
    return *std::max_element(at.begin(), at.end());
}

constexpr std::size_t many = 1 << 14;
// Of random hashes, more than 12 in one place are seen once in a hundred million tables.
constexpr std::size_t mostOfRandom = 12;

} // namespace

class HashMixTest : public QObject
{
    Q_OBJECT

private slots:
    void everyKeyIsAnother();
    void oneKeyGivesOneHash();
    void theWideProductIsRight();
    void everyByteCounts();
    void madeTextsDoNotCollide();
    void madePortsDoNotCollide();
    void multiplesDoNotCollide_data();
    void multiplesDoNotCollide();
    void swappedNumbersDiffer();
};

void HashMixTest::everyKeyIsAnother()
{
    std::set<std::uint64_t> ofText, ofNumber, ofThree;
    for (int i = 0; i < 1000; ++i) {
        const HashKey key;
        ofText.insert(key(std::string_view("10.0.0.1")));
        ofNumber.insert(key(std::uint64_t{0}));
        ofThree.insert(key(1, 2, 3));
    }
    QCOMPARE(ofText.size(), 1000u);
    QCOMPARE(ofNumber.size(), 1000u);
    QCOMPARE(ofThree.size(), 1000u);
}

void HashMixTest::oneKeyGivesOneHash()
{
    const HashKey key;
    const HashKey same = key;
    const std::string text = "somewhere else in memory, and long enough for blocks";
    QCOMPARE(same(std::string(text)), key(text));
    QCOMPARE(same(7, 8), key(7, 8));
}

void HashMixTest::theWideProductIsRight()
{
    std::mt19937_64 random(5);
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t a = random() >> random() % 64, b = random() >> random() % 64;
        QCOMPARE(HashKey::fold(a, b), HashKey::foldByHalves(a, b));
    }
    QCOMPARE(HashKey::foldByHalves(~std::uint64_t{0}, ~std::uint64_t{0}), ~std::uint64_t{0}); // (2^64 - 1)^2
}

// Of texts of any length, and the length too.
void HashMixTest::everyByteCounts()
{
    const HashKey key;
    std::set<std::uint64_t> hashes;
    std::size_t texts = 0;
    for (std::size_t size = 0; size <= 70; ++size) {
        std::string text(size, '\0');
        hashes.insert(key(text));
        ++texts;
        for (char& c : text) {
            for (const char other : {'\1', '\x80'}) {
                c = other;
                hashes.insert(key(text));
                ++texts;
            }
            c = '\0';
        }
    }
    QCOMPARE(hashes.size(), texts);
}

void HashMixTest::madeTextsDoNotCollide()
{
    const auto texts = collidingTexts(many);
#ifdef __GLIBCXX__
    if constexpr (sizeof(std::size_t) == 8)
        QCOMPARE(std::hash<std::string_view>()(texts.front()), std::hash<std::string_view>()(texts.back()));
#endif
    const HashKey key;
    QVERIFY(fullestPlace(many, [&](std::size_t i) { return key(texts[i]); }) <= mostOfRandom);
    const std::string before(100, 'x'), behind = "and a tail";
    QVERIFY(fullestPlace(many, [&](std::size_t i) { return key(before + texts[i] + behind); }) <=
            mostOfRandom);
}

void HashMixTest::madePortsDoNotCollide()
{
    const HashKey key;
    constexpr std::uint64_t addresses = std::uint64_t{1} << 32 | 2;
    const auto high = [&](std::size_t i) {
        return static_cast<std::uint64_t>(collidingPort(addresses, static_cast<std::int64_t>(i)));
    };
    QCOMPARE(openMix(openMix(addresses, 1), high(1)), openMix(openMix(addresses, 2), high(2)));
    QVERIFY(fullestPlace(many, [&](std::size_t i) { return key(addresses, i, high(i)); }) <= mostOfRandom);
    QVERIFY(fullestPlace(many, [&](std::size_t i) { return key(i, high(i)); }) <= mostOfRandom);
}

void HashMixTest::multiplesDoNotCollide_data()
{
    QTest::addColumn<quint64>("step");
    for (unsigned shift = 0; shift < 64; shift += 7)
        QTest::addRow("2^%u", shift) << (quint64{1} << shift);
    QTest::newRow("a bucket prime") << quint64{1'056'323};
    QTest::newRow("another") << quint64{62'233};
    QTest::newRow("golden ratio") << quint64{0x9E3779B97F4A7C15};
    QTest::newRow("its inverse") << quint64{0xF1DE83E19937733D};
}

// Rows of multiples are what a hash of one product alone would put into few places, whatever the key. Of keys
// that are drawn at random, one in ten thousand spreads some row worse than chance does; never many of them.
void HashMixTest::multiplesDoNotCollide()
{
    QFETCH(quint64, step);
    // Beyond 64 bits multiples repeat.
    std::size_t count = many;
    while (count > 1 && (count - 1) > ~quint64{0} / step)
        count /= 2;
    int uneven = 0;
    for (int keys = 0; keys < 20; ++keys) {
        const HashKey key;
        const std::size_t most =
            std::max({fullestPlace(count, [&](std::size_t i) { return key(i * step); }),
                      fullestPlace(count, [&](std::size_t i) { return key(7, i * step); }),
                      fullestPlace(count, [&](std::size_t i) { return key(7, 80, i * step); }),
                      fullestPlace(count, [&](std::size_t i) { return key(i * step, 80, 7); })});
        uneven += most > 2 * mostOfRandom ? 1 : 0;
        QVERIFY2(most <= std::max(2 * mostOfRandom, count / 32), "a key that puts a row into few places");
    }
    QVERIFY2(uneven <= 2, "rows of multiples are spread badly whatever the key");
}

void HashMixTest::swappedNumbersDiffer()
{
    const HashKey key;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        QVERIFY(key(i, i + 1) != key(i + 1, i));
        QVERIFY(key(i, i + 1, 5) != key(i + 1, i, 5));
        QVERIFY(key(i, 5, i + 1) != key(i + 1, 5, i));
    }
}

QTEST_APPLESS_MAIN(HashMixTest)
#include "hash_mix_test.moc"
