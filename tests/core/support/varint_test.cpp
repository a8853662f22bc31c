// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/varint.h"

#include <QTest>
#include <array>
#include <limits>
#include <random>
#include <vector>

using namespace packetloom;

namespace {

constexpr auto most = std::numeric_limits<qint64>::max();
constexpr auto least = std::numeric_limits<qint64>::min();

} // namespace

class VarintTest : public QObject
{
    Q_OBJECT

private slots:
    void bytes_data();
    void bytes();
    void differences_data();
    void differences();
    void manyInARow();
};

void VarintTest::bytes_data()
{
    QTest::addColumn<quint64>("value");
    QTest::addColumn<QByteArray>("hex");
    const auto row = [](quint64 value, const char* hex) {
        QTest::addRow("%llu", static_cast<unsigned long long>(value)) << value << QByteArray(hex);
    };
    row(0, "00");
    row(1, "01");
    row(0x7f, "7f");
    row(0x80, "8001");
    row(0x3fff, "ff7f");
    row(0x4000, "808001");
    row(624485, "e58e26");
    row((quint64{1} << 56) - 1, "ffffffffffffff7f");
    row(quint64{1} << 56, "808080808080808001");
    row((quint64{1} << 63) - 1, "ffffffffffffffff7f");
    row(quint64{1} << 63, "80808080808080808001");
    row(~quint64{0}, "ffffffffffffffffff01");
}

void VarintTest::bytes()
{
    QFETCH(quint64, value);
    QFETCH(QByteArray, hex);
    std::array<std::uint8_t, longestVarint + 1> buffer;
    buffer.fill(0xAA);
    const auto size = putVarint(buffer.data(), value) - buffer.data();
    QVERIFY(size <= static_cast<std::ptrdiff_t>(longestVarint));
    QCOMPARE(buffer[static_cast<std::size_t>(size)], std::uint8_t{0xAA}); // nothing behind the end
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(buffer.data()), size).toHex(), hex);
    const std::uint8_t* at = buffer.data();
    QCOMPARE(takeVarint(at), std::uint64_t{value});
    QCOMPARE(at - buffer.data(), size);
}

void VarintTest::differences_data()
{
    QTest::addColumn<qint64>("value");
    QTest::addColumn<qint64>("predicted");
    QTest::addColumn<int>("size");
    QTest::newRow("none") << qint64{5} << qint64{5} << 1;
    QTest::newRow("63 on") << qint64{163} << qint64{100} << 1;
    QTest::newRow("64 on") << qint64{164} << qint64{100} << 2;
    QTest::newRow("64 back") << qint64{36} << qint64{100} << 1;
    QTest::newRow("65 back") << qint64{35} << qint64{100} << 2;
    QTest::newRow("across zero") << qint64{-3} << qint64{3} << 1;
    QTest::newRow("most from zero") << most << qint64{0} << 10;
    QTest::newRow("least from zero") << least << qint64{0} << 10;
    QTest::newRow("zero from least") << qint64{0} << least << 10;
    QTest::newRow("most from least") << most << least << 1; // -1 around the end
    QTest::newRow("least from most") << least << most << 1; // +1 around the end
    QTest::newRow("most itself") << most << most << 1;
    QTest::newRow("least itself") << least << least << 1;
}

void VarintTest::differences()
{
    QFETCH(qint64, value);
    QFETCH(qint64, predicted);
    QFETCH(int, size);
    std::array<std::uint8_t, longestVarint> buffer{};
    const auto* const end = putDifference(buffer.data(), value, predicted);
    QCOMPARE(static_cast<int>(end - buffer.data()), size);
    const std::uint8_t* at = buffer.data();
    QCOMPARE(takeDifference(at, predicted), std::int64_t{value});
    QVERIFY(at == end);
}

void VarintTest::manyInARow()
{
    std::mt19937_64 random(1);
    std::vector<std::int64_t> values(20000);
    for (auto& value : values)
        value = static_cast<std::int64_t>(random() >> random() % 64 ^ (random() % 2 ? ~std::uint64_t{0} : 0));
    std::vector<std::uint8_t> bytes(values.size() * 2 * longestVarint);
    auto* end = bytes.data();
    std::int64_t last = 0;
    for (const auto value : values) {
        end = putVarint(end, static_cast<std::uint64_t>(value));
        end = putDifference(end, value, last);
        last = value;
    }
    const std::uint8_t* at = bytes.data();
    last = 0;
    for (const auto value : values) {
        QCOMPARE(takeVarint(at), static_cast<std::uint64_t>(value));
        QCOMPARE(takeDifference(at, last), value);
        last = value;
    }
    QVERIFY(at == end);
}

QTEST_APPLESS_MAIN(VarintTest)
#include "varint_test.moc"
