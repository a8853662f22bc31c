// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/reference/reference_machine.h"

#include <QTest>
#include <limits>
#include <string>
#include <vector>

using namespace packetloom;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

/// Packets from a text: "S/100/0/0 <SA/300/101/0" is a SYN and the other side's SYN and ACK, with sequence
/// number, acknowledgment number and length. Timestamps count up.
std::vector<FlowPacket> packetsOf(const QByteArray& text)
{
    std::vector<FlowPacket> packets;
    for (const auto& word : text.split(' ')) {
        if (word.isEmpty())
            continue;
        const auto parts = word.split('/');
        FlowPacket packet;
        packet.timestamp = static_cast<std::int64_t>(packets.size());
        packet.fromHigh = word.startsWith('<');
        for (const char letter : parts[0]) {
            packet.flags.bits |= letter == 'S'   ? TcpFlags::syn
                                 : letter == 'A' ? TcpFlags::ack
                                 : letter == 'F' ? TcpFlags::fin
                                 : letter == 'R' ? TcpFlags::rst
                                 : letter == 'P' ? TcpFlags::psh
                                 : letter == 'U' ? TcpFlags::urg
                                                 : 0;
        }
        packet.sequence = parts[1].toLongLong();
        packet.acknowledgment = parts[2].toLongLong();
        packet.length = parts[3].toLongLong();
        packets.push_back(packet);
    }
    return packets;
}

QByteArray wordOf(std::string_view text)
{
    return text.empty() ? "-" : QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// What became of a flow, in a line: "closed graceful - e(0syn 1syn_ack) d() c(2fin) EDC syn0 synack1 seq1
/// invalid- listed3 bytes0"; E, D, C for establishment complete, data transfer and closing started.
QByteArray text(const FlowLife& life)
{
    const auto phase = [](const char* name, const std::vector<PhasePacket>& packets) {
        QByteArray list;
        for (const auto& [packet, role] : packets)
            list +=
                (list.isEmpty() ? "" : " ") + QByteArray::number(qulonglong{packet}) + wordOf(roleName(role));
        return name + ('(' + list + ')');
    };
    const auto number = [](const char* name, const std::optional<std::size_t>& packet) {
        return name + (packet ? QByteArray::number(qulonglong{*packet}) : QByteArray("-"));
    };
    const QByteArray started = QByteArray(life.establishmentComplete ? "E" : "") +
                               (life.dataTransferStarted ? "D" : "") + (life.closingStarted ? "C" : "");
    QByteArrayList words{wordOf(stateName(life.state)),
                         wordOf(closeTypeName(life.closeType)),
                         wordOf(invalidReasonName(life.invalidReason)),
                         phase("e", life.establishment),
                         phase("d", life.dataTransfer),
                         phase("c", life.closing),
                         started.isEmpty() ? "-" : started,
                         number("syn", life.syn),
                         number("synack", life.synAck),
                         number("seq", life.expectedSequenceFrom),
                         number("invalid", life.invalidPacket),
                         "listed" + QByteArray::number(qulonglong{life.listedPackets}),
                         "bytes" + QByteArray::fromStdString(life.totalBytes.decimal())};
    if (life.ongoing)
        words.append("ongoing");
    return words.join(' ');
}

const QByteArray handshake = "S/100/0/0 <SA/300/101/0 A/101/301/0 ";

} // namespace

class ReferenceMachineTest : public QObject
{
    Q_OBJECT

private slots:
    void lives_data();
    void lives();
    void keepsNothing();
    void next();
    void words();
};

void ReferenceMachineTest::lives_data()
{
    QTest::addColumn<QByteArray>("packets");
    QTest::addColumn<QByteArray>("life");
    const auto row = [](const char* name, const QByteArray& packets, const char* life) {
        QTest::newRow(name) << packets << QByteArray(life);
    };
    // Rule 1
    row("a SYN alone", "S/100/0/0",
        "invalid invalid incomplete_no_synack e(0syn) d() c() - syn0 synack- seq- invalid- listed1 bytes0");
    row("a later SYN does nothing", "S/100/0/0 S/500/0/0 <SA/300/101/0 A/101/301/0",
        "ongoing open - e(0syn 2syn_ack 3ack) d() c() E syn0 synack2 seq2 invalid- listed4 bytes0 ongoing");
    row("a SYN of the other side later", handshake + "<S/900/0/0",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed4 bytes0 ongoing");
    row("SYN and FIN is a SYN", "SF/100/0/0",
        "invalid invalid incomplete_no_synack e(0syn) d() c() - syn0 synack- seq- invalid- listed1 bytes0");
    row("a SYN after the FIN reopens", "FA/1/1/0 S/100/0/0 FA/101/1/0",
        "invalid invalid incomplete_no_synack e(1syn) d() c(0fin 2fin) C syn1 synack- seq- invalid- listed3 "
        "bytes0");
    // Rule 2
    row("a SYN and its answer", "S/100/0/0 <SA/300/101/0",
        "invalid invalid incomplete_no_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid- listed2 "
        "bytes0");
    row("a wrong answer ends the list", "S/100/0/5 <SA/300/102/6 A/101/301/7 A/1/1/8",
        "invalid invalid invalid_synack e(0syn) d() c() - syn0 synack- seq- invalid1 listed2 bytes26");
    row("a second answer counts", "S/100/0/0 <SA/300/101/0 <SA/400/101/0 A/101/401/0",
        "ongoing open - e(0syn 1syn_ack 2syn_ack 3ack) d() c() E syn0 synack2 seq2 invalid- listed4 bytes0 "
        "ongoing");
    row("an answer without a SYN", "<SA/300/101/0 <SA/300/101/0",
        "new - - e(0syn_ack) d() c() - syn- synack0 seq- invalid- listed2 bytes0");
    row("an answer without a SYN, an ACK", "<SA/300/101/0 A/101/301/0",
        "new - - e(0syn_ack) d() c() - syn- synack0 seq- invalid- listed2 bytes0");
    row("an answer after the handshake", handshake + "<SA/300/999/0",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed4 bytes0 ongoing");
    row("the answer first, then the SYN", "<SA/300/101/0 S/100/0/0 A/5/6/0",
        "ongoing open - e(0syn_ack 1syn 2ack) d() c() E syn1 synack0 seq- invalid- listed3 bytes0 ongoing");
    row("no wrap at 32 bits", "S/4294967295/0/0 <SA/300/0/0",
        "invalid invalid invalid_synack e(0syn) d() c() - syn0 synack- seq- invalid1 listed2 bytes0");
    row("beyond 32 bits", "S/4294967295/0/0 <SA/300/4294967296/0 A/4294967296/301/0",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed3 bytes0 ongoing");
    row("SYN, ACK and FIN is an answer", "S/100/0/0 <SAF/300/101/0",
        "invalid invalid incomplete_no_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid- listed2 "
        "bytes0");
    // Rule 3
    row("a handshake", handshake,
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed3 bytes0 ongoing");
    row("with URG, with data", "S/100/0/0 <SA/300/101/0 AU/101/301/9",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed3 bytes9 ongoing");
    row("a wrong acknowledgment", "S/100/0/0 <SA/300/101/0 A/101/302/0 A/101/301/4",
        "invalid invalid invalid_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid2 listed3 bytes4");
    row("a wrong sequence number", "S/100/0/0 <SA/300/101/0 A/102/301/0",
        "invalid invalid invalid_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid2 listed3 bytes0");
    row("an ACK without the answer", "S/100/0/0 A/7/8/0",
        "ongoing open - e(0syn 1ack) d() c() E syn0 synack- seq- invalid- listed2 bytes0 ongoing");
    row("expected 0 is none", "S/100/0/0 <SA/-1/101/0 A/7/8/0",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed3 bytes0 ongoing");
    row("PSH and ACK is no handshake's end", "S/100/0/0 <SA/300/101/0 PA/101/301/9",
        "invalid invalid incomplete_no_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid- listed3 "
        "bytes9");
    // Rules 4 and 7
    row("data and its acknowledgment", handshake + "PA/101/301/10 <A/301/111/0",
        "ongoing open - e(0syn 1syn_ack 2ack) d(3data 4ack_data) c() ED syn0 synack1 seq1 invalid- listed5 "
        "bytes10 "
        "ongoing");
    row("the acknowledgment alone starts it", handshake + "<A/301/101/0 <A/301/101/-5",
        "ongoing open - e(0syn 1syn_ack 2ack) d(3ack_data 4ack_data) c() ED syn0 synack1 seq1 invalid- "
        "listed5 "
        "bytes-5 ongoing");
    row("data after the FIN", handshake + "FA/101/301/0 <A/301/102/10 <A/311/102/0",
        "data_transfer graceful - e(0syn 1syn_ack 2ack) d(4data) c(3fin 5ack_close) EDC syn0 synack1 seq1 "
        "invalid- "
        "listed6 bytes10");
    row("data without a handshake", "PA/1/1/10 <A/1/11/0",
        "new - - e() d() c() - syn- synack- seq- invalid- listed2 bytes10");
    row("PSH alone is nothing", handshake + "P/1/1/10",
        "ongoing open - e(0syn 1syn_ack 2ack) d() c() E syn0 synack1 seq1 invalid- listed4 bytes10 ongoing");
    // Rule 5
    row("an orderly end", handshake + "FA/101/301/0 <FA/301/102/0 A/102/302/0",
        "closed graceful - e(0syn 1syn_ack 2ack) d() c(3fin 4fin 5ack_close) EC syn0 synack1 seq1 invalid- "
        "listed6 "
        "bytes0");
    row("a FIN alone", "F/1/0/0",
        "closed graceful - e() d() c(0fin) C syn- synack- seq- invalid- listed1 bytes0");
    row("FIN and ACK with data after the handshake", handshake + "FA/101/301/5",
        "closed graceful - e(0syn 1syn_ack 2ack) d() c(3fin) EC syn0 synack1 seq1 invalid- listed4 bytes5");
    row("a FIN in the handshake", "S/100/0/0 F/101/0/0",
        "closed graceful - e(0syn) d() c(1fin) C syn0 synack- seq- invalid- listed2 bytes0");
    // Rule 6
    row("an RST in the handshake", "S/100/0/0 <RA/0/101/0 A/1/1/3",
        "invalid invalid rst_during_handshake e(0syn) d() c(1rst) - syn0 synack- seq- invalid1 listed3 "
        "bytes3");
    row("an RST later", handshake + "R/101/0/0",
        "aborted abortive - e(0syn 1syn_ack 2ack) d() c(3rst) E syn0 synack1 seq1 invalid3 listed4 bytes0");
    row("an RST alone", "R/1/0/0",
        "aborted abortive - e() d() c(0rst) - syn- synack- seq- invalid0 listed1 bytes0");
    row("RST beats SYN, ACK and FIN", "SAFR/1/0/0",
        "aborted abortive - e() d() c(0rst) - syn- synack- seq- invalid0 listed1 bytes0");
    row("two RST", "R/1/0/0 <R/1/0/0",
        "aborted abortive - e() d() c(0rst 1rst) - syn- synack- seq- invalid1 listed2 bytes0");
    row("a FIN after the RST", "R/1/0/0 F/2/0/0",
        "closed graceful - e() d() c(0rst 1fin) C syn- synack- seq- invalid0 listed2 bytes0");
    row("an RST after the FIN", "F/1/0/0 R/2/0/0",
        "aborted abortive - e() d() c(0fin 1rst) C syn- synack- seq- invalid1 listed2 bytes0");
    // No rule, and sums
    row("no flags", "/1/2/3 U/1/2/3", "new - - e() d() c() - syn- synack- seq- invalid- listed2 bytes6");
    row("more bytes than 64 bits", "U/0/0/9223372036854775807 U/0/0/9223372036854775807",
        "new - - e() d() c() - syn- synack- seq- invalid- listed2 bytes18446744073709551614");
    // The ends of 64 bits: the sum is equal to nothing.
    row("a SYN at the end of 64 bits", "S/9223372036854775807/0/0 <SA/300/-9223372036854775808/0",
        "invalid invalid invalid_synack e(0syn) d() c() - syn0 synack- seq- invalid1 listed2 bytes0");
    row("an answer at the end of 64 bits",
        "S/100/0/0 <SA/9223372036854775807/101/0 A/101/-9223372036854775808/0",
        "invalid invalid invalid_ack e(0syn 1syn_ack) d() c() - syn0 synack1 seq1 invalid2 listed3 bytes0");
}

void ReferenceMachineTest::lives()
{
    QFETCH(QByteArray, packets);
    QFETCH(QByteArray, life);
    const auto list = packetsOf(packets);
    CompletedFlow flow;
    flow.number = 1;
    flow.packets = list;
    ReferenceMachine machine;
    QCOMPARE(text(machine.judge(flow)), life);
}

// One machine for all flows, in both orders.
void ReferenceMachineTest::keepsNothing()
{
    const std::vector<QByteArray> flows{handshake + "PA/101/301/10 FA/111/301/0",
                                        "U/1/1/1",
                                        "S/100/0/0 <SA/300/102/0 A/1/1/1",
                                        "S/100/0/0 <RA/0/101/0",
                                        "A/1/1/1",
                                        handshake};
    ReferenceMachine reused;
    const auto check = [&](const QByteArray& packets) {
        const auto list = packetsOf(packets);
        CompletedFlow flow;
        flow.packets = list;
        ReferenceMachine fresh;
        return text(reused.judge(flow)) == text(fresh.judge(flow));
    };
    for (const auto& first : flows) {
        for (const auto& second : flows)
            QVERIFY2(check(first) && check(second), second.constData());
    }
}

void ReferenceMachineTest::next()
{
    QVERIFY(isNext(0, 1));
    QVERIFY(isNext(-1, 0));
    QVERIFY(!isNext(0, 0));
    QVERIFY(!isNext(1, 0));
    QVERIFY(isNext(most - 1, most));
    QVERIFY(!isNext(most, least));
    QVERIFY(!isNext(most, most));
    QVERIFY(isNext(least, least + 1));
    QVERIFY(isNext(4294967295, 4294967296));
    QVERIFY(!isNext(4294967295, 0));
}

void ReferenceMachineTest::words()
{
    const auto described = [](PacketRole role) {
        return QByteArray(wordOf(roleName(role)) + ": " + wordOf(roleDescription(role)));
    };
    QCOMPARE(described(PacketRole::Syn), QByteArray("syn: Connection Request"));
    QCOMPARE(described(PacketRole::SynAck), QByteArray("syn_ack: Connection Acceptance"));
    QCOMPARE(described(PacketRole::Ack), QByteArray("ack: Connection Established"));
    QCOMPARE(described(PacketRole::Data), QByteArray("data: Data Transfer"));
    QCOMPARE(described(PacketRole::DataAck), QByteArray("ack_data: Data Acknowledgment"));
    QCOMPARE(described(PacketRole::Fin), QByteArray("fin: Close Request"));
    QCOMPARE(described(PacketRole::CloseAck), QByteArray("ack_close: Close Acknowledgment"));
    QCOMPARE(described(PacketRole::Rst), QByteArray("rst: Connection Aborted"));
    QCOMPARE(stateName(FlowState::Establishing), std::string_view("establishing"));
    QCOMPARE(stateName(FlowState::Established), std::string_view("established"));
    QCOMPARE(stateName(FlowState::Closing), std::string_view("closing"));
    QVERIFY(closeTypeName(CloseType::None).empty());
    QVERIFY(invalidReasonName(InvalidReason::None).empty());
}

QTEST_APPLESS_MAIN(ReferenceMachineTest)
#include "reference_machine_test.moc"
