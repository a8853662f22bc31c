// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/export_dialog.h"
#include "ui/views/flow_view.h"

#include <QLabel>
#include <QListWidget>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <fstream>
#include <thread>

#ifndef _WIN32
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// What goes wrong while the window works is said in it, and everything stays usable.
class WindowFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void captureThatCannotBeRead_data();
    void captureThatCannotBeRead();
    void captureThatVanishesDuringAnAnalysis();
    void captureThatIsCutOffDuringAnAnalysis();
    void outputThatCannotBeWritten_data();
    void outputThatCannotBeWritten();
    void outputFolderThatVanishesDuringAnExport();
    void spaceThatIsTooLittle();
    void temporaryFolderThatIsMissing();
    void datasetWithADamagedFile_data();
    void datasetWithADamagedFile();

private:
    [[nodiscard]] bool says(const QString& text) const;
    [[nodiscard]] bool idle() const { return driver_->session().jobs().running() == Jobs::Kind::None; }
    void showFormerPreview();
    void everythingIsUsable();

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<TestFolder> sample_; ///< with a dataset in "set"
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;
constexpr int formerFlows = 30;
constexpr int datasetFlows = 250; // in two chunk files
constexpr int firstOfSecondChunk = 200;

const auto keepGoing = [](const Progress&) { return true; };

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

/// An environment variable, for as long as this lives.
class Environment
{
public:
    Environment(const char* name, const QByteArray& value) : name_(name), before_(qgetenv(name))
    {
        qputenv(name, value);
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { before_.isNull() ? qunsetenv(name_) : qputenv(name_, before_); }

private:
    const char* name_;
    QByteArray before_;
};

} // namespace

void WindowFaultsTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("WindowFaultsTest"));
    sample_ = std::make_unique<TestFolder>();
    Options options;
    options.inputs = {sample_->write("in.csv", conversations(datasetFlows))};
    QVERIFY(convert(options, *sample_ / "set", keepGoing));
}

void WindowFaultsTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void WindowFaultsTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

bool WindowFaultsTest::says(const QString& text) const
{
    return idle() && driver_->window().message().contains(text);
}

void WindowFaultsTest::showFormerPreview()
{
    driver_->drop({folder_->write("former.csv", conversations(formerFlows))});
    QVERIFY(driver_->analyze());
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), formerFlows, patience);
}

/// By taking the captures out of the list, analyzing another one, and exporting it.
void WindowFaultsTest::everythingIsUsable()
{
    QVERIFY(!driver_->action("Cancel")->isEnabled());
    driver_->named<QListWidget>("Captures, in the order in which they are read")->selectAll();
    driver_->press("Remove");
    Options options;
    options.inputs = {folder_->write("another.csv", conversations(40))};
    driver_->drop(options.inputs);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->window().message(), QString()); // the error is gone with its cause
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 40, patience);
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    driver_->named<QTableView>("Flows")->selectRow(5);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "another");
    QTRY_VERIFY_WITH_TIMEOUT(says("Exported 40 flows"), patience);
    QVERIFY(convert(options, *folder_ / "expected", keepGoing));
    QVERIFY(datasetContent(*folder_ / "another") == datasetContent(*folder_ / "expected"));
}

void WindowFaultsTest::captureThatCannotBeRead_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"cut off", "corrupt", "empty", "cannot be opened", "a folder"})
        QTest::newRow(text) << text;
}

void WindowFaultsTest::captureThatCannotBeRead()
{
    QFETCH(QString, text);
    showFormerPreview();
    const auto whole = gzipMember(conversations(20'000));
    auto bad = folder_->write("bad.csv.gz", whole);
    driver_->drop({bad}); // and then something happens to it
    if (text == QLatin1String("cut off")) {
        std::filesystem::resize_file(bad, whole.size() / 2);
    } else if (text == QLatin1String("corrupt")) {
        auto damaged = whole;
        std::fill_n(damaged.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2), 100, '\xff');
        static_cast<void>(folder_->write("bad.csv.gz", damaged));
    } else if (text == QLatin1String("empty")) {
        std::filesystem::resize_file(bad, 0);
    } else {
        std::filesystem::remove(bad);
        if (text == QLatin1String("a folder"))
            std::filesystem::create_directory(bad);
    }
    driver_->forget();
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(says("bad.csv.gz"), patience);
    QVERIFY2(driver_->window().message().contains(text), qPrintable(driver_->window().message()));
    QVERIFY(!driver_->analysis());
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    everythingIsUsable();
}

// The first capture is a pipe: it ends when the second one is gone, however fast or slow the analysis is.
void WindowFaultsTest::captureThatVanishesDuringAnAnalysis()
{
#ifdef _WIN32
    QSKIP("a capture that is being looked into cannot be removed here");
#else
    showFormerPreview();
    const auto first = *folder_ / "first.csv";
    const auto second = folder_->write("vanishes.csv", conversations(10));
    QCOMPARE(::mkfifo(first.c_str(), 0600), 0);
    std::thread writer([&] {
        std::ofstream pipe(first, std::ios::binary);
        pipe << conversations(40'000)
             << std::flush; // more than is read before the second one was opened once
        std::filesystem::remove(second);
    });
    driver_->drop({first, second});
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
    writer.join();
    QVERIFY2(says("vanishes.csv: It cannot be opened"), qPrintable(driver_->window().message()));
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    everythingIsUsable();
#endif
}

void WindowFaultsTest::captureThatIsCutOffDuringAnAnalysis()
{
    showFormerPreview();
    // One text under many names: the last one's turn is long after the first progress.
    std::vector<std::filesystem::path> inputs{folder_->write("in.csv", conversations(20'000))};
    for (int i = 0; i < 20; ++i) {
        inputs.push_back(*folder_ / ("in" + std::to_string(i) + ".csv"));
        std::filesystem::create_hard_link(inputs.front(), inputs.back());
    }
    inputs.push_back(folder_->write("shrinks.csv.gz", gzipMember(conversations(2'000))));
    driver_->drop(inputs);
    std::uint64_t rows = 0;
    connect(&driver_->session().jobs(), &Jobs::progressed, this,
            [&](const LiveProgress& progress) { rows = progress.counters.rows; });
    driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(rows > 0, patience);
    std::filesystem::resize_file(inputs.back(), file_size(inputs.back()) / 2);
    QTRY_VERIFY_WITH_TIMEOUT(says("shrinks.csv.gz"), patience);
    QVERIFY2(driver_->window().message().contains("cut off"), qPrintable(driver_->window().message()));
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    driver_->session().jobs().disconnect(this);
    everythingIsUsable();
}

void WindowFaultsTest::outputThatCannotBeWritten_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("below a file") << QStringLiteral("former.csv/set");
    QTest::newRow("is a file") << QStringLiteral("former.csv");
    QTest::newRow("holds something else") << QStringLiteral("other");
#ifdef Q_OS_LINUX
    QTest::newRow("read-only file system") << QStringLiteral("/proc/packetloom-set"); // for root, too
#endif
}

void WindowFaultsTest::outputThatCannotBeWritten()
{
    QFETCH(QString, output);
    showFormerPreview();
    static_cast<void>(folder_->write("other/notes.txt", "mine"));
    const auto before = folder_->names();
    const auto target = folder_->path() / pathFromText(output.toStdString());
    emit driver_->window().exportWanted(driver_->window().options(), target);
    QTRY_VERIFY_WITH_TIMEOUT(says(textOf(target.filename())), patience);
    QVERIFY(!driver_->window().message().startsWith("Exported"));
    QCOMPARE(folder_->names(), before);
    QCOMPARE(contentOf(*folder_ / "other/notes.txt"), std::string("mine"));
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    everythingIsUsable();
}

void WindowFaultsTest::outputFolderThatVanishesDuringAnExport()
{
#ifndef Q_OS_WIN // where nobody can remove what is being written
    showFormerPreview();
    std::vector<std::filesystem::path> inputs{folder_->write("in.csv", conversations(10'000))};
    for (int i = 0; i < 5; ++i) {
        inputs.push_back(*folder_ / ("in" + std::to_string(i) + ".csv"));
        std::filesystem::create_hard_link(inputs.front(), inputs.back());
    }
    driver_->drop(inputs);
    std::filesystem::create_directory(*folder_ / "place");
    std::uint64_t rows = 0;
    connect(&driver_->session().jobs(), &Jobs::progressed, this,
            [&](const LiveProgress& progress) { rows = progress.counters.rows; });
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "place" / "set");
    QTRY_VERIFY_WITH_TIMEOUT(rows > 0, patience);
    std::error_code raced; // with the files that are being made in it
    while (std::filesystem::exists(*folder_ / "place"))
        std::filesystem::remove_all(*folder_ / "place", raced);
    QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
    QVERIFY2(driver_->window().message().contains("set") &&
                 !driver_->window().message().startsWith("Exported"),
             qPrintable(driver_->window().message()));
    QVERIFY(!std::filesystem::exists(*folder_ / "place"));
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    driver_->session().jobs().disconnect(this);
    everythingIsUsable();
#endif
}

// Before the export, where what will be written is known, and when it begins.
void WindowFaultsTest::spaceThatIsTooLittle()
{
    const auto folder = textOf(*folder_ / "set");
    const auto holding = [&](std::optional<std::uint64_t> packets) {
        return QList<ExportDialog::Offer>{{&outputFormats().front(), {{"all", packets, !packets}}, folder}};
    };
    const auto needed = [](const ExportDialog& dialog) {
        for (const auto* const label : dialog.findChildren<QLabel*>()) {
            if (label->text().startsWith("The dataset will need about"))
                return label->text();
        }
        return QString();
    };
    QCOMPARE(needed(ExportDialog(holding({}), false, nullptr)), QString());
    QCOMPARE(needed(ExportDialog(holding(1'000), false, nullptr)),
             QString("The dataset will need about 950.0 kB."));
    QCOMPARE(needed(ExportDialog(holding(1'000), true, nullptr)),
             QString("The dataset will need about 600.0 kB."));
    ExportDialog tooMuch(holding(1'000'000'000'000), true, nullptr);
    tooMuch.showTarget(tooMuch.target(), {.state = OutputState::Missing, .available = 5'000'000});
    QVERIFY2(needed(tooMuch).startsWith("The dataset will need about 600.0 TB, and ") &&
                 needed(tooMuch).endsWith(" are free there."),
             qPrintable(needed(tooMuch)));

    Progress progress;
    progress.spaceNeeded = 600'000'000'000;
    progress.spaceAvailable = 5'000'000;
    driver_->window().jobStarted("Exporting", {});
    driver_->window().showProgress(progress, 1, {}, nullptr);
    QCOMPARE(driver_->window().message(),
             QString("The dataset will need about 600.0 GB, and 5.0 MB are free there."));
    driver_->window().jobEnded();
}

void WindowFaultsTest::temporaryFolderThatIsMissing()
{
    showFormerPreview();
    {
        // Windows looks at TMP first, other systems at TMPDIR.
        const auto folder = textOf(*folder_ / "no temporary folder").toUtf8();
        const Environment missing("TMPDIR", folder), missingToo("TMP", folder);
        driver_->action("Analyze")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(says("no temporary folder: This is where"), patience);
        driver_->drop({*sample_ / "set"});
        QTRY_VERIFY_WITH_TIMEOUT(says("no temporary folder: This is where"), patience);
        // What is there can be exported all the same.
        emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
        QTRY_VERIFY_WITH_TIMEOUT(says("Exported 30 flows"), patience);
    }
    QCOMPARE(driver_->table("Flows").size(), formerFlows);
    everythingIsUsable();
}

void WindowFaultsTest::datasetWithADamagedFile_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("damage");
    for (const auto& [name, content] : datasetContent(*sample_ / "set")) {
        for (const char* damage : {"missing", "empty", "truncated", "garbage"})
            QTest::addRow("%s %s", name.c_str(), damage) << QString::fromStdString(name) << damage;
    }
}

void WindowFaultsTest::datasetWithADamagedFile()
{
    QFETCH(QString, name);
    QFETCH(QString, damage);
    showFormerPreview();
    std::filesystem::copy(*sample_ / "set", *folder_ / "set", std::filesystem::copy_options::recursive);
    const auto file = *folder_ / "set" / name.toStdString();
    if (damage == QLatin1String("missing"))
        std::filesystem::remove(file);
    else if (damage == QLatin1String("garbage"))
        static_cast<void>(
            folder_->write("set/" + name.toStdString(), std::string("\x7f\0garbage\xff{[", 12)));
    else
        std::filesystem::resize_file(file, damage == QLatin1String("empty") ? 0 : file_size(file) / 2);
    const auto leaf = textOf(file.filename());
    driver_->forget();
    driver_->drop({*folder_ / "set"});
    if (leaf.startsWith(QLatin1String("chunk_")) && damage != QLatin1String("missing")) {
        // Packets are read when a flow is looked at; the other flows are not concerned.
        QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), datasetFlows, patience);
        const bool second = leaf.contains(QLatin1String("00001"));
        driver_->window().flowDetail().showPart(QStringLiteral("packets"));
        auto* const flows = driver_->named<QTableView>("Flows");
        flows->selectRow(second ? datasetFlows - 1 : firstOfSecondChunk - 1);
        QTRY_VERIFY_WITH_TIMEOUT(
            std::ranges::any_of(driver_->window().findChildren<QLabel*>(),
                                [&](const QLabel* label) { return label->text().contains(leaf); }),
            patience);
        QCOMPARE(driver_->table("Packets of the chosen flow").size(), 0);
        flows->selectRow(second ? 0 : firstOfSecondChunk);
        QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                                  patience);
    } else {
        QTRY_VERIFY_WITH_TIMEOUT(says(leaf), patience);
        QVERIFY(!driver_->analysis());
        QCOMPARE(driver_->table("Flows").size(), formerFlows);
    }
    everythingIsUsable();
}

QTEST_MAIN(WindowFaultsTest)
#include "window_faults_test.moc"
