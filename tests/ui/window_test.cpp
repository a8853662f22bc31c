// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session.h"
#include "core/convert/convert.h"
#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "ui/main_window.h"
#include "ui/messages.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
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
    void flowsAreFilteredAndOpened();
    void changedFiltersMarkThePreview();
    void badInputSaysSoInTheWindow();
    void badFiltersAreMarked();
    void cancelKeepsTheLastPreview();
    void hostileTextIsPlain();
    void theCommandIsCopied();

private:
    template <class Widget>
    Widget* named(const QString& accessibleName) const;
    QAction* action(const QString& text) const;
    bool shows(const QString& text) const;
    void drop(const std::vector<std::filesystem::path>& paths);
    void analyze(const std::filesystem::path& path);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<MainWindow> window_;
    std::unique_ptr<Session> session_;
    AnalysisPtr analysis_;
};

namespace {

constexpr int patience = 60'000;

} // namespace

void WindowTest::initTestCase()
{
    QApplication::setOrganizationName(QStringLiteral("PacketloomTest"));
    QApplication::setApplicationName(QStringLiteral("WindowTest"));
    static const TestFolder settings;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString(pathText(settings.path())));
}

void WindowTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    window_ = std::make_unique<MainWindow>();
    session_ = std::make_unique<Session>(*window_);
    analysis_.reset();
    connect(&session_->jobs(), &Jobs::analyzed, this,
            [this](const AnalysisPtr& analysis) { analysis_ = analysis; });
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
}

void WindowTest::cleanup()
{
    session_.reset();
    window_.reset();
    analysis_.reset();
    folder_.reset();
}

template <class Widget>
Widget* WindowTest::named(const QString& accessibleName) const
{
    for (auto* const widget : window_->findChildren<Widget*>()) {
        if (widget->accessibleName() == accessibleName)
            return widget;
    }
    qFatal("no widget is called %s", qPrintable(accessibleName));
}

QAction* WindowTest::action(const QString& text) const
{
    for (auto* const action : window_->findChildren<QAction*>()) {
        if (action->text().remove(QLatin1Char('&')) == text)
            return action;
    }
    qFatal("no action is called %s", qPrintable(text));
}

bool WindowTest::shows(const QString& text) const
{
    for (const auto* const label : window_->findChildren<QLabel*>()) {
        if (label->text() == text && label->isVisibleTo(window_.get()))
            return true;
    }
    return false;
}

void WindowTest::drop(const std::vector<std::filesystem::path>& paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const auto& path : paths)
        urls << QUrl::fromLocalFile(QString::fromStdString(pathText(path)));
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
}

void WindowTest::analyze(const std::filesystem::path& path)
{
    drop({path});
    QVERIFY(action("Analyze")->isEnabled());
    action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(analysis_ != nullptr, patience);
}

void WindowTest::droppedFilesAreDescribedAtOnce()
{
    QVERIFY(!action("Analyze")->isEnabled());
    drop({folder_->write("in.csv", conversations(3)), folder_->write("bad.csv", "a,b\n")});
    const auto* const list = named<QListWidget>("Captures, in the order in which they are read");
    QCOMPARE(list->count(), 2);
    QTRY_VERIFY(list->item(0)->text().contains("from 2009-11-03 13:23:35.000100 UTC"));
    QTRY_VERIFY(list->item(1)->text().contains("no column named timestamp"));
    QVERIFY(action("Analyze")->isEnabled());
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
    QVERIFY(shows(shownNumber(expected->totals.rows.kept)));
    QVERIFY(shows(shownNumber(expected->totals.flows)));
    QVERIFY(shows(shownNumber(expected->totals.uniqueAddresses)));
    QVERIFY(window_->message().startsWith("1 of 1,801 rows could not be understood"));
    QTRY_COMPARE_WITH_TIMEOUT(named<QTableView>("Flows")->model()->rowCount(), 300, patience);

    emit window_->exportWanted(window_->options(), *folder_ / "out");
    QTRY_VERIFY_WITH_TIMEOUT(window_->message().startsWith("Exported 300 flows"), patience);
    QVERIFY(window_->message().contains("1,801 rows read = 1,800 kept + 0 filtered + 1 rejected"));
    QVERIFY(datasetContent(*folder_ / "out") == datasetContent(*folder_ / "expected"));
}

void WindowTest::flowsAreFilteredAndOpened()
{
    analyze(folder_->write("in.csv", conversations(300)));
    auto* const table = named<QTableView>("Flows");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 300, patience);
    QTest::keyClicks(named<QLineEdit>("Filter the flows"), "10.0.0.7 graceful");
    // 10.0.0.7 and 10.0.0.70 to .79
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 11, patience);
    table->selectRow(0);
    const auto* const packets = named<QTableView>("Packets of the chosen flow");
    QTRY_COMPARE_WITH_TIMEOUT(packets->model()->rowCount(), packetsPerConversation, patience);
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QApplication::clipboard()->text().contains("10.0.0.7"));
    QVERIFY(QApplication::clipboard()->text().contains("graceful"));
}

void WindowTest::changedFiltersMarkThePreview()
{
    analyze(folder_->write("in.csv", conversations(30)));
    const auto stale = QStringLiteral(
        "The captures, filters or options have changed since this preview. Analyze again to see them.");
    QVERIFY(!shows(stale));
    auto* const addresses = named<QPlainTextEdit>("Addresses to keep");
    addresses->setPlainText("10.0.0.7");
    QVERIFY(shows(stale));
    analysis_.reset();
    action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(analysis_ != nullptr, patience);
    QVERIFY(!shows(stale));
    QCOMPARE(analysis_->totals.rows.kept, std::uint64_t{packetsPerConversation});
    named<QLineEdit>("Label")->setText("a label"); // changes how it is written, not what is shown
    QVERIFY(!shows(stale));
}

void WindowTest::badInputSaysSoInTheWindow()
{
    drop({folder_->write("bad.csv", "a,b\n1,2\n")});
    action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(window_->message().contains("There is no column named timestamp"), patience);
    QVERIFY(window_->message().contains("bad.csv, line 1"));
    QVERIFY(action("Analyze")->isEnabled()); // everything stays usable
}

void WindowTest::badFiltersAreMarked()
{
    drop({folder_->write("in.csv", conversations(3))});
    auto* const from = named<QLineEdit>("Keep packets from this time on");
    from->setText("tomorrow");
    QVERIFY(!action("Analyze")->isEnabled());
    from->setText("2009-11-03");
    QVERIFY(action("Analyze")->isEnabled());
    named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.0.0.1 printer");
    action("Analyze")->trigger(); // only the IP map could know a printer
    QTRY_VERIFY_WITH_TIMEOUT(window_->message().contains("\"printer\" is no address"), patience);
}

void WindowTest::cancelKeepsTheLastPreview()
{
    analyze(folder_->write("in.csv", conversations(10)));
    std::string text = conversations(50'000);
    drop({folder_->write("large.csv", text)});
    action("Analyze")->trigger();
    QVERIFY(action("Cancel")->isEnabled());
    action("Cancel")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(
        window_->message().startsWith("Stopped. What is shown is the last complete preview."), patience);
    QCOMPARE(named<QTableView>("Flows")->model()->rowCount(), 10);
    QVERIFY(!action("Cancel")->isEnabled());
}

void WindowTest::hostileTextIsPlain()
{
    const auto image = QStringLiteral("<img src=x onerror=1>");
    std::string text = captureHeader() + captureRow(1, image.toStdString(), "\"a\nb\"", 2) +
                       captureRow(2, std::string(10'000, 'x'),
                                  "\xe2\x80\xae"
                                  "evil",
                                  2);
    analyze(folder_->write("<b>in.csv", text));
    auto* const table = named<QTableView>("Flows");
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
    for (const auto* const label : window_->findChildren<QLabel*>())
        QVERIFY2(!label->text().contains("<b>in") || label->textFormat() == Qt::PlainText,
                 qPrintable(label->text()));
}

void WindowTest::theCommandIsCopied()
{
    drop({folder_->write("in.csv", conversations(3)), folder_->write("map.json", "{}")});
    action("Copy command")->trigger();
    const auto line = QApplication::clipboard()->text();
    QVERIFY(line.startsWith("packetloom-cli --data "));
    QVERIFY(line.contains("--ip-map"));
    QCOMPARE(named<QListWidget>("Captures, in the order in which they are read")->count(),
             1); // the map is none
}

QTEST_MAIN(WindowTest)
#include "window_test.moc"
