// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"
#include "core/input/address_resolver.h"
#include "core/input/csv/csv_sniffer.h"
#include "core/input/input_format.h"
#include "core/input/inspect.h"
#include "tests/support/test_folder.h"

#include <QStringList>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Tables of other programs are read to the same packets as the reference's CSV with the same content.
class TableTest : public QObject
{
    Q_OBJECT

private slots:
    void dialectsAreRead_data();
    void dialectsAreRead();
    void whatIsSaidCounts();
    void theReferenceIsNotReinterpreted();
    void unknownColumnsAreAnError_data();
    void unknownColumnsAreAnError();
    void theSuggestionFits();
    void problemsAreSeen_data();
    void problemsAreSeen();
    void nothingIsDoubtfulOfAGoodOne();
    void togetherTheyMayNotFit();
    void mapsMayNotFit();
};

namespace {

/// Every packet as a line; a rejected row as its reason.
QStringList packetsOf(const InputSpec& spec, std::size_t blockSize)
{
    auto opened = openInput(spec, blockSize);
    if (!opened)
        return {QStringLiteral("error %1 ").arg(int(opened.error().code)) +
                QString::fromStdString(opened.error().detail)};
    TaskPool pool(2);
    SourceContext context(pool);
    AddressTable table;
    const IpMap noMap;
    AddressDecoder decoder(noMap, nullptr, table);
    AddressResolver resolver(decoder, FilterEnds::Either);
    const auto source = (*opened)->packets({}, context);
    const auto address = [&](AddressId id) {
        const auto text = table.text(id);
        return QString::fromLatin1(text.data(), qsizetype(text.size()));
    };
    QStringList lines;
    for (;;) {
        auto batch = source->next();
        if (!batch || !*batch)
            return lines;
        resolver.resolve(**batch);
        for (const auto& p : (*batch)->packets)
            lines << QStringLiteral("%1 %2:%3 %4:%5 %6 %7 %8 %9 ")
                             .arg(p.timestamp)
                             .arg(address(p.source))
                             .arg(p.sourcePort)
                             .arg(address(p.destination))
                             .arg(p.destinationPort)
                             .arg(p.flags.bits)
                             .arg(p.sequence)
                             .arg(p.acknowledgment)
                             .arg(p.length) +
                         QString::number(p.hasProtocol ? p.protocol : -1);
        for (const auto& reject : (*batch)->rejects) {
            const auto key = rejectReasonKey(reject.reason);
            lines << QString::fromLatin1(key.data(), qsizetype(key.size()));
        }
    }
}

const std::string referenceHeader =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";
const QStringList handshake{QStringLiteral("1257254615123456 10.0.0.1:51234 10.0.0.2:443 2 7 0 74 6"),
                            QStringLiteral("1257254615223456 10.0.0.2:443 10.0.0.1:51234 18 9 8 74 6")};

QStringList codesOf(const CaptureFacts& facts)
{
    QStringList codes;
    for (const auto& problem : facts.problems)
        codes << QString::fromStdString(std::string(problemKey(problem.code)));
    return codes;
}

std::string rows(int count, const std::string& a, const std::string& b)
{
    std::string text;
    for (int i = 0; i < count; ++i)
        text += i % 2 == 0 ? a : b;
    return text;
}

} // namespace

void TableTest::dialectsAreRead_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("packets");
    const auto row = [](const char* name, const std::string& text, const QStringList& packets = handshake) {
        QTest::newRow(name) << text << packets;
    };
    row("the reference", referenceHeader + "1257254615123456,10.0.0.1,10.0.0.2,51234,443,2,7,0,74,6\n"
                                           "1257254615223456,10.0.0.2,10.0.0.1,443,51234,18,9,8,74,6\n");
    row("tshark with tabs",
        "frame.time_epoch\tip.src\tipv6.src\tip.dst\tipv6.dst\ttcp.srcport\tudp.srcport\ttcp.dstport\tudp."
        "dstport\t"
        "tcp.flags\ttcp.seq\ttcp.seq_raw\ttcp.ack_raw\tframe.len\tip.proto\n"
        "1257254615.123456000\t10.0.0.1\t\t10.0.0.2\t\t51234\t\t443\t\t0x0002\t0\t7\t0\t74\t6\n"
        "1257254615.223456789\t10.0.0.2\t\t10.0.0.1\t\t443\t\t51234\t\t0x0012\t0\t9\t8\t74\t6\n"
        "1257254616\t\t2001:db8::1\t\t2001:db8::2\t\t53\t\t999\t\t\t\t\t90\t\n",
        handshake +
            QStringList{QStringLiteral("1257254616000000 2001:db8::1:53 2001:db8::2:999 0 0 0 90 17")});
    row("tshark with quotes",
        "\"_ws.col.Time\",\"_ws.col.Source\",\"_ws.col.Destination\",\"tcp.srcport\",\"tcp.dstport\",\"tcp."
        "flags.str\","
        "\"tcp.seq_raw\",\"tcp.ack_raw\",\"frame.len\"\n"
        "\"2009-11-03 "
        "13:23:35.123456\",\"10.0.0.1\",\"10.0.0.2\",\"51234\",\"443\",\"*******...S.\",\"7\",\"0\",\"74\"\n"
        "\"2009-11-03 "
        "13:23:35.223456\",\"10.0.0.2\",\"10.0.0.1\",\"443\",\"51234\",\"*******A**S*\",\"9\",\"8\","
        "\"74\"\n");
    row("semicolons, plain names, ISO",
        "Time;Source IP;Destination IP;sport;dport;Flags;Seq;Ack;Len;Proto\r\n"
        "2009-11-03T13:23:35.123456Z;10.0.0.1;10.0.0.2;51234;443;S;7;0;74;TCP\r\n"
        "2009-11-03T14:23:35.223456+01:00;10.0.0.2;10.0.0.1;443;51234;S.;9;8;74;tcp\r\n");
    row("pipes, milliseconds with decimals",
        "ts|saddr|daddr|sport|dport|flags|seq|ack|bytes|proto\n"
        "1257254615123.456|10.0.0.1|10.0.0.2|51234|443|SYN|7|0|74|6\n"
        "1257254615223.456|10.0.0.2|10.0.0.1|443|51234|SYN+ACK|9|8|74|6\n");
    row("apostrophes", "'ts','src','dst','sport','dport','flags','seq','ack','len','proto'\n"
                       "'1257254615123456789','10.0.0.1','10.0.0.2','51234','443','2','7','0','74','6'\n"
                       "'1257254615223456789','10.0.0.2','10.0.0.1','443','51234','0x12','9','8','74','6'\n");
    row("Wireshark's long form",
        "frame.time,ip.src,ip.dst,tcp.srcport,tcp.dstport,tcp.flags,tcp.seq,tcp.ack,frame.len,ip.proto\n"
        "\"Nov  3, 2009 14:23:35.123456789 CET\",10.0.0.1,10.0.0.2,51234,443,0x002,7,0,74,6\n"
        "\"Nov  3, 2009 14:23:35.223456789 CET\",10.0.0.2,10.0.0.1,443,51234,0x012,9,8,74,6\n");
    row("Wireshark's export with absolute times",
        "\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n"
        "\"1\",\"1257254615.123456\",\"10.0.0.1\",\"10.0.0.2\",\"TCP\",\"74\",\"51234 \xe2\x86\x92 443 [SYN] "
        "Seq=7 "
        "Win=64240 Len=0\"\n"
        "\"2\",\"1257254615.223456\",\"10.0.0.2\",\"10.0.0.1\",\"TCP\",\"74\",\"443 \xe2\x86\x92 51234 [SYN, "
        "ACK] Seq=9 "
        "Ack=8 Len=0\"\n");
    row("several values in a cell",
        "frame.time_epoch\tip.src\tip.dst\ttcp.srcport\ttcp.dstport\ttcp.flags\ttcp.seq\ttcp.ack\tframe."
        "len\tip.proto\n"
        "1257254615.123456\t9.9.9.9,10.0.0.1\t8.8.8.8,10.0.0.2\t51234\t443\t0x0002\t7\t0\t74\t4,6\n"
        "1257254615.223456\t8.8.8.8,10.0.0.2\t9.9.9.9,10.0.0.1\t443\t51234\t0x0012\t9\t8\t74\t4,6\n");
}

void TableTest::dialectsAreRead()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, packets);
    const TestFolder folder;
    const auto file = folder.write("in", text);
    for (const std::size_t blockSize : {1u, 50u, 4096u})
        QCOMPARE(packetsOf({.file = file}, blockSize), packets);
}

void TableTest::whatIsSaidCounts()
{
    const TestFolder folder;
    const auto bare = folder.write("bare", "1257254615123456|a|10.0.0.1|10.0.0.2|51234|443|2|7|0|74|6\n"
                                           "1257254615223456|b|10.0.0.2|10.0.0.1|443|51234|18|9|8|74|6\n");
    const std::string numbers =
        "timestamp=1,src_ip=3,dst_ip=4,src_port=5,dst_port=6,flags=7,seq_num=8,ack_num=9,"
        "length=10,protocol=11";
    QCOMPARE(packetsOf({.file = bare, .columns = numbers, .noHeader = true}, 64), handshake);
    QCOMPARE(packetsOf({.file = bare, .columns = numbers}, 64),
             handshake); // and it is seen that there is none
    QCOMPARE(packetsOf({.file = bare, .columns = numbers, .delimiter = Delimiter::Comma}, 64),
             QStringList{QStringLiteral("error %1 3").arg(int(Errc::ColumnMapping))});

    const auto seconds = folder.write("seconds", "timestamp,src_ip,dst_ip\n1257254615,a,b\n");
    QCOMPARE(packetsOf({.file = seconds, .timeUnit = TimeUnit::Seconds}, 64),
             QStringList{QStringLiteral("1257254615000000 a:0 b:0 0 0 0 0 -1")});
    const auto relative = folder.write("relative", "Time,Source,Destination\n0.5,a,b\n");
    QCOMPARE(packetsOf({.file = relative, .timeBase = 1257254615000000}, 64),
             QStringList{QStringLiteral("1257254615500000 a:0 b:0 0 0 0 0 -1")});
    const auto tunnel =
        folder.write("tunnel", "ts\tsrc\tdst\n1257254615\t1.1.1.1,2.2.2.2\t3.3.3.3,4.4.4.4\n");
    QCOMPARE(packetsOf({.file = tunnel, .tunnels = Tunnels::Outer}, 64),
             QStringList{QStringLiteral("1257254615000000 1.1.1.1:0 3.3.3.3:0 0 0 0 0 -1")});
    const auto named = folder.write("named", "when,x,y\n1257254615,a,b\n");
    QCOMPARE(packetsOf({.file = named, .columns = "timestamp=when,src_ip=x,dst_ip=y"}, 64),
             QStringList{QStringLiteral("1257254615000000 a:0 b:0 0 0 0 0 -1")});
    for (const std::string wrong :
         {"when", "time=when", "timestamp=", "timestamp=nowhere", "timestamp=4", "timestamp=0"}) {
        const auto opened = openInput({.file = named, .columns = wrong}, 64);
        QVERIFY(!opened);
        QVERIFY(opened.error().code == Errc::ColumnMapping);
        QVERIFY(opened.error().file == named);
        QVERIFY(wrong.ends_with(opened.error().detail));
    }
}

void TableTest::theReferenceIsNotReinterpreted()
{
    const TestFolder folder;
    const auto file = folder.write("in", "timestamp,src_ip,dst_ip,flags,ip.src\n1257254615,a,b,0x0002,c\n"
                                         "2009-11-03,a,b,2,c\n");
    QCOMPARE(packetsOf({.file = file}, 64), (QStringList{QStringLiteral("1257254615 a:0 b:0 0 0 0 0 -1"),
                                                         QStringLiteral("timestamp_unreadable")}));
}

void TableTest::unknownColumnsAreAnError_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("suggestion");
    QTest::newRow("no header") << std::string("1257254615.1;10.0.0.1;10.0.0.2;1;80\n")
                               << std::string("timestamp=1,src_ip=2,dst_ip=3,src_port=4,dst_port=5");
    QTest::newRow("unknown names") << std::string("when,a,b\n1257254615,10.0.0.1,10.0.0.2\n")
                                   << std::string("timestamp=when,src_ip=a,dst_ip=b");
    QTest::newRow("one address") << std::string("ts,src,x\n1257254615,10.0.0.1,here\n") << std::string();
    QTest::newRow("no table") << std::string("Dear reader,\nthis is a letter.\n") << std::string();
}

void TableTest::unknownColumnsAreAnError()
{
    QFETCH(std::string, text);
    QFETCH(std::string, suggestion);
    const TestFolder folder;
    const auto file = folder.write("in", text);
    const auto opened = openInput({.file = file}, 64);
    QVERIFY(!opened);
    QCOMPARE(int(opened.error().code), int(Errc::Header));
    QCOMPARE(opened.error().detail, suggestion);
    const auto facts = inspectCapture({.file = file});
    QVERIFY(facts);
    QVERIFY(facts->blocked());
    QCOMPARE(facts->problems.front().suggestion, suggestion);
    QVERIFY(!facts->problems.front().columns.empty());
}

void TableTest::theSuggestionFits()
{
    const TestFolder folder;
    const auto file = folder.write("in", "1257254615.5|10.0.0.1|10.0.0.2|1|80\n");
    const auto facts = inspectCapture({.file = file});
    QVERIFY(facts);
    QCOMPARE(packetsOf({.file = file, .columns = facts->problems.front().suggestion}, 64),
             QStringList{QStringLiteral("1257254615500000 10.0.0.1:1 10.0.0.2:80 0 0 0 0 -1")});
}

void TableTest::problemsAreSeen_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("code");
    QTest::addColumn<TimeUnit>("better");
    const auto row = [](const char* name, const std::string& text, const char* code,
                        TimeUnit better = TimeUnit::Sniffed) {
        QTest::newRow(name) << text << QString::fromLatin1(code) << better;
    };
    const std::string plain = "timestamp,src_ip,dst_ip,flags,protocol\n";
    row("seconds", plain + "1257254615,a,b,2,6\n", "time_range", TimeUnit::Seconds);
    row("milliseconds", plain + "1257254615123,a,b,2,6\n", "time_range", TimeUnit::Milliseconds);
    row("nanoseconds", plain + "1257254615123456789,a,b,2,6\n", "time_range", TimeUnit::Nanoseconds);
    row("dates", plain + "2009-11-03T13:23:35Z,a,b,2,6\n", "time_unreadable", TimeUnit::Text);
    row("a year in the future", plain + "5257254615123456,a,b,2,6\n", "time_range");
    row("no times at all", plain + "soon,a,b,2,6\n", "time_unreadable");
    row("hexadecimal flags", plain + "1257254615123456,a,b,0x0002,6\n", "flags_unreadable");
    row("thirteen bits", plain + "1257254615123456,a,b,4096,6\n", "flags_range");
    row("no protocol", "timestamp,src_ip,dst_ip\n1257254615123456,a,b\n", "no_protocol");
    row("rows of another width", plain + "1257254615123456,a,b,2,6,7\n1257254615123456,a,b,2,6,7\n",
        "all_rejected");
    row("relative times", "Time,Source,Destination,Protocol\n0.000001,a,b,TCP\n", "time_relative");
    row("no zone", "Time,Source,Destination,Protocol\n2009-11-03 13:23:35,a,b,TCP\n", "time_zone");
    row("a higher layer",
        "No.,Time,Source,Destination,Protocol,Length,Info\n1,1257254615.0,a,b,HTTP,80,GET / HTTP/1.1\n",
        "no_ports");
    row("a time by its looks", "when,Source,Destination,Protocol\n1257254615.0,a,b,TCP\n", "time_column");
    row("backward", plain + rows(40, "1257254615123456,a,b,2,6\n", "1257254611123456,b,a,2,6\n"),
        "time_backward");
    row("the earliest time that there is",
        plain + rows(40, "-9223372036854775808,a,b,2,6\n", "-9223372036854775808,b,a,2,6\n"), "time_range");
    row("one side", plain + rows(40, "1257254615123456,a,b,2,6\n", "1257254615123456,a,c,2,6\n"),
        "one_sided");
}

void TableTest::problemsAreSeen()
{
    QFETCH(std::string, text);
    QFETCH(QString, code);
    QFETCH(TimeUnit, better);
    const TestFolder folder;
    const auto facts = inspectCapture({.file = folder.write("in", text)});
    QVERIFY(facts);
    QCOMPARE(codesOf(*facts), QStringList{code});
    QCOMPARE(int(facts->problems.front().better), int(better));
    QVERIFY(!facts->blocked());
}

void TableTest::nothingIsDoubtfulOfAGoodOne()
{
    const TestFolder folder;
    const auto file = folder.write(
        "in", referenceHeader + rows(60, "1257254615123456,10.0.0.1,10.0.0.2,51234,443,2,7,0,74,6\n",
                                     "1257254615223456,10.0.0.2,10.0.0.1,443,51234,18,9,8,74,6\n"));
    const auto facts = inspectCapture({.file = file});
    QVERIFY(facts);
    QCOMPARE(codesOf(*facts), QStringList());
    // What somebody said is not doubted.
    const auto old = folder.write("old", "timestamp,src_ip,dst_ip,protocol\n1257254615,a,b,6\n");
    const auto said = inspectCapture({.file = old, .timeUnit = TimeUnit::Microseconds});
    QVERIFY(said);
    QCOMPARE(codesOf(*said), QStringList());
}

void TableTest::togetherTheyMayNotFit()
{
    const TestFolder folder;
    const auto micro = folder.write("micro", "timestamp,src_ip,dst_ip,protocol\n1257254615123456,a,b,6\n");
    const auto seconds = folder.write("seconds", "ts,src,dst,proto\n1257254615,a,b,6\n");
    const auto first = inspectCapture({.file = micro}), second = inspectCapture({.file = seconds});
    QVERIFY(first && second);
    const std::vector<InspectedInput> inputs{{micro, &*first},
                                             {seconds, &*second},
                                             {folder.path() / "." / "micro", &*first},
                                             {"missing", nullptr}};
    const auto problems = problemsBetween(inputs);
    QCOMPARE(problems.size(), inputs.size());
    QVERIFY(problems[0].empty() && problems[3].empty());
    QCOMPARE(problems[1].size(), std::size_t{1});
    QVERIFY(problems[1][0].code == ProblemCode::OtherUnit && problems[1][0].file == micro);
    QCOMPARE(problems[2].size(), std::size_t{1});
    QVERIFY(problems[2][0].code == ProblemCode::SameFile && problems[2][0].file == micro);
}

void TableTest::mapsMayNotFit()
{
    const TestFolder folder;
    const auto facts = inspectCapture(
        {.file = folder.write("in", "timestamp,src_ip,dst_ip,protocol\n1257254615123456,7,008,6\n")});
    QVERIFY(facts);
    QCOMPARE(facts->sampleIds, (std::vector<std::string>{"7", "8"}));
    const auto code = [&](const char* json) {
        const auto map = IpMap::parse(json);
        const auto problems = mapProblems(*facts, &*map);
        return problems.empty() ? QString()
                                : QString::fromStdString(std::string(problemKey(problems.front().code)));
    };
    QCOMPARE(code(R"({"10.0.0.7": 7, "10.0.0.8": 8})"), QString());
    QCOMPARE(code(R"({"10.0.0.7": 7})"), QStringLiteral("map_lacks_some"));
    QCOMPARE(code(R"({"10.0.0.1": 1})"), QStringLiteral("map_matches_none"));
    QVERIFY(mapProblems(*facts, nullptr).front().code == ProblemCode::NoMap);
}

QTEST_APPLESS_MAIN(TableTest)
#include "table_test.moc"
