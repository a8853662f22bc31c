// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/output_folder.h"

#include "core/support/file.h"
#include "core/support/file_sync.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <random>
#include <simdjson.h>
#include <string>
#include <system_error>
#include <utility>

#ifdef _WIN32
#include <process.h>
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr std::array datasetEntries{"manifest.json", "packets.csv", "flows", "ips", "indices"};
constexpr std::uint64_t largestManifest = std::uint64_t{64} << 20;

Error systemError(Errc code, const std::error_code& reason, const fs::path& path)
{
    const bool full = reason == std::errc::no_space_on_device;
    return Error{.code = full ? Errc::NoSpace : code, .detail = reason.message(), .file = path};
}

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

// A hidden name beside the target that nothing else uses.
fs::path siblingName(const fs::path& target, const char* purpose)
{
    std::random_device random;
    for (;;) {
        fs::path sibling = target.parent_path() / siblingPrefix(target, purpose);
        sibling += '-' + std::to_string(processId()) + '-' + std::to_string(random());
        std::error_code ignored;
        if (!fs::exists(fs::symlink_status(sibling, ignored)))
            return sibling;
    }
}

bool isMountPoint(const fs::path& folder)
{
#ifdef _WIN32
    return false;
#else
    struct stat own
    {
    };
    struct stat above
    {
    };
    return ::stat(folder.c_str(), &own) == 0 && ::stat(folder.parent_path().c_str(), &above) == 0 &&
           own.st_dev != above.st_dev;
#endif
}

// The first entry that no dataset has; empty when there is none.
Result<fs::path> foreignEntry(const fs::path& folder)
{
    std::error_code error;
    for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
        const fs::path name = entry->path().filename();
        if (std::find(datasetEntries.begin(), datasetEntries.end(), name) == datasetEntries.end())
            return name;
    }
    if (error)
        return systemError(Errc::Open, error, folder);
    return fs::path();
}

// Whether what stands at the target is something that the policy gives up.
Result<void> mayReplace(const fs::path& target, ReplacePolicy policy)
{
    std::error_code error;
    const auto status = fs::status(target, error);
    if (status.type() == fs::file_type::not_found)
        return {};
    if (!error && !fs::is_directory(status))
        return Error{.code = Errc::NotAFolder, .detail = {}, .file = target};
    if (policy == ReplacePolicy::Anything || fs::is_empty(target, error))
        return {};
    if (error)
        return systemError(Errc::Open, error, target);
    auto foreign = foreignEntry(target);
    if (!foreign)
        return std::move(foreign).error();
    if (!foreign->empty() || !isDataset(target))
        return Error{.code = Errc::Exists, .detail = pathText(*foreign), .file = target};
    return {};
}

bool lies(const fs::path& inner, const fs::path& outer)
{
    const auto [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end();
}

} // namespace

bool isDataset(const fs::path& folder)
{
    const fs::path path = folder / "manifest.json";
    const auto manifest = readWhole(path, largestManifest, Errc::Read);
    if (!manifest)
        return false;
    const simdjson::padded_string text(*manifest);
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    std::string_view format;
    return parser.iterate(text).get(document) == simdjson::SUCCESS &&
           document["format"].get_string().get(format) == simdjson::SUCCESS && format == "chunked";
}

Result<OutputFolder> OutputFolder::check(const fs::path& wanted, ReplacePolicy policy,
                                         std::span<const fs::path> inputs)
{
    std::error_code error;
    fs::path target = fs::weakly_canonical(fs::absolute(wanted, error), error);
    if (error)
        return systemError(Errc::Open, error, wanted);
    if (!target.has_filename()) // written with a slash at the end
        target = target.parent_path();
    const auto status = fs::status(target, error);
    if (status.type() == fs::file_type::not_found)
        return OutputFolder(std::move(target), policy);
    if (error)
        return systemError(Errc::Open, error, wanted);
    if (!fs::is_directory(status))
        return Error{.code = Errc::NotAFolder, .detail = {}, .file = wanted};
    if (target == target.root_path())
        return Error{.code = Errc::Exists, .detail = {}, .file = wanted};
    if (isMountPoint(target))
        return Error{.code = Errc::MountPoint, .detail = {}, .file = wanted};
    for (const auto& input : inputs) {
        const auto real = fs::weakly_canonical(fs::absolute(input, error), error);
        if (!error && lies(real, target))
            return Error{.code = Errc::InputInOutput, .detail = pathText(input), .file = wanted};
    }
    if (auto may = mayReplace(target, policy); !may) {
        Error refused = std::move(may).error();
        refused.file = wanted;
        return refused;
    }
    return OutputFolder(std::move(target), policy);
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : target_(std::move(other.target_)),
      policy_(other.policy_),
      lock_(std::move(other.lock_)),
      working_(std::exchange(other.working_, {})),
      madeAbove_(std::exchange(other.madeAbove_, {}))
{
}

OutputFolder::~OutputFolder()
{
    discard();
}

void OutputFolder::discard() noexcept
{
    std::error_code ignored;
    if (!working_.empty())
        fs::remove_all(working_, ignored);
    lock_.reset();
    for (auto folder = madeAbove_.rbegin(); folder != madeAbove_.rend(); ++folder)
        fs::remove(*folder, ignored); // only if it is still empty
    working_.clear();
    madeAbove_.clear();
}

Result<void> OutputFolder::create()
{
    std::error_code error;
    std::vector<fs::path> missing;
    for (fs::path above = target_.parent_path(); !fs::exists(above, error) && above.has_relative_path();
         above = above.parent_path())
        missing.push_back(above);
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder) {
        if (fs::create_directory(*folder, error))
            madeAbove_.push_back(*folder);
        if (error)
            return systemError(Errc::Write, error, *folder);
    }
    auto lock = FileLock::take(target_.parent_path() / siblingPrefix(target_, "lock"));
    if (!lock) {
        Error failed = std::move(lock).error();
        failed.file = target_;
        return failed;
    }
    lock_.emplace(*std::move(lock));
    sweep();
    fs::path working = siblingName(target_, "new");
    if (!fs::create_directory(working, error) || error)
        return systemError(Errc::Write, error, target_);
    working_ = std::move(working);
    return {};
}

// Whoever left working folders beside the target is dead: the living hold its lock. An old dataset that was
// moved out of the way, and nothing put in its place, goes back.
void OutputFolder::sweep() const
{
    const auto unfinished = siblingPrefix(target_, "new-").native();
    const auto replaced = siblingPrefix(target_, "old-").native();
    std::vector<fs::path> left;
    std::error_code error;
    for (auto entry = fs::directory_iterator(target_.parent_path(), error);
         !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const auto name = entry->path().filename().native();
        if (name.starts_with(unfinished) || name.starts_with(replaced))
            left.push_back(entry->path());
    }
    for (const fs::path& folder : left) {
        std::error_code ignored;
        if (folder.filename().native().starts_with(replaced) && !fs::exists(target_, ignored) &&
            isDataset(folder))
            fs::rename(folder, target_, ignored);
        else
            fs::remove_all(folder, ignored);
    }
}

Result<void> OutputFolder::publish(const std::function<bool()>& goOn)
{
    if (auto synced = syncTree(working_, goOn); !synced)
        return synced;
    // What came to stand there meanwhile was not asked about.
    if (auto still = mayReplace(target_, policy_); !still)
        return still;
    if (auto exchanged = exchange(); !exchanged)
        return exchanged;
    madeAbove_.clear();
    // It stands. That its name is not on the disk yet, or a leftover of the old one stays, is no failure.
    static_cast<void>(syncFolder(target_.parent_path()));
    std::error_code ignored;
    if (!working_.empty())
        fs::remove_all(working_, ignored);
    working_.clear();
    lock_.reset();
    return {};
}

// Afterwards the working folder is the old dataset, if there was any.
Result<void> OutputFolder::exchange()
{
    std::error_code error;
    if (!fs::exists(target_, error)) {
        fs::rename(working_, target_, error);
        if (error)
            return systemError(Errc::Write, error, target_);
        working_.clear();
        return {};
    }
    if (exchangeNames(working_, target_))
        return {};
    fs::path old = siblingName(target_, "old");
    fs::rename(target_, old, error);
    if (error)
        return systemError(Errc::Write, error, target_);
    fs::rename(working_, target_, error);
    if (error) {
        std::error_code ignored;
        fs::rename(old, target_, ignored);
        return systemError(Errc::Write, error, target_);
    }
    working_ = std::move(old);
    return {};
}

} // namespace packetloom
