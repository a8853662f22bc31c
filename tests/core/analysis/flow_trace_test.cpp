// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_trace.h"

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/output/convert.h"
#include "tests/support/golden_rows.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is told of one flow, of captures and of datasets, agrees with what is told of it elsewhere.
class FlowTraceTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QDir::setCurrent(start_); }
    void everyFlowIsAsItWasJudged_data();
    void everyFlowIsAsItWasJudged();

private:
    const TestFolder folder_;
    const QString start_ = QDir::currentPath();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

/// "role of packet 3" and so on; empty where both are the same.
QString rolesDifference(const FlowTrace& trace, const FlowLife& life)
{
    std::vector<std::optional<PacketRole>> roles(trace.packets.size());
    for (const auto* phase : {&life.establishment, &life.dataTransfer, &life.closing}) {
        for (const PhasePacket& packet : *phase)
            roles.at(packet.packet) = packet.role;
    }
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (trace.packets[i].role != roles[i])
            return QStringLiteral("role of packet %1").arg(i);
        if (roles[i] && trace.packets[i].phase != phaseOf(*roles[i]))
            return QStringLiteral("phase of packet %1").arg(i);
    }
    return {};
}

QString difference(const Analysis& analysis, std::size_t flow)
{
    const auto trace = traceFlow(analysis, {.flow = flow, .interval = {}, .rules = {}});
    const auto detail = readFlow(analysis, flow);
    if (!trace || !detail)
        return QStringLiteral("cannot be read: ") +
               QString::fromStdString(trace ? detail.error().detail : trace.error().detail);
    if (trace->packetCount != analysis.flows.packets(flow) || trace->packets.size() != trace->packetCount)
        return QStringLiteral("number of packets");
    std::array<std::uint64_t, 2> counted{}, inSlices{};
    for (std::size_t i = 0; i < trace->packets.size(); ++i) {
        const TracedPacket& packet = trace->packets[i];
        if (packet.index != i ||
            (i < detail->packets.size() && FlowPacket::of(packet.packet) != detail->packets[i]))
            return QStringLiteral("packet %1").arg(i);
        ++counted[packet.verdict.fromOriginator ? 0 : 1];
    }
    for (std::size_t side = 0; side < 2; ++side) {
        for (const TraceSlice& slice : trace->slices[side])
            inSlices[side] += slice.packets;
        if (inSlices[side] != counted[side] || trace->flow.sides[side].packets != counted[side])
            return QStringLiteral("packets of side %1").arg(side);
    }
    const FlowLife &a = trace->life, &b = detail->life;
    if (a.state != b.state || a.closeType != b.closeType || a.invalidReason != b.invalidReason ||
        a.invalidPacket != b.invalidPacket || a.listedPackets != b.listedPackets || a.syn != b.syn ||
        a.synAck != b.synAck || a.totalBytes.clamped() != b.totalBytes.clamped())
        return QStringLiteral("life");
    if (const QString roles = rolesDifference(*trace, b); !roles.isEmpty())
        return roles;
    const bool decided = b.invalidReason != InvalidReason::None && b.invalidPacket;
    if (trace->decidingRow.has_value() != decided ||
        (decided && trace->packets.at(*b.invalidPacket).row != *trace->decidingRow))
        return QStringLiteral("deciding packet");
    // A reason stands in one fact, and the state of the exact engine too.
    const auto count = [&](const auto& fits) {
        return std::count_if(trace->story.begin(), trace->story.end(), fits);
    };
    const bool invalid = b.invalidReason != InvalidReason::None;
    if (count([](const StoryFact& fact) { return fact.kind == StoryKind::State; }) != 1 ||
        count([&](const StoryFact& fact) { return fact.reason != InvalidReason::None; }) != (invalid ? 1 : 0))
        return QStringLiteral("story");
    return {};
}

QStringList differences(const Analysis& analysis)
{
    QStringList all;
    for (std::size_t i = 0; i < analysis.flows.size(); ++i) {
        if (const QString what = difference(analysis, i); !what.isEmpty())
            all += QStringLiteral("flow_%1: %2").arg(analysis.flows.number(i)).arg(what);
    }
    return all;
}

} // namespace

void FlowTraceTest::everyFlowIsAsItWasJudged_data()
{
    addGoldenRows();
}

void FlowTraceTest::everyFlowIsAsItWasJudged()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto options = optionsOf(golden);
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(made);
    QCOMPARE(differences(**made), QStringList());
    const auto dataset = folder_ / "dataset";
    QVERIFY(convert(options, dataset, goOn));
    const auto opened = openDataset(dataset, goOn);
    QVERIFY(opened);
    QCOMPARE(differences(**opened), QStringList());
    if (QDir(golden.expected()).exists()) {
        const auto recorded = openDataset(golden.expected().toStdString(), goOn);
        QVERIFY(recorded);
        QCOMPARE(differences(**recorded), QStringList());
    }
    std::filesystem::remove_all(dataset);
}

QTEST_APPLESS_MAIN(FlowTraceTest)
#include "flow_trace_test.moc"
