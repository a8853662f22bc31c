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
    void optionsMayBeCutShort_data();
    void singleCapturesMayHaveTheirIpMap();
    void optionsMayBeCutShort();
    void shortOptionsThatMayBeSeveralAreRefused_data();
    void shortOptionsThatMayBeSeveralAreRefused();
    void ofRepeatedDataAllCount();
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
    QVERIFY(!options.skipBroken);
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
                                        "--skip-broken",
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
    QVERIFY(options.skipBroken);
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

void CliArgumentsTest::optionsMayBeCutShort_data()
{
    QTest::addColumn<Words>("words");
    QTest::addColumn<Words>("full");
    const auto row = [](const char* name, Words words, Words full) {
        QTest::newRow(name) << std::move(words) << std::move(full);
    };
    row("one letter", {"--d", "a", "--o", "x"}, {"--data", "a", "--output-dir", "x"});
    row("an equals sign", {"--da=a", "--out=x"}, {"--data", "a", "--output-dir", "x"});
    row("the value looks like one", {"--data", "a", "--out", "x", "--att=--chunk"},
        {"--data", "a", "--output-dir", "x", "--attack-context=--chunk"});
    row("all of the reference's",
        {"--data",          "a", "--out",           "x", "--ip",     "m", "--max",      "7",
         "--chunk-s",       "1", "--chunk-r",       "2", "--flow",   "3", "--filter-i", "4",
         "--filter-time-s", "5", "--filter-time-e", "6", "--attack", "b"},
        {"--data",
         "a",
         "--output-dir",
         "x",
         "--ip-map",
         "m",
         "--max-records",
         "7",
         "--chunk-size",
         "1",
         "--chunk-read-size",
         "2",
         "--flow-timeout-seconds",
         "3",
         "--filter-ips",
         "4",
         "--filter-time-start",
         "5",
         "--filter-time-end",
         "6",
         "--attack-context",
         "b"});
    row("ours does not count where the reference's fits", {"--data", "a", "--o", "x", "--m", "7"},
        {"--data", "a", "--output-dir", "x", "--max-records", "7"});
    row("one of ours", {"--data", "a", "--o", "x", "--thr", "3", "--comp", "--skip-m"},
        {"--data", "a", "--output-dir", "x", "--threads", "3", "--compact", "--skip-missing"});
}

void CliArgumentsTest::singleCapturesMayHaveTheirIpMap()
{
    const auto parsed = parseArguments({"--preview", "--data", "a.csv", "x=y.csv", "c.csv", "--ip-map",
                                        "m.json", "--ip-map-for", "x=y.csv=o.json", "--time-unit", "s",
                                        "--ip-map-for", "./c.csv=first.json", "--ip-map-for=c.csv=d=e.json"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    const auto& options = parsed.arguments->options;
    QCOMPARE(options.inputs.size(), 3u);
    QVERIFY(ipMapOf(options, "a.csv") == "m.json");
    QVERIFY(ipMapOf(options, "x=y.csv") == "o.json");
    QVERIFY(ipMapOf(options, "c.csv") == "d=e.json"); // the last one counts
    for (const auto& input : options.inputs)          // in all else they are read as the others
        QVERIFY(specOf(options, input).timeUnit == TimeUnit::Seconds);
    const auto inspect = parseArguments({"inspect", "--ip-map-for", "a.csv=m.json", "a.csv"});
    QVERIFY2(inspect.arguments, inspect.output.c_str());
    QVERIFY(inspect.arguments->options.inputs == std::vector<std::filesystem::path>{"a.csv"});
    QVERIFY(ipMapOf(inspect.arguments->options, "a.csv") == "m.json");
    for (const char* const wrong : {"b.csv=m.json", "a.csv", "a.csv=", "=m.json", ""}) {
        const auto refused = parseArguments({"--preview", "--data", "a.csv", "--ip-map-for", wrong});
        QVERIFY2(!refused.arguments, wrong);
        QCOMPARE(refused.exitStatus, 2);
        QVERIFY2(refused.output.find("--ip-map-for") != std::string::npos, refused.output.c_str());
    }
}

void CliArgumentsTest::optionsMayBeCutShort()
{
    QFETCH(Words, words);
    QFETCH(Words, full);
    const auto parsed = parseArguments(words), expected = parseArguments(full);
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    QVERIFY2(expected.arguments, expected.output.c_str());
    const Options &a = parsed.arguments->options, &b = expected.arguments->options;
    QVERIFY(parsed.arguments->outputFolder == expected.arguments->outputFolder);
    QVERIFY(a.inputs == b.inputs);
    QVERIFY(a.ipMap == b.ipMap);
    QCOMPARE(a.maxRecords, b.maxRecords);
    QCOMPARE(a.flowsPerChunk, b.flowsPerChunk);
    QCOMPARE(a.readChunkRows, b.readChunkRows);
    QCOMPARE(a.flowTimeoutSeconds, b.flowTimeoutSeconds);
    QCOMPARE(a.addressFilter, b.addressFilter);
    QCOMPARE(a.window.start, b.window.start);
    QCOMPARE(a.window.end, b.window.end);
    QCOMPARE(a.attackContext, b.attackContext);
    QCOMPARE(a.threads, b.threads);
    QCOMPARE(a.style, b.style);
    QCOMPARE(a.skipMissing, b.skipMissing);
    QCOMPARE(a.skipBroken, b.skipBroken);
}

void CliArgumentsTest::shortOptionsThatMayBeSeveralAreRefused_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QStringList>("candidates");
    QTest::newRow("--chunk") << "--chunk" << QStringList{"--chunk-size", "--chunk-read-size"};
    QTest::newRow("--filter-time") << "--filter-time"
                                   << QStringList{"--filter-time-start", "--filter-time-end"};
    QTest::newRow("--f") << "--f" << QStringList{"--filter-ips", "--flow-timeout-seconds", "--force"};
    QTest::newRow("--chunk=10") << "--chunk=10" << QStringList{"--chunk-size", "--chunk-read-size"};
}

void CliArgumentsTest::shortOptionsThatMayBeSeveralAreRefused()
{
    QFETCH(QString, option);
    QFETCH(QStringList, candidates);
    const auto parsed = parseArguments({"--data", "a", "--output-dir", "o", option.toStdString(), "10"});
    QVERIFY(!parsed.arguments);
    QCOMPARE(parsed.exitStatus, 2);
    const auto says = QString::fromStdString(parsed.output);
    QVERIFY2(says.contains(option.section('=', 0, 0) + ": could be "), qPrintable(says));
    for (const auto& candidate : candidates)
        QVERIFY2(says.contains(candidate), qPrintable(says));
}

// A difference on purpose: argparse forgets all but the last, and nobody would see it.
void CliArgumentsTest::ofRepeatedDataAllCount()
{
    const auto parsed = parseArguments({"--data", "a", "--output-dir", "o", "--data", "b", "c"});
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    QVERIFY(parsed.arguments->options.inputs == (std::vector<std::filesystem::path>{"a", "b", "c"}));
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
    QTest::newRow("digits that are grouped")
        << Words{"--data", "a", "--output-dir", "o", "--max-records", "1_000"} << QByteArray("--max-records");
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
                                   "--ip-map-for",
                                   "--skip-missing",
                                   "--skip-broken",
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
