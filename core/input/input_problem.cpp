// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/input_problem.h"

#include "core/input/capture_facts.h"
#include "core/input/ip_map.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <utility>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, problemCodeCount> keys{
    "columns_unknown", "time_column",  "time_range",       "time_unreadable",  "time_relative", "time_zone",
    "time_backward",   "all_rejected", "flags_range",      "flags_unreadable", "no_protocol",   "no_ports",
    "one_sided",       "no_map",       "map_matches_none", "map_lacks_some",   "same_file",     "other_unit"};

bool knows(const IpMap& map, const std::string& id)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    return error == std::errc() && map.address(number).has_value();
}

} // namespace

bool CaptureFacts::blocked() const
{
    return std::ranges::any_of(problems, &InputProblem::blocks);
}

std::string_view problemKey(ProblemCode code)
{
    return keys[static_cast<std::size_t>(code)];
}

std::vector<InputProblem> mapProblems(const CaptureFacts& facts, const IpMap* map)
{
    if (facts.sampleIds.empty())
        return {};
    InputProblem problem;
    problem.text = facts.sampleIds.front();
    problem.of = facts.sampleIds.size();
    if (!map) {
        problem.code = ProblemCode::NoMap;
        return {problem};
    }
    for (const auto& id : facts.sampleIds) {
        if (knows(*map, id))
            continue;
        if (problem.rows++ == 0)
            problem.text = id;
    }
    if (problem.rows == 0)
        return {};
    problem.code = problem.rows == problem.of ? ProblemCode::MapMatchesNone : ProblemCode::MapLacksSome;
    return {problem};
}

std::vector<std::vector<InputProblem>> problemsBetween(std::span<const InspectedInput> inputs)
{
    std::vector<std::vector<InputProblem>> problems(inputs.size());
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> byNumber;
    std::map<std::filesystem::path, std::size_t> byName;
    std::size_t first = inputs.size(); // the first that tells its unit
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto* const facts = inputs[i].facts;
        std::size_t same = i;
        if (facts && (facts->stamp.device != 0 || facts->stamp.number != 0))
            same = byNumber.try_emplace({facts->stamp.device, facts->stamp.number}, i).first->second;
        else
            same = byName.try_emplace(inputs[i].file.lexically_normal(), i).first->second;
        if (same != i)
            problems[i].push_back({.code = ProblemCode::SameFile, .file = inputs[same].file});
        if (!facts || !facts->firstTimestamp)
            continue;
        if (first == inputs.size())
            first = i;
        else if (facts->unit != inputs[first].facts->unit)
            problems[i].push_back({.code = ProblemCode::OtherUnit,
                                   .unit = facts->unit,
                                   .better = inputs[first].facts->unit,
                                   .file = inputs[first].file});
    }
    return problems;
}

} // namespace packetloom
