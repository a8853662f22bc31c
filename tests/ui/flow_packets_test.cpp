// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/test_folder.h"
#include "tests/ui/told_flow.h"
#include "ui/panels/table_view.h"
#include "ui/views/flow_packets_view.h"
#include "ui/views/story_view.h"
#include "ui/views/traced_packet_model.h"

#include <QImage>
#include <QPainter>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <optional>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// The packets of a flow in a table, and on paper as its story is.
class FlowPacketsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void packetsTellWhatTheyWere();
    void estimatedLengthsSaySo();
    void packetsLeftOutAreARow();
    void theTableSorts();
    void theTableFollowsTheCursor();
    void bothGoOntoPaper();

private:
    const TestFolder folder_;
};

namespace {

using Talk = FlowTalk;
constexpr auto ack = Talk::ack, psh = Talk::psh;

} // namespace

void FlowPacketsTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("PacketloomTests"));
    QCoreApplication::setApplicationName(QStringLiteral("FlowPacketsTest"));
    QSettings().clear();
}

void FlowPacketsTest::packetsTellWhatTheyWere()
{
    FlowPacketsView view;
    view.setEnds(ends);
    view.show(lossy().trace(folder_.path()));
    const auto* const model = view.model();
    QCOMPARE(model->rowCount(), 8);
    const auto row = [&](int at) {
        QStringList cells;
        for (const int column :
             {TracedPacketModel::Number, TracedPacketModel::SinceStart, TracedPacketModel::Step,
              TracedPacketModel::From, TracedPacketModel::Flags, TracedPacketModel::Sequence,
              TracedPacketModel::Acknowledgment, TracedPacketModel::Payload, TracedPacketModel::Window,
              TracedPacketModel::Meaning})
            cells += model->index(at, column).data().toString();
        return cells.join(QLatin1Char('|'));
    };
    QCOMPARE(row(0), QStringLiteral("1|0.000000 s||→ 10.0.0.1:40000|SYN|0||0|30,000|connection request"));
    QCOMPARE(
        row(6),
        QStringLiteral(
            "7|0.324000 s|0.301000 s|← 10.0.0.2:80|PSH+ACK|1|1|1,000|30,000|data transfer; retransmission"));
    QCOMPARE(model->index(6, TracedPacketModel::RawSequence).data(TableModel::RawRole).toLongLong(), 5001);
    QCOMPARE(model->index(6, TracedPacketModel::From).data(TableModel::RawRole).toString(),
             QStringLiteral("responder"));
}

void FlowPacketsTest::estimatedLengthsSaySo()
{
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, {.payload = 500, .known = false});
    FlowPacketsView view;
    view.setEnds(ends);
    view.show(talk.trace(folder_.path()));
    QCOMPARE(view.model()->index(3, TracedPacketModel::Payload).data().toString(), QStringLiteral("≈500"));
    QCOMPARE(view.model()->index(3, TracedPacketModel::Payload).data(TableModel::RawRole).toString(),
             QStringLiteral("500"));
    QCOMPARE(view.model()->index(3, TracedPacketModel::Window).data().toString(), QString());
}

void FlowPacketsTest::packetsLeftOutAreARow()
{
    Talk talk;
    talk.handshake();
    for (std::int64_t i = 0; i < 100; ++i)
        talk.client(ack, 1001 + 10 * i, 5001, {.payload = 10});
    auto query = Talk::wholeFlow();
    query.mostPackets = 20;
    FlowPacketsView view;
    view.setEnds(ends);
    view.show(talk.trace(folder_.path(), query));
    const auto* const model = view.model();
    QCOMPARE(model->rowCount(), 21);
    const int at = 5; // a quarter stays at the beginning
    QCOMPARE(model->index(at, TracedPacketModel::Meaning).data().toString(),
             QStringLiteral("83 packets are not listed: look at less time to see them"));
    QVERIFY(!model->rowAt(at));
    QCOMPARE(model->index(at + 1, TracedPacketModel::Number).data().toString(), QStringLiteral("89"));
    QCOMPARE(model->index(at + 1, TracedPacketModel::Step).data().toString(), QString());
}

void FlowPacketsTest::theTableSorts()
{
    Talk talk;
    talk.handshake();
    for (std::int64_t i = 0; i < 100; ++i)
        talk.client(ack, 1001 + 10 * i, 5001, {.payload = 10 + i % 7});
    auto query = Talk::wholeFlow();
    query.mostPackets = 20;
    FlowPacketsView view;
    view.setEnds(ends);
    view.show(talk.trace(folder_.path(), query));
    view.table()->sortByColumn(TracedPacketModel::Payload, Qt::DescendingOrder);
    std::vector<qlonglong> payloads;
    bool leftOut = false;
    for (int row = 0; row < view.model()->rowCount(); ++row) {
        leftOut = leftOut || !view.model()->rowAt(row);
        QCOMPARE(!view.model()->rowAt(row), leftOut); // those that are left out come last
        if (!leftOut)
            payloads.push_back(
                view.model()->index(row, TracedPacketModel::Payload).data(TableModel::RawRole).toLongLong());
    }
    QVERIFY(leftOut && payloads.size() > 10);
    QVERIFY(std::is_sorted(payloads.rbegin(), payloads.rend()));
    QVERIFY(payloads.front() > payloads.back());
    view.setCursor(1);
    QCOMPARE(view.model()->rowAt(view.table()->currentIndex().row()), std::optional<std::uint64_t>(1));
    view.table()->sortByColumn(TracedPacketModel::Number, Qt::AscendingOrder);
    QCOMPARE(view.table()->currentIndex().row(), 1);
}

void FlowPacketsTest::theTableFollowsTheCursor()
{
    FlowPacketsView view;
    view.setEnds(ends);
    view.resize(800, 300);
    view.show(lossy().trace(folder_.path()));
    const QSignalSpy moved(&view, &FlowPart::cursorMoved);
    view.setCursor(6);
    QCOMPARE(view.table()->currentIndex().row(), 6);
    QCOMPARE(moved.size(), 0);
    QTest::keyClick(view.table(), Qt::Key_Up);
    QCOMPARE(moved.last().first().toULongLong(), 5u);
    view.show(lossy().trace(folder_.path())); // the cursor stays
    QCOMPARE(view.table()->currentIndex().row(), 5);
    QCOMPARE(moved.size(), 1);
    view.show(nullptr);
    QCOMPARE(view.model()->rowCount(), 0);
}

void FlowPacketsTest::bothGoOntoPaper()
{
    StoryView story;
    FlowPacketsView packets;
    for (FlowPart* const part : std::initializer_list<FlowPart*>{&story, &packets}) {
        part->setEnds(ends);
        part->resize(900, 300);
        part->show(lossy().trace(folder_.path()));
        part->QWidget::show();
        QImage paper(part->paperSize(), QImage::Format_RGB32);
        paper.fill(Qt::white);
        QPainter painter(&paper);
        part->paintTo(painter, paper.rect());
        painter.end();
        QVERIFY(paper.height() > 40);
        int ink = 0;
        for (int y = 0; y < paper.height(); ++y) {
            for (int x = 0; x < paper.width(); ++x)
                ink += paper.pixelColor(x, y).lightness() < 128 ? 1 : 0;
        }
        QVERIFY(ink > 500);
    }
}

QTEST_MAIN(FlowPacketsTest)
#include "flow_packets_test.moc"
