// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/distributions_hands.h"

#include <QAccessible>
#include <QSet>
#include <algorithm>
#include <numeric>

using namespace packetloom;
using namespace packetloom::test;

/// Distributions of flows in the real window, and what is chosen in them.
class DistributionsJourneyTest : public QObject, protected DistributionsHands
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { begin(); }
    void cleanup() { end(); }
    void aDragLeavesTheFlowsOfItsBins();
    void aBinCanBeClicked();
    void keysMarkAndChoose();
    void scalesDiffer();
    void groupsHaveHistogramsOfTheirOwn();
    void aBinOfAGroupLeavesItsFlows();
    void figuresOfTheExactEngineAreNotTold();
    void figuresOfTheExactEngine();
};

namespace {

constexpr int patience = WindowDriver::patience;

std::uint64_t flowsOf(const Distribution& distribution, std::size_t first, std::size_t last)
{
    std::uint64_t flows = 0;
    for (auto bin = first; bin <= last; ++bin)
        flows += distribution.all.bins[bin];
    return flows;
}

} // namespace

void DistributionsJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("DistributionsJourneyTest"));
}

void DistributionsJourneyTest::aDragLeavesTheFlowsOfItsBins()
{
    showSample();
    const auto before = panel().distribution();
    QCOMPARE(before->all.known, 100U);
    QCOMPARE(before->bins.front(), (ValueRange{0, 0})); // of single packets
    QCOMPARE(before->all.bins.front(), 40U);
    const std::size_t first = 6, last = before->bins.size() - 4;
    drag(chart(), int(first), int(last));
    QCOMPARE(chips().size(), 1);
    QVERIFY2(chips().constFirst().startsWith(QStringLiteral("duration >= ")),
             qPrintable(chips().constFirst()));
    const auto expected = flowsOf(*before, first, last);
    QVERIFY(expected > 0 && expected < 60);
    QTRY_COMPARE_WITH_TIMEOUT(std::uint64_t(flowsShown()), expected, patience);
    // Just those.
    QVERIFY(waitForAnswer());
    QVERIFY(panel().distribution()->all.least >= before->bins[first].least);
    QVERIFY(panel().distribution()->all.most <= before->bins[last].most);
    QCOMPARE(panel().distribution()->all.known, expected);
    QVERIFY(driver_->shows(QStringLiteral("%1 of 100 flows").arg(expected)));
    QVERIFY(panel().isVisible()); // it stays where one is
    driver_->press(QStringLiteral("Clear all"));
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().distribution()->all.known, 100U);
    QVERIFY(driver_->shows(QStringLiteral("all 100 flows")));
}

void DistributionsJourneyTest::aBinCanBeClicked()
{
    showSample();
    drag(chart(), 0, 0);
    QCOMPARE(chips(), QStringList{QStringLiteral("duration == 0s")});
    QTRY_COMPARE_WITH_TIMEOUT(flowsShown(), 40, patience);
    driver_->press(QStringLiteral("Clear all"));
    QVERIFY(waitForAnswer());
    // A bin without a flow would leave nothing to see.
    const auto& bins = panel().distribution()->all.bins;
    const auto empty = std::ranges::find(bins, 0U) - bins.begin();
    QVERIFY(empty < std::ssize(bins));
    drag(chart(), int(empty), int(empty));
    QVERIFY(chips().isEmpty());
    QVERIFY(readout().contains(QStringLiteral("0 flows (0.0%)")));
}

void DistributionsJourneyTest::keysMarkAndChoose()
{
    showSample();
    auto* const plot = chart()->plot();
    plot->setFocus();
    QTest::keyClick(plot, Qt::Key_Home);
    QCOMPARE(readout(), QStringLiteral("0 us: 40 flows (40.0%)"));
    QTest::keyClick(plot, Qt::Key_End);
    QTest::keyClick(plot, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(plot, Qt::Key_Left, Qt::ShiftModifier);
    const auto before = panel().distribution();
    const auto count = before->bins.size(), flows = flowsOf(*before, count - 3, count - 1);
    QVERIFY2(readout().contains(QStringLiteral(": %1 flows (%1.0%)").arg(flows)), qPrintable(readout()));
    QCOMPARE(QAccessible::queryAccessibleInterface(plot)->text(QAccessible::Value), readout());
    QTest::keyClick(plot, Qt::Key_Escape);
    QVERIFY(readout().isEmpty());
    QTest::keyClick(plot, Qt::Key_Return);
    QVERIFY(chips().isEmpty());
    QTest::keyClick(plot, Qt::Key_End);
    QTest::keyClick(plot, Qt::Key_Left, Qt::ShiftModifier);
    QTest::keyClick(plot, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(std::uint64_t(flowsShown()), flowsOf(*before, count - 2, count - 1), patience);
    QVERIFY(waitForAnswer());
    QVERIFY(plot->hasFocus()); // and one goes on from there
}

void DistributionsJourneyTest::scalesDiffer()
{
    showSample();
    QCOMPARE(panel().distribution()->scale, BinScale::Logarithmic);
    choose("Scale of the quantity", "linear");
    QVERIFY(waitForAnswer());
    const auto linear = panel().distribution();
    QCOMPARE(linear->scale, BinScale::Linear);
    QCOMPARE(linear->bins.front(), (ValueRange{0, 99'999}));
    QVERIFY(driver_->shows(QStringLiteral("least_0_us_· 5%:_0_us_· 25%:_0_us_· median_100_ms_· "
                                          "75%:_1.225_s_· 95%:_3.025_s_· 99%:_3.481_s_· most_3.6_s")
                               .replace(QLatin1Char('_'), QChar::Nbsp)));
    QTest::keyClick(chart()->plot(), Qt::Key_Home);
    QCOMPARE(readout(), QStringLiteral("0 us – 100 ms: 49 flows (49.0%)"));
    drag(chart(), 1, 1);
    QCOMPARE(chips(), QStringList{QStringLiteral("duration >= 100ms and duration < 200ms")});
    // Heights are another matter.
    driver_->press(QStringLiteral("Clear all"));
    QVERIFY(waitForAnswer());
    const auto before = chart()->plot()->yAxis->scaleType();
    driver_->press(QStringLiteral("Log &heights"));
    QVERIFY(before != chart()->plot()->yAxis->scaleType());
    choose("Quantity whose distribution is shown", "Packets");
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().distribution()->bins, (std::vector<ValueRange>{{1, 1}, {2, 2}}));
    QCOMPARE(panel().distribution()->all.bins, (std::vector<std::uint64_t>{40, 60}));
}

void DistributionsJourneyTest::groupsHaveHistogramsOfTheirOwn()
{
    showSample();
    QCOMPARE(panel().charts().size(), 1);
    choose("A histogram for each", "Destination port");
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().charts().size(), 4);
    QStringList titles;
    QSet<double> heights, widths;
    for (int i = 1; i < 4; ++i) {
        titles << chart(i)->histogram().title;
        heights << chart(i)->plot()->yAxis->range().upper;
        widths << chart(i)->plot()->xAxis->range().upper;
        QVERIFY(chart(i)->isVisible());
    }
    QCOMPARE(titles, (QStringList{QStringLiteral("80"), QStringLiteral("22"), QStringLiteral("443")}));
    QCOMPARE(heights.size(), 1); // or they could not be compared
    QCOMPARE(widths.size(), 1);
    QCOMPARE(chart(1)->histogram().note, QStringLiteral("60 flows, median 0 us"));
    choose("A histogram for each", "Source");
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().charts().size(), 10);
    QCOMPARE(chart(9)->histogram().title, QStringLiteral("the other 92"));
    choose("A histogram for each", "nothing");
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().charts().size(), 1);
}

void DistributionsJourneyTest::aBinOfAGroupLeavesItsFlows()
{
    showSample();
    choose("A histogram for each", "Destination port");
    QVERIFY(waitForAnswer());
    const auto last = int(panel().distribution()->bins.size()) - 1;
    const auto& flows = chart(2)->histogram().flows;
    const auto expected = std::accumulate(flows.begin() + 1, flows.end(), quint64{0});
    drag(chart(2), 1, last);
    QCOMPARE(chips().size(), 1);
    QVERIFY2(chips().constFirst().startsWith(QStringLiteral("flow(dport == 22) and duration >= ")),
             qPrintable(chips().constFirst()));
    QTRY_COMPARE_WITH_TIMEOUT(quint64(flowsShown()), expected, patience);
    QCOMPARE(expected, quint64{20});
}

void DistributionsJourneyTest::figuresOfTheExactEngineAreNotTold()
{
    showSample();
    choose("Quantity whose distribution is shown", "Handshake RTT");
    QTRY_VERIFY_WITH_TIMEOUT(std::ranges::any_of(panel().findChildren<QLabel*>(),
                                                 [](const QLabel* label) {
                                                     return label->isVisible() &&
                                                            label->text().startsWith(QStringLiteral(
                                                                "“Handshake RTT” is not known of these "
                                                                "flows: the exact engine alone tells it."));
                                                 }),
                             patience);
    QVERIFY(!panel().distribution());
    QVERIFY(!chart()->isVisible());
    choose("Quantity whose distribution is shown", "Bytes");
    QVERIFY(waitForAnswer());
    QVERIFY(chart()->isVisible());
}

void DistributionsJourneyTest::figuresOfTheExactEngine()
{
    // Handshakes of 20 us to 20 ms; every fourth is never answered.
    std::string text = captureHeader();
    for (int i = 1; i <= 40; ++i) {
        const std::string from = "10.0.0." + std::to_string(i), to = "10.9.0.1";
        const std::int64_t start = captureStart + i * 10'000'000, half = std::int64_t{10} * i * i;
        text += captureRow(start, from, to, TcpFlags::syn, 1, 0);
        if (i % 4 == 0)
            continue;
        auto answer = captureRow(start + half, to, from, TcpFlags::syn | TcpFlags::ack, 9, 2);
        const std::string ports = ",40000,80,";
        answer.replace(answer.find(ports), ports.size(), ",80,40000,");
        text += answer + captureRow(start + 2 * half, from, to, TcpFlags::ack, 2, 10);
    }
    driver_->drop({folder_->write("in.csv", text)});
    choose("Flows told by", "the exact engine");
    QVERIFY(driver_->analyze());
    driver_->action(QStringLiteral("Distributions"))->trigger();
    choose("Quantity whose distribution is shown", "Handshake RTT");
    QVERIFY(waitForAnswer());
    const auto shown = panel().distribution();
    QCOMPARE(shown->all.known, 30U);
    QCOMPARE(shown->all.unknown, 10U);
    QCOMPARE(shown->all.least, std::int64_t{20});
    QCOMPARE(shown->all.most, std::int64_t{2 * 10 * 39 * 39});
    QVERIFY(driver_->shows(QStringLiteral("all 40 flows; not known of 10 of them")));
    const std::size_t first = 2, last = shown->bins.size() - 3;
    drag(chart(), int(first), int(last));
    QCOMPARE(chips().size(), 1);
    QVERIFY2(chips().constFirst().startsWith(QStringLiteral("handshake_rtt >= ")),
             qPrintable(chips().constFirst()));
    QTRY_COMPARE_WITH_TIMEOUT(std::uint64_t(flowsShown()), flowsOf(*shown, first, last), patience);
    // A table of packets tells no retransmissions: that is not none.
    driver_->press(QStringLiteral("Clear all"));
    choose("Quantity whose distribution is shown", "Retransmitted \xE2\x80\xB0");
    QVERIFY(waitForAnswer());
    QCOMPARE(chart()->plot()->accessibleDescription(),
             QStringLiteral("It is not known of any of these flows."));
    QVERIFY(driver_->shows(QStringLiteral("all 40 flows; not known of 40 of them")));
}

QTEST_MAIN(DistributionsJourneyTest)
#include "distributions_journey_test.moc"
