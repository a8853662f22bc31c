// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;
using namespace std::string_literals;

/// Input that is no good: the program says which file, where, and what to do, and leaves nothing behind.
class BadInputTest : public QObject
{
    Q_OBJECT

private slots:
    void badCaptures_data();
    void badCaptures();
    void badMaps_data();
    void badMaps();
    void badOptions_data();
    void badOptions();
    void badRowsCostNoGoodOnes_data();
    void badRowsCostNoGoodOnes();
    void filesThatAreNotThere();
    void trailingGarbageIsReported();
};

namespace {

void verifySays(const ProgramRun& run, int status, const QStringList& says)
{
    QVERIFY2(
        run.status == status,
        qPrintable(QStringLiteral("status %1: %2").arg(run.status).arg(QString::fromStdString(run.errors))));
    for (const auto& part : says)
        QVERIFY2(run.errors.find(part.toStdString()) != std::string::npos, run.errors.c_str());
    QVERIFY(run.output.empty());
}

} // namespace

void BadInputTest::badCaptures_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<int>("status");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char* name, std::string content, int status, QStringList says) {
        QTest::newRow(name) << std::move(content) << status << (QStringList{"in.csv"} + says);
    };
    const auto good = conversations(400);
    auto corrupt = gzipMember(good);
    corrupt[corrupt.size() / 2] = static_cast<char>(~corrupt[corrupt.size() / 2]);
    auto utf16 = "\xff\xfe"s;
    for (const char c : captureHeader())
        utf16 += {c, '\0'};
    row("no header", good.substr(good.find('\n') + 1), 2,
        {"line 1", "no column named timestamp, src_ip, dst_ip", "first line must name the columns"});
    row("no timestamp column", "when,src_ip,dst_ip\n1,a,b\n", 2,
        {"no column named timestamp.", "Found: when, src_ip, dst_ip"});
    row("no address columns", "timestamp,here,there\n1,a,b\n", 2, {"no column named src_ip, dst_ip"});
    row("an empty file", "", 2, {"the file is empty", "column names"});
    row("nothing but blank lines", "\n\n  \n", 2, {"the file is empty"});
    row("an empty gzip", gzipMember(""), 2, {"the file is empty"});
    row("binary data",
        "\x7f"
        "ELF\2\1\1\0\0\0"s,
        2, {"binary data"});
    row("a pcap cut in its header", "\xd4\xc3\xb2\xa1\2\0\4\0"s, 2, {"ends inside its header"});
    row("a pcap of another version", "\xd4\xc3\xb2\xa1\7\0\4\0"s + std::string(16, '\0'), 2,
        {"version 7.4", "not known"});
    row("a pcapng without a byte order", "\x0a\x0d\x0d\x0a\x1c\0\0\0"s + std::string(20, '\0'), 2,
        {"looks like a pcapng capture", "damaged"});
    row("a 7z", "7z\xbc\xaf\x27\x1c"s, 2, {"7z file", "Unpack or export"});
    row("a zip cut in its header", "PK\3\4\0\0"s, 2, {"zip data", "cut off"});
    row("UTF-16", utf16, 2, {"UTF-16", "iconv -f UTF-16 -t UTF-8"});
    row("gzip cut in its header", gzipMember(good).substr(0, 6), 2, {"byte 6", "cut off", "gzip -dc"});
    row("gzip cut", gzipMember(good).substr(0, gzipMember(good).size() - 20), 1,
        {"line ", "byte ", "cut off", "gzip -dc"});
    row("corrupt gzip", corrupt, 1, {"line ", "byte ", "corrupt", "gzip -dc"});
    row("an unclosed quote in the header", "\"timestamp,src_ip,dst_ip\n1,2,3\n", 2,
        {"line 1", "no column named"});
    row("NUL bytes all over", std::string(5000, '\0'), 2, {"binary data"});
}

void BadInputTest::badCaptures()
{
    QFETCH(std::string, content);
    QFETCH(int, status);
    QFETCH(QStringList, says);
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", content));
    verifySays(runProgram({"--data", input, "--output-dir", shown(folder / "out")}), status, says);
    verifySays(runProgram({"--preview", "--data", input}), status, says);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void BadInputTest::badMaps_data()
{
    QTest::addColumn<std::string>("content");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("not JSON") << "{10.0.0.1: 1}"s << QStringList{"not valid JSON", "{\"10.0.0.1\": 1}"};
    QTest::newRow("a capture") << conversations(1) << QStringList{"must be a JSON object"};
    QTest::newRow("not an object") << "[1, 2]"s << QStringList{"must be a JSON object"};
    QTest::newRow("not integers") << "{\"10.0.0.1\": \"1\"}"s
                                  << QStringList{"id of \"10.0.0.1\" is not an integer"};
    QTest::newRow("cut") << "{\"10.0.0.1\": 1, \"10"s << QStringList{"not valid JSON"};
    QTest::newRow("empty") << ""s << QStringList{"not valid JSON"};
    QTest::newRow("200 MB") << "{" + std::string(200'000'000, ' ') + "]" << QStringList{"not valid JSON"};
}

void BadInputTest::badMaps()
{
    QFETCH(std::string, content);
    QFETCH(QStringList, says);
    const TestFolder folder;
    const auto run =
        runProgram({"--data", shown(folder.write("in.csv", conversations(1))), "--ip-map",
                    shown(folder.write("map.json", content)), "--output-dir", shown(folder / "out")});
    verifySays(run, 2, QStringList{"map.json"} + says);
    QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "map.json"}));
}

void BadInputTest::badOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QStringList>("says");
    const auto row = [](const char* name, QStringList options, QStringList says) {
        QTest::newRow(name) << std::move(options) << std::move(says);
    };
    row("a filter entry", {"--filter-ips", "10.0.0.1,10.0.0.0/33"}, {"\"10.0.0.0/33\"", "10.1.0.0/16"});
    row("start after end", {"--filter-time-start", "2", "--filter-time-end", "1"},
        {"after --filter-time-end"});
    row("chunk size 0", {"--chunk-size", "0"}, {"--chunk-size must be 1 or more"});
    row("chunk size -3", {"--chunk-size", "-3"}, {"--chunk-size must be 1 or more"});
    row("read chunk 0", {"--chunk-read-size", "0"}, {"--chunk-read-size must be 1 or more"});
    row("a negative timeout", {"--flow-timeout-seconds", "-1"}, {"--flow-timeout-seconds must be 0 or more"});
    row("negative records", {"--max-records", "-1"}, {"--max-records must be 0 or more"});
    row("no number", {"--chunk-size", "x"}, {"--chunk-size"});
}

void BadInputTest::badOptions()
{
    QFETCH(QStringList, options);
    QFETCH(QStringList, says);
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(1)));
    verifySays(runProgram(QStringList{"--data", input, "--output-dir", shown(folder / "out")} + options), 2,
               says);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void BadInputTest::badRowsCostNoGoodOnes_data()
{
    QTest::addColumn<std::string>("row");
    QTest::addColumn<QString>("reason");
    const auto add = [](const char* reason, std::string row) {
        QTest::newRow(reason) << std::move(row) << QString(reason);
    };
    add("too_few_fields", "1,2\n");
    add("too_many_fields", "1,a,b,1,2,3,4,5,6,6,7,8\n");
    add("unclosed_quote", "1,\"a,b,1,2,3,4,5,6,6\n");
    add("nul_byte", "1,a\0,b,1,2,3,4,5,6,6\n"s);
    add("number_out_of_range", "1,a,b,1,2,3,99999999999999999999,5,6,6\n");
    add("timestamp_missing", ",a,b,1,2,3,4,5,6,6\n");
    add("timestamp_unreadable", "yesterday,a,b,1,2,3,4,5,6,6\n");
    add("timestamp_not_finite", "-inf,a,b,1,2,3,4,5,6,6\n");
    add("address_not_utf8", "1,\xff,b,1,2,3,4,5,6,6\n");
    add("row_too_long", "1," + std::string(2'000'000, 'x') + ",b,1,2,3,4,5,6,6\n");
}

void BadInputTest::badRowsCostNoGoodOnes()
{
    QFETCH(std::string, row);
    QFETCH(QString, reason);
    const TestFolder folder;
    const auto good = conversations(2);
    const auto rest = good.substr(captureHeader().size());
    const auto input = shown(folder.write("in.csv", good + row + rest + row + rest));
    const auto run = runProgram({"--json", "--data", input, "--output-dir", shown(folder / "out")});
    QCOMPARE(run.status, 0);
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["rows"].toObject()["kept"].toInteger(), 36);
    QCOMPARE(json["rows"].toObject()["rejected"].toInteger(), 2);
    QCOMPARE(json["rows"].toObject()["read"].toInteger(), 38);
    QCOMPARE(json["rejected_by"].toObject(), (QJsonObject{{reason, 2}}));
    const auto rows = json["rejected_rows"].toArray();
    QCOMPARE(rows.size(), 2);
    QCOMPARE(rows[0].toObject()["line"].toInteger(), 14);
    QCOMPARE(rows[1].toObject()["line"].toInteger(), 27);
    const auto manifest =
        QJsonDocument::fromJson(QByteArray::fromStdString(contentOf(folder / "out/manifest.json")));
    QCOMPARE(manifest["converter"]["rows"].toObject(), json["rows"].toObject());
}

void BadInputTest::filesThatAreNotThere()
{
    const TestFolder folder;
    const auto good = shown(folder.write("in.csv", conversations(1)));
    const auto out = shown(folder / "out");
    verifySays(runProgram({"--data", good, shown(folder / "missing.csv"), "--output-dir", out}), 2,
               {"missing.csv: cannot be opened: No such file"});
    verifySays(runProgram({"--data", shown(folder.path()), "--output-dir", out}), 2, {"is a folder"});
    verifySays(runProgram({"--data", good, "--ip-map", shown(folder / "missing.json"), "--output-dir", out}),
               2, {"missing.json: cannot be opened"});
    verifySays(runProgram({"--data", shown(folder / "missing.csv"), "--skip-missing", "--output-dir", out}),
               2, {"none of the inputs"});
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
    const auto skipped =
        runProgram({"--data", good, shown(folder / "missing.csv"), "--skip-missing", "--output-dir", out});
    QCOMPARE(skipped.status, 0);
    QVERIFY2(skipped.errors.find("warning: left out: ") != std::string::npos, skipped.errors.c_str());
}

void BadInputTest::trailingGarbageIsReported()
{
    const TestFolder folder;
    const auto gzip = gzipMember(conversations(5));
    const auto run = runProgram({"--data", shown(folder.write("in.csv.gz", gzip + "garbage")), "--output-dir",
                                 shown(folder / "out")});
    QCOMPARE(run.status, 0);
    QVERIFY(run.output.find("30 kept") != std::string::npos);
    const auto place = "in.csv.gz, byte " + std::to_string(gzip.size());
    QVERIFY2(run.errors.find(place) != std::string::npos, run.errors.c_str());
}

QTEST_GUILESS_MAIN(BadInputTest)
#include "bad_input_test.moc"
