// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/doubt_box.h"
#include "ui/panels/mapping_dialog.h"
#include "ui/saved_mappings.h"

#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>
#include <QTimer>
#include <functional>

using namespace packetloom;
using namespace packetloom::test;

/// Files that are easily misread: each is marked, and cured by clicks alone.
class DoubtsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void timesInSeconds();
    void timesInNanoseconds();
    void datesInTheReferencesColumns();
    void hexFlags();
    void aForeignMap();
    void theSameFileTwice();
    void columnsWithoutKnownNames();
    void aMappingIsSavedAndTaken();
    void aMappingIsOfferedByTheHeader();
    void aSessionKeepsHowTheyAreRead();

private:
    [[nodiscard]] QString doubt() const;
    [[nodiscard]] bool doubts(const QString& part) const { return doubt().contains(part); }
    /// In the dialog that the next click opens.
    static void inTheDialog(const std::function<void(MappingDialog&)>& work);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

const std::string header =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";

/// A whole connection, its times and flags written by `time` (microseconds from the start) and `flags`.
std::string connection(const std::function<std::string(std::int64_t)>& time,
                       const std::function<std::string(int)>& flags)
{
    struct Line
    {
        const char* ends;
        int flags;
        const char* numbers;
    };
    const Line lines[] = {
        {"10.0.0.1,10.0.0.2,40000,80", 2, "100,0"},    {"10.0.0.2,10.0.0.1,80,40000", 18, "500,101"},
        {"10.0.0.1,10.0.0.2,40000,80", 16, "101,501"}, {"10.0.0.1,10.0.0.2,40000,80", 17, "101,501"},
        {"10.0.0.2,10.0.0.1,80,40000", 17, "501,102"}, {"10.0.0.1,10.0.0.2,40000,80", 16, "102,502"}};
    std::string text;
    std::int64_t now = 0;
    for (const auto& line : lines)
        text += time(now += 100) + ',' + line.ends + ',' + flags(line.flags) + ',' + line.numbers + ",60,6\n";
    return text;
}

std::string decimal(int flags)
{
    return std::to_string(flags);
}

constexpr std::int64_t start = 1257254615; // seconds

std::string inSeconds(std::int64_t microseconds)
{
    const auto fraction = std::to_string(1'000'000 + microseconds);
    return std::to_string(start) + '.' + fraction.substr(1);
}

} // namespace

void DoubtsTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("DoubtsTest"));
}

void DoubtsTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void DoubtsTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QString DoubtsTest::doubt() const
{
    const auto* const box = driver_->window().findChild<DoubtBox*>();
    return box->isHidden() ? QString() : box->findChild<QLabel*>()->text();
}

void DoubtsTest::inTheDialog(const std::function<void(MappingDialog&)>& work)
{
    auto* const timer = new QTimer(qApp);
    QObject::connect(timer, &QTimer::timeout, timer, [timer, work] {
        auto* const dialog = qobject_cast<MappingDialog*>(QApplication::activeModalWidget());
        if (!dialog)
            return;
        timer->deleteLater();
        timer->stop();
        work(*dialog);
    });
    timer->start(20);
}

void DoubtsTest::timesInSeconds()
{
    driver_->drop({folder_->write("in.csv", header + connection(inSeconds, decimal))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("They look like seconds."), patience);
    driver_->press("Read as seconds");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->table("Flows").size(), 1);
    QVERIFY2(driver_->table("Flows")[0].contains("|graceful||2009-11-03 13:23:35.000100 UTC|"),
             qPrintable(driver_->table("Flows")[0]));
}

void DoubtsTest::timesInNanoseconds()
{
    const auto time = [](std::int64_t us) { return std::to_string((start * 1'000'000 + us) * 1000 + 999); };
    driver_->drop({folder_->write("in.csv", header + connection(time, decimal))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("They look like nanoseconds."), patience);
    driver_->press("Read as nanoseconds");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->table("Flows")[0].contains("|2009-11-03 13:23:35.000100 UTC|"));
}

void DoubtsTest::datesInTheReferencesColumns()
{
    const auto time = [](std::int64_t us) {
        return "2009-11-03T13:23:35." + std::to_string(1'000'000 + us).substr(1) + 'Z';
    };
    driver_->drop({folder_->write("in.csv", header + connection(time, decimal))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("They look like dates."), patience);
    driver_->press("Read as dates");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->table("Flows")[0].contains("|2009-11-03 13:23:35.000100 UTC|"));
}

void DoubtsTest::hexFlags()
{
    const auto time = [](std::int64_t us) { return std::to_string(start * 1'000'000 + us); };
    const auto flags = [](int bits) {
        return QStringLiteral("0x%1").arg(bits, 4, 16, QLatin1Char('0')).toStdString();
    };
    driver_->drop({folder_->write("in.csv", header + connection(time, flags))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("Flags like 0x0002 cannot be read"), patience);
    driver_->press("Read letters and names");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->table("Flows")[0].contains("|graceful|"));
}

void DoubtsTest::aForeignMap()
{
    const auto text = captureHeader() + captureRow(captureStart, "17", "18", 2) +
                      captureRow(captureStart + 9, "18", "17", 18);
    driver_->drop({folder_->write("in.csv", text)});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("there is no IP map"), patience);
    driver_->drop({folder_->write("foreign.json", R"({"10.0.0.1": 1})")});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("The IP map knows none of the 2 ids looked at"), patience);
    driver_->drop({folder_->write("own.json", R"({"10.0.0.17": 17, "10.0.0.18": 18})")});
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
}

void DoubtsTest::theSameFileTwice()
{
    const auto file = folder_->write("in.csv", conversations(1));
    const auto other = *folder_ / "link.csv";
    std::filesystem::create_hard_link(file, other);
    driver_->drop({file, other});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("This is the same file as"), patience);
    driver_->press("Remove it");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->window().options().inputs == std::vector{file});
}

// By its own click alone: each column is said to be what it is.
void DoubtsTest::columnsWithoutKnownNames()
{
    auto text = connection(inSeconds, decimal);
    driver_->drop({folder_->write("in.csv", "a,b,c,d,e,f,g,h,i,j\n" + text)});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("No column is known to be"), patience);
    inTheDialog([](MappingDialog& dialog) {
        auto* const table = dialog.findChild<QTableWidget*>();
        for (int column = 0; column < table->columnCount(); ++column)
            qobject_cast<QComboBox*>(table->cellWidget(0, column))->setCurrentIndex(column + 1);
        auto* const ok = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QTRY_VERIFY_WITH_TIMEOUT(ok->isEnabled(), patience);
        bool counted = false, timed = false;
        for (const auto* const label : dialog.findChildren<QLabel*>()) {
            counted = counted || label->text().contains(QStringLiteral("6 of the first 6 rows are packets."));
            timed = timed || label->text().contains(QStringLiteral(
                                 "The first time is 2009-11-03 13:23:35.000100 UTC (seconds)."));
        }
        QVERIFY(counted);
        QVERIFY(timed);
        ok->click();
    });
    driver_->press("Columns…");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QVERIFY2(driver_->table("Flows")[0].contains("|graceful||2009-11-03 13:23:35.000100 UTC|"),
             qPrintable(driver_->table("Flows")[0]));
}

void DoubtsTest::aMappingIsSavedAndTaken()
{
    SavedMapping mapping{.name = QStringLiteral("probe"), .header = {}, .spec = {}};
    mapping.spec.columns = "timestamp=1,src_ip=2,dst_ip=3,src_port=4,dst_port=5,flags=6,protocol=10";
    mapping.spec.timeUnit = TimeUnit::Seconds;
    saveMapping(mapping);
    driver_->drop({folder_->write("in.csv", "a,b,c,d,e,f,g,h,i,j\n" + connection(inSeconds, decimal))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("No column is known to be"), patience);
    inTheDialog([](MappingDialog& dialog) {
        for (auto* const box : dialog.findChildren<QComboBox*>()) {
            if (box->accessibleName() != QLatin1String("Saved"))
                continue;
            box->setCurrentText(QStringLiteral("probe"));
            emit box->activated(box->currentIndex());
        }
        auto* const ok = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QTRY_VERIFY_WITH_TIMEOUT(ok->isEnabled(), patience);
        ok->click();
    });
    driver_->press("Columns…");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    const auto specs = driver_->window().options().specs;
    QCOMPARE(specs.size(), 1u);
    QCOMPARE(specs[0].columns, mapping.spec.columns);
    QVERIFY(specs[0].timeUnit == TimeUnit::Seconds);
    forgetMapping(QStringLiteral("probe"));
    QVERIFY(savedMappings().empty());
}

void DoubtsTest::aMappingIsOfferedByTheHeader()
{
    SavedMapping mapping{.name = QStringLiteral("probe"),
                         .header = {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"),
                                    QStringLiteral("d"), QStringLiteral("e"), QStringLiteral("f"),
                                    QStringLiteral("g"), QStringLiteral("h"), QStringLiteral("i"),
                                    QStringLiteral("j")},
                         .spec = {}};
    mapping.spec.columns = "timestamp=1,src_ip=2,dst_ip=3,src_port=4,dst_port=5,flags=6,seq_num=7,ack_num=8,"
                           "length=9,protocol=10";
    mapping.spec.timeUnit = TimeUnit::Seconds;
    saveMapping(mapping);
    mapping.name = QStringLiteral("of others");
    mapping.header.removeLast();
    saveMapping(mapping);
    driver_->drop({folder_->write("in.csv", "a,b,c,d,e,f,g,h,i,j\n" + connection(inSeconds, decimal))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("No column is known to be"), patience);
    const auto buttons = driver_->window().findChildren<QPushButton*>();
    QVERIFY(std::none_of(buttons.begin(), buttons.end(), [](const QPushButton* button) {
        return button->isVisible() && button->text().contains(QStringLiteral("of others"));
    }));
    driver_->press("Read as “probe”");
    QTRY_VERIFY_WITH_TIMEOUT(doubt().isEmpty(), patience);
    QVERIFY(driver_->analyze());
    QVERIFY2(driver_->table("Flows")[0].contains("|graceful||2009-11-03 13:23:35.000100 UTC|"),
             qPrintable(driver_->table("Flows")[0]));
    forgetMapping(QStringLiteral("probe"));
    forgetMapping(QStringLiteral("of others"));
}

void DoubtsTest::aSessionKeepsHowTheyAreRead()
{
    driver_->drop({folder_->write("in.csv", header + connection(inSeconds, decimal)),
                   folder_->write("usual.csv", conversations(1))});
    QTRY_VERIFY_WITH_TIMEOUT(doubts("They look like seconds."), patience);
    driver_->press("Read as seconds");
    const auto before = driver_->window().options();
    QCOMPARE(before.specs.size(), 1u);
    const auto file = *folder_ / "s.packetloom";
    emit driver_->window().sessionSaveWanted(file);
    driver_ = std::make_unique<WindowDriver>();
    driver_->drop({file});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().options().specs == before.specs, patience);
    QVERIFY(driver_->window().options().inputs == before.inputs);
}

QTEST_MAIN(DoubtsTest)
#include "doubts_test.moc"
