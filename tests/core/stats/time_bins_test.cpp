// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/time_bins.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

/// Whether a double is at most an integer, exactly.
bool atMost(double border, std::int64_t time)
{
    if (border >= 9223372036854775808.0)
        return false;
    if (border < -9223372036854775808.0)
        return true;
    const double whole = std::floor(border);
    const auto integer = static_cast<std::int64_t>(whole);
    return integer < time || (integer == time && border <= whole);
}

/// The bin of a time, as docs/dataset.md, 11 puts it: the borders one after the other.
std::size_t slowBin(std::int64_t minimum, std::int64_t maximum, std::int64_t time)
{
    const double width =
        static_cast<double>(static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum)) / 100;
    for (int i = 0; i < 100; ++i) {
        const double start = static_cast<double>(minimum) + i * width;
        const double end = static_cast<double>(minimum) + (i + 1) * width;
        if (atMost(start, time) && !atMost(end, time))
            return static_cast<std::size_t>(i);
    }
    return 100;
}

bool always()
{
    return true;
}

} // namespace

class TimeBinsTest : public QObject
{
    Q_OBJECT

private slots:
    void aSpanBeyondDoublesIsDividedOnce();
    void asTheSlowRule_data();
    void asTheSlowRule();
    void tinySpans();
    void outside();
    void noneWithoutTimestamps();
    void oneForOneTime();
    void aHundred();
    void theNewestIsInNoBin();
    void sumsUp();
    void manyBlocks_data();
    void manyBlocks();
    void stops();
};

// Nanoseconds among which a zero strayed: (max - min) is no double, and Python rounds the quotient once.
void TimeBinsTest::aSpanBeyondDoublesIsDividedOnce()
{
    const BinBorders borders(0, 1524614823341370065, 100);
    QCOMPARE(borders.bin(0).end, 15246148233413700);
    QCOMPARE(borders.bin(1).start, 15246148233413700);
    QCOMPARE(borders.bin(99).end, 1524614823341370112);
}

void TimeBinsTest::asTheSlowRule_data()
{
    QTest::addColumn<qint64>("minimum");
    QTest::addColumn<qint64>("maximum");
    const auto row = [](const char* name, qint64 minimum, qint64 maximum) {
        QTest::newRow(name) << minimum << maximum;
    };
    constexpr qint64 capture = 1'257'254'615'000'000;
    row("a day", capture, capture + 86'400'000'000);
    row("a prime", capture + 1, capture + 7'777'777'777);
    row("a second", capture, capture + 1'000'000);
    row("99 us", capture, capture + 99);
    row("101 us", capture, capture + 101);
    row("before 1970", -capture, 12345);
    row("around 0", -50, 51);
    row("borders beyond 2^53", (qint64{1} << 53) - 1000, (qint64{1} << 53) + 1003);
    row("a minimum that no double has", (qint64{1} << 53) + 3, (qint64{1} << 53) + 5000);
    row("many borders on one double", (qint64{1} << 62) + 7, (qint64{1} << 62) + 5000);
    row("nanoseconds", 1'257'254'615'000'000'123, 1'257'254'615'987'654'321);
    row("the lower half of 64 bits", least, 0);
    row("nearly the upper half of 64 bits", 0, most - 100'000);
    row("the upper half of 64 bits", 0, most);
    row("all of 64 bits", least, most);
}

void TimeBinsTest::asTheSlowRule()
{
    QFETCH(qint64, minimum);
    QFETCH(qint64, maximum);
    std::mt19937_64 random(13);
    const BinBorders borders(minimum, maximum, referenceBinCount);
    QCOMPARE(borders.size(), std::size_t{100});
    const auto span = static_cast<std::uint64_t>(maximum) - static_cast<std::uint64_t>(minimum);
    std::vector<std::int64_t> times{minimum, maximum, minimum + 1, maximum - 1};
    for (int i = 0; i < 500; ++i)
        times.push_back(
            static_cast<std::int64_t>(static_cast<std::uint64_t>(minimum) +
                                      (span == ~std::uint64_t{0} ? random() : random() % (span + 1))));
    for (std::size_t i = 0; i < borders.size(); ++i) { // the borders and what lies around them
        for (const std::int64_t step : {-1, 0, 1}) {
            const auto start = borders.bin(i).start;
            if ((step < 0 && start <= minimum) || (step > 0 && start >= maximum))
                continue;
            if (start + step >= minimum && start + step <= maximum)
                times.push_back(start + step);
        }
    }
    for (const auto time : times)
        QVERIFY2(borders.binOf(time) == slowBin(minimum, maximum, time), qPrintable(QString::number(time)));
}

void TimeBinsTest::tinySpans()
{
    std::mt19937_64 random(14);
    for (std::int64_t span = 1; span <= 200; ++span) {
        const auto minimum = static_cast<std::int64_t>(random() >> random() % 40 >> 1);
        const auto maximum = minimum + span;
        const BinBorders borders(minimum, maximum, referenceBinCount);
        for (auto time = minimum; time <= maximum; ++time)
            QVERIFY2(borders.binOf(time) == slowBin(minimum, maximum, time),
                     qPrintable(QStringLiteral("%1 of %2 to %3").arg(time).arg(minimum).arg(maximum)));
    }
}

void TimeBinsTest::outside()
{
    const BinBorders borders(1000, 2000, 10);
    QCOMPARE(borders.size(), std::size_t{10});
    for (const std::int64_t time : {999, 0, -1000, 2000, 2001, 1'000'000'000})
        QCOMPARE(borders.binOf(time), std::size_t{10});
    QCOMPARE(borders.binOf(1000), std::size_t{0});
    QCOMPARE(borders.binOf(1099), std::size_t{0});
    QCOMPARE(borders.binOf(1100), std::size_t{1});
    QCOMPARE(borders.binOf(1999), std::size_t{9});
    QVERIFY((borders.bin(0) == TimeBin{1000, 1100, 0}));
    QVERIFY((borders.bin(9) == TimeBin{1900, 2000, 0}));
}

void TimeBinsTest::noneWithoutTimestamps()
{
    const TestFolder folder;
    TimestampStore store(folder.path());
    const auto bins = referenceBins(store, always);
    QVERIFY(bins);
    QVERIFY(bins->empty());
}

void TimeBinsTest::oneForOneTime()
{
    for (const std::int64_t time : {std::int64_t{0}, std::int64_t{77}, least, most}) {
        const TestFolder folder;
        TimestampStore store(folder.path());
        for (int i = 0; i < 3; ++i)
            store.add(time);
        const auto bins = referenceBins(store, always);
        QVERIFY(bins);
        QCOMPARE(bins->size(), std::size_t{1});
        QVERIFY((bins->front() == TimeBin{time, time, 3}));
    }
}

void TimeBinsTest::aHundred()
{
    const TestFolder folder;
    TimestampStore store(folder.path());
    for (std::int64_t time = -50; time <= 200; ++time) // 2.5 us a bin
        store.add(time);
    const auto bins = referenceBins(store, always);
    QVERIFY(bins);
    QCOMPARE(bins->size(), std::size_t{100});
    QVERIFY((bins->at(0) == TimeBin{-50, -47, 3})); // -50, -49, -48; the end -47.5 is truncated
    QVERIFY((bins->at(1) == TimeBin{-47, -45, 2})); // -47, -46
    QVERIFY((bins->at(2) == TimeBin{-45, -42, 3})); // -45 itself belongs to it
    QVERIFY((bins->at(20) == TimeBin{0, 2, 3}));
    QVERIFY((bins->at(99) == TimeBin{197, 200, 2})); // 198, 199
}

void TimeBinsTest::theNewestIsInNoBin()
{
    const TestFolder folder;
    TimestampStore store(folder.path());
    for (const std::int64_t time : {0, 1000, 1000, 999, 1000})
        store.add(time);
    const auto bins = referenceBins(store, always);
    QVERIFY(bins);
    QCOMPARE(bins->front().packets, std::uint64_t{1});
    QVERIFY((bins->back() == TimeBin{990, 1000, 1}));
}

void TimeBinsTest::sumsUp()
{
    const TestFolder folder;
    TimestampStore store(folder.path(), 5000);
    std::mt19937_64 random(15);
    std::vector<std::uint64_t> expected(101);
    std::vector<std::int64_t> times{0, 987'654'321};
    for (int i = 0; i < 20'000; ++i)
        times.push_back(static_cast<std::int64_t>(random() % 987'654'322));
    for (const auto time : times) {
        store.add(time);
        ++expected[slowBin(0, 987'654'321, time)];
    }
    const auto bins = referenceBins(store, always);
    QVERIFY(bins);
    for (std::size_t i = 0; i < bins->size(); ++i)
        QCOMPARE(bins->at(i).packets, expected[i]);
}

void TimeBinsTest::manyBlocks_data()
{
    QTest::addColumn<qint64>("minimum");
    QTest::addColumn<quint64>("span"); ///< to the maximum
    QTest::addColumn<QByteArray>("order");
    QTest::addColumn<quint64>("limit");
    constexpr qint64 capture = 1'257'254'615'000'000;
    const std::vector<std::tuple<const char*, qint64, quint64>> ranges{
        {"a day", capture, 86'400'000'000},
        {"99 us", capture, 99},
        {"before 1970", -capture, 987'654'321},
        {"a minimum that no double has", (qint64{1} << 53) + 3, 5000},
        {"nanoseconds", 1'257'254'615'000'000'129, 987'654'321},
        {"nanoseconds, neither end in a bin", 1'257'254'615'000'000'200, 987'654'244},
        {"many borders on one double", (qint64{1} << 62) + 7, 5000},
        {"all of 64 bits", least, ~quint64{0}}};
    for (const auto& [name, minimum, span] : ranges) {
        for (const char* order : {"in order", "disorder", "ends in one block"}) {
            for (const quint64 limit : {quint64{3000}, quint64{TimestampStore::defaultMemoryLimit}})
                QTest::addRow("%s, %s, %s", name, order, limit == 3000 ? "spilled" : "in memory")
                    << minimum << span << QByteArray(order) << limit;
        }
    }
}

// Blocks that lie in one bin are not looked into: that must give what counting one by one gives.
void TimeBinsTest::manyBlocks()
{
    QFETCH(qint64, minimum);
    QFETCH(quint64, span);
    QFETCH(QByteArray, order);
    QFETCH(quint64, limit);
    std::mt19937_64 random(16);
    const auto later = [&](std::uint64_t difference) {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(minimum) + difference);
    };
    const auto maximum = later(span);
    std::vector<std::int64_t> times;
    for (int i = 0; i < 20'000; ++i) // dense parts too: whole blocks in one bin
        times.push_back(later(i % 2 ? span / 3 + random() % 7
                                    : (span == ~std::uint64_t{0} ? random() : random() % (span + 1))));
    times.insert(times.end(), {minimum, maximum, maximum, minimum});
    if (order != "disorder")
        std::sort(times.begin(), times.end());
    if (order == "ends in one block") // of which the first knows both ends
        times.insert(times.begin() + 1, {maximum, minimum});
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit));
    std::vector<std::uint64_t> expected(101);
    for (const auto time : times) {
        store.add(time);
        ++expected[slowBin(minimum, maximum, time)];
    }
    const auto bins = referenceBins(store, always);
    QVERIFY(bins);
    QCOMPARE(bins->size(), std::size_t{100});
    for (std::size_t i = 0; i < bins->size(); ++i)
        QCOMPARE(bins->at(i).packets, expected[i]);
}

void TimeBinsTest::stops()
{
    const TestFolder folder;
    TimestampStore store(folder.path());
    store.add(1);
    store.add(2);
    const auto bins = referenceBins(store, [] { return false; });
    QVERIFY(!bins);
    QCOMPARE(bins.error().code, Errc::Cancelled);
    TimestampStore failed(folder / "none", 1);
    failed.add(1);
    failed.add(2);
    const auto none = referenceBins(failed, always);
    QVERIFY(!none);
    QCOMPARE(none.error().code, Errc::Write);
}

QTEST_APPLESS_MAIN(TimeBinsTest)
#include "time_bins_test.moc"
