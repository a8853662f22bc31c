// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/packed_exact_flow.h"
#include "core/flow/exact/stream_coverage.h"
#include "tests/core/flow/exact_talk.h"

#include <QTest>
#include <functional>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// What single segments are taken for, and the small things that the exact engine is made of.
class SegmentJudgeTest : public QObject
{
    Q_OBJECT
private slots:
    void whatIsSentAgain();
    void windows();
    void probesAndKeepAlives();
    void roundTripsAreNotTakenOfWhatWasSentAgain();
    void roundTripsAreOfTheSegmentThatTheAckEndsWith();
    void manyRoundTripsKeepTheirMedian();
    void coverageKnowsHoles();
    void coverageIsBounded();
    void flowsArePackedAndUnpacked();

private:
    static std::vector<SegmentVerdict> judged(const ExactTalk& talk)
    {
        const ExactRules rules;
        Connection connection;
        std::vector<SegmentVerdict> verdicts;
        for (const auto& said : talk.all) {
            bool fromHigh = false;
            const auto key = ConnectionKey::of(said.packet, said.extras, fromHigh);
            if (verdicts.empty())
                connection.open(*key, rules, said.packet, fromHigh);
            verdicts.push_back(connection.add(said.packet, said.extras, fromHigh, verdicts.size()));
        }
        return verdicts;
    }
};

void SegmentJudgeTest::whatIsSentAgain()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30);
    talk.say('A', "PA", 101, 1, 100, 31);
    talk.say('A', "PA", 1, 1, 100, 300); // nobody acknowledged it
    QCOMPARE(judged(talk).back().marks, SegmentMarks{Retransmission});
    QCOMPARE(judged(talk).back().inFlight, std::int64_t{200});
    talk.say('B', "A", 1, 201, 0, 310);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{0});
    talk.say('A', "PA", 1, 1, 100, 600); // it had been acknowledged
    QCOMPARE(judged(talk).back().marks, SegmentMarks{Retransmission | SpuriousRetransmission});

    ExactTalk fast;
    fast.handshake(0);
    fast.say('A', "PA", 1, 1, 100, 130).say('B', "A", 1, 101, 0, 140);
    fast.say('A', "PA", 201, 1, 100, 150); // 101 was lost on its way
    QCOMPARE(judged(fast).back().marks, SegmentMarks{GapBefore});
    fast.say('B', "A", 1, 101, 0, 160).say('B', "A", 1, 101, 0, 161);
    QCOMPARE(judged(fast).back().marks, SegmentMarks{DuplicateAck});
    fast.say('A', "PA", 101, 1, 100, 175);
    QCOMPARE(judged(fast).back().marks, SegmentMarks{Retransmission | FastRetransmission});

    ExactTalk disorder;
    disorder.handshake(0);
    disorder.say('A', "PA", 101, 1, 100, 130).say('A', "PA", 1, 1, 50, 131);
    QCOMPARE(judged(disorder).back().marks, SegmentMarks{OutOfOrder});
    disorder.say('B', "A", 1, 401, 0, 140); // of what nobody saw
    QCOMPARE(judged(disorder).back().marks, SegmentMarks{AckOfUnseen});
}

void SegmentJudgeTest::windows()
{
    ExactTalk talk;
    talk.window = 500;
    talk.scale = 2;
    talk.handshake(0);
    QCOMPARE(judged(talk)[1].window, std::int64_t{500}); // of a SYN it is never scaled
    QCOMPARE(judged(talk)[2].window, std::int64_t{2'000});
    talk.say('B', "A", 1, 1, 0, 25);
    talk.say('A', "PA", 1, 1, 2'000, 30);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{WindowFull});
    talk.window = 0;
    talk.say('B', "A", 1, 2'001, 0, 40);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{ZeroWindow});
    talk.window = 500;
    talk.say('B', "A", 1, 2'001, 0, 50);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{WindowUpdate});
}

void SegmentJudgeTest::probesAndKeepAlives()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30).say('B', "A", 1, 101, 0, 40);
    talk.say('A', "A", 100, 1, 0, 10'000);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{KeepAlive});
    talk.say('B', "A", 1, 101, 0, 10'010);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{KeepAliveAck});
    talk.window = 0;
    talk.say('B', "A", 1, 101, 0, 10'020);
    talk.window = 1'000;
    talk.say('A', "A", 101, 1, 1, 10'500);
    QCOMPARE(judged(talk).back().marks, SegmentMarks{ZeroWindowProbe});
}

void SegmentJudgeTest::roundTripsAreNotTakenOfWhatWasSentAgain()
{
    ExactTalk talk;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30).say('A', "PA", 1, 1, 100, 1'030).say('B', "A", 1, 101, 0, 1'040);
    QVERIFY(!judged(talk).back().roundTrip);
    talk.say('A', "PA", 101, 1, 100, 2'000).say('B', "A", 1, 201, 0, 2'015);
    QCOMPARE(judged(talk).back().roundTrip, std::optional<std::int64_t>(15'000));
}

// Else the time since the segment before would be taken, which is too long.
void SegmentJudgeTest::roundTripsAreOfTheSegmentThatTheAckEndsWith()
{
    const auto sample = [](const std::function<void(ExactTalk&)>& more) {
        ExactTalk talk;
        talk.handshake(0);
        talk.say('A', "PA", 1, 1, 100, 30).say('A', "PA", 101, 1, 100, 31);
        more(talk);
        return judged(talk).back().roundTrip;
    };
    QCOMPARE(sample([](ExactTalk& talk) { talk.say('B', "A", 1, 201, 0, 40); }),
             std::optional<std::int64_t>(9'000));
    // the second one was sent again
    QVERIFY(!sample(
        [](ExactTalk& talk) { talk.say('A', "PA", 101, 1, 100, 240).say('B', "A", 1, 201, 0, 250); }));
    // it ends within a segment, or beyond what was captured
    QVERIFY(!sample([](ExactTalk& talk) { talk.say('B', "A", 1, 151, 0, 40); }));
    QVERIFY(!sample([](ExactTalk& talk) { talk.say('B', "A", 1, 301, 0, 40); }));
    // more segments than are kept waiting
    QVERIFY(!sample([](ExactTalk& talk) {
        for (std::uint32_t i = 2; i < SegmentJudge::mostWaiting + 8; ++i)
            talk.say('A', "PA", 1 + 100 * i, 1, 100, 32 + i);
        talk.say('B', "A", 1, 1 + 100 * (SegmentJudge::mostWaiting + 8), 0, 900);
    }));
}

void SegmentJudgeTest::manyRoundTripsKeepTheirMedian()
{
    std::mt19937_64 random(5);
    for (const std::size_t count : {1u, 2u, 31u, 32u, 33u, 1'000u, 100'000u}) {
        std::vector<std::int64_t> all;
        RoundTripDigest digest;
        for (std::size_t i = 0; i < count; ++i) {
            all.push_back(static_cast<std::int64_t>(random() % 1'000 * (random() % 1'000)));
            digest.add(all.back());
        }
        std::sort(all.begin(), all.end());
        const RoundTrips figures = digest.figures();
        QCOMPARE(figures.samples, std::uint64_t{count});
        QCOMPARE(figures.least, all.front());
        QCOMPARE(figures.most, all.back());
        const auto median = static_cast<double>(all[(count - 1) / 2]);
        QVERIFY2(std::abs(static_cast<double>(figures.median) - median) <= 0.05 * median,
                 qPrintable(QStringLiteral("%1 of %2").arg(figures.median).arg(median)));
    }
}

void SegmentJudgeTest::coverageKnowsHoles()
{
    // against the plain way: a bit a byte
    std::mt19937_64 random(9);
    for (int round = 0; round < 200; ++round) {
        StreamCoverage coverage;
        std::vector<bool> there(400);
        std::uint64_t acknowledged = 1, missing = 0, plain = 0;
        const auto onGap = [&](std::uint64_t bytes) { missing += bytes; };
        for (int step = 0; step < 60; ++step) {
            const std::uint64_t begin = 1 + random() % 300, end = begin + 1 + random() % 40;
            if (random() % 4 != 0) {
                coverage.add(begin, end, onGap);
                for (std::uint64_t i = std::max(begin, acknowledged); i < end; ++i)
                    there[i] = true;
            } else {
                const std::uint64_t upTo = std::max(acknowledged, begin);
                coverage.acknowledge(upTo, false, onGap);
                for (std::uint64_t i = acknowledged; i < upTo; ++i)
                    plain += there[i] ? 0u : 1u;
                acknowledged = upTo;
            }
            std::uint64_t received = acknowledged;
            while (there[received])
                ++received;
            QCOMPARE(coverage.received(), received);
            QCOMPARE(missing, plain);
        }
    }
}

void SegmentJudgeTest::coverageIsBounded()
{
    StreamCoverage coverage;
    std::uint64_t missing = 0;
    for (std::uint64_t i = 1; i <= 1'000; ++i)
        coverage.add(10 * i, 10 * i + 5, [&](std::uint64_t bytes) { missing += bytes; });
    QCOMPARE(coverage.received(), std::uint64_t{10 * (1'000 - StreamCoverage::mostPieces) + 5});
    QVERIFY(missing > 0);
}

void SegmentJudgeTest::flowsArePackedAndUnpacked()
{
    ExactTalk talk;
    talk.scale = 7;
    talk.handshake(0);
    talk.say('A', "PA", 1, 1, 100, 30).say('A', "PA", 301, 1, 100, 40).say('B', "A", 1, 401, 0, 50);
    ExactFlow flow = talk.flows()[0];
    flow.key.low.port = -5; // a table may hold anything
    flow.sides[0].windowFull.reset();
    std::vector<std::uint8_t> bytes{1, 2, 3};
    packExactFlow(flow, bytes);
    const ExactFlow back = unpackExactFlow(bytes.data() + 3);
    std::vector<std::uint8_t> again;
    packExactFlow(back, again);
    QCOMPARE(again, std::vector<std::uint8_t>(bytes.begin() + 3, bytes.end()));
    QCOMPARE(back.history, flow.history);
    QCOMPARE(back.key, flow.key);
    QCOMPARE(back.sides[0].missedBytes, flow.sides[0].missedBytes);
    QVERIFY(!back.sides[0].windowFull);
    QCOMPARE(back.synToSynAck, flow.synToSynAck);
    QCOMPARE(back.roundTrips[0].median, flow.roundTrips[0].median);
    QCOMPARE(back.state, flow.state);
    QVERIFY(bytes.size() < 120);
}

QTEST_APPLESS_MAIN(SegmentJudgeTest)
#include "segment_judge_test.moc"
