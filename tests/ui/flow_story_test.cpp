// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/flow_talk.h"
#include "tests/support/test_folder.h"
#include "tests/ui/told_flow.h"
#include "ui/views/story_view.h"

#include <QImage>
#include <QListWidget>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// A flow in sentences.
class FlowStoryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void stories_data();
    void stories();
    void everySentenceIsWhole();
    void longSentencesAreWhole();
    void aSentenceLeadsToItsPacket();

private:
    const TestFolder folder_;
};

Q_DECLARE_METATYPE(packetloom::test::FlowTalk)

namespace {

using Talk = FlowTalk;
constexpr auto syn = Talk::syn, ack = Talk::ack, fin = Talk::fin, rst = Talk::rst, psh = Talk::psh;
constexpr auto ms = Talk::ms;

QStringList sentences(const std::shared_ptr<const FlowTrace>& trace)
{
    StoryView view;
    view.setEnds(ends);
    view.show(trace);
    return view.sentences();
}

Talk closedWindow()
{
    Talk talk;
    talk.handshake().server(psh | ack, 5001, 1001, {.payload = 1000});
    talk.client(ack, 1001, 6001, {.window = 0});
    return talk.wait(4700 * ms).client(ack, 1001, 6001, {.window = 800});
}

} // namespace

void FlowStoryTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("PacketloomTests"));
    QCoreApplication::setApplicationName(QStringLiteral("FlowStoryTest"));
    QSettings().clear();
}

void FlowStoryTest::stories_data()
{
    QTest::addColumn<FlowTalk>("talk");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("wrong answer")
        << Talk().client(syn, 1779272916).server(syn | ack, 7000, 1779277342).client(rst, 1779277342)
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,779,272,916 (SYN).",
               "0.001000 s  The responder acknowledged 1,779,277,342; the SYN asked for 1,779,272,917. The "
               "reference "
               "calls this invalid_synack.",
               "0.002000 s  The originator reset the connection (RST) before it was established, 1 ms after "
               "the packet "
               "before.",
               "0.002000 s  In Zeek's words this is RSTO: established, reset by the originator.",
           };
    QTest::newRow("the same number to TCP")
        << Talk().client(syn, 4294967295).server(syn | ack, 7000, 0)
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 4,294,967,295 (SYN).",
               "0.001000 s  The responder acknowledged 0; the SYN asked for 4,294,967,296. To TCP these are "
               "the same: "
               "its numbers begin again behind 4,294,967,295. The reference calls this invalid_synack.",
               "0.001000 s  In Zeek's words this is S1: established, not closed.",
           };
    QTest::newRow("no answer")
        << Talk().client(syn, 1000).wait(999 * ms).client(syn, 1000).wait(1999 * ms).client(syn, 1000)
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,000 (SYN).",
               "0.000000 s  It sent that SYN 3 times, 1 s and 2 s apart.",
               "1.000000 s  Nobody sent anything for 2 s, longer than at any other time; then the originator "
               "did.",
               "3.000000 s  No SYN+ACK came in the 1 min that the capture goes on (3 SYNs, 1 s and 2 s "
               "apart). The "
               "reference calls this incomplete_no_synack.",
               "3.000000 s  In Zeek's words this is S0: asked for, not answered.",
           };
    QTest::newRow("refused")
        << Talk().client(syn, 1000).server(rst | ack, 0, 1001)
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,000 "
               "(SYN).",
               "0.001000 s  10.0.0.2:80 refused the connection (RST) after 1 ms. The reference "
               "calls this rst_during_handshake.",
               "0.001000 s  In Zeek's words this is REJ: asked for and refused.",
           };
    QTest::newRow("sent again")
        << lossy()
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,000 (SYN).",
               "0.010000 s  10.0.0.2:80 answered after 10 ms with sequence number 5,000 (SYN+ACK).",
               "0.020000 s  The originator acknowledged it: the connection is established, 20 ms after the "
               "SYN.",
               "0.021000 s  The responder sent 3,000 bytes in 4 segments, within 303 ms; 1 segment was sent "
               "again.",
               "0.325000 s  Nobody closed the connection; the capture goes on for 1 min after its last "
               "packet.",
               "0.325000 s  In Zeek's words this is S1: established, not closed.",
           };
    QTest::newRow("one side")
        << Talk().server(syn | ack, 5000, 1001).server(psh | ack, 5001, 1001, {.payload = 10})
        << QStringList{
               "0.000000 s  10.0.0.2:80 answered (SYN+ACK, sequence number 5,000) a SYN that was not "
               "captured.",
               "0.000000 s  Only packets of 10.0.0.2:80 were captured (2), none of the other side.",
               "0.001000 s  The responder sent 10 bytes in 1 segment.",
               "0.001000 s  Nobody closed the connection; the capture goes on for 1 min after its last "
               "packet.",
               "0.001000 s  In Zeek's words this is OTH: no SYN, or none of the usual ways.",
           };
    QTest::newRow("sent in vain")
        << Talk()
               .handshake()
               .client(psh | ack, 1001, 5001, {.payload = 10})
               .server(psh | ack, 5001, 1011, {.payload = 1000})
               .client(ack, 1011, 6001)
               .wait(300 * ms)
               .server(psh | ack, 5001, 1011, {.payload = 1000})
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,000 (SYN).",
               "0.010000 s  10.0.0.2:80 answered after 10 ms with sequence number 5,000 (SYN+ACK).",
               "0.020000 s  The originator acknowledged it: the connection is established, 20 ms after the "
               "SYN.",
               "0.021000 s  The originator sent 10 bytes in 1 segment.",
               "0.022000 s  The responder sent data 1 ms after the first data of the originator.",
               "0.022000 s  The responder sent 1,000 bytes in 2 segments, within 302 ms; 1 segment was sent "
               "again, although it had been acknowledged.",
               "0.324000 s  Nobody closed the connection; the capture goes on for 1 min after its last "
               "packet.",
               "0.324000 s  In Zeek's words this is S1: established, not closed.",
           };
    QTest::newRow("closed window")
        << closedWindow()
        << QStringList{
               "0.000000 s  10.0.0.1:40000 asked for a connection with sequence number 1,000 (SYN).",
               "0.010000 s  10.0.0.2:80 answered after 10 ms with sequence number 5,000 (SYN+ACK).",
               "0.020000 s  The originator acknowledged it: the connection is established, 20 ms after the "
               "SYN.",
               "0.021000 s  The responder sent 1,000 bytes in 1 segment.",
               "0.022000 s  The originator took no more data for 4.701 s (zero window).",
               "0.022000 s  Nobody sent anything for 4.701 s, longer than at any other time; then the "
               "originator did.",
               "4.723000 s  Nobody closed the connection; the capture goes on for 1 min after its last "
               "packet.",
               "4.723000 s  In Zeek's words this is S1: established, not closed.",
           };
}

void FlowStoryTest::stories()
{
    QFETCH(FlowTalk, talk);
    QFETCH(QStringList, expected);
    const auto told = sentences(talk.trace(folder_.path()));
    QVERIFY2(told == expected, qPrintable(told.join(QLatin1Char('\n'))));
}

// Whatever the numbers: no sentence is empty, none has a place that was not filled.
void FlowStoryTest::everySentenceIsWhole()
{
    Talk any;
    const auto trace = any.handshake().trace(folder_.path());
    static const QRegularExpression sentence(QStringLiteral("^-?[0-9.]+ s  [A-Z0-9][^%]*[.]$"));
    QSet<QString> different;
    for (int kind = 0; kind <= static_cast<int>(StoryKind::ReferenceSays); ++kind) {
        for (const std::uint64_t count : {0u, 1u, 12u}) {
            auto copy = std::make_shared<FlowTrace>(*trace);
            StoryFact fact;
            fact.kind = static_cast<StoryKind>(kind);
            fact.side = count % 2;
            fact.time = trace->flow.start;
            fact.until = fact.time + static_cast<std::int64_t>(count) * 500'000;
            fact.count = fact.segments = fact.again = fact.fast = fact.unneeded = count;
            if (count > 0) {
                fact.bytes = fact.payload = count * 1234;
                fact.span = static_cast<std::int64_t>(count) * 77'000;
                fact.steps = {1'000'000, 2'000'000, 4'000'000};
                fact.actual = 5;
                fact.expected = 6;
            } else {
                fact.actualSequence = 1;
            }
            fact.reason = InvalidReason::InvalidAck;
            copy->story = {fact};
            const QString told = sentences(copy).first();
            QVERIFY2(sentence.match(told).hasMatch(), qPrintable(told));
            different.insert(told);
        }
    }
    QVERIFY(different.size() > 60);
}

// Whatever the width, and with a scroll bar or without: the last line of a sentence is there.
void FlowStoryTest::longSentencesAreWhole()
{
    StoryView view;
    view.setEnds(ends);
    view.show(closedWindow().trace(folder_.path()));
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto* const list = view.findChild<QListWidget*>();
    bool wrapped = false;
    for (int wide = 160; wide < 700; wide += 23) {
        view.resize(wide, wide % 2 == 0 ? 120 : 900);
        QTRY_COMPARE(list->width(), wide);
        for (int i = 0; i < list->count(); ++i) {
            auto* const item = list->item(i);
            list->scrollToItem(item, QAbstractItemView::PositionAtTop);
            const QRect place = list->visualItemRect(item);
            const int line = QFontMetrics(item->font()).lineSpacing();
            wrapped = wrapped || place.height() > line * 3 / 2;
            if (place.bottom() >= list->viewport()->height())
                continue; // not all of it can be seen
            const QImage picture =
                list->viewport()->grab(place).toImage().convertToFormat(QImage::Format_RGB32);
            const QRgb ground = picture.pixel(picture.width() - 1, picture.height() - 1);
            bool ink = false;
            for (int y = picture.height() - line; y < picture.height(); ++y)
                for (int x = 0; x < picture.width(); ++x)
                    ink = ink || picture.pixel(x, y) != ground;
            QVERIFY2(ink, qPrintable(QStringLiteral("%1, %2 wide").arg(item->text()).arg(wide)));
        }
    }
    QVERIFY(wrapped);
}

void FlowStoryTest::aSentenceLeadsToItsPacket()
{
    StoryView view;
    view.setEnds(ends);
    view.resize(700, 300);
    view.show(lossy().trace(folder_.path()));
    view.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto* const list = view.findChild<QListWidget*>();
    const QSignalSpy moved(&view, &FlowPart::cursorMoved);
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(3)).center());
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.last().first().toULongLong(), 3u); // the first data
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(moved.last().first().toULongLong(), 2u);
    view.setCursor(1);
    QCOMPARE(list->currentRow(), 1);
    QCOMPARE(moved.size(), 2); // tells nobody
    view.setCursor(4);         // nothing is said of that packet
    QVERIFY(list->selectedItems().isEmpty());
}

QTEST_MAIN(FlowStoryTest)
#include "flow_story_test.moc"
