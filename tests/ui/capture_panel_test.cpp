// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/path_text.h"
#include "ui/panels/capture_list.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/doubt_box.h"

#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace packetloom;

namespace {

std::vector<std::filesystem::path> manyPaths(int count)
{
    std::vector<std::filesystem::path> paths;
    for (int i = 0; i < count; ++i)
        paths.push_back(pathFromText("/captures/day" + std::to_string(i) + ".csv"));
    return paths;
}

InputSpec specOf(const std::filesystem::path& path)
{
    InputSpec spec;
    spec.file = path;
    return spec;
}

CaptureFacts someFacts()
{
    CaptureFacts facts;
    facts.bytes = 1000;
    facts.firstTimestamp = 1257254615000000;
    return facts;
}

} // namespace

class CapturePanelTest : public QObject
{
    Q_OBJECT

private slots:
    void fewAreToldAtOnce();
    void eachFileOnce();
    void removedOnesComeAgain();
    void thousandsAreToldTogether();
    void equalNamesHaveTheirFolder();
    void deleteRemoves();
    void sortedByTime();
    void whatIsDoubtfulHasNoTick();
    void answersAboutAnotherReadingAreDropped();
    void filesMayHaveTheirIpMap();
    void whatIsIncompleteIsMarked();
};

void CapturePanelTest::fewAreToldAtOnce()
{
    CapturePanel panel;
    auto* const list = panel.findChild<QListWidget*>();
    const auto paths = manyPaths(3);
    panel.addCaptures(paths);
    QSignalSpy changes(&panel, &CapturePanel::changed);
    panel.setFacts(specOf(paths[1]), someFacts());
    QCOMPARE(changes.count(), 1);
    QVERIFY(list->item(1)->text().contains(QStringLiteral("2009")));
    QVERIFY(!list->item(0)->text().contains(QStringLiteral("2009")));
    panel.setFacts(specOf(paths[2]), Error{.code = Errc::Empty, .detail = {}, .file = paths[2]});
    QVERIFY(!panel.allReadable());
    panel.setFacts(specOf("/captures/unknown.csv"), someFacts());
    QCOMPARE(list->count(), 3);
}

void CapturePanelTest::eachFileOnce()
{
    CapturePanel panel;
    QSignalSpy wanted(&panel, &CapturePanel::inspectionWanted);
    auto paths = manyPaths(5);
    paths.push_back(paths.front());
    panel.addCaptures(paths);
    panel.addCaptures(manyPaths(6));
    QCOMPARE(wanted.count(), 6);
    QVERIFY(panel.captures() == manyPaths(6));
}

void CapturePanelTest::equalNamesHaveTheirFolder()
{
    CapturePanel panel;
    auto* const list = panel.findChild<QListWidget*>();
    const auto nameOf = [&](int row) { return list->item(row)->text().section(QLatin1Char('\n'), 0, 0); };
    panel.addCaptures({"/monday/in.csv", "/monday/other.csv"});
    QCOMPARE(nameOf(0), QStringLiteral("in.csv"));
    panel.addCaptures({"/tuesday/in.csv"});
    QCOMPARE(nameOf(0), QStringLiteral("in.csv in /monday"));
    QCOMPARE(nameOf(1), QStringLiteral("other.csv"));
    QCOMPARE(nameOf(2), QStringLiteral("in.csv in /tuesday"));
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(nameOf(1), QStringLiteral("in.csv"));
}

void CapturePanelTest::deleteRemoves()
{
    CapturePanel panel;
    auto* const list = panel.findChild<QListWidget*>();
    panel.addCaptures(manyPaths(4));
    QTest::keyClick(list, Qt::Key_Delete); // nothing is selected
    QCOMPARE(list->count(), 4);
    list->item(1)->setSelected(true);
    list->item(2)->setSelected(true);
    QSignalSpy changes(&panel, &CapturePanel::changed);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(changes.count(), 1);
    const std::vector<std::filesystem::path> left{"/captures/day0.csv", "/captures/day3.csv"};
    QVERIFY(panel.captures() == left);
}

// It is said until it is cured, or said to be right.
void CapturePanelTest::whatIsDoubtfulHasNoTick()
{
    CapturePanel panel;
    auto* const list = panel.findChild<CaptureList*>();
    auto* const box = panel.findChild<DoubtBox*>();
    const auto paths = manyPaths(2);
    panel.addCaptures(paths);
    auto facts = someFacts();
    panel.setFacts(specOf(paths[0]), facts);
    QVERIFY(box->isHidden());
    facts.problems.push_back({.code = ProblemCode::TimeRange,
                              .text = "1257254615",
                              .unit = TimeUnit::Microseconds,
                              .better = TimeUnit::Seconds,
                              .time = 1257254615});
    panel.setFacts(specOf(paths[1]), facts);
    QVERIFY(!box->isHidden());
    QVERIFY(panel.allReadable());
    QVERIFY(list->item(1)->toolTip().contains(QStringLiteral("seconds")));
    const auto button = [&](const QString& text) {
        for (auto* const each : box->findChildren<QPushButton*>()) {
            if (each->text() == text && !each->isHidden())
                return each;
        }
        return static_cast<QPushButton*>(nullptr);
    };
    QSignalSpy wanted(&panel, &CapturePanel::inspectionWanted);
    button(QStringLiteral("Read as seconds"))->click();
    QCOMPARE(wanted.count(), 1);
    const auto spec = wanted.first().first().value<InputSpec>();
    QVERIFY(spec.file == paths[1]);
    QVERIFY(spec.timeUnit == TimeUnit::Seconds);
    QVERIFY(panel.specs() == std::vector{spec});
    panel.setFacts(spec, someFacts());
    QVERIFY(box->isHidden());

    panel.setTogether(paths[0], {{.code = ProblemCode::SameFile, .file = paths[1]}});
    QVERIFY(!box->isHidden());
    button(QStringLiteral("It is right so"))->click();
    QVERIFY(box->isHidden());
    panel.setTogether(paths[0], {{.code = ProblemCode::SameFile, .file = paths[1]},
                                 {.code = ProblemCode::NoMap, .text = "7"}});
    QVERIFY(button(QStringLiteral("IP map…")));
    panel.setTogether(paths[0], {});
    QVERIFY(box->isHidden());
}

void CapturePanelTest::answersAboutAnotherReadingAreDropped()
{
    CapturePanel panel;
    const auto path = manyPaths(1).front();
    panel.addCaptures({path});
    auto spec = specOf(path);
    spec.timeUnit = TimeUnit::Nanoseconds;
    panel.setSpecs({spec});
    panel.setFacts(specOf(path), Error{.code = Errc::Empty, .detail = {}, .file = path});
    QVERIFY(panel.allReadable()); // not known otherwise
    panel.setFacts(spec, Error{.code = Errc::Empty, .detail = {}, .file = path});
    QVERIFY(!panel.allReadable());
}

// What is not known to begin anywhere comes last, and keeps its order.
void CapturePanelTest::sortedByTime()
{
    CapturePanel panel;
    const auto paths = manyPaths(4);
    panel.addCaptures(paths);
    const auto begins = [&](std::size_t i, std::int64_t time) {
        auto facts = someFacts();
        facts.firstTimestamp = time;
        panel.setFacts(specOf(paths[i]), facts);
    };
    begins(1, 30);
    begins(3, -10);
    QSignalSpy changes(&panel, &CapturePanel::changed);
    panel.findChild<CaptureList*>()->sortByTime();
    const std::vector<std::filesystem::path> sorted{paths[3], paths[1], paths[0], paths[2]};
    QVERIFY(panel.captures() == sorted);
    QVERIFY(changes.count() == 1);
    panel.setFacts(specOf(paths[0]), someFacts()); // the rows are still known
    QVERIFY(panel.findChild<QListWidget*>()->item(2)->text().contains(QStringLiteral("2009")));
}

void CapturePanelTest::removedOnesComeAgain()
{
    CapturePanel panel;
    auto* const list = panel.findChild<QListWidget*>();
    panel.addCaptures(manyPaths(3));
    list->setCurrentRow(1);
    for (auto* const button : panel.findChildren<QToolButton*>()) {
        if (button->text() == QStringLiteral("Remove"))
            button->click();
    }
    QCOMPARE(list->count(), 2);
    panel.setFacts(specOf(manyPaths(3)[1]), someFacts()); // an answer that comes too late
    panel.addCaptures(manyPaths(3));
    QCOMPARE(list->count(), 3);
    panel.clear();
    panel.addCaptures(manyPaths(3));
    QVERIFY(panel.captures() == manyPaths(3));
}

// As often as files are told one by one, so often does everybody look through all of them.
void CapturePanelTest::thousandsAreToldTogether()
{
    CapturePanel panel;
    panel.resize(300, 400);
    panel.show();
    auto* const list = panel.findChild<QListWidget*>();
    const auto paths = manyPaths(8000);
    QSignalSpy wanted(&panel, &CapturePanel::inspectionWanted);
    QSignalSpy changes(&panel, &CapturePanel::changed);
    panel.addCaptures(paths);
    QCOMPARE(wanted.count(), 8000);
    QCOMPARE(changes.count(), 1);
    QVERIFY(list->uniformItemSizes());
    for (std::size_t i = 0; i < paths.size(); ++i) {
        panel.setFacts(specOf(paths[i]), someFacts());
        if (i % 100 == 0)
            QCoreApplication::processEvents();
    }
    QTRY_VERIFY(list->item(7999)->text().contains(QStringLiteral("2009")));
    QVERIFY(list->item(0)->text().contains(QStringLiteral("2009")));
    QVERIFY2(changes.count() < 400, std::to_string(changes.count()).c_str());
    QVERIFY(panel.allReadable());
    QVERIFY(panel.captures() == paths);
}

void CapturePanelTest::filesMayHaveTheirIpMap()
{
    CapturePanel panel;
    auto* const list = panel.findChild<CaptureList*>();
    const auto paths = manyPaths(3);
    panel.addCaptures(paths);
    panel.setIpMap("/maps/all.json");
    list->setIpMap({paths[0], paths[2]}, "/maps/own.json");
    QVERIFY(panel.ipMapOf(paths[0]) == "/maps/own.json");
    QVERIFY(panel.ipMapOf(paths[1]) == "/maps/all.json");
    QCOMPARE(panel.specs().size(), 2u);
    QVERIFY(panel.specs()[1].file == paths[2] && panel.specs()[1].ipMap == "/maps/own.json");
    QVERIFY(list->item(0)->text().contains(QStringLiteral("IP map: own.json")));
    QVERIFY(!list->item(1)->text().contains(QStringLiteral("IP map")));
    panel.setFacts(panel.specs()[0], someFacts());
    QVERIFY(list->item(0)->toolTip().contains(QStringLiteral("/maps/own.json")));
    QSignalSpy compared(&panel, &CapturePanel::comparisonWanted);
    QTRY_COMPARE(compared.count(), 1);
    const auto inputs = compared[0][0].value<KnownInputs>();
    QCOMPARE(inputs.size(), 3u);
    QVERIFY(inputs[0].ipMap == "/maps/own.json" && inputs[1].ipMap == "/maps/all.json");
    list->setIpMap({paths[0], paths[2]}, {});
    QVERIFY(panel.specs().empty());
    QVERIFY(!list->item(0)->text().contains(QStringLiteral("IP map")));
    panel.clear();
    QVERIFY(panel.ipMapOf(paths[0]).empty());
}

void CapturePanelTest::whatIsIncompleteIsMarked()
{
    CapturePanel panel;
    auto* const list = panel.findChild<QListWidget*>();
    const auto paths = manyPaths(2);
    panel.addCaptures(paths);
    for (const auto& path : paths)
        panel.setFacts(specOf(path), someFacts());
    const auto key = [&](int row) { return list->item(row)->icon().pixmap(16).toImage(); };
    const auto good = key(0);
    panel.setIncomplete(paths[0], QStringLiteral("It breaks."));
    panel.setIncomplete("/captures/unknown.csv", QStringLiteral("It breaks."));
    QVERIFY(key(0) != good && key(1) == good);
    QVERIFY(list->item(0)->text().endsWith(QStringLiteral("It breaks.")));
    QVERIFY(list->item(0)->toolTip().contains(QStringLiteral("breaks.")));
    panel.clearIncomplete();
    QVERIFY(key(0) == good && !list->item(0)->text().contains(QStringLiteral("breaks")));
    panel.setIncomplete(paths[0], QStringLiteral("It breaks."));
    auto other = specOf(paths[0]);
    other.noHeader = true;
    panel.setSpecs({other});
    panel.setFacts(other, someFacts());
    QVERIFY(key(0) == good);
}

QTEST_MAIN(CapturePanelTest)
#include "capture_panel_test.moc"
