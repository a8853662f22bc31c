// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/inspect.h"

#include "core/input/input_format.h"
#include "core/support/guard.h"

namespace packetloom {
namespace {

constexpr std::size_t blockSize = std::size_t{64} << 10;

Result<CaptureFacts> inspectUnguarded(const InputSpec& spec, const StopEvent* stop)
{
    const auto& path = spec.file;
    CaptureFacts facts;
    facts.kind = fileKind(path).value_or(FileKind::Regular);
    if (facts.kind != FileKind::Regular && facts.kind != FileKind::Folder)
        return facts;
    auto source = openByteSource(path, blockSize, stop);
    if (!source)
        return std::move(source).error();
    facts.compression = (*source)->compression();
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    facts.bytes = ignored ? 0 : size;

    facts.stamp = fileStamp(path).value_or(FileStamp());
    const auto format = inputFormatOf((*source)->head(), path);
    if (!format)
        return format.error();
    facts.format = (*format)->id;
    if (auto inspected = (*format)->inspect({spec, *std::move(source), blockSize}, facts); !inspected)
        return std::move(inspected).error();
    return facts;
}

} // namespace

Result<CaptureFacts> inspectCapture(const InputSpec& spec, const StopEvent* stop)
{
    return guarded([&] { return inspectUnguarded(spec, stop); });
}

} // namespace packetloom
