// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "core/output/export.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// A filter that asks of flows keeps these flows, as they are among all, and their packets.
class SelectedFlowsTest : public QObject
{
    Q_OBJECT

private slots:
    void flowsAreThoseOfTheWholeRun_data();
    void flowsAreThoseOfTheWholeRun();
    void rowsAreLeftOutBeforeFlowsAreMade();
    void previewAndExportAreTheSame();
    void threadsChangeNothing();
    void noFlowIsNoRow();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

/// Connections that use their ports again, time out, break off and come in any order.
std::string trafficAtRandom(unsigned seed, int rows)
{
    std::mt19937 random(seed);
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    constexpr std::array flags{2, 18, 16, 24, 16, 24, 17, 20, 4};
    std::string text = captureHeader();
    std::int64_t time = captureStart;
    for (int i = 0; i < rows; ++i) {
        time += static_cast<std::int64_t>(upTo(200'000)) - 20'000 +
                (upTo(40) == 0 ? std::int64_t{2'500'000} : std::int64_t{0});
        const auto client = "10.0.0." + std::to_string(1 + upTo(4)),
                   server = "10.9.0." + std::to_string(upTo(2));
        const auto port = std::to_string(upTo(60) == 0 ? 0 : 5000 + upTo(4));
        const bool there = upTo(2) == 0;
        text += std::to_string(time) + ',' + (there ? client : server) + ',' + (there ? server : client) +
                ',' + (there ? port : "80") + ',' + (there ? "80" : port) + ',' +
                std::to_string(flags[upTo(flags.size())]) + ',' + std::to_string(upTo(3)) + ',' +
                std::to_string(upTo(3)) + ',' + std::to_string(upTo(1500)) +
                (upTo(9) == 0 ? ",17\n" : ",6\n");
    }
    return text;
}

Options reading(const TestFolder& folder, unsigned seed = 5)
{
    Options options;
    options.inputs = {folder.write("a.csv", trafficAtRandom(seed, 900)),
                      folder.write("b.csv", trafficAtRandom(seed + 1, 500))};
    options.readChunkRows = 37;
    options.flowTimeoutSeconds = 2;
    options.flowsPerChunk = 7;
    options.replaceAnything = true;
    return options;
}

struct Made
{
    std::vector<QJsonObject> flows; ///< in order, without their numbers
    std::vector<std::string> rows;  ///< of packets.csv
    RunTotals totals;
    std::map<std::string, std::string> dataset;
};

Made madeBy(const Options& options, const TestFolder& folder)
{
    const auto summary = convert(options, folder / "out", goOn);
    if (!summary)
        qFatal("the conversion fails: %d", static_cast<int>(summary.error().code));
    Made made;
    made.totals = summary->totals;
    made.dataset = datasetContent(folder / "out");
    for (const auto& [name, content] : made.dataset) {
        if (!name.starts_with("flows/chunk_"))
            continue;
        for (const auto& each : QJsonDocument::fromJson(QByteArray::fromStdString(content)).array()) {
            auto flow = each.toObject();
            flow.remove(QStringLiteral("id"));
            made.flows.push_back(flow);
        }
    }
    const auto& text = made.dataset.at("packets.csv");
    for (std::size_t at = text.find('\n') + 1, end = 0; at < text.size(); at = end + 1) {
        end = text.find('\n', at);
        made.rows.push_back(text.substr(at, end - at));
    }
    return made;
}

using Wanted = std::function<bool(const QJsonObject&)>;

} // namespace

Q_DECLARE_METATYPE(Wanted)

void SelectedFlowsTest::flowsAreThoseOfTheWholeRun_data()
{
    QTest::addColumn<std::string>("filter");
    QTest::addColumn<Wanted>("wanted");
    const auto row = [](const char* filter, const Wanted& wanted) {
        QTest::newRow(filter) << std::string(filter) << wanted;
    };
    const auto bytes = [](const QJsonObject& flow) { return flow["totalBytes"].toInteger(); };
    const auto packets = [](const QJsonObject& flow) { return flow["totalPackets"].toInteger(); };
    const auto close = [](const QJsonObject& flow) { return flow["closeType"].toString(); };
    row("bytes > 3000", [=](const QJsonObject& flow) { return bytes(flow) > 3000; });
    row("packets in {2..4} and not abortive", [=](const QJsonObject& flow) {
        return packets(flow) >= 2 && packets(flow) <= 4 && close(flow) != "abortive";
    });
    row("graceful or bytes < 500",
        [=](const QJsonObject& flow) { return close(flow) == "graceful" || bytes(flow) < 500; });
    row("flow(src == 10.0.0.1)",
        [=](const QJsonObject& flow) { return flow["initiator"].toString() == "10.0.0.1"; });
    row("timeout", [](const QJsonObject& flow) { return flow["completed_by_timeout"].toBool(); });
    row("number == 11 or number == 23", {});
    row("duration > 1s", [](const QJsonObject& flow) {
        return flow["endTime"].toInteger() - flow["startTime"].toInteger() > 1'000'000;
    });
}

void SelectedFlowsTest::flowsAreThoseOfTheWholeRun()
{
    QFETCH(std::string, filter);
    QFETCH(Wanted, wanted);
    const TestFolder folder;
    auto options = reading(folder);
    const auto all = madeBy(options, folder);
    QVERIFY(all.flows.size() > 60);
    options.filter = filter;
    const auto some = madeBy(options, folder);
    QCOMPARE(some.totals.flows, std::uint64_t{some.flows.size()});
    QVERIFY(!some.flows.empty() && some.flows.size() < all.flows.size());
    if (wanted) {
        std::vector<QJsonObject> expected;
        std::copy_if(all.flows.begin(), all.flows.end(), std::back_inserter(expected), wanted);
        if (filter.find("initiator") == std::string::npos && filter.find("src") == std::string::npos)
            QCOMPARE(some.flows.size(), expected.size());
        if (filter.find("src") == std::string::npos) // who began is not always in the flow's own words
            QVERIFY(some.flows == expected);
    } else {
        QCOMPARE(some.flows.size(), std::size_t{2});
    }
    for (const auto& flow : some.flows)
        QVERIFY(std::find(all.flows.begin(), all.flows.end(), flow) != all.flows.end());
    // Their packets, and no others, in the order of the whole.
    std::int64_t packets = 0;
    for (const auto& flow : some.flows)
        packets += flow["totalPackets"].toInteger();
    QCOMPARE(std::uint64_t(packets), some.totals.rows.kept);
    QCOMPARE(some.rows.size(), std::size_t(packets));
    auto at = all.rows.begin();
    for (const auto& row : some.rows) {
        at = std::find(at, all.rows.end(), row);
        QVERIFY(at != all.rows.end());
        ++at;
    }
    QCOMPARE(some.totals.rows.read, all.totals.rows.read);
    QCOMPARE(some.totals.rows.read, some.totals.rows.kept + some.totals.rows.filtered);
    std::uint64_t ofInputs = 0;
    for (const auto& input : some.totals.inputs) {
        QCOMPARE(input.rows.read, input.rows.kept + input.rows.filtered);
        ofInputs += input.rows.kept;
    }
    QCOMPARE(ofInputs, some.totals.rows.kept);
}

// Parts that name no field of flows select rows first: then flows are others.
void SelectedFlowsTest::rowsAreLeftOutBeforeFlowsAreMade()
{
    const TestFolder folder;
    auto options = reading(folder);
    options.filter = "len > 300";
    const auto rows = madeBy(options, folder);
    options.filter = "bytes > 3000 and len > 300";
    const auto both = madeBy(options, folder);
    std::vector<QJsonObject> expected;
    std::copy_if(rows.flows.begin(), rows.flows.end(), std::back_inserter(expected),
                 [](const QJsonObject& flow) { return flow["totalBytes"].toInteger() > 3000; });
    QVERIFY(!expected.empty() && expected.size() < rows.flows.size());
    QVERIFY(both.flows == expected);
    options.filter = "bytes > 3000 or len > 300";
    const auto mixed = convert(options, folder / "out", goOn);
    QVERIFY(!mixed);
    QCOMPARE(mixed.error().code, Errc::FilterText);
}

void SelectedFlowsTest::previewAndExportAreTheSame()
{
    const TestFolder folder;
    auto options = reading(folder);
    options.filter = "bytes > 3000 or graceful";
    const auto made = madeBy(options, folder);
    const auto preview = analyze(options, goOn, Depth::Flows);
    QVERIFY(preview);
    QCOMPARE((*preview)->totals.rows.kept, made.totals.rows.kept);
    QCOMPARE((*preview)->flows.size(), made.flows.size());
    QCOMPARE((*preview)->spool.packets(), made.totals.rows.kept);
    for (std::size_t flow = 0; flow < (*preview)->flows.size(); ++flow) {
        const auto detail = readFlow(**preview, flow);
        QVERIFY(detail);
        QCOMPARE(detail->packets.size(), std::size_t((*preview)->flows.packets(flow)));
        QCOMPARE(detail->life.closeType, (*preview)->flows.closeType(flow));
    }
    const auto counts = analyze(options, goOn);
    QVERIFY(counts);
    QCOMPARE((*counts)->totals.rows.kept, made.totals.rows.kept);
    QCOMPARE((*counts)->totals.flows, made.totals.flows);
    // Lines are those of the files.
    QVERIFY(!(*preview)->firstRows.empty());
    for (const auto& row : (*preview)->firstRows) {
        const auto text = contentOf(options.inputs[row.input]);
        std::size_t at = 0;
        for (std::uint64_t line = 1; line < row.line; ++line)
            at = text.find('\n', at) + 1;
        QVERIFY(text.compare(at, 16, std::to_string(row.packet.timestamp)) == 0);
    }
    QVERIFY(exportDataset(**preview, options, folder / "exported", goOn));
    QCOMPARE(datasetContent(folder / "exported"), made.dataset);
}

void SelectedFlowsTest::threadsChangeNothing()
{
    const TestFolder folder;
    auto options = reading(folder);
    options.filter = "packets > 3 and not port == 5001";
    options.threads = 1;
    const auto wanted = madeBy(options, folder);
    for (const unsigned threads : {2u, 3u, 8u}) {
        options.threads = threads;
        options.blockSize = 997 * threads;
        QCOMPARE(madeBy(options, folder).dataset, wanted.dataset);
    }
}

void SelectedFlowsTest::noFlowIsNoRow()
{
    const TestFolder folder;
    auto options = reading(folder);
    options.filter = "bytes > 1T";
    const auto none = convert(options, folder / "out", goOn);
    QVERIFY(none);
    QCOMPARE(none->totals.rows.kept, std::uint64_t{0});
    QCOMPARE(none->totals.flows, std::uint64_t{0});
    QCOMPARE(none->totals.firstTimestamp, std::int64_t{0});
    QVERIFY(none->totals.rows.read > 0);
}

QTEST_APPLESS_MAIN(SelectedFlowsTest)
#include "selected_flows_test.moc"
