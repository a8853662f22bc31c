// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// packetloom-cli top: what it understands, prints, and how it ends.
class CliTopTest : public QObject
{
    Q_OBJECT

private slots:
    void whatIsAskedArrives();
    void mistakesAreStatus2_data();
    void mistakesAreStatus2();
    void listsTheLargestGroups();
    void jsonHasStableKeys();
    void aFilterOfAGroupFindsItAgain();
    void aTableOfFlowsHasGroups();
    void oneWayTablesSayNothingOfAnswers();
    void packetsHaveGroupsToo();
    void nothingToGroup();
    void whatCannotBeReadIsStatus2();
};

namespace {

bool holds(const std::string& text, const char* part)
{
    return text.find(part) != std::string::npos;
}

/// Three that were answered and closed, one that was not answered.
std::string traffic()
{
    return conversations(3) + captureRow(captureStart + 5'000'000, "192.0.2.7", "10.9.0.2", 2) +
           captureRow(captureStart + 6'000'000, "192.0.2.7", "10.9.0.2", 2);
}

QJsonObject jsonOf(const QStringList& arguments)
{
    const auto run =
        runProgram(QStringList{QStringLiteral("top")} + arguments + QStringList{QStringLiteral("--json")});
    return run.status == 0 ? QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object()
                           : QJsonObject();
}

const std::string zeekHeader =
    "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\tid.orig_p\t"
    "id.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\torig_pkts\torig_ip_bytes\t"
    "resp_pkts\tresp_ip_bytes\n";

} // namespace

void CliTopTest::whatIsAskedArrives()
{
    const auto parsed = parseArguments(
        {"top",        "a.csv",    "b.csv",  "--by",          "net,dport", "--sort",  "bytes", "--limit",
         "0",          "--prefix", "16",     "--prefix6",     "48",        "--slice", "10s",   "--filter",
         "port == 80", "--ip-map", "m.json", "--max-records", "7"});
    QVERIFY2(parsed.arguments && parsed.arguments->top, parsed.output.c_str());
    const TopQuestion& top = *parsed.arguments->top;
    QCOMPARE(top.query.by, GroupKey::Subnet);
    QCOMPARE(top.query.thenBy, std::optional(GroupKey::DestinationPort));
    QCOMPARE(top.order, (GroupOrder{GroupColumn::Bytes, true}));
    QCOMPARE(top.limit, std::size_t{0});
    QCOMPARE(top.query.steps, (GroupSteps{16, 48, 10'000'000}));
    QCOMPARE(top.filter, std::string("port == 80"));
    QVERIFY(top.query.narrowing.filter);
    QCOMPARE(parsed.arguments->options.inputs.size(), std::size_t{2});
    QCOMPARE(parsed.arguments->options.maxRecords, std::int64_t{7});
    const auto byKey = parseArguments({"top", "a.csv", "--by=source", "--sort=key"});
    QVERIFY(byKey.arguments);
    QCOMPARE(byKey.arguments->top->order, (GroupOrder{GroupColumn::First, false}));
}

void CliTopTest::mistakesAreStatus2_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* words, const char* says) {
        QTest::newRow(words) << QString::fromLatin1(words).split(QLatin1Char(' '))
                             << QString::fromLatin1(says);
    };
    row("top a.csv", "--by");
    row("top --by dport", "FILE");
    row("top a.csv --by nothing", "there is no key \"nothing\", but src, dst");
    row("top a.csv --by src,", "there is no key \"\"");
    row("top a.csv --by flags", "flags are of packets");
    row("top a.csv --by src --of rows", "must be flows or packets");
    row("top a.csv --by src --of packets --sort unanswered", "have no unanswered");
    row("top a.csv --by src,src", "two different ones");
    row("top a.csv --by src,dst,port", "two different ones");
    row("top a.csv --by src --sort colour", "must be one of key, second-key, flows");
    row("top a.csv --by src --limit -1", "--limit");
    row("top a.csv --by src --prefix 33", "up to 32");
    row("top a.csv --by src --slice 0s", "length of time");
    row("top a.csv --by src --slice x", "length of time");
    row("top a.csv --by src --filter port==", "a value for port must follow, such as 443");
}

void CliTopTest::mistakesAreStatus2()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);
    std::vector<std::string> texts;
    for (const auto& word : words)
        texts.push_back(word.toStdString());
    const auto parsed = parseArguments(texts);
    QVERIFY(!parsed.arguments);
    QCOMPARE(parsed.exitStatus, 2);
    QVERIFY2(QString::fromStdString(parsed.output).contains(says), parsed.output.c_str());
}

void CliTopTest::listsTheLargestGroups()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", traffic()));
    const auto run = runProgram({"top", input, "--by", "dst"});
    QCOMPARE(run.status, 0);
    QVERIFY2(run.errors.empty(), run.errors.c_str());
    QVERIFY2(holds(run.output, "4 flows in 2 groups"), run.output.c_str());
    QVERIFY2(run.output.find("10.9.0.1") < run.output.find("10.9.0.2"), run.output.c_str());
    QVERIFY2(holds(run.output, "100.0%"), run.output.c_str());
    const auto ports = runProgram({"top", input, "--by", "dport", "--filter", "dst == 10.9.0.1"});
    QVERIFY2(holds(ports.output, "3 flows of 4 in 1 group") && holds(ports.output, "80  http"),
             ports.output.c_str());
    const auto one = runProgram({"top", input, "--by", "dst", "--limit", "1", "--sort", "unanswered"});
    QVERIFY2(holds(one.output, "4 flows in 2 groups; the first 1 by unanswered") &&
                 !holds(one.output, "10.9.0.1 "),
             one.output.c_str());
}

void CliTopTest::jsonHasStableKeys()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", traffic()));
    const auto json = jsonOf({input, "--by", "dport,dst", "--sort", "second-key"});
    QCOMPARE(json.keys(), (QStringList{"by", "counted", "filter", "groups", "inputs", "of", "problems",
                                       "seconds", "sort", "time_range", "top", "total", "warnings"}));
    QCOMPARE(json[u"by"].toArray(), (QJsonArray{"dport", "dst"}));
    QCOMPARE(json[u"sort"].toString(), QStringLiteral("second-key"));
    QCOMPARE(json[u"total"].toInt(), 4);
    const auto top = json[u"top"].toArray();
    QCOMPARE(top.size(), 2);
    const auto last = top[1].toObject();
    QCOMPARE(last.keys(),
             (QStringList{"bytes", "filter", "first_ts", "flows", "keys", "last_ts", "over_time", "packets",
                          "peers", "ports", "received_bytes", "sent_bytes", "service", "unanswered"}));
    QCOMPARE(last[u"keys"].toObject(), (QJsonObject{{"dport", 80}, {"dst", "10.9.0.2"}}));
    QCOMPARE(last[u"service"].toString(), QStringLiteral("http"));
    QCOMPARE(last[u"flows"].toInt(), 1);
    QCOMPARE(last[u"packets"].toInt(), 2);
    QCOMPARE(last[u"sent_bytes"].toInt(), 120);
    QCOMPARE(last[u"received_bytes"].toInt(), 0);
    QCOMPARE(last[u"unanswered"].toInt(), 1);
    QCOMPARE(last[u"peers"].toInt(), 1);
    QCOMPARE(last[u"first_ts"].toInteger(), captureStart + 5'000'000);
    QCOMPARE(last[u"over_time"].toArray().size(), 60);
    QCOMPARE(last[u"over_time"].toArray()[49].toInt(), 1); // after 5 of 6 seconds
    const auto none = jsonOf({input, "--by", "reason"})[u"top"].toArray();
    QVERIFY(none[0][u"keys"].toObject().value(u"reason").isNull());
    const auto pair = jsonOf({input, "--by", "pair", "--sort", "key"})[u"top"].toArray();
    QCOMPARE(pair[0][u"keys"][u"pair"].toArray().size(), 2);
}

void CliTopTest::aFilterOfAGroupFindsItAgain()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", traffic()));
    for (const char* const by : {"src", "srcnet", "pair", "close", "reason", "state", "time", "service"}) {
        for (const auto& group : jsonOf({input, "--by", by, "--slice", "1s"})[u"top"].toArray()) {
            const auto filter = group[u"filter"].toString();
            const auto again = jsonOf({input, "--by", by, "--slice", "1s", "--filter", filter});
            QCOMPARE(again[u"filter"].toString(), filter);
            QVERIFY2(again[u"counted"] == group[u"flows"] && again[u"groups"].toInt() == 1,
                     qPrintable(filter));
        }
    }
}

void CliTopTest::aTableOfFlowsHasGroups()
{
    const TestFolder folder;
    const auto input = shown(folder.write(
        "conn.log", zeekHeader + "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\tssh\t5\tSF\t10\t1000\t8\t800\n"
                                 "50\t10.0.0.3\t50000\t10.0.0.1\t443\ttcp\t-\t1.5\tS0\t2\t100\t0\t0\n"
                                 "200\t10.0.0.2\t5353\t10.0.0.1\t53\tudp\t-\t-\tSF\t1\t60\t1\t90\n"));
    const auto run = runProgram({"top", input, "--by", "proto"});
    QCOMPARE(run.status, 0);
    QVERIFY2(holds(run.output, "3 flows in 2 groups"), run.output.c_str());
    const auto top = jsonOf({input, "--by", "state", "--sort", "bytes"})[u"top"].toArray();
    QCOMPARE(top[0][u"keys"][u"state"].toString(), QStringLiteral("SF"));
    QCOMPARE(top[0][u"flows"].toInt(), 2);
    QCOMPARE(top[0][u"sent_bytes"].toInt(), 1060);
    QCOMPARE(top[0][u"received_bytes"].toInt(), 890);
    QCOMPARE(top[0][u"unanswered"].toInt(), 0);
    QCOMPARE(top[1][u"unanswered"].toInt(), 1);
}

void CliTopTest::oneWayTablesSayNothingOfAnswers()
{
    const TestFolder folder;
    const auto input = shown(folder.write(
        "conn.log", zeekHeader + "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\tssh\t5\tSF\t10\t1000\t-\t-\n"));
    const auto top = jsonOf({input, "--by", "proto"})[u"top"].toArray();
    QVERIFY(top[0][u"unanswered"].isNull());
    QVERIFY(!holds(runProgram({"top", input, "--by", "proto"}).output, "unanswered"));
}

void CliTopTest::packetsHaveGroupsToo()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", traffic()));
    const auto run = runProgram({"top", input, "--of", "packets", "--by", "flags"});
    QCOMPARE(run.status, 0);
    QVERIFY2(holds(run.output, "20 packets in 5 groups") && !holds(run.output, "unanswered"),
             run.output.c_str());
    const auto json = jsonOf({input, "--of", "packets", "--by", "flags,dst", "--filter", "flags == SYN"});
    QCOMPARE(json[u"of"].toString(), QStringLiteral("packets"));
    QCOMPARE(json[u"total"].toInt(), 20);
    QCOMPARE(json[u"counted"].toInt(), 5);
    const auto first = json[u"top"].toArray()[0].toObject();
    QCOMPARE(first[u"keys"].toObject(), (QJsonObject{{"flags", "SYN"}, {"dst", "10.9.0.1"}}));
    QCOMPARE(first[u"packets"].toInt(), 3);
    QCOMPARE(first[u"filter"].toString(),
             QStringLiteral("proto == tcp and flags == SYN and dst == 10.9.0.1"));
    QVERIFY(!first.contains(u"flows") && !first.contains(u"unanswered"));
    const TestFolder other;
    const auto table = shown(other.write("conn.log", zeekHeader));
    QCOMPARE(runProgram({"top", table, "--of", "packets", "--by", "src"}).status, 2); // it has none
}

void CliTopTest::nothingToGroup()
{
    const TestFolder folder;
    const auto run = runProgram({"top", shown(folder.write("in.csv", captureHeader())), "--by", "src"});
    QCOMPARE(run.status, 0);
    QVERIFY2(holds(run.output, "0 flows in 0 groups"), run.output.c_str());
}

void CliTopTest::whatCannotBeReadIsStatus2()
{
    const TestFolder folder;
    const auto run = runProgram({"top", shown(folder / "none.csv"), "--by", "src"});
    QCOMPARE(run.status, 2);
    QVERIFY(run.output.empty());
    QVERIFY(holds(run.errors, "none.csv"));
}

QTEST_APPLESS_MAIN(CliTopTest)
#include "cli_top_test.moc"
