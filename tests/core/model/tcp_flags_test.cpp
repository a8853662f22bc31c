// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/tcp_flags.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

using namespace packetloom;
using Origin = TcpFlags::Origin;

namespace {

QByteArray name(const TcpFlags& flags)
{
    return QByteArray::fromStdString(std::string(FlagTypeName(flags).text()));
}

} // namespace

class TcpFlagsTest : public QObject
{
    Q_OBJECT

private slots:
    void names_data();
    void names();
    void everyByte();
    void bits();
    void aTemporaryPerName();
};

void TcpFlagsTest::names_data()
{
    QTest::addColumn<qint64>("bits");
    QTest::addColumn<Origin>("origin");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](qint64 bits, const char* expected, Origin origin = Origin::Value) {
        QTest::addRow("%s for %lld", expected, static_cast<long long>(bits))
            << bits << origin << QByteArray(expected);
    };
    row(18, "SYN+ACK");
    row(17, "FIN+ACK");
    row(24, "PSH+ACK");
    row(20, "RST+ACK");
    row(0, "NONE");
    row(1, "FIN");
    row(2, "SYN");
    row(4, "RST");
    row(8, "PSH");
    row(16, "ACK");
    row(32, "URG");
    row(64, "ECE");
    row(128, "CWR");
    row(25, "ACK+FIN+PSH");
    row(3, "FIN+SYN");
    row(82, "ACK+ECE+SYN");
    row(194, "CWR+ECE+SYN");
    row(255, "ACK+CWR+ECE+FIN+PSH+RST+SYN+URG");
    // Only the eight bits have names; only the exact values have the customary order.
    row(256, "OTHER_256");
    row(4096, "OTHER_4096");
    row(256 + 2, "SYN");
    row(256 + 18, "ACK+SYN");
    row(-1, "ACK+CWR+ECE+FIN+PSH+RST+SYN+URG");
    row(-256, "OTHER_-256");
    row(std::numeric_limits<qint64>::min(), "OTHER_-9223372036854775808");
    row(std::numeric_limits<qint64>::max() - 255, "OTHER_9223372036854775552");
    row(std::numeric_limits<qint64>::max(), "ACK+CWR+ECE+FIN+PSH+RST+SYN+URG");
    row(0, "INVALID", Origin::Missing);
    row(0, "UNKNOWN", Origin::Column);
}

void TcpFlagsTest::names()
{
    QFETCH(qint64, bits);
    QFETCH(Origin, origin);
    QFETCH(QByteArray, expected);
    QCOMPARE(name({bits, origin}), expected);
}

// The rule as the reference has it: collect, sort, join.
void TcpFlagsTest::everyByte()
{
    const std::map<std::int64_t, std::string> bitNames{{1, "FIN"},  {2, "SYN"},  {4, "RST"},  {8, "PSH"},
                                                       {16, "ACK"}, {32, "URG"}, {64, "ECE"}, {128, "CWR"}};
    const std::map<std::int64_t, std::string> customary{
        {18, "SYN+ACK"}, {17, "FIN+ACK"}, {24, "PSH+ACK"}, {20, "RST+ACK"}, {0, "NONE"}};
    for (std::int64_t value = 0; value < 256; ++value) {
        std::vector<std::string> set;
        for (const auto& [bit, bitName] : bitNames) {
            if (value & bit)
                set.push_back(bitName);
        }
        std::sort(set.begin(), set.end());
        std::string expected;
        for (const auto& part : set)
            expected += (expected.empty() ? "" : "+") + part;
        if (const auto known = customary.find(value); known != customary.end())
            expected = known->second;
        QCOMPARE(name({value}), QByteArray::fromStdString(expected));
    }
}

void TcpFlagsTest::bits()
{
    const TcpFlags flags{18};
    QVERIFY(flags.has(TcpFlags::syn));
    QVERIFY(flags.has(TcpFlags::ack));
    QVERIFY(flags.has(TcpFlags::ack | TcpFlags::fin)); // any of them
    QVERIFY(!flags.has(TcpFlags::fin | TcpFlags::rst));
    QVERIFY(flags == TcpFlags{18});
    QVERIFY(!(TcpFlags{0} == TcpFlags{0, Origin::Missing}));
    QVERIFY(!(TcpFlags{0, Origin::Column} == TcpFlags{0, Origin::Missing}));
}

void TcpFlagsTest::aTemporaryPerName()
{
    const FlagTypeName first({256}), second({512});
    QCOMPARE(first.text(), std::string_view("OTHER_256"));
    QCOMPARE(second.text(), std::string_view("OTHER_512"));
}

QTEST_APPLESS_MAIN(TcpFlagsTest)
#include "tcp_flags_test.moc"
