// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/overview_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QTest>
#include <QTimer>
#include <array>

using namespace packetloom;
using namespace packetloom::test;

/// The exact engine's flows as a file, asked for in the real window.
class ExportJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("ExportJourneyTest")); }
    void init();
    void cleanup();
    void eachFormatHasItsPlace();
    void whatCannotBeExportedSaysWhy();
    void theFileIsTheCommandLines_data();
    void theFileIsTheCommandLines();
    void whatStandsThereIsSaid();
    void aFileIsReplacedIfTheUserAgrees();
    void filtersOfTheOtherEngineAreRefused_data();
    void filtersOfTheOtherEngineAreRefused();
    void whatWasExportedOpens();

private:
    enum class Answer : std::uint8_t { NotAsked, Replace, Keep };
    /// Uses the dialog, and waits for the end of the export where there is one. `content`: which choice.
    void exportAs(const QString& format, int content, const std::filesystem::path& target,
                  Answer answer = Answer::NotAsked);
    /// Runs a line of the clipboard.
    void runCopied();

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;
const QString zeekLog = QStringLiteral("Zeek conn.log");
const QString jsonLines = QStringLiteral("conn.log as JSON lines");

constexpr std::uint32_t begin = 1'257'254'615;

/// Connections to a web server, one second apart, a question over UDP after each; and one more in a tunnel.
std::string capture(int connections)
{
    PcapFile pcap;
    for (int i = 0; i < connections; ++i) {
        const auto client = "10.0.0." + std::to_string(i + 1);
        std::uint32_t time = 0;
        const auto add = [&](bool forward, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged,
                             const std::string& payload = {}) {
            const Tcp header{.sourcePort = forward ? 40000u : 80u,
                             .destinationPort = forward ? 80u : 40000u,
                             .sequence = sequence,
                             .acknowledgment = acknowledged,
                             .flags = flags};
            const Ip ip{.source = forward ? client : "10.9.0.1",
                        .destination = forward ? "10.9.0.1" : client};
            pcap.add(begin + std::uint32_t(i), 1000 * time++,
                     ethernet(0x0800, ipv4(ip, tcp(header, payload))));
        };
        add(true, 0x02, 100, 0);
        add(false, 0x12, 500, 101);
        add(true, 0x10, 101, 501);
        add(true, 0x18, 101, 501, std::string(std::size_t(10 + i), 'q'));
        add(false, 0x18, 501, 111 + std::uint32_t(i), "abcdefghij");
        add(true, 0x11, 111 + std::uint32_t(i), 511);
        add(false, 0x11, 511, 112 + std::uint32_t(i));
        add(true, 0x10, 112 + std::uint32_t(i), 512);
        pcap.add(begin + std::uint32_t(i), 500'000,
                 ethernet(0x0800, ipv4({.source = client, .destination = "10.9.0.2", .protocol = 17},
                                       udp(5353, 53, "question"))));
    }
    const auto within =
        ipv4({.source = "192.168.0.1", .destination = "192.168.0.2", .protocol = 17}, udp(123, 123, "time"));
    pcap.add(
        begin + std::uint32_t(connections), 0,
        ethernet(0x0800, ipv4({.source = "10.0.0.1", .destination = "10.9.0.1", .protocol = 4}, within)));
    return pcap.bytes();
}

QList<ExportDialog::Offer> offers(const QList<ExportDialog::Content>& contents)
{
    QList<ExportDialog::Offer> all;
    for (const auto& format : outputFormats())
        all << ExportDialog::Offer{&format, contents,
                                   QString::fromStdString("/place/" + std::string(format.id))};
    return all;
}

bool says(const QWidget& widget, const QString& text)
{
    for (const auto* const label : widget.findChildren<QLabel*>()) {
        if (label->text().startsWith(text) && !label->isHidden())
            return true;
    }
    return false;
}

QPushButton* exportButton(const QWidget& dialog)
{
    return dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
}

} // namespace

void ExportJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void ExportJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void ExportJourneyTest::exportAs(const QString& format, int content, const std::filesystem::path& target,
                                 Answer answer)
{
    bool done = false, asked = false;
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        dialog->findChild<QComboBox*>()->setCurrentText(format);
        if (const auto choices = dialog->findChildren<QRadioButton*>(); !choices.isEmpty())
            choices[content]->click();
        dialog->findChild<QLineEdit*>()->setText(shown(target));
        if (!QTest::qWaitFor([&] { return exportButton(*dialog)->isEnabled(); }, patience)) {
            dialog->reject();
            return;
        }
        QTimer::singleShot(0, dialog, [&] {
            auto* const question = dialog->findChild<QMessageBox*>();
            if (!question)
                return;
            asked = true;
            for (auto* const button : question->buttons()) {
                if ((question->buttonRole(button) == QMessageBox::AcceptRole) == (answer == Answer::Replace))
                    return button->click();
            }
        });
        done = true;
        exportButton(*dialog)->click();
        if (answer == Answer::Keep)
            dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QVERIFY(done);
    QCOMPARE(asked, answer != Answer::NotAsked);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->session().jobs().running(), Jobs::Kind::None, patience);
}

// In a shell, which it is quoted for; the program stands in the build folder.
void ExportJourneyTest::runCopied()
{
    driver_->press("Copy command");
    const auto line = QApplication::clipboard()->text();
    const QString program = QStringLiteral("packetloom-cli");
    QVERIFY2(line.startsWith(program + " export "), qPrintable(line));
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral(PACKETLOOM_CLI) + line.mid(program.size())});
    QVERIFY(shell.waitForFinished(patience));
    QVERIFY2(shell.exitCode() == 0, qPrintable(line + '\n' + shell.readAllStandardError()));
}

void ExportJourneyTest::eachFormatHasItsPlace()
{
    ExportDialog dialog(offers({{"all", 1'000, false}}), true, nullptr);
    auto* const formats = dialog.findChild<QComboBox*>();
    auto* const place = dialog.findChild<QLineEdit*>();
    QStringList words;
    for (int i = 0; i < formats->count(); ++i)
        words << formats->itemText(i);
    QCOMPARE(words, (QStringList{"Dataset for TimeArcs", zeekLog, jsonLines}));
    QStringList asked;
    connect(&dialog, &ExportDialog::inspectionWanted, this,
            [&](const auto& target) { asked << shown(target); });
    QVERIFY(says(dialog, "&Folder for the dataset") && says(dialog, "The dataset will need about"));
    place->setText("/mine");
    formats->setCurrentIndex(1);
    QCOMPARE(place->text(), QString("/place/conn-log"));
    QVERIFY(says(dialog, "&File") && !says(dialog, "The dataset will need about"));
    QVERIFY(says(dialog, "The exact engine tells the flows of the preview's packets"));
    QVERIFY(!exportButton(dialog)->isEnabled());
    dialog.showTarget("/place/conn-log", {.state = OutputState::Missing, .available = 0});
    QVERIFY(exportButton(dialog)->isEnabled() && says(dialog, "The file will be made."));
    dialog.showTarget("/place/conn-log", {.state = OutputState::File, .available = 0});
    QVERIFY(dialog.replaces() && says(dialog, "There is a file of this name. It will be replaced."));
    formats->setCurrentIndex(0);
    QVERIFY(!dialog.replaces() && !exportButton(dialog)->isEnabled());
    QCOMPARE(place->text(), QString("/mine"));
    dialog.chooseFormat(2);
    QCOMPARE(dialog.format(), qsizetype(2));
    QCOMPARE(asked, (QStringList{"/mine", "/place/conn-log", "/mine", "/place/conn-json"}));
}

void ExportJourneyTest::whatCannotBeExportedSaysWhy()
{
    ExportDialog dialog(offers({{"seen", {}, false, "It has no such thing."}, {"all", {}, true}}), false,
                        nullptr);
    dialog.chooseFormat(1);
    dialog.showTarget("/place/conn-log", {.state = OutputState::Missing, .available = 0});
    QVERIFY(!exportButton(dialog)->isEnabled() && says(dialog, "It has no such thing."));
    dialog.findChildren<QRadioButton*>()[1]->click();
    QCOMPARE(dialog.content(), qsizetype(1));
    QVERIFY(exportButton(dialog)->isEnabled() && says(dialog, "The captures are read again"));
}

void ExportJourneyTest::theFileIsTheCommandLines_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<bool>("exact"); // the preview's engine
    QTest::addColumn<QString>("read");
    QTest::addColumn<QString>("chip");
    QTest::addColumn<bool>("interval");
    QTest::addColumn<bool>("all");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("flows"); // written
    const QString everything("All 181 packets, and the flows of all protocols that they make");
    QTest::newRow("all") << zeekLog << false << ""
                         << "" << false << true << "" << 41;
    QTest::newRow("all as JSON") << jsonLines << false << ""
                                 << "" << false << true << "" << 41;
    QTest::newRow("all, beside a filter") << zeekLog << false << ""
                                          << "port == 80" << false << true << everything << 41;
    QTest::newRow("filter") << zeekLog << false << ""
                            << "port == 80 and bytes > 456" << false << false
                            << "What is seen: the flows of all protocols that the filter leaves" << 15;
    QTest::newRow("filter as JSON, seen by the exact engine")
        << jsonLines << true << ""
        << "proto == udp" << false << false << "What is seen: the 21 flows of the filter" << 21;
    QTest::newRow("figures") << zeekLog << true << ""
                             << "flow.handshake_rtt >= 1ms" << false << false
                             << "What is seen: the 20 flows of the filter" << 20;
    QTest::newRow("interval") << jsonLines << false << ""
                              << "" << true << false
                              << "What is seen: the flows that the packets of the marked interval make" << 6;
    QTest::newRow("filter and interval")
        << zeekLog << false << ""
        << "src == 10.0.0.2" << true << false
        << "What is seen: the flows of all protocols that the filter leaves, made of the packets of the "
           "marked interval alone"
        << 2;
    QTest::newRow("rows that are read") << zeekLog << false << "src == 10.0.0.3"
                                        << "" << false << true << "" << 2;
    QTest::newRow("rows that are read, and a filter")
        << jsonLines << true << "not port == 123"
        << "proto == tcp" << false << false << "What is seen: the 20 flows of the filter" << 20;
    QTest::newRow("flows that are read") << zeekLog << false << "flow.bytes > 456"
                                         << "" << false << true << "" << 15;
    QTest::newRow("flows that are read, by the exact engine") << zeekLog << true << "flow.bytes > 456"
                                                              << "" << false << true << "" << 15;
}

// Byte by byte, for what is seen and for all.
void ExportJourneyTest::theFileIsTheCommandLines()
{
    QFETCH(QString, format);
    QFETCH(bool, exact);
    QFETCH(QString, read);
    QFETCH(QString, chip);
    QFETCH(bool, interval);
    QFETCH(bool, all);
    QFETCH(QString, words);
    QFETCH(int, flows);
    Options options;
    options.inputs = {folder_->write("it's in.pcap", capture(20))};
    options.filter = read.toStdString();
    options.flowsBy = exact ? FlowsBy::Exact : FlowsBy::Reference;
    driver_->window().setOptions(options);
    QVERIFY(driver_->analyze());
    if (!chip.isEmpty())
        driver_->window().findChild<NarrowingBar*>()->addFilter(chip);
    if (interval)
        emit driver_->window().findChild<OverviewPanel*>()->brushed(
            std::pair((qint64{begin} + 1) * 1'000'000, (qint64{begin} + 4) * 1'000'000 - 1));
    if (!chip.isEmpty() || interval)
        QTRY_VERIFY_WITH_TIMEOUT(driver_->named<QLabel>("What is left")->text().contains(" flows"), patience);
    const bool choice = !chip.isEmpty() || interval;
    QString chosen;
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        dialog->findChild<QComboBox*>()->setCurrentText(format);
        if (choice)
            chosen = dialog->findChildren<QRadioButton*>()[all ? 1 : 0]->text();
        dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QCOMPARE(chosen, words);
    const auto target = *folder_ / "it's out.log";
    exportAs(format, all ? 1 : 0, target);
    QVERIFY2(driver_->window().message().startsWith("Exported " + QString::number(flows) + ' '),
             qPrintable(driver_->window().message()));
    std::filesystem::rename(target, *folder_ / "of the window");
    runCopied();
    QVERIFY2(contentOf(target) == contentOf(*folder_ / "of the window"),
             qPrintable(QApplication::clipboard()->text()));
    QVERIFY(!QApplication::clipboard()->text().contains("--force"));
}

// By the rules of the export itself, and not in the event loop.
void ExportJourneyTest::whatStandsThereIsSaid()
{
    const auto input = folder_->write("in.pcap", capture(3));
    driver_->drop({input});
    QVERIFY(driver_->analyze());
    folder_->write("old.log", "old");
    std::filesystem::create_directory(*folder_ / "folder");
    const std::vector<std::pair<const char*, const char*>> expected{
        {"none.log", "The file will be made."},
        {"old.log", "There is a file of this name. It will be replaced."},
        {"folder", "This is a folder, a device or the like"},
        {"in.pcap", "This is the input"},
        {"nowhere/x.log", "It cannot be written: No such file"}};
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        dialog->findChild<QComboBox*>()->setCurrentText(jsonLines);
        QVERIFY(dialog->findChild<QLineEdit*>()->text().endsWith("in-conn.json"));
        for (const auto& [name, text] : expected) {
            dialog->findChild<QLineEdit*>()->setText(shown(*folder_ / name));
            QVERIFY(!exportButton(*dialog)->isEnabled()); // until it is known
            QTRY_VERIFY2_WITH_TIMEOUT(says(*dialog, text), name, patience);
            QCOMPARE(exportButton(*dialog)->isEnabled(), QString(text).contains("will be"));
        }
        dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QCOMPARE(contentOf(*folder_ / "old.log"), std::string("old"));
}

void ExportJourneyTest::aFileIsReplacedIfTheUserAgrees()
{
    driver_->drop({folder_->write("in.pcap", capture(3))});
    QVERIFY(driver_->analyze());
    const auto target = folder_->write("conn.log", "old");
    const auto names = folder_->names();
    exportAs(zeekLog, 0, target, Answer::Keep);
    QCOMPARE(contentOf(target), std::string("old"));
    exportAs(zeekLog, 0, target, Answer::Replace);
    QVERIFY2(driver_->window().message().startsWith("Exported 7 flows to "),
             qPrintable(driver_->window().message()));
    const auto replaced = contentOf(target);
    QVERIFY(replaced.starts_with("#separator"));
    QVERIFY(folder_->names() == names); // nothing beside it
    folder_->write("conn.log", "older");
    runCopied();
    QVERIFY(QApplication::clipboard()->text().contains("--force"));
    QCOMPARE(contentOf(target), replaced);
    // The next time it begins where this one was.
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        QCOMPARE(dialog->findChild<QComboBox*>()->currentText(), zeekLog);
        QCOMPARE(dialog->findChild<QLineEdit*>()->text(), shown(*folder_ / "in-conn.log"));
        dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
}

void ExportJourneyTest::filtersOfTheOtherEngineAreRefused_data()
{
    QTest::addColumn<QString>("chip");
    QTest::addColumn<QString>("reason");
    QTest::newRow("the reference's word") << "close == graceful"
                                          << "The filter asks for “close”";
    QTest::newRow("of packets")
        << "tcp.flags.syn == 1"
        << "The filter chooses no flows of this file: flags.syn is a field of packets";
}

void ExportJourneyTest::filtersOfTheOtherEngineAreRefused()
{
    QFETCH(QString, chip);
    QFETCH(QString, reason);
    driver_->drop({folder_->write("in.pcap", capture(3))});
    QVERIFY(driver_->analyze());
    driver_->window().findChild<NarrowingBar*>()->addFilter(chip);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->named<QLabel>("What is left")->text().contains(" flows"), patience);
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        dialog->findChild<QLineEdit*>()->setText(shown(*folder_ / "set"));
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(*dialog)->isEnabled(), patience); // a dataset can be made of it
        dialog->findChild<QComboBox*>()->setCurrentText(zeekLog);
        dialog->findChild<QLineEdit*>()->setText(shown(*folder_ / "conn.log"));
        QTRY_VERIFY_WITH_TIMEOUT(says(*dialog, "The file will be made."), patience);
        QVERIFY(says(*dialog, reason) && !exportButton(*dialog)->isEnabled());
        for (const auto* label : dialog->findChildren<QLabel*>()) // none is cut off
            QTRY_VERIFY(!label->isVisible() || label->height() >= label->heightForWidth(label->width()));
        dialog->findChildren<QRadioButton*>()[1]->click();
        QVERIFY(exportButton(*dialog)->isEnabled());
        dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
}

void ExportJourneyTest::whatWasExportedOpens()
{
    driver_->drop({folder_->write("in.pcap", capture(5))});
    QVERIFY(driver_->analyze());
    for (const auto& [format, name] : {std::pair(zeekLog, "a.log"), std::pair(jsonLines, "b.json")}) {
        if (driver_->analysis()->flowTable()) {
            QVERIFY(driver_->analyze());
        }
        exportAs(format, 0, *folder_ / name);
        driver_->press("Open table");
        QTRY_VERIFY2_WITH_TIMEOUT(driver_->analysis()->flowTable(), name, patience);
        QCOMPARE(driver_->analysis()->flows.size(), std::size_t(11));
    }
}

QTEST_MAIN(ExportJourneyTest)
#include "export_journey_test.moc"
