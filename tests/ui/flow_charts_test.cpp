// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/test_folder.h"
#include "tests/ui/made_trace.h"
#include "ui/theme.h"
#include "ui/views/flow_charts.h"
#include "ui/views/save_picture.h"
#include "ui/views/sequence_chart.h"

#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QXmlStreamReader>
#include <qcustomplot.h>

using namespace packetloom;
using namespace packetloom::test;

/// The charts of one flow, by what they say and by what mouse and keys do in them.
class FlowChartsTest : public QObject
{
    Q_OBJECT

private slots:
    void segmentsAreDrawnWhereTheyWere();
    void theOtherDirectionAndAbsoluteNumbers();
    void whatIsUnderThePointerIsTold();
    void theCursorIsOneForAll();
    void keysGoFromSegmentToSegment();
    void wheelAndDragZoom();
    void largeFlowsAreDrawnInColumns();
    void roundTripsAndTheirMedian();
    void throughputIsWhatWasSent();
    void closedWindowsAreMarked();
    void bytesInFlightStandBesideTheWindow();
    void whatIsNotKnownIsSaid();
    void estimatesAreCalledEstimates();
    void picturesAreWhole_data();
    void picturesAreWhole();
    void picturesAreLight();
    void screenReadersAreTold();
};

namespace {

constexpr std::int64_t start = MadeTrace::start;
const FlowEnds who{QStringLiteral("10.0.0.1:40000"), QStringLiteral("10.0.0.2:443"), QStringLiteral("TCP"),
                   QStringLiteral("flow_000001")};

template <class Chart>
std::unique_ptr<Chart> shown(const std::shared_ptr<const FlowTrace>& trace, QSize size = {900, 400})
{
    auto chart = std::make_unique<Chart>();
    chart->resize(size);
    QWidget& widget = *chart;
    widget.show();
    chart->setEnds(who);
    chart->show(trace);
    QTest::qWait(1); // drawn once
    return chart;
}

QPoint pixelOf(const FlowChart& chart, double at, double value)
{
    return {int(chart.plot()->xAxis->coordToPixel(at)), int(chart.plot()->yAxis->coordToPixel(value))};
}

std::unique_ptr<SequenceChart> sequenceOf(const std::shared_ptr<const FlowTrace>& trace)
{
    auto chart = shown<SequenceChart>(trace);
    chart->setSide(ExactFlow::originator);
    QTest::qWait(1);
    return chart;
}

} // namespace

void FlowChartsTest::segmentsAreDrawnWhereTheyWere()
{
    const auto chart = sequenceOf(lossyTrace().made());
    QStringList told;
    for (const auto& segment : chart->drawn())
        told << QStringLiteral("%1 %2-%3 %4")
                    .arg(segment.x)
                    .arg(segment.first)
                    .arg(segment.end)
                    .arg(segment.letters);
    QCOMPARE(told, (QStringList{"0 0-1 SYN", "30000 1-1001 ", "31000 2001-3001 ", "90000 1001-2001 R",
                                "120000 3001-3002 FIN"}));
    QCOMPARE(chart->drawn()[3].kind, SegmentPlot::Kind::Retransmission);
    QVERIFY(
        chart->readout().startsWith("Segments of 10.0.0.1:40000 to 10.0.0.2:443; 1 sent again (R); 1 gap"));
    QVERIFY(chart->emptyText().isEmpty());
}

void FlowChartsTest::theOtherDirectionAndAbsoluteNumbers()
{
    const auto chart = sequenceOf(lossyTrace().made());
    QSignalSpy chosen(chart.get(), &SequenceChart::choiceChanged);
    chart->findChild<QComboBox*>()->setCurrentIndex(1);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chart->side(), ExactFlow::responder);
    QCOMPARE(chart->drawn().size(), 2);
    QCOMPARE(chart->drawn()[1].letters, QString("RST"));
    chart->findChild<QComboBox*>()->setCurrentIndex(0);
    chart->findChild<QCheckBox*>()->click();
    QVERIFY(chart->absolute());
    QCOMPARE(chart->plot()->yAxis->label(), QString("sequence number"));
    chart->setCursor(1003);
    QVERIFY2(chart->readout().contains("4,294,966,296 to 0, 1,000 bytes"), qPrintable(chart->readout()));
}

void FlowChartsTest::whatIsUnderThePointerIsTold()
{
    const auto chart = sequenceOf(lossyTrace().made());
    const auto pointAt = [&](double x, double y) {
        QTest::mouseMove(chart->plot(), QPoint(2, 2));
        QTest::mouseMove(chart->plot(), pixelOf(*chart, x, y));
        return chart->readout();
    };
    QCOMPARE(pointAt(90'000, 1500),
             QString("0.090000 s: 10.0.0.1:40000 sent ACK, 1,001 to 2,001, 1,000 bytes: retransmission"));
    QCOMPARE(pointAt(110'000, 3001), QString("0.110000 s: 10.0.0.2:443 acknowledged up to 3,001"));
    QCOMPARE(pointAt(50'000, 4001), QString("0.050000 s: 10.0.0.2:443 takes up to 4,001"));
    QVERIFY(pointAt(70'000, 60'000).startsWith("Segments of"));
}

void FlowChartsTest::theCursorIsOneForAll()
{
    const auto trace = lossyTrace().made();
    const auto chart = sequenceOf(trace);
    QSignalSpy moved(chart.get(), &FlowPart::cursorMoved);
    QTest::mouseClick(chart->plot(), Qt::LeftButton, {}, pixelOf(*chart, 31'000, 2500));
    QCOMPARE(moved.count(), 1);
    QCOMPARE(moved[0][0].toULongLong(), 1004u);
    QVERIFY(chart->readout().contains("2,001 to 3,001"));
    QTest::mouseClick(
        chart->plot(), Qt::LeftButton, {},
        QPoint(int(chart->plot()->xAxis->coordToPixel(70'000)), chart->plot()->axisRect()->top() + 3));
    QCOMPARE(moved.count(), 1); // nothing is there
    chart->setCursor(1007);     // tells nobody
    QCOMPARE(moved.count(), 1);
    QVERIFY(chart->readout().contains("1,001 to 2,001"));
    // It is made to be seen.
    chart->see(start, start + 10'000);
    QSignalSpy seen(chart.get(), &FlowChart::seenMoved);
    chart->setCursor(1009);
    QVERIFY(chart->seen().first <= start + 120'000 && chart->seen().second >= start + 120'000);
    QCOMPARE(seen.count(), 1);
    chart->setCursor(7); // no such row
    QVERIFY(chart->readout().startsWith("Segments of"));
}

void FlowChartsTest::keysGoFromSegmentToSegment()
{
    const auto chart = sequenceOf(lossyTrace().made());
    QSignalSpy moved(chart.get(), &FlowPart::cursorMoved);
    QTest::keyClick(chart->plot(), Qt::Key_Right);
    QCOMPARE(moved.last()[0].toULongLong(), 1000u);
    QTest::keyClick(chart->plot(), Qt::Key_Right); // the SYN+ACK acknowledges
    QTest::keyClick(chart->plot(), Qt::Key_Right);
    QCOMPARE(moved.last()[0].toULongLong(), 1003u);
    QTest::keyClick(chart->plot(), Qt::Key_Left);
    QCOMPARE(moved.last()[0].toULongLong(), 1001u);
    const auto all = chart->seen();
    QTest::keyClick(chart->plot(), Qt::Key_Plus);
    QVERIFY(chart->seen().second - chart->seen().first < all.second - all.first);
    QTest::keyClick(chart->plot(), Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(chart->plot(), Qt::Key_Home);
    QCOMPARE(chart->seen(), all);
}

void FlowChartsTest::wheelAndDragZoom()
{
    const auto chart = sequenceOf(lossyTrace().made());
    const auto all = chart->seen();
    QCOMPARE(all, std::pair(qint64(start), qint64(start + 140'000)));
    QSignalSpy moved(chart.get(), &FlowChart::seenMoved);
    // To one segment, by Shift and drag.
    QTest::mousePress(chart->plot(), Qt::LeftButton, Qt::ShiftModifier, pixelOf(*chart, 28'000, 2900));
    QTest::mouseMove(chart->plot(), pixelOf(*chart, 40'000, 2000));
    QTest::mouseRelease(chart->plot(), Qt::LeftButton, Qt::ShiftModifier, pixelOf(*chart, 40'000, 1900));
    QVERIFY(moved.count() > 0);
    const auto seen = chart->seen();
    QVERIFY(std::abs(seen.first - (start + 28'000)) < 500 && std::abs(seen.second - (start + 40'000)) < 500);
    QVERIFY(std::abs(chart->plot()->yAxis->range().upper - 2900) < 60);
    const QPointF at = pixelOf(*chart, 31'000, 2400);
    for (int i = 0; i < 60; ++i) {
        QWheelEvent wheel(at, chart->plot()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(chart->plot(), &wheel);
    }
    QVERIFY(chart->seen().second - chart->seen().first >= 9); // not into nothing
    QVERIFY(chart->seen().first <= start + 31'000 && chart->seen().second >= start + 31'000);
    QTest::mouseDClick(chart->plot(), Qt::LeftButton, {}, at.toPoint());
    QCOMPARE(chart->seen(), all);
}

void FlowChartsTest::largeFlowsAreDrawnInColumns()
{
    MadeTrace made;
    for (int i = 0; i < 20'000; ++i)
        made.add(i * 100, true, MadeTrace::ack, 1 + i * 10, 1, 10,
                 {.marks = SegmentMarks(i == 9'000 ? Retransmission : 0)});
    const auto chart = sequenceOf(made.made(2000, 5000));
    QVERIFY(chart->drawn().size() <= chart->plot()->width() + 2);
    QVERIFY(chart->drawn().first().width > 0);
    int again = 0;
    for (const auto& column : chart->drawn())
        again += column.letters == QLatin1String("R") ? 1 : 0;
    QCOMPARE(again, 1);
    QCOMPARE(chart->drawn().last().end, 200'001.0);
    QSignalSpy moved(chart.get(), &FlowPart::cursorMoved);
    QTest::mouseClick(chart->plot(), Qt::LeftButton, {}, pixelOf(*chart, 1'900'000, 190'000));
    QCOMPARE(moved.count(), 1);
    QVERIFY(std::abs(moved[0][0].toLongLong() - (1000 + 19'000)) < 60); // of the column at the pointer
    // Those that were kept are seen one by one.
    chart->see(start + 1'990'000, start + 1'999'900);
    QCOMPARE(chart->drawn().last().width, 0.0);
}

void FlowChartsTest::roundTripsAndTheirMedian()
{
    const auto chart = shown<RoundTripChart>(lossyTrace().made());
    QVERIFY2(chart->readout().contains("Segments of 10.0.0.1:40000: 2 samples, median 20.000 ms"),
             qPrintable(chart->readout()));
    chart->setCursor(1005);
    QCOMPARE(chart->readout(), QString("0.050000 s: 20.000 ms, of a segment of 10.0.0.1:40000"));
    chart->setCursor(1002);
    QCOMPARE(chart->readout(), QString("0.020500 s: 0.500 ms, of a segment of 10.0.0.2:443"));
}

void FlowChartsTest::throughputIsWhatWasSent()
{
    const auto chart = shown<ThroughputChart>(lossyTrace().made());
    QVERIFY2(chart->readout().contains("10.0.0.1:40000 sent 3,000 bytes"), qPrintable(chart->readout()));
    const auto* const line = qobject_cast<QCPGraph*>(chart->plot()->plottable(0));
    double sum = 0;
    for (int i = 0; i + 1 < line->data()->size(); ++i) // a step each, and the end of the last
        sum += line->dataMainValue(i) * (line->dataMainKey(i + 1) - line->dataMainKey(i)) / 1e6;
    QCOMPARE(std::llround(sum), 3000);
}

void FlowChartsTest::closedWindowsAreMarked()
{
    const auto chart = shown<WindowChart>(lossyTrace().made());
    QVERIFY2(chart->readout().contains("10.0.0.2:443 offered no room in 1 segment"),
             qPrintable(chart->readout()));
    chart->setCursor(1006);
    QCOMPARE(chart->readout(), QString("0.051000 s: 10.0.0.2:443 offered 0 bytes: zero window"));
    const auto* const crosses = qobject_cast<QCPGraph*>(chart->plot()->plottable(2));
    QCOMPARE(crosses->data()->size(), 1); // not of the RST
    QCOMPARE(crosses->dataMainKey(0), 51'000.0);
}

void FlowChartsTest::bytesInFlightStandBesideTheWindow()
{
    const auto chart = shown<InFlightChart>(lossyTrace().made());
    QVERIFY2(chart->readout().contains("10.0.0.1:40000 had at most 3,000 bytes in flight"),
             qPrintable(chart->readout()));
    chart->setCursor(1004);
    QCOMPARE(chart->readout(), QString("0.031000 s: 3,000 bytes of 10.0.0.1:40000 in flight"));
    // A window that is far larger does not squeeze what is in flight.
    QVERIFY(chart->plot()->yAxis->range().upper < 10'000);
    auto wide = lossyTrace();
    for (auto& packet : wide.raw().packets)
        packet.verdict.window = 1'000'000;
    const auto above = shown<InFlightChart>(wide.made());
    QVERIFY(above->readout().contains("higher than what is shown"));
    QVERIFY(above->plot()->yAxis->range().upper < 4'000); // no room for what is not to be seen
}

void FlowChartsTest::whatIsNotKnownIsSaid()
{
    auto table = lossyTrace();
    for (auto& packet : table.raw().packets)
        packet.verdict.window = PacketExtras::unknown;
    QVERIFY(shown<WindowChart>(table.made())->emptyText().startsWith("No windows in this input"));
    QVERIFY(sequenceOf(table.made())->note().contains("this input tells no windows"));
    QVERIFY(shown<InFlightChart>(table.made())->note().contains("no windows"));

    MadeTrace oneSide;
    oneSide.add(0, true, MadeTrace::ack, 1, 1, 100).add(1000, true, MadeTrace::ack, 101, 1, 100);
    QVERIFY(shown<RoundTripChart>(oneSide.made())->emptyText().startsWith("Only one side was captured"));
    QVERIFY(shown<InFlightChart>(oneSide.made())->emptyText().startsWith("Only one side was captured"));
    const auto sequence = sequenceOf(oneSide.made());
    QVERIFY(sequence->emptyText().isEmpty());
    QVERIFY(sequence->note().contains("no packets of 10.0.0.2:443 were captured"));
    QVERIFY(shown<ThroughputChart>(MadeTrace().add(0, true, MadeTrace::syn, 0, 0, 0).made())
                ->emptyText()
                .startsWith("No side sent any payload"));
    QVERIFY(
        shown<InFlightChart>(
            MadeTrace().add(0, true, MadeTrace::syn, 0, 0, 0).add(9, false, MadeTrace::ack, 1, 1, 0).made())
            ->emptyText()
            .startsWith("No side sent any data"));
    auto other = *oneSide.made();
    other.flow.protocol = 17;
    QVERIFY(sequenceOf(std::make_shared<FlowTrace>(other))->emptyText().startsWith("Only TCP"));
    QVERIFY(shown<SequenceChart>(nullptr)->emptyText().isEmpty());
}

void FlowChartsTest::estimatesAreCalledEstimates()
{
    auto made = lossyTrace();
    made.raw().flow.estimated = true;
    QVERIFY(sequenceOf(made.made())->note().contains("payloads are estimated"));
    QVERIFY(shown<ThroughputChart>(made.made())->note().contains("payloads are estimated"));
}

void FlowChartsTest::picturesAreWhole_data()
{
    QTest::addColumn<QString>("ending");
    QTest::newRow("PNG") << QStringLiteral(".png");
    QTest::newRow("PDF") << QStringLiteral(".PDF");
    if (pictureKinds().contains(QLatin1String("svg")))
        QTest::newRow("SVG") << QStringLiteral(".svg");
}

void FlowChartsTest::picturesAreWhole()
{
    QFETCH(QString, ending);
    const TestFolder folder;
    const auto path = QString::fromStdString((folder.path() / "picture").string()) + ending;
    const auto chart = sequenceOf(lossyTrace().made());
    const QStringList lines{QStringLiteral("a <b> & \"c\" \u0001 → d"), QStringLiteral("second line")};
    QCOMPARE(savePicture(*chart, lines, path), QString());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bytes = file.readAll();
    if (ending == QLatin1String(".png")) {
        const auto image = QImage::fromData(bytes, "PNG");
        QVERIFY(image.width() >= 2 * chart->paperSize().width());
        QVERIFY(image.height() >= 2 * chart->paperSize().height());
    } else if (ending == QLatin1String(".PDF")) {
        QVERIFY(bytes.startsWith("%PDF-1."));
        QVERIFY(bytes.trimmed().endsWith("%%EOF"));
    } else {
        QXmlStreamReader xml(bytes);
        QString text;
        int lineCount = 0;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isCharacters())
                text += xml.text();
            if (xml.isStartElement() &&
                (xml.name() == QLatin1String("polyline") || xml.name() == QLatin1String("path")))
                ++lineCount;
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(text.contains("second line"));
        QVERIFY(text.contains("relative sequence number"));
        QVERIFY(text.contains("seconds since the first packet"));
        QVERIFY(text.contains("acknowledged")); // the legend
        QVERIFY(lineCount > 20);
    }
    QVERIFY(!savePicture(*chart, lines, QStringLiteral("/nowhere/at/all") + ending).isEmpty());
}

void FlowChartsTest::picturesAreLight()
{
    const auto before = QApplication::palette();
    QApplication::setPalette(paletteOf(Theme::Dark));
    const TestFolder folder;
    const auto path = QString::fromStdString((folder.path() / "picture.png").string());
    const auto chart = sequenceOf(lossyTrace().made());
    const auto shade = [&] { return chart->plot()->grab().toImage().pixelColor(3, 3).lightness(); };
    QVERIFY(shade() < 100);
    QCOMPARE(savePicture(*chart, {QStringLiteral("title")}, path), QString());
    const QImage image(path);
    QVERIFY(image.pixelColor(3, 3).lightness() > 240);
    QVERIFY(image.pixelColor(image.width() / 2, image.height() / 2 + 7).lightness() > 200);
    QVERIFY(shade() < 100); // as it was
    QApplication::setPalette(before);
}

void FlowChartsTest::screenReadersAreTold()
{
    const auto chart = sequenceOf(lossyTrace().made());
    auto* const told = QAccessible::queryAccessibleInterface(chart->plot());
    QCOMPARE(told->role(), QAccessible::Chart);
    QCOMPARE(told->text(QAccessible::Name), QString("Sequence numbers over time"));
    QVERIFY(told->text(QAccessible::Description).startsWith("Segments of 10.0.0.1:40000"));
    QTest::keyClick(chart->plot(), Qt::Key_Right);
    QVERIFY(told->text(QAccessible::Value).startsWith("0.000000 s: 10.0.0.1:40000 sent SYN"));
    for (auto* const control : chart->findChildren<QWidget*>()) {
        if (control->focusPolicy() != Qt::NoFocus && control->isVisible())
            QVERIFY(!control->accessibleName().isEmpty() || !control->property("text").toString().isEmpty());
    }
}

QTEST_MAIN(FlowChartsTest)
#include "flow_charts_test.moc"
