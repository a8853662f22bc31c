// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/ui/cluster_hands.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/narrowing_bar.h"

#include <QLabel>
#include <QPushButton>

using namespace packetloom;
using namespace packetloom::test;

/// Exports that are cut into tasks: what the window says before it plans one.
class ClusterDialogJourneyTest : public QObject, private ClusterHands
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("ClusterDialogJourneyTest")); }
    void init() { begin(); }
    void cleanup() { end(); }
    void thePlaceIsTold();
    void theSuggestionStandsBack();
    void whatCannotBeInTasksIsSaid_data();
    void whatCannotBeInTasksIsSaid();
    void theExportDialogLeadsHere();
    void nothingIsOutOfReach();
};

void ClusterDialogJourneyTest::thePlaceIsTold()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    QVERIFY(driver_->analyze());
    std::filesystem::create_directory(*folder_ / "empty");
    folder_->write("others/notes.txt", "mine");
    plan(*folder_ / "job");
    const std::vector<std::tuple<const char*, const char*, bool>> expected{
        {"none", "The folder will be made.", true},
        {"empty", "The folder is empty; the job will be in it.", true},
        {"others", "There are other things in this folder. They stay", true},
        {"job", "There is a job in this folder already.", false},
        {"day.csv", "There is a file of this name.", false}};
    inDialog([&](ClusterDialog& dialog) {
        QCOMPARE(dialog.findChild<QLineEdit*>()->text(), shown(*folder_ / "day-job")); // beside the last one
        for (const auto& [name, text, possible] : expected) {
            dialog.findChild<QLineEdit*>()->setText(shown(*folder_ / name));
            QVERIFY(!exportButton(dialog)->isEnabled()); // until it is known
            if (possible)
                QTRY_VERIFY2_WITH_TIMEOUT(says(dialog, text), name, patience);
            else
                QTest::qWait(300);
            QCOMPARE(exportButton(dialog)->isEnabled(), possible);
        }
        dialog.findChild<QLineEdit*>()->clear();
        QVERIFY(!exportButton(dialog)->isEnabled());
    });
}

// What the user has chosen is not chosen again by another place.
void ClusterDialogJourneyTest::theSuggestionStandsBack()
{
    const auto input = folder_->write("day.csv", conversations(8000));
    driver_->drop({input});
    const auto maps = QString::number(std::filesystem::file_size(input) / 1'000'000 + 1);
    inDialog([&](ClusterDialog& dialog) {
        QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "Suggested: 8, for "), patience);
        QCOMPARE(dialog.shards(), std::size_t{8});
        QCOMPARE(dialog.taskBytes(), std::uint64_t{1'000'000'000});
        QVERIFY(says(dialog, "Map tasks: at most 1. Reduce tasks: 8."));
        choose(dialog, *folder_ / "elsewhere", 5, 1);
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog)->isEnabled(), patience);
        QCOMPARE(dialog.shards(), std::size_t{5});
        QVERIFY(says(dialog, "Map tasks: at most " + maps + ". Reduce tasks: 5."));
        dialog.findChildren<QSpinBox*>()[1]->setValue(0);
        QCOMPARE(dialog.taskBytes(), std::uint64_t{0});
    });
}

void ClusterDialogJourneyTest::whatCannotBeInTasksIsSaid_data()
{
    QTest::addColumn<QString>("read");
    QTest::addColumn<bool>("skipBroken");
    QTest::addColumn<QString>("chip");
    QTest::addColumn<QString>("reason");
    QTest::newRow("broken ones") << "" << true << ""
                                 << "Tasks cannot leave captures out";
    QTest::newRow("flows that are read") << "flow.bytes > 10" << false << ""
                                         << "Tasks cannot choose flows";
    QTest::newRow("flows of a chip") << "" << false << "close == graceful"
                                     << "Tasks cannot choose flows";
}

// And by the planning itself, should somebody ask it all the same.
void ClusterDialogJourneyTest::whatCannotBeInTasksIsSaid()
{
    QFETCH(QString, read);
    QFETCH(bool, skipBroken);
    QFETCH(QString, chip);
    QFETCH(QString, reason);
    Options options;
    options.inputs = {folder_->write("day.csv", conversations(5))};
    options.filter = read.toStdString();
    options.skipBroken = skipBroken;
    driver_->window().setOptions(options);
    QVERIFY(driver_->analyze());
    if (!chip.isEmpty())
        driver_->window().findChild<NarrowingBar*>()->addFilter(chip);
    inDialog([&](ClusterDialog& dialog) {
        QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "The folder will be made."), patience);
        QVERIFY(says(dialog, reason));
        QVERIFY(!exportButton(dialog)->isEnabled());
        if (const auto choices = dialog.findChildren<QRadioButton*>(); !choices.isEmpty()) {
            choices[1]->click(); // all packets
            QVERIFY(!says(dialog, reason));
            QVERIFY(exportButton(dialog)->isEnabled());
        }
    });
    if (!chip.isEmpty())
        options.filter = "flow(" + chip.toStdString() + ')';
    emit driver_->window().planWanted(
        {.folder = *folder_ / "job", .shards = 2, .taskBytes = 0, .options = options});
    QTRY_VERIFY2_WITH_TIMEOUT(driver_->window().message().contains("This cannot be cut into tasks: "),
                              qPrintable(driver_->window().message()), patience);
    QVERIFY(!std::filesystem::exists(*folder_ / "job"));
}

void ClusterDialogJourneyTest::theExportDialogLeadsHere()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    QVERIFY(driver_->analyze());
    bool led = false;
    QTimer seen; // the dialog has an event loop of its own
    connect(&seen, &QTimer::timeout, this, [&] {
        if (auto* const dialog = driver_->window().findChild<ClusterDialog*>()) {
            led = true;
            dialog->reject();
        }
    });
    seen.start(20);
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        for (auto* const button : dialog->findChildren<QPushButton*>()) {
            if (button->text() == "On a c&luster…")
                button->click();
        }
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(led, patience);
}

// Everything has a name for who cannot see it, and fits on a small screen.
void ClusterDialogJourneyTest::nothingIsOutOfReach()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    const auto named = [](const QWidget& parent) {
        for (const auto* const widget : parent.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(&parent) ||
                widget->objectName().startsWith("qt_"))
                continue;
            bool has = !widget->accessibleName().isEmpty() || !widget->property("text").toString().isEmpty();
            for (const auto* const label : parent.findChildren<QLabel*>())
                has = has || label->buddy() == widget;
            const bool part = widget->inherits("QTabBar") || widget->inherits("QTabWidget");
            if (!has && !part)
                return QString::fromLatin1(widget->metaObject()->className());
        }
        return QString();
    };
    inDialog([&](ClusterDialog& dialog) {
        QCOMPARE(named(dialog), QString());
        QVERIFY2(dialog.minimumSizeHint().width() <= 720 && dialog.minimumSizeHint().height() <= 450,
                 qPrintable(QString::number(dialog.minimumSizeHint().height())));
    });
    plan(*folder_ / "job");
    QVERIFY(jobWindow());
    QCOMPARE(named(*jobWindow()), QString());
    const QSize least = jobWindow()->minimumSizeHint();
    QVERIFY2(least.width() <= 720 && least.height() <= 450,
             qPrintable(QStringLiteral("%1x%2").arg(least.width()).arg(least.height())));
}

QTEST_MAIN(ClusterDialogJourneyTest)
#include "cluster_dialog_journey_test.moc"
