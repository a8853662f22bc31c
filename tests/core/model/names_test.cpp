// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/ip_text.h"
#include "core/model/service_name.h"

#include "core/filter/ip_network.h"

#include <QTest>

using namespace packetloom;

class NamesTest : public QObject
{
    Q_OBJECT

private slots:
    void commonPortsHaveNames();
    void addressesHaveOneText_data();
    void addressesHaveOneText();
};

void NamesTest::commonPortsHaveNames()
{
    QCOMPARE(serviceName(80), std::string_view("http"));
    QCOMPARE(serviceName(443), std::string_view("https"));
    QCOMPARE(serviceName(7), std::string_view("echo"));
    QCOMPARE(serviceName(27017), std::string_view("mongodb"));
    for (const std::int64_t port : {std::int64_t{-1}, std::int64_t{0}, std::int64_t{81}, std::int64_t{27018},
                                    std::numeric_limits<std::int64_t>::max()})
        QVERIFY(serviceName(port).empty());
    QCOMPARE(servicePort("HTTPS"), std::optional<std::int64_t>(443));
    QVERIFY(!servicePort("") && !servicePort("http-") && !servicePort("no such"));
    int named = 0;
    for (std::int64_t port = 0; port < 65536; ++port) {
        if (const auto name = serviceName(port); !name.empty()) {
            ++named;
            QCOMPARE(servicePort(name), std::optional(port)); // each name once
        }
    }
    QVERIFY(named >= 300);
}

void NamesTest::addressesHaveOneText_data()
{
    QTest::addColumn<QString>("canonical");
    QTest::newRow("10.0.0.1") << "10.0.0.1";
    QTest::newRow("2001:0DB8:0:0:0:0:0:0001") << "2001:db8::1";
    QTest::newRow("::") << "::";
    QTest::newRow("1:0:0:2:0:0:0:3") << "1:0:0:2::3";
    QTest::newRow("::ffff:a00:1") << "::ffff:10.0.0.1";
    QTest::newRow("1:2:3:4:5:6:7:0") << "1:2:3:4:5:6:7:0"; // one group is not shortened (RFC 5952, 4.2.2)
}

void NamesTest::addressesHaveOneText()
{
    QFETCH(QString, canonical);
    const auto address = IpAddress::parse(QTest::currentDataTag());
    QVERIFY(address);
    std::array<char, longestIpText> text{};
    const auto length = writeIpText({address->bytes.data(), address->length}, text);
    QCOMPARE(QString::fromUtf8(text.data(), qsizetype(length)), canonical);
}

QTEST_GUILESS_MAIN(NamesTest)
#include "names_test.moc"
