// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/flow_lookups.h"
#include "core/analysis/analyze.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/analysis/open_flow_table.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QElapsedTimer>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Questions about one flow, asked from the event loop.
class FlowLookupsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aFlowIsTraced();
    void onlyTheLatestAnswers();
    void whatIsAbandonedDoesNotAnswer();
    void aLongOneTellsHowFarItIs();
    void errorsAreAnswers();
    void theDestructorStopsWhatRuns();

private:
    [[nodiscard]] std::shared_ptr<const Analysis> analyzed(const std::string& capture) const;

    TestFolder folder_;
    std::shared_ptr<const Analysis> small_, large_;
};

namespace {

constexpr int patience = 60'000;
constexpr int many = 300'000; ///< packets
constexpr int soon = 500;     ///< milliseconds: what takes longer is told of meanwhile

TraceQuery ofFlow(std::size_t flow)
{
    TraceQuery query;
    query.flow = flow;
    return query;
}

/// What was answered.
struct Heard
{
    explicit Heard(FlowLookups& lookups)
    {
        QObject::connect(&lookups, &FlowLookups::traced, &lookups,
                         [this](const auto&, const TraceQuery& query, const Result<FlowTracePtr>& trace) {
                             flows.push_back(query.flow);
                             if (trace)
                                 latest = *trace;
                             else
                                 error = trace.error().code;
                         });
        QObject::connect(&lookups, &FlowLookups::progressed, &lookups,
                         [this](double part) { told.push_back(part); });
    }
    std::vector<std::size_t> flows;
    FlowTracePtr latest;
    std::optional<Errc> error;
    std::vector<double> told;
};

} // namespace

std::shared_ptr<const Analysis> FlowLookupsTest::analyzed(const std::string& capture) const
{
    Options options;
    options.inputs = {folder_.write("in.csv", capture)};
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    return analysis ? *analysis : nullptr;
}

void FlowLookupsTest::initTestCase()
{
    small_ = analyzed(conversations(20));
    QVERIFY(small_ != nullptr);
    auto one = captureHeader();
    for (int i = 0; i < many; ++i)
        one += captureRow(captureStart + i * 10, "10.0.0.1", "10.0.0.2", 16, 100 + i, 100);
    large_ = analyzed(one);
    QVERIFY(large_ != nullptr);
}

void FlowLookupsTest::aFlowIsTraced()
{
    FlowLookups lookups;
    Heard heard(lookups);
    lookups.trace(small_, ofFlow(3));
    QTRY_VERIFY_WITH_TIMEOUT(heard.latest != nullptr, patience);
    QCOMPARE(heard.latest->packetCount, std::uint64_t{packetsPerConversation});
    QVERIFY(heard.latest->flow.key == small_->flows.key(3));
}

void FlowLookupsTest::onlyTheLatestAnswers()
{
    FlowLookups lookups;
    Heard heard(lookups);
    for (std::size_t flow = 1; flow <= 4; ++flow)
        lookups.trace(small_, ofFlow(flow));
    QTRY_VERIFY_WITH_TIMEOUT(!heard.flows.empty(), patience);
    QTest::qWait(50);
    QCOMPARE(heard.flows, std::vector<std::size_t>{4});
}

void FlowLookupsTest::whatIsAbandonedDoesNotAnswer()
{
    FlowLookups lookups;
    Heard heard(lookups);
    lookups.trace(large_, {});
    lookups.abandon();
    QTest::qWait(400);
    QVERIFY(heard.flows.empty() && heard.told.empty());
    lookups.trace(small_, {});
    QTRY_VERIFY_WITH_TIMEOUT(heard.latest != nullptr, patience); // the thread is free again
}

void FlowLookupsTest::aLongOneTellsHowFarItIs()
{
    FlowLookups lookups;
    Heard heard(lookups);
    QElapsedTimer timer;
    timer.start();
    lookups.trace(large_, {});
    QTRY_VERIFY_WITH_TIMEOUT(heard.latest != nullptr, patience);
    QVERIFY(!heard.told.empty() || timer.elapsed() < soon);
    QVERIFY(std::ranges::is_sorted(heard.told));
    QVERIFY(heard.told.empty() || (heard.told.front() >= 0 && heard.told.back() <= 1));
    QCOMPARE(heard.latest->packetCount, std::uint64_t{many});
    QVERIFY(heard.latest->packets.size() <= TraceQuery().mostPackets);
}

void FlowLookupsTest::errorsAreAnswers()
{
    const auto table = openFlowTable(
        folder_.write("conn.log", "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\t"
                                  "id.orig_p\tid.resp_h\tid.resp_p\tproto\tduration\n"
                                  "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\t5\n"),
        [](const Progress&) { return true; });
    QVERIFY(table);
    FlowLookups lookups;
    Heard heard(lookups);
    lookups.trace(*table, ofFlow(0));
    QTRY_VERIFY_WITH_TIMEOUT(heard.error.has_value(), patience);
    QVERIFY(heard.error == Errc::FlowTable);
}

void FlowLookupsTest::theDestructorStopsWhatRuns()
{
    QElapsedTimer timer;
    timer.start();
    {
        FlowLookups lookups;
        lookups.trace(large_, {});
        QTest::qWait(20);
    }
    QVERIFY(timer.elapsed() < patience);
}

QTEST_MAIN(FlowLookupsTest)
#include "flow_lookups_test.moc"
