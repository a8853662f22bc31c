// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/input_format.h"

#include "core/input/bytes/content_sniffer.h"
#include "core/input/capture/capture_format.h"
#include "core/input/csv/csv_format.h"
#include "core/input/flows/flow_table_format.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::array formats{captureFormat, csvFormat};

} // namespace

std::span<const InputFormat> inputFormats()
{
    return formats;
}

Result<const InputFormat*> inputFormatOf(std::string_view head, const std::filesystem::path& file)
{
    // Before any table of packets: all of them are text, and this says what it is instead.
    if (const auto* const table = flowTableFormatOf(head))
        return Error{.code = Errc::FlowTable, .detail = std::string(table->name), .file = file};
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const InputFormat& f) { return f.recognise(head); });
    if (format != formats.end())
        return &*format;
    auto reason = whyNoText(head, file);
    return reason ? *std::move(reason) : Error{.code = Errc::Binary, .detail = {}, .file = file};
}

Result<std::unique_ptr<OpenedInput>> openInput(const InputSpec& spec, std::size_t blockSize,
                                               const StopEvent* stop)
{
    auto source = openByteSource(spec.file, blockSize, stop);
    if (!source)
        return std::move(source).error();
    const auto format = inputFormatOf((*source)->head(), spec.file);
    if (!format)
        return format.error();
    return (*format)->open({spec, *std::move(source), blockSize});
}

} // namespace packetloom
