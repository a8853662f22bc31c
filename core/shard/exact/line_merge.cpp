// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/line_merge.h"

#include "core/filter/filter_parser.h"
#include "core/output/flow_line_writer.h"
#include "core/shard/exact/exact_flow_file.h"
#include "core/shard/exact/exact_reduce.h"
#include "core/shard/job_trouble.h"
#include "core/shard/merge_facts.h"
#include "core/shard/merged_flows.h"
#include "core/shard/task_folder.h"
#include "core/support/buffered_writer.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace packetloom {
namespace {

using Flows = MergedFlows<ExactFlowReader>;
constexpr std::size_t pieceBytes = std::size_t{1} << 18;
constexpr std::uint64_t flowsAQuestion = 256;

Error cancelled()
{
    return {.code = Errc::Cancelled, .detail = {}, .file = {}};
}

Result<void> openFlows(const Job& job, Flows& flows, AddressTable& addresses)
{
    for (std::size_t i = 0; i < job.shards; ++i) {
        auto reader = ExactFlowReader::open(taskFolder(job, {TaskKind::Reduce, i}) / exactFlowsFile,
                                            exactFlowsName(job, i), addresses);
        if (!reader)
            return std::move(reader).error();
        flows.add(*std::move(reader));
    }
    return {};
}

Result<std::optional<FilterExpression>> filterOf(const Job& job)
{
    auto parsed = parseFilter(job.output.filter, FilterSubject::Flows);
    if (std::holds_alternative<FilterProblem>(parsed)) // plan refuses it
        return jobError(JobTrouble::NotAJob, jobFile(job.folder), "flow_filter: no filter");
    return std::get<0>(std::move(parsed));
}

class Share
{
public:
    Share(const Job& job, const AddressTable& addresses, const std::optional<FilterExpression>& filter,
          const std::filesystem::path& folder)
        : lines_(*job.output.format->flowLines(), addresses, filter)
    {
        file_.open(folder / linesFile);
    }

    Result<void> add(const ExactFlow& flow)
    {
        ++facts_.flows;
        lines_.add(flow, piece_);
        return piece_.text().size() >= pieceBytes ? passOn() : Result<void>();
    }
    Result<LineFacts> finish()
    {
        if (auto passed = passOn(); !passed)
            return std::move(passed).error();
        if (auto closed = file_.close(); !closed)
            return std::move(closed).error();
        facts_.written = lines_.written();
        facts_.states = lines_.states();
        return facts_;
    }

private:
    Result<void> passOn()
    {
        file_.append(piece_.text());
        facts_.bytes += piece_.text().size();
        facts_.sum = crc32Of(piece_.text(), facts_.sum);
        piece_.clear();
        if (file_.failed())
            return file_.error();
        return {};
    }

    FlowLineWriter lines_;
    BufferedWriter file_;
    TextBuffer piece_;
    LineFacts facts_;
};

/// Flows from number `first` on to before `end`; at both ends moved on to the next one that did not begin
/// when the one before it did.
Result<LineFacts> writeShare(Share& share, Flows& flows, std::uint64_t first, std::uint64_t end,
                             const std::filesystem::path& folder, ProgressMeter& meter)
{
    const std::uint64_t total = flows.total();
    if (first == end)
        return share.finish();
    std::uint64_t at = first > 0 ? first - 1 : 0; // the one before tells when it began
    if (auto begun = flows.begin(at); !begun)
        return std::move(begun).error();
    std::optional<std::int64_t> before;
    bool within = first == 0;
    for (; at < total; ++at) {
        const auto flow = flows.next();
        if (!flow)
            return flow.error();
        if (!*flow)
            return jobError(JobTrouble::Damaged, folder, "flows are missing");
        const std::int64_t start = (*flow)->start;
        const bool border = before != start;
        before = start;
        if (at >= first && border)
            within = true;
        if (at >= end && border)
            break;
        if (at + 1 == first || !within)
            continue;
        if (auto added = share.add(**flow); !added)
            return std::move(added).error();
        meter.progress().flows = at - first + 1;
        if (at % flowsAQuestion == 0 && !meter.tick())
            return cancelled();
    }
    return share.finish();
}

Result<void> writeFacts(const Job& job, std::size_t number, std::size_t of, const LineFacts& facts,
                        const std::filesystem::path& folder)
{
    BytesOut out;
    for (const std::uint64_t count : {facts.flows, facts.written, facts.bytes, std::uint64_t{facts.sum}})
        out.count(count);
    for (const auto count : facts.states)
        out.count(count);
    BlockWriter file(folder / mergeFactsFile, mergeFactsName(job, number, of));
    file.add(0, out.bytes());
    return file.finish();
}

} // namespace

Result<void> mergeLines(const Job& job, std::size_t number, std::size_t of,
                        const std::filesystem::path& folder, ProgressMeter& meter)
{
    AddressTable addresses;
    Flows flows;
    if (auto opened = openFlows(job, flows, addresses); !opened)
        return opened;
    const auto filter = filterOf(job);
    if (!filter)
        return filter.error();
    const std::uint64_t total = flows.total();
    const auto border = [&](std::size_t task) { return total / of * task + total % of * task / of; };
    Share share(job, addresses, *filter, folder);
    const auto facts = writeShare(share, flows, border(number), border(number + 1), job.folder, meter);
    if (!facts)
        return facts.error();
    return writeFacts(job, number, of, *facts, folder);
}

Result<LineFacts> readLineFacts(const Job& job, std::size_t number, std::size_t of)
{
    LineFacts facts;
    const auto file = readFirstFacts(job, number, of, [&](BytesIn& in) {
        for (auto* const count : {&facts.flows, &facts.written, &facts.bytes})
            *count = in.count();
        facts.sum = static_cast<std::uint32_t>(in.count());
        for (auto& count : facts.states)
            count = in.count();
    });
    if (!file)
        return file.error();
    return facts;
}

} // namespace packetloom
