// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
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
    void doubtsAreSaidBeforeARun();
    void inspectTellsWhatAFileIs();
    void everyFileMayHaveItsIpMap();
    void brokenFilesDoNotLoseTheOthers();
    void problemsAreInTheJsonOfARun();
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

void CliProgramTest::doubtsAreSaidBeforeARun()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", "timestamp,src_ip,dst_ip,protocol\n1257254615,7,9,6\n"));
    const auto map = shown(folder.write("map.json", R"({"10.0.0.1": 1})"));
    const auto run = runProgram({"--preview", "--data", input, "--ip-map", map});
    QCOMPARE(run.status, 0);
    QVERIFY2(holds(run.errors, "1970-01-01") && holds(run.errors, "If so: --time-unit s"),
             run.errors.c_str());
    QVERIFY2(holds(run.errors, "the IP map knows none of the 2 ids looked at"), run.errors.c_str());
    const auto cured = runProgram({"--preview", "--data", input, "--time-unit", "s"});
    QCOMPARE(cured.status, 0);
    QVERIFY2(!holds(cured.errors, "1970") && holds(cured.output, "2009-11-03"), cured.errors.c_str());
    QVERIFY(runProgram({"--preview", "--quiet", "--data", input}).errors.empty());
}

void CliProgramTest::inspectTellsWhatAFileIs()
{
    const TestFolder folder;
    const auto good = shown(folder.write("good.csv", conversations(5)));
    const auto table =
        shown(folder.write("table", "ts;Source IP;daddr;proto\n1257254615.5;10.0.0.1;10.0.0.2;TCP\n"));
    const auto bare = shown(folder.write("bare", "1257254615|10.0.0.1|10.0.0.2\n"));
    const auto text = runProgram({"inspect", good, table});
    QCOMPARE(text.status, 0);
    QVERIFY2(holds(text.output, "semicolon between fields") && holds(text.output, "column 2 \"Source IP\"") &&
                 holds(text.output, "seconds"),
             text.output.c_str());
    const auto json = runProgram({"inspect", "--json", good, table, bare});
    QCOMPARE(json.status, 2); // one cannot be read
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json.output));
    const auto inputs = document[u"inputs"].toArray();
    QCOMPARE(inputs.size(), 3);
    QCOMPARE(inputs[0][u"problems"].toArray().size(), 0);
    QCOMPARE(inputs[0][u"format"].toString(), QStringLiteral("csv"));
    QCOMPARE(inputs[1][u"dialect"][u"delimiter"].toString(), QStringLiteral(";"));
    QCOMPARE(inputs[1][u"columns"].toArray()[0][u"unit"].toString(), QStringLiteral("s"));
    QCOMPARE(inputs[1][u"first_time"].toInteger(), 1257254615500000);
    QVERIFY(inputs[1][u"readable"].toBool() && !inputs[2][u"readable"].toBool());
    QCOMPARE(inputs[2][u"problems"].toArray()[0][u"code"].toString(), QStringLiteral("columns_unknown"));
    QCOMPARE(inputs[2][u"problems"].toArray()[0][u"cure"].toString(),
             QStringLiteral("--columns timestamp=1,src_ip=2,dst_ip=3"));
    QCOMPARE(runProgram({"inspect"}).status, 2);
    QVERIFY(holds(runProgram({"inspect", "--help"}).output, "--columns"));
}

void CliProgramTest::everyFileMayHaveItsIpMap()
{
    const TestFolder folder;
    const auto ids = captureHeader() + captureRow(captureStart, "17", "18", 2);
    const auto first = shown(folder.write("a=1.csv", ids)), second = shown(folder.write("b.csv", ids));
    const auto common = shown(folder.write("m.json", R"({"10.0.0.1": 17, "10.0.0.2": 18})"));
    const auto own = shown(folder.write("own.json", R"({"10.9.0.1": 17, "10.9.0.2": 18})"));
    const auto inspected = runProgram({"inspect", first, second, "--json", "--ip-map", common, "--ip-map-for",
                                       first + QLatin1Char('=') + own});
    QCOMPARE(inspected.status, 0);
    const auto inputs =
        QJsonDocument::fromJson(QByteArray::fromStdString(inspected.output))[u"inputs"].toArray();
    QCOMPARE(inputs[0][u"ip_map"].toString(), own);
    QCOMPARE(inputs[1][u"ip_map"].toString(), common);
    QCOMPARE(inputs[0][u"problems"].toArray().size(), 0);
    const auto text = runProgram({"inspect", "--ip-map-for", second + QLatin1Char('=') + own, second});
    QVERIFY2(holds(text.output, ("IP map: " + own.toStdString()).c_str()), text.output.c_str());
    const auto run = runProgram({"--preview", "--json", "--data", first, second, "--ip-map", common,
                                 "--ip-map-for", first + QLatin1Char('=') + own});
    QCOMPARE(run.status, 0);
    QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(run.output))[u"unique_ips"].toInt(), 4);
}

void CliProgramTest::brokenFilesDoNotLoseTheOthers()
{
    const TestFolder folder;
    const auto good = shown(folder.write("good.csv", conversations(5)));
    auto packed = gzipMember(conversations(500, captureStart + 86'400'000'000));
    packed.resize(packed.size() / 2);
    const auto cut = shown(folder.write("cut.csv.gz", packed)),
               bad = shown(folder.write("bad", "no,columns\n"));
    const QStringList words{"--data", bad, good, cut, "--output-dir", shown(folder / "out")};
    QCOMPARE(runProgram(words).status, 2);
    const auto text = runProgram(words + QStringList{"--skip-broken"});
    QCOMPARE(text.status, 0);
    QVERIFY2(holds(text.errors, "left out: ") && holds(text.errors, "Reading it ended there; "),
             text.errors.c_str());
    QVERIFY2(holds(text.output, "Inputs that are not all in\n  left out: ") &&
                 holds(text.output, (" rows kept: " + cut.toStdString()).c_str()),
             text.output.c_str());
    const auto json = runProgram(words + QStringList{"--skip-broken", "--json", "--quiet"});
    QCOMPARE(json.status, 0);
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(json.output));
    const auto list = document[u"incomplete_inputs"].toArray();
    QCOMPARE(list.size(), 2);
    QCOMPARE(list[0][u"file"].toString(), bad);
    QVERIFY(list[0][u"left_out"].toBool() && !list[1][u"left_out"].toBool());
    QVERIFY(list[0][u"reason"].toString().contains("no column named"));
    QCOMPARE(list[0][u"rows_kept"].toInt(), 0);
    QCOMPARE(list[1][u"file"].toString(), cut);
    QVERIFY(list[1][u"reason"].toString().contains("cut off"));
    QCOMPARE(list[1][u"rows_kept"].toInt() + 30, document[u"rows"][u"kept"].toInt());
    QCOMPARE(runProgram({"--preview", "--skip-broken", "--data", bad}).status, 2);
}

void CliProgramTest::problemsAreInTheJsonOfARun()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", "timestamp,src_ip,dst_ip,protocol\n1257254615,7,9,6\n"));
    for (const auto& words : {QStringList{"--preview"}, QStringList{"--output-dir", shown(folder / "out")}}) {
        const auto run = runProgram(words + QStringList{"--json", "--quiet", "--data", input});
        QCOMPARE(run.status, 0);
        QVERIFY(run.errors.empty());
        const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(run.output));
        const auto problems = document[u"problems"].toArray();
        QStringList codes;
        for (const auto& problem : problems) {
            codes << problem[u"code"].toString();
            QCOMPARE(problem[u"file"].toString(), input);
            QVERIFY(!problem[u"text"].toString().isEmpty());
        }
        QVERIFY2(codes.contains("time_range") && codes.contains("no_map"), qPrintable(codes.join(' ')));
        QCOMPARE(problems[codes.indexOf("time_range")][u"cure"].toString(), QStringLiteral("--time-unit s"));
        QVERIFY(document[u"warnings"].toArray().isEmpty());
    }
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
