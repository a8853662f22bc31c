// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/repeat_window.h"

#include <QTest>
#include <algorithm>
#include <random>
#include <vector>

using namespace packetloom;

class RepeatWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void theWindowHasAnEnd();
    void whatIsSeenAgainIsRememberedAnew();
    void noPacketIsNone();
    void anyPieces();
};

namespace {

constexpr std::size_t size = RepeatWindow::packets;

/// Different ones, far from each other.
std::uint64_t fingerprint(std::uint64_t number)
{
    return number * 0x9E3779B97F4A7C15u + 1;
}

std::vector<std::uint64_t> different(std::size_t count, std::uint64_t from = 1)
{
    std::vector<std::uint64_t> all;
    for (std::size_t i = 0; i < count; ++i)
        all.push_back(fingerprint(from + i));
    return all;
}

} // namespace

void RepeatWindowTest::theWindowHasAnEnd()
{
    for (const std::size_t begin : {0u, 1u, 500u, 1023u, 1024u, 1025u, 3000u}) {
        for (const std::size_t distance : {1u, 2u, 1000u, 1023u, 1024u, 1025u, 1026u, 2048u, 5000u}) {
            RepeatWindow window;
            auto all = different(begin + distance);
            all.push_back(all[begin]);
            QCOMPARE(window.add(all), distance <= size ? 1u : 0u);
        }
    }
}

void RepeatWindowTest::whatIsSeenAgainIsRememberedAnew()
{
    RepeatWindow window;
    auto all = different(900);
    all.push_back(all[0]);
    const auto more = different(900, 5000);
    all.insert(all.end(), more.begin(), more.end());
    all.push_back(all[0]); // 901 behind its last time
    QCOMPARE(window.add(all), 2u);
    window.clear();
    QCOMPARE(window.add({}), 0u);
    QCOMPARE(window.add(std::vector{all[0]}), 0u);
}

void RepeatWindowTest::noPacketIsNone()
{
    RepeatWindow window;
    const std::vector<std::uint64_t> nothing(5000, 0);
    QCOMPARE(window.add(std::vector{fingerprint(7)}), 0u);
    QCOMPARE(window.add(nothing), 0u);
    QCOMPARE(window.add(std::vector{fingerprint(7)}), 1u); // the packet before
}

void RepeatWindowTest::anyPieces()
{
    std::mt19937_64 random(1); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    std::vector<std::uint64_t> all;
    for (int i = 0; i < 30'000; ++i)
        all.push_back(fingerprint(1 + random() % 3000));
    std::uint64_t expected = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto here = all.begin() + static_cast<std::ptrdiff_t>(i);
        expected += std::find(here - static_cast<std::ptrdiff_t>(std::min(i, size)), here, *here) != here;
    }
    RepeatWindow whole;
    QCOMPARE(whole.add(all), expected);
    RepeatWindow pieces;
    std::uint64_t found = 0;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t count = std::min<std::size_t>(1 + random() % 700, all.size() - at);
        found += pieces.add(std::span(all).subspan(at, count));
        at += count;
    }
    QCOMPARE(found, expected);
}

QTEST_GUILESS_MAIN(RepeatWindowTest)
#include "repeat_window_test.moc"
