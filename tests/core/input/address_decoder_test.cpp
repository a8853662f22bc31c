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
    void numbersInOddSpellings_data();
    void numbersInOddSpellings();
    void refusesWhatIsNotUtf8();
    void oneAddressHasOneNumber();
    void asksTheFilterAboutDecodedAddresses();

private:
    IpMap map_;
};

void AddressDecoderTest::initTestCase()
{
    auto map = IpMap::parse(
        R"({"10.0.0.1": 1, "10.0.0.2": 2, "big": 123456789012, "max": 9223372036854775807, "shared": 2, "minus seven": -7})");
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

// Where the reference's answer depends on all other rows of a read chunk, ours does not: see "What differs
// from the Python loader" in the manual.
void AddressDecoderTest::numbersInOddSpellings_data()
{
    QTest::addColumn<std::string>("field");
    QTest::addColumn<std::string>("address");
    const auto row = [](const char* why, const char* field, const char* address) {
        QTest::newRow(why) << std::string(field) << std::string(address);
    };
    row("a whole number with a fraction is an id", "2.0", "shared");
    row("a whole number with an exponent is an id", "1e0", "10.0.0.1");
    row("an exponent that the map does not know", "1e3", "1000");
    row("a negative one with a fraction", "-7.0", "minus seven");
    row("a sign makes it a text", "+1", "+1");
    row("a minus sign makes it a text", "-7", "-7");
    row("a leading blank makes it a text", " 1", " 1");
    row("a trailing blank makes it a text", "1 ", "1 ");
    row("grouped digits are a text", "1_000", "1_000");
    row("Arabic digits are a text", "\xD9\xA1", "\xD9\xA1");
    row("a superscript is a text", "\xC2\xB2", "\xC2\xB2");
    row("a truth value is a text", "TRUE", "TRUE");
    row("beyond a double is a text", "1e400", "1e400");
    row("beyond 64 bits with an exponent is a text", "1e30", "1e30");
    row("an infinity is a text", "inf", "inf");
    row("a quote is a letter", "1\"", "1\"");
    row("None is missing", "None", "");
    row("none is a text", "none", "none");
    row("NA with a blank is a text", "NA ", "NA ");
    row("<NA> is missing", "<NA>", "");
}

void AddressDecoderTest::numbersInOddSpellings()
{
    decodes();
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
    const auto filter = parseAddressFilter("10.0.0.0/30,3", map_);
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
