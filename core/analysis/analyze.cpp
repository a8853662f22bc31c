// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"

#include "core/analysis/analysis_collectors.h"
#include "core/analysis/exact_analysis.h"
#include "core/analysis/selected_rows.h"
#include "core/run/capture_rows.h"
#include "core/run/run.h"
#include "core/support/guard.h"
#include "core/support/temporary_folder.h"

#include <algorithm>
#include <functional>
#include <system_error>
#include <type_traits>
#include <utility>

namespace packetloom {
namespace {

using AnalysisResult = Result<std::shared_ptr<CaptureAnalysis>>;

/// What rows make; they are of the inputs of the analysis, with its addresses. `flowsCount`: whoever follows
/// the progress may be shown the flows. Null where the exact engine is to tell of flows, nothing is spooled,
/// and rows are too far out of order.
AnalysisResult analyzed(std::shared_ptr<CaptureAnalysis> analysis, RowSource& rows, Depth depth,
                        bool flowsCount, StopFlag enough, TaskPool& pool, ProgressMeter& meter,
                        const std::filesystem::path& folder)
{
    const bool exact = analysis->options.flowsBy == FlowsBy::Exact;
    std::unique_ptr<Collector> collector;
    std::function<bool()> takeExactFlows;
    const auto collectIn = [&]<class Kind>(std::type_identity<Kind>) {
        auto made = std::make_unique<Kind>(*analysis, pool);
        takeExactFlows = [&analysis, kind = made.get()] {
            return kind->takeExactFlows(analysis->options.exact);
        };
        collector = std::move(made);
    };
    if (depth == Depth::Counts)
        collectIn(std::type_identity<CountsCollector<CountingShard>>());
    else if (depth == Depth::ExactFlows)
        collectIn(std::type_identity<CountsCollector<ExactFlowsShard>>());
    else if (exact)
        collectIn(std::type_identity<SpoolingCollector<ExactFlowsShard>>());
    else
        collectIn(std::type_identity<FlowsCollector>());
    Run run({.rows = rows,
             .addresses = analysis->addresses,
             .collector = *collector,
             .flowTimeoutSeconds = analysis->options.flowTimeoutSeconds,
             .exact = exact ? &analysis->options.exact : nullptr,
             .enough = enough},
            pool, meter, folder);
    if (depth == Depth::Flows) {
        meter.progress().timeline = &analysis->byClass;
        meter.progress().flowsCount = !exact; // which may turn out to be none, and are known at the end
        meter.progress().tally = exact ? nullptr : &run.tally();
        meter.progress().flowTable = flowsCount && !exact ? &analysis->flows : nullptr;
        meter.progress().addressTable = &analysis->addresses;
    }
    auto result = run.run();
    meter.progress().tally = nullptr; // of the run
    meter.progress().flowTable = nullptr;
    const bool taken = !exact || takeExactFlows();
    if (!taken && depth != Depth::Flows)
        return std::shared_ptr<CaptureAnalysis>();
    if (!result)
        return std::move(result).error();
    if (auto spooled = analysis->spool.finish(); !spooled)
        return std::move(spooled).error();
    analysis->totals = std::move(result->totals);
    analysis->totals.noteNothingKept();
    analysis->partial = run.endedEarly();
    if (!exact)
        analysis->tally = result->tally;
    analysis->addressStats = std::move(result->addressStats);
    analysis->flags = std::move(result->flags);
    analysis->bins = std::move(result->bins);
    return analysis;
}

AnalysisResult analyzedCaptures(const Options& options, Plan& plan, Depth depth, StopFlag enough,
                                ProgressMeter& meter, const std::filesystem::path& folder)
{
    auto analysis = std::make_shared<CaptureAnalysis>(options, folder);
    TaskPool pool(options.threads);
    const bool extras = depth == Depth::Flows || options.flowsBy == FlowsBy::Exact;
    CaptureRows rows(options, plan, analysis->addresses, pool, extras ? detailsOfExtras() : Details());
    meter.progress().bytesTotal = plan.bytesTotal;
    return analyzed(std::move(analysis), rows, depth, !plan.filter.flows, enough, pool, meter, folder);
}

/// The flows of another analysis that its filter selects, and what belongs to them.
AnalysisResult analyzedFlows(const std::shared_ptr<const CaptureAnalysis>& whole,
                             const FilterExpression& flows, Depth depth, ProgressMeter& meter,
                             const std::filesystem::path& folder)
{
    auto analysis = std::make_shared<CaptureAnalysis>(whole->options, folder);
    for (std::uint32_t i = 0; i < whole->addresses.size(); ++i) // in the same order, so by the same numbers
        analysis->addresses.intern(whole->addresses.text(AddressId{i}));
    const auto selection = std::make_shared<const FlowSelection>(*whole, flows);
    TaskPool pool(whole->options.threads);
    SelectedRows rows(*whole, *selection);
    Progress& progress = meter.progress();
    progress.bytesTotal = whole->spool.bytes();
    progress.phase = Phase::Reading;
    auto made = analyzed(std::move(analysis), rows, depth, true, nullptr, pool, meter, folder);
    if (!made || !*made)
        return made;
    // Where they stood in their files is known of the first rows of all.
    (*made)->firstRows.clear();
    if (depth == Depth::Flows && !whole->firstRows.empty()) {
        static_assert(keptPreviewRows <= PacketSpool::blockRows);
        PacketSpool::Reader reader(whole->spool);
        if (auto loaded = reader.load(0, PacketSpool::Extras); !loaded)
            return std::move(loaded).error();
        for (std::size_t row = 0; row < whole->firstRows.size(); ++row) {
            const auto& first = whole->firstRows[row];
            if (selection->has(first.packet, reader.extras()[row], row))
                (*made)->firstRows.push_back(first);
        }
    }
    (*made)->whole = whole;
    (*made)->partial = whole->partial;
    (*made)->selection = selection;
    return made;
}

bool canBeReadAgain(const Options& options)
{
    return std::all_of(options.inputs.begin(), options.inputs.end(), [](const std::filesystem::path& input) {
        std::error_code ignored;
        return std::filesystem::is_regular_file(input, ignored);
    });
}

Result<std::shared_ptr<const CaptureAnalysis>> analyzeUnguarded(const Options& options, ProgressMeter& meter,
                                                                Depth depth, const Ending& ending)
{
    auto plan = preflight(options, &meter, ending.stop);
    if (!plan)
        return whilePreparing(std::move(plan).error());
    const auto place = options.temporaryFolder.empty()
                           ? temporaryFolder()
                           : Result<std::filesystem::path>(options.temporaryFolder);
    if (!place)
        return whilePreparing(place.error());
    const bool exact = options.flowsBy == FlowsBy::Exact;
    const auto& flows = plan->filter.flows;
    // Of rows that are out of order the exact engine's flows are found in a spool, for which they are read
    // again. A pipe is read once.
    const bool again = !exact || canBeReadAgain(options);
    const auto inAnyOrder = [&](const auto& make) {
        auto made = make(again ? depth : Depth::Flows);
        return made && !*made ? make(Depth::Flows) : std::move(made);
    };
    const auto tell = [&](AnalysisResult& made, Depth wanted) -> Result<void> {
        if (!made || !exact)
            return {};
        if (wanted == Depth::Counts && (*made)->spool.packets() == 0)
            return {}; // they were counted
        meter.progress().phase = Phase::Finishing;
        return tellExactFlows(**made, options.exact, ending.stop ? ending.stop->flag() : nullptr, wanted);
    };
    const auto ofCaptures = [&](Depth wanted) {
        return analyzedCaptures(options, *plan, wanted, ending.enough, meter, *place);
    };
    auto made = flows ? ofCaptures(Depth::Flows) : inAnyOrder(ofCaptures);
    if (auto told = tell(made, flows ? Depth::Flows : depth); !told)
        return std::move(told).error();
    if (made && flows) {
        const std::shared_ptr<const CaptureAnalysis> whole = *std::move(made);
        made = inAnyOrder([&](Depth wanted) { return analyzedFlows(whole, *flows, wanted, meter, *place); });
        if (auto told = tell(made, depth); !told)
            return std::move(told).error();
    }
    if (!made)
        return std::move(made).error();
    return std::shared_ptr<const CaptureAnalysis>(*std::move(made));
}

} // namespace

Result<std::shared_ptr<const CaptureAnalysis>> analyze(const Options& options, const Heartbeat& heartbeat,
                                                       Depth depth, const Ending& ending)
{
    return guarded([&] {
        ProgressMeter meter(heartbeat, options.memoryLimit);
        return meter.reason(analyzeUnguarded(options, meter, depth, ending));
    });
}

Result<std::shared_ptr<const CaptureAnalysis>>
analyzeRows(const Options& options, Plan& plan, ProgressMeter& meter, const std::filesystem::path& folder)
{
    auto made = analyzedCaptures(options, plan, Depth::Flows, nullptr, meter, folder);
    if (!made)
        return std::move(made).error();
    if (options.flowsBy == FlowsBy::Exact) {
        if (auto told = tellExactFlows(**made, options.exact); !told)
            return std::move(told).error();
    }
    return std::shared_ptr<const CaptureAnalysis>(*std::move(made));
}

} // namespace packetloom
