// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/preflight.h"

#include "core/input/address_decoder.h"
#include "core/input/input_format.h"
#include "core/run/option_table.h"

#include <algorithm>
#include <system_error>

namespace packetloom {
namespace {

Result<void> checkNumbers(const Options& options)
{
    if (const auto option = outOfBounds(options))
        return Error{.code = Errc::Option, .detail = {}, .file = {}, .facts = *option};
    if (options.window.start && options.window.end && *options.window.start > *options.window.end)
        return Error{.code = Errc::TimeWindow, .detail = {}, .file = {}};
    return {};
}

bool canBeSkipped(const Options& options, const Error& error)
{
    const bool missing = error.code == Errc::Open || error.code == Errc::IsDirectory ||
                         error.code == Errc::Read || error.code == Errc::Empty;
    return (options.skipMissing && missing) || (options.skipBroken && isBrokenInput(error));
}

/// Where what the ids of a map mean is in the plan.
Result<std::size_t> addIds(Plan& plan, const Options& options, const std::filesystem::path& file,
                           ProgressMeter* meter)
{
    IpMap::GoOn goOn;
    if (meter)
        goOn = [meter](std::uint64_t coming) { return meter->tick(coming); };
    const auto map = plan.maps.of(file, goOn, plan.stop);
    if (!map)
        return map.error();
    const auto known = std::ranges::find(plan.ids, *map, &PlannedIds::map);
    if (known != plan.ids.end())
        return static_cast<std::size_t>(known - plan.ids.begin());
    PlannedIds ids{.map = *map, .filter = {}};
    if (!options.addressFilter.empty()) {
        auto filter = parseAddressFilter(options.addressFilter, **map);
        if (!filter)
            return std::move(filter).error();
        ids.filter = *std::move(filter);
    }
    plan.ids.push_back(std::move(ids));
    return plan.ids.size() - 1;
}

} // namespace

bool isBrokenInput(const Error& error)
{
    return error.code != Errc::Cancelled && error.code != Errc::InputShrank && error.code != Errc::Internal &&
           error.code != Errc::MemoryLimit;
}

Result<Plan> preflight(const Options& options, ProgressMeter* meter, const StopEvent* stop)
{
    if (auto numbers = checkNumbers(options); !numbers)
        return std::move(numbers).error();
    if (options.inputs.empty())
        return Error{.code = Errc::NoInput, .detail = {}, .file = {}};
    Plan plan;
    plan.stop = stop;
    auto filter = parseCaptureFilter(options.filter);
    if (std::holds_alternative<FilterProblem>(filter))
        return Error{.code = Errc::FilterText, .detail = options.filter, .file = {}};
    plan.filter = std::get<CaptureFilter>(std::move(filter));
    const auto figure = plan.filter.flows ? figureAsked(*plan.filter.flows) : std::nullopt;
    if (figure && options.flowsBy != FlowsBy::Exact)
        return Error{.code = Errc::NotExact, .detail = std::string(factsOf(*figure).name), .file = {}};
    if (auto common = addIds(plan, options, options.ipMap, meter); !common)
        return std::move(common).error();
    std::vector<std::size_t> idsOf; // by input
    for (const auto& path : options.inputs) {
        auto ids = addIds(plan, options, ipMapOf(options, path), meter);
        if (!ids)
            return std::move(ids).error();
        idsOf.push_back(*ids);
    }
    bool allSizesKnown = true;
    for (std::size_t i = 0; i < options.inputs.size(); ++i) {
        const auto& path = options.inputs[i];
        auto spec = specOf(options, path);
        auto opened = openInput(spec, options.blockSize, stop);
        if (!opened) {
            if (!canBeSkipped(options, opened.error()))
                return std::move(opened).error();
            plan.leftOut.push_back({i, std::move(opened).error()});
            continue;
        }
        PlannedInput input;
        input.index = i;
        input.spec = std::move(spec);
        input.ids = idsOf[i];
        std::error_code error;
        if (std::filesystem::is_regular_file(path, error)) {
            input.bytes = std::filesystem::file_size(path, error);
            plan.rowsExpected += (*opened)->expectedPackets(input.bytes);
        } else {
            input.opened = *std::move(opened);
            allSizesKnown = false;
        }
        plan.bytesTotal += input.bytes;
        plan.inputs.push_back(std::move(input));
    }
    if (plan.inputs.empty() && options.skipBroken)
        return std::move(plan.leftOut.front().error);
    if (plan.inputs.empty())
        return Error{.code = Errc::NoInput, .detail = {}, .file = options.inputs.front()};
    if (!allSizesKnown)
        plan.bytesTotal = plan.rowsExpected = 0;
    return plan;
}

} // namespace packetloom
