// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/flow/exact_talk.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What becomes of connections (docs/exact-engine.md). Capitals are the originator's letters.
class ExactConnectionTest : public QObject
{
    Q_OBJECT
private slots:
    void everyState_data();
    void everyState();
    void aNormalOneTellsItsFigures();
    void theSameSynIsSentAgainAnotherOneBeginsAnew();
    void stragglersBelongToTheirFlow();
    void eachTimeoutEndsAtItsTime();
    void aHandshakeOutOfOrderIsOne();
    void numbersGoRound();
    void whatIsMissingIsCounted();
    void whoeverWasMissedIsGuessed();
    void withoutPayloadsFiguresAreEmpty();
    void badChecksumsAreNotBelieved();
    void otherProtocols();
};

void ExactConnectionTest::everyState_data()
{
    QTest::addColumn<QByteArray>("script"); // "who flags sequence acknowledgment payload ms; ..."
    QTest::addColumn<QByteArray>("told");
    const QByteArray open = "A S 0 0 0 0; B SA 0 1 0 10; A A 1 1 0 20; ";
    QTest::newRow("unanswered") << QByteArray("A S 0 0 0 0") << QByteArray("S0 S 0/0 1/0");
    QTest::newRow("established") << open + "A PA 1 1 5 30; B PA 1 6 7 40; A A 6 8 0 50"
                                 << QByteArray("S1 ShADd 5/7 4/2");
    QTest::newRow("closed") << open +
                                   "A PA 1 1 5 30; B PA 1 6 7 40; A FA 6 8 0 50; B FA 8 7 0 60; A A 7 9 0 70"
                            << QByteArray("SF ShADdFf 5/7 5/3");
    QTest::newRow("rejected") << QByteArray("A S 0 0 0 0; B RA 0 1 0 1") << QByteArray("REJ Sr 0/0 1/1");
    QTest::newRow("originator closed")
        << open + "A FA 1 1 0 30; B A 1 2 0 40" << QByteArray("S2 ShAFa 0/0 3/2");
    QTest::newRow("responder closed")
        << open + "B FA 1 1 0 30; A A 1 2 0 40" << QByteArray("S3 ShAf 0/0 3/2");
    QTest::newRow("originator reset") << open + "A RA 1 1 0 30" << QByteArray("RSTO ShAR 0/0 3/1");
    QTest::newRow("responder reset") << open + "B RA 1 1 0 30" << QByteArray("RSTR ShAr 0/0 2/2");
    QTest::newRow("syn and reset") << QByteArray("A S 0 0 0 0; A R 1 0 0 10")
                                   << QByteArray("RSTOS0 SR 0/0 2/0");
    QTest::newRow("syn and fin") << QByteArray("A S 0 0 0 0; A F 1 0 0 10") << QByteArray("SH SF 0/0 2/0");
    QTest::newRow("only the answers, closed")
        << QByteArray("B SA 0 1 0 0; B FA 1 1 0 10") << QByteArray("SHR ^hf 0/0 0/2");
    QTest::newRow("only the answers, reset")
        << QByteArray("B SA 0 1 0 0; B R 1 1 0 10") << QByteArray("RSTRH ^hr 0/0 0/2");
    QTest::newRow("the middle of one")
        << QByteArray("A PA 1 1 5 0; B PA 1 6 7 10") << QByteArray("OTH Dd 5/7 1/1");
}

void ExactConnectionTest::everyState()
{
    QFETCH(QByteArray, script);
    ExactTalk talk;
    for (const QByteArray& line : script.split(';')) {
        const auto words = line.trimmed().split(' ');
        talk.say(words[0][0], words[1].toStdString(), words[2].toUInt(), words[3].toUInt(), words[4].toInt(),
                 words[5].toLongLong());
    }
    QTEST(talk.told(), "told");
}

void ExactConnectionTest::aNormalOneTellsItsFigures()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30);
    talk.say('B', "A", 1, 101, 0, 55);
    talk.say('B', "PA", 1, 101, 200, 1'055);
    talk.say('A', "A", 101, 201, 0, 1'060);
    const auto flows = talk.flows();
    QCOMPARE(flows.size(), std::size_t{1});
    const ExactFlow& flow = flows[0];
    QCOMPARE(flow.originatorEnd().port, std::int64_t{40'000});
    QCOMPARE(flow.duration(), std::int64_t{1'060'000});
    QCOMPARE(flow.synToSynAck, std::optional<std::int64_t>(10'000));
    QCOMPARE(flow.synAckToAck, std::optional<std::int64_t>(10'000));
    QCOMPARE(flow.firstResponse, std::optional<std::int64_t>(1'025'000));
    QCOMPARE(flow.longestSilence, std::int64_t{1'000'000});
    QCOMPARE(int(flow.completeness), SeenSyn | SeenSynAck | SeenAck | SeenData);
    QCOMPARE(flow.ending, EndReason::CaptureEnd);
    const FlowSide& a = flow.sides[0];
    QCOMPARE(a.ipBytes, FlowSide::MaybeCount(4 * 40 + 100));
    QCOMPARE(a.payload, FlowSide::MaybeCount(100));
    QCOMPARE(a.goodput, FlowSide::MaybeCount(100));
    QCOMPARE(a.dataPackets, FlowSide::MaybeCount(1));
    QCOMPARE(a.retransmissions, FlowSide::MaybeCount(0));
    QCOMPARE(a.firstSequence, std::int64_t{ExactTalk::isnA});
    // of the SYN and the data; of B the SYN+ACK and the data
    QCOMPARE(flow.roundTrips[0].samples, std::uint64_t{2});
    QCOMPARE(flow.roundTrips[0].least, std::int64_t{10'000});
    QCOMPARE(flow.roundTrips[0].most, std::int64_t{25'000});
    QCOMPARE(flow.roundTrips[1].samples, std::uint64_t{2});
    QCOMPARE(flow.roundTrips[1].least, std::int64_t{5'000});
    QVERIFY(!flow.oneSided());
    QVERIFY(!flow.estimated);
}

void ExactConnectionTest::theSameSynIsSentAgainAnotherOneBeginsAnew()
{
    ExactTalk again;
    again.say('A', "S", 0, 0, 0, 0).say('A', "S", 0, 0, 0, 1'000).say('B', "SA", 0, 1, 0, 1'010);
    QCOMPARE(again.told(), QByteArray("S1 Sh 0/0 2/1"));

    ExactTalk closed;
    closed.handshake(0);
    closed.say('A', "FA", 1, 1, 0, 30).say('B', "FA", 1, 2, 0, 40).say('A', "A", 2, 2, 0, 50);
    closed.startA += 500'000;
    closed.startB += 700'000;
    closed.handshake(1'000);
    QCOMPARE(closed.told(), QByteArray("SF ShAFf 0/0 4/2; S1 ShA 0/0 2/1"));
    const auto flows = closed.flows();
    QCOMPARE(flows[0].ending, EndReason::Reused);

    // while it is open, too: the old one was forgotten by its host
    ExactTalk forgotten;
    forgotten.handshake(0);
    forgotten.startA += 500'000;
    forgotten.say('A', "S", 0, 0, 0, 60'000);
    QCOMPARE(forgotten.told(), QByteArray("S1 ShA 0/0 2/1; S0 S 0/0 1/0"));

    // the same number after the close was sent again, on its way for long
    ExactTalk late;
    late.handshake(0);
    late.say('A', "FA", 1, 1, 0, 30).say('B', "FA", 1, 2, 0, 40).say('A', "A", 2, 2, 0, 50);
    late.say('A', "S", 0, 0, 0, 500);
    QCOMPARE(late.flows().size(), std::size_t{1});
}

void ExactConnectionTest::stragglersBelongToTheirFlow()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "FA", 1, 1, 0, 30).say('B', "FA", 1, 2, 0, 40).say('A', "A", 2, 2, 0, 50);
    talk.say('B', "FA", 1, 2, 0, 3'000);
    auto flows = talk.flows();
    QCOMPARE(flows.size(), std::size_t{1});
    QCOMPARE(flows[0].sides[1].packets, std::uint64_t{3});
    QCOMPARE(flows[0].end, std::int64_t{40'000}); // both had closed
    QCOMPARE(flows[0].lastPacket, std::int64_t{3'000'000});
    talk.say('B', "FA", 1, 2, 0, 5'041); // too late
    flows = talk.flows();
    QCOMPARE(flows.size(), std::size_t{2});
    QCOMPARE(flows[0].ending, EndReason::Closed);
    ExactRules patient;
    patient.linger = 10 * ExactRules::second;
    QCOMPARE(talk.flows(patient).size(), std::size_t{1});
}

void ExactConnectionTest::eachTimeoutEndsAtItsTime()
{
    const auto ended = [](ExactTalk& talk) {
        const auto flows = talk.flows();
        return flows.size() == 2 ? std::optional(flows[0].ending) : std::nullopt;
    };
    const auto attempt = [&](std::int64_t milliseconds) {
        ExactTalk talk;
        talk.say('A', "S", 0, 0, 0, 0).say('A', "S", 0, 0, 0, milliseconds);
        return ended(talk);
    };
    QCOMPARE(attempt(5'000), std::optional<EndReason>());
    QCOMPARE(attempt(5'001), std::optional(EndReason::Attempt));
    const auto quiet = [&](std::int64_t milliseconds) {
        ExactTalk talk;
        talk.handshake(0).say('A', "PA", 1, 1, 5, 20 + milliseconds);
        return ended(talk);
    };
    QCOMPARE(quiet(300'000), std::optional<EndReason>());
    QCOMPARE(quiet(300'001), std::optional(EndReason::Inactivity));
    const auto udp = [&](std::int64_t milliseconds) {
        ExactTalk talk;
        talk.protocol = protocolUdp;
        talk.say('A', "", 0, 0, 5, 0).say('B', "", 0, 0, 5, milliseconds);
        return ended(talk);
    };
    QCOMPARE(udp(60'000), std::optional<EndReason>());
    QCOMPARE(udp(60'001), std::optional(EndReason::Inactivity));
    const auto reset = [&](std::int64_t milliseconds) {
        ExactTalk talk;
        talk.handshake(0).say('B', "R", 1, 1, 0, 30).say('B', "R", 1, 1, 0, 30 + milliseconds);
        return ended(talk);
    };
    QCOMPARE(reset(5'000), std::optional<EndReason>());
    QCOMPARE(reset(5'001), std::optional(EndReason::Reset));
}

void ExactConnectionTest::aHandshakeOutOfOrderIsOne()
{
    for (const std::int64_t port : {80, 40'001}) { // a server by its port, or not
        ExactTalk talk;
        talk.portB = port;
        talk.say('B', "SA", 0, 1, 0, 0).say('A', "S", 0, 0, 0, 1).say('A', "A", 1, 1, 0, 20);
        talk.say('A', "PA", 1, 1, 5, 30).say('B', "PA", 1, 6, 7, 40);
        const auto flows = talk.flows();
        QCOMPARE(flows.size(), std::size_t{1});
        QCOMPARE(flows[0].state, ConnState::S1);
        QCOMPARE(flows[0].originatorEnd().port, std::int64_t{40'000});
    }
    ExactTalk later; // what came first acknowledges that SYN
    later.say('B', "A", 1, 1, 0, 0).say('A', "S", 0, 0, 0, 1).say('B', "SA", 0, 1, 0, 2);
    QCOMPARE(later.flows().size(), std::size_t{1});
    ExactTalk zero; // a number 0 is not one that is not known
    zero.startA = 0;
    zero.say('A', "S", 0, 0, 0, 0);
    zero.startA = 777;
    zero.say('A', "S", 0, 0, 0, 100);
    QCOMPARE(zero.flows().size(), std::size_t{2});
}

void ExactConnectionTest::numbersGoRound()
{
    for (const std::int64_t start : {std::int64_t{0xffffffff}, std::int64_t{0xfffffff0}, std::int64_t{0}}) {
        ExactTalk talk;
        talk.startA = start;
        talk.handshake(0);
        for (std::uint32_t i = 0; i < 4; ++i) {
            talk.say('A', "PA", 1 + 100 * i, 1, 100, 30 + 10 * i);
            talk.say('B', "A", 1, 101 + 100 * i, 0, 35 + 10 * i);
        }
        for (auto& said : talk.all) { // as they stand in a header
            said.packet.sequence &= 0xffffffff;
            said.packet.acknowledgment &= 0xffffffff;
        }
        QCOMPARE(talk.told(), QByteArray("S1 ShADa 400/0 6/5"));
        const ExactFlow flow = talk.flows()[0];
        QCOMPARE(flow.sides[0].retransmissions, FlowSide::MaybeCount(0));
        QCOMPARE(flow.sides[0].gaps, FlowSide::MaybeCount(0));
        QCOMPARE(flow.sides[0].goodput, FlowSide::MaybeCount(400));
        QCOMPARE(flow.sides[0].missedBytes, FlowSide::MaybeCount(0));
    }
}

void ExactConnectionTest::whatIsMissingIsCounted()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30);
    talk.say('A', "PA", 301, 1, 100, 40); // 200 bytes were not captured
    talk.say('B', "A", 1, 401, 0, 50);
    const ExactFlow flow = talk.flows()[0];
    QCOMPARE(flow.sides[0].missedBytes, FlowSide::MaybeCount(200));
    QCOMPARE(flow.sides[0].gaps, FlowSide::MaybeCount(1));
    QCOMPARE(flow.sides[0].bytes, FlowSide::MaybeCount(400));
    QVERIFY(flow.history.find('G') != std::string_view::npos);

    ExactTalk filled; // it came later: nothing is missing
    filled.handshake(0);
    filled.say('A', "PA", 1, 1, 100, 30).say('A', "PA", 301, 1, 100, 40).say('A', "PA", 101, 1, 200, 41);
    filled.say('B', "A", 1, 401, 0, 50);
    const ExactFlow whole = filled.flows()[0];
    QCOMPARE(whole.sides[0].missedBytes, FlowSide::MaybeCount(0));
    QCOMPARE(whole.sides[0].outOfOrder, FlowSide::MaybeCount(1));
    QCOMPARE(whole.sides[0].goodput, FlowSide::MaybeCount(400));
}

void ExactConnectionTest::whoeverWasMissedIsGuessed()
{
    // B is a well-known server
    ExactTalk talk;
    talk.say('B', "PA", 1, 1, 5, 0).say('A', "PA", 1, 6, 5, 10);
    ExactFlow flow = talk.flows()[0];
    QCOMPARE(flow.originatorEnd().port, std::int64_t{40'000});
    QCOMPARE(talk.told(), QByteArray("OTH ^dD 5/5 1/1"));
    // nobody is: whoever spoke first
    talk.portB = 40'001;
    talk.all.clear();
    talk.say('B', "PA", 1, 1, 5, 0).say('A', "PA", 1, 6, 5, 10);
    flow = talk.flows()[0];
    QCOMPARE(flow.originatorEnd().port, std::int64_t{40'001});
    // a SYN+ACK and then an ACK: the SYN was missed
    talk.all.clear();
    talk.say('B', "SA", 0, 1, 0, 0).say('A', "A", 1, 1, 0, 10);
    flow = talk.flows()[0];
    QCOMPARE(flow.originatorEnd().port, std::int64_t{40'000});
}

void ExactConnectionTest::withoutPayloadsFiguresAreEmpty()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30).say('B', "A", 1, 101, 0, 40).say('A', "PA", 1, 1, 100, 50);
    for (auto& said : talk.all)
        said.extras = {};
    const ExactFlow flow = talk.flows()[0];
    QVERIFY(flow.estimated);
    QCOMPARE(flow.sides[0].bytes, FlowSide::MaybeCount(100));   // the numbers tell it
    QCOMPARE(flow.sides[0].payload, FlowSide::MaybeCount(200)); // an estimate
    QVERIFY(!flow.sides[0].retransmissions);
    QVERIFY(!flow.sides[0].missedBytes);
    QVERIFY(!flow.sides[0].ipBytes);
    QVERIFY(!flow.sides[0].zeroWindows);
    QCOMPARE(flow.synToSynAck, std::optional<std::int64_t>(10'000));
    QCOMPARE(flow.state, ConnState::S1);
}

void ExactConnectionTest::badChecksumsAreNotBelieved()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('B', "R", 1, 1, 0, 30);
    talk.last().extras.damage = PacketExtras::BadChecksum;
    QCOMPARE(talk.told(), QByteArray("RSTR ShAr 0/0 2/2"));
    ExactRules strict;
    strict.checksumsCount = true;
    QCOMPARE(talk.told(strict), QByteArray("S1 ShAc 0/0 2/1"));
}

void ExactConnectionTest::otherProtocols()
{
    ExactTalk udp;
    udp.protocol = protocolUdp;
    udp.say('A', "", 0, 0, 30, 0);
    QCOMPARE(udp.told(), QByteArray("S0 D 30/0 1/0"));
    udp.say('B', "", 0, 0, 50, 5);
    QCOMPARE(udp.told(), QByteArray("SF Dd 30/50 1/1"));
    // the other way round at a well-known port
    ExactTalk answer;
    answer.protocol = protocolUdp;
    answer.portB = 53;
    answer.say('B', "", 0, 0, 50, 5);
    QCOMPARE(answer.told(), QByteArray("SHR ^d 0/50 0/1"));

    ExactTalk echo;
    echo.protocol = protocolIcmp;
    echo.portA = echo.portB = 0;
    echo.say('A', "", 0, 0, 64, 0);
    echo.last().extras.icmpType = 8;
    echo.last().extras.icmpCode = 0;
    echo.say('B', "", 0, 0, 64, 3);
    echo.last().extras.icmpType = 0;
    echo.last().extras.icmpCode = 0;
    const auto flows = echo.flows();
    QCOMPARE(flows.size(), std::size_t{1});
    QCOMPARE(flows[0].originatorEnd().port, std::int64_t{8});
    QCOMPARE(flows[0].sides[0].bytes, FlowSide::MaybeCount(56)); // without ICMP's own 8
    QCOMPARE(echo.told(), QByteArray("OTH  56/56 1/1"));
    // nobody answers an error: both ways are two
    ExactTalk errors;
    errors.protocol = protocolIcmp;
    errors.portA = errors.portB = 0;
    for (const char who : {'A', 'B'}) {
        errors.say(who, "", 0, 0, 36, 0);
        errors.last().extras.icmpType = 3;
        errors.last().extras.icmpCode = 1;
    }
    QCOMPARE(errors.flows().size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(ExactConnectionTest)
#include "exact_connection_test.moc"
