// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/preflight.h"

#include "core/input/address_decoder.h"
#include "core/input/input_format.h"
#include "core/run/option_table.h"

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
    if (!options.ipMap.empty()) {
        IpMap::GoOn goOn;
        if (meter)
            goOn = [meter](std::uint64_t coming) { return meter->tick(coming); };
        auto map = IpMap::load(options.ipMap, goOn, stop);
        if (!map)
            return std::move(map).error();
        plan.map = *std::move(map);
    }
    if (!options.addressFilter.empty()) {
        auto filter = parseAddressFilter(options.addressFilter, plan.map);
        if (!filter)
            return std::move(filter).error();
        plan.filter = *std::move(filter);
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
