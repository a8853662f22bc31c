// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/flow_talk.h"
#include "tests/support/test_folder.h"
#include "ui/views/ladder_view.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// A flow as a ladder.
class FlowLadderTest : public QObject
{
    Q_OBJECT

private slots:
    void aLineAPacket();
    void plainDataIsOneLine();
    void whatTheTraceLeftOutIsSaid();
    void aFoldOpensAndCloses();
    void keysMoveTheCursor();
    void theCursorFollows();
    void theDecidingPacketSaysSo();
    void aScreenReaderHearsTheLine();
    void manyLinesAreDrawn();
    void paperIsLight();
    void nothingIsEmpty();

private:
    const TestFolder folder_;
};

namespace {

using Talk = FlowTalk;
constexpr auto syn = Talk::syn, ack = Talk::ack, fin = Talk::fin, rst = Talk::rst, psh = Talk::psh;

const FlowEnds ends{.originator = QStringLiteral("10.0.0.1:40000"),
                    .responder = QStringLiteral("10.0.0.2:80"),
                    .protocol = QStringLiteral("TCP"),
                    .flow = QStringLiteral("flow_000001")};

/// The server sends so many segments, the client acknowledges every second one; then one more is sent again.
Talk transfer(int segments)
{
    Talk talk;
    talk.handshake();
    std::int64_t sequence = 5001;
    for (int i = 0; i < segments; ++i) {
        talk.server(ack, sequence, 1001, {.payload = 1000});
        sequence += 1000;
        if (i % 2 == 1)
            talk.client(ack, 1001, sequence);
    }
    talk.wait(300 * Talk::ms).server(psh | ack, sequence - 1000, 1001, {.payload = 1000});
    talk.server(fin | ack, sequence, 1001).client(fin | ack, 1001, sequence + 1);
    return talk.server(ack, sequence + 1, 1002);
}

void prepare(LadderView& view, const std::shared_ptr<const FlowTrace>& trace)
{
    view.resize(900, 400);
    view.setEnds(ends);
    view.show(trace);
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
}

QStringList texts(const LadderView& view)
{
    QStringList all;
    for (std::size_t i = 0; i < view.lines().size(); ++i)
        all += view.lineText(i);
    return all;
}

QAbstractScrollArea* areaOf(LadderView& view)
{
    return view.findChild<QAbstractScrollArea*>();
}

int colours(const QImage& image)
{
    QSet<QRgb> seen;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            seen.insert(image.pixel(x, y));
    }
    return static_cast<int>(seen.size());
}

} // namespace

void FlowLadderTest::aLineAPacket()
{
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, {.payload = 1200, .window = 64240}).server(rst, 5001);
    LadderView view;
    prepare(view, talk.trace(folder_.path()));
    QCOMPARE(
        texts(view),
        (QStringList{
            "Packet 1 of 5, at 0.000000 s, 10.0.0.1:40000 to 10.0.0.2:80: SYN  Seq 0  Win 30,000; "
            "establishment",
            "Packet 2 of 5, at 0.010000 s, 10.0.0.2:80 to 10.0.0.1:40000: SYN+ACK  Seq 0  Ack 1  Win 30,000",
            "Packet 3 of 5, at 0.020000 s, 10.0.0.1:40000 to 10.0.0.2:80: ACK  Seq 1  Ack 1  Win 30,000",
            "Packet 4 of 5, at 0.021000 s, 10.0.0.1:40000 to 10.0.0.2:80: PSH+ACK  Seq 1  Ack 1  Len 1,200  "
            "Win 64,240; data transfer",
            "Packet 5 of 5, at 0.022000 s, 10.0.0.2:80 to 10.0.0.1:40000: RST  Seq 1  Win 30,000; closing",
        }));
}

void FlowLadderTest::plainDataIsOneLine()
{
    LadderView view;
    prepare(view, transfer(100).trace(folder_.path()));
    const auto& lines = view.lines().lines();
    // SYN, SYN+ACK, ACK, the first data; two, a fold, one; again, FIN, FIN, ACK
    QCOMPARE(lines.size(), 12u);
    const LadderLine& fold = lines[6];
    QVERIFY(fold.fold && fold.opens());
    QCOMPARE(fold.count(), 146u);
    QCOMPARE(fold.packets[ExactFlow::responder], 98u);
    QCOMPARE(fold.payload[ExactFlow::responder], 98'000u);
    QCOMPARE(fold.packets[ExactFlow::originator], 48u);
    QCOMPARE(view.lineText(6), QStringLiteral("from 0.024000 s: 146 packets in 145 ms: 48 →, 98 ← 98.0 kB"));
    QVERIFY2(view.lineText(8).contains(QStringLiteral("retransmission")), qPrintable(view.lineText(8)));
}

void FlowLadderTest::whatTheTraceLeftOutIsSaid()
{
    auto query = Talk::wholeFlow();
    query.mostPackets = 40;
    const auto trace = transfer(200).trace(folder_.path(), query);
    QVERIFY(!trace->folded.empty());
    LadderView view;
    prepare(view, trace);
    std::uint64_t packets = 0, unkept = 0;
    for (const LadderLine& line : view.lines().lines()) {
        packets += line.fold ? line.count() : 1;
        unkept += line.unkept;
    }
    QCOMPARE(packets, trace->packetCount);
    QCOMPARE(unkept, trace->packetCount - trace->packets.size());
    // Unfolded, what is not there stays a line of its own.
    for (std::size_t i = 0; i < view.lines().size(); ++i) {
        if (view.lines().lines()[i].opens()) {
            view.unfold(i);
            break;
        }
    }
    packets = 0;
    const QSignalSpy wanted(&view, &LadderView::intervalWanted);
    bool said = false;
    for (std::size_t i = 0; i < view.lines().size(); ++i) {
        const LadderLine& line = view.lines().lines()[i];
        packets += line.fold ? line.count() : 1;
        if (!line.fold || line.opens())
            continue;
        said = said || view.lineText(i).contains(QStringLiteral("to be read again"));
        view.unfold(i); // asks for those
        QCOMPARE(wanted.last().at(0).toLongLong(), line.from);
        QCOMPARE(wanted.last().at(1).toLongLong(), line.to);
    }
    QCOMPARE(packets, trace->packetCount);
    QVERIFY(said);
}

void FlowLadderTest::aFoldOpensAndCloses()
{
    LadderView view;
    prepare(view, transfer(100).trace(folder_.path()));
    auto* const area = areaOf(view);
    const QSignalSpy moved(&view, &FlowPart::cursorMoved);
    view.setCursor(4);
    QTest::keyClick(area, Qt::Key_Down);
    QTest::keyClick(area, Qt::Key_Down);
    QCOMPARE(view.currentLine(), std::optional<std::size_t>(6));
    QCOMPARE(moved.last().first().toULongLong(), 6u); // the first of those in the fold
    QTest::keyClick(area, Qt::Key_Right);
    QCOMPARE(view.lines().size(), 12u - 1u + 146u);
    QCOMPARE(view.currentLine(), std::optional<std::size_t>(6)); // that packet
    QTest::keyClick(area, Qt::Key_Down);
    QCOMPARE(moved.last().first().toULongLong(), 7u);
    QTest::keyClick(area, Qt::Key_Left);
    QCOMPARE(view.lines().size(), 12u);
    QCOMPARE(view.currentLine(), std::optional<std::size_t>(6));
    // By mouse.
    for (int y = 0; y < area->viewport()->height() && view.lines().size() == 12u; y += 4)
        QTest::mouseClick(area->viewport(), Qt::LeftButton, {}, {450, y});
    QCOMPARE(view.lines().size(), 12u - 1u + 146u);
}

void FlowLadderTest::keysMoveTheCursor()
{
    LadderView view;
    prepare(view, transfer(100).trace(folder_.path()));
    auto* const area = areaOf(view);
    const QSignalSpy moved(&view, &FlowPart::cursorMoved);
    QTest::keyClick(area, Qt::Key_Home);
    QCOMPARE(moved.last().first().toULongLong(), 0u);
    QTest::keyClick(area, Qt::Key_End);
    QCOMPARE(moved.last().first().toULongLong(), 156u);
    QTest::keyClick(area, Qt::Key_Home);
    QStringList rows;
    for (int i = 0; i < 7; ++i) {
        QTest::keyClick(area, Qt::Key_Down, Qt::ControlModifier);
        rows += moved.last().first().toString();
    }
    // SYN+ACK, then the first data, what was sent again, both FINs, and what the reference calls data; there
    // it ends
    QCOMPARE(rows, (QStringList{"1", "3", "153", "154", "155", "156", "156"}));
    QTest::keyClick(area, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), view.lineText(*view.currentLine()));
}

void FlowLadderTest::theCursorFollows()
{
    LadderView view;
    prepare(view, transfer(2000).trace(folder_.path()));
    const QSignalSpy moved(&view, &FlowPart::cursorMoved);
    view.setCursor(1000); // in the fold
    QCOMPARE(view.currentLine(), std::optional<std::size_t>(6));
    view.unfold(6);
    const auto line = *view.currentLine();
    QVERIFY(view.lineText(line).startsWith(QStringLiteral("Packet 1,001 of")));
    view.setCursor(1000);
    auto* const bar = areaOf(view)->verticalScrollBar();
    QVERIFY(bar->value() <= int(line) && int(line) < bar->value() + bar->pageStep());
    QCOMPARE(moved.size(), 0); // tells nobody
    view.setCursor(999'999);
    QVERIFY(!view.currentLine());
}

void FlowLadderTest::theDecidingPacketSaysSo()
{
    Talk talk;
    talk.client(syn, 1779272916).server(syn | ack, 7000, 1779277342).client(rst, 1779277342);
    LadderView view;
    prepare(view, talk.trace(folder_.path()));
    QVERIFY(view.lineText(1).contains(QStringLiteral("the reference: invalid_synack")));
    const QImage with = view.grab().toImage();
    auto trace = std::make_shared<FlowTrace>(*talk.trace(folder_.path()));
    trace->decidingRow.reset();
    view.show(trace);
    QVERIFY(with != view.grab().toImage());
}

void FlowLadderTest::aScreenReaderHearsTheLine()
{
    LadderView view;
    prepare(view, transfer(100).trace(folder_.path()));
    auto* const told = QAccessible::queryAccessibleInterface(areaOf(view));
    QVERIFY(told);
    QVERIFY(!told->text(QAccessible::Name).isEmpty());
    QVERIFY(told->text(QAccessible::Description).contains(QStringLiteral("Ctrl")));
    QTest::keyClick(areaOf(view), Qt::Key_End);
    QCOMPARE(told->text(QAccessible::Value), view.lineText(view.lines().size() - 1));
}

void FlowLadderTest::manyLinesAreDrawn()
{
    LadderView view;
    prepare(view, transfer(15'000).trace(folder_.path()));
    view.unfold(6);
    QVERIFY(view.lines().size() > 20'000);
    auto* const bar = areaOf(view)->verticalScrollBar();
    for (const int place : {0, bar->maximum() / 2, bar->maximum()}) {
        bar->setValue(place);
        QVERIFY(colours(view.grab().toImage()) > 20);
    }
    view.resize(300, 200); // without room for notes and steps
    QVERIFY(colours(view.grab().toImage()) > 10);
}

void FlowLadderTest::paperIsLight()
{
    LadderView view;
    QPalette dark = view.palette();
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    view.setPalette(dark);
    prepare(view, transfer(100).trace(folder_.path()));
    QImage paper(view.paperSize(), QImage::Format_RGB32);
    paper.fill(Qt::white);
    QPainter painter(&paper);
    view.paintTo(painter, paper.rect());
    painter.end();
    QVERIFY(colours(paper) > 20);
    QCOMPARE(paper.pixelColor(paper.width() / 2, paper.height() - 2), QColor(Qt::white));
}

void FlowLadderTest::nothingIsEmpty()
{
    LadderView view;
    prepare(view, transfer(10).trace(folder_.path()));
    view.setCursor(2);
    view.show(nullptr);
    QCOMPARE(view.lines().size(), 0u);
    QVERIFY(!view.currentLine());
    for (const auto key : {Qt::Key_Up, Qt::Key_Down, Qt::Key_End, Qt::Key_Left, Qt::Key_Right})
        QTest::keyClick(areaOf(view), key);
    view.grab();
}

QTEST_MAIN(FlowLadderTest)
#include "flow_ladder_test.moc"
