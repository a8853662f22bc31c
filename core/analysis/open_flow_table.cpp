// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/open_flow_table.h"

#include "core/analysis/flow_words.h"
#include "core/support/guard.h"
#include "core/support/hash_mix.h"

#include <algorithm>
#include <limits>
#include <tsl/robin_map.h>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t blockSize = std::size_t{256} << 10;
constexpr std::uint64_t rowsPerTick = 256;

/// One opening: all rows first, then what is counted of the flows.
class FlowTableOpener
{
public:
    FlowTableOpener(const fs::path& file, const Heartbeat& heartbeat, std::uint64_t memoryLimit,
                    const StopEvent* stop)
        : file_(file), meter_(heartbeat, memoryLimit), stop_(stop)
    {
    }

    Result<std::shared_ptr<const FlowTableAnalysis>> open() { return meter_.reason(read()); }

private:
    [[nodiscard]] Error stopped() const { return {.code = Errc::Cancelled, .detail = {}, .file = {}}; }

    Result<std::shared_ptr<const FlowTableAnalysis>> read()
    {
        auto source = openSource();
        if (!source)
            return std::move(source).error();
        if (auto rows = readRows(**source); !rows)
            return std::move(rows).error();
        meter_.progress().phase = Phase::Finishing;
        if (auto counted = count(); !counted)
            return std::move(counted).error();
        noteDoubts((*source)->doubts());
        analysis_->totals.noteNothingKept();
        return std::shared_ptr<const FlowTableAnalysis>(std::move(analysis_));
    }

    Result<std::unique_ptr<FlowSource>> openSource()
    {
        if (const auto kind = fileKind(file_); kind && *kind != FileKind::Regular)
            return Error{.code = *kind == FileKind::Folder ? Errc::IsDirectory : Errc::NotRegular,
                         .detail = {},
                         .file = file_,
                         .stage = Stage::Prepare,
                         .facts = *kind};
        auto bytes = openByteSource(file_, blockSize, stop_);
        if (!bytes)
            return whilePreparing(std::move(bytes).error());
        analysis_ = std::make_shared<FlowTableAnalysis>();
        analysis_->file = file_;
        analysis_->inputs = {file_};
        analysis_->format = flowTableFormatOf((*bytes)->head());
        if (!analysis_->format)
            return Error{.code = Errc::NotAFlowTable, .detail = {}, .file = file_, .stage = Stage::Prepare};
        std::error_code unknown;
        const auto size = fs::file_size(file_, unknown);
        meter_.progress().bytesTotal = unknown ? 0 : size;
        meter_.progress().tally = &analysis_->tally;
        return analysis_->format->open({file_, *std::move(bytes), blockSize, stop_});
    }

    Result<void> readRows(FlowSource& source)
    {
        FlowRow row;
        for (;;) {
            const auto step = source.next(row);
            if (step == FlowSource::Step::Failed) {
                Error error = source.error();
                error.file = file_;
                return error;
            }
            if (step == FlowSource::Step::End)
                break;
            take(row);
            if (analysis_->totals.rows.read % rowsPerTick == 0 && !tick(source))
                return stopped();
        }
        tick(source);
        if (const auto ignored = source.bytes().ignoredFrom())
            warn(Warning::Kind::TrailingGarbage, *ignored);
        return noteChange(source.bytes().change(), file_, analysis_->totals.warnings);
    }

    void take(const FlowRow& row)
    {
        RunTotals& totals = analysis_->totals;
        ++totals.rows.read;
        if (row.rejected) {
            ++totals.rows.rejected;
            ++totals.rejectedBy[static_cast<std::size_t>(*row.rejected)];
            if (totals.firstRejected.size() < keptRejectedRows)
                totals.firstRejected.push_back({.line = row.line,
                                                .reason = *row.rejected,
                                                .column = std::string(row.column),
                                                .raw = std::string(row.raw)});
            return;
        }
        ++totals.rows.kept;
        const FlowRecord& record = row.record;
        const FlowEnding& ending = record.ending;
        FlowTable::Recorded flow;
        flow.number = totals.rows.kept;
        flow.source = {analysis_->addresses.intern(record.source), record.sourcePort};
        flow.destination = {analysis_->addresses.intern(record.destination), record.destinationPort};
        flow.state = ending.state;
        flow.closeType = ending.closeType;
        flow.marks = static_cast<std::uint8_t>(FlowTable::InitiatorKnown |
                                               (ending.established ? unsigned{FlowTable::Established} : 0u));
        flow.start = record.start;
        flow.end = record.end;
        flow.packets = record.packets.value_or(0);
        constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        flow.bytes = static_cast<std::int64_t>(std::min(record.bytes.value_or(0), most));
        flow.sentPackets = record.sentPackets.value_or(0);
        flow.sentBytes = static_cast<std::int64_t>(std::min(record.sentBytes.value_or(0), most));
        analysis_->flows.add(flow);
        analysis_->facts.add(record);
        ++analysis_->tally.closeTypes[static_cast<std::size_t>(ending.closeType)];
        ++analysis_->tally.invalidReasons[static_cast<std::size_t>(InvalidReason::None)];
        const bool packetsTold = !record.packets || record.sentPackets || record.receivedPackets;
        const bool bytesTold = !record.bytes || record.sentBytes || record.receivedBytes;
        directionsMissing_ = directionsMissing_ || !packetsTold || !bytesTold;
    }

    bool tick(const FlowSource& source)
    {
        Progress& progress = meter_.progress();
        progress.bytesDone = source.bytes().bytesOnDisk();
        progress.rows = analysis_->totals.rows.read;
        progress.rejected = analysis_->totals.rows.rejected;
        progress.flows = analysis_->flows.size();
        progress.addresses = analysis_->addresses.size() - 1;
        return meter_.tick(analysis_->addresses.growth(2 * rowsPerTick) +
                           analysis_->flows.growth(rowsPerTick) + analysis_->facts.growth(rowsPerTick));
    }

    // What no single row tells.
    Result<void> count()
    {
        RunTotals& totals = analysis_->totals;
        const FlowTable& flows = analysis_->flows;
        totals.flows = flows.size();
        tsl::robin_map<std::string_view, ServiceCount, TextHash> services;
        for (std::size_t i = 0; i < flows.size(); ++i) {
            if (i % rowsPerTick == 0 && !meter_.tick(analysis_->addressStats.growth(2 * rowsPerTick) +
                                                     analysis_->pairs.growth(rowsPerTick)))
                return stopped();
            const auto counts = analysis_->counts(i);
            analysis_->addressStats.addFlow(counts);
            analysis_->pairs.addFlow(counts);
            analysis_->byOutcome.add(
                flows.start(i), static_cast<std::size_t>(flows.outcome(i)),
                Timeline::Cell{flows.packets(i), static_cast<std::uint64_t>(flows.bytes(i))});
            analysis_->packetCount += flows.packets(i);
            ServiceCount& service = services[flowService(*analysis_, i)];
            ++service.flows;
            service.packets += flows.packets(i);
            totals.tcpPackets += analysis_->isTcp(i) ? flows.packets(i) : 0;
            totals.firstTimestamp = i == 0 ? flows.start(i) : std::min(totals.firstTimestamp, flows.start(i));
            totals.lastTimestamp = i == 0 ? flows.end(i) : std::max(totals.lastTimestamp, flows.end(i));
        }
        totals.uniqueAddresses = analysis_->addressStats.unique().size();
        for (const auto& [name, count] : services)
            analysis_->services.push_back({name, count.flows, count.packets});
        std::sort(analysis_->services.begin(), analysis_->services.end(),
                  [](const ServiceCount& a, const ServiceCount& b) {
                      return a.flows != b.flows ? a.flows > b.flows : a.name < b.name;
                  });
        return {};
    }

    void warn(Warning::Kind kind, std::uint64_t byte = 0)
    {
        analysis_->totals.warnings.push_back(
            {kind, Error{.code = Errc::Read, .detail = {}, .file = file_, .byte = byte}});
    }

    void noteDoubts(const FlowDoubts& doubts)
    {
        const auto has = [&](FlowDoubt doubt) { return doubts[static_cast<std::size_t>(doubt)]; };
        if (has(FlowDoubt::NoDate))
            warn(Warning::Kind::TimesWithoutDate);
        if (has(FlowDoubt::DayOrMonth))
            warn(Warning::Kind::DayOrMonth);
        if (directionsMissing_)
            warn(Warning::Kind::NoDirections);
        if (has(FlowDoubt::NoZone))
            warn(Warning::Kind::TimesWithoutZone);
    }

    const fs::path& file_;
    ProgressMeter meter_;
    const StopEvent* stop_;
    std::shared_ptr<FlowTableAnalysis> analysis_;
    bool directionsMissing_ = false;
};

} // namespace

Result<std::shared_ptr<const FlowTableAnalysis>> openFlowTable(const fs::path& file,
                                                               const Heartbeat& heartbeat,
                                                               std::uint64_t memoryLimit,
                                                               const StopEvent* stop)
{
    return guarded([&] { return FlowTableOpener(file, heartbeat, memoryLimit, stop).open(); });
}

} // namespace packetloom
