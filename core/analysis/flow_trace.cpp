// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_trace.h"

#include "core/analysis/flow_reading.h"
#include "core/analysis/story_teller.h"
#include "core/analysis/trace_keeper.h"
#include "core/analysis/trace_slices.h"
#include "core/analysis/unheard_sides.h"
#include "core/flow/exact/connection.h"
#include "core/flow/flow_engine.h"
#include "core/input/dataset/dataset_file.h"
#include "core/support/guard.h"

#include <algorithm>
#include <span>

namespace packetloom {
namespace {

struct RoleOf
{
    std::uint64_t index = 0;
    PacketRole role{};
};

/// One look at all packets of a flow, in the order of time. Until the end the low end of the key counts as
/// originator: who it is may turn out late.
class Tracing
{
public:
    Tracing(const TraceQuery& query, std::int64_t from, std::int64_t to, std::optional<std::uint64_t> wanted)
        : query_(query),
          from_(from),
          to_(to),
          wanted_(wanted),
          keeper_(query.mostPackets),
          slices_(from, to, query.slices)
    {
    }

    /// The next packets, and the roles of some of them, in order.
    void take(std::span<const FlowRow> rows, std::span<const RoleOf> roles)
    {
        for (const FlowRow& row : rows) {
            TracedPacket packet{.row = row.row, .index = count_++, .packet = row.packet};
            bool fromHigh = FlowKey::isTurned(row.packet);
            if (const auto key = ConnectionKey::of(row.packet, row.extras, fromHigh); packet.index == 0)
                open(row, fromHigh, key);
            packet.verdict = connection_.add(row.packet, row.extras, fromHigh, row.row);
            packet.verdict.fromOriginator = !fromHigh;
            number(packet);
            if (!roles.empty() && roles.front().index == packet.index) {
                packet.role = roles.front().role;
                phase_ = phaseOf(*packet.role);
                roles = roles.subspan(1);
            }
            packet.phase = phase_;
            add(packet);
        }
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Packet i, as far as it was noted or wanted.
    [[nodiscard]] std::optional<TracedPacket> packet(std::uint64_t i) const
    {
        if (i < early_.size())
            return early_[static_cast<std::size_t>(i)];
        return found_ && found_->index == i ? found_ : std::nullopt;
    }

    /// `life` and `decidingRow` are there already.
    void finish(FlowTrace& trace, std::int64_t captureEnd, const std::optional<TracedPacket>& deciding) &&;

private:
    void open(const FlowRow& row, bool fromHigh, const std::optional<ConnectionKey>& key)
    {
        const ConnectionKey plain{.ends = FlowKey::of(row.packet), .protocol = std::int16_t{protocolTcp}};
        connection_.open(key.value_or(plain), query_.rules, row.packet, fromHigh);
    }
    /// Relative numbers of a side that is not heard, or late.
    void number(TracedPacket& packet)
    {
        if (packet.packet.protocol != protocolTcp)
            return;
        const std::size_t side = packet.verdict.fromOriginator ? 0 : 1;
        if (const auto shift = unheard_.take(packet.packet, packet.index, side, packet.verdict))
            slices_.shift(side, *shift);
    }
    void add(const TracedPacket& packet)
    {
        constexpr std::size_t noted = 64; // the handshake is nearly always within them
        if (early_.size() < noted)
            early_.push_back(packet);
        const bool wanted = wanted_ == packet.index;
        if (wanted)
            found_ = packet;
        teller_.add(packet);
        const std::int64_t time = packet.packet.timestamp;
        if (time < from_ || time > to_)
            return;
        slices_.add(packet.packet, packet.verdict);
        keeper_.add(packet, wanted);
    }

    const TraceQuery& query_;
    const std::int64_t from_, to_;
    const std::optional<std::uint64_t> wanted_;
    Connection connection_;
    TraceKeeper keeper_;
    TraceSlices slices_;
    StoryTeller teller_;
    UnheardSides unheard_;
    std::uint64_t count_ = 0;
    FlowPhase phase_ = FlowPhase::Establishment;
    std::vector<TracedPacket> early_;
    std::optional<TracedPacket> found_;
};

void Tracing::finish(FlowTrace& trace, std::int64_t captureEnd,
                     const std::optional<TracedPacket>& deciding) &&
{
    const auto deadline = connection_.deadline();
    trace.flow = connection_.flow(captureEnd >= deadline.time ? deadline.ending : EndReason::CaptureEnd);
    trace.history = trace.flow.history;
    trace.flow.history = {};
    trace.packetCount = count_;
    trace.from = from_;
    trace.to = to_;
    trace.sliceWidth = slices_.width();
    trace.slices = std::move(slices_).take();
    std::move(keeper_).finish(trace);
    for (TracedPacket& packet : trace.packets) {
        const std::size_t acknowledged = packet.verdict.fromOriginator ? 1 : 0;
        if (packet.index < unheard_.heardAt(acknowledged))
            packet.verdict.relativeAcknowledgment += unheard_.shift(acknowledged);
    }
    const bool turned = trace.flow.originatorIsHigh;
    trace.story = std::move(teller_).finish(trace.flow, trace.life, deciding, captureEnd);
    if (!turned)
        return;
    std::swap(trace.slices[0], trace.slices[1]);
    for (TracedPacket& packet : trace.packets)
        packet.verdict.fromOriginator = !packet.verdict.fromOriginator;
    for (FoldedPackets& folded : trace.folded) {
        std::swap(folded.packets[0], folded.packets[1]);
        std::swap(folded.payload[0], folded.payload[1]);
    }
}

/// What the judge reads. Whatever it reads first, the tracing sees as well.
class TracedRun final : public PacketRun
{
public:
    using GoesOn = std::function<bool(double)>;

    TracedRun(const PacketSpool& spool, const FlowSpan& place, Tracing& tracing, const GoesOn& goesOn)
        : spool_(spool), place_(place), tracing_(tracing), goesOn_(goesOn)
    {
    }

    /// Told by the judge, which read() has called.
    void note(std::size_t index, PacketRole role) { roles_.push_back({index, role}); }

    void read(const Visit& visit) override
    {
        bool wanted = true;
        const bool traces = !std::exchange(traced_, true);
        std::vector<FlowPacket> packets;
        auto done = readInTime(
            spool_, place_,
            [&](std::span<const FlowRow> rows) {
                roles_.clear();
                packets.clear();
                for (const FlowRow& row : rows)
                    packets.push_back(FlowPacket::of(row.packet));
                wanted = wanted && visit(packets);
                if (traces)
                    tracing_.take(rows, roles_);
                return wanted || traces;
            },
            goesOn_);
        if (!done && !failure_)
            failure_ = std::move(done).error();
    }
    [[nodiscard]] std::uint64_t size() const override { return place_.packets; }
    [[nodiscard]] const FlowPacket& first() const override { return ends().first; }
    [[nodiscard]] const FlowPacket& last() const override { return ends().second; }
    [[nodiscard]] const std::optional<Error>& failure() const override { return failure_; }

private:
    // Only engines that ask for them pay for that.
    const std::pair<FlowPacket, FlowPacket>& ends() const
    {
        if (!ends_) {
            ends_.emplace();
            bool begun = false;
            auto done = readInTime(spool_, place_, [&](std::span<const FlowRow> rows) {
                if (!std::exchange(begun, true))
                    ends_->first = FlowPacket::of(rows.front().packet);
                ends_->second = FlowPacket::of(rows.back().packet);
                return true;
            });
            if (!done && !failure_)
                failure_ = std::move(done).error();
        }
        return *ends_;
    }

    const PacketSpool& spool_;
    const FlowSpan& place_;
    Tracing& tracing_;
    const GoesOn& goesOn_;
    bool traced_ = false;
    std::vector<RoleOf> roles_; ///< of the batch at hand
    mutable std::optional<std::pair<FlowPacket, FlowPacket>> ends_;
    mutable std::optional<Error> failure_;
};

FlowSpan placeOf(const Analysis& analysis, std::size_t flow)
{
    const auto* const capture = analysis.capture();
    if (capture && capture->exact)
        return spanOf(capture->exact->flow(flow));
    const FlowTable& flows = analysis.flows;
    return {.key = flows.key(flow),
            .protocol = protocolTcp,
            .range = {.firstRow = flows.firstRow(flow),
                      .lastRow = flows.lastRow(flow),
                      .earliest = flows.start(flow),
                      .latest = flows.end(flow)},
            .packets = flows.packets(flow)};
}

/// The reference knows no flows but those of TCP.
Result<FlowLife> unjudged(const CaptureAnalysis& analysis, const FlowSpan& span, Tracing& tracing,
                          const TraceProgress& progress)
{
    auto done = readInTime(
        analysis.spool, span,
        [&](std::span<const FlowRow> rows) {
            tracing.take(rows, {});
            return true;
        },
        progress);
    if (!done)
        return std::move(done).error();
    return FlowLife{};
}

/// Judged again by the reference's rules, while it is read.
Result<FlowLife> judged(const CaptureAnalysis& analysis, std::size_t flow, Tracing& tracing,
                        const TraceProgress& progress)
{
    const FlowSpan place = placeOf(analysis, flow);
    if (place.protocol != protocolTcp)
        return unjudged(analysis, place, tracing, progress);
    TracedRun run(analysis.spool, place, tracing, progress);
    FlowLife life = defaultFlowEngine().makeJudge()->judge(
        {.number = analysis.flows.number(flow),
         .key = place.key,
         .packets = FlowPackets(run),
         .byTimeout = analysis.flows.has(flow, FlowTable::ByTimeout),
         .firstRow = place.range.firstRow,
         .lastRow = place.range.lastRow},
        [&](std::size_t index, const FlowPacket& /*packet*/, PacketRole role) { run.note(index, role); });
    if (run.failure())
        return *run.failure();
    return life;
}

/// As the dataset's chunk file judges it.
Result<FlowLife> recorded(const DatasetAnalysis& analysis, std::size_t flow, Tracing& tracing,
                          const TraceProgress& progress)
{
    auto detail = analysis.detail(flow);
    if (!detail)
        return std::move(detail).error();
    FlowLife& life = detail->life;
    std::vector<RoleOf> roles;
    for (auto* phase : {&life.establishment, &life.dataTransfer, &life.closing}) {
        for (const PhasePacket& packet : *phase)
            roles.push_back({packet.packet, packet.role});
        *phase = {};
    }
    std::sort(roles.begin(), roles.end(), [](const RoleOf& a, const RoleOf& b) { return a.index < b.index; });
    std::span<const RoleOf> rest = roles;
    bool same = true;
    auto done = readInTime(
        analysis.spool, placeOf(analysis, flow),
        [&](std::span<const FlowRow> rows) {
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const std::uint64_t at = tracing.count() + i;
                same =
                    same && (at >= detail->packets.size() ||
                             detail->packets[static_cast<std::size_t>(at)] == FlowPacket::of(rows[i].packet));
            }
            const auto end = std::find_if(rest.begin(), rest.end(), [&](const RoleOf& role) {
                return role.index >= tracing.count() + rows.size();
            });
            const auto now = static_cast<std::size_t>(end - rest.begin());
            tracing.take(rows, rest.first(now));
            rest = rest.subspan(now);
            return same;
        },
        progress);
    if (!done)
        return std::move(done).error();
    if (!same || tracing.count() < detail->packets.size())
        return datasetMismatch(analysis.source.chunkFile(flow),
                               "it has other packets of flow_" + std::to_string(analysis.flows.number(flow)) +
                                   " than packets.csv");
    return std::move(detail->life);
}

Result<FlowTrace> trace(const Analysis& analysis, const TraceQuery& query, const TraceProgress& progress)
{
    const auto* const capture = analysis.capture();
    const auto* const dataset = analysis.dataset();
    if (!capture && !dataset) // says that there are no packets
        return analysis.detail(query.flow).error();
    const FlowTable& flows = analysis.flows;
    const std::int64_t from = query.interval ? query.interval->first : flows.start(query.flow);
    const std::int64_t to = query.interval ? query.interval->second : flows.end(query.flow);
    std::optional<std::uint64_t> wanted;
    for (;;) {
        FlowTrace trace;
        Tracing tracing(query, from, to, wanted);
        auto life = capture ? judged(*capture, query.flow, tracing, progress)
                            : recorded(*dataset, query.flow, tracing, progress);
        if (!life)
            return std::move(life).error();
        trace.life = *std::move(life);
        std::optional<TracedPacket> deciding;
        if (trace.life.invalidReason != InvalidReason::None && trace.life.invalidPacket) {
            deciding = tracing.packet(*trace.life.invalidPacket);
            if (!deciding && !wanted) { // late in a long flow: it is looked for with another look at all
                wanted = *trace.life.invalidPacket;
                continue;
            }
        }
        if (deciding)
            trace.decidingRow = deciding->row;
        const std::int64_t captureEnd = std::max(analysis.totals.lastTimestamp, flows.end(query.flow));
        std::move(tracing).finish(trace, captureEnd, deciding);
        return trace;
    }
}

} // namespace

Result<FlowTrace> traceFlow(const Analysis& analysis, const TraceQuery& query, const TraceProgress& progress)
{
    return guarded([&] { return trace(analysis, query, progress); });
}

} // namespace packetloom
