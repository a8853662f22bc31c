// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/progress.h"
#include "core/shard/block_file.h"
#include "core/shard/job_trouble.h"
#include "core/support/file.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace packetloom {

/// All of a plain text of a job whose length and CRC-32 are known: each(piece), which may return an error.
/// Errors: JobTrouble::Damaged, Open, Read, Cancelled.
template <class Each>
Result<void> readChecked(const std::filesystem::path& path, std::uint64_t bytes, std::uint32_t sum,
                         ProgressMeter& meter, const Each& each)
{
    constexpr std::size_t blockBytes = std::size_t{1} << 20;
    auto file = File::openRegular(path);
    if (!file)
        return std::move(file).error();
    std::vector<char> block(blockBytes);
    std::uint64_t got = 0;
    std::uint32_t seen = 0;
    for (;;) {
        const auto read = file->read(block);
        if (!read)
            return read.error();
        if (*read == 0)
            break;
        const std::string_view text(block.data(), *read);
        seen = crc32Of(text, seen);
        got += text.size();
        if (Result<void> taken = each(text); !taken)
            return taken;
        if (!meter.tick())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    if (got != bytes || seen != sum)
        return jobError(JobTrouble::Damaged, path, "a checksum is wrong");
    return {};
}

} // namespace packetloom
