// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/flag_stats.h"

#include <QTest>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace packetloom;
using Origin = TcpFlags::Origin;

namespace {

/// "SYN 2, ACK 1"
QByteArray text(const FlagStats& stats)
{
    QByteArrayList parts;
    for (const auto& count : stats.counts())
        parts << QByteArray::fromStdString(count.name) + ' ' + QByteArray::number(qulonglong{count.packets});
    return parts.join(", ");
}

} // namespace

class FlagStatsTest : public QObject
{
    Q_OBJECT

private slots:
    void nothing();
    void orderOfFirstAppearance();
    void oneNameOneCount();
    void whatIsNoValue();
    void randomFlags();
};

void FlagStatsTest::nothing()
{
    QVERIFY(FlagStats().counts().empty());
}

void FlagStatsTest::orderOfFirstAppearance()
{
    FlagStats stats;
    for (const std::int64_t bits : {2, 18, 16, 16, 0, 24, 2, 16})
        stats.add({bits});
    QCOMPARE(text(stats), QByteArray("SYN 2, SYN+ACK 1, ACK 3, NONE 1, PSH+ACK 1"));
}

// Values beyond the byte share the names of the byte they end in.
void FlagStatsTest::oneNameOneCount()
{
    FlagStats stats;
    stats.add({256 + 2});
    stats.add({2});
    stats.add({512 + 2});
    stats.add({256});
    stats.add({256});
    stats.add({-256});
    stats.add({18});
    stats.add({256 + 18}); // the customary order is that of 18 itself only
    QCOMPARE(text(stats), QByteArray("SYN 3, OTHER_256 2, OTHER_-256 1, SYN+ACK 1, ACK+SYN 1"));
}

void FlagStatsTest::whatIsNoValue()
{
    FlagStats stats;
    stats.add({0, Origin::Missing});
    stats.add({0});
    stats.add({0, Origin::Column});
    stats.add({0, Origin::Missing});
    QCOMPARE(text(stats), QByteArray("INVALID 2, NONE 1, UNKNOWN 1"));
}

void FlagStatsTest::randomFlags()
{
    std::mt19937_64 random(11);
    FlagStats stats;
    std::vector<std::pair<std::string, std::uint64_t>> model;
    for (int i = 0; i < 20000; ++i) {
        const TcpFlags flags{static_cast<std::int64_t>(random() % 4 ? random() % 64 : random() % 2000),
                             random() % 50 == 0 ? Origin::Missing : Origin::Value};
        stats.add(flags);
        const std::string name(FlagTypeName(flags).text());
        auto known = model.begin();
        while (known != model.end() && known->first != name)
            ++known;
        if (known == model.end())
            known = model.insert(known, {name, 0});
        ++known->second;
    }
    QCOMPARE(stats.counts().size(), model.size());
    for (std::size_t i = 0; i < model.size(); ++i) {
        QCOMPARE(stats.counts()[i].name, model[i].first);
        QCOMPARE(stats.counts()[i].packets, model[i].second);
    }
}

QTEST_APPLESS_MAIN(FlagStatsTest)
#include "flag_stats_test.moc"
