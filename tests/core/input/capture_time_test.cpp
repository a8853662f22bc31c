// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/capture_interface.h"

#include <QTest>
#include <limits>

using namespace packetloom;

/// Timestamps of every resolution become whole microseconds, rounded down.
class CaptureTimeTest : public QObject
{
    Q_OBJECT

private slots:
    void roundsDown_data();
    void roundsDown();
    void whatDoesNotFit_data();
    void whatDoesNotFit();
};

namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
constexpr std::int64_t mostMicroseconds = std::numeric_limits<std::int64_t>::max();

} // namespace

void CaptureTimeTest::roundsDown_data()
{
    QTest::addColumn<std::uint64_t>("units");
    QTest::addColumn<int>("resolution");
    QTest::addColumn<std::int64_t>("offset");
    QTest::addColumn<std::int64_t>("microseconds");
    QTest::addColumn<bool>("more");
    const auto row = [](const char* name, std::uint64_t units, int resolution, std::int64_t offset,
                        std::int64_t microseconds, bool more) {
        QTest::newRow(name) << units << resolution << offset << microseconds << more;
    };
    row("microseconds", 1257254615000042, 6, 0, 1257254615000042, false);
    row("nanoseconds", 1257254615000042999, 9, 0, 1257254615000042, true);
    row("whole nanoseconds", 1257254615000042000, 9, 0, 1257254615000042, false);
    row("seconds", 1257254615, 0, 0, 1257254615000000, false);
    row("milliseconds", 1257254615001, 3, 0, 1257254615001000, false);
    row("picoseconds", 1257254615000042999, 12, 0, 1257254615000, true);
    row("10^-25", most, 25, 0, 1, true);
    row("10^-26", most, 26, 0, 0, true);
    row("10^-127", most, 127, 0, 0, true);
    row("none of 10^-127", 0, 127, 0, 0, false);
    row("2^0", 1257254615, 0x80, 0, 1257254615000000, false);
    row("2^-10", 1536, 0x80 | 10, 0, 1500000, false);
    row("2^-10, a part", 1, 0x80 | 10, 0, 976, true);
    row("2^-32", (std::uint64_t{1257254615} << 32) | 0x80000000u, 0x80 | 32, 0, 1257254615500000, false);
    row("2^-63", most, 0x80 | 63, 0, 1999999, true);
    row("2^-64", most, 0x80 | 64, 0, 999999, true);
    row("2^-83", most, 0x80 | 83, 0, 1, true);
    row("2^-84", most, 0x80 | 84, 0, 0, true);
    row("2^-127", most, 0x80 | 127, 0, 0, true);
    row("an offset", 5, 6, 1257254615, 1257254615000005, false);
    row("an offset back", 1, 6, -1, -999999, false);
    row("an offset back and nanoseconds", 1, 9, -1, -1000000, true);
    row("the last microsecond", static_cast<std::uint64_t>(mostMicroseconds), 6, 0, mostMicroseconds, false);
}

void CaptureTimeTest::roundsDown()
{
    QFETCH(std::uint64_t, units);
    QFETCH(int, resolution);
    QFETCH(std::int64_t, offset);
    QFETCH(std::int64_t, microseconds);
    QFETCH(bool, more);
    const auto time =
        captureTime(units, {.resolution = static_cast<std::uint8_t>(resolution), .offsetSeconds = offset});
    QVERIFY(time);
    QCOMPARE(time->microseconds, microseconds);
    QCOMPARE(time->more, more);
}

void CaptureTimeTest::whatDoesNotFit_data()
{
    QTest::addColumn<std::uint64_t>("units");
    QTest::addColumn<int>("resolution");
    QTest::addColumn<std::int64_t>("offset");
    QTest::newRow("microseconds") << static_cast<std::uint64_t>(mostMicroseconds) + 1 << 6 << std::int64_t{0};
    QTest::newRow("seconds") << most << 0 << std::int64_t{0};
    QTest::newRow("2^0") << most << 0x80 << std::int64_t{0};
    QTest::newRow("2^-3") << most << (0x80 | 3) << std::int64_t{0};
    QTest::newRow("an offset") << std::uint64_t{1} << 6 << mostMicroseconds;
    QTest::newRow("an offset back") << std::uint64_t{1} << 6 << std::numeric_limits<std::int64_t>::min();
    QTest::newRow("a sum") << static_cast<std::uint64_t>(mostMicroseconds) << 6 << std::int64_t{1};
}

void CaptureTimeTest::whatDoesNotFit()
{
    QFETCH(std::uint64_t, units);
    QFETCH(int, resolution);
    QFETCH(std::int64_t, offset);
    QVERIFY(
        !captureTime(units, {.resolution = static_cast<std::uint8_t>(resolution), .offsetSeconds = offset}));
}

QTEST_GUILESS_MAIN(CaptureTimeTest)
#include "capture_time_test.moc"
