// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"
#include "core/model/packet_batch.h"

#include "core/input/address_resolver.h"

#include <QTest>
#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;

class PacketBatchTest : public QObject
{
    Q_OBJECT

private slots:
    void oneReferenceAText();
    void thousandsOfTexts();
    void invalidEachTime();
    void clearForgetsTheTexts();
    void longAndEmptyTexts();
    void clearKeepsNothing();
    void resolvesInOrderOfAppearance();
    void theFilterTakesPacketsOut_data();
    void theFilterTakesPacketsOut();
    void theFilterDecidesOnRejects_data();
    void theFilterDecidesOnRejects();
    void withoutAFilterAllStay();
    void theSameTextsInTheNextBatch();
};

namespace {

/// What stands in the batch for an address field.
AddressId reference(AddressFields& fields, const std::string& text)
{
    return AddressId{fields.add(text)};
}

void addPacket(PacketBatch& batch, AddressId source, AddressId destination)
{
    Packet packet;
    packet.timestamp = batch.rows;
    packet.source = source;
    packet.destination = destination;
    batch.packets.push_back(packet);
    batch.places.push_back({batch.rows, batch.rows * 10});
    ++batch.rows;
}

void addReject(PacketBatch& batch, bool filterDecides, AddressId source, AddressId destination)
{
    PacketBatch::Reject reject;
    reject.place = {batch.rows, batch.rows * 10};
    reject.reason = filterDecides ? RejectReason::NumberOutOfRange : RejectReason::TooFewFields;
    reject.filterDecides = filterDecides;
    reject.source = source;
    reject.destination = destination;
    batch.rejects.push_back(reject);
    ++batch.rows;
}

struct Resolving
{
    explicit Resolving(const char* list = nullptr, FilterEnds ends = FilterEnds::Either)
    {
        auto parsedMap = IpMap::parse(R"({"10.0.0.1": 1, "10.0.0.17": 17, "10.1.0.1": 300})");
        if (!parsedMap)
            qFatal("the map cannot be read");
        map = *std::move(parsedMap);
        if (list) {
            auto parsed = parseAddressFilter(list, map);
            if (!parsed)
                qFatal("the filter cannot be read");
            filter = *std::move(parsed);
        }
        decoder.emplace(map, filter ? &*filter : nullptr, table);
        resolver.emplace(*decoder, ends);
    }
    /// "a>b" of every packet, with the row before.
    QByteArrayList packets(const PacketBatch& batch) const
    {
        QByteArrayList list;
        for (std::size_t i = 0; i < batch.packets.size(); ++i) {
            const auto text = [&](AddressId id) {
                return QByteArray::fromStdString(std::string(table.text(id)));
            };
            const auto& packet = batch.packets[i];
            if (packet.timestamp != batch.places[i].row || batch.places[i].line != batch.places[i].row * 10)
                return {"a packet in another's place"};
            list << QByteArray::number(batch.places[i].row) + ' ' + text(packet.source) + '>' +
                        text(packet.destination);
        }
        return list;
    }

    IpMap map;
    std::optional<AddressFilter> filter;
    AddressTable table;
    std::optional<AddressDecoder> decoder;
    std::optional<AddressResolver> resolver;
};

std::vector<std::uint32_t> rejectedRows(const PacketBatch& batch)
{
    std::vector<std::uint32_t> rows;
    for (const auto& reject : batch.rejects)
        rows.push_back(reject.place.row);
    return rows;
}

void endsOfPackets()
{
    QTest::addColumn<FilterEnds>("ends");
    QTest::newRow("either") << FilterEnds::Either;
    QTest::newRow("both") << FilterEnds::Both;
}

} // namespace

void PacketBatchTest::oneReferenceAText()
{
    AddressFields fields;
    const auto a = fields.add("10.0.0.1"), b = fields.add("10.0.0.2");
    QVERIFY(a != b);
    QCOMPARE(fields.add("10.0.0.1"), a);
    QCOMPARE(fields.add(std::string("10.0.0.") + "2"), b);
    QCOMPARE(fields.size(), std::size_t{2});
    for (const auto known : {a, b})
        QVERIFY((known & AddressFields::textBit) != 0 && known != AddressFields::invalid);
    QCOMPARE(fields.text(a & ~AddressFields::textBit), std::string_view("10.0.0.1"));
    QCOMPARE(fields.text(b & ~AddressFields::textBit), std::string_view("10.0.0.2"));
    QVERIFY(fields.add("10.0.0.1 ") != a); // told apart by their text alone
    QVERIFY(fields.add("017") != fields.add("17"));
}

void PacketBatchTest::thousandsOfTexts()
{
    std::mt19937_64 random(4);
    AddressFields fields;
    std::map<std::string, std::uint32_t> known;
    for (int i = 0; i < 40'000; ++i) {
        const auto n = random() % 9000;
        // of all lengths around the eight bytes that are hashed at once, alike but for one end
        auto text = std::to_string(n) + std::string(n % 30, '.');
        if (n % 2)
            std::reverse(text.begin(), text.end());
        const auto reference = fields.add(text);
        const auto [place, isNew] = known.emplace(text, reference);
        QCOMPARE(place->second, reference);
        if (isNew)
            QCOMPARE(reference, AddressFields::textBit | static_cast<std::uint32_t>(known.size() - 1));
    }
    QCOMPARE(fields.size(), known.size());
    for (const auto& [text, reference] : known)
        QCOMPARE(fields.text(reference & ~AddressFields::textBit), std::string_view(text));
}

void PacketBatchTest::invalidEachTime()
{
    AddressFields fields;
    for (int i = 0; i < 3; ++i) {
        for (const std::string_view broken : {"h\xf6st", "\xff", "\xc3", "10.0.0.1\x80", "\xed\xa0\x80"})
            QCOMPARE(fields.add(broken), AddressFields::invalid);
        QVERIFY(fields.add("h\xc3\xb6st") != AddressFields::invalid);
    }
    QCOMPARE(fields.size(), std::size_t{1});
}

void PacketBatchTest::clearForgetsTheTexts()
{
    AddressFields fields;
    fields.clear();
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(fields.add(std::to_string(round) + '-' + std::to_string(i)) & ~AddressFields::textBit,
                     static_cast<std::uint32_t>(i));
        QCOMPARE(fields.size(), std::size_t{2000});
        fields.clear();
        QCOMPARE(fields.size(), std::size_t{0});
    }
    QCOMPARE(fields.add("2-5"), AddressFields::textBit); // it was the sixth before
}

void PacketBatchTest::longAndEmptyTexts()
{
    AddressFields fields;
    const auto empty = fields.add({});
    QVERIFY(empty != AddressFields::invalid);
    QCOMPARE(fields.add(""), empty);
    QCOMPARE(fields.text(empty & ~AddressFields::textBit), std::string_view());
    const std::string text(1'000'000, 'x');
    const auto whole = fields.add(text), shorter = fields.add(text.substr(1));
    auto other = text;
    other[500'000] = 'y';
    QVERIFY(fields.add(other) != whole);
    QVERIFY(whole != shorter);
    QCOMPARE(fields.add(text), whole);
    QVERIFY(fields.text(whole & ~AddressFields::textBit) == text);
    QVERIFY(fields.text(shorter & ~AddressFields::textBit) == std::string_view(text).substr(1));
    // Zero bytes count like others, the empty rest of a text does not.
    QVERIFY(fields.add(std::string_view("a\0", 2)) != fields.add("a"));
    QVERIFY(fields.add(std::string_view("\0", 1)) != empty);
}

void PacketBatchTest::clearKeepsNothing()
{
    PacketBatch batch;
    addPacket(batch, reference(batch.fields, "a"), AddressId{17});
    addReject(batch, true, AddressId{1}, AddressId{2});
    batch.lines = 7;
    batch.firstPastWindow = 0;
    batch.bytesOnDisk = 5;
    batch.clear();
    QVERIFY(batch.packets.empty() && batch.places.empty() && batch.rejects.empty());
    QCOMPARE(batch.fields.size(), std::size_t{0});
    QCOMPARE(batch.rows, 0u);
    QCOMPARE(batch.lines, std::uint64_t{0});
    QCOMPARE(batch.firstPastWindow, std::uint32_t{PacketBatch::none});
    QCOMPARE(batch.bytesOnDisk, std::uint64_t{0});
}

void PacketBatchTest::resolvesInOrderOfAppearance()
{
    Resolving run;
    PacketBatch batch;
    addPacket(batch, reference(batch.fields, "b"), reference(batch.fields, "a"));
    addPacket(batch, AddressId{17}, reference(batch.fields, "b"));
    addPacket(batch, AddressId{999'999}, AddressId{1});
    addPacket(batch, reference(batch.fields, "00017"), reference(batch.fields, ""));
    addPacket(batch, reference(batch.fields, "1.0"), reference(batch.fields, "NA"));
    run.resolver->resolve(batch);
    QCOMPARE(run.packets(batch),
             (QByteArrayList{"0 b>a", "1 10.0.0.17>b", "2 999999>10.0.0.1", "3 10.0.0.17>", "4 10.0.0.1>"}));
    QCOMPARE(batch.packets[0].source, AddressId{1}); // behind the empty address
    QCOMPARE(batch.packets[0].destination, AddressId{2});
    QCOMPARE(batch.packets[3].destination, emptyAddress);
}

void PacketBatchTest::theFilterTakesPacketsOut_data()
{
    endsOfPackets();
}

void PacketBatchTest::theFilterTakesPacketsOut()
{
    QFETCH(FilterEnds, ends);
    Resolving run("10.0.0.0/16, 300", ends); // 300 is 10.1.0.1
    PacketBatch batch;
    auto& fields = batch.fields;
    addPacket(batch, reference(fields, "10.2.0.1"), reference(fields, "10.2.0.2"));
    addPacket(batch, reference(fields, "10.0.0.5"), reference(fields, "10.2.0.1"));
    addPacket(batch, AddressId{17}, AddressId{300});
    addPacket(batch, AddressId{301}, AddressId{302});
    addPacket(batch, AddressId{301}, reference(fields, "10.1.0.1"));
    addPacket(batch, reference(fields, "10.0.9.9"), reference(fields, "10.0.0.5"));
    addPacket(batch, reference(fields, ""), AddressId{303});
    run.resolver->resolve(batch);
    QCOMPARE(run.packets(batch), ends == FilterEnds::Either
                                     ? (QByteArrayList{"1 10.0.0.5>10.2.0.1", "2 10.0.0.17>10.1.0.1",
                                                       "4 301>10.1.0.1", "5 10.0.9.9>10.0.0.5"})
                                     : (QByteArrayList{"2 10.0.0.17>10.1.0.1", "5 10.0.9.9>10.0.0.5"}));
    QCOMPARE(batch.rows, 7u); // the others are still rows
}

void PacketBatchTest::theFilterDecidesOnRejects_data()
{
    endsOfPackets();
}

void PacketBatchTest::theFilterDecidesOnRejects()
{
    QFETCH(FilterEnds, ends);
    Resolving run("10.0.0.0/16", ends);
    PacketBatch batch;
    const auto in = reference(batch.fields, "10.0.0.5"), out = reference(batch.fields, "10.2.0.1");
    addReject(batch, true, out, out);
    addReject(batch, true, in, out);
    addReject(batch, false, {}, {}); // nobody looked at its addresses
    addReject(batch, true, AddressId{1}, in);
    addReject(batch, true, out, AddressId{2});
    addReject(batch, false, {}, {});
    run.resolver->resolve(batch);
    QCOMPARE(rejectedRows(batch), ends == FilterEnds::Either ? (std::vector<std::uint32_t>{1, 2, 3, 5})
                                                             : (std::vector<std::uint32_t>{2, 3, 5}));
}

void PacketBatchTest::withoutAFilterAllStay()
{
    Resolving run;
    PacketBatch batch;
    addReject(batch, true, AddressId{5}, reference(batch.fields, "x"));
    addReject(batch, false, {}, {});
    addPacket(batch, AddressId{5}, reference(batch.fields, "x"));
    run.resolver->resolve(batch);
    QCOMPARE(rejectedRows(batch), (std::vector<std::uint32_t>{0, 1}));
    QCOMPARE(run.packets(batch), QByteArrayList{"2 5>x"});
}

void PacketBatchTest::theSameTextsInTheNextBatch()
{
    Resolving run;
    PacketBatch batch;
    addPacket(batch, reference(batch.fields, "a"), reference(batch.fields, "b"));
    run.resolver->resolve(batch);
    batch.clear();
    addPacket(batch, reference(batch.fields, "b"), reference(batch.fields, "c"));
    addPacket(batch, reference(batch.fields, "a"), reference(batch.fields, "c"));
    run.resolver->resolve(batch);
    QCOMPARE(run.packets(batch), (QByteArrayList{"0 b>c", "1 a>c"}));
    QCOMPARE(batch.packets[1].source, AddressId{1}); // as in the batch before
    QCOMPARE(run.table.size(), std::size_t{4});
}

QTEST_APPLESS_MAIN(PacketBatchTest)
#include "packet_batch_test.moc"
