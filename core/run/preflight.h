// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/capture_filter.h"
#include "core/input/ip_maps.h"
#include "core/input/packet_source.h"
#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/run/run_result.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// An input that was opened and has the columns that it needs.
struct PlannedInput
{
    std::size_t index = 0; ///< into Options::inputs
    InputSpec spec;
    std::size_t ids = 0;                 ///< into Plan::ids
    std::uint64_t bytes = 0;             ///< size on disk; 0 when unknown
    std::unique_ptr<OpenedInput> opened; ///< kept open only where the input cannot be read twice (a pipe)
};

/// What ids mean in the inputs of one IP map: in their addresses, and in the address filter.
struct PlannedIds
{
    const IpMap* map = nullptr; ///< of Plan::maps; never null
    std::optional<AddressFilter> filter;
};

/// An input that Options::skipMissing or skipBroken leaves out.
struct LeftOutInput
{
    std::size_t index = 0; ///< into Options::inputs
    Error error;           ///< why
};

/// Everything that can be known before the first row is read and before anything is written.
struct Plan
{
    IpMaps maps;
    std::vector<PlannedIds> ids; ///< one an IP map; the first is that of inputs without a map of their own
    std::vector<PlannedInput> inputs;
    std::vector<LeftOutInput> leftOut;
    CaptureFilter filter;            ///< Options::filter
    std::uint64_t bytesTotal = 0;    ///< 0 when the size of any input is unknown
    std::uint64_t rowsExpected = 0;  ///< about so many; 0 when the size of any input is unknown
    const StopEvent* stop = nullptr; ///< wakes what waits for an input
};

/// Whether Options::skipBroken goes on without the input of which this is the error. Not where it became
/// shorter: where it was cut is not known, so neither is which rows are whole.
bool isBrokenInput(const Error& error);

/// Checks the options, understands the filter (FilterText), loads the IP maps, opens every input and reads
/// its header. `meter`, if any, is asked while a map is read, and `stop`, which must outlive the plan, wakes
/// what waits: Cancelled. Where no input is left: NoInput, or, with Options::skipBroken, the error of the
/// first.
Result<Plan> preflight(const Options& options, ProgressMeter* meter = nullptr,
                       const StopEvent* stop = nullptr);

} // namespace packetloom
