// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// That the rows that are meant to collide do so in hash tables as they were before these had a random key.

#include "tests/support/generator/generated_rows.h"

#include <QTest>
#include <array>
#include <cstring>
#include <functional>
#include <set>
#include <string>

using namespace packetloom;
using namespace packetloom::generator;

class CollidingRowsTest : public QObject
{
    Q_OBJECT

private slots:
    void collide();
};

namespace {

/// The old hash of key fields in core/support/hash_mix.h.
std::uint64_t mix(std::uint64_t a, std::uint64_t b)
{
    a ^= b + 0x9E3779B97F4A7C15U;
    a *= 0xD6E8FEB86659FD93U;
    return a ^ a >> 32;
}

/// libstdc++'s std::hash of a text of whole words.
std::uint64_t murmur(std::string_view text)
{
    constexpr std::uint64_t factor = 0xC6A4A7935BD1E995;
    const auto folded = [](std::uint64_t x) { return x ^ x >> 47; };
    std::uint64_t hash = 0xC70F6907U ^ text.size() * factor;
    for (; text.size() >= 8; text.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        hash = (hash ^ folded(word * factor) * factor) * factor;
    }
    return folded(folded(hash) * factor);
}

std::uint64_t mixed(std::string_view text)
{
    std::uint64_t hash = text.size();
    for (; text.size() >= 8; text.remove_prefix(8)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), 8);
        hash = mix(hash, word);
    }
    return mix(hash, 0);
}

/// The different keys of a capture of colliding rows, by kind of row, and their different hashes.
struct Keys
{
    std::array<std::set<std::string>, 3> keys;
    std::array<std::set<std::uint64_t>, 3> hashes;
};

Keys collidingKeys(const GeneratorOptions& options)
{
    Keys found;
    std::size_t at = 0;
    eachRow(options, [&](const Row& row) {
        const std::size_t kind = at++ % 3;
        if (kind == 0) {
            const auto low = number<std::int64_t>(row[SourcePort]);
            const auto high = number<std::int64_t>(row[DestinationPort]);
            const auto ends = std::uint64_t{1} << 32 | 2; // the numbers of the first two addresses
            found.keys[0].insert(flowKey(row));
            found.hashes[0].insert(
                mix(mix(mix(ends, static_cast<std::uint64_t>(low)), static_cast<std::uint64_t>(high)), 0));
            return;
        }
        found.keys[kind].emplace(row[Source]);
        found.hashes[kind].insert(kind == 1 ? murmur(row[Source]) : mixed(row[Source]));
#if defined(__GLIBCXX__) && defined(__x86_64__)
        if (kind == 1)
            QCOMPARE(std::hash<std::string_view>()(row[Source]), murmur(row[Source]));
#endif
    });
    return found;
}

} // namespace

void CollidingRowsTest::collide()
{
    constexpr std::uint32_t count = 50'000;
    auto options = shape("collide", std::uint64_t{4} * count);
    QVERIFY(options.collisions >= count);
    options.collisions = count;
    const Keys hostile = collidingKeys(options);
    options.harmless = true;
    const Keys harmless = collidingKeys(options);
    for (std::size_t kind = 0; kind < 3; ++kind) {
        QCOMPARE(hostile.keys[kind].size(), count);
        QCOMPARE(hostile.hashes[kind].size(), 1U);
        QCOMPARE(harmless.keys[kind].size(), count);
        QCOMPARE(harmless.hashes[kind].size(), count);
    }
    // The ports collide in a table that numbers these two first.
    options.rows = 1;
    eachRow(options, [](const Row& row) {
        QVERIFY(row[Source] == "10.66.0.1");
        QVERIFY(row[Destination] == "10.66.0.2");
    });
}

QTEST_GUILESS_MAIN(CollidingRowsTest)
#include "colliding_rows_test.moc"
