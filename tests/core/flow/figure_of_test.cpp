// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/figure_of.h"

#include <QTest>
#include <limits>
#include <optional>
#include <string>

using namespace packetloom;

/// Figures of single flows, and whose they are.
class FigureOfTest : public QObject
{
    Q_OBJECT

private slots:
    void eachSideHasItsOwn_data();
    void eachSideHasItsOwn();
    void bothTogetherNeedBoth();
    void sharesAreOfTheSegmentsOfTheirSide();
    void namesSayWhose();
};

namespace {

using Member = FlowSide::MaybeCount FlowSide::*;
using enum FlowFigure;

constexpr auto first = static_cast<std::size_t>(Payload);

FlowFigure figureAt(std::size_t i)
{
    return static_cast<FlowFigure>(i);
}

} // namespace

void FigureOfTest::eachSideHasItsOwn_data()
{
    QTest::addColumn<FlowFigure>("both");
    QTest::addColumn<FlowFigure>("originators");
    QTest::addColumn<FlowFigure>("responders");
    QTest::addColumn<Member>("member");
    const auto row = [](const char* name, FlowFigure both, FlowFigure originators, FlowFigure responders,
                        Member member) {
        QTest::newRow(name) << both << originators << responders << member;
    };
    row("payload", Payload, OriginatorPayload, ResponderPayload, &FlowSide::payload);
    row("goodput", Goodput, OriginatorGoodput, ResponderGoodput, &FlowSide::goodput);
    row("missed", MissedBytes, OriginatorMissedBytes, ResponderMissedBytes, &FlowSide::missedBytes);
    row("again", Retransmissions, OriginatorRetransmissions, ResponderRetransmissions,
        &FlowSide::retransmissions);
    row("fast", FastRetransmissions, OriginatorFastRetransmissions, ResponderFastRetransmissions,
        &FlowSide::fastRetransmissions);
    row("spurious", SpuriousRetransmissions, OriginatorSpuriousRetransmissions,
        ResponderSpuriousRetransmissions, &FlowSide::spuriousRetransmissions);
    row("order", OutOfOrder, OriginatorOutOfOrder, ResponderOutOfOrder, &FlowSide::outOfOrder);
    row("gaps", Gaps, OriginatorGaps, ResponderGaps, &FlowSide::gaps);
    row("duplicates", DuplicateAcks, OriginatorDuplicateAcks, ResponderDuplicateAcks,
        &FlowSide::duplicateAcks);
    row("zero", ZeroWindows, OriginatorZeroWindows, ResponderZeroWindows, &FlowSide::zeroWindows);
    row("full", WindowFull, OriginatorWindowFull, ResponderWindowFull, &FlowSide::windowFull);
    row("alive", KeepAlives, OriginatorKeepAlives, ResponderKeepAlives, &FlowSide::keepAlives);
}

void FigureOfTest::eachSideHasItsOwn()
{
    QFETCH(FlowFigure, both);
    QFETCH(FlowFigure, originators);
    QFETCH(FlowFigure, responders);
    QFETCH(Member, member);
    ExactFlow flow;
    flow.sides[ExactFlow::originator].*member = 17;
    flow.sides[ExactFlow::responder].*member = 4;
    QCOMPARE(numberOf(flow, both), std::optional<std::int64_t>(21));
    QCOMPARE(numberOf(flow, originators), std::optional<std::int64_t>(17));
    QCOMPARE(numberOf(flow, responders), std::optional<std::int64_t>(4));
    for (std::size_t i = first; i < flowFigureCount; ++i) { // and nothing else has it
        const auto figure = figureAt(i);
        if (figure != both && figure != originators && figure != responders)
            QVERIFY2(!numberOf(flow, figure), std::string(factsOf(figure).name).c_str());
    }
}

void FigureOfTest::bothTogetherNeedBoth()
{
    ExactFlow flow;
    for (std::size_t i = first; i < flowFigureCount; ++i)
        QVERIFY(!numberOf(flow, figureAt(i)));
    flow.sides[ExactFlow::responder].gaps = 3;
    QCOMPARE(numberOf(flow, ResponderGaps), std::optional<std::int64_t>(3));
    QVERIFY(!numberOf(flow, OriginatorGaps));
    QVERIFY(!numberOf(flow, Gaps));
    // A count beyond signed numbers is the largest of them.
    flow.sides[ExactFlow::responder].payload = ~std::uint64_t{0};
    QCOMPARE(numberOf(flow, ResponderPayload), std::optional(std::numeric_limits<std::int64_t>::max()));
}

void FigureOfTest::sharesAreOfTheSegmentsOfTheirSide()
{
    ExactFlow flow;
    auto& [from, to] = flow.sides;
    from.retransmissions = 1;
    from.dataPackets = 10;
    to.retransmissions = 0;
    to.dataPackets = 0;
    QCOMPARE(numberOf(flow, OriginatorRetransmissionShare), std::optional<std::int64_t>(100));
    QVERIFY(!numberOf(flow, ResponderRetransmissionShare)); // of nothing there is no share
    QCOMPARE(numberOf(flow, RetransmissionShare), std::optional<std::int64_t>(100));
    to.retransmissions = 5;
    to.dataPackets = 10;
    QCOMPARE(numberOf(flow, ResponderRetransmissionShare), std::optional<std::int64_t>(500));
    QCOMPARE(numberOf(flow, RetransmissionShare), std::optional<std::int64_t>(300));
}

// As those of conn.log and of JSON lines do.
void FigureOfTest::namesSayWhose()
{
    for (std::size_t i = 0; i < sideFigureCount; ++i) {
        const auto& both = factsOf(figureAt(first + i));
        const auto& from = factsOf(figureAt(first + sideFigureCount + i));
        const auto& to = factsOf(figureAt(first + 2 * sideFigureCount + i));
        QCOMPARE(std::string(from.name), "orig_" + std::string(both.name));
        QCOMPARE(std::string(to.name), "resp_" + std::string(both.name));
        QVERIFY(from.kind == both.kind && to.kind == both.kind);
        QCOMPARE(both.side, FigureSide::Flow);
        QCOMPARE(from.side, FigureSide::Originator);
        QCOMPARE(to.side, FigureSide::Responder);
    }
}

QTEST_MAIN(FigureOfTest)
#include "figure_of_test.moc"
