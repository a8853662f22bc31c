// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/exact_flows.h"
#include "core/analysis/row_flows.h"
#include "core/output/conn_log/conn_json.h"
#include "core/output/flow_export.h"
#include "tests/support/generator/shapes.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// How a capture is read changes nothing of the exact engine's flows, to the last byte of what is written of
/// them, and what is looked at is what is exported. (golden_exact_order does this with the program, for files
/// and threads; the sizes of blocks are told to the core alone.)
class ExactOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void readInOtherWays_data();
    void readInOtherWays();

private:
    const TestFolder folder_;
};

namespace {

constexpr std::size_t packets = 2'000;
constexpr std::uint64_t packetsPerSecond = 20; // so that some flows end by their timeouts
constexpr std::size_t smallBlock = 61;         // smaller than a frame, and than most lines

constexpr auto goOn = [](const Progress&) { return true; };

/// A way to read a capture.
struct Way
{
    unsigned threads = 1;
    std::size_t blockSize = Options().blockSize;
    std::int64_t readChunkRows = Options().readChunkRows;
};

Options of(const std::filesystem::path& input, const Way& way, const TestFolder& folder)
{
    Options options;
    options.inputs = {input};
    options.threads = way.threads;
    options.blockSize = way.blockSize;
    options.readChunkRows = way.readChunkRows;
    options.temporaryFolder = folder.path();
    return options;
}

/// Puts the text together.
FlowExport into(std::string& text)
{
    FlowExport wanted{.format = connJson};
    wanted.take = [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    };
    return wanted;
}

std::string exported(const Options& options)
{
    std::string text;
    if (const auto written = exportFlows(options, into(text), goOn); !written)
        qFatal("export: %s", written.error().detail.c_str());
    return text;
}

/// Of the flows that are looked at, and whether their packets are theirs.
std::string lookedAt(Options options)
{
    options.flowsBy = FlowsBy::Exact;
    const auto analysis = analyze(options, goOn, Depth::Flows);
    if (!analysis || !(*analysis)->exact)
        qFatal("it cannot be analyzed");
    const auto flows = exactFlowsOf(**analysis, {}, options.threads);
    const auto rowFlows = rowFlowsOf(**analysis);
    if (!flows || !rowFlows)
        qFatal("flows or rows cannot be told");
    std::vector<std::uint32_t> flowOfRow(static_cast<std::size_t>((*analysis)->packets()));
    if (!(*rowFlows)->read(0, flowOfRow))
        qFatal("rows cannot be read");
    std::vector<std::uint64_t> counted((*flows)->size());
    for (const std::uint32_t flow : flowOfRow) {
        if (flow != RowFlows::none)
            ++counted.at(flow);
    }
    const auto& table = (*analysis)->flows;
    if (table.size() != (*flows)->size() || (*analysis)->exact->size() != table.size())
        qFatal("other numbers of flows");
    for (std::size_t i = 0; i < table.size(); ++i) {
        const ExactFlow flow = (*flows)->flow(i);
        if (counted[i] != flow.sides[0].packets + flow.sides[1].packets || table.packets(i) != counted[i] ||
            table.start(i) != flow.start)
            qFatal("flow %zu of the table is another", i);
    }
    std::string text;
    const Heartbeat beat = goOn;
    ProgressMeter meter(beat);
    const FlowExport wanted = into(text);
    if (!writeFlows(**analysis, **flows, wanted, wanted.take, meter))
        qFatal("they cannot be written");
    return text;
}

/// "flow 3: its line" of the first one that is told otherwise; empty where both are the same.
QString difference(const std::string& made, const std::string& told)
{
    if (made == told)
        return {};
    const auto at = std::mismatch(made.begin(), made.end(), told.begin(), told.end()).first;
    const auto line = std::count(made.begin(), at, '\n');
    const auto begin = static_cast<std::size_t>(at - made.begin());
    return QStringLiteral("flow %1: ...%2 and ...%3")
        .arg(line)
        .arg(QString::fromStdString(made.substr(begin, 60)),
             QString::fromStdString(told.substr(std::min(begin, told.size()), 60)));
}

} // namespace

void ExactOrderTest::readInOtherWays_data()
{
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("order");
    for (const char* const shape : {"default", "lossy", "flood", "scan", "text"}) {
        for (const char* const order : {"in order", "nearly", "shuffled"})
            QTest::addRow("%s, %s", shape, order) << shape << order;
    }
}

void ExactOrderTest::readInOtherWays()
{
    QFETCH(QString, shape);
    QFETCH(QString, order);
    auto options = generator::shapeOptions(shape.toStdString()).value();
    options.rows = packets;
    options.packetsPerSecond = packetsPerSecond;
    options.seed = 7;
    options.addresses = generator::Addresses::Text;
    options.snapLength = 2000;
    options.shuffle = order == QLatin1String("shuffled");
    if (order == QLatin1String("nearly")) {
        options.lateShare = 1;
        options.lateMicros = 500'000;
    }
    for (const auto format : {generator::Format::Csv, generator::Format::Pcap, generator::Format::Pcapng}) {
        options.format = format;
        const auto input = folder_ / "capture";
        QCOMPARE(generator::generateFiles(options, input, {}).error, std::string());
        const std::string all = exported(of(input, {}, folder_));
        QVERIFY(std::count(all.begin(), all.end(), '\n') > 50);
        for (const Way& way : {Way{.threads = 2}, Way{.threads = 5}, Way{.blockSize = smallBlock},
                               Way{.threads = 3, .blockSize = 4'096}, Way{.readChunkRows = 97},
                               Way{.threads = 3, .blockSize = 1'000, .readChunkRows = 1'000}}) {
            const QString differs = difference(all, exported(of(input, way, folder_)));
            QVERIFY2(differs.isEmpty(),
                     qPrintable(QStringLiteral("%1 threads, blocks of %2, chunks of %3: %4")
                                    .arg(way.threads)
                                    .arg(way.blockSize)
                                    .arg(way.readChunkRows)
                                    .arg(differs)));
        }
        for (const Way& way : {Way{}, Way{.threads = 3, .blockSize = 1'000, .readChunkRows = 97}}) {
            const QString differs = difference(all, lookedAt(of(input, way, folder_)));
            QVERIFY2(differs.isEmpty(), qPrintable("looked at: " + differs));
        }
    }
}

QTEST_GUILESS_MAIN(ExactOrderTest)
#include "exact_order_test.moc"
