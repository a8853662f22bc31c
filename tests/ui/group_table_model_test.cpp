// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_query.h"
#include "core/analysis/open_flow_table.h"
#include "tests/support/capture_text.h"
#include "tests/ui/model_text.h"
#include "ui/models/copy_rows.h"
#include "ui/models/group_table_model.h"
#include "ui/panels/sparkline_delegate.h"

#include <QAbstractItemModelTester>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The table of groups, and the bars in it.
class GroupTableModelTest : public QObject
{
    Q_OBJECT

private slots:
    void groupsByOneKey();
    void groupsByTwoKeys();
    void everyKeyHasWords();
    void sortsByTheOwner();
    void copiesRawNumbers();
    void barsAreSeen_data();
    void barsAreSeen();
    void hostileWordsArePlain();
    void emptyAndNoAnalysis();
};

namespace {

using Watch = QAbstractItemModelTester;

/// Two connections, and a SYN that nobody answers.
std::string traffic()
{
    return conversations(2) + captureRow(captureStart + 2'000'000, "10.0.0.9", "fe80::1", 2, 7, 0, -4);
}

void show(GroupTableModel& model, const std::shared_ptr<const Analysis>& analysis, const GroupQuery& query,
          const GroupOrder& order = {})
{
    const auto answer = answerGroups(*analysis, query, order);
    model.setAnalysis(std::make_shared<const ShownGroups>(ShownGroups{analysis, answer->table}));
    model.setRows(answer->rows);
}

} // namespace

void GroupTableModelTest::groupsByOneKey()
{
    const TestFolder folder;
    GroupTableModel model;
    const Watch watch(&model);
    show(model, analysisOf(folder, traffic()), {.by = GroupKey::Destination});
    QCOMPARE(headersOf(model),
             (QStringList{"Destination", "Then by", "Service", "Flows", "Over time", "Packets", "Bytes",
                          "Sent", "Received", "Peers", "Ports", "Unanswered", "Share", "First", "Last"}));
    QVERIFY(!headersOf(model, Qt::ToolTipRole).contains(QString()));
    QCOMPARE(headersOf(model, TableModel::NameRole).first(), QStringLiteral("group"));
    QCOMPARE(rowsOf(model),
             (QStringList{"10.9.0.1|||2||12|800|800|0|2|1|0|0.0%|2009-11-03 13:23:35.000100 UTC|2009-11-03 "
                          "13:23:35.001200 UTC",
                          "fe80::1|||1||1|-4|-4|0|1|1|1|100.0%|2009-11-03 13:23:37.000000 UTC|2009-11-03 "
                          "13:23:37.000000 UTC"}));
}

void GroupTableModelTest::groupsByTwoKeys()
{
    const TestFolder folder;
    GroupTableModel model;
    const Watch watch(&model);
    show(model, analysisOf(folder, traffic()), {.by = GroupKey::DestinationPort, .thenBy = GroupKey::Close},
         {GroupColumn::Second, true});
    QCOMPARE(headersOf(model).mid(0, 3), (QStringList{"Destination port", "Closed", "Service"}));
    QCOMPARE(columnOf(model, GroupTableModel::FirstKey), (QStringList{"80", "80"}));
    QCOMPARE(columnOf(model, GroupTableModel::SecondKey), (QStringList{"invalid", "graceful"}));
    QCOMPARE(columnOf(model, GroupTableModel::Service), (QStringList{"http", "http"}));
    const auto right = int(Qt::AlignRight | Qt::AlignVCenter);
    QCOMPARE(model.index(0, GroupTableModel::FirstKey).data(Qt::TextAlignmentRole).toInt(), right);
}

void GroupTableModelTest::everyKeyHasWords()
{
    const TestFolder folder;
    const auto analysis = analysisOf(folder, traffic());
    GroupTableModel model;
    const Watch watch(&model);
    for (std::size_t i = 0; i < groupKeyCount; ++i) {
        const auto key = static_cast<GroupKey>(i);
        if (!canGroup(*analysis, false, key))
            continue;
        show(model, analysis, {.by = key});
        QVERIFY(model.rowCount() > 0);
        QVERIFY(!headersOf(model).first().isEmpty());
        for (int row = 0; row < model.rowCount(); ++row)
            QVERIFY2(!model.index(row, 0).data().toString().isEmpty(), qPrintable(headersOf(model).first()));
    }
    show(model, analysis, {.by = GroupKey::Reason});
    QCOMPARE(columnOf(model, 0), (QStringList{"(none)", "incomplete, no SYN+ACK"}));
    QCOMPARE(columnOf(model, 0, TableModel::RawRole), (QStringList{"", "incomplete_no_synack"}));
    show(model, analysis, {.by = GroupKey::Pair}, {GroupColumn::First, false});
    QCOMPARE(columnOf(model, 0).first(), QStringLiteral("10.0.0.1 ↔ 10.9.0.1"));
    show(model, analysis, {.by = GroupKey::Time}, {GroupColumn::First, false});
    QCOMPARE(columnOf(model, 0).first(), QStringLiteral("2009-11-03 13:23:00.000000 UTC"));
}

void GroupTableModelTest::sortsByTheOwner()
{
    GroupTableModel model;
    const QSignalSpy requested(&model, &GroupTableModel::sortRequested);
    model.sort(GroupTableModel::Ports, Qt::DescendingOrder);
    model.sort(GroupTableModel::Service, Qt::AscendingOrder);
    model.sort(GroupTableModel::OverTime, Qt::AscendingOrder);
    model.sort(-1);
    model.sort(GroupTableModel::ColumnCount);
    QCOMPARE(requested.count(), 3);
    QCOMPARE(requested[0][0].value<GroupColumn>(), GroupColumn::Ports);
    QCOMPARE(requested[0][1].toBool(), true);
    QCOMPARE(requested[1][0].value<GroupColumn>(), GroupColumn::First);
    QCOMPARE(requested[2][0].value<GroupColumn>(), GroupColumn::FirstSeen);
    for (int i = 0; i < groupColumnCount; ++i) {
        const auto column = static_cast<GroupColumn>(i);
        QCOMPARE(GroupTableModel::orderOf(GroupTableModel::columnOf(column)), std::optional(column));
    }
}

void GroupTableModelTest::copiesRawNumbers()
{
    const TestFolder folder;
    GroupTableModel model;
    show(model, analysisOf(folder, traffic()), {.by = GroupKey::DestinationPort});
    const auto csv = rowsAsCsv(model, {model.index(0, 0)}, {});
    QStringList bars;
    for (int i = 0; i < 60; ++i)
        bars << (i == 0 ? "2" : i == 59 ? "1" : "0");
    QCOMPARE(csv.section(u'\n', 1, 1),
             QStringLiteral("80,,http,3,%1,13,796,796,0,5,1,1,0.3333333333333333,1257254615000100,"
                            "1257254617000000")
                 .arg(bars.join(u' ')));
}

void GroupTableModelTest::barsAreSeen_data()
{
    QTest::addColumn<bool>("selected");
    QTest::addColumn<bool>("dark");
    for (const bool selected : {false, true}) {
        for (const bool dark : {false, true})
            QTest::addRow("%s, %s", selected ? "selected" : "plain", dark ? "dark" : "light")
                << selected << dark;
    }
}

// The colours of the bars stand out from what is behind them, and they stand where the flows were.
void GroupTableModelTest::barsAreSeen()
{
    QFETCH(bool, selected);
    QFETCH(bool, dark);
    const TestFolder folder;
    GroupTableModel model;
    show(model, analysisOf(folder, traffic()), {.by = GroupKey::DestinationPort});
    QStyleOptionViewItem option;
    option.rect = QRect(0, 0, 128, 24);
    option.state = QStyle::State_Enabled | QStyle::State_Active;
    option.state.setFlag(QStyle::State_Selected, selected);
    if (dark) {
        option.palette.setColor(QPalette::Base, QColor(0x1e, 0x1e, 0x1e));
        option.palette.setColor(QPalette::Link, QColor(0x6c, 0xb4, 0xff));
        option.palette.setColor(QPalette::HighlightedText, Qt::white);
    }
    QImage image(option.rect.size(), QImage::Format_RGB32);
    image.fill(option.palette.color(selected ? QPalette::Highlight : QPalette::Base));
    const QImage before = image;
    {
        QPainter painter(&image);
        SparklineDelegate(GroupTableModel::SparkRole, nullptr)
            .paint(&painter, option, model.index(0, GroupTableModel::OverTime));
    }
    const auto bar =
        option.palette.color(QPalette::Active, selected ? QPalette::HighlightedText : QPalette::Link);
    QCOMPARE(image.pixelColor(4, 3), bar);    // the highest: two flows
    QVERIFY(image.pixelColor(122, 3) != bar); // one flow, half as high
    QCOMPARE(image.pixelColor(122, 20), bar);
    QVERIFY(image.pixelColor(64, 20) != bar); // nothing in between
}

void GroupTableModelTest::hostileWordsArePlain()
{
    const TestFolder folder;
    const auto opened = openFlowTable(
        folder.write("conn.log",
                     "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\tid.orig_p\t"
                     "id.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\torig_pkts\torig_ip_bytes\t"
                     "resp_pkts\tresp_ip_bytes\n"
                     "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\t<b>x</b>\t5\tSF\t10\t1000\t-\t-\n"),
        [](const Progress&) { return true; });
    QVERIFY(opened);
    GroupTableModel model;
    const Watch watch(&model);
    show(model, *opened, {.by = GroupKey::Service, .thenBy = GroupKey::State});
    QCOMPARE(columnOf(model, 0), (QStringList{"<b>x</b>"}));
    QCOMPARE(columnOf(model, 1), (QStringList{"SF"}));
    QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains("&lt;b&gt;"));
    QCOMPARE(columnOf(model, GroupTableModel::Unanswered), (QStringList{""})); // the table tells one way only
}

void GroupTableModelTest::emptyAndNoAnalysis()
{
    const TestFolder folder;
    GroupTableModel model;
    const Watch watch(&model);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(headersOf(model).first(), QStringLiteral("Group"));
    show(model, analysisOf(folder, captureHeader()), {.by = GroupKey::Source});
    QCOMPARE(model.rowCount(), 0);
    model.setAnalysis(nullptr);
    QCOMPARE(model.rowCount(), 0);
}

QTEST_MAIN(GroupTableModelTest)
#include "group_table_model_test.moc"
