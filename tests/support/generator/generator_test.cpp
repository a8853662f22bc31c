// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// That each shape has the property that its name promises.

#include "tests/support/generator/generated_rows.h"

#include <QCryptographicHash>
#include <QTest>
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

using namespace packetloom;
using namespace packetloom::generator;

namespace {

/// How the conversations of a capture lie in time.
struct Overlap
{
    std::size_t flows = 0;
    std::size_t most = 0; ///< begun and not yet ended at one time
};

Overlap overlap(const GeneratorOptions& options)
{
    std::unordered_map<std::string, std::pair<std::uint64_t, std::uint64_t>> spans;
    eachRow(options, [&](const Row& row) {
        const auto time = number<std::uint64_t>(row[Time]);
        const auto found = spans.try_emplace(flowKey(row), time, time).first;
        found->second.second = time;
    });
    std::vector<std::pair<std::uint64_t, int>> borders;
    for (const auto& [key, span] : spans) {
        borders.emplace_back(span.first, 1);
        borders.emplace_back(span.second + 1, -1);
    }
    std::sort(borders.begin(), borders.end());
    Overlap result{spans.size(), 0};
    std::size_t now = 0;
    for (const auto& [time, change] : borders)
        result.most = std::max(result.most, now += static_cast<std::size_t>(change));
    return result;
}

} // namespace

class GeneratorTest : public QObject
{
    Q_OBJECT

private slots:
    void theDefaultStaysByteForByte();
    void everyShapeIsValidAndReproducible_data();
    void everyShapeIsValidAndReproducible();
    void unknownShapes();
    void campus();
    void text();
    void flood();
    void theMapOfAFloodHasEverySource();
    void scan();
    void elephants();
    void crowd();
    void shuffled();
};

void GeneratorTest::theDefaultStaysByteForByte()
{
    const auto sha = [](const GeneratorOptions& options, QCryptographicHash* map) {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        const auto into = [](QCryptographicHash& to) {
            return [&to](std::string_view piece) {
                to.addData(QByteArray::fromRawData(piece.data(), static_cast<qsizetype>(piece.size())));
                return true;
            };
        };
        generate(options, into(hash), map != nullptr ? TextConsumer(into(*map)) : TextConsumer());
        return hash.result().toHex();
    };
    QCOMPARE(sha(shape("default", 100'000), nullptr),
             QByteArray("66b3daaaeb20a334205682beaa27b4a95d041ca31ce0890d81dd297d35db5753"));
    auto options = shape("default", 100'000);
    options.addresses = Addresses::Text;
    options.hosts = 5000;
    options.seed = 9;
    QCryptographicHash map(QCryptographicHash::Sha256);
    QCOMPARE(sha(options, &map),
             QByteArray("05de352b1404aa4aea2459915d5c8a33d078d3590bf80ecd359901494531f645"));
    QCOMPARE(map.result().toHex(),
             QByteArray("ae2ad8aa254f59c920573cae4f5dd7f1eb5c9ea0f92bb17085fe8847c06e5149"));
}

void GeneratorTest::everyShapeIsValidAndReproducible_data()
{
    QTest::addColumn<QString>("name");
    for (const auto& name : shapeNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void GeneratorTest::everyShapeIsValidAndReproducible()
{
    QFETCH(QString, name);
    auto options = shape(name.toStdString(), 20'000);
    QCOMPARE(invalidOption(options), std::string());
    const auto made = [&options] {
        std::string text;
        generate(options, [&text](std::string_view block) {
            text += block;
            return true;
        });
        return text;
    };
    const std::string once = made();
    QCOMPARE(std::count(once.begin(), once.end(), '\n'), 20'001);
    QVERIFY(once == made());
    options.seed = 2;
    QVERIFY(once != made());
}

void GeneratorTest::unknownShapes()
{
    QVERIFY(!shapeOptions("").has_value());
    QVERIFY(!shapeOptions("camp").has_value());
}

void GeneratorTest::campus()
{
    const auto options = shape("campus", 500'000);
    std::set<std::string> addresses;
    eachRow(options, [&](const Row& row) {
        QVERIFY(number<std::uint32_t>(row[Source]) <= 20'000);
        addresses.emplace(row[Source]);
        addresses.emplace(row[Destination]);
    });
    QVERIFY(addresses.size() > 10'000);
    const Overlap found = overlap(options);
    // Every probe of a scan and every SYN of a flood is a flow; a conversation is one flow at most times.
    QVERIFY2(found.flows > 35'000 && found.flows < 52'000, qPrintable(QString::number(found.flows)));
    QVERIFY2(found.most > 1000 && found.most < 3000, qPrintable(QString::number(found.most)));
}

void GeneratorTest::text()
{
    std::size_t ofIpv6 = 0, rows = 0;
    eachRow(shape("text", 100'000), [&](const Row& row) {
        const auto isIpv6 = [](std::string_view address) {
            return address.find(':') != std::string_view::npos;
        };
        QVERIFY(isIpv6(row[Source]) || std::count(row[Source].begin(), row[Source].end(), '.') == 3);
        QCOMPARE(isIpv6(row[Source]), isIpv6(row[Destination]));
        ++rows;
        ofIpv6 += isIpv6(row[Source]) ? 1U : 0U;
    });
    QVERIFY2(ofIpv6 > rows / 4 && ofIpv6 < rows * 3 / 4, qPrintable(QString::number(ofIpv6)));
}

void GeneratorTest::flood()
{
    constexpr std::uint64_t rows = 1'000'000;
    std::set<std::string> sources;
    std::size_t syns = 0;
    eachRow(shape("flood", rows), [&](const Row& row) {
        const std::size_t dot = row[Source].find('.');
        const bool reserved = dot != std::string_view::npos && number<int>(row[Source].substr(0, dot)) >= 240;
        if (row[Flags] == "2" && reserved) {
            ++syns;
            sources.emplace(row[Source]);
        }
    });
    QVERIFY2(syns > rows * 57 / 100 && syns < rows * 65 / 100, qPrintable(QString::number(syns)));
    QCOMPARE(sources.size(), rows / 2);
}

void GeneratorTest::theMapOfAFloodHasEverySource()
{
    auto options = shape("flood", 20'000);
    options.hosts = 100;
    std::string map;
    generate(
        options, [](std::string_view) { return true; },
        [&map](std::string_view piece) {
            map += piece;
            return true;
        });

    std::map<std::string, std::string> byId;
    for (std::size_t at = map.find('"'); at != std::string::npos; at = map.find('"', at)) {
        const std::size_t end = map.find('"', at + 1);
        const std::size_t stop = map.find_first_of(",\n", end);
        QVERIFY(byId.emplace(map.substr(end + 3, stop - end - 3), map.substr(at + 1, end - at - 1)).second);
        at = stop;
    }
    QCOMPARE(byId.size(), 10'100U);
    std::set<std::string> distinct;
    for (const auto& [id, address] : byId)
        distinct.insert(address);
    QCOMPARE(distinct.size(), 10'100U);

    // The same rows, but for how addresses are written.
    std::vector<std::string> written;
    eachRow(options, [&](const Row& row) { written.emplace_back(row[Source]); });
    options.addresses = Addresses::Ids;
    std::size_t at = 0;
    eachRow(options, [&](const Row& row) { QCOMPARE(byId[std::string(row[Source])], written[at++]); });
}

void GeneratorTest::scan()
{
    constexpr std::uint64_t rows = 200'000;
    std::set<std::string> scanners, scanned;
    std::set<std::pair<std::string, std::string>> probes;
    std::size_t answers = 0;
    eachRow(shape("scan", rows), [&](const Row& row) {
        const bool probe = row[Flags] == "2";
        QVERIFY(probe || row[Flags] == "20");
        scanners.emplace(row[probe ? Source : Destination]);
        scanned.emplace(row[probe ? Destination : Source]);
        if (probe)
            QVERIFY(probes.emplace(row[Destination], row[DestinationPort]).second);
        else
            QVERIFY(probes.contains({std::string(row[Source]), std::string(row[SourcePort])}));
        answers += probe ? 0U : 1U;
    });
    QCOMPARE(scanners.size(), 1U);
    QCOMPARE(scanned.size(), 20'000U);
    QVERIFY(probes.size() > rows / 2);
    QVERIFY(answers > probes.size() * 3 / 4 && answers < probes.size() * 9 / 10);

    // Of few hosts, every port.
    auto few = shape("scan", 4 * 65'535 * 2);
    few.hosts = 5;
    std::map<std::string, std::set<std::string>> ports;
    eachRow(few, [&](const Row& row) {
        if (row[Flags] == "2")
            ports[std::string(row[Destination])].emplace(row[DestinationPort]);
    });
    QCOMPARE(ports.size(), 4U);
    for (const auto& [host, all] : ports)
        QCOMPARE(all.size(), 65'535U);
}

void GeneratorTest::elephants()
{
    std::map<std::string, std::size_t> packets;
    std::uint64_t last = 0;
    std::map<std::string, std::uint64_t> seen;
    eachRow(shape("elephants", 500'000), [&](const Row& row) {
        const auto key = flowKey(row);
        ++packets[key];
        last = number<std::uint64_t>(row[Time]);
        // No flow is silent for so long that it would become two.
        if (const auto before = seen.find(key); before != seen.end())
            QVERIFY(last - before->second < 60'000'000);
        seen[key] = last;
    });
    QCOMPARE(packets.size(), 20U);
    for (const auto& [key, count] : packets)
        QVERIFY2(count > 5000, qPrintable(QString::number(count)));
}

void GeneratorTest::crowd()
{
    auto options = shape("crowd", 1'000'000);
    QCOMPARE(options.concurrency, 200'000U);
    // A tenth of it, as the whole needs more rows than a test should make.
    options.concurrency = 20'000;
    options.packetsPerSecond /= 10;
    const Overlap found = overlap(options);
    QVERIFY2(found.most > 12'000 && found.most < 30'000, qPrintable(QString::number(found.most)));
}

void GeneratorTest::shuffled()
{
    constexpr std::uint64_t rows = 200'000;
    auto options = shape("shuffled", rows);
    std::multiset<std::string> late, inOrder;
    const auto whole = [](const Row& row) {
        return std::string(row.front().data(), row.back().data() + row.back().size());
    };
    std::uint64_t newest = 0, outOfOrder = 0, furthest = 0;
    eachRow(options, [&](const Row& row) {
        const auto time = number<std::uint64_t>(row[Time]);
        outOfOrder += time < newest ? 1U : 0U;
        newest = std::max(newest, time);
        furthest = std::max(furthest, newest - time);
        late.insert(whole(row));
    });
    QVERIFY2(outOfOrder > rows * 45 / 1000 && outOfOrder < rows * 55 / 1000,
             qPrintable(QString::number(outOfOrder)));
    QVERIFY(furthest > 1'800'000 && furthest <= 2'000'000);
    // The rows of the same traffic in order, no one lost.
    options.lateShare = 0;
    eachRow(options, [&](const Row& row) { inOrder.insert(whole(row)); });
    QVERIFY(late == inOrder);
}

QTEST_GUILESS_MAIN(GeneratorTest)
#include "generator_test.moc"
