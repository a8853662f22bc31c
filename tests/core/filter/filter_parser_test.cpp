// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_parser.h"

#include <QTest>
#include <limits>
#include <memory>

using namespace packetloom;

class FilterParserTest : public QObject
{
    Q_OBJECT

private slots:
    void understands_data();
    void understands();
    void understandsPackets_data();
    void understandsPackets();
    void patternsAreRegularExpressions();
    void tellsWhoIsAsked();
    void values_data();
    void values();
    void problems_data();
    void problems();
    void depthIsBounded();
    void everyNameIsOfAField();
};

namespace {

std::string number(std::int64_t value)
{
    return value == std::numeric_limits<std::int64_t>::min()   ? "-"
           : value == std::numeric_limits<std::int64_t>::max() ? "+"
                                                               : std::to_string(value);
}

/// As one line: "(all (port 80) (not (src '10.0.0.1')))".
std::string shown(const FilterExpression& e)
{
    using Kind = FilterExpression::Kind;
    std::string text = "(";
    switch (e.kind) {
    case Kind::All:
        text += "all";
        break;
    case Kind::Any:
        text += "any";
        break;
    case Kind::None:
        text += "not";
        break;
    case Kind::Equal:
        text += nameOf(e.field);
        break;
    case Kind::Contains:
        text += std::string(nameOf(e.field)) + " has";
        break;
    case Kind::Begins:
        text += std::string(nameOf(e.field)) + " begins";
        break;
    case Kind::OfFlow:
        text += "flow";
        break;
    case Kind::Matches:
        text += std::string(nameOf(e.field)) + " matches";
        break;
    case Kind::Bits:
        text += std::string(nameOf(e.field)) + " bits";
        break;
    case Kind::Present:
        text += "has " + std::string(nameOf(e.field));
        break;
    case Kind::Says:
        text += "says";
        break;
    }
    if (e.family != AddressFamily::Any)
        text += e.family == AddressFamily::Ip4 ? " 4" : " 6";
    for (const auto& value : e.values) {
        if (value.network)
            text += " net " + value.text;
        else if (!value.text.empty())
            text += " '" + value.text + '\'';
        else
            text += ' ' + number(value.least) +
                    (value.least == value.most ? std::string() : ".." + number(value.most));
    }
    for (const auto& part : e.parts)
        text += ' ' + shown(part);
    return text + ')';
}

std::string understood(std::string_view text, FilterSubject subject = FilterSubject::Flows)
{
    const auto parsed = parseFilter(text, subject);
    if (const auto* const problem = std::get_if<FilterProblem>(&parsed))
        return "problem " + std::to_string(static_cast<int>(problem->fault));
    const auto& expression = std::get<0>(parsed);
    return expression ? shown(*expression) : "nothing";
}

} // namespace

void FilterParserTest::understands_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << std::string(text) << std::string(expected);
    };
    row(" \t", "nothing");
    row("port == 80", "(port 80)");
    row("tcp.port eq 80", "(all (proto 'tcp') (port 80))");
    row("port = 80", "(port 80)");
    row("port != 80", "(not (port 80))");
    row("port ne 80", "(not (port 80))");
    row("bytes > 10", "(bytes 11..+)");
    row("bytes >= 10", "(bytes 10..+)");
    row("bytes < 10", "(bytes -..9)");
    row("bytes le 10", "(bytes -..10)");
    row("bytes<10", "(bytes -..9)");
    row("port in {80 443 8000..8100}", "(port 80 443 8000..8100)");
    row("port in {80,443}", "(port 80 443)");
    row("port not in {80}", "(not (port 80))");
    row("src == 10.0.0.1 and dst == 10.0.0.0/8", "(all (src '10.0.0.1') (dst net 10.0.0.0/8))");
    row("ipv6.addr == 2001:db8::1", "(addr 6 '2001:db8::1')");
    row("addr contains \"db8:\"", "(addr has 'db8:')");
    row("service == http or close == 'graceful'", "(any (service 'http') (close 'graceful'))");
    row("a or b and c", "(any (says 'a') (all (says 'b') (says 'c')))");
    row("(a or b) and c", "(all (any (says 'a') (says 'b')) (says 'c'))");
    row("a || b && !c", "(any (says 'a') (all (says 'b') (not (says 'c'))))");
    row("not not a", "(not (not (says 'a')))");
    row("!(a b)", "(not (all (says 'a') (says 'b')))");
    row("timeout", "(timeout 1)");
    row("timeout == 0", "(timeout 0)");
    row("not flow.timeout", "(not (timeout 1))");
    // Words that stand for themselves.
    row("10.0.0.1", "(addr '10.0.0.1')");
    row("10.0.0.0/8", "(addr net 10.0.0.0/8)");
    row("172.28.3.", "(addr begins '172.28.3.')");
    row("2001:db8::1", "(addr '2001:db8::1')");
    row(":443", "(port 443)");
    row(":8000..8100", "(port 8000..8100)");
    row("10.0.0.1:443", "(any (all (src '10.0.0.1') (sport 443)) (all (dst '10.0.0.1') (dport 443)))");
    row("[2001:db8::1]:443",
        "(any (all (src '2001:db8::1') (sport 443)) (all (dst '2001:db8::1') (dport 443)))");
    row("2001:db8:80::2", "(addr '2001:db8:80::2')");
    row("flow_000123", "(number 123)");
    row("Flow_7", "(number 7)");
    row("graceful", "(close 'graceful')");
    row("Invalid", "(any (state 'invalid') (close 'invalid'))");
    row("tcp", "(proto 'tcp')");
    row("https", "(service 'https')");
    row("10.0", "(says '10.0')");
    row("'a \\'b\\' \\\\'", "(says 'a 'b' \\')");
    row("10.0.0.1 graceful", "(all (addr '10.0.0.1') (close 'graceful'))");
    row("bytes < -5", "(bytes -..-6)");
}

void FilterParserTest::understands()
{
    QFETCH(std::string, text);
    QTEST(understood(text), "expected");
}

void FilterParserTest::understandsPackets_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << std::string(text) << std::string(expected);
    };
    row("len > 1500", "(len 1501..+)");
    row("frame.len > 1500", "(len 1501..+)");
    row("tcp.flags.syn == 1 && tcp.flags.ack == 0",
        "(all (all (proto 'tcp') (flags.syn 1)) (all (proto 'tcp') (flags.ack 0)))");
    row("flags.syn", "(all (proto 'tcp') (flags.syn 1))");
    row("!tcp.flags.reset", "(not (all (proto 'tcp') (flags.rst 1)))");
    row("flags == SYN+ACK", "(all (proto 'tcp') (flags 18))");
    row("tcp.flags == 0x012", "(all (proto 'tcp') (flags 18))");
    row("flags == none", "(all (proto 'tcp') (flags 0))");
    row("flags in {syn rst+ack}", "(all (proto 'tcp') (flags 2 20))");
    row("tcp.flags & 0x06", "(all (proto 'tcp') (flags bits 6))");
    row("flags & fin", "(all (proto 'tcp') (flags bits 1))");
    row("seq == 5", "(all (proto 'tcp') (seq 5))");
    row("tcp.ack != 5", "(all (proto 'tcp') (not (ack 5)))");
    row("tcp.port != 80", "(all (proto 'tcp') (not (port 80)))");
    row("not tcp.port == 80", "(not (all (proto 'tcp') (port 80)))");
    row("udp.port in {53 5353}", "(all (proto 'udp') (port 53 5353))");
    row("ip.src == 10.0.0.1", "(src 4 '10.0.0.1')");
    row("ip.src != 10.0.0.1", "(all (has src 4) (not (src 4 '10.0.0.1')))");
    row("ipv6.addr == 2001:db8::/32", "(addr 6 net 2001:db8::/32)");
    row("ip.proto == 6", "(all (has src 4) (proto 'tcp'))");
    row("proto == 6", "(proto 'tcp')");
    row("proto == 0x11", "(proto 'udp')");
    row("proto == 99", "(proto '99')");
    row("proto in {1..5 ICMPv6}", "(proto 1..5 'icmp6')");
    row("proto < 17", "(proto -..16)");
    row("icmpv6", "(proto 'icmp6')");
    row("ip", "(has addr 4)");
    row("not ipv6", "(not (has addr 6))");
    row("time >= 2009-11-03", "(time 1257206400000000..+)");
    row("frame.time_epoch < 1257206400.5", "(time -..1257206400499999)");
    row("time == 1257206400500000us", "(time 1257206400500000)");
    row("time >= -9223372036854775808us", "(time -..+)");
    row("close == graceful", "(close 'graceful')");
    row("close != graceful", "(all (has number) (not (close 'graceful')))");
    row("initiator == 10.0.0.1", "(initiator '10.0.0.1')");
    row("flow(src == 10.0.0.1 and close != open)", "(flow (all (src '10.0.0.1') (not (close 'open'))))");
    row("not flow (bytes > 5) or len < 9", "(any (not (flow (bytes 6..+))) (len -..8))");
    row("flow == 5", "(number 5)");
    row("time", "(service 'time')");
}

void FilterParserTest::understandsPackets()
{
    QFETCH(std::string, text);
    QTEST(understood(text, FilterSubject::Packets), "expected");
}

// One backslash or two, as Wireshark wants them; of what stands without quotes every one counts.
void FilterParserTest::patternsAreRegularExpressions()
{
    if (!TextPattern::isBuiltIn()) {
        const auto parsed = parseFilter("src matches x");
        QVERIFY(std::get<FilterProblem>(parsed).fault == FilterFault::NoPatterns);
        return;
    }
    QCOMPARE(understood("src matches \"^10\\.0\\.\""), std::string("(src matches '^10\\.0\\.')"));
    QCOMPARE(understood("src ~ \"^10\\\\.0\\\\.\""), std::string("(src matches '^10\\.0\\.')"));
    QCOMPARE(understood("src matches \"a\\\"b\""), std::string("(src matches 'a\"b')"));
    const auto wrong = parseFilter("src matches 'a(b'");
    const auto& problem = std::get<FilterProblem>(wrong);
    QVERIFY(problem.fault == FilterFault::Pattern);
    QCOMPARE(problem.position, std::size_t{12});
    QVERIFY(problem.detail.find("missing )") != std::string::npos);
    // As large a program as it may be, and one that takes others for ever.
    QVERIFY(std::get<FilterProblem>(parseFilter("src matches '((a{1000}){1000}){1000}'")).fault ==
            FilterFault::Pattern);
    const auto pattern = std::get<TextPattern>(TextPattern::compile("(a*)*b"));
    QVERIFY(!pattern.isIn(std::string(100'000, 'a')));
    QVERIFY(std::get<TextPattern>(TextPattern::compile("^FE80")).isIn("fe80::1"));
}

void FilterParserTest::tellsWhoIsAsked()
{
    const auto of = [](const char* text) {
        return **std::get_if<std::optional<FilterExpression>>(
            std::make_unique<decltype(parseFilter(text))>(parseFilter(text, FilterSubject::Packets)).get());
    };
    for (const char* const text : {"port == 80", "tcp.flags.syn", "time > 5", "10.0.0.1", "'a' or not http"})
        QVERIFY2(!asksOfFlows(of(text)), text);
    for (const char* const text : {"bytes > 5", "flow(port == 80)", "not (len > 5 and graceful)", "flow_3"})
        QVERIFY2(asksOfFlows(of(text)), text);
    QVERIFY(canAskFlows(of("port == 80 and not (bytes > 5)")));
    QVERIFY(!canAskFlows(of("port == 80 and not (len > 5)")));
}

void FilterParserTest::values_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected");
    const auto row = [](const char* text, const char* expected) {
        QTest::newRow(text) << std::string(text) << std::string(expected);
    };
    row("bytes == 0x10", "(bytes 16)");
    row("bytes == 10k", "(bytes 10000)");
    row("bytes == 1.5M", "(bytes 1500000)");
    row("bytes == 10KiB", "(bytes 10240)");
    row("bytes == 1.5KiB", "(bytes 1536)");
    row("bytes == 2GiB", "(bytes 2147483648)");
    row("bytes == -5", "(bytes -5)");
    row("duration == 5", "(duration 5000000)");
    row("duration == 5s", "(duration 5000000)");
    row("duration == 20ms", "(duration 20000)");
    row("duration == 7us", "(duration 7)");
    row("duration == 0.0000019", "(duration 1)");
    row("duration == 1.5min", "(duration 90000000)");
    row("duration == 2h", "(duration 7200000000)");
    row("duration in {1s..2s}", "(duration 1000000..2000000)");
    row("start >= '2009-11-03 13:23:35.000042'", "(start 1257254615000042..+)");
    row("start >= 2009-11-03T13:23:35Z", "(start 1257254615000000..+)");
    row("start < 2009-11-03", "(start -..1257206399999999)");
    row("frame", "(says 'frame')");
    row("end > 1257254615.25", "(end 1257254615250001..+)");
    // None of them.
    for (const auto* const wrong :
         {"bytes == x", "bytes == 1.2.3", "bytes == 5s", "bytes == 0x", "bytes == 99999999999999999999",
          "bytes == 9223372036854775807T", "duration == 5KiB", "duration == 1.", "start == soon",
          "src == 10.0.0.0/33", "timeout == 2", "port in {5..3}", "port in {a..b}"})
        QTest::newRow(wrong) << std::string(wrong) << std::string("problem 1");
}

void FilterParserTest::values()
{
    QFETCH(std::string, text);
    QTEST(understood(text), "expected");
}

void FilterParserTest::problems_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<FilterFault>("fault");
    QTest::addColumn<int>("position");
    QTest::addColumn<int>("length");
    const auto row = [](const char* text, FilterFault fault, int position, int length) {
        QTest::newRow(text) << std::string(text) << fault << position << length;
    };
    using enum FilterFault;
    row("port ==", Value, 7, 0);
    row("port == and", Value, 8, 3);
    row("port ==\x20)", Value, 8, 1);
    row("port", Operator, 0, 4);
    row("port contains 8", Operator, 5, 8);
    row("src < 10.0.0.1", Operator, 4, 1);
    row("port matches x", Operator, 5, 7);
    row("src matches", Value, 11, 0);
    row("len > 5", PacketField, 0, 3);
    row("tcp.flags.syn == 1", PacketField, 0, 13);
    row("flow(seq == 1)", PacketField, 5, 3);
    row("a and", Term, 5, 0);
    row("and a", Term, 0, 3);
    row("a or or b", Term, 5, 2);
    row("()", Term, 1, 1);
    row("a)", Rest, 1, 1);
    row("(a", Parenthesis, 0, 1);
    row("\"a", Quote, 0, 2);
    row("a and 'b", Quote, 6, 2);
    row("a # b", Character, 2, 1);
    row("a == b", Word, 0, 1);
    row("dprot in {80}", Word, 0, 5);
    row("80", BareNumber, 0, 2);
    row("tcp 80", BareNumber, 4, 2);
    row("port in 80", Brace, 8, 2);
    row("port in {}", Brace, 8, 1);
    row("port in {80", Brace, 8, 1);
    row("port not 80", Operator, 9, 2);
    row("port in {80 x}", Value, 12, 1);
    row("proto < nothing", Value, 8, 7);
    row("flow(tcp", Parenthesis, 4, 1);
}

void FilterParserTest::problems()
{
    QFETCH(std::string, text);
    const auto parsed = parseFilter(text);
    const auto* const problem = std::get_if<FilterProblem>(&parsed);
    QVERIFY(problem);
    QTEST(problem->fault, "fault");
    QTEST(static_cast<int>(problem->position), "position");
    QTEST(static_cast<int>(problem->length), "length");
}

void FilterParserTest::depthIsBounded()
{
    const auto nested = [](std::size_t depth) {
        return understood(std::string(depth, '(') + "tcp" + std::string(depth, ')'));
    };
    QCOMPARE(nested(deepestFilter - 1), std::string("(proto 'tcp')"));
    QCOMPARE(nested(deepestFilter), "problem " + std::to_string(static_cast<int>(FilterFault::Depth)));
    QCOMPARE(understood(std::string(30'000, '(')),
             "problem " + std::to_string(static_cast<int>(FilterFault::Depth)));
    QCOMPARE(understood(std::string(30'000, '!') + "tcp"),
             "problem " + std::to_string(static_cast<int>(FilterFault::Depth)));
    QCOMPARE(understood(std::string(longestFilter + 1, 'a')),
             "problem " + std::to_string(static_cast<int>(FilterFault::Length)));
}

void FilterParserTest::everyNameIsOfAField()
{
    for (const auto& name : fieldNames()) {
        QCOMPARE(fieldNamed(name.name)->field, name.field); // no name twice
        QVERIFY(fieldNamed(nameOf(name.field)));
    }
    QVERIFY(!fieldNamed("nothing"));
}

QTEST_APPLESS_MAIN(FilterParserTest)
#include "filter_parser_test.moc"
