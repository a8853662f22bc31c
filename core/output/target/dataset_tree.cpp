// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/dataset_tree.h"

#include "core/support/path_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <simdjson.h>
#include <string_view>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestManifest = std::size_t{64} << 20;

enum class Part : std::uint8_t { None, File, Folder };

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

// The number in "chunk_00012.json"; nothing for names that no dataset has ("chunk_012.json").
std::optional<std::uint64_t> chunkNumber(std::string_view name)
{
    constexpr std::string_view before = "chunk_", after = ".json";
    constexpr std::size_t leastDigits = 5;
    if (!name.starts_with(before) || !name.ends_with(after))
        return std::nullopt;
    name.remove_prefix(before.size());
    if (name.size() < leastDigits + after.size())
        return std::nullopt;
    name.remove_suffix(after.size());
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc() || end != name.data() + name.size() ||
        (name.size() > leastDigits && name.front() == '0'))
        return std::nullopt;
    return number;
}

// What a dataset has at this name in the sub-folder `folder` ("" is the dataset itself), whatever its size.
Part partAt(std::string_view folder, std::string_view name)
{
    if (folder.empty())
        return isOneOf(name, {"manifest.json", "packets.csv"}) ? Part::File
               : isOneOf(name, {"flows", "ips", "indices"})    ? Part::Folder
                                                               : Part::None;
    const bool known =
        (folder == "flows" && (name == "flows_index.json" || chunkNumber(name))) ||
        (folder == "ips" && isOneOf(name, {"ip_stats.json", "flag_stats.json", "unique_ips.json"})) ||
        (folder == "indices" && name == "bins.json");
    return known ? Part::File : Part::None;
}

// File::temporary() takes the name away at once, but a run can end between.
bool isTemporaryName(std::string_view name)
{
    constexpr std::string_view before = ".packetloom-", after = ".tmp";
    if (!name.starts_with(before) || !name.ends_with(after) || name.size() <= before.size() + after.size())
        return false;
    const auto digits = name.substr(before.size(), name.size() - before.size() - after.size());
    return digits.find_first_not_of("0123456789") == std::string_view::npos;
}

bool isFileOf(const DatasetFiles& files, std::string_view folder, std::string_view name)
{
    if (files.unfinished && folder.empty() && isTemporaryName(name))
        return true;
    if (files.foldersOnly || partAt(folder, name) != Part::File)
        return false;
    const auto chunk = folder == "flows" ? chunkNumber(name) : std::nullopt;
    return !chunk || files.allChunks || *chunk < files.chunks;
}

struct Surveyor
{
    const DatasetFiles& files;
    const std::function<bool(const Entry&)>& isWanted;
    DatasetSurvey survey;

    Result<void> look(const Folder& folder, const std::string& inside)
    {
        auto names = folder.names();
        if (!names)
            return std::move(names).error();
        for (const fs::path& name : *names) {
            const Entry entry = folder.look(name);
            if (entry.kind == Entry::Kind::None)
                continue; // gone since
            const auto relative = fs::path(inside) / name;
            survey.isEmpty = false;
            if (isMountedOn(entry, folder.self()) && survey.mounted.empty())
                survey.mounted = relative;
            const auto text = pathText(name);
            const Part part = partAt(inside, text);
            const bool isFolder = part == Part::Folder && entry.kind == Entry::Kind::Folder;
            const bool own = isFolder || (entry.kind == Entry::Kind::File && isFileOf(files, inside, text));
            if (!own) {
                survey.foreign.push_back(relative);
                if (part != Part::None && survey.inTheWay.empty())
                    survey.inTheWay = relative;
            } else if (isWanted && isWanted(entry) && !survey.wantedFile) {
                survey.wantedFile = relative;
            }
            if (!isFolder || !survey.mounted.empty())
                continue;
            auto below = folder.folder(name);
            if (!below)
                return std::move(below).error();
            if (auto looked = look(*below, text); !looked)
                return looked;
        }
        return {};
    }
};

void removeIn(const Folder& folder, const std::string& inside, const DatasetFiles& files,
              std::optional<Remains>& remains)
{
    const auto keep = [&](const fs::path& name, const std::error_code& reason) {
        if (!remains)
            remains = Remains{fs::path(inside) / name, reason};
    };
    if (constexpr std::uint32_t own = 0700; (folder.self().mode & own) != own && isOwn(folder.self())) {
        Entry open = folder.self(); // one that was closed to its owner, too
        open.mode |= own;
        folder.takeAccess(open);
    }
    const auto names = folder.names();
    if (!names)
        return keep({}, std::make_error_code(std::errc::permission_denied));
    for (const fs::path& name : *names) {
        const Entry entry = folder.look(name);
        const auto text = pathText(name);
        std::error_code failed;
        if (isMountedOn(entry, folder.self())) {
            keep(name, std::make_error_code(std::errc::device_or_resource_busy));
        } else if (entry.kind == Entry::Kind::File && isFileOf(files, inside, text)) {
            failed = folder.removeFile(name);
        } else if (entry.kind == Entry::Kind::Folder && partAt(inside, text) == Part::Folder) {
            if (const auto below = folder.folder(name); below)
                removeIn(*below, text, files, remains);
            failed = folder.removeFolder(name);
        } else if (entry.kind != Entry::Kind::None) {
            keep(name, {});
        }
        if (failed && failed != std::errc::no_such_file_or_directory)
            keep(name, failed);
    }
}

// What the older one does not have gets its owner, and is as open as its manifest.
void keepAccessIn(const Folder& older, const Folder& newer, const Entry& manifest)
{
    const auto names = newer.names();
    if (!names)
        return;
    for (const fs::path& name : *names) {
        const Entry entry = newer.look(name);
        Entry like = older.look(name);
        if (like.kind != entry.kind) {
            like = entry.kind == Entry::Kind::File && manifest.kind == Entry::Kind::File ? manifest : entry;
            like.owner = older.self().owner;
            like.group = older.self().group;
        } else if (entry.kind == Entry::Kind::Folder) {
            const auto olderBelow = older.folder(name);
            const auto newerBelow = newer.folder(name);
            if (olderBelow && newerBelow)
                keepAccessIn(*olderBelow, *newerBelow, manifest);
        }
        newer.giveAccess(name, like);
    }
}

} // namespace

std::optional<DatasetFiles> recordedFiles(const Folder& folder)
{
    const auto manifest = folder.read("manifest.json", largestManifest);
    if (!manifest)
        return std::nullopt;
    const simdjson::padded_string text(*manifest);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    std::string_view format;
    if (parser.iterate(text).get(document) != simdjson::SUCCESS ||
        document["format"].get_string().get(format) != simdjson::SUCCESS || format != "chunked")
        return std::nullopt;
    DatasetFiles files;
    simdjson::ondemand::value converter;
    files.allChunks = document["converter"].get(converter) != simdjson::SUCCESS;
    if (document["total_chunks"].get_uint64().get(files.chunks) != simdjson::SUCCESS)
        files.chunks = 0;
    return files;
}

bool isDataset(const fs::path& folder)
{
    const auto opened = Folder::open(folder);
    return opened && recordedFiles(*opened);
}

Result<DatasetSurvey> surveyDataset(const Folder& folder, const DatasetFiles& files,
                                    const std::function<bool(const Entry&)>& isWanted)
{
    Surveyor surveyor{files, isWanted, {}};
    if (auto looked = surveyor.look(folder, {}); !looked)
        return std::move(looked).error();
    return std::move(surveyor.survey);
}

Result<DatasetSurvey> surveyDataset(const Folder& folder, const std::function<bool(const Entry&)>& isWanted)
{
    const auto recorded = recordedFiles(folder);
    auto survey = surveyDataset(folder, recorded.value_or(DatasetFiles{.foldersOnly = true}), isWanted);
    if (survey)
        survey->isDataset = recorded.has_value();
    return survey;
}

std::optional<Remains> removeDataset(const Folder& folder, const DatasetFiles& files)
{
    std::optional<Remains> remains;
    removeIn(folder, {}, files, remains);
    return remains;
}

void keepAccess(const Folder& older, const Folder& newer)
{
    keepAccessIn(older, newer, older.look("manifest.json"));
    newer.takeAccess(older.self());
}

} // namespace packetloom
