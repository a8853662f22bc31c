// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/story_text.h"
#include "tests/support/flow_talk.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is told of small flows.
class StoryTellerTest : public QObject
{
    Q_OBJECT

private slots:
    void aWholeConnection();
    void anAnswerToAnotherQuestion();
    void numbersGoRoundInTcpAlone();
    void aHandshakeThatDoesNotFit();
    void nobodyAnswers();
    void answersThatAreNotAcknowledged();
    void refused();
    void resetInTheHandshake();
    void resetAfterSilence();
    void anotherConnectionBetweenTheSameEnds();
    void aClosedWindow();
    void manyClosedWindows();
    void halfClosed();
    void stragglers();
    void oneSideOnly();
    void theResponderMaySpeakFirst();
    void sentAgain();
    void notCaptured();
    void whatCameInTheEndWasCaptured();
    void cutFramesWereCaptured();
    void keptAlive();
    void damaged();
    void theHighEndMayBeTheOriginator();
    void theReferenceMayBeAlone();
    void estimatedFiguresAreSaidToBe();
};

namespace {

constexpr std::int64_t syn = TcpFlags::syn, ack = TcpFlags::ack, fin = TcpFlags::fin, rst = TcpFlags::rst,
                       psh = TcpFlags::psh;
constexpr std::int64_t ms = 1000;

using Talk = FlowTalk;

QStringList told(const Talk& talk)
{
    const TestFolder folder;
    auto query = Talk::wholeFlow();
    query.rules.checksumsCount = true;
    const auto trace = talk.trace(folder.path(), query);
    QStringList lines;
    for (const StoryFact& fact : trace->story)
        lines += textOf(fact, trace->flow.start);
    return lines;
}

/// Those of some kinds.
QStringList told(const Talk& talk, const QStringList& kinds)
{
    QStringList lines;
    for (const QString& line : told(talk)) {
        if (kinds.contains(line.section(QLatin1Char(' '), 0, 0)))
            lines += line;
    }
    return lines;
}

} // namespace

void StoryTellerTest::aWholeConnection()
{
    Talk talk;
    talk.handshake();
    talk.client(psh | ack, 1001, 5001, {.payload = 100});
    talk.wait(99 * ms).server(psh | ack, 5001, 1101, {.payload = 900});
    talk.client(ack, 1101, 5901).client(fin | ack, 1101, 5901);
    talk.server(fin | ack, 5901, 1102).client(ack, 1102, 5902);
    QCOMPARE(told(talk), (QStringList{
                             "Asked O #0 at 0 actual 1000",
                             "Answered R #1 at 10 span 10 actual 5000",
                             "Established O #2 at 20 span 20",
                             "Sent O #3 at 21 bytes 100 segments 1",
                             "FirstResponse R #4 at 121 span 100",
                             "Sent R #4 at 121 bytes 900 segments 1",
                             "Closed O #6 at 123",
                             "Closed R #7 at 124",
                             "State O at 125 SF",
                         }));
}

void StoryTellerTest::anAnswerToAnotherQuestion()
{
    Talk talk;
    talk.client(syn, 1779272916).server(syn | ack, 7000, 1779277342).client(rst, 1779277342);
    QCOMPARE(told(talk), (QStringList{
                             "Asked O #0 at 0 actual 1779272916",
                             "AnsweredWrongly R #1 at 1 actual 1779277342 expected 1779272917 invalid_synack",
                             "ResetInHandshake O #2 at 2 span 1",
                             "State O at 2 RSTO",
                         }));
}

void StoryTellerTest::numbersGoRoundInTcpAlone()
{
    Talk talk;
    talk.client(syn, 4294967295).server(syn | ack, 7000, 0).client(ack, 0, 7001);
    const auto lines = told(talk, {"AnsweredWrongly", "Answered", "Established", "ReferenceSays"});
    QCOMPARE(lines, (QStringList{
                        "AnsweredWrongly R #1 at 1 actual 0 expected 4294967296 invalid_synack",
                        "Established O #2 at 2 span 2",
                    }));
}

void StoryTellerTest::aHandshakeThatDoesNotFit()
{
    Talk talk;
    talk.client(syn, 1000).server(syn | ack, 5000, 1001).client(ack, 1001, 5555);
    QCOMPARE(told(talk, {"AcknowledgedWrongly", "Established", "NotAcknowledged"}),
             QStringList{"AcknowledgedWrongly O #2 at 2 actual 5555 expected 5001 invalid_ack"});
    Talk other;
    other.client(syn, 1000).server(syn | ack, 5000, 1001).client(ack, 1101, 5001);
    QCOMPARE(
        told(other, {"AcknowledgedWrongly", "Established", "NotAcknowledged"}),
        QStringList{"AcknowledgedWrongly O #2 at 2 actual 5001 expected 5001 sequence 1101 expected 1001 "
                    "invalid_ack"});
}

void StoryTellerTest::nobodyAnswers()
{
    Talk talk;
    talk.client(syn, 1000).wait(999 * ms).client(syn, 1000).wait(1999 * ms).client(syn, 1000);
    QCOMPARE(told(talk), (QStringList{
                             "Asked O #0 at 0 count 3 actual 1000",
                             "AskedAgain O #0 at 0 count 3 actual 1000 step 1000 step 2000",
                             "Silent O #2 at 1000 span 2000",
                             "NotAnswered O #0 at 3000 count 3 step 1000 step 2000 incomplete_no_synack",
                             "State O at 3000 S0",
                         }));
}

void StoryTellerTest::answersThatAreNotAcknowledged()
{
    Talk talk;
    talk.client(syn, 1000).server(syn | ack, 5000, 1001).wait(999 * ms).server(syn | ack, 5000, 1001);
    QCOMPARE(told(talk, {"Answered", "NotAcknowledged", "Established", "OneSided"}),
             (QStringList{"Answered R #1 at 1 span 1 count 2 actual 5000",
                          "NotAcknowledged R #1 at 1001 count 2 incomplete_no_ack"}));
}

void StoryTellerTest::refused()
{
    Talk talk;
    talk.client(syn, 1000).wait(4 * ms).server(rst | ack, 0, 1001);
    QCOMPARE(told(talk), (QStringList{
                             "Asked O #0 at 0 actual 1000",
                             "Refused R #1 at 5 span 5 rst_during_handshake",
                             "State O at 5 REJ",
                         }));
}

void StoryTellerTest::resetInTheHandshake()
{
    Talk talk;
    talk.client(syn, 1000).server(syn | ack, 5000, 1001).client(rst, 1001);
    QCOMPARE(told(talk, {"ResetInHandshake", "Refused", "Reset", "NotAcknowledged"}),
             QStringList{"ResetInHandshake O #2 at 2 span 1 rst_during_handshake"});
}

void StoryTellerTest::resetAfterSilence()
{
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, {.payload = 10});
    talk.wait(199 * ms).client(rst, 1011).client(rst, 1011);
    QCOMPARE(told(talk, {"Reset", "ResetInHandshake", "Silent", "State"}),
             (QStringList{"Reset O #4 at 221 span 200 count 2", "State O at 222 RSTO"}));
}

void StoryTellerTest::anotherConnectionBetweenTheSameEnds()
{
    Talk talk;
    talk.handshake().client(syn, 9000);
    QCOMPARE(told(talk, {"Asked", "AskedAnew", "AskedAgain"}),
             (QStringList{"Asked O #0 at 0 actual 1000", "AskedAnew O #3 at 21 actual 9000 expected 1000"}));
}

void StoryTellerTest::aClosedWindow()
{
    Talk talk;
    talk.handshake().server(psh | ack, 5001, 1001, {.payload = 1000});
    talk.client(ack, 1001, 6001, {.window = 0});
    talk.wait(499 * ms).server(ack, 6001, 1001, {.payload = 1});
    talk.client(ack, 1001, 6001, {.window = 0});
    talk.wait(499 * ms).client(ack, 1001, 6001, {.window = 800});
    const auto lines = told(talk, {"WindowClosed", "StillClosed", "MoreClosed", "StillOpen"});
    QCOMPARE(lines, (QStringList{"WindowClosed O #4 at 22", "StillOpen O at 1023 span 60000"}));
    talk.server(psh | ack, 6001, 1001, {.payload = 800}).client(ack, 1001, 6801, {.window = 0});
    QCOMPARE(told(talk, {"StillClosed"}).size(), 1);
}

void StoryTellerTest::manyClosedWindows()
{
    Talk talk;
    talk.handshake();
    for (int i = 0; i < 20; ++i) {
        talk.client(ack, 1001, 5001, {.window = 0});
        talk.wait(9 * ms).client(ack, 1001, 5001, {.window = 500});
    }
    QCOMPARE(told(talk, {"WindowClosed"}).size(), 12);
    QCOMPARE(told(talk, {"MoreClosed"}), QStringList{"MoreClosed O at 152 span 80 count 8"});
}

void StoryTellerTest::halfClosed()
{
    Talk talk;
    talk.handshake().client(fin | ack, 1001, 5001).server(ack, 5001, 1002);
    talk.server(psh | ack, 5001, 1002, {.payload = 700}).client(ack, 1002, 5701);
    QCOMPARE(told(talk, {"HalfClosed", "Closed", "State"}),
             (QStringList{"Closed O #3 at 21", "HalfClosed R #5 at 23 bytes 700", "State O at 24 S2"}));
}

void StoryTellerTest::stragglers()
{
    Talk talk;
    talk.handshake().client(fin | ack, 1001, 5001).server(fin | ack, 5001, 1002).client(ack, 1002, 5002);
    QCOMPARE(told(talk, {"Stragglers"}), QStringList());
    talk.wait(99 * ms).server(ack, 5002, 1002).server(rst, 5002);
    QCOMPARE(told(talk, {"Stragglers"}), QStringList{"Stragglers R #6 at 123 count 2"});
}

void StoryTellerTest::oneSideOnly()
{
    Talk talk;
    talk.client(psh | ack, 1001, 5001, {.payload = 10}).client(psh | ack, 1011, 5001, {.payload = 10});
    QCOMPARE(
        told(talk, {"BeganBefore", "OneSided", "NotAnswered", "StillOpen"}),
        (QStringList{"BeganBefore O #0 at 0", "OneSided O #0 at 0 count 2", "StillOpen O at 1 span 60000"}));
    Talk answers;
    answers.server(syn | ack, 5000, 1001).server(psh | ack, 5001, 1001, {.payload = 10});
    QCOMPARE(told(answers, {"AnswerFirst", "OneSided", "NotAcknowledged", "BeganBefore"}),
             (QStringList{"AnswerFirst R #0 at 0 actual 5000", "OneSided R #0 at 0 count 2"}));
    // Who acknowledges was answered.
    Talk asks;
    asks.client(syn, 1000).client(ack, 1001, 5001).client(psh | ack, 1001, 5001, {.payload = 10});
    QCOMPARE(told(asks, {"Asked", "OneSided", "NotAnswered"}),
             (QStringList{"OneSided O #0 at 0 count 3", "Asked O #0 at 0 actual 1000"}));
}

void StoryTellerTest::theResponderMaySpeakFirst()
{
    Talk talk;
    talk.handshake().server(psh | ack, 5001, 1001, {.payload = 100}); // a banner
    talk.client(psh | ack, 1001, 5101, {.payload = 10}).wait(49 * ms);
    talk.server(psh | ack, 5101, 1011, {.payload = 10});
    QCOMPARE(told(talk, {"FirstResponse"}), QStringList{"FirstResponse R at 72 span 50 count 2"});
}

void StoryTellerTest::sentAgain()
{
    Talk talk;
    talk.handshake();
    for (const std::int64_t sequence : {5001, 6001, 7001})
        talk.server(psh | ack, sequence, 1001, {.payload = 1000});
    talk.wait(300 * ms).server(psh | ack, 5001, 1001, {.payload = 1000}); // nothing was acknowledged yet
    talk.client(ack, 1001, 8001);
    talk.wait(300 * ms).server(psh | ack, 7001, 1001, {.payload = 1000}); // that was
    QCOMPARE(told(talk, {"Sent", "Missed", "OutOfOrder"}),
             QStringList{"Sent R #3 at 21 count 5 bytes 3000 segments 5 again 2 unneeded 1"});
}

void StoryTellerTest::notCaptured()
{
    Talk talk;
    talk.handshake().server(psh | ack, 5001, 1001, {.payload = 1000});
    talk.server(psh | ack, 7001, 1001, {.payload = 1000}).client(ack, 1001, 8001);
    QCOMPARE(told(talk, {"Missed"}), QStringList{"Missed R #5 at 23 bytes 1000"}); // the ACK tells it
    // Nobody acknowledges it, and nothing comes that may have been it.
    Talk never;
    never.handshake().server(psh | ack, 5001, 1001, {.payload = 1000});
    never.server(psh | ack, 7001, 1001, {.payload = 1000});
    QCOMPARE(told(never, {"Missed"}), QStringList{"Missed R #4 at 22"});
}

void StoryTellerTest::whatCameInTheEndWasCaptured()
{
    Talk lost;
    lost.handshake().server(psh | ack, 5001, 1001, {.payload = 1000});
    lost.server(psh | ack, 7001, 1001, {.payload = 1000}).client(ack, 1001, 6001).wait(300 * ms);
    lost.server(psh | ack, 6001, 1001, {.payload = 1000}).client(ack, 1001, 8001);
    lost.client(fin | ack, 1001, 8001).server(fin | ack, 8001, 1002).client(ack, 1002, 8002);
    QCOMPARE(told(lost, {"Missed"}), QStringList());
}

// A frame that was cut short was captured all the same; what is missing beside it is still told.
void StoryTellerTest::cutFramesWereCaptured()
{
    const Talk::Segment cut{.payload = 1000, .damage = PacketExtras::PayloadCut};
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, cut).server(psh | ack, 5001, 2001, cut);
    talk.client(ack, 2001, 6001);
    QCOMPARE(told(talk, {"Missed", "Sent"}),
             (QStringList{"Sent O #3 at 21 bytes 1000 segments 1", "Sent R #4 at 22 bytes 1000 segments 1"}));
    talk.server(psh | ack, 6501, 2001, cut).client(ack, 2001, 7501);
    QCOMPARE(told(talk, {"Missed"}), QStringList{"Missed R #7 at 25 bytes 500"});
}

void StoryTellerTest::keptAlive()
{
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, {.payload = 10}).server(ack, 5001, 1011);
    for (int i = 0; i < 3; ++i)
        talk.wait(9999 * ms).client(ack, 1010, 5001).server(ack, 5001, 1011);
    QCOMPARE(told(talk, {"KeptAlive", "Silent"}),
             (QStringList{"Silent O #5 at 22 span 10000", "KeptAlive O #5 at 10022 count 3"}));
}

void StoryTellerTest::damaged()
{
    Talk talk;
    talk.handshake().client(psh | ack, 77, 99, {.payload = 10, .damage = PacketExtras::BadChecksum});
    QCOMPARE(told(talk, {"Damaged", "Sent"}), QStringList{"Damaged O #3 at 21"});
}

void StoryTellerTest::theHighEndMayBeTheOriginator()
{
    for (const bool clientIsHigh : {false, true}) {
        Talk talk(clientIsHigh);
        talk.handshake().server(psh | ack, 5001, 1001, {.payload = 900}).client(rst, 1001);
        QCOMPARE(told(talk), (QStringList{
                                 "Asked O #0 at 0 actual 1000",
                                 "Answered R #1 at 10 span 10 actual 5000",
                                 "Established O #2 at 20 span 20",
                                 "Sent R #3 at 21 bytes 900 segments 1",
                                 "Reset O #4 at 22 span 1",
                                 "State O at 22 RSTO",
                             }));
    }
}

// Data with the handshake's ACK: to the reference PSH makes it no ACK of the handshake.
void StoryTellerTest::theReferenceMayBeAlone()
{
    Talk talk;
    talk.client(syn, 1000).server(syn | ack, 5000, 1001).client(psh | ack, 1001, 5001, {.payload = 5});
    QCOMPARE(told(talk, {"Established", "NotAcknowledged", "ReferenceSays"}),
             (QStringList{"Established O #2 at 2 span 2", "ReferenceSays O at 2 incomplete_no_ack"}));
}

void StoryTellerTest::estimatedFiguresAreSaidToBe()
{
    Talk talk;
    talk.handshake().client(psh | ack, 1001, 5001, {.payload = 50, .known = false});
    talk.client(psh | ack, 1001, 5001, {.payload = 50, .known = false}); // again, but who knows
    const auto lines = told(talk, {"Sent", "Estimated"});
    QCOMPARE(lines.last(), QStringLiteral("Estimated O at 22"));
    QVERIFY(!lines.first().contains(QLatin1String("again")));
}

QTEST_APPLESS_MAIN(StoryTellerTest)
#include "story_teller_test.moc"
