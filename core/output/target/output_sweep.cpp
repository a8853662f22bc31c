// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_sweep.h"

#include "core/support/path_text.h"

#include <random>
#include <string>
#include <system_error>

#ifdef _WIN32
#include <process.h>
#else
#include <unistd.h>
#endif

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr const char* unfinished = "new";
constexpr const char* movedAway = "old";

int processId()
{
#ifdef _WIN32
    return _getpid();
#else
    return ::getpid();
#endif
}

// What the hidden names beside the target begin with.
fs::path siblingPrefix(const fs::path& target, const char* purpose)
{
    fs::path prefix = fs::path(".").concat(target.filename().native());
    return prefix += std::string(".packetloom-") + purpose;
}

// A hidden name beside the target that nobody can know before.
fs::path siblingName(const fs::path& target, const char* purpose)
{
    std::random_device random;
    fs::path sibling = target.parent_path() / siblingPrefix(target, purpose);
    sibling += '-' + std::to_string(processId()) + '-' + std::to_string(random()) + std::to_string(random());
    return sibling;
}

// Whether siblingName() made it.
bool isSiblingName(const fs::path& name, const fs::path& target, const char* purpose)
{
    auto text = pathText(name);
    const auto prefix = pathText(siblingPrefix(target, purpose)) + '-';
    if (!text.starts_with(prefix))
        return false;
    text.erase(0, prefix.size());
    const auto hyphen = text.find('-');
    return hyphen != std::string::npos && hyphen > 0 && hyphen + 1 < text.size() &&
           text.find_first_not_of("0123456789-") == std::string::npos &&
           text.find('-', hyphen + 1) == std::string::npos;
}

// Nothing when it was swept up.
std::optional<Error> sweepOne(const Folder& parent, const fs::path& name, const InputPlaces& inputs)
{
    const fs::path path = parent.path() / name;
    const Entry entry = parent.look(name);
    const auto stays = [&](const fs::path& why) {
        return Error{.code = Errc::Exists, .detail = pathText(why), .file = path};
    };
    if (entry.kind != Entry::Kind::Folder || !isOwn(entry) || isMountedOn(entry, parent.self()))
        return stays({});
    if (const auto* const input = inputs.in(path, entry))
        return stays(*input);
    const auto folder = parent.folder(name);
    if (!folder)
        return stays({});
    const auto found = surveyDataset(*folder, unfinishedDataset,
                                     [&](const Entry& own) { return inputs.in(own) != nullptr; });
    if (!found)
        return stays({});
    if (found->wantedFile)
        return stays(*found->wantedFile);
    if (!found->foreign.empty())
        return stays(found->foreign.front());
    if (!found->mounted.empty())
        return stays(found->mounted);
    return removeHidden(path, unfinishedDataset);
}

} // namespace

fs::path lockName(const fs::path& target)
{
    return target.parent_path() / siblingPrefix(target, "lock");
}

fs::path unfinishedName(const fs::path& target)
{
    return siblingName(target, unfinished);
}

fs::path movedAwayName(const fs::path& target)
{
    return siblingName(target, movedAway);
}

std::vector<Error> sweep(const fs::path& target, const InputPlaces& inputs)
{
    std::vector<Error> left;
    const auto parent = Folder::open(target.parent_path());
    const auto names = parent ? parent->names() : Result<std::vector<fs::path>>(parent.error());
    if (!names)
        return left;
    for (const fs::path& name : *names) {
        const bool old = isSiblingName(name, target, movedAway);
        if (!old && !isSiblingName(name, target, unfinished))
            continue;
        const fs::path path = target.parent_path() / name;
        const Entry entry = parent->look(name);
        const bool putBack = old && entry.kind == Entry::Kind::Folder && isOwn(entry) && isDataset(path) &&
                             entryOf(target).kind == Entry::Kind::None && !renameToNew(path, target);
        if (putBack)
            continue;
        if (auto stays = sweepOne(*parent, name, inputs))
            left.push_back(*std::move(stays));
    }
    return left;
}

void sweepFiles(const fs::path& target)
{
    const auto parent = Folder::open(target.parent_path());
    const auto names = parent ? parent->names() : Result<std::vector<fs::path>>(parent.error());
    if (!names)
        return;
    for (const fs::path& name : *names) {
        if (!isSiblingName(name, target, unfinished))
            continue;
        const Entry entry = parent->look(name);
        if (entry.kind == Entry::Kind::File && isOwn(entry) && entry.links <= 1)
            static_cast<void>(parent->removeFile(name));
    }
}

std::optional<Error> removeHidden(const fs::path& path, const DatasetFiles& files)
{
    const auto parent = Folder::open(path.parent_path());
    const auto folder = parent ? parent->folder(path.filename()) : Result<Folder>(parent.error());
    if (!folder)
        return std::nullopt; // there is nothing, or nothing of ours
    auto remains = removeDataset(*folder, files);
    if (!remains) {
        const auto error = parent->removeFolder(path.filename());
        if (!error)
            return std::nullopt;
        remains = Remains{{}, error};
    }
    return Error{.code = remains->reason ? Errc::Write : Errc::Exists,
                 .detail = remains->reason ? remains->reason.message() : pathText(remains->entry),
                 .file = path};
}

} // namespace packetloom
