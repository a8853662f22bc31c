// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/ip_text.h"

#include "core/filter/ip_network.h"
#include "core/model/packet_batch.h"

#include <QTest>
#include <array>
#include <random>
#ifdef Q_OS_UNIX
#include <arpa/inet.h>
#endif

using namespace packetloom;

/// Addresses as text: RFC 5952, and what the system writes.
class IpTextTest : public QObject
{
    Q_OBJECT

private slots:
    void canonical_data();
    void canonical();
    void asTheSystemWritesIt();
    void aBatchKnowsAnAddressOnce();
    void binaryAndTextAreOneAddress();
};

namespace {

std::string textOf(std::span<const std::uint8_t> address)
{
    std::array<char, longestIpText> text{};
    return {text.data(), writeIpText(address, text)};
}

} // namespace

void IpTextTest::canonical_data()
{
    QTest::addColumn<QString>("text");
    for (const char* const text : {"0.0.0.0",
                                   "10.0.0.1",
                                   "255.255.255.255",
                                   "::",
                                   "::1",
                                   "1::",
                                   "2001:db8::1",
                                   "2001:db8:0:1:1:1:1:1",
                                   "2001:0:0:1::1",
                                   "2001:db8::1:0:0:1",
                                   "1:2:3:4:5:6:7:8",
                                   "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                                   "::ffff:192.0.2.1",
                                   "::192.0.2.1",
                                   "::ffff:0:0:1",
                                   "fe80::a:b:c:d",
                                   "0:2:3:4:5:6:7:8",
                                   "1:2:3:4:5:6:7:0",
                                   "64:ff9b::c000:201",
                                   "::1:2"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void IpTextTest::canonical()
{
    QFETCH(QString, text);
    const auto address = IpAddress::parse(text.toStdString());
    QVERIFY(address);
    QCOMPARE(QString::fromStdString(textOf(std::span(address->bytes).first(address->length))),
             text == QLatin1String("::1:2") ? QStringLiteral("::0.1.0.2") : text);
}

void IpTextTest::asTheSystemWritesIt()
{
#ifdef Q_OS_UNIX
    std::mt19937 random(5952); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (int i = 0; i < 100'000; ++i) {
        std::array<std::uint8_t, 16> bytes{};
        for (auto& byte : bytes)
            byte = random() % 3 != 0 ? std::uint8_t{0}
                                     : static_cast<std::uint8_t>(random() % 4 == 0 ? 0xff : random());
        if (random() % 4 == 0)
            std::fill_n(bytes.begin(), 10, std::uint8_t{0});
        const bool is4 = random() % 8 == 0;
        std::array<char, INET6_ADDRSTRLEN> expected{};
        inet_ntop(is4 ? AF_INET : AF_INET6, bytes.data(), expected.data(), expected.size());
        QCOMPARE(textOf(std::span(bytes).first(is4 ? 4 : 16)), std::string(expected.data()));
    }
#endif
}

void IpTextTest::aBatchKnowsAnAddressOnce()
{
    AddressFields fields;
    for (int round = 0; round < 2; ++round) {
        for (std::uint32_t i = 0; i < 5000; ++i) {
            const std::array<std::uint8_t, 4> four{10, 0, static_cast<std::uint8_t>(i >> 8),
                                                   static_cast<std::uint8_t>(i)};
            std::array<std::uint8_t, 16> six{};
            std::copy(four.begin(), four.end(),
                      six.begin() + 12); // the same bytes in an address of another kind
            QCOMPARE(fields.addIp(four), AddressFields::textBit | 2 * i);
            QCOMPARE(fields.addIp(six), AddressFields::textBit | (2 * i + 1));
        }
    }
    QCOMPARE(fields.size(), 10000u);
    QCOMPARE(fields.text(2), std::string_view("10.0.0.1"));
    QCOMPARE(fields.text(3), std::string_view("::10.0.0.1"));
    fields.clear();
    const std::array<std::uint8_t, 4> other{1, 2, 3, 4};
    QCOMPARE(fields.addIp(other), AddressFields::textBit);
    QCOMPARE(fields.text(0), std::string_view("1.2.3.4"));
}

void IpTextTest::binaryAndTextAreOneAddress()
{
    AddressFields fields;
    const std::array<std::uint8_t, 4> address{10, 0, 0, 1};
    const auto text = fields.add("10.0.0.1");
    QCOMPARE(fields.addIp(address), text);
    QCOMPARE(fields.add("10.0.0.1"), text);
}

QTEST_GUILESS_MAIN(IpTextTest)
#include "ip_text_test.moc"
