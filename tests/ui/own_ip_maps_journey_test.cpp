// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/capture_list.h"
#include "ui/panels/doubt_box.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <functional>

using namespace packetloom;
using namespace packetloom::test;

/// Two captures whose ids are those of two IP maps, in the real window, by clicks.
class OwnIpMapsJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void byTheMenuOfTheList();
    void byTheCureOfADoubt();

private:
    [[nodiscard]] QString doubt() const;
    /// Chooses from the menu of a capture in the list.
    void chooseInMenu(int row, const QString& text);
    /// Answers the file dialog that comes next.
    static void chooseFile(const std::filesystem::path& file);
    static void whenThere(const std::function<bool()>& work);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
    std::filesystem::path first_, second_, firstMap_, secondMap_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void OwnIpMapsJourneyTest::initTestCase()
{
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("OwnIpMapsJourneyTest"));
}

void OwnIpMapsJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    const auto ids = [](std::int64_t start, const std::string& a, const std::string& b) {
        return captureHeader() + captureRow(start, a, b, 2) + captureRow(start + 9, b, a, 18) +
               captureRow(start + 20, a, b, 16);
    };
    first_ = folder_->write("first.csv", ids(captureStart, "17", "18"));
    second_ = folder_->write("second.csv", ids(captureStart + 1'000'000, "17", "18"));
    firstMap_ = folder_->write("first.json", R"({"10.0.0.1": 17, "10.0.0.2": 18})");
    secondMap_ = folder_->write("second.json", R"({"10.9.0.1": 17, "10.9.0.2": 18})");
}

void OwnIpMapsJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QString OwnIpMapsJourneyTest::doubt() const
{
    const auto* const box = driver_->window().findChild<DoubtBox*>();
    return box->isHidden() ? QString() : box->findChild<QLabel*>()->text();
}

void OwnIpMapsJourneyTest::whenThere(const std::function<bool()>& work)
{
    auto* const timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, timer, [timer, work] {
        if (!work())
            return;
        timer->stop();
        timer->deleteLater();
    });
    timer->start(20);
}

void OwnIpMapsJourneyTest::chooseFile(const std::filesystem::path& file)
{
    whenThere([file] {
        auto* const dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return false;
        dialog->findChild<QLineEdit*>()->setText(QString::fromStdString(pathText(file)));
        auto* const open = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open);
        QTimer::singleShot(0, open, &QPushButton::click);
        return true;
    });
}

void OwnIpMapsJourneyTest::chooseInMenu(int row, const QString& text)
{
    auto* const list = driver_->window().findChild<CaptureList*>();
    list->clearSelection();
    list->setCurrentRow(row);
    whenThere([text] {
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (!menu)
            return false;
        for (auto* const action : menu->actions()) {
            if (action->text() != text)
                continue;
            const auto place = menu->actionGeometry(action).center();
            QTimer::singleShot(0, menu,
                               [menu, place] { QTest::mouseClick(menu, Qt::LeftButton, {}, place); });
            return true;
        }
        qFatal("the menu has no such entry");
    });
    const auto place = list->visualItemRect(list->item(row)).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, list->viewport()->mapToGlobal(place));
    QApplication::sendEvent(list->viewport(), &event);
}

void OwnIpMapsJourneyTest::byTheMenuOfTheList()
{
    driver_->drop({first_, second_, firstMap_});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().options().ipMap == firstMap_, patience);
    auto* const list = driver_->window().findChild<CaptureList*>();
    QTRY_COMPARE_WITH_TIMEOUT(list->count(), 2, patience);
    chooseFile(secondMap_);
    chooseInMenu(1, QStringLiteral("IP map…"));
    QTRY_VERIFY_WITH_TIMEOUT(list->item(1)->text().contains("IP map: second.json"), patience);
    QVERIFY(!list->item(0)->text().contains("IP map"));
    QTRY_VERIFY_WITH_TIMEOUT(list->item(1)->toolTip().contains(QString::fromStdString(pathText(secondMap_))),
                             patience);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->totals.uniqueAddresses, 4u);
    const auto flows = driver_->table("Flows").join('\n'); // both ways have one port, so they are two
    QCOMPARE(flows.count("10.0.0.1"), 2);
    QCOMPARE(flows.count("10.9.0.1"), 2);
    driver_->action("Copy command")->trigger();
    QVERIFY2(QApplication::clipboard()->text().contains(
                 QString::fromStdString("--ip-map-for " + pathText(second_) + '=' + pathText(secondMap_))),
             qPrintable(QApplication::clipboard()->text()));

    // A session keeps it.
    const auto before = driver_->window().options();
    const auto file = *folder_ / "s.packetloom";
    emit driver_->window().sessionSaveWanted(file);
    driver_ = std::make_unique<WindowDriver>();
    driver_->drop({file});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().options().specs == before.specs, patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QCOMPARE(driver_->analysis()->totals.uniqueAddresses, 4u);

    // And without it the capture is read by that of all again.
    chooseInMenu(1, QStringLiteral("Use the IP map of all"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().options().specs.empty(), patience);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->totals.uniqueAddresses, 2u);
}

void OwnIpMapsJourneyTest::byTheCureOfADoubt()
{
    const auto other = folder_->write("other.csv", captureHeader() + captureRow(captureStart, "71", "72", 2));
    const auto otherMap = folder_->write("other.json", R"({"10.7.0.1": 71, "10.7.0.2": 72})");
    driver_->drop({first_, other, firstMap_});
    QTRY_VERIFY_WITH_TIMEOUT(doubt().contains("The IP map knows none of the 2 ids looked at"), patience);
    QVERIFY(doubt().contains("other.csv"));
    chooseFile(otherMap);
    driver_->press("IP map of this file…");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->window().options().ipMap == firstMap_);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->table("Flows").join('\n').count("10.7.0.1"), 1);
}

QTEST_MAIN(OwnIpMapsJourneyTest)
#include "own_ip_maps_journey_test.moc"
