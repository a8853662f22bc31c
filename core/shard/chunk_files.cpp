// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/chunk_files.h"

#include "core/shard/packed_bytes.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <system_error>

namespace packetloom {

Result<std::vector<ChunkFile>> chunkFilesIn(const std::filesystem::path& folder)
{
    std::vector<ChunkFile> files;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto bytes = entry->file_size(error);
        if (!error)
            files.push_back({pathText(entry->path().filename()), bytes});
    }
    if (error)
        return Error{.code = Errc::Read, .detail = error.message(), .file = folder};
    std::ranges::sort(files, {}, &ChunkFile::name);
    return files;
}

std::string packedChunkFiles(const std::vector<ChunkFile>& files)
{
    BytesOut out;
    for (const auto& file : files) {
        out.text(file.name);
        out.count(file.bytes);
    }
    return out.bytes();
}

std::optional<std::vector<ChunkFile>> unpackedChunkFiles(std::string_view bytes)
{
    std::vector<ChunkFile> files;
    BytesIn in(bytes);
    while (!in.atEnd()) {
        std::string name(in.text());
        files.push_back({std::move(name), in.count()});
    }
    return in.bad() ? std::nullopt : std::optional(std::move(files));
}

} // namespace packetloom
