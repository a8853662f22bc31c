// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/messages.h"
#include "ui/panels/export_dialog.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <utility>
#include <vector>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// Journeys of an analyst in the real window, with the real jobs behind it.
class WindowTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void droppedFilesAreDescribedAtOnce();
    void analyzesShowsAndExports();
    void compactIsAChoiceAtExport();
    void theExportDialogSaysWhatStandsThere();
    void flowsAreFilteredAndOpened();
    void commandsWorkWhileTextIsTyped();
    void theStalePreviewIsAnalyzedAgain();
    void changedFiltersMarkThePreview();
    void badInputSaysSoInTheWindow();
    void badFiltersAreMarked();
    void cancelKeepsTheLastPreview();
    void aLargePreviewMakesRoom();
    void hostileTextIsPlain();
    void theCommandIsCopied();

private:
    void analyze(const std::filesystem::path& path);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void WindowTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("WindowTest"));
}

void WindowTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void WindowTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void WindowTest::analyze(const std::filesystem::path& path)
{
    driver_->drop({path});
    QVERIFY(driver_->analyze());
}

void WindowTest::droppedFilesAreDescribedAtOnce()
{
    QVERIFY(!driver_->action("Analyze")->isEnabled());
    driver_->drop({folder_->write("in.csv", conversations(3)), folder_->write("bad.csv", "a,b\n")});
    const auto* const list = driver_->named<QListWidget>("Captures, in the order in which they are read");
    QCOMPARE(list->count(), 2);
    QTRY_VERIFY(list->item(0)->text().contains("from 2009-11-03 13:23:35.000100 UTC"));
    QTRY_VERIFY(list->item(1)->text().contains("No column is known to be timestamp"));
    QVERIFY(driver_->action("Analyze")->isEnabled());
}

// The numbers on screen are those of the command line's engine, and the export is its dataset.
void WindowTest::analyzesShowsAndExports()
{
    const auto input = folder_->write("in.csv", conversations(300) + "bad row\n");
    analyze(input);
    Options options;
    options.inputs = {input};
    const auto expected = convert(options, *folder_ / "expected", [](const Progress&) { return true; });
    QVERIFY(expected);
    QVERIFY(driver_->shows(shownNumber(expected->totals.rows.kept)));
    QVERIFY(driver_->shows(shownNumber(expected->totals.flows)));
    QVERIFY(driver_->shows(shownNumber(expected->totals.uniqueAddresses)));
    QVERIFY(driver_->window().message().startsWith("1 of 1,801 rows could not be understood"));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->named<QTableView>("Flows")->model()->rowCount(), 300, patience);

    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "out");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported 300 flows"), patience);
    QVERIFY(driver_->window().message().contains("1,801 rows read = 1,800 kept + 0 filtered + 1 rejected"));
    QVERIFY(datasetContent(*folder_ / "out") == datasetContent(*folder_ / "expected"));
}

// In the dialog, as it is used; and it is remembered.
void WindowTest::compactIsAChoiceAtExport()
{
    const auto input = folder_->write("in.csv", conversations(30));
    analyze(input);
    for (const bool wanted : {true, true, false}) { // the second time as it is
        bool before = false;
        QTimer::singleShot(0, &driver_->window(), [&] {
            auto* const dialog = driver_->window().findChild<ExportDialog*>();
            auto* const compact = dialog->findChild<QCheckBox*>();
            before = compact->isChecked();
            dialog->findChild<QLineEdit*>()->setText(QString::fromStdString((*folder_ / "out").string()));
            if (compact->isChecked() != wanted)
                QTest::mouseClick(compact, Qt::LeftButton, {}, {8, compact->height() / 2});
            dialog->accept(); // past the question whether the dataset is to be replaced
        });
        driver_->action(QStringLiteral("Export…"))->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported 30 flows"), patience);
        const auto index = contentOf(*folder_ / "out/flows/flows_index.json");
        QCOMPARE(index.find('\n') == std::string::npos, wanted);
        static bool last = false;
        QCOMPARE(before, last);
        last = wanted;
        for (auto* const button : driver_->window().findChildren<QPushButton*>()) { // that of the message
            if (button->text() == QLatin1String("Copy command"))
                button->click();
        }
        QCOMPARE(QApplication::clipboard()->text().contains("--compact"), wanted);
    }
}

// By the rules of the export itself, and not in the event loop: a manifest that is a pipe stops nothing.
void WindowTest::theExportDialogSaysWhatStandsThere()
{
    const auto input = folder_->write("in.csv", conversations(3));
    analyze(input);
    folder_->write("out/manifest.json", R"({"format": "chunked"})");
    folder_->write("mixed/manifest.json", R"({"format": "chunked"})");
    folder_->write("mixed/flows/thesis.txt", "mine");
    std::filesystem::create_directory(*folder_ / "empty");
    std::vector<std::pair<const char*, const char*>> expected{
        {"none", "The folder will be made."},
        {"empty", "The folder is empty; the dataset will be in it."},
        {"out", "There is a dataset in this folder. It will be replaced."},
        {"in.csv", "This is a file, not a folder. Choose another name."},
        {"mixed",
         "The folder holds something that is not a dataset's (flows/thesis.txt). Choose another folder."},
        {".", "The input"}};
#ifdef Q_OS_UNIX
    std::filesystem::create_directory(*folder_ / "pipe");
    QCOMPARE(::mkfifo((*folder_ / "pipe/manifest.json").c_str(), 0600), 0);
    expected.emplace_back(
        "pipe", "The folder holds something that is not a dataset's (manifest.json). Choose another folder.");
#endif
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        const auto* const ok = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        for (const auto& [name, text] : expected) {
            dialog->findChild<QLineEdit*>()->setText(QString::fromStdString((*folder_ / name).string()));
            QVERIFY(!ok->isEnabled()); // until it is known
            const auto says = [&, wanted = QString(text)] {
                const auto labels = dialog->findChildren<QLabel*>();
                return std::any_of(labels.begin(), labels.end(),
                                   [&](const QLabel* label) { return label->text().startsWith(wanted); });
            };
            QTRY_VERIFY2_WITH_TIMEOUT(says(), name, patience);
            QCOMPARE(ok->isEnabled(), QString(text).contains("will be"));
            for (const auto* label : dialog->findChildren<QLabel*>()) // none is cut off
                QTRY_VERIFY(!label->isVisible() || label->height() >= label->heightForWidth(label->width()));
        }
        dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
}

void WindowTest::flowsAreFilteredAndOpened()
{
    analyze(folder_->write("in.csv", conversations(300)));
    auto* const table = driver_->named<QTableView>("Flows");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 300, patience);
    QTest::keyClicks(driver_->named<QLineEdit>("Filter what is seen"), "10.0.0.7 graceful");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, patience); // not 10.0.0.70 to .79
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    table->selectRow(0);
    const auto* const packets = driver_->named<QTableView>("Packets of the chosen flow");
    QTRY_COMPARE_WITH_TIMEOUT(packets->model()->rowCount(), packetsPerConversation, patience);
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().contains("10.0.0.7"));
    QVERIFY(QApplication::clipboard()->text().contains("graceful"));
}

// A line of text would take Ctrl+E for the end of the line.
void WindowTest::commandsWorkWhileTextIsTyped()
{
    analyze(folder_->write("in.csv", conversations(30)));
    QVERIFY(QTest::qWaitForWindowActive(&driver_->window()));
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    driver_->action(QStringLiteral("Flows"))->trigger();
    line->setFocus();
    bool opened = false;
    QTimer::singleShot(300, this, [&] {
        if (auto* const dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) {
            opened = true;
            dialog->reject();
        }
    });
    QTest::keyClick(line, Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(opened, patience);
    // The letters of the menus are theirs alone.
    for (const auto* const label : driver_->window().findChildren<QLabel*>())
        QVERIFY2(!label->text().contains(QStringLiteral("&F")), qPrintable(label->text()));
}

void WindowTest::theStalePreviewIsAnalyzedAgain()
{
    analyze(folder_->write("in.csv", conversations(30)));
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.0.0.7");
    driver_->press("Analyze again");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->analysis()->totals.rows.kept, std::uint64_t{packetsPerConversation},
                              patience);
}

void WindowTest::changedFiltersMarkThePreview()
{
    analyze(folder_->write("in.csv", conversations(30)));
    const auto stale = QStringLiteral(
        "The captures, filters or options have changed since this preview. Analyze again to see them.");
    QVERIFY(!driver_->shows(stale));
    auto* const addresses = driver_->named<QPlainTextEdit>("Addresses to keep");
    addresses->setPlainText("10.0.0.7");
    QVERIFY(driver_->shows(stale));
    QVERIFY(driver_->analyze());
    QVERIFY(!driver_->shows(stale));
    QCOMPARE(driver_->analysis()->totals.rows.kept, std::uint64_t{packetsPerConversation});
    driver_->named<QLineEdit>("Label")->setText("a label"); // changes how it is written, not what is shown
    QVERIFY(!driver_->shows(stale));
}

void WindowTest::badInputSaysSoInTheWindow()
{
    driver_->drop({folder_->write("bad.csv", "a,b\n1,2\n")});
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("There is no column named timestamp"),
                             patience);
    QVERIFY(driver_->window().message().contains("bad.csv, line 1"));
    QVERIFY(driver_->action("Analyze")->isEnabled()); // everything stays usable
}

void WindowTest::badFiltersAreMarked()
{
    driver_->drop({folder_->write("in.csv", conversations(3))});
    auto* const from = driver_->named<QLineEdit>("Keep packets from this time on");
    from->setText("tomorrow");
    QVERIFY(!driver_->action("Analyze")->isEnabled());
    from->setText("2009-11-03");
    QVERIFY(driver_->action("Analyze")->isEnabled());
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.0.0.1/33 printer");
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("\"10.0.0.1/33\" is no CIDR block"),
                             patience);
}

void WindowTest::cancelKeepsTheLastPreview()
{
    analyze(folder_->write("in.csv", conversations(10)));
    std::string text = conversations(50'000);
    driver_->drop({folder_->write("large.csv", text)});
    driver_->action("Analyze")->trigger();
    QVERIFY(driver_->action("Cancel")->isEnabled());
    driver_->action("Cancel")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(
        driver_->window().message().startsWith("Stopped. What is shown is the last complete preview."),
        patience);
    QCOMPARE(driver_->named<QTableView>("Flows")->model()->rowCount(), 10);
    QVERIFY(!driver_->action("Cancel")->isEnabled());
}

// Two of them would take twice the memory; nothing is shown then that is not there any more.
void WindowTest::aLargePreviewMakesRoom()
{
    analyze(folder_->write("in.csv", conversations(10)));
    const std::weak_ptr<const Analysis> before = driver_->analysis();
    driver_->forget();
    QCOMPARE(memoryOf(*before.lock()), 10u * 118 + 10 * 44 + 12 * 60);
    driver_->session().keepPreviewsUpTo(memoryOf(*before.lock()) - 1);
    driver_->drop({folder_->write("large.csv", conversations(50'000))});
    driver_->action("Analyze")->trigger();
    driver_->action("Cancel")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(before.expired(), patience); // the latest questions may still be answered
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Stopped."), patience);
    // What was read until then, if anything was.
    const auto part = driver_->analysis();
    QTRY_COMPARE_WITH_TIMEOUT(driver_->named<QTableView>("Flows")->model()->rowCount(),
                              part ? int(part->flows.size()) : 0, patience);
    QVERIFY(!part || part->capture()->partial);
}

void WindowTest::hostileTextIsPlain()
{
    const auto image = QStringLiteral("<img src=x onerror=1>");
    std::string text = captureHeader() + captureRow(1, image.toStdString(), "\"a\nb\"", 2) +
                       captureRow(2, std::string(10'000, 'x'),
                                  "\xe2\x80\xae"
                                  "evil",
                                  2);
#ifdef Q_OS_WIN // has no such names
    analyze(folder_->write("&b;in.csv", text));
#else
    analyze(folder_->write("<b>in.csv", text));
#endif
    auto* const table = driver_->named<QTableView>("Flows");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, patience);
    QStringList cells;
    for (int row = 0; row < 2; ++row) {
        for (int column = 0; column < table->model()->columnCount(); ++column)
            cells << table->model()->index(row, column).data().toString();
    }
    QVERIFY(cells.contains(image));
    for (const auto& cell : cells) {
        QVERIFY(cell.size() <= 250);
        QVERIFY(!cell.contains(QChar(0x202e)));
        QVERIFY(!cell.contains(QLatin1Char('\n')));
    }
    for (const auto* const label : driver_->window().findChildren<QLabel*>())
        QVERIFY2(!label->text().contains("<b>in") || label->textFormat() == Qt::PlainText,
                 qPrintable(label->text()));
}

void WindowTest::theCommandIsCopied()
{
    driver_->drop({folder_->write("in.csv", conversations(3)), folder_->write("map.json", "{}")});
    driver_->action("Copy command")->trigger();
    const auto line = QApplication::clipboard()->text();
    QVERIFY(line.startsWith("packetloom-cli --data "));
    QVERIFY(line.contains("--ip-map"));
    QCOMPARE(driver_->named<QListWidget>("Captures, in the order in which they are read")->count(),
             1); // the map is none
}

QTEST_MAIN(WindowTest)
#include "window_test.moc"
