// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/wide_sum.h"

#include <QTest>
#include <cstdlib>
#include <limits>
#include <random>
#include <string_view>
#include <vector>

using namespace packetloom;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

WideSum times(std::int64_t value, int count)
{
    WideSum sum;
    for (int i = 0; i < count; ++i)
        sum += value;
    return sum;
}

// A slow sum of another make: the parts above and below 10^9 apart, each within 64 bits.
struct SplitSum
{
    static constexpr std::int64_t base = 1'000'000'000;
    std::int64_t high = 0, low = 0;

    void add(std::int64_t value)
    {
        high += value / base;
        low += value % base;
    }
    [[nodiscard]] std::string decimal() const
    {
        std::int64_t h = high + low / base, l = low % base;
        if (h > 0 && l < 0) {
            --h;
            l += base;
        } else if (h < 0 && l > 0) {
            ++h;
            l -= base;
        }
        const bool negative = h < 0 || l < 0;
        const auto rest = std::to_string(std::abs(l));
        const auto sign = negative ? std::string("-") : std::string();
        if (h == 0)
            return sign + rest;
        return sign + std::to_string(std::abs(h)) + std::string(9 - rest.size(), '0') + rest;
    }
};

// Says which way a number took.
struct Recorder
{
    std::string text;
    void append(std::string_view part) { text.append("text ").append(part); }
    void append(std::int64_t number) { text.append("number ").append(std::to_string(number)); }
};

} // namespace

class WideSumTest : public QObject
{
    Q_OBJECT

private slots:
    void sums_data();
    void sums();
    void addsItself();
    void order();
    void randomSums();
    void appends();
    void readsWhatItWrites();
};

void WideSumTest::sums_data()
{
    QTest::addColumn<WideSum>("sum");
    QTest::addColumn<QByteArray>("decimal");
    QTest::addColumn<bool>("fits");
    QTest::addColumn<qint64>("clamped");
    const auto row = [](const WideSum& sum, const char* decimal, bool fits, qint64 clamped) {
        QTest::newRow(decimal) << sum << QByteArray(decimal) << fits << clamped;
    };
    const auto power = [](std::int64_t value, int doublings) {
        WideSum sum(value);
        for (int i = 0; i < doublings; ++i) {
            const WideSum same = sum;
            sum += same;
        }
        return sum;
    };
    row(WideSum(), "0", true, 0);
    row(WideSum(7), "7", true, 7);
    row(WideSum(-10), "-10", true, -10);
    row(WideSum(most), "9223372036854775807", true, most);
    row(WideSum(least), "-9223372036854775808", true, least);
    row(WideSum(most) += 1, "9223372036854775808", false, most);
    row(WideSum(least) += -1, "-9223372036854775809", false, least);
    row(WideSum(most) += least, "-1", true, -1);
    row((WideSum(most) += 5) += -5, "9223372036854775807", true, most);
    row((WideSum(least) += -5) += 5, "-9223372036854775808", true, least);
    row(times(most, 2), "18446744073709551614", false, most);
    row(times(most, 2) += 1, "18446744073709551615", false, most);
    row(times(most, 2) += 2, "18446744073709551616", false, most);
    row(times(least, 2), "-18446744073709551616", false, least);
    row(times(least, 2) += -1, "-18446744073709551617", false, least);
    row(times(most, 3), "27670116110564327421", false, most);
    row(times(least, 3), "-27670116110564327424", false, least);
    row(times(most, 10), "92233720368547758070", false, most);
    row(power(most, 63), "85070591730234615856620279821087277056", false, most);
    row(power(least, 63), "-85070591730234615865843651857942052864", false, least);
    row(power(least, 64), "-170141183460469231731687303715884105728", false, least); // the very end
    row(power(1, 100), "1267650600228229401496703205376", false, most);
}

void WideSumTest::sums()
{
    QFETCH(WideSum, sum);
    QFETCH(QByteArray, decimal);
    QFETCH(bool, fits);
    QFETCH(qint64, clamped);
    QCOMPARE(QByteArray::fromStdString(sum.decimal()), decimal);
    QCOMPARE(sum.fits64(), fits);
    QCOMPARE(sum.clamped(), std::int64_t{clamped});
}

void WideSumTest::addsItself()
{
    WideSum sum = WideSum(most) += 1;
    sum += sum;
    QCOMPARE(QByteArray::fromStdString(sum.decimal()), QByteArray("18446744073709551616"));
    sum = WideSum(-1);
    sum += sum;
    QCOMPARE(QByteArray::fromStdString(sum.decimal()), QByteArray("-2"));
}

void WideSumTest::order()
{
    const std::vector<WideSum> ascending{
        times(least, 3),    times(least, 2) += -1, times(least, 2),     WideSum(least) += -1, WideSum(least),
        WideSum(-2),        WideSum(-1),           WideSum(0),          WideSum(1),           WideSum(most),
        WideSum(most) += 1, times(most, 2),        times(most, 2) += 1, times(most, 2) += 2,  times(most, 3)};
    for (std::size_t a = 0; a < ascending.size(); ++a) {
        for (std::size_t b = 0; b < ascending.size(); ++b) {
            QCOMPARE(ascending[a] < ascending[b], a < b);
            QCOMPARE(ascending[a] == ascending[b], a == b);
        }
    }
    QVERIFY((WideSum(most) += least) == WideSum(-1)); // one value has one form
}

void WideSumTest::randomSums()
{
    std::mt19937_64 random(2);
    WideSum sum, wide;
    SplitSum model;
    for (int i = 0; i < 20000; ++i) {
        auto value = static_cast<std::int64_t>(random());
        if (i % 5000 >= 2500) // long runs to one side, so that the sum leaves 64 bits either way
            value = i < 10000 ? static_cast<std::int64_t>(random() >> 1)
                              : -static_cast<std::int64_t>(random() >> 1);
        WideSum back = sum;
        sum += value;
        wide += WideSum(value);
        const WideSum before = back;
        back = sum;
        back -= WideSum(value);
        QVERIFY(back == before);
        back -= back;
        QVERIFY(back == WideSum());
        model.add(value);
        if (i % 7 == 0)
            QCOMPARE(QByteArray::fromStdString(sum.decimal()), QByteArray::fromStdString(model.decimal()));
    }
    QVERIFY(sum == wide);
}

void WideSumTest::appends()
{
    const auto appended = [](const WideSum& sum) {
        Recorder recorder;
        appendDecimal(recorder, sum);
        return QByteArray::fromStdString(recorder.text);
    };
    QCOMPARE(appended(WideSum(-3)), QByteArray("number -3"));
    QCOMPARE(appended(WideSum(least)), QByteArray("number -9223372036854775808"));
    QCOMPARE(appended(WideSum(most) += 1), QByteArray("text 9223372036854775808"));
    QCOMPARE(appended(WideSum(least) += -1), QByteArray("text -9223372036854775809"));
}

void WideSumTest::readsWhatItWrites()
{
    for (const auto& sum : {WideSum(), WideSum(7), WideSum(-7), WideSum(most), WideSum(least),
                            times(most, 1000), times(least, 1000)}) {
        const auto read = WideSum::fromDecimal(sum.decimal());
        QVERIFY(read);
        QVERIFY(*read == sum);
    }
    QVERIFY(WideSum::fromDecimal("170141183460469231731687303715884105727")); // 2^127 - 1
    for (const char* wrong :
         {"", "-", "+1", "1.0", " 1", "1 ", "x", "1e3", "--1", "170141183460469231731687303715884105728",
          "99999999999999999999999999999999999999999999"})
        QVERIFY2(!WideSum::fromDecimal(wrong), wrong);
}

QTEST_APPLESS_MAIN(WideSumTest)
#include "wide_sum_test.moc"
