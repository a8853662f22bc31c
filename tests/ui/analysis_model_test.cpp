// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/ui/model_text.h"
#include "ui/models/address_table_model.h"
#include "ui/models/flag_table_model.h"
#include "ui/models/flow_table_model.h"
#include "ui/models/pair_table_model.h"
#include "ui/models/preview_row_model.h"
#include "ui/models/rejected_row_model.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// The tables of an analysis.
class AnalysisModelTest : public QObject
{
    Q_OBJECT

private slots:
    void flows();
    void flowsAreSortedByTheOwner();
    void addresses();
    void pairs();
    void flags();
    void previewRows();
    void rejectedRows();
    void hostileText();
    void emptyAndNoAnalysis();
    void staleRowsAreLeftOut();
    void orderOutlivesTheAnalysis();
};

namespace {

using Watch = QAbstractItemModelTester;

/// A whole connection, a SYN that nobody answers, and three rows that are no packets.
std::string smallCapture()
{
    return conversations(1) + captureRow(captureStart + 2'000'000, "10.0.0.9", "fe80::1", 2, 7, 0, -4) +
           "12,x\n" + "nonsense,a,b,1,2,3,4,5,6,6\n" + "5,a,b,1,2,3,99999999999999999999,5,6,6\n";
}

} // namespace

void AnalysisModelTest::flows()
{
    const TestFolder folder;
    FlowTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    const QStringList headers{"Flow",     "Source",  "Source port", "Destination", "Destination port",
                              "State",    "Closed",  "Why invalid", "Start",       "End",
                              "Duration", "Packets", "Bytes",       "Protocol",    "Service",
                              "Phases"};
    // behind them stand the figures of the exact engine
    QCOMPARE(headersOf(model).first(headers.size()), headers);
    QCOMPARE(headersOf(model).size(), headers.size() + qsizetype(flowFigureCount));
    QVERIFY(!headersOf(model, Qt::ToolTipRole).contains(QString()));
    const QString none(qsizetype(flowFigureCount), QLatin1Char('|')); // the reference tells no figures
    const QStringList shown{
        "1|10.0.0.1|1024|10.9.0.1|80|closed|graceful||2009-11-03 13:23:35.000100 UTC|"
        "2009-11-03 13:23:35.000600 UTC|0.000500 s|6|400|tcp|http|establishment, data transfer, closing" +
            none,
        "2|10.0.0.9|40000|fe80::1|80|invalid|incomplete, no SYN+ACK|incomplete, no SYN+ACK|2009-11-03 "
        "13:23:37.000000 UTC|"
        "2009-11-03 13:23:37.000000 UTC|0.000000 s|1|-4|tcp|http|" +
            none};
    QCOMPARE(rowsOf(model), shown);
    const QStringList raw{
        "1|10.0.0.1|1024|10.9.0.1|80|closed|graceful||1257254615000100|1257254615000600|500|6|400|tcp|http|"
        "establishment+data_transfer+closing" +
            none,
        "2|10.0.0.9|40000|fe80::1|80|invalid|incomplete_no_synack|incomplete_no_synack|1257254617000000|"
        "1257254617000000|0|1|-4|tcp|http|" +
            none};
    QCOMPARE(rowsOf(model, TableModel::RawRole), raw);
    QCOMPARE(columnOf(model, 0, FlowTableModel::OutcomeRole),
             (QStringList{QString::number(int(FlowOutcome::Graceful)),
                          QString::number(int(FlowOutcome::IncompleteNoSynAck))}));
    const auto alignment = [&](FlowColumn column) {
        return model.index(0, int(column)).data(Qt::TextAlignmentRole).toInt();
    };
    QCOMPARE(alignment(FlowColumn::Bytes), int(Qt::AlignRight | Qt::AlignVCenter));
    QCOMPARE(alignment(FlowColumn::Source), int(Qt::AlignLeft | Qt::AlignVCenter));
    QVERIFY(model.index(1, int(FlowColumn::InvalidReason))
                .data(Qt::ToolTipRole)
                .toString()
                .contains("incomplete_no_synack"));
}

void AnalysisModelTest::flowsAreSortedByTheOwner()
{
    const TestFolder folder;
    FlowTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    const QSignalSpy requested(&model, &FlowTableModel::sortRequested);
    const QSignalSpy cleared(&model, &FlowTableModel::sortCleared);
    model.sort(int(FlowColumn::Bytes), Qt::DescendingOrder);
    model.sort(-1);
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][0].value<FlowColumn>(), FlowColumn::Bytes);
    QCOMPARE(requested[0][1].toBool(), true);
    QCOMPARE(cleared.count(), 1);
    QCOMPARE(columnOf(model, 0), (QStringList{"1", "2"}));

    FlowQuery query;
    query.sort = {{FlowColumn::Number, true}};
    model.setRows(*selectFlows(*model.analysis(), query));
    QCOMPARE(columnOf(model, 0), (QStringList{"2", "1"}));
    QCOMPARE(model.flowAt(0), 1u);
    QCOMPARE(model.rowOf(0), 1);
    model.setRows({1});
    QCOMPARE(model.rowOf(0), -1);
}

void AnalysisModelTest::addresses()
{
    const TestFolder folder;
    AddressTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    QCOMPARE(headersOf(model), (QStringList{"Address", "Packets", "Packets sent", "Packets received", "Bytes",
                                            "Bytes sent", "Bytes received", "First seen", "Last seen"}));
    qRegisterMetaType<AddressColumn>();
    const QSignalSpy requested(&model, &AddressTableModel::sortRequested);
    const QSignalSpy cleared(&model, &AddressTableModel::sortCleared);
    model.sort(int(AddressColumn::Bytes), Qt::DescendingOrder);
    model.sort(-1);
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][0].value<AddressColumn>(), AddressColumn::Bytes);
    QCOMPARE(requested[0][1].toBool(), true);
    QCOMPARE(cleared.count(), 1);
    AddressQuery query;
    query.sortBy = AddressColumn::Address;
    query.descending = true;
    model.setRows(selectAddresses(*model.analysis(), query));
    QCOMPARE(columnOf(model, 0), (QStringList{"fe80::1", "10.9.0.1", "10.0.0.9", "10.0.0.1"}));
    query.text = "10. 0.1";
    model.setRows(selectAddresses(*model.analysis(), query));
    const QStringList shown{
        "10.9.0.1|6|2|4|400|0|400|2009-11-03 13:23:35.000100 UTC|2009-11-03 13:23:35.000600 UTC",
        "10.0.0.1|6|4|2|400|400|0|2009-11-03 13:23:35.000100 UTC|2009-11-03 13:23:35.000600 UTC"};
    QCOMPARE(rowsOf(model), shown);
    QCOMPARE(model.analysis()->addresses.text(model.addressAt(0)), "10.9.0.1");
    QCOMPARE(model.rowOf(model.addressAt(1)), 1);
    QCOMPARE(model.rowOf(emptyAddress), -1);
}

void AnalysisModelTest::pairs()
{
    const TestFolder folder;
    PairTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    qRegisterMetaType<PairColumn>();
    const QSignalSpy requested(&model, &PairTableModel::sortRequested);
    model.sort(int(PairColumn::Packets));
    QCOMPARE(requested.count(), 1);
    QCOMPARE(requested[0][0].value<PairColumn>(), PairColumn::Packets);
    PairQuery query;
    query.sortBy = PairColumn::Packets;
    model.setRows(selectPairs(*model.analysis(), query));
    const QStringList shown{
        "10.0.0.9|fe80::1|1|1|0|0|0|0|2009-11-03 13:23:37.000000 UTC|2009-11-03 13:23:37.000000 UTC",
        "10.0.0.1|10.9.0.1|6|4|2|400|400|0|2009-11-03 13:23:35.000100 UTC|2009-11-03 13:23:35.000600 UTC"};
    QCOMPARE(rowsOf(model), shown);
    QCOMPARE(headersOf(model).size(), shown[0].count('|') + 1);
    QCOMPARE(model.pairAt(1).packetsFromA, 4u);
}

void AnalysisModelTest::flags()
{
    const TestFolder folder;
    FlagTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    QCOMPARE(rowsOf(model), (QStringList{"SYN|2|28.6%", "SYN+ACK|1|14.3%", "ACK|1|14.3%", "PSH+ACK|1|14.3%",
                                         "FIN+ACK|2|28.6%"}));
    QCOMPARE(model.index(0, FlagTableModel::PacketShare).data(TableModel::RawRole).toDouble(), 2.0 / 7);
    model.sort(FlagTableModel::Packets, Qt::DescendingOrder);
    QCOMPARE(columnOf(model, 0), (QStringList{"SYN", "FIN+ACK", "SYN+ACK", "ACK", "PSH+ACK"}));
    model.sort(FlagTableModel::PacketShare, Qt::AscendingOrder);
    QCOMPARE(columnOf(model, 0), (QStringList{"SYN+ACK", "ACK", "PSH+ACK", "SYN", "FIN+ACK"}));
    model.sort(-1);
    QCOMPARE(columnOf(model, 0), (QStringList{"SYN", "SYN+ACK", "ACK", "PSH+ACK", "FIN+ACK"}));
}

void AnalysisModelTest::previewRows()
{
    const TestFolder folder;
    PreviewRowModel model;
    const Watch watch(&model);
    std::string text = conversations(500, captureStart);
    model.setAnalysis(analysisOf(folder, text));
    QCOMPARE(model.rowCount(), 1000);
    QCOMPARE(
        rowsOf(model)[1],
        QString(
            "in.csv|3|2009-11-03 13:23:35.000200 UTC|10.9.0.1|80|10.0.0.1|1024|SYN+ACK|5,000|1,001|0|TCP"));
    const auto file = model.index(0, PreviewRowModel::File).data(TableModel::RawRole).toString();
    QVERIFY2(QDir::fromNativeSeparators(file).endsWith("/in.csv"), qPrintable(file));
    model.sort(PreviewRowModel::Line, Qt::DescendingOrder);
    QCOMPARE(model.index(0, PreviewRowModel::Line).data().toString(), QString("1,001"));
    text = captureHeader() + "1,a,b,1,2,0,0,0,0,17\n2,a,b,0,0,,0,0,0,\n3,a,b,1,2,0,0,0,0,47\n";
    model.sort(-1);
    model.setAnalysis(analysisOf(folder, text));
    QCOMPARE(columnOf(model, PreviewRowModel::Protocol), (QStringList{"UDP", "", "47"}));
    QCOMPARE(columnOf(model, PreviewRowModel::Protocol, TableModel::RawRole), (QStringList{"17", "", "47"}));
    QCOMPARE(columnOf(model, PreviewRowModel::Flags), (QStringList{"NONE", "INVALID", "NONE"}));
}

void AnalysisModelTest::rejectedRows()
{
    const TestFolder folder;
    RejectedRowModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, smallCapture()));
    QCOMPARE(
        rowsOf(model),
        (QStringList{"in.csv|9|too few fields||12,x",
                     "in.csv|10|a timestamp that cannot be read|timestamp|nonsense,a,b,1,2,3,4,5,6,6",
                     "in.csv|11|a number beyond 64 bits|seq_num|5,a,b,1,2,3,99999999999999999999,5,6,6"}));
    model.sort(RejectedRowModel::Reason);
    QCOMPARE(columnOf(model, RejectedRowModel::Line), (QStringList{"11", "10", "9"}));
}

void AnalysisModelTest::hostileText()
{
    const TestFolder folder;
    const std::string markup = "<b>x</b><img src='file:///etc/passwd'>";
    const std::string turned = "a\xe2\x80\xae"
                               "b\xe2\x80\x8b"
                               "c\xe2\x80\xa8"
                               "d\xd8\x9c"; // RLO, ZWSP, LS, ALM
    const std::string huge(10'000, 'W');
    FlowTableModel model;
    const Watch watch(&model);
    model.setAnalysis(analysisOf(folder, captureHeader() + captureRow(1, markup, turned, 2) +
                                             captureRow(2, huge, "\xf0\x9f\x90\xb1", 2)));
    const auto at = [&](int row, FlowColumn column, int role = Qt::DisplayRole) {
        return model.index(row, int(column)).data(role).toString();
    };
    QCOMPARE(at(0, FlowColumn::Source), QString::fromStdString(markup)); // delegates draw plain text
    QVERIFY(!at(0, FlowColumn::Source, Qt::ToolTipRole).contains("<b>"));
    QVERIFY(at(0, FlowColumn::Source, Qt::ToolTipRole).contains("&lt;b&gt;"));
    QCOMPARE(at(0, FlowColumn::Destination),
             QString("a\\xe2\\x80\\xaeb\\xe2\\x80\\x8bc\\xe2\\x80\\xa8d\\xd8\\x9c"));
    QCOMPARE(at(0, FlowColumn::Destination, TableModel::RawRole), QString::fromStdString(turned));
    QCOMPARE(at(1, FlowColumn::Source).size(), shownCharacters + 1);
    QVERIFY(at(1, FlowColumn::Source).endsWith(QChar(0x2026)));
    QVERIFY(at(1, FlowColumn::Source, Qt::ToolTipRole).size() < 1200);
    QCOMPARE(at(1, FlowColumn::Source, TableModel::RawRole).size(), 10'000);
    QCOMPARE(at(1, FlowColumn::Destination), QString::fromUtf8("\xf0\x9f\x90\xb1"));
    QCOMPARE(plainToolTip({}), QString());
    QCOMPARE(visibleText("\xf0\x9f\x90\xb1\xf0\x9f\x90\xb1", 3),
             QString::fromUtf8("\xf0\x9f\x90\xb1\xe2\x80\xa6"));

    RejectedRowModel rejected;
    using namespace std::string_view_literals;
    rejected.setAnalysis(analysisOf(folder, captureHeader() + std::string("1,\0,\xff\n"sv)));
    QCOMPARE(rejected.rowCount(), 1);
    QCOMPARE(columnOf(rejected, RejectedRowModel::Row), QStringList{"1,\\x00,\\xff"});
    QCOMPARE(columnOf(rejected, RejectedRowModel::Row, TableModel::RawRole), QStringList{"1,\\x00,\\xff"});
}

void AnalysisModelTest::emptyAndNoAnalysis()
{
    const TestFolder folder;
    const auto empty = analysisOf(folder, captureHeader());
    const auto small = analysisOf(folder, smallCapture());
    const auto check = [&](auto&& model) {
        const Watch watch(&model);
        const QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        QCOMPARE(model.rowCount(), 0);
        for (int column = -1; column <= model.columnCount(); ++column)
            model.sort(column);
        model.setRows({0, 1});
        QCOMPARE(model.rowCount(), 0);
        const auto before = resets.count();
        model.setAnalysis(empty);
        QCOMPARE(resets.count(), before + 1);
        QCOMPARE(model.rowCount(), 0);
        model.setAnalysis(small);
        QVERIFY(model.rowCount() > 0);
        QVERIFY(!model.index(0, 0).data(Qt::DecorationRole).isValid());
        QVERIFY(!model.headerData(99, Qt::Horizontal).isValid());
        model.setAnalysis(nullptr);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.analysis());
    };
    check(FlowTableModel());
    check(AddressTableModel());
    check(PairTableModel());
    check(FlagTableModel());
    check(PreviewRowModel());
    check(RejectedRowModel());
}

void AnalysisModelTest::staleRowsAreLeftOut()
{
    const TestFolder folder;
    FlowTableModel model;
    model.setAnalysis(analysisOf(folder, smallCapture()));
    model.setRows({1, 2, 0, 4'000'000'000});
    QCOMPARE(model.rows(), (std::vector<std::uint32_t>{1, 0}));
}

void AnalysisModelTest::orderOutlivesTheAnalysis()
{
    const TestFolder folder;
    FlagTableModel flags;
    flags.sort(FlagTableModel::Type);
    flags.setAnalysis(analysisOf(folder, conversations(3)));
    QStringList sorted = columnOf(flags, 0);
    sorted.sort();
    QCOMPARE(columnOf(flags, 0), sorted);
}

QTEST_GUILESS_MAIN(AnalysisModelTest)
#include "analysis_model_test.moc"
