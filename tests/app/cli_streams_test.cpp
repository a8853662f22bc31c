// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QProcess>
#include <QTest>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace packetloom;
using namespace packetloom::test;

/// Pipes and streams that packetloom-cli is started with: read, closed, or with less room than is needed.
class CliStreamsTest : public QObject
{
    Q_OBJECT

private slots:
    void aClosedPipeIsAFailedWrite();
    void aClosedErrorStreamIsNoReason();
    void closedStreamsStayOutOfTheFiles();
    void aFileThatGetsTooLarge();
    void pipesAreRead();
    void pipesAreReadOnce();
};

namespace {

constexpr int patience = 60'000; // milliseconds

} // namespace

// A pipe that is closed, as by "| head -1", whoever closes it and when.
void CliStreamsTest::aClosedPipeIsAFailedWrite()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(50));
    for (const bool both : {false, true}) {
        int ends[2];
        QCOMPARE(::pipe(ends), 0);
        ::close(ends[0]);
        QProcess process;
        process.setChildProcessModifier([&] {
            ::signal(SIGPIPE, SIG_DFL);
            ::dup2(ends[1], STDOUT_FILENO);
            if (both)
                ::dup2(ends[1], STDERR_FILENO);
        });
        process.start(QStringLiteral(PACKETLOOM_CLI),
                      {"--data", shown(input), "--output-dir", shown(folder / "out")});
        QVERIFY(process.waitForFinished(patience));
        ::close(ends[1]);
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QCOMPARE(process.readAllStandardError().contains("standard output"), !both);
        QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "out"}));
    }
}

void CliStreamsTest::aClosedErrorStreamIsNoReason()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(5) + "no row\n");
    int ends[2];
    QCOMPARE(::pipe(ends), 0);
    ::close(ends[0]);
    QProcess process;
    process.setChildProcessModifier([&] {
        ::signal(SIGPIPE, SIG_DFL);
        ::dup2(ends[1], STDERR_FILENO);
    });
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--preview", "--data", shown(input), "--output-dir", shown(folder / "out")});
    QVERIFY(process.waitForFinished(patience));
    ::close(ends[1]);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardOutput().contains("Preview"));
}

// The first files that are opened would get the numbers of the streams, and the messages with them.
void CliStreamsTest::closedStreamsStayOutOfTheFiles()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(50) + "no row\n");
    const auto convert = [&](const char* name, std::initializer_list<int> closed) {
        QProcess process;
        process.setChildProcessModifier([closed] {
            for (const int stream : closed)
                ::close(stream);
        });
        process.start(QStringLiteral(PACKETLOOM_CLI),
                      {"--data", shown(input), "--output-dir", shown(folder / name)});
        return process.waitForFinished(patience) ? process.exitCode() : -1;
    };
    QCOMPARE(convert("open", {}), 0);
    QCOMPARE(convert("no output", {STDOUT_FILENO}), 1);
    QCOMPARE(convert("no errors", {STDERR_FILENO}), 0);
    QCOMPARE(convert("none", {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}), 1);
    for (const char* const name : {"no output", "no errors", "none"})
        QVERIFY2(datasetContent(folder / name) == datasetContent(folder / "open"), name);
}

void CliStreamsTest::aFileThatGetsTooLarge()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(2'000));
    QProcess process;
    process.setChildProcessModifier([] {
        const rlimit most{20'000, 20'000};
        ::setrlimit(RLIMIT_FSIZE, &most);
        ::signal(SIGXFSZ, SIG_DFL);
    });
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"--data", shown(input), "--output-dir", shown(folder / "out")});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 1);
    const auto errors = process.readAllStandardError();
    QVERIFY2(errors.contains(shown(folder / "out").toUtf8() + '/'), errors.constData());
    QVERIFY2(errors.contains("File too large"), errors.constData());
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

// What shells make of <(...), for captures and for the IP map.
void CliStreamsTest::pipesAreRead()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(500));
    const auto map = folder.write("map.json", R"({"10.0.0.1": 1})");
    QProcess process;
    process.start(QStringLiteral("bash"),
                  {"-c", R"("$0" --data <(cat "$1") "$1" --ip-map <(sleep 0.2; cat "$2") --output-dir "$3")",
                   QStringLiteral(PACKETLOOM_CLI), shown(input), shown(map), shown(folder / "out")});
    QVERIFY(process.waitForFinished(patience));
    const auto errors = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, errors.constData());
    QVERIFY(process.readAllStandardOutput().contains("6,000 read = 6,000 kept"));
}

// Of rows in no order the exact engine finds flows in a second pass, for which files are read again.
void CliStreamsTest::pipesAreReadOnce()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(12'000)); // more rows than are held back
    const auto report = [&](const QString& data) {
        QProcess process;
        const auto command =
            QStringLiteral("backward() { head -n 1 \"$1\"; tail -n +2 \"$1\" | tac; }; "
                           "backward \"$1\" >\"$2\"; \"$0\" --preview --engine exact --data ") +
            data;
        process.start(QStringLiteral("bash"), {"-c", command, QStringLiteral(PACKETLOOM_CLI), shown(input),
                                               shown(folder / "backward.csv")});
        if (!process.waitForFinished(patience) || process.exitCode() != 0)
            return QByteArrayList{process.readAllStandardError()};
        QByteArrayList flows;
        for (const QByteArray& line : process.readAllStandardOutput().split('\n')) {
            if (!line.contains("analyzed"))
                flows << line;
        }
        return flows;
    };
    const auto ofFile = report(QStringLiteral("\"$2\""));
    QVERIFY2(ofFile.join().contains("72,000 read = 72,000 kept"), ofFile.join('\n').constData());
    QVERIFY2(ofFile.join().contains("12,000  graceful"), ofFile.join('\n').constData());
    QCOMPARE(report(QStringLiteral("<(backward \"$1\")")), ofFile);
}

QTEST_GUILESS_MAIN(CliStreamsTest)
#include "cli_streams_test.moc"
