// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/input_format.h"

#include "core/input/csv/csv_format.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr std::array formats{csvFormat};

} // namespace

std::span<const InputFormat> inputFormats()
{
    return formats;
}

const InputFormat& inputFormatOf(std::string_view head)
{
    const auto format =
        std::find_if(formats.begin(), formats.end(), [&](const InputFormat& f) { return f.recognise(head); });
    return format != formats.end() ? *format : formats.front();
}

Result<std::unique_ptr<OpenedInput>> openInput(const std::filesystem::path& path, std::size_t blockSize,
                                               const StopEvent* stop)
{
    auto source = openByteSource(path, blockSize, stop);
    if (!source)
        return std::move(source).error();
    const InputFormat& format = inputFormatOf((*source)->head());
    return format.open({path, *std::move(source), blockSize});
}

} // namespace packetloom
