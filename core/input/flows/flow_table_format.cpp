// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/flow_table_format.h"

#include "core/input/flows/argus.h"
#include "core/input/flows/cicflowmeter.h"
#include "core/input/flows/nfdump.h"
#include "core/input/flows/zeek.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::array formats{zeekFormat, zeekJsonFormat, nfdumpFormat, argusFormat, cicflowmeterFormat};
constexpr std::size_t recognitionBlock = std::size_t{64} << 10;

} // namespace

std::span<const FlowTableFormat> flowTableFormats()
{
    return formats;
}

const FlowTableFormat* flowTableFormatOf(std::string_view head)
{
    const auto format = std::find_if(formats.begin(), formats.end(),
                                     [&](const FlowTableFormat& one) { return one.recognise(head); });
    return format != formats.end() ? &*format : nullptr;
}

const FlowTableFormat* flowTableFormatOf(const std::filesystem::path& file)
{
    if (fileKind(file) != FileKind::Regular)
        return nullptr;
    const auto source = openByteSource(file, recognitionBlock);
    return source ? flowTableFormatOf((*source)->head()) : nullptr;
}

} // namespace packetloom
