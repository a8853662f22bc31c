// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/time_window.h"
#include "core/input/address_decoder.h"
#include "core/input/csv/number.h"

#include <QTest>

using namespace packetloom;

namespace {

bool holds(const TimeWindow& window, std::string_view text)
{
    const Number timestamp = parseNumber(text);
    return !window.startsAfter(timestamp.whole, timestamp.remainder) &&
           !window.endsBefore(timestamp.whole, timestamp.remainder);
}

} // namespace

class AddressFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void matches_data();
    void matches();
    void anyTextIsComparedAsItStands_data();
    void anyTextIsComparedAsItStands();
    void refusesBlocksThatAreNone_data();
    void refusesBlocksThatAreNone();
    void parsesNetworks_data();
    void parsesNetworks();
    void theWindowIncludesBothEnds();
};

void AddressFilterTest::matches_data()
{
    QTest::addColumn<std::string>("list");
    QTest::addColumn<std::string>("address");
    QTest::addColumn<bool>("wanted");
    const auto row = [](const char* list, const char* address, bool wanted) {
        QTest::addRow("%s <- %s", list, address) << std::string(list) << std::string(address) << wanted;
    };
    row("10.0.0.1", "10.0.0.1", true);
    row("10.0.0.1", "10.0.0.10", false);
    row("10.0.0.1,10.0.0.2", "10.0.0.2", true);
    row(" 10.0.0.1 ,\t10.0.0.2\n", "10.0.0.2", true);
    row("10.0.0.0/8", "10.255.255.255", true);
    row("10.0.0.0/8", "11.0.0.0", false);
    row("10.1.2.3/16", "10.1.9.9", true); // bits behind the prefix are ignored
    row("0.0.0.0/0", "1.2.3.4", true);
    row("0.0.0.0/0", "2001:db8::1", false);
    row("10.0.0.1/32", "10.0.0.1", true);
    row("10.0.0.1/32", "10.0.0.2", false);
    row("2001:db8::/32", "2001:db8:1::5", true);
    row("2001:db8::/32", "2001:db9::1", false);
    row("2001:db8::/33", "2001:db8:8000::", false);
    row("::/0", "fe80::1", true);
    row("10.0.0.0/8", "host", false);
    row("17", "10.0.0.17", true); // id 17 of the map below
    row("0017", "10.0.0.17", true);
    row("99", "99", true); // an id that the map does not know
    row("printer", "printer", true);
    row("10.0.0.1,", "", true); // an empty entry is the empty address, as in the reference
    row("10.0.0.1", "", false);
    row("2001:db8::1", "2001:db8:0::1", false); // single addresses compare as text, as in the reference
}

void AddressFilterTest::matches()
{
    QFETCH(std::string, list);
    QFETCH(std::string, address);
    QFETCH(bool, wanted);
    const auto map = IpMap::parse(R"({"10.0.0.17": 17, "printer": 18})");
    QVERIFY(map);
    const auto filter = parseAddressFilter(list, *map);
    QVERIFY(filter);
    QCOMPARE(filter->matches(address), wanted);
}

// An address may be any text, so the reference takes any.
void AddressFilterTest::anyTextIsComparedAsItStands_data()
{
    QTest::addColumn<std::string>("entry");
    for (const char* const entry :
         {"host", "10.0.0", "10.0.0.256", "/8", "a/b", "eth0/1", "2001:::1", "unknown-host", "-5", "1.5",
          "1e3", "+1", "1_000", "NA", "10.0.0.1 10.0.0.2", "h\xc3\xb6st", "\xD9\xA1", "10.0.0.1\""})
        QTest::newRow(entry) << std::string(entry);
}

void AddressFilterTest::anyTextIsComparedAsItStands()
{
    QFETCH(std::string, entry);
    const auto filter = parseAddressFilter("10.0.0.9, " + entry + " ,10.0.0.8", IpMap());
    QVERIFY(filter);
    QVERIFY(filter->matches(entry));
    QVERIFY(!filter->matches(entry + "x"));
    QVERIFY(!filter->matches(""));
    QVERIFY(!AddressFilter::isAddressBlockOrId(entry));
    for (const char* const known : {"10.0.0.1", "2001:db8::1", "10.0.0.0/8", "::/0", "17", "007"})
        QVERIFY(AddressFilter::isAddressBlockOrId(known));
}

void AddressFilterTest::refusesBlocksThatAreNone_data()
{
    QTest::addColumn<std::string>("entry");
    for (const char* const entry : {"10.0.0.1/33", "10.0.0.1/", "10.0.0.1/-1", "10.0.0.1/8x",
                                    "2001:db8::/129", "10.0.0.1/08x", "10.0.0.0/8/8"})
        QTest::newRow(entry) << std::string(entry);
}

void AddressFilterTest::refusesBlocksThatAreNone()
{
    QFETCH(std::string, entry);
    const auto filter = parseAddressFilter("10.0.0.9," + entry + ",10.0.0.8", IpMap());
    QVERIFY(!filter);
    QCOMPARE(filter.error().code, Errc::FilterEntry);
    QCOMPARE(filter.error().detail, entry);
}

void AddressFilterTest::parsesNetworks_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("inside");
    QTest::addColumn<std::string>("outside");
    for (unsigned prefix = 1; prefix <= 32; ++prefix) {
        // the last address of the block of 0.0.0.0 and the first behind it
        const std::uint32_t last = prefix == 32 ? 0 : 0xffffffffu >> prefix;
        const auto text = [](std::uint32_t a) {
            return std::to_string(a >> 24) + '.' + std::to_string(a >> 16 & 255) + '.' +
                   std::to_string(a >> 8 & 255) + '.' + std::to_string(a & 255);
        };
        QTest::addRow("/%u", prefix) << "0.0.0.0/" + std::to_string(prefix) << text(last) << text(last + 1);
    }
}

void AddressFilterTest::parsesNetworks()
{
    QFETCH(std::string, text);
    QFETCH(std::string, inside);
    QFETCH(std::string, outside);
    const auto network = IpNetwork::parse(text);
    QVERIFY(network);
    QVERIFY(network->contains(*IpAddress::parse(inside)));
    QVERIFY(!network->contains(*IpAddress::parse(outside)));
}

void AddressFilterTest::theWindowIncludesBothEnds()
{
    const TimeWindow window{.start = 10, .end = 20};
    const auto in = [&](const char* text) { return holds(window, text); };
    QVERIFY(!in("9"));
    QVERIFY(!in("9.999"));
    QVERIFY(in("10"));
    QVERIFY(in("10.5"));
    QVERIFY(in("20"));
    QVERIFY(in("20.0"));
    QVERIFY(!in("20.001"));
    QVERIFY(!in("21"));
    const TimeWindow negative{.start = -10, .end = -5};
    QVERIFY(!holds(negative, "-10.5")); // truncated it would be inside
    QVERIFY(holds(negative, "-9.5"));
    QVERIFY(!holds(negative, "-4.5"));
    QVERIFY(holds(TimeWindow{}, "-9223372036854775808"));
    QVERIFY(window.endsBefore(20, 1));
    QVERIFY(!window.endsBefore(5, 0));
}

QTEST_APPLESS_MAIN(AddressFilterTest)
#include "address_filter_test.moc"
