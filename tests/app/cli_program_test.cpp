// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>
#include <csignal>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// packetloom-cli as a process: what goes to which stream, exit statuses, signals.
class CliProgramTest : public QObject
{
    Q_OBJECT

private slots:
    void convertsAndReports();
    void previewWritesNothing();
    void quietSaysNothing();
    void jsonIsOneDocument();
    void helpGoesToOutputAndMistakesToErrors();
    void aFullOutputIsAFailure();
#ifdef Q_OS_UNIX
    void readsAPipe();
    void aSignalLeavesNothingBehind_data();
    void aSignalLeavesNothingBehind();
#endif
};

namespace {

bool holds(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void CliProgramTest::convertsAndReports()
{
    const TestFolder folder;
    const auto run = runProgram({"--data", shown(folder.write("in.csv", conversations(5))), "--output-dir",
                                 shown(folder / "deep/out")});
    QCOMPARE(run.status, 0);
    QVERIFY2(holds(run.output, "30 read = 30 kept + 0 filtered + 0 rejected"), run.output.c_str());
    QVERIFY2(run.errors.empty(), run.errors.c_str()); // too quick for a line of progress
    QCOMPARE(datasetContent(folder / "deep/out").size(), 8u);
}

void CliProgramTest::previewWritesNothing()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto run = runProgram({"--preview", "--data", input, "--output-dir", shown(folder / "out")});
    QCOMPARE(run.status, 0);
    QVERIFY(holds(run.output, "Preview"));
    QVERIFY(holds(run.errors, "--output-dir is not used"));
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void CliProgramTest::quietSaysNothing()
{
    const TestFolder folder;
    const auto run = runProgram({"--quiet", "--data", shown(folder.write("in.csv", conversations(5))),
                                 "--output-dir", shown(folder / "out")});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.output + run.errors, std::string());
}

void CliProgramTest::jsonIsOneDocument()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    for (const bool preview : {false, true}) {
        const auto target =
            preview ? QStringList{"--preview"} : QStringList{"--output-dir", shown(folder / "out")};
        const auto run = runProgram(QStringList{"--json", "--data", input} + target);
        QCOMPARE(run.status, 0);
        const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
        QCOMPARE(json["total_packets"].toInteger(), 30);
        QCOMPARE(json["total_flows"].toInteger(), 5);
    }
}

void CliProgramTest::helpGoesToOutputAndMistakesToErrors()
{
    const auto help = runProgram({"--help"});
    QCOMPARE(help.status, 0);
    QVERIFY(holds(help.output, "Examples"));
    QVERIFY(help.errors.empty());
    const auto mistake = runProgram({"--nonsense"});
    QCOMPARE(mistake.status, 2);
    QVERIFY(mistake.output.empty());
    QVERIFY(mistake.errors.starts_with("packetloom-cli: "));
    QCOMPARE(runProgram({"--version"}).status, 0);
}

void CliProgramTest::aFullOutputIsAFailure()
{
#ifdef Q_OS_LINUX
    const TestFolder folder;
    QProcess process;
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--preview", "--data", shown(folder.write("in.csv", conversations(5)))});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("standard output"));
#endif
}

#ifdef Q_OS_UNIX
void CliProgramTest::readsAPipe()
{
    const TestFolder folder;
    const auto run = runProgram({"--data", "/dev/stdin", "--output-dir", shown(folder / "out")},
                                QByteArray::fromStdString(conversations(500)));
    QVERIFY2(run.status == 0, run.errors.c_str());
    QVERIFY(holds(run.output, "3,000 read = 3,000 kept"));
}

void CliProgramTest::aSignalLeavesNothingBehind_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("status");
    QTest::newRow("SIGINT") << SIGINT << 130;
    QTest::newRow("SIGTERM") << SIGTERM << 143;
}

// The input is a pipe that stays open, so that the program is in the middle of its work for certain.
void CliProgramTest::aSignalLeavesNothingBehind()
{
    QFETCH(int, signal);
    QFETCH(int, status);
    const TestFolder folder;
    QProcess process;
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--data", "/dev/stdin", "--output-dir", shown(folder / "deep/out")});
    QVERIFY(process.waitForStarted());
    const auto text = QByteArray::fromStdString(conversations(20000));
    process.write(text);
    const auto working = [&] { return std::filesystem::exists(folder / "deep"); };
    QTRY_VERIFY_WITH_TIMEOUT(working(), 20'000);
    ::kill(static_cast<pid_t>(process.processId()), signal);
    process.write(text); // a read that is under way gets its data and comes back
    process.closeWriteChannel();
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), status);
    QVERIFY(process.readAllStandardError().contains("nothing was left behind"));
    QVERIFY(folder.names().empty());
}
#endif

QTEST_GUILESS_MAIN(CliProgramTest)
#include "cli_program_test.moc"
