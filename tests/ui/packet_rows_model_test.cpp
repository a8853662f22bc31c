// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/packet_rows_model.h"

#include "tests/support/capture_text.h"
#include "tests/ui/model_text.h"
#include "ui/models/row_window_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// All packets, of which few are there at a time.
class PacketRowsModelTest : public QObject
{
    Q_OBJECT

private slots:
    void wholeRows();
    void whatIsUnknownIsEmpty();
    void pagesAreAskedForOnce();
    void whatWasPassedByIsForgotten();
    void fewPagesAreKept();
    void stalePagesAreDropped();
    void flowsComeLater();
    void aWindowFollows();

private:
    const TestFolder folder_;
};

namespace {

using Rows = PacketRowsModel::Rows;

Rows allOf(const Analysis& analysis)
{
    return std::make_shared<PacketRows>(PacketRows::all(analysis.spool.packets()));
}

/// Gives a model what it asks for, at once.
class Feeder
{
public:
    Feeder(PacketRowsModel& model, std::shared_ptr<const Analysis> analysis, bool withFlows = true)
        : analysis_(std::move(analysis)), withFlows_(withFlows)
    {
        QObject::connect(&model, &PacketRowsModel::pageWanted, &model,
                         [this, &model](const Rows& rows, int first, int count) {
                             asked << first;
                             PacketPages pages(*analysis_);
                             const auto flows = withFlows_ ? rowFlowsOf(*analysis_).value() : nullptr;
                             auto page =
                                 pages.read(*rows, std::uint64_t(first), std::size_t(count), flows.get());
                             model.setPage(rows, first, page.value(), withFlows_);
                         });
    }
    void knowFlows() { withFlows_ = true; }
    QList<int> asked;

private:
    std::shared_ptr<const Analysis> analysis_;
    bool withFlows_;
};

QString shown(const PacketRowsModel& model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

void PacketRowsModelTest::wholeRows()
{
    const auto analysis = analysisOf(folder_, conversations(2));
    PacketRowsModel model;
    const QAbstractItemModelTester watch(&model);
    Feeder feeder(model, analysis);
    model.setRows(analysis, allOf(*analysis));
    model.setFlowsKnown();
    QCOMPARE(model.rowCount(), 12);
    QCOMPARE(headersOf(model), (QStringList{"No.", "Time", "Delta", "Source", "Source port", "Destination",
                                            "Destination port", "Protocol", "Flags", "Length", "Sequence",
                                            "Relative sequence", "Acknowledgment", "Flow"}));
    QVERIFY(!headersOf(model, Qt::ToolTipRole).contains(QString()));
    QCOMPARE(shown(model, 0, PacketRowsModel::Time), QString(QChar(0x2026))); // not there yet
    QTRY_VERIFY(model.view(0));
    const auto rows = rowsOf(model);
    QCOMPARE(rows[0],
             QString("1|2009-11-03 13:23:35.000100 UTC||10.0.0.1|1024|10.9.0.1|80|TCP|SYN|0|1,000|0|0|1"));
    QCOMPARE(rows[5], QString("6|2009-11-03 13:23:35.000600 UTC|0.000100 "
                              "s|10.0.0.1|1024|10.9.0.1|80|TCP|FIN+ACK|0|1,401|401|5,002|1"));
    QCOMPARE(rows[7], QString("8|2009-11-03 13:23:35.000800 UTC|0.000100 "
                              "s|10.9.0.1|80|10.0.0.2|1025|TCP|SYN+ACK|0|5,000|0|1,001|2"));
    QCOMPARE(rowsOf(model, TableModel::RawRole)[5],
             QString("6|1257254615000600|100|10.0.0.1|1024|10.9.0.1|80|6|FIN+ACK|0|1401|401|5002|1"));
}

void PacketRowsModelTest::whatIsUnknownIsEmpty()
{
    const auto analysis =
        analysisOf(folder_, captureHeader() + "100,a,b,53,99,0,0,0,80,17\n" + "40,a,b,0,0,0,0,0,64,1\n" +
                                "50,a,b,0,80,2,7,0,60,6\n" + "60,a,b,5,80,2,9,0,60,\n");
    PacketRowsModel model;
    Feeder feeder(model, analysis);
    model.setRows(analysis, allOf(*analysis));
    model.setFlowsKnown();
    static_cast<void>(shown(model, 0, 0));
    QTRY_VERIFY(model.view(0));
    const auto rows = rowsOf(model);
    QCOMPARE(rows[0], QString("1|1970-01-01 00:00:00.000100 UTC||a|53|b|99|UDP||80||||"));
    QCOMPARE(
        rows[1],
        QString::fromUtf8("2|1970-01-01 00:00:00.000040 UTC|\u22120.000060 s|a||b||ICMP||64||||")); // earlier
    // A port 0 belongs to no flow.
    QCOMPARE(rows[2], QString("3|1970-01-01 00:00:00.000050 UTC|0.000010 s|a|0|b|80|TCP|SYN|60|7||0|"));
    QCOMPARE(rows[3], QString("4|1970-01-01 00:00:00.000060 UTC|0.000010 s|a|5|b|80|||60||||"));
}

void PacketRowsModelTest::pagesAreAskedForOnce()
{
    const auto analysis = analysisOf(folder_, conversations(200));
    PacketRowsModel model;
    QSignalSpy wanted(&model, &PacketRowsModel::pageWanted);
    model.setRows(analysis, allOf(*analysis));
    for (int row = 0; row < 40; ++row) { // as a view does
        for (int column = 0; column < PacketRowsModel::ColumnCount; ++column)
            static_cast<void>(shown(model, row, column));
    }
    QCOMPARE(wanted.size(), 0); // not in the middle of painting
    QCoreApplication::processEvents();
    QCOMPARE(wanted.size(), 1);
    QCOMPARE(wanted.front().at(1).toInt(), 0);
    QVERIFY(model.index(3, 0).data(TableModel::PendingRole).toBool());
    QCoreApplication::processEvents();
    QCOMPARE(wanted.size(), 1);
}

void PacketRowsModelTest::whatWasPassedByIsForgotten()
{
    const auto analysis = analysisOf(folder_, conversations(1000));
    PacketRowsModel model;
    QSignalSpy wanted(&model, &PacketRowsModel::pageWanted);
    const auto rows = allOf(*analysis);
    model.setRows(analysis, rows);
    for (int page = 0; page < 20; ++page)
        static_cast<void>(shown(model, page * PacketRowsModel::pageRows, 0));
    QList<int> answered;
    for (int i = 0; i < 25; ++i) {
        QCoreApplication::processEvents();
        if (wanted.isEmpty())
            break;
        answered << wanted.front().at(1).toInt() / PacketRowsModel::pageRows;
        wanted.clear();
        model.pageFailed(rows, answered.back() * PacketRowsModel::pageRows);
    }
    QCOMPARE(answered, (QList<int>{19, 18, 17, 16})); // the last one that was looked at comes first
}

void PacketRowsModelTest::fewPagesAreKept()
{
    const auto analysis = analysisOf(folder_, conversations(4000));
    PacketRowsModel model;
    Feeder feeder(model, analysis, false);
    model.setRows(analysis, allOf(*analysis));
    const int pages = model.rowCount() / PacketRowsModel::pageRows;
    QVERIFY(pages > 90);
    for (int page = 0; page < pages; ++page) {
        const int row = page * PacketRowsModel::pageRows;
        static_cast<void>(shown(model, row, 0));
        QTRY_VERIFY(model.view(row));
        QCOMPARE(shown(model, row + 7, PacketRowsModel::Number).remove(QLatin1Char(',')).toInt(), row + 8);
    }
    QVERIFY(!model.view(0));
    static_cast<void>(shown(model, 0, 0));
    QTRY_VERIFY(model.view(0));
}

void PacketRowsModelTest::stalePagesAreDropped()
{
    const auto analysis = analysisOf(folder_, conversations(10));
    PacketRowsModel model;
    const auto before = allOf(*analysis);
    model.setRows(analysis, before);
    const auto after = std::make_shared<PacketRows>(60, std::vector<std::uint64_t>{2});
    model.setRows(analysis, after);
    QCOMPARE(model.rowCount(), 1);
    model.setPage(before, 0, std::vector<PacketView>(60), true);
    QVERIFY(!model.view(0));
    Feeder feeder(model, analysis);
    static_cast<void>(shown(model, 0, 0));
    QTRY_VERIFY(model.view(0));
    QCOMPARE(shown(model, 0, PacketRowsModel::Number), QString("2"));
    QCOMPARE(shown(model, 0, PacketRowsModel::SinceBefore), QString()); // nothing is shown before it
}

void PacketRowsModelTest::flowsComeLater()
{
    const auto analysis = analysisOf(folder_, conversations(10));
    PacketRowsModel model;
    Feeder feeder(model, analysis, false);
    model.setRows(analysis, allOf(*analysis));
    static_cast<void>(shown(model, 0, 0));
    QTRY_VERIFY(model.view(0));
    QCOMPARE(shown(model, 7, PacketRowsModel::FlowNumber), QString());
    QVERIFY(!model.index(7, 0).data(TableModel::PendingRole).toBool());
    feeder.knowFlows();
    model.setFlowsKnown();
    QCOMPARE(shown(model, 7, PacketRowsModel::Number), QString("8")); // shown on, while it is asked for again
    QTRY_COMPARE(shown(model, 7, PacketRowsModel::FlowNumber), QString("2"));
    QCOMPARE(feeder.asked, (QList<int>{0, 0}));
}

void PacketRowsModelTest::aWindowFollows()
{
    const auto analysis = analysisOf(folder_, conversations(100));
    PacketRowsModel model;
    Feeder feeder(model, analysis);
    RowWindowModel window(model);
    const QAbstractItemModelTester watch(&window);
    model.setRows(analysis, allOf(*analysis));
    QCOMPARE(window.rowCount(), 0);
    window.setWindow(590, 20);
    QCOMPARE(window.rowCount(), 10); // there are 600
    QCOMPARE(window.headerData(PacketRowsModel::Time, Qt::Horizontal).toString(), QString("Time"));
    static_cast<void>(window.index(0, 0).data());
    QSignalSpy changed(&window, &QAbstractItemModel::dataChanged);
    QTRY_COMPARE(window.index(0, 0).data().toString(), QString("591"));
    QCOMPARE(changed.size(), 1);
    window.setWindow(3, 20);
    QCOMPARE(window.rowCount(), 20);
    static_cast<void>(window.index(0, 0).data());
    QTRY_COMPARE(window.index(0, 0).data().toString(), QString("4"));
    model.setRows(nullptr, nullptr);
    QCOMPARE(window.rowCount(), 0);
}

QTEST_GUILESS_MAIN(PacketRowsModelTest)
#include "packet_rows_model_test.moc"
