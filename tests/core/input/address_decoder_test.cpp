// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"

#include <QTest>

using namespace packetloom;

class AddressDecoderTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void decodes_data();
    void decodes();
    void refusesWhatIsNotUtf8();
    void oneAddressHasOneNumber();
    void asksTheFilterAboutDecodedAddresses();

private:
    IpMap map_;
};

void AddressDecoderTest::initTestCase()
{
    auto map = IpMap::parse(
        R"({"10.0.0.1": 1, "10.0.0.2": 2, "big": 123456789012, "max": 9223372036854775807, "shared": 2})");
    QVERIFY(map);
    map_ = *std::move(map);
}

void AddressDecoderTest::decodes_data()
{
    QTest::addColumn<std::string>("field");
    QTest::addColumn<std::string>("address");
    const auto row = [](const char* field, const char* address) {
        QTest::addRow("'%s'", field) << std::string(field) << std::string(address);
    };
    row("1", "10.0.0.1");
    row("2", "shared"); // the last address of an id
    row("001", "10.0.0.1");
    row("3", "3");
    row("003", "3");
    row("0", "0");
    row("000", "0");
    row("123456789012", "big");
    row("9223372036854775807", "max");
    row("99999999999999999999999", "99999999999999999999999");
    row("1.0", "10.0.0.1");
    row("3.0", "3");
    row("1.5", "1.5");
    row("-4", "-4");
    row("", "");
    row("NaN", "");
    row("None", "");
    row("10.0.0.1", "10.0.0.1");
    row("2001:db8::1", "2001:db8::1");
    row(" 1", " 1");
    row("h\xc3\xb6st", "h\xc3\xb6st");
}

void AddressDecoderTest::decodes()
{
    QFETCH(std::string, field);
    QFETCH(std::string, address);
    AddressTable table;
    AddressDecoder decoder(map_, nullptr, table);
    for (int repeated = 0; repeated < 2; ++repeated) { // the second time from memory
        const auto decoded = decoder.decode(field);
        QVERIFY(decoded.valid);
        QVERIFY(decoded.wanted);
        QCOMPARE(table.text(decoded.id), std::string_view(address));
    }
}

void AddressDecoderTest::refusesWhatIsNotUtf8()
{
    AddressTable table;
    AddressDecoder decoder(map_, nullptr, table);
    QVERIFY(!decoder.decode("h\xf6st").valid);
    QVERIFY(!decoder.decode("\xc3").valid);
    QCOMPARE(table.size(), 1u); // nothing but the empty address
}

void AddressDecoderTest::oneAddressHasOneNumber()
{
    AddressTable table;
    AddressDecoder decoder(map_, nullptr, table);
    const auto id = decoder.decode("1").id;
    QCOMPARE(decoder.decode("10.0.0.1").id, id);
    QCOMPARE(decoder.decode("0001").id, id);
    QCOMPARE(decoder.decode("1.0").id, id);
    QCOMPARE(decoder.decode("").id, emptyAddress);
    QCOMPARE(decoder.decode("NULL").id, emptyAddress);
    for (int i = 100; i < 50'000; ++i)
        QCOMPARE(table.text(decoder.decode(std::to_string(i)).id), std::string_view(std::to_string(i)));
    QCOMPARE(decoder.decode("1").id, id);
}

void AddressDecoderTest::asksTheFilterAboutDecodedAddresses()
{
    const auto filter = AddressFilter::parse("10.0.0.0/30,3", map_);
    QVERIFY(filter);
    AddressTable table;
    AddressDecoder decoder(map_, &*filter, table);
    QVERIFY(decoder.decode("1").wanted);
    QVERIFY(!decoder.decode("2").wanted);
    QVERIFY(decoder.decode("3").wanted);
    QVERIFY(!decoder.decode("4").wanted);
    QVERIFY(decoder.decode("10.0.0.3").wanted);
    QVERIFY(!decoder.decode("10.0.0.4").wanted);
    QVERIFY(!decoder.decode("").wanted);
}

QTEST_APPLESS_MAIN(AddressDecoderTest)
#include "address_decoder_test.moc"
