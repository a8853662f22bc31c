// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/packed_column.h"

#include <QTest>
#include <limits>
#include <random>
#include <vector>

using namespace packetloom;

/// Columns of numbers in few bytes.
class PackedColumnTest : public QObject
{
    Q_OBJECT

private slots:
    void everyWidthComesBack_data();
    void everyWidthComesBack();
    void columnsAreSkipped();
};

namespace {

constexpr auto least = std::numeric_limits<std::int64_t>::min(),
               most = std::numeric_limits<std::int64_t>::max();

std::vector<std::uint8_t> packed(const std::vector<std::int64_t>& numbers)
{
    std::vector<std::uint8_t> bytes(packedColumnHead + 8 * numbers.size() + packedColumnSlack);
    const auto* const end =
        packColumn(bytes.data(), numbers.size(), [&](std::size_t i) { return numbers[i]; });
    bytes.resize(static_cast<std::size_t>(end - bytes.data()) + packedColumnSlack);
    return bytes;
}

} // namespace

void PackedColumnTest::everyWidthComesBack_data()
{
    QTest::addColumn<qint64>("low");
    QTest::addColumn<quint64>("span");
    QTest::addColumn<int>("width");
    for (int width = 0; width <= 8; ++width) {
        const quint64 widest = width == 8 ? ~quint64{0} : (quint64{1} << 8 * width) - 1;
        for (const qint64 low : {qint64{least}, qint64{-3}, qint64{0}, qint64{1'257'254'615'000'000}}) {
            if (widest > static_cast<quint64>(most) - static_cast<quint64>(low))
                continue;
            QTest::addRow("%d bytes from %lld", width, static_cast<long long>(low)) << low << widest << width;
        }
    }
}

void PackedColumnTest::everyWidthComesBack()
{
    QFETCH(qint64, low);
    QFETCH(quint64, span);
    QFETCH(int, width);
    std::mt19937_64 random(3);
    std::vector<std::int64_t> numbers;
    for (int i = 0; i < 100; ++i) {
        const quint64 more = i == 50 ? span : i == 60 || span == 0 ? 0 : random() % span;
        numbers.push_back(static_cast<std::int64_t>(static_cast<quint64>(low) + more));
    }
    const auto bytes = packed(numbers);
    QCOMPARE(bytes.size(), packedColumnHead + static_cast<std::size_t>(width) * 100 + packedColumnSlack);
    std::vector<std::int64_t> back(numbers.size());
    const auto* const end = unpackColumn(bytes.data(), back.size(),
                                         [&](std::size_t i, std::int64_t number) { back[i] = number; });
    QCOMPARE(back, numbers);
    QCOMPARE(end, bytes.data() + bytes.size() - packedColumnSlack);
}

void PackedColumnTest::columnsAreSkipped()
{
    const std::vector<std::int64_t> numbers{7, 70'000, 8};
    const auto bytes = packed(numbers);
    QCOMPARE(skipColumn(bytes.data(), numbers.size()), bytes.data() + bytes.size() - packedColumnSlack);
}

QTEST_APPLESS_MAIN(PackedColumnTest)
#include "packed_column_test.moc"
