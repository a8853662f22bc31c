// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/capture_list.h"

#include <QCheckBox>
#include <QPushButton>
#include <QTest>
#include <QTreeWidget>

using namespace packetloom;
using namespace packetloom::test;

/// One broken file among several in the real window: by clicks the others are seen all the same.
class BrokenFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void oneThatCannotBeOpened();
    void oneThatBreaksFartherOn();
    void aloneThereIsNothingToGoOnWith();
    void anotherAnalysisTakesTheMarksAway();
    void aDamagedDatasetIsNamed();

private:
    [[nodiscard]] QString inList(int row) const;
    [[nodiscard]] bool offersToGoOn() const;
    [[nodiscard]] QString quality() const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

std::string damagedGzip()
{
    auto bytes = gzipMember(conversations(400));
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 40; ++i)
        bytes[i] = static_cast<char>(~bytes[i]);
    return bytes;
}

std::string later(int conversationCount)
{
    return conversations(conversationCount, captureStart + 86'400'000'000);
}

} // namespace

void BrokenFilesTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("BrokenFilesTest"));
}

void BrokenFilesTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void BrokenFilesTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QString BrokenFilesTest::inList(int row) const
{
    return driver_->window().findChild<CaptureList*>()->item(row)->text();
}

bool BrokenFilesTest::offersToGoOn() const
{
    for (const auto* const button : driver_->window().findChildren<QPushButton*>()) {
        if (button->text() == QLatin1String("Go on without it") && button->isVisible())
            return true;
    }
    return false;
}

QString BrokenFilesTest::quality() const
{
    QString text;
    const auto* const tree = driver_->named<QTreeWidget>("Quality of the captures");
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
        for (int k = 0; k < tree->topLevelItem(i)->childCount(); ++k) {
            const auto* const line = tree->topLevelItem(i)->child(k);
            text += tree->topLevelItem(i)->text(0) + '|' + line->text(0) + '|' + line->text(1) + '\n';
        }
    }
    return text;
}

void BrokenFilesTest::oneThatCannotBeOpened()
{
    driver_->drop({folder_->write("good.csv", conversations(2)), folder_->write("empty.csv", ""),
                   folder_->write("more.csv", later(3))});
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(offersToGoOn(), patience);
    QVERIFY(driver_->window().message().contains("empty.csv"));
    QVERIFY(!driver_->window().options().skipBroken);
    driver_->forget();
    driver_->press("Go on without it");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QVERIFY(driver_->window().options().skipBroken);
    QCOMPARE(driver_->table("Flows").size(), 5);
    QVERIFY2(driver_->window().message().startsWith("Left out: "), qPrintable(driver_->window().message()));
    QVERIFY(driver_->window().message().contains("empty.csv"));
    QVERIFY2(inList(1).contains("The file is empty."), qPrintable(inList(1)));
    driver_->press("Show quality");
    QVERIFY2(quality().contains("empty.csv|Left out|The file is empty."), qPrintable(quality()));
    QVERIFY(!quality().contains("good.csv|Left out"));
}

// Nobody can see it before it is read: until then the file has its tick.
void BrokenFilesTest::oneThatBreaksFartherOn()
{
    driver_->drop({folder_->write("bad.csv.gz", damagedGzip()), folder_->write("good.csv", later(3))});
    QTRY_VERIFY_WITH_TIMEOUT(inList(0).contains("10 columns"), patience);
    QVERIFY(!inList(0).contains("corrupt"));
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(offersToGoOn(), patience);
    QVERIFY2(inList(0).contains("The gzip data is corrupt at byte"), qPrintable(inList(0)));
    driver_->forget();
    driver_->press("Go on without it");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QVERIFY(!offersToGoOn());
    const auto& totals = driver_->analysis()->totals;
    const auto kept = totals.inputs.at(0).rows.kept;
    QVERIFY(kept > 0 && kept < 2400);
    QCOMPARE(totals.rows.kept, kept + 18);
    QVERIFY2(driver_->window().message().contains("Reading it ended there"),
             qPrintable(driver_->window().message()));
    QVERIFY2(inList(0).contains("Rows of it that are in: "), qPrintable(inList(0)));
    QVERIFY2(quality().contains("bad.csv.gz|Reading ended early|The gzip data is corrupt at byte"),
             qPrintable(quality()));
    // What is exported is what is seen, and it is said again.
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "out");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("Captures that are not all in it: 1."),
                             patience);
}

void BrokenFilesTest::aloneThereIsNothingToGoOnWith()
{
    driver_->drop({folder_->write("bad.csv.gz", damagedGzip())});
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("corrupt"), patience);
    QVERIFY(!offersToGoOn());
    // Who wants what is in it says so.
    driver_->named<QCheckBox>("Go on without what is broken")->setChecked(true);
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->analysis()->totals.rows.kept > 0);
}

void BrokenFilesTest::anotherAnalysisTakesTheMarksAway()
{
    const auto bad = folder_->write("bad.csv.gz", damagedGzip());
    driver_->drop({bad, folder_->write("good.csv", later(3))});
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(offersToGoOn(), patience);
    QVERIFY(inList(0).contains("corrupt"));
    folder_->write("bad.csv.gz", gzipMember(conversations(400)));
    QVERIFY(driver_->analyze());
    QVERIFY2(!inList(0).contains("corrupt"), qPrintable(inList(0)));
    QVERIFY(!quality().contains("Reading ended early"));
}

// It opens, for its flows are read when they are wanted; what is damaged is said all the same.
void BrokenFilesTest::aDamagedDatasetIsNamed()
{
    driver_->drop({folder_->write("in.csv", conversations(30))});
    QVERIFY(driver_->analyze());
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    const auto chunk = *folder_ / "set" / "flows" / "chunk_00000.json";
    std::filesystem::resize_file(chunk, std::filesystem::file_size(chunk) / 2);
    driver_->forget();
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("chunk_00000.json"), patience);
    QVERIFY(driver_->window().message().startsWith("Files of flows that are damaged: 1 of "));
}

QTEST_MAIN(BrokenFilesTest)
#include "broken_files_test.moc"
