// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QProcess>
#include <QTest>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace packetloom;
using namespace packetloom::test;

/// Whatever packetloom-cli waits for, one signal ends it, and nothing is left behind.
class CliSignalsTest : public QObject
{
    Q_OBJECT

private slots:
    void whileItWaits_data();
    void whileItWaits();
    void whileItWorks_data();
    void whileItWorks();
    void aSecondSignalLeavesNothing();
    void whileNobodyTakesTheReport();
    void whileNobodyTakesTheProgress();
    void hangingUpCountsUnlessItIsIgnored();
};

namespace {

constexpr int patience = 60'000; // milliseconds; the aim is one second, on a machine with nothing else to do

/// A file descriptor that closes.
class Descriptor
{
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    void close()
    {
        if (number_ >= 0)
            ::close(std::exchange(number_, -1));
    }
    [[nodiscard]] int number() const { return number_; }
    void write(const std::string& text) const
    {
        QCOMPARE(::write(number_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }

private:
    int number_;
};

std::filesystem::path fifo(const TestFolder& folder, const char* name)
{
    const auto path = folder / name;
    if (::mkfifo(path.c_str(), 0600) != 0)
        qFatal("no pipe can be made");
    return path;
}

/// A pipe that is full, so that who writes to it waits for ever. Both ends stay with the test.
struct FullPipe
{
    FullPipe()
    {
        if (::pipe(ends) != 0)
            qFatal("no pipe can be made");
        ::fcntl(ends[1], F_SETFL, O_NONBLOCK);
        const std::string block(4096, '.');
        while (::write(ends[1], block.data(), block.size()) > 0) {
        }
        ::fcntl(ends[1], F_SETFL, 0);
    }
    ~FullPipe()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int ends[2] = {-1, -1};
};

/// Whether the system has the process asleep in this test's sense: it does nothing any more.
bool sleeps(const QProcess& process)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(process.processId()));
    if (!file.open(QIODevice::ReadOnly)) // no such folder on this system: then a moment must do
        return true;
    const auto text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 2).startsWith('S');
}

/// Until it waits, by what can be seen from outside: several looks in a row.
void letItWait(const QProcess& process)
{
    for (int looks = 0; looks < 5; looks = sleeps(process) ? looks + 1 : 0)
        QTest::qWait(40);
}

void sendSignal(const QProcess& process, int signal)
{
    ::kill(static_cast<pid_t>(process.processId()), signal);
}

} // namespace

#define ENDED_BY(process, signal)                                                                            \
    QVERIFY2((process).waitForFinished(patience), "one signal does not end it");                             \
    QCOMPARE((process).exitStatus(), QProcess::NormalExit);                                                  \
    QCOMPARE((process).exitCode(), 128 + (signal))

void CliSignalsTest::whileItWaits_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("where");
    const std::pair<const char*, int> signalsSent[] = {
        {"HUP", SIGHUP}, {"INT", SIGINT}, {"QUIT", SIGQUIT}, {"TERM", SIGTERM}, {"XCPU", SIGXCPU}};
    for (const char* const where : {"capture: no writer", "capture: silent at once", "capture: silent later",
                                    "gzip: silent", "map", "second capture", "preview", "one thread"}) {
        for (const auto& [name, number] : signalsSent)
            QTest::addRow("%s, SIG%s", where, name) << number << QString(where);
    }
}

void CliSignalsTest::whileItWaits()
{
    QFETCH(int, signal);
    QFETCH(QString, where);
    const TestFolder folder;
    const auto pipe = fifo(folder, "pipe");
    const auto good = folder.write("good.csv", conversations(5));
    const auto before = folder.names();
    const bool written = where != "capture: no writer" && where != "map" && where != "second capture";
    const Descriptor writer(written ? ::open(pipe.c_str(), O_RDWR | O_CLOEXEC) : -1);
    if (where == "gzip: silent")
        writer.write(std::string("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10));
    else if (written && where != "capture: silent at once")
        writer.write(conversations(100)); // less than a pipe holds
    QStringList arguments{"--data", shown(where == "map" ? good : pipe)};
    if (where == "second capture")
        arguments = QStringList{"--data", shown(good), shown(pipe)};
    if (where == "map")
        arguments << "--ip-map" << shown(pipe);
    if (where == "one thread")
        arguments << "--threads"
                  << "1";
    if (where == "preview")
        arguments << "--preview";
    else
        arguments << "--output-dir" << shown(folder / "deep/out");
    QProcess process;
    process.start(QStringLiteral(PACKETLOOM_CLI), arguments);
    QVERIFY(process.waitForStarted());
    letItWait(process);
    sendSignal(process, signal);
    ENDED_BY(process, signal);
    QVERIFY(process.readAllStandardError().contains("nothing was left behind"));
    QVERIFY(folder.names() == before);
}

void CliSignalsTest::whileItWorks_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("HUP") << SIGHUP;
    QTest::newRow("INT") << SIGINT;
    QTest::newRow("TERM") << SIGTERM;
    QTest::newRow("XCPU") << SIGXCPU;
    QTest::newRow("USR1") << SIGUSR1;
    QTest::newRow("ALRM") << SIGALRM;
}

// The input never ends, so that it works for certain.
void CliSignalsTest::whileItWorks()
{
    QFETCH(int, signal);
    const TestFolder folder;
    const auto text = QByteArray::fromStdString(conversations(20'000));
    QProcess process;
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--data", "/dev/stdin", "--output-dir", shown(folder / "deep/out")});
    QVERIFY(process.waitForStarted());
    const auto working = [&] {
        process.write(text);
        return std::filesystem::exists(folder / "deep");
    };
    QTRY_VERIFY_WITH_TIMEOUT(working(), patience);
    sendSignal(process, signal);
    ENDED_BY(process, signal);
    QVERIFY(folder.names().empty());
}

void CliSignalsTest::aSecondSignalLeavesNothing()
{
    for (int i = 0; i < 20; ++i) {
        const TestFolder folder;
        const auto pipe = fifo(folder, "pipe");
        const Descriptor writer(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
        writer.write(conversations(100));
        QProcess process;
        process.start(QStringLiteral(PACKETLOOM_CLI),
                      {"--data", shown(pipe), "--output-dir", shown(folder / "out")});
        QVERIFY(process.waitForStarted());
        letItWait(process);
        for (int n = 0; n < 10; ++n)
            sendSignal(process, SIGINT);
        ENDED_BY(process, SIGINT);
        QCOMPARE(folder.names(), std::vector<std::string>{"pipe"});
    }
}

// The dataset is complete by then, and stays.
void CliSignalsTest::whileNobodyTakesTheReport()
{
    for (const bool json : {false, true}) {
        const TestFolder folder;
        const auto input = folder.write("in.csv", conversations(50));
        const FullPipe full;
        QProcess process;
        process.setChildProcessModifier([&] { ::dup2(full.ends[1], STDOUT_FILENO); });
        QStringList arguments{"--data", shown(input), "--output-dir", shown(folder / "out")};
        if (json)
            arguments << "--json";
        process.start(QStringLiteral(PACKETLOOM_CLI), arguments);
        QVERIFY(process.waitForStarted());
        letItWait(process);
        QCOMPARE(process.state(), QProcess::Running);
        sendSignal(process, SIGINT);
        ENDED_BY(process, SIGINT);
        QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "out"}));
        QCOMPARE(datasetContent(folder / "out").size(), 8u);
    }
}

// Also when the last message can go nowhere.
void CliSignalsTest::whileNobodyTakesTheProgress()
{
    const TestFolder folder;
    const auto pipe = fifo(folder, "pipe");
    const auto input = folder.write("in.csv", conversations(50));
    const FullPipe full;
    QProcess process;
    process.setChildProcessModifier([&] { ::dup2(full.ends[1], STDERR_FILENO); });
    process.start(QStringLiteral(PACKETLOOM_CLI), {"--preview", "--data", shown(input), "--output-dir",
                                                   shown(folder / "out")}); // which it would say is not used
    QVERIFY(process.waitForStarted());
    letItWait(process);
    QCOMPARE(process.state(), QProcess::Running);
    sendSignal(process, SIGTERM);
    ENDED_BY(process, SIGTERM);
    QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "pipe"}));
}

void CliSignalsTest::hangingUpCountsUnlessItIsIgnored()
{
    const TestFolder folder;
    const auto pipe = fifo(folder, "pipe");
    QProcess process;
    process.setChildProcessModifier([] { ::signal(SIGHUP, SIG_IGN); }); // nohup
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--data", shown(pipe), "--output-dir", shown(folder / "out")});
    QVERIFY(process.waitForStarted());
    letItWait(process);
    sendSignal(process, SIGHUP);
    Descriptor writer(::open(pipe.c_str(), O_WRONLY | O_CLOEXEC));
    writer.write(conversations(5));
    writer.close();
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(folder.names(), (std::vector<std::string>{"out", "pipe"}));
}

QTEST_GUILESS_MAIN(CliSignalsTest)
#include "cli_signals_test.moc"
