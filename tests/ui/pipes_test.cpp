// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"

#include <QListWidget>
#include <QProcess>
#include <QTest>
#include <csignal>
#include <fstream>
#include <sys/stat.h>
#include <thread>

using namespace packetloom;
using namespace packetloom::test;

/// Pipes in the place of every file that the window opens: a capture may be one, and nothing waits that
/// cannot be cancelled.
class PipesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aCaptureIsReadOnce();
    void waitingIsCancelled_data();
    void waitingIsCancelled();
    void waitingEndsWithTheWindow();
    void documentsMustBeFiles_data();
    void documentsMustBeFiles();
    void datasetFilesMustBeFiles_data();
    void datasetFilesMustBeFiles();
    void theProgramEndsWhenToldTo_data();
    void theProgramEndsWhenToldTo();

private:
    [[nodiscard]] bool idle() const { return driver_->session().jobs().running() == Jobs::Kind::None; }
    [[nodiscard]] QString listed() const;
    std::filesystem::path pipe(const char* name) const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

} // namespace

void PipesTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("PipesTest"));
}

void PipesTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void PipesTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QString PipesTest::listed() const
{
    const auto* const list =
        driver_->named<QListWidget>(QStringLiteral("Captures, in the order in which they are read"));
    return list->count() == 1 ? list->item(0)->text() : QString();
}

std::filesystem::path PipesTest::pipe(const char* name) const
{
    const auto path = *folder_ / name;
    if (::mkfifo(path.c_str(), 0600) != 0)
        qFatal("no pipe can be made");
    return path;
}

// Looking at it would take its beginning away, and tell who writes to it that somebody reads.
void PipesTest::aCaptureIsReadOnce()
{
    const auto path = pipe("in.csv");
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << conversations(30); });
    driver_->drop({path});
    QTRY_VERIFY_WITH_TIMEOUT(listed().contains("pipe: its content can be read only once"), patience);
    const bool analyzed = driver_->analyze();
    writer.join();
    QVERIFY(analyzed);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 30, patience);
    // Out of the preview, not out of the pipe.
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported 30 flows"), patience);
}

void PipesTest::waitingIsCancelled_data()
{
    QTest::addColumn<QString>("where");
    for (const char* const where : {"capture", "silent capture", "map", "export"})
        QTest::newRow(where) << where;
}

void PipesTest::waitingIsCancelled()
{
    QFETCH(QString, where);
    const auto path = pipe("pipe.csv");
    std::fstream writer;
    if (where == "silent capture") {
        writer.open(path, std::ios::in | std::ios::out);
        writer << conversations(100) << std::flush;
    }
    if (where == "map") {
        driver_->drop({folder_->write("in.csv", conversations(5))});
        driver_->window().setIpMap(path);
    } else {
        driver_->drop({path});
    }
    const auto before = folder_->names();
    for (int i = 0; i < 3; ++i) {
        if (where == "export")
            emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
        else
            driver_->action("Analyze")->trigger();
        QVERIFY(!idle());
        QTest::qWait(100 * i);
        QVERIFY(!idle());
        driver_->action("Cancel")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
        QVERIFY(driver_->window().message().startsWith("Stopped"));
        QCOMPARE(folder_->names(), before);
    }
}

void PipesTest::waitingEndsWithTheWindow()
{
    driver_->drop({pipe("pipe.csv")});
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTest::qWait(100);
    QVERIFY(!idle());
    driver_.reset(); // waits for the workers, as the program does
    QCOMPARE(folder_->names(), std::vector<std::string>{"pipe.csv"});
}

void PipesTest::documentsMustBeFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("addressList");
    QTest::newRow("session") << "case.packetloom" << false;
    QTest::newRow("address list") << "addresses.txt" << true;
}

void PipesTest::documentsMustBeFiles()
{
    QFETCH(QString, name);
    QFETCH(bool, addressList);
    const auto path = pipe(name.toUtf8().constData());
    if (addressList)
        emit driver_->window().addressListWanted(path);
    else
        driver_->drop({path});
    QVERIFY2(driver_->window().message().contains("pipe; a file is needed"),
             qPrintable(driver_->window().message()));
}

void PipesTest::datasetFilesMustBeFiles_data()
{
    QTest::addColumn<QString>("name");
    for (const char* const name :
         {"manifest.json", "packets.csv", "ips/unique_ips.json", "ips/ip_stats.json", "ips/flag_stats.json",
          "indices/bins.json", "flows/flows_index.json", "flows/chunk_00000.json"})
        QTest::newRow(name) << name;
}

void PipesTest::datasetFilesMustBeFiles()
{
    QFETCH(QString, name);
    Options options;
    options.inputs = {folder_->write("in.csv", conversations(5))};
    QVERIFY(convert(options, *folder_ / "set", [](const Progress&) { return true; }));
    const auto path = *folder_ / "set" / name.toStdString();
    std::filesystem::remove(path);
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
    QVERIFY2(driver_->window().message().contains("it is no file"), qPrintable(driver_->window().message()));
}

void PipesTest::theProgramEndsWhenToldTo_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("HUP") << SIGHUP;
    QTest::newRow("TERM") << SIGTERM;
    QTest::newRow("INT") << SIGINT;
}

// The real program, with a session that is a pipe, while it analyzes a capture that is one. What was open is
// offered again, as after a crash: nobody has closed it.
void PipesTest::theProgramEndsWhenToldTo()
{
#ifndef Q_OS_LINUX
    QSKIP("elsewhere the place of the data cannot be set");
#endif
    QFETCH(int, signal);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_DATA_HOME", textOf(*folder_ / "data"));
    environment.insert("XDG_CONFIG_HOME", textOf(*folder_ / "config"));
    const auto kept = *folder_ / "data/Packetloom/Packetloom/recovery";
    const auto sessions = [&] {
        std::error_code none;
        int count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(kept, none))
            count += entry.path().extension() == ".packetloom" ? 1 : 0;
        return count;
    };
    QProcess program;
    program.setProcessEnvironment(environment);
    program.start(
        QStringLiteral(PACKETLOOM_WINDOW),
        {"-platform", "offscreen", textOf(pipe("case.packetloom")), textOf(pipe("in.csv")), "--analyze"});
    QTRY_COMPARE_WITH_TIMEOUT(sessions(), 1, patience); // its event loop runs
    QCOMPARE(program.state(), QProcess::Running);
    ::kill(static_cast<pid_t>(program.processId()), signal);
    QVERIFY(program.waitForFinished(patience));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 128 + signal);
    QCOMPARE(sessions(), 1);
}

QTEST_MAIN(PipesTest)
#include "pipes_test.moc"
