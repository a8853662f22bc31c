// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_completion.h"
#include "core/filter/filter_parser.h"

#include <QTest>
#include <algorithm>
#include <string>

using namespace packetloom;

/// What may stand where somebody writes.
class FilterCompletionTest : public QObject
{
    Q_OBJECT

private slots:
    void offers_data();
    void offers();
    void replacesTheWordAtTheCursor();
    void whatItOffersIsUnderstood();
};

namespace {

std::vector<std::string> someAddresses(std::string_view front, std::size_t most)
{
    std::vector<std::string> found;
    for (const std::string address : {"10.0.0.1", "10.0.0.2", "192.168.0.1", "no address"}) {
        if (address.starts_with(front) && found.size() < most)
            found.push_back(address);
    }
    return found;
}

/// The cursor is where the bar stands.
FilterCompletion completed(std::string text, FilterSubject subject)
{
    const auto cursor = text.find('|');
    text.erase(cursor, 1);
    return completeFilter(text, cursor, subject, someAddresses);
}

} // namespace

void FilterCompletionTest::offers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("has");   // all of these words
    QTest::addColumn<QByteArray>("lacks"); // none of these
    QTest::addColumn<bool>("packets");
    const auto row = [](const char* text, const char* has, const char* lacks, bool packets = true) {
        QTest::addRow("%s %s", packets ? "packets" : "flows", text)
            << QByteArray(text) << QByteArray(has) << QByteArray(lacks) << packets;
    };
    row("|", "src dst port proto flags len bytes not flow(", "tcp.port graceful and ip.src");
    row("|", "src bytes state not", "flags len seq flow(", false);
    row("po|", "port", "src tcp.port");
    row("tcp.p|", "tcp.port", "port tcp.srcport udp.port");
    row("tcp.|", "tcp.port tcp.srcport tcp.flags.syn tcp.seq_raw", "ip.src");
    row("tcp.|", "tcp.port tcp.srcport", "tcp.flags.syn", false);
    row("gr|", "graceful gre", "graceless");
    row("htt|", "http https", "tcp");
    row("port |", "== != < <= > >=", "contains & and");
    row("src |", "== != contains", "< &");
    row("flags |", "== != &", "< contains");
    row("flags.syn |", "== != and or", "< contains");
    row("port not |", "", "== and");
    row("proto == |", "tcp udp icmp", "and src");
    row("proto == t|", "tcp", "udp");
    row("state == |", "established aborted", "graceful");
    row("close in {graceful a|", "abortive", "graceful");
    row("reason == rst|", "rst_during_handshake", "");
    row("flags == S|", "SYN SYN+ACK", "ACK");
    row("flags.syn == |", "0 1", "src");
    row("src == 10|", "10.0.0.1 10.0.0.2", "192.168.0.1");
    row("192|", "192.168.0.1", "10.0.0.1");
    row("port == |", "", "src and");
    row("port == 80 |", "and or", ") src");
    row("(port == 80 |", "and or )", "src");
    row("port == 80 a|", "and addr", "or");
    row("port == 80 and |", "src not", "and");
    row("flow(|", "src bytes", "len flags");
    row("flow(bytes > 5) and |", "len flags", "");
    row("not |", "src not", "and");
    row("src == 'a|", "", "src and");
    row("10.0.0.1 |", "and or", "==");
}

void FilterCompletionTest::offers()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, has);
    QFETCH(QByteArray, lacks);
    QFETCH(bool, packets);
    const auto found =
        completed(text.toStdString(), packets ? FilterSubject::Packets : FilterSubject::Flows).candidates;
    const auto offered = [&](const QByteArray& word) {
        return std::any_of(found.begin(), found.end(),
                           [&](const FilterCandidate& each) { return each.text == word.toStdString(); });
    };
    for (const auto& word : has.split(' '))
        QVERIFY2(word.isEmpty() || offered(word), word.constData());
    for (const auto& word : lacks.split(' '))
        QVERIFY2(word.isEmpty() || !offered(word), word.constData());
}

void FilterCompletionTest::replacesTheWordAtTheCursor()
{
    const auto inside = completed("src == 10.0.0.1 and po|rt == 80", FilterSubject::Packets);
    QCOMPARE(inside.position, std::size_t{20});
    QCOMPARE(inside.length, std::size_t{4});
    const auto behind = completed("src == |", FilterSubject::Packets);
    QCOMPARE(behind.position, std::size_t{7});
    QCOMPARE(behind.length, std::size_t{0});
    QVERIFY(completed("duration|", FilterSubject::Flows).candidates.empty()); // it stands there
    QVERIFY(!completed("|", FilterSubject::Flows).candidates.empty());
}

// A field with the operator and the value that are offered for it is a filter.
void FilterCompletionTest::whatItOffersIsUnderstood()
{
    for (const auto subject : {FilterSubject::Flows, FilterSubject::Packets}) {
        for (const auto& field : completeFilter("", 0, subject).candidates) {
            if (field.kind != FilterCandidate::Kind::Field)
                continue;
            const auto asked = field.text + ' ';
            for (const auto& sign : completeFilter(asked, asked.size(), subject).candidates) {
                if (sign.kind != FilterCandidate::Kind::Operator)
                    continue;
                const auto compared = asked + sign.text + ' ';
                const auto values =
                    completeFilter(compared, compared.size(), subject, someAddresses).candidates;
                for (const auto& value : values) {
                    if (value.kind != FilterCandidate::Kind::Value)
                        continue;
                    const auto text = compared + value.text + (sign.text.ends_with('{') ? "}" : "");
                    const auto parsed = parseFilter(text, subject);
                    QVERIFY2(std::holds_alternative<std::optional<FilterExpression>>(parsed), text.c_str());
                }
            }
        }
    }
}

QTEST_APPLESS_MAIN(FilterCompletionTest)
#include "filter_completion_test.moc"
