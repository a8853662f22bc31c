// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/messages.h"
#include "ui/panels/overview_panel.h"
#include "ui/views/flow_view.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTableView>
#include <QTest>
#include <QTextBlock>
#include <QTextBrowser>
#include <QTreeWidget>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// From the first file to the last number, as an analyst goes.
class JourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void fromCaptureToDatasetAndBack();
    void aMarkedIntervalNarrowsEveryTable();
    void qualityOfEachFileIsShownAndCopied();
    void brokenDatasetsSayWhichFile();
    void stoppedAtFirstItSaysThatItIsAPart();
    void theManualStaysAtHome();

private:
    static QJsonObject commandLineSays(const Options& options, const QStringList& more = {});

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void JourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("JourneyTest"));
}

void JourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void JourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QJsonObject JourneyTest::commandLineSays(const Options& options, const QStringList& more)
{
    QStringList words{"--preview", "--json", "--data"};
    for (const auto& input : options.inputs)
        words << shown(input);
    if (!options.addressFilter.empty())
        words << "--filter-ips" << QString::fromStdString(options.addressFilter);
    const auto run = runProgram(words + more);
    if (run.status != 0)
        qFatal("%s", run.errors.c_str());
    return QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
}

void JourneyTest::fromCaptureToDatasetAndBack()
{
    driver_->drop({folder_->write("a.csv", conversations(300)),
                   folder_->write("b.csv", conversations(200, captureStart + 10'000'000) + "bad row\n")});
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.0.0.0/25\n10.0.1.0/24");
    QVERIFY(driver_->analyze());
    const auto said = commandLineSays(driver_->window().options());
    const auto number = [](const QJsonValue& value) { return shownNumber(std::uint64_t(value.toInteger())); };
    const auto rows = said["rows"].toObject();
    QVERIFY(rows["kept"].toInteger() > 0 && rows["filtered"].toInteger() > 0);
    QVERIFY(driver_->shows(number(rows["kept"])));
    QVERIFY(driver_->shows(number(said["total_flows"])));
    QVERIFY(driver_->shows(number(said["unique_ips"])));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), said["total_flows"].toInteger(), patience);
    QVERIFY(driver_->window().message().startsWith("1 of 3,001 rows"));

    // A marked interval changes what is seen, not what is exported.
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{captureStart}, qint64{captureStart + 5'000}));
    const auto flows = driver_->table("Flows");
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    QVERIFY(driver_->window().message().contains(
        QStringLiteral("%1 rows read = %2 kept + %3 filtered + 1 rejected")
            .arg(number(rows["read"]), number(rows["kept"]), number(rows["filtered"]))));
    driver_->press("Copy command");
    const auto command = QApplication::clipboard()->text();
    QVERIFY2(
        QDir::fromNativeSeparators(command).contains(QDir::fromNativeSeparators(shown(*folder_ / "set"))),
        qPrintable(command));

    driver_->press("Clear all");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), said["total_flows"].toInteger(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), said["unique_ips"].toInteger(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(std::size_t(driver_->table("Pairs of addresses").size()),
                              driver_->analysis()->pairs.size(), patience);
    const auto tables = [&] {
        QStringList lines;
        for (const auto* const name : {"Flows", "Addresses", "Pairs of addresses", "TCP flags"})
            lines << driver_->table(name);
        return lines;
    };
    QStringList before; // once no table is being put in order any more
    int unchanged = 0;
    const auto settled = [&] {
        auto now = tables();
        unchanged = now == before ? unchanged + 1 : 0;
        before = std::move(now);
        return unchanged >= 5;
    };
    QTRY_VERIFY_WITH_TIMEOUT(settled(), patience);
    driver_->forget();
    driver_->press("Open dataset");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QVERIFY(driver_->analysis()->dataset());
    QVERIFY(driver_->shows("set"));
    QVERIFY(driver_->shows(number(rows["kept"])));
    QVERIFY(driver_->shows(number(said["total_flows"])));
    QTRY_COMPARE_WITH_TIMEOUT(tables(), before, patience);

    // The packets of a flow come from its chunk file.
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    auto* const table = driver_->named<QTableView>("Flows");
    table->selectRow(3);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    driver_->press("Close dataset");
    QCOMPARE(driver_->table("Flows").size(), 0);
}

void JourneyTest::aMarkedIntervalNarrowsEveryTable()
{
    driver_->drop({folder_->write("in.csv", conversations(100))});
    QVERIFY(driver_->analyze());
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 101, patience);
    // Ten conversations of six packets, 100 us from packet to packet.
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{captureStart + 1}, qint64{captureStart + 6'000}));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 10, patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 11, patience);
    QCOMPARE(driver_->table("Pairs of addresses").size(), 10);
    QCOMPARE(driver_->table("The first rows as they were understood").size(), 60);
    driver_->action("Rows")->trigger();
    QVERIFY(driver_->shows("600 rows read = 600 kept + 0 filtered + 0 rejected. "
                           "60 of the listed rows lie in the marked interval."));
    for (const auto& line : driver_->table("TCP flags"))
        QVERIFY2(line.contains("|10|") || line.contains("|20|"), qPrintable(line));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->table("Addresses")[0].startsWith("10.9.0.1|60|"),
                             patience); // the busiest
    driver_->press("Clear all");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 100, patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 101, patience);
    QCOMPARE(driver_->table("The first rows as they were understood").size(), 600);
}

void JourneyTest::qualityOfEachFileIsShownAndCopied()
{
    driver_->drop({folder_->write("good.csv", conversations(10)),
                   folder_->write("bad.csv", conversations(1) + "no row\n")});
    QVERIFY(driver_->analyze());
    driver_->action("Quality")->trigger();
    QVERIFY(driver_->shows(
        "Files with something doubtful: 1 of 2. The whole capture, whatever is marked or filtered."));
    auto* const tree = driver_->named<QTreeWidget>("Quality of the captures");
    QVERIFY(tree->isVisible());
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->child(0)->text(1), QStringLiteral("60"));
    QCOMPARE(tree->topLevelItem(1)->child(0)->text(1), QStringLiteral("7"));
    driver_->press("Copy as text");
    const auto text = QApplication::clipboard()->text();
    QVERIFY2(text.contains(QStringLiteral("bad.csv\n  Rows read: 7\n")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("line 8: no row")), qPrintable(text));
}

void JourneyTest::brokenDatasetsSayWhichFile()
{
    driver_->drop({folder_->write("in.csv", conversations(30))});
    QVERIFY(driver_->analyze());
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() && driver_->analysis()->dataset(), patience);
    const auto name = QStringLiteral("flows_index.json");
    QVERIFY(QFile::resize(shown(*folder_ / "set" / "flows" / "flows_index.json"), 1'000));
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains(name), patience);
    QVERIFY(driver_->window().message().contains("damaged"));
    QCOMPARE(driver_->table("Flows").size(), 30); // the one before is still there and usable
    driver_->drop({folder_->path()});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("is no dataset"), patience);

    // A flow whose chunk is broken says so beside the others.
    QVERIFY(QFile::resize(shown(*folder_ / "set" / "flows" / "chunk_00000.json"), 1'000));
    driver_->named<QTableView>("Flows")->selectRow(20);
    QTRY_VERIFY_WITH_TIMEOUT(
        std::ranges::any_of(driver_->window().findChildren<QLabel*>(),
                            [](const auto* label) { return label->text().contains("chunk_00000.json"); }),
        patience);
}

void JourneyTest::stoppedAtFirstItSaysThatItIsAPart()
{
    driver_->drop({folder_->write("large.csv", conversations(60'000))});
    driver_->action("Analyze")->trigger();
    driver_->action("Cancel")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Stopped."), patience);
    QCOMPARE(driver_->shows(
                 "This is only the part that was read before the stop. Analyze again to see all of it."),
             driver_->analysis() != nullptr); // it may have come before the first row
    if (driver_->analysis())
        QVERIFY(driver_->analysis()->capture()->partial);
}

void JourneyTest::theManualStaysAtHome()
{
    driver_->action("Manual")->trigger();
    auto* const text = driver_->named<QTextBrowser>("Manual");
    QVERIFY(text->toPlainText().startsWith("Packetloom manual"));
    const auto first = text->source();
    // Every page is there and its links lead to pages.
    QStringList pages{"index.md"};
    int pictures = 0;
    for (qsizetype i = 0; i < pages.size(); ++i) {
        text->setSource(QUrl("qrc:/manual/" + pages[i]));
        QVERIFY2(text->toPlainText().size() > 100, qPrintable(pages[i]));
        for (auto block = text->document()->begin(); block != text->document()->end(); block = block.next()) {
            for (auto part = block.begin(); !part.atEnd(); ++part) {
                const auto link = part.fragment().charFormat().anchorHref();
                if (!link.isEmpty() && !pages.contains(link))
                    pages << link;
                const auto picture = part.fragment().charFormat().toImageFormat().name();
                if (!picture.isEmpty()) {
                    const auto image = text->loadResource(QTextDocument::ImageResource, QUrl(picture));
                    QVERIFY2(image.value<QImage>().width() > 300, qPrintable(picture));
                    ++pictures;
                }
            }
        }
    }
    QCOMPARE(pages.size(), 18);
    QCOMPARE(pictures, 12);
    for (const auto* const away :
         {"https://example.org/", "file:///etc/passwd", "qrc:/other", "../../etc/passwd"}) {
        text->setSource(first);
        text->setSource(QUrl(QString::fromLatin1(away)));
        QCOMPARE(text->source(), first);
    }
}

QTEST_MAIN(JourneyTest)
#include "journey_test.moc"
