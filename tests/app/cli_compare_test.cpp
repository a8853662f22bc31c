// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"
#include "ui/engine_sentences.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <set>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

/// packetloom-cli compare-engines: what it says, and what it refuses.
class CliCompareTest : public QObject
{
    Q_OBJECT

private slots:
    void saysWhereTheyDiffer();
    void tellsAsJson();
    void refuses();
    void everyDifferenceHasASentence();
};

namespace {

bool holds(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

/// Five whole connections, and an attempt that is made again after half a minute.
std::string capture()
{
    return conversations(5) + captureRow(captureStart + 1'000'000, "10.0.0.1", "10.0.0.2", 2, 100) +
           captureRow(captureStart + 31'000'000, "10.0.0.1", "10.0.0.2", 2, 100);
}

} // namespace

void CliCompareTest::saysWhereTheyDiffer()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", capture()));
    const auto run = runProgram({"compare-engines", input});
    QCOMPARE(run.status, 0);
    QVERIFY2(run.errors.empty(), run.errors.c_str());
    QVERIFY2(
        holds(run.output, "TCP flows of the reference: 6, of the exact engine: 7") &&
            holds(run.output, "agree in 5 of 6 cases (83.3%") && holds(run.output, "attempt_ended") &&
            holds(run.output, sentenceOf(EngineDifference::AttemptEnded).why) &&
            holds(run.output, "reference: flow 6, 2 packets, incomplete_no_synack, 10.0.0.1:40000 began") &&
            holds(run.output, "10.0.0.1:40000 > 10.0.0.2:80, 1 packets, S0 S, attempt"),
        run.output.c_str());
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
    const auto same = runProgram({"compare-engines", input, "--attempt-timeout", "60"});
    QVERIFY2(holds(same.output, "agree in 6 of 6 cases (100.0%"), same.output.c_str());
}

void CliCompareTest::tellsAsJson()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", capture()));
    const auto run = runProgram({"compare-engines", input, "--json", "--quiet"});
    QCOMPARE(run.status, 0);
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["total_packets"].toInt(), 32);
    QCOMPARE(json["agree"]["cases"].toInt(), 5);
    QCOMPARE(json["agree"]["packets"].toInt(), 30);
    const auto differences = json["differences"].toArray();
    QCOMPARE(std::size_t(differences.size()), engineDifferenceCount);
    int cases = 0;
    for (const auto& value : differences) {
        const auto difference = value.toObject();
        cases += difference["cases"].toInt();
        if (difference["difference"] != QStringLiteral("attempt_ended")) {
            QVERIFY(difference["examples"].toArray().isEmpty());
            continue;
        }
        QCOMPARE(difference["reference_flows"].toInt(), 1);
        QCOMPARE(difference["exact_flows"].toInt(), 2);
        const auto example = difference["examples"][0];
        QCOMPARE(example["reference"][0]["number"].toInt(), 6);
        QCOMPARE(example["reference"][0]["reason"].toString(), QString("incomplete_no_synack"));
        QCOMPARE(example["exact"].toArray().size(), 2);
        QCOMPARE(example["exact"][0]["conn_state"].toString(), QString("S0"));
        QCOMPARE(example["exact"][0]["end_reason"].toString(), QString("attempt"));
    }
    QCOMPARE(cases, 1);
}

void CliCompareTest::refuses()
{
    const TestFolder folder;
    QCOMPARE(runProgram({"compare-engines"}).status, 2);
    QCOMPARE(runProgram({"compare-engines", shown(folder.write("bad", "no,columns\n"))}).status, 2);
    const auto log = runProgram({"export", shown(folder.write("in.csv", capture())), "--as", "conn-log",
                                 "--output", shown(folder / "conn.log"), "--quiet"});
    QCOMPARE(log.status, 0);
    const auto table = runProgram({"compare-engines", shown(folder / "conn.log")});
    QCOMPARE(table.status, 2);
    QVERIFY2(holds(table.errors, "no packets"), table.errors.c_str());
    QVERIFY(holds(runProgram({"compare-engines", "--help"}).output, "--examples"));
}

void CliCompareTest::everyDifferenceHasASentence()
{
    std::set<std::string> titles;
    for (const auto& [difference, title, why] : engineSentences) {
        QVERIFY(titles.insert(title).second);
        QVERIFY(std::string(why).ends_with('.'));
    }
    QCOMPARE(titles.size(), engineDifferenceCount);
}

QTEST_GUILESS_MAIN(CliCompareTest)
#include "cli_compare_test.moc"
