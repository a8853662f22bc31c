// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_trace.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/talk_capture.h"
#include "tests/ui/window_driver.h"
#include "ui/messages.h"
#include "ui/views/flow_charts.h"
#include "ui/views/flow_view.h"
#include "ui/views/sequence_chart.h"

#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <numeric>
#include <qcustomplot.h>

using namespace packetloom;
using namespace packetloom::test;

/// The detail of a flow in the real window, out of a capture that is made byte by byte.
class FlowDetailJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void everyPartTellsWhatWasCaptured();
    void oneCursorThroughAllParts();
    void whatIsSeenIsOneForAllCharts();
    void aZoomIntoALargeFlowAsksForMore();
    void aTableOfPacketsTellsNoWindows();
    void pictures();
    void aWindowOfItsOwn();
    void theSessionRemembersThePart();
    void readingCanBeStopped();
    void nothingIsCutOff_data();
    void nothingIsCutOff();

private:
    [[nodiscard]] bool opened(const std::string& name, const std::string& bytes);
    [[nodiscard]] FlowView& view() const { return driver_->window().flowDetail(); }
    template <class Part>
    [[nodiscard]] Part& part(const char* name) const
    {
        view().showPart(QString::fromUtf8(name));
        return *view().findChild<Part*>(QString::fromUtf8(name));
    }
    [[nodiscard]] bool chosen(int row);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

TraceQuery ofFlow(std::size_t flow)
{
    TraceQuery query;
    query.flow = flow;
    return query;
}
} // namespace

void FlowDetailJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("FlowDetailJourneyTest"));
}

void FlowDetailJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().resize(1240, 800);
}

void FlowDetailJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

bool FlowDetailJourneyTest::opened(const std::string& name, const std::string& bytes)
{
    driver_->drop({folder_->write(name, bytes)});
    if (!driver_->analyze())
        return false;
    driver_->showPage(QStringLiteral("flows"));
    return chosen(0);
}

bool FlowDetailJourneyTest::chosen(int row)
{
    auto* const table = driver_->named<QTableView>(QStringLiteral("Flows"));
    if (!QTest::qWaitFor([&] { return table->model()->rowCount() > row; }, patience))
        return false;
    table->selectRow(row);
    auto& chart = part<SequenceChart>("sequence");
    return QTest::qWaitFor([&] { return !chart.readout().isEmpty(); }, patience);
}

void FlowDetailJourneyTest::everyPartTellsWhatWasCaptured()
{
    QVERIFY(opened("in.pcap", lossyTalk().bytes()));
    const auto trace = traceFlow(*driver_->analysis(), ofFlow(0));
    QVERIFY(trace);

    const auto& sequence = part<SequenceChart>("sequence");
    QCOMPARE(sequence.drawn().size(), 6); // SYN, four segments, FIN
    QStringList told;
    for (const auto& segment : sequence.drawn())
        told << QStringLiteral("%1-%2").arg(segment.first).arg(segment.end);
    QCOMPARE(told, (QStringList{"0-1", "1-301", "301-601", "601-901", "301-601", "901-902"}));
    QVERIFY(sequence.drawn()[4].letters.contains(QLatin1Char('R')));
    QVERIFY2(sequence.readout().contains("Segments of 10.0.0.1:40000 to 10.0.0.2:80; 1 sent again (R)"),
             qPrintable(sequence.readout()));

    auto& trips = part<RoundTripChart>("round_trips");
    const RoundTrips& of = trace->flow.roundTrips[ExactFlow::originator];
    QVERIFY(of.samples > 0);
    QVERIFY2(
        trips.readout().contains(QStringLiteral("Segments of 10.0.0.1:40000: %1 samples").arg(of.samples)),
        qPrintable(trips.readout()));
    trips.setCursor(trace->packets[4].row); // acknowledges the first 300 bytes
    QCOMPARE(trips.readout(), QString("0.040000 s: 10.000 ms, of a segment of 10.0.0.1:40000"));

    const auto& throughput = part<ThroughputChart>("throughput");
    QVERIFY2(throughput.readout().contains("10.0.0.1:40000 sent 1,200 bytes, 900 of them new"),
             qPrintable(throughput.readout()));

    auto& window = part<WindowChart>("window");
    QVERIFY2(window.readout().contains("10.0.0.2:80 offered no room in 1 segment"),
             qPrintable(window.readout()));
    window.setCursor(trace->packets[10].row);
    QVERIFY2(window.readout().startsWith("0.300000 s: 10.0.0.2:80 offered 3,000 bytes"),
             qPrintable(window.readout()));

    auto& inFlight = part<InFlightChart>("in_flight");
    inFlight.setCursor(trace->packets[6].row);
    QCOMPARE(inFlight.readout(), QStringLiteral("0.042000 s: %1 bytes of 10.0.0.1:40000 in flight")
                                     .arg(trace->packets[6].verdict.inFlight));
    QCOMPARE(trace->packets[6].verdict.inFlight, 600);
}

void FlowDetailJourneyTest::oneCursorThroughAllParts()
{
    QVERIFY(opened("in.pcap", lossyTalk().bytes()));
    auto& sequence = part<SequenceChart>("sequence");
    auto* const plot = sequence.plot();
    QTest::qWait(50); // drawn in its place
    const QPoint at(int(plot->xAxis->coordToPixel(42'000)), int(plot->yAxis->coordToPixel(750)));
    QTest::mouseClick(plot, Qt::LeftButton, {}, at);
    QTest::mouseMove(plot, QPoint(1, 1));
    QVERIFY2(sequence.readout().startsWith("0.042000 s: 10.0.0.1:40000 sent"),
             qPrintable(sequence.readout()));
    auto& inFlight = part<InFlightChart>("in_flight");
    QVERIFY2(inFlight.readout().startsWith("0.042000 s: 600 bytes"), qPrintable(inFlight.readout()));
    QTest::keyClick(inFlight.plot(), Qt::Key_Left);
    const auto before = inFlight.readout();
    QVERIFY(!before.startsWith("0.042000"));
    QVERIFY(part<SequenceChart>("sequence").readout().startsWith(before.section(QLatin1Char(':'), 0, 0)));
}

void FlowDetailJourneyTest::whatIsSeenIsOneForAllCharts()
{
    QVERIFY(opened("in.pcap", lossyTalk().bytes()));
    auto& sequence = part<SequenceChart>("sequence");
    const auto all = sequence.seen();
    for (int i = 0; i < 4; ++i)
        QTest::keyClick(sequence.plot(), Qt::Key_Plus);
    const auto seen = sequence.seen();
    QVERIFY(seen.second - seen.first < (all.second - all.first) / 2);
    auto& trips = part<RoundTripChart>("round_trips");
    QVERIFY(std::abs(trips.seen().first - seen.first) <= 1 &&
            std::abs(trips.seen().second - seen.second) <= 1);
    QTest::keyClick(trips.plot(), Qt::Key_Home);
    QCOMPARE(part<SequenceChart>("sequence").seen(), all);
}

void FlowDetailJourneyTest::aZoomIntoALargeFlowAsksForMore()
{
    QVERIFY(opened("in.pcap", largeTalk().bytes()));
    auto& sequence = part<SequenceChart>("sequence");
    QVERIFY(sequence.drawn().first().width > 0); // columns
    QVERIFY(sequence.drawn().size() <= sequence.plot()->width() + 2);
    QSignalSpy asked(&view(), &FlowView::traceWanted);
    const auto all = sequence.seen();
    const auto trace = traceFlow(*driver_->analysis(), ofFlow(0));
    QVERIFY(trace && !trace->folded.empty());
    const auto folded = std::midpoint(trace->folded.front().first, trace->folded.front().last);
    sequence.see(folded - 30'000, folded + 30'000);
    QTest::keyClick(sequence.plot(), Qt::Key_Plus);
    QTRY_VERIFY_WITH_TIMEOUT(!sequence.drawn().isEmpty() && sequence.drawn().first().width == 0, patience);
    QVERIFY(asked.count() >= 1);
    const auto query = asked.last()[1].value<TraceQuery>();
    QVERIFY(query.interval && query.interval->first <= sequence.seen().first &&
            query.interval->second >= sequence.seen().second);
    // Every segment that was sent in that time is there.
    int expected = 0, drawn = 0;
    const qint64 from = sequence.seen().first, to = sequence.seen().second;
    for (int i = 0; i < largeTalkPackets; ++i) {
        const qint64 time = qint64(Talk::begin) * 1'000'000 + 30'000 + i * 100;
        expected += time >= from && time <= to ? 1 : 0;
    }
    for (const auto& segment : sequence.drawn()) {
        const qint64 time = qint64(Talk::begin) * 1'000'000 + qint64(segment.x);
        drawn += time >= from && time <= to ? 1 : 0;
    }
    QVERIFY(expected > 0);
    QCOMPARE(drawn, expected);
    const auto questions = asked.count();
    QTest::qWait(400);
    QCOMPARE(asked.count(), questions); // the same is not asked twice
    driver_->press(QStringLiteral("Whole flow"));
    QCOMPARE(sequence.seen(), all);
    QVERIFY(sequence.drawn().first().width > 0);
}

void FlowDetailJourneyTest::aTableOfPacketsTellsNoWindows()
{
    QVERIFY(opened("in.csv", conversations(3)));
    QVERIFY(part<WindowChart>("window").emptyText().startsWith("No windows in this input"));
    QVERIFY(part<SequenceChart>("sequence").note().contains("payloads are estimated"));
}

void FlowDetailJourneyTest::pictures()
{
    QVERIFY(opened("in.pcap", lossyTalk().bytes()));
    for (const char* const name : {"sequence", "round_trips", "throughput", "window", "in_flight"}) {
        view().showPart(QString::fromUtf8(name));
        const auto path = QString::fromStdString((folder_->path() / name).string()) + QStringLiteral(".png");
        QCOMPARE(view().savePart(path), QString());
        const QImage image(path);
        QVERIFY(image.width() > 2000 && image.height() > 1000);
        QSet<QRgb> colours;
        for (int y = 0; y < image.height(); y += 3) {
            for (int x = 0; x < image.width(); x += 3)
                colours << image.pixel(x, y);
        }
        QVERIFY2(colours.size() > 10, name);
    }
}

void FlowDetailJourneyTest::aWindowOfItsOwn()
{
    QVERIFY(opened("in.csv", conversations(5)));
    QVERIFY(QTest::qWaitForWindowActive(&driver_->window()));
    driver_->named<QTableView>("Flows")->setFocus();
    QTest::keyClick(driver_->named<QTableView>("Flows"), Qt::Key_Return);
    const auto windows = [&] {
        QList<FlowView*> found;
        for (auto* const one : driver_->window().findChildren<FlowView*>()) {
            if (one->isWindow())
                found << one;
        }
        return found;
    };
    QCOMPARE(windows().size(), 1);
    auto* const own = windows().first();
    QVERIFY(own->isVisible());
    QVERIFY2(own->windowTitle().contains("flow_000001"), qPrintable(own->windowTitle()));
    auto* const chart = own->findChild<SequenceChart*>();
    QTRY_VERIFY_WITH_TIMEOUT(chart->readout().contains("10.0.0.1:"), patience);
    // It stays with its flow.
    QVERIFY(chosen(3));
    QTest::qWait(50);
    QCOMPARE(*own->flow(), std::size_t{0});
    QVERIFY(*view().flow() != 0);
    view().findChild<QToolButton*>("ownWindow")->click();
    QCOMPARE(windows().size(), 2);
    // They go with what they are of.
    QVERIFY(driver_->analyze());
    QCOMPARE(windows().size(), 0);
}

void FlowDetailJourneyTest::theSessionRemembersThePart()
{
    QVERIFY(opened("in.csv", conversations(5)));
    auto& sequence = part<SequenceChart>("sequence");
    sequence.findChild<QComboBox*>()->setCurrentIndex(1);
    const auto state = driver_->window().viewState();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().setViewState(state);
    driver_->drop({folder_->path() / "in.csv"});
    QVERIFY(driver_->analyze());
    QCOMPARE(view().shownPart(), QString("sequence"));
    QCOMPARE(view().findChild<SequenceChart*>()->side(), ExactFlow::responder);
    QTRY_VERIFY_WITH_TIMEOUT(view().flow() == std::size_t{0}, patience);
    driver_->window().close();
    driver_ = std::make_unique<WindowDriver>();
    QCOMPARE(view().shownPart(), QString("sequence")); // also without a session
}

void FlowDetailJourneyTest::readingCanBeStopped()
{
    QVERIFY(opened("in.csv", conversations(5)));
    // A view whose questions nobody answers yet.
    FlowView slow;
    slow.resize(800, 500);
    slow.show();
    QSignalSpy asked(&slow, &FlowView::traceWanted), left(&slow, &FlowView::traceLeft);
    slow.setAnalysis(driver_->analysis());
    slow.setFlow(1);
    QCOMPARE(asked.count(), 1);
    auto* const bar = slow.findChild<QProgressBar*>();
    QVERIFY(!bar->isVisible()); // most are there in a moment
    slow.setProgress(0.4);
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->value() * 10, bar->maximum() * 4);
    const auto press = [&](const char* text) {
        for (auto* const button : slow.findChildren<QPushButton*>()) {
            if (button->text() == QLatin1String(text) && button->isVisible())
                return button->click();
        }
        QFAIL(text);
    };
    press("Stop reading");
    QCOMPARE(left.count(), 1);
    QVERIFY(!bar->isVisible());
    press("Read it again");
    QCOMPARE(asked.count(), 2);
    const auto trace = traceFlow(*driver_->analysis(), ofFlow(1));
    QVERIFY(trace);
    const auto query = asked.last()[1].value<TraceQuery>();
    auto other = query;
    other.flow = 2;
    slow.showPart(QStringLiteral("sequence"));
    const auto answer = std::make_shared<const FlowTrace>(*trace);
    slow.setTrace(driver_->analysis(), other, FlowView::TracePtr(answer));
    QVERIFY(slow.findChild<SequenceChart*>()->readout().isEmpty()); // not what was asked
    slow.setTrace(driver_->analysis(), query, FlowView::TracePtr(answer));
    QVERIFY(!slow.findChild<SequenceChart*>()->readout().isEmpty());
    slow.setFlow(3);
    QVERIFY(slow.findChild<SequenceChart*>()->readout().isEmpty()); // nothing of another flow
}

void FlowDetailJourneyTest::nothingIsCutOff_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("900x600") << QSize(900, 600);
    QTest::newRow("1240x800") << QSize(1240, 800);
}

void FlowDetailJourneyTest::nothingIsCutOff()
{
    QFETCH(QSize, size);
    QVERIFY(opened("in.pcap", lossyTalk().bytes()));
    driver_->window().resize(size);
    QCOMPARE(driver_->window().size(), size);
    for (const char* const name : {"sequence", "round_trips", "throughput", "window", "in_flight"}) {
        view().showPart(QString::fromUtf8(name));
        QTest::qWait(50);
        auto* const chart = view().findChild<FlowChart*>(QString::fromUtf8(name));
        QVERIFY2(chart->plot()->height() >= 90, qPrintable(QString::number(chart->plot()->height())));
        const auto cut = [&] {
            QStringList names;
            for (auto* const button : chart->findChildren<QAbstractButton*>()) {
                const QRect place(button->mapTo(chart, QPoint()), button->size());
                if (button->isVisible() &&
                    (button->width() < button->minimumSizeHint().width() || !chart->rect().contains(place)))
                    names << button->text();
            }
            return names;
        };
        QTRY_COMPARE_WITH_TIMEOUT(cut(), QStringList(), 5'000);
    }
}

QTEST_MAIN(FlowDetailJourneyTest)
#include "flow_detail_journey_test.moc"
