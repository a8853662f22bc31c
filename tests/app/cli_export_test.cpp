// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>
#include <csignal>

using namespace packetloom;
using namespace packetloom::test;

/// packetloom-cli export: what is refused, what is written, what is told.
class CliExportTest : public QObject
{
    Q_OBJECT

private slots:
    void writesALog();
    void aFileThatIsThere();
    void toStandardOutput();
    void tellsAsJson();
    void aFilterSaysWhatIsRead();
    void aDatasetIsAConversion();
    void whatMeansNothingIsRefused_data();
    void whatMeansNothingIsRefused();
    void checksumsAreAskedOfTheReader();
    void packetsInTunnelsAreListedToo();
    void timesOfTheEngineArrive();
    void aFailureLeavesNothing();
#ifdef Q_OS_UNIX
    void aSignalLeavesNothing();
    void aFullOutputIsAFailure();
#endif
};

namespace {

bool holds(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void CliExportTest::writesALog()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto run =
        runProgram({"export", input, "--as", "conn-log", "--output", shown(folder / "conn.log")});
    QCOMPARE(run.status, 0);
    QVERIFY2(run.errors.empty(), run.errors.c_str());
    QVERIFY2(holds(run.output, "conn-log ") && holds(run.output, "flows       5 (exact engine") &&
                 holds(run.output, "5  SF"),
             run.output.c_str());
    const auto text = contentOf(folder / "conn.log");
    QVERIFY(text.starts_with("#separator \\x09\n"));
    QCOMPARE(std::count(text.begin(), text.end(), '\n'), 14);
    QCOMPARE(folder.names(), (std::vector<std::string>{"conn.log", "in.csv"}));
    const auto quiet = runProgram({"export", input, "--as", "conn-log", "--engine", "exact", "--output",
                                   shown(folder / "conn.log"), "--force", "--quiet"});
    QCOMPARE(quiet.status, 0);
    QCOMPARE(quiet.output + quiet.errors, std::string());
    QCOMPARE(contentOf(folder / "conn.log"), text);
}

void CliExportTest::aFileThatIsThere()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto output = folder.write("conn.json", "mine");
    const auto refused = runProgram({"export", input, "--as", "conn-json", "--output", shown(output)});
    QCOMPARE(refused.status, 2);
    QVERIFY2(holds(refused.errors, "is there already") && holds(refused.errors, "--force"),
             refused.errors.c_str());
    QCOMPARE(contentOf(output), std::string("mine"));
    QCOMPARE(runProgram({"export", input, "--as", "conn-json", "--output", shown(output), "--force"}).status,
             0);
    QVERIFY(contentOf(output).starts_with("{\"ts\":"));
    const auto own = runProgram({"export", input, "--as", "conn-json", "--output", input, "--force"});
    QCOMPARE(own.status, 2);
    QVERIFY(holds(own.errors, "would be replaced"));
}

void CliExportTest::toStandardOutput()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto run = runProgram({"export", input, "--as", "conn-json", "--output", "-"});
    QCOMPARE(run.status, 0);
    QCOMPARE(std::count(run.output.begin(), run.output.end(), '\n'), 5);
    QVERIFY(run.output.starts_with("{\"ts\":") && run.output.ends_with("}\n"));
    QVERIFY2(holds(run.errors, "conn-json (standard output)"), run.errors.c_str());
    const auto quiet = runProgram({"export", input, "--as", "conn-json", "--output", "-", "--quiet"});
    QCOMPARE(quiet.errors, std::string());
    QCOMPARE(quiet.output, run.output);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void CliExportTest::tellsAsJson()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto run = runProgram({"export", input, "--as", "conn-log", "--output", shown(folder / "out"),
                                 "--filter", "sport == 1026", "--json", "--quiet"});
    QCOMPARE(run.status, 0);
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["format"].toString(), QString("conn-log"));
    QCOMPARE(json["engine"].toString(), QString("exact"));
    QCOMPARE(json["filter"].toString(), QString("sport == 1026"));
    QCOMPARE(json["checksums"].toString(), QString("ignore"));
    QCOMPARE(json["total_packets"].toInt(), 30);
    QCOMPARE(json["total_flows"].toInt(), 5);
    QCOMPARE(json["written_flows"].toInt(), 1);
    QCOMPARE(json["conn_states"]["SF"].toInt(), 1);
    QCOMPARE(json["bytes"].toInteger(), static_cast<qint64>(std::filesystem::file_size(folder / "out")));
    QVERIFY(json["output"].toString().endsWith("out") && json["seconds"].isDouble());
    QVERIFY(json["inputs"].isArray() && json["warnings"].isArray() && json["problems"].isArray());
}

// As a conversion's filter, before there are flows: of these one side is left.
void CliExportTest::aFilterSaysWhatIsRead()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    const auto run =
        runProgram({"export", input, "--as", "conn-json", "--output", shown(folder / "out"), "--read-filter",
                    "src == 10.0.0.1 or src == 10.0.0.2", "--filter", "sport == 1025", "--json", "--quiet"});
    QVERIFY2(run.status == 0, run.errors.c_str());
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["read_filter"].toString(), QString("src == 10.0.0.1 or src == 10.0.0.2"));
    QCOMPARE(json["filter"].toString(), QString("sport == 1025"));
    QCOMPARE(json["total_flows"].toInt(), 2);
    QCOMPARE(json["written_flows"].toInt(), 1);
    QVERIFY(holds(contentOf(folder / "out"), "\"one_sided\":true"));
    const auto wrong = runProgram({"export", input, "--as", "conn-log", "--output", shown(folder / "other"),
                                   "--read-filter", "port ==", "--quiet"});
    QCOMPARE(wrong.status, 2);
    QVERIFY2(holds(wrong.errors, "port =="), wrong.errors.c_str());
}

void CliExportTest::aDatasetIsAConversion()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(5)));
    QCOMPARE(runProgram({"export", input, "--as", "timearcs-v2", "--output", shown(folder / "a"),
                         "--chunk-size", "2", "--filter", "sport == 1026"})
                 .status,
             0);
    QCOMPARE(runProgram({"--data", input, "--output-dir", shown(folder / "b"), "--chunk-size", "2",
                         "--filter", "sport == 1026"})
                 .status,
             0);
    QVERIFY(datasetContent(folder / "a") == datasetContent(folder / "b"));
}

void CliExportTest::whatMeansNothingIsRefused_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const char* words, const char* says) {
        QTest::newRow(name) << QString(words).split(' ') << QString(says);
    };
    row("no format", "a --output b", "--as");
    row("an unknown one", "a --as pdf --output b", "no output \"pdf\", but timearcs-v2, conn-log, conn-json");
    row("no output", "a --as conn-log", "--output");
    row("no input", "--as conn-log --output b", "FILE");
    row("the other engine", "a --as conn-log --output b --engine reference", "does not find out");
    row("the other engine for a dataset", "a --as timearcs-v2 --output b --engine exact", "to the byte");
    row("no engine", "a --as conn-log --output b --engine steam", "must be reference or exact");
    row("a dataset to the screen", "a --as timearcs-v2 --output -", "is a folder");
    row("two on standard output", "a --as conn-log --output - --json", "already");
    row("checksums", "a --as conn-log --output b --checksums maybe", "must be check or ignore");
    row("checksums of a dataset", "a --as timearcs-v2 --output b --checksums check", "--verify-checksums");
    row("an option of datasets", "a --as conn-log --output b --chunk-size 3", "is of datasets");
    row("the other's timeout", "a --as conn-log --output b --flow-timeout-seconds 3", "is of datasets");
    row("an option of the exact engine", "a --as timearcs-v2 --output b --udp-inactivity 3",
        "of the exact engine");
    row("an impossible time", "a --as conn-log --output b --udp-inactivity 0", "--udp-inactivity must be");
    row("no filter", "a --as conn-log --output b --filter port==", "value for port");
    row("a filter for reading a dataset", "a --as timearcs-v2 --output b --read-filter port==80",
        "--filter says what is read");
    row("a filter of packets", "a --as conn-log --output b --filter len>3", "field of packets");
    row("a filter of the other engine", "a --as conn-log --output b --filter close==graceful",
        "\"close\" is what the reference's engine says");
}

void CliExportTest::whatMeansNothingIsRefused()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);
    std::vector<std::string> given{"export"};
    for (const auto& word : words)
        given.push_back(word.toStdString());
    const auto parsed = parseArguments(given);
    QVERIFY(!parsed.arguments);
    QCOMPARE(parsed.exitStatus, 2);
    QVERIFY2(holds(parsed.output, says.toStdString().c_str()), parsed.output.c_str());
}

void CliExportTest::checksumsAreAskedOfTheReader()
{
    for (const bool checks : {false, true}) {
        const auto parsed = parseArguments(
            {"export", "a", "--as", "conn-log", "--output", "b", "--checksums", checks ? "check" : "ignore"});
        QVERIFY(parsed.arguments && parsed.arguments->flowExport);
        QCOMPARE(parsed.arguments->options.reading.verifyChecksums, checks);
        QCOMPARE(parsed.arguments->flowExport->rules.checksumsCount, checks);
    }
}

void CliExportTest::packetsInTunnelsAreListedToo()
{
    const auto tunnels = [](std::vector<std::string> words) {
        words.insert(words.begin(), {"export", "a", "--output", "b"});
        const auto parsed = parseArguments(words);
        return parsed.arguments ? std::optional(parsed.arguments->options.reading.tunnels) : std::nullopt;
    };
    QCOMPARE(tunnels({"--as", "conn-log"}), Tunnels::Each);
    QCOMPARE(tunnels({"--as", "conn-json", "--tunnels", "inner"}), Tunnels::Inner);
    QCOMPARE(tunnels({"--as", "timearcs-v2"}), Tunnels::Inner); // as a conversion
}

void CliExportTest::timesOfTheEngineArrive()
{
    const auto parsed = parseArguments({"export",
                                        "a",
                                        "--as",
                                        "conn-log",
                                        "--output",
                                        "b",
                                        "--attempt-timeout",
                                        "1",
                                        "--close-linger",
                                        "2",
                                        "--partial-close",
                                        "4",
                                        "--tcp-inactivity",
                                        "5",
                                        "--udp-inactivity",
                                        "6",
                                        "--icmp-inactivity",
                                        "7",
                                        "--other-inactivity",
                                        "8"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    constexpr auto second = ExactRules::second;
    QVERIFY((parsed.arguments->flowExport->rules == ExactRules{second, 2 * second, 4 * second, 5 * second,
                                                               6 * second, 7 * second, 8 * second, false}));
    // 12 s of silence: one flow, or two
    const TestFolder folder;
    const auto row = [](std::int64_t at) {
        return captureRow(captureStart + at * 1'000'000, "10.0.0.1", "10.0.0.2", 2, 1000);
    };
    const auto input = shown(folder.write("in.csv", captureHeader() + row(0) + row(12)));
    const auto flows = [&](const QStringList& more) {
        const auto run =
            runProgram(QStringList{"export", input, "--as", "conn-json", "--output", "-", "--quiet"} + more);
        return std::count(run.output.begin(), run.output.end(), '\n');
    };
    QCOMPARE(flows({}), 2);
    QCOMPARE(flows({"--attempt-timeout", "20"}), 1);
}

void CliExportTest::aFailureLeavesNothing()
{
    const TestFolder folder;
    const auto bad = shown(folder.write("bad", "no,columns\n"));
    const auto run = runProgram({"export", bad, "--as", "conn-log", "--output", shown(folder / "out")});
    QCOMPARE(run.status, 2);
    QCOMPARE(folder.names(), std::vector<std::string>{"bad"});
    const auto deep = runProgram({"export", shown(folder.write("in.csv", conversations(5))), "--as",
                                  "conn-log", "--output", shown(folder / "not/there")});
    QCOMPARE(deep.status, 2);
    QVERIFY2(holds(deep.errors, "cannot be written"), deep.errors.c_str());
}

#ifdef Q_OS_UNIX
void CliExportTest::aSignalLeavesNothing()
{
    const TestFolder folder;
    QProcess process;
    process.start(QStringLiteral(PACKETLOOM_CLI),
                  {"export", "/dev/stdin", "--as", "conn-log", "--output", shown(folder / "out")});
    QVERIFY(process.waitForStarted());
    process.write(QByteArray::fromStdString(conversations(20000)));
    QTRY_VERIFY_WITH_TIMEOUT(folder.names().size() == 2, 20'000); // a lock and a hidden file
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(folder.names().empty());
}

void CliExportTest::aFullOutputIsAFailure()
{
    const TestFolder folder;
    QProcess process;
    process.setStandardOutputFile(QStringLiteral("/dev/full"));
    process.start(QStringLiteral(PACKETLOOM_CLI), {"export", shown(folder.write("in.csv", conversations(5))),
                                                   "--as", "conn-log", "--output", "-"});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().contains("standard output"));
}
#endif

QTEST_GUILESS_MAIN(CliExportTest)
#include "cli_export_test.moc"
