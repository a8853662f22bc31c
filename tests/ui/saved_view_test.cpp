// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/filter_messages.h"
#include "ui/models/flow_table_model.h"
#include "ui/models/words.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/table_view.h"
#include "ui/saved_names.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QSettings>
#include <QStandardItemModel>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// How the window looks is kept by name, whatever order things have in another version.
class SavedViewTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void namesSurviveAnotherOrder();
    void aSessionSaysNames();
    void numbersOfOlderSessionsAreUnderstood();
    void conditionsOfOlderSessionsBecomeChips();
    void theTabIsRemembered();
    void columnsSurviveAnotherOrder();
    void olderColumnsAreUnderstood();
    void everyColumnHasAName();
};

namespace {

constexpr int patience = WindowDriver::patience;

void fill(QStandardItemModel& model, const QStringList& names)
{
    model.setColumnCount(static_cast<int>(names.size()));
    for (int i = 0; i < names.size(); ++i) {
        model.setHeaderData(i, Qt::Horizontal, names[i]);
        model.setHeaderData(i, Qt::Horizontal, names[i], TableModel::NameRole);
    }
}

QStringList shownColumns(const TableView& view)
{
    const auto* const header = view.horizontalHeader();
    QStringList columns;
    for (int visual = 0; visual < header->count(); ++visual) {
        const int logical = header->logicalIndex(visual);
        if (!view.isColumnHidden(logical))
            columns
                << QStringLiteral("%1 %2").arg(view.columnNames()[logical]).arg(view.columnWidth(logical));
    }
    return columns;
}

} // namespace

void SavedViewTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("SavedViewTest"));
    QSettings().clear();
}

void SavedViewTest::namesSurviveAnotherOrder()
{
    const QStringList before{"a", "b", "c"}, after{"new", "c", "b", "a"};
    for (int i = 0; i < before.size(); ++i) {
        QCOMPARE(savedIndex(before, before[i]), i);
        QCOMPARE(after.value(savedIndex(after, before[i])), before[i]);
        QCOMPARE(savedIndex(before, i), i); // as older versions have it
        QCOMPARE(savedIndex(before, QString::number(i)), i);
    }
    for (const auto& nothing : {QVariant(), QVariant("d"), QVariant(3), QVariant(-1), QVariant("")})
        QCOMPARE(savedIndex(before, nothing), -1);
}

void SavedViewTest::aSessionSaysNames()
{
    const TestFolder folder;
    WindowDriver driver;
    driver.drop({folder.write("in.csv", conversations(20))});
    QVERIFY(driver.analyze());
    driver.showPage("flags");
    driver.named<QTableView>("Flows")->sortByColumn(int(FlowColumn::Start), Qt::DescendingOrder);
    driver.window().findChild<NarrowingBar*>()->addFilter(filterFor(FlowOutcome::Graceful));
    const auto view = driver.window().viewState();
    QCOMPARE(view["tab"].toString(), QStringLiteral("flags"));
    QCOMPARE(view["flows"]["sort"].toString(), QStringLiteral("start"));
    QCOMPARE(view["narrowing"]["chips"].toArray(), QJsonArray{"close == graceful"});
    QCOMPARE(view["timeline"]["stacking"].toString(), QStringLiteral("flags"));
    QCOMPARE(view["timeline"]["quantity"].toString(), QStringLiteral("packets"));
    QSet<QString> outcomes;
    for (std::size_t i = 0; i < flowOutcomeCount; ++i)
        outcomes << outcomeKey(FlowOutcome(i));
    QCOMPARE(std::size_t(outcomes.size()), flowOutcomeCount);
    QVERIFY(!outcomes.contains(QString()) && !outcomes.contains("any") && !outcomes.contains("invalid"));
}

// They go by the order in which things stood then.
void SavedViewTest::numbersOfOlderSessionsAreUnderstood()
{
    const TestFolder folder;
    folder.write("in.csv", conversations(20));
    const auto session = folder.write("old.packetloom", R"({"packetloom_session": 1, "captures": ["in.csv"],
        "view": {"tab": 2, "flows": {"filter": "", "outcome": 9, "sort": 11, "descending": true},
                 "timeline": {"stacking": 1, "quantity": 1, "log": true}}})");
    WindowDriver driver;
    driver.drop({session});
    QTRY_VERIFY_WITH_TIMEOUT(driver.analysis() != nullptr, patience);
    const auto view = driver.window().viewState();
    QCOMPARE(view["tab"].toString(), QStringLiteral("addresses"));
    QCOMPARE(view["narrowing"]["chips"].toArray(), QJsonArray{"close == \"\""});
    QCOMPARE(view["flows"]["sort"].toString(), QStringLiteral("packets"));
    QVERIFY(view["flows"]["descending"].toBool());
    QCOMPARE(view["timeline"]["stacking"].toString(), QStringLiteral("outcome"));
    QCOMPARE(view["timeline"]["quantity"].toString(), QStringLiteral("bytes"));
}

// Each page had conditions of its own; together they narrow all pages now.
void SavedViewTest::conditionsOfOlderSessionsBecomeChips()
{
    const TestFolder folder;
    folder.write("in.csv", conversations(20));
    const auto session = folder.write("old.packetloom", R"({"packetloom_session": 1, "captures": ["in.csv"],
        "view": {"interval": [1257254615000000, 1257254615009000],
                 "flows": {"filter": ":80", "outcome": "graceful", "address": "10.0.0.3",
                           "pair": ["10.0.0.3", "10.9.0.1"]}}})");
    WindowDriver driver;
    driver.drop({session});
    QTRY_VERIFY_WITH_TIMEOUT(driver.analysis() != nullptr, patience);
    const auto narrowing = driver.window().viewState()["narrowing"].toObject();
    QCOMPARE(narrowing["filter"].toString(), QStringLiteral(":80"));
    QCOMPARE(narrowing["chips"].toArray(),
             (QJsonArray{"close == graceful", "addr == 10.0.0.3", "addr == 10.9.0.1"}));
    QCOMPARE(narrowing["interval"].toArray(),
             (QJsonArray{qint64{1257254615000000}, qint64{1257254615009000}}));
    QTRY_COMPARE_WITH_TIMEOUT(driver.table("Flows").size(), 1, patience);
}

void SavedViewTest::theTabIsRemembered()
{
    {
        WindowDriver driver;
        driver.showPage("rows");
        driver.window().close();
    }
    QCOMPARE(QSettings().value("window/tab").toString(), QStringLiteral("rows"));
    WindowDriver next;
    QCOMPARE(next.window().viewState()["tab"].toString(), QStringLiteral("rows"));
}

void SavedViewTest::columnsSurviveAnotherOrder()
{
    const QString key = QStringLiteral("other order");
    {
        QStandardItemModel model;
        fill(model, {"a", "b", "c", "d"});
        TableView view(key);
        view.setModel(&model);
        view.restoreColumns({});
        for (int i = 0; i < 4; ++i)
            view.setColumnWidth(i, 100 + i);
        view.horizontalHeader()->moveSection(3, 0);
        view.setColumnHidden(1, true);
        QCOMPARE(shownColumns(view), (QStringList{"d 103", "a 100", "c 102"}));
        view.saveColumns();
    }
    QStandardItemModel model;
    fill(model, {"new", "c", "b", "a", "d"});
    TableView view(key);
    view.setModel(&model);
    view.restoreColumns({});
    auto columns = shownColumns(view);
    QVERIFY(columns.last().startsWith("new "));
    columns.removeLast();
    QCOMPARE(columns, (QStringList{"d 103", "a 100", "c 102"}));

    // However many are hidden, one is there.
    QSettings().setValue("columns/" + key,
                         QByteArray(R"([{"name": "a", "hidden": true}, 7, {"name": "x"}])"));
    QStandardItemModel one;
    fill(one, {"a"});
    TableView narrow(key);
    narrow.setModel(&one);
    narrow.restoreColumns({});
    QCOMPARE(shownColumns(narrow).size(), 1);
}

void SavedViewTest::olderColumnsAreUnderstood()
{
    QStandardItemModel model;
    fill(model, {"a", "b", "c"});
    TableView view(QStringLiteral("older"));
    view.setModel(&model);
    view.restoreColumns({});
    view.horizontalHeader()->moveSection(2, 0);
    view.setColumnHidden(0, true);
    view.setSortingEnabled(true);
    view.sortByColumn(1, Qt::DescendingOrder);
    QSettings().setValue("columns/older", view.horizontalHeader()->saveState());
    TableView next(QStringLiteral("older"));
    next.setModel(&model);
    next.restoreColumns({});
    QCOMPARE(shownColumns(next), shownColumns(view));
    QCOMPARE(next.horizontalHeader()->sortIndicatorSection(), -1); // its rows are not sorted
}

void SavedViewTest::everyColumnHasAName()
{
    WindowDriver driver;
    const auto views = driver.window().findChildren<TableView*>();
    QCOMPARE(views.size(), 11);
    for (const auto* const view : views) {
        const auto names = view->columnNames();
        QCOMPARE(QSet<QString>(names.begin(), names.end()).size(), names.size());
        for (const auto& name : names) // a name for machines, not a title
            QVERIFY2(!name.isEmpty() && name == name.toLower() && !name.contains(' '), qPrintable(name));
    }
}

QTEST_MAIN(SavedViewTest)
#include "saved_view_test.moc"
