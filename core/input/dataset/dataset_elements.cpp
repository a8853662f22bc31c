// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/dataset_elements.h"

#include "core/input/dataset/dataset_file.h"

namespace packetloom {

Result<std::unique_ptr<JsonElements>> openDatasetElements(const std::filesystem::path& file,
                                                          JsonElements::Shape shape)
{
    auto opened = openDatasetFile(file);
    if (!opened)
        return std::move(opened).error();
    return std::make_unique<JsonElements>(std::make_unique<FileSource>(*std::move(opened)), shape, file);
}

Result<void> forEachElement(const std::filesystem::path& file, JsonElements::Shape shape,
                            const ReadBeat& goOn,
                            const std::function<Result<void>(const JsonElements&)>& visit)
{
    constexpr std::uint64_t elementsPerBeat = 256;
    // Two addresses, each twice and as long as a row can be with every byte escaped, fit; memory is bounded.
    constexpr std::size_t longest = std::size_t{32} << 20;
    auto opened = openDatasetFile(file);
    if (!opened)
        return std::move(opened).error();
    JsonElements elements(std::make_unique<FileSource>(*std::move(opened)), shape, file,
                          {.elementBytes = longest});
    for (std::uint64_t count = 1;; ++count) {
        const auto step = elements.next();
        if (step == JsonElements::Step::Failed)
            return elements.error();
        if (step == JsonElements::Step::End)
            return {};
        if (auto visited = visit(elements); !visited)
            return visited;
        if (count % elementsPerBeat == 0 && !goOn(elements.bytesRead()))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
}

} // namespace packetloom
