// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/option_table.h"
#include "core/support/file.h"
#include "ui/command_line.h"
#include "ui/filter_text.h"
#include "ui/messages.h"

#include <QTest>

using namespace packetloom;

class FilterTextTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTimes_data();
    void readsTimes();
    void splitsAddresses();
    void commandsAreQuoted();
    void exportsOfFlowsHaveTheirCommand();
    void commandsNameTheIpMapsOfSingleFiles();
    void everyErrorHasItsOwnText();
    void factsAreTold();
    void hostileTextIsCutAndMadeVisible();
};

void FilterTextTest::readsTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<qint64>("time");
    const auto row = [](const char* text, bool valid, qint64 time) {
        QTest::newRow(text) << QString(text) << valid << time;
    };
    row("2009-11-03 13:23:35.000042", true, 1257254615000042);
    row("2009-11-03 13:23:35.000042 UTC", true, 1257254615000042);
    row("2009-11-03T13:23:35Z", true, 1257254615000000);
    row("2009-11-03 13:23:35.5", true, 1257254615500000);
    row("2009-11-03 13:23", true, 1257254580000000);
    row("2009-11-03", true, 1257206400000000);
    row(" 1257254615000042 ", true, 1257254615000042);
    row("0", true, 0);
    row("-5", true, -5);
    row("1969-12-31 23:59:59.999999", true, -1);
    row("9223372036854775807", true, 9223372036854775807);
    row("9223372036854775808", false, 0);
    row("", false, 0);
    row("yesterday", false, 0);
    row("2009-02-30", false, 0);
    row("2009-11-03 25:00", false, 0);
    row("2009-11-03 13:23:35.0000421", false, 0);
    row("03.11.2009", false, 0);
}

void FilterTextTest::readsTimes()
{
    QFETCH(QString, text);
    QFETCH(bool, valid);
    QFETCH(qint64, time);
    const auto parsed = parseTime(text);
    QCOMPARE(parsed.has_value(), valid);
    if (valid)
        QCOMPARE(qint64(*parsed), time);
}

void FilterTextTest::splitsAddresses()
{
    const auto entries = addressEntries(" 10.0.0.1,10.1.0.0/16;\n2001:db8::/32 17\tprinter 10.0.0.300");
    QStringList understood, unknown;
    for (const auto& entry : entries)
        (entry.understood ? understood : unknown) << entry.text;
    QCOMPARE(understood, (QStringList{"10.0.0.1", "10.1.0.0/16", "2001:db8::/32", "17"}));
    QCOMPARE(unknown, (QStringList{"printer", "10.0.0.300"}));
    QCOMPARE(entries[1].position, 10);
    QCOMPARE(addressList(" a , b\nc "), QStringLiteral("a,b,c"));
    QCOMPARE(addressList(" , \n"), QString());
}

void FilterTextTest::commandsAreQuoted()
{
    Options options;
    options.inputs = {"/data/a b.csv", "it's.csv", "plain.csv.gz"};
    QCOMPARE(commandLine(options, {}),
             QStringLiteral(
                 "packetloom-cli --data '/data/a b.csv' 'it'\\''s.csv' plain.csv.gz --output-dir DATASET"));
    options.inputs = {"a.csv"};
    options.ipMap = "m.json";
    options.addressFilter = "10.0.0.0/8,17";
    options.window = {.start = 5, .end = 7};
    options.maxRecords = 9;
    options.flowTimeoutSeconds = 0;
    options.attackContext = "$(rm)";
    options.style = JsonStyle::Compact;
    QCOMPARE(commandLine(options, "out"),
             QStringLiteral(
                 "packetloom-cli --data a.csv --ip-map m.json --output-dir out --filter-ips 10.0.0.0/8,17 "
                 "--filter-time-start 5 --filter-time-end 7 --max-records 9 --flow-timeout-seconds 0 "
                 "--attack-context '$(rm)' --compact"));
}

// What is of datasets alone is left out, and what is usual for the other one is said.
void FilterTextTest::exportsOfFlowsHaveTheirCommand()
{
    Options options;
    options.inputs = {"a b.pcap"};
    options.flowsPerChunk = 7;
    options.readChunkRows = 8;
    options.flowTimeoutSeconds = 9;
    options.attackContext = "label";
    options.style = JsonStyle::Compact;
    options.exact.udpInactivity = 30 * ExactRules::second;
    options.filter = "-x";
    options.window.start = 5;
    FlowExportQuestion question{.format = outputFormatNamed("conn-json"),
                                .rules = options.exact,
                                .filter = "port == 80",
                                .flows = {},
                                .file = "out file"};
    QCOMPARE(exportCommandLine(options, question),
             QStringLiteral("packetloom-cli export 'a b.pcap' --as conn-json --output 'out file' "
                            "--filter 'port == 80' --read-filter=-x --tunnels inner --filter-time-start 5 "
                            "--udp-inactivity 30"));
    options = {};
    options.inputs = {"a"};
    options.reading = {.tunnels = Tunnels::Each, .verifyChecksums = true};
    options.flowsBy = FlowsBy::Exact;
    options.replaceAnything = true;
    question.format = outputFormatNamed("conn-log");
    question.filter.clear();
    question.rules = {};
    question.rules.checksumsCount = true;
    QCOMPARE(exportCommandLine(options, question),
             QStringLiteral("packetloom-cli export a --as conn-log --output 'out file' --checksums check "
                            "--force"));
    options.specs = {{.file = "a", .timeUnit = TimeUnit::Seconds}, {.file = "b"}};
    options.inputs = {"a", "b"};
    QVERIFY(exportCommandLine(options, question).isEmpty());
}

void FilterTextTest::commandsNameTheIpMapsOfSingleFiles()
{
    Options options;
    options.inputs = {"a.csv", "b c.csv", "d.csv"};
    options.ipMap = "m.json";
    options.specs = {{.file = "b c.csv", .ipMap = "b.json"}, {.file = "d.csv", .ipMap = "d.json"}};
    QCOMPARE(commandLine(options, "out"),
             QStringLiteral("packetloom-cli --data a.csv 'b c.csv' d.csv --ip-map m.json "
                            "--ip-map-for 'b c.csv=b.json' --ip-map-for d.csv=d.json --output-dir out"));
    // What is said of their columns must be one for all; of which it is then said once.
    options.specs[0].timeUnit = TimeUnit::Seconds;
    QVERIFY(commandLine(options, "out").isEmpty());
    options.inputs.resize(2);
    options.specs = {{.file = "a.csv", .timeUnit = TimeUnit::Seconds},
                     {.file = "b c.csv", .ipMap = "b.json", .timeUnit = TimeUnit::Seconds}};
    QCOMPARE(
        commandLine(options, "out"),
        QStringLiteral("packetloom-cli --data a.csv 'b c.csv' --ip-map m.json --ip-map-for 'b c.csv=b.json' "
                       "--output-dir out --time-unit s"));
}

void FilterTextTest::everyErrorHasItsOwnText()
{
    QSet<QString> texts;
    for (int code = 0; code <= int(Errc::Internal); ++code) {
        const auto text = errorMessage(Error{.code = Errc(code), .detail = "detail", .file = "in.csv"});
        QVERIFY(text.startsWith(QLatin1String("in.csv: ")));
        QVERIFY2(!texts.contains(text), qPrintable(text));
        texts << text;
    }
}

void FilterTextTest::factsAreTold()
{
    const auto text = [](Errc code, ErrorFacts facts) {
        return errorReason(Error{.code = code, .detail = {}, .file = {}, .facts = std::move(facts)});
    };
    const auto header = text(Errc::Header, HeaderColumns{{"src_ip", "dst_ip"}, {"a", "b\x1b"}, true});
    QVERIFY2(header.startsWith("There is no column named src_ip, dst_ip. "), qPrintable(header));
    QVERIFY2(header.endsWith(" Found: a, b\\x1b, ...."), qPrintable(header));
    QVERIFY(!text(Errc::Header, HeaderColumns{{"src_ip"}, {}, false}).contains("Found"));
    QVERIFY(text(Errc::MemoryLimit, MemoryTakers{12, 34}).contains("(12 addresses, 34 open flows so far)"));
    QVERIFY(text(Errc::NotRegular, FileKind::Pipe).contains("is a pipe;"));
    QVERIFY(text(Errc::Option, OptionId::FlowsPerChunk).contains("Flows per file"));
}

void FilterTextTest::hostileTextIsCutAndMadeVisible()
{
    QCOMPARE(shownText("<img src=x onerror=1>"),
             QStringLiteral("<img src=x onerror=1>")); // shown, as plain text
    QCOMPARE(shownText("a\x1b[1m\n"), QStringLiteral("a\\x1b[1m\\x0a"));
    QCOMPARE(shownText(std::string(10'000, 'x')).size(), 200);
    QCOMPARE(shownText(std::string_view("\0", 1)), QStringLiteral("\\x00"));
}

QTEST_APPLESS_MAIN(FilterTextTest)
#include "filter_text_test.moc"
