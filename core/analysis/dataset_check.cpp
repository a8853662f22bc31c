// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/dataset_check.h"

#include "core/input/dataset/dataset_elements.h"
#include "core/input/dataset/dataset_file.h"
#include "core/support/path_text.h"

#include <filesystem>
#include <string>

namespace packetloom {
namespace {

Result<void> checkFile(const std::filesystem::path& file, std::size_t flows, StopFlag stop)
{
    std::size_t found = 0;
    auto read = forEachElement(
        file, JsonElements::Shape::Array, [&](std::uint64_t) { return !stopped(stop); },
        [&](const JsonElements& element) -> Result<void> {
            if (!element.text().starts_with('{'))
                return datasetSyntax(file, "a flow is no object", element.byte());
            ++found;
            return {};
        });
    if (!read)
        return read;
    if (found != flows)
        return datasetMismatch(file, "it has " + std::to_string(found) + " flows, flows_index.json says " +
                                         std::to_string(flows));
    return {};
}

} // namespace

DatasetDamage checkChunkFiles(const DatasetAnalysis& dataset, StopFlag stop)
{
    const auto& source = dataset.source;
    std::vector<std::size_t> flows(source.chunkFiles.size());
    for (const auto& place : source.places)
        ++flows[place.chunk];
    DatasetDamage damage;
    for (std::size_t i = 0; i < flows.size() && !stopped(stop); ++i) {
        auto sound = checkFile(source.folder / "flows" / pathFromText(source.chunkFiles[i]), flows[i], stop);
        if (!sound && sound.error().code == Errc::Cancelled)
            break;
        ++damage.checked;
        if (sound)
            continue;
        ++damage.damaged;
        if (damage.first.size() < DatasetDamage::mostNamed)
            damage.first.push_back(std::move(sound).error());
    }
    return damage;
}

} // namespace packetloom
