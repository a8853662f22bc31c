// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"

#include <QTest>

using namespace packetloom;

class CliArgumentsTest : public QObject
{
    Q_OBJECT

private slots:
    void defaultsAreTheReferences();
    void everyFlagArrives();
    void theLastOfARepeatedOptionCounts();
    void numbersAreDecimal();
    void mistakesAreStatus2_data();
    void mistakesAreStatus2();
    void helpAndVersionAreStatus0();
};

namespace {

using Words = std::vector<std::string>;

} // namespace

void CliArgumentsTest::defaultsAreTheReferences()
{
    const auto parsed = parseArguments({"--data", "a.csv", "--ip-map", "m.json", "--output-dir", "out"});
    QVERIFY(parsed.arguments);
    const Options& options = parsed.arguments->options;
    QCOMPARE(options.inputs.size(), 1u);
    QCOMPARE(options.flowsPerChunk, 200);
    QCOMPARE(options.readChunkRows, 500000);
    QCOMPARE(options.flowTimeoutSeconds, 300);
    QCOMPARE(options.maxRecords, 0);
    QVERIFY(!options.window.start);
    QVERIFY(!options.window.end);
    QVERIFY(options.addressFilter.empty());
    QVERIFY(options.attackContext.empty());
    QVERIFY(!options.skipMissing);
    QVERIFY(!options.replaceAnything);
    QCOMPARE(options.style, JsonStyle::Indented);
    QCOMPARE(options.threads, 0u);
    QVERIFY(!parsed.arguments->preview);
    QVERIFY(!parsed.arguments->json);
    QVERIFY(!parsed.arguments->quiet);
}

void CliArgumentsTest::everyFlagArrives()
{
    const auto parsed = parseArguments({"--data",
                                        "a.csv",
                                        "b b.csv.gz",
                                        "--ip-map",
                                        "m.json",
                                        "--output-dir",
                                        "o/ut",
                                        "--max-records",
                                        "7",
                                        "--chunk-size",
                                        "3",
                                        "--chunk-read-size",
                                        "5",
                                        "--flow-timeout-seconds",
                                        "0",
                                        "--filter-ips",
                                        "10.0.0.1, 17",
                                        "--filter-ends",
                                        "both",
                                        "--filter-time-start",
                                        "0",
                                        "--filter-time-end",
                                        "-5",
                                        "--attack-context",
                                        "x y",
                                        "--skip-missing",
                                        "--force",
                                        "--compact",
                                        "--threads",
                                        "3",
                                        "--json",
                                        "--quiet"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    const Options& options = parsed.arguments->options;
    QVERIFY(options.inputs == (std::vector<std::filesystem::path>{"a.csv", "b b.csv.gz"}));
    QVERIFY(options.ipMap == "m.json");
    QVERIFY(parsed.arguments->outputFolder == "o/ut");
    QCOMPARE(options.maxRecords, 7);
    QCOMPARE(options.flowsPerChunk, 3);
    QCOMPARE(options.readChunkRows, 5);
    QCOMPARE(options.flowTimeoutSeconds, 0);
    QCOMPARE(options.addressFilter, std::string("10.0.0.1, 17"));
    QCOMPARE(options.filterEnds, FilterEnds::Both);
    QCOMPARE(options.window.start, std::optional<std::int64_t>(0)); // a start of 0 is a start
    QCOMPARE(options.window.end, std::optional<std::int64_t>(-5));
    QCOMPARE(options.attackContext, std::string("x y"));
    QVERIFY(options.skipMissing);
    QVERIFY(options.replaceAnything);
    QCOMPARE(options.style, JsonStyle::Compact);
    QCOMPARE(options.threads, 3u);
    QVERIFY(parsed.arguments->json);
    QVERIFY(parsed.arguments->quiet);
}

void CliArgumentsTest::theLastOfARepeatedOptionCounts()
{
    const auto parsed = parseArguments(
        {"--data", "a", "--output-dir", "x", "--chunk-size", "1", "--chunk-size", "2", "--output-dir", "y"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    QCOMPARE(parsed.arguments->options.flowsPerChunk, 2);
    QVERIFY(parsed.arguments->outputFolder == "y");
}

void CliArgumentsTest::numbersAreDecimal()
{
    const auto parsed = parseArguments({"--data", "a", "--output-dir", "o", "--chunk-size", "010",
                                        "--filter-time-end", "9223372036854775807"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    QCOMPARE(parsed.arguments->options.flowsPerChunk, 10);
    QCOMPARE(parsed.arguments->options.window.end, std::optional<std::int64_t>(9223372036854775807));
}

void CliArgumentsTest::mistakesAreStatus2_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("nothing") << Words{} << QByteArray("--data");
    QTest::newRow("no output") << Words{"--data", "a"} << QByteArray("--output-dir");
    QTest::newRow("unknown flag") << Words{"--data", "a", "--output-dir", "o", "--colour"}
                                  << QByteArray("--colour");
    QTest::newRow("no number") << Words{"--data", "a", "--output-dir", "o", "--chunk-size", "many"}
                               << QByteArray("--chunk-size");
    QTest::newRow("a fraction") << Words{"--data", "a", "--output-dir", "o", "--max-records", "1.5"}
                                << QByteArray("--max-records");
    QTest::newRow("too large")
        << Words{"--data", "a", "--output-dir", "o", "--filter-time-end", "9223372036854775808"}
        << QByteArray("--filter-time-end");
    QTest::newRow("hexadecimal") << Words{"--data", "a", "--output-dir", "o", "--chunk-size", "0x10"}
                                 << QByteArray("--chunk-size");
    QTest::newRow("a negative number of threads")
        << Words{"--data", "a", "--preview", "--threads", "-1"} << QByteArray("--threads");
    QTest::newRow("too many threads")
        << Words{"--data", "a", "--preview", "--threads", "100000"} << QByteArray("--threads");
    QTest::newRow("a stray word") << Words{"in.csv"} << QByteArray("--data");
    QTest::newRow("data without a file") << Words{"--output-dir", "o", "--data"} << QByteArray("--data");
}

void CliArgumentsTest::mistakesAreStatus2()
{
    QFETCH(Words, words);
    QFETCH(QByteArray, says);
    const auto parsed = parseArguments(words);
    QVERIFY(!parsed.arguments);
    QCOMPARE(parsed.exitStatus, 2);
    QVERIFY2(parsed.output.find(says.toStdString()) != std::string::npos, parsed.output.c_str());
}

void CliArgumentsTest::helpAndVersionAreStatus0()
{
    const auto help = parseArguments({"--help"});
    QVERIFY(!help.arguments);
    QCOMPARE(help.exitStatus, 0);
    for (const char* const text : {"--data",
                                   "--ip-map",
                                   "--output-dir",
                                   "--max-records",
                                   "--chunk-size",
                                   "--chunk-read-size",
                                   "--flow-timeout-seconds",
                                   "--filter-ips",
                                   "--filter-ends",
                                   "--filter-time-start",
                                   "--filter-time-end",
                                   "--attack-context",
                                   "--skip-missing",
                                   "--force",
                                   "--quiet",
                                   "--json",
                                   "--version",
                                   "--preview",
                                   "Examples",
                                   "Exit status"})
        QVERIFY2(help.output.find(text) != std::string::npos, text);
    const auto version = parseArguments({"--version"});
    QCOMPARE(version.exitStatus, 0);
    QVERIFY(version.output.starts_with("packetloom-cli "));
}

QTEST_APPLESS_MAIN(CliArgumentsTest)
#include "cli_arguments_test.moc"
