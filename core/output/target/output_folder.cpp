// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"

#include "core/output/target/output_sweep.h"
#include "core/support/file_sync.h"
#include "core/support/path_text.h"

#include <string>
#include <system_error>
#include <utility>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

Error systemError(Errc code, const std::error_code& reason, const fs::path& path)
{
    const bool full = reason == std::errc::no_space_on_device;
    return Error{.code = full ? Errc::NoSpace : code, .detail = reason.message(), .file = path};
}

// Whether what was found is something that the policy gives up or leaves where it is.
Result<void> mayReplace(const fs::path& target, const DatasetSurvey& found, ReplacePolicy policy)
{
    const auto refused = [&](Errc code, const fs::path& entry) {
        return Error{.code = code, .detail = pathText(entry), .file = target};
    };
    if (!found.mounted.empty())
        return refused(Errc::MountPoint, found.mounted);
    for (const fs::path& point : mountPointsBelow(target))
        return refused(Errc::MountPoint, point.lexically_relative(target));
    if (policy == ReplacePolicy::Anything)
        return found.inTheWay.empty() ? Result<void>() : refused(Errc::InTheWay, found.inTheWay);
    if (!found.foreign.empty())
        return refused(Errc::Exists, found.foreign.front());
    if (!found.isEmpty && !found.isDataset)
        return refused(Errc::Exists, {});
    return {};
}

} // namespace

Result<OutputFolder> OutputFolder::check(const fs::path& wanted, ReplacePolicy policy,
                                         std::span<const fs::path> inputs)
{
    auto target = outputPlace(wanted);
    if (!target)
        return std::move(target).error();
    OutputFolder output(*std::move(target), policy, InputPlaces(inputs));
    const auto found = output.survey();
    if (!found) {
        Error refused = found.error();
        refused.file = wanted;
        return refused;
    }
    if (entryOf(output.target_).kind != Entry::Kind::None)
        output.state_ = found->isEmpty                               ? OutputState::Empty
                        : found->isDataset && found->foreign.empty() ? OutputState::Dataset
                                                                     : OutputState::Others;
    return output;
}

OutputFolder::OutputFolder(OutputFolder&& other) noexcept
    : target_(std::move(other.target_)),
      policy_(other.policy_),
      inputs_(std::move(other.inputs_)),
      state_(other.state_),
      lock_(std::move(other.lock_)),
      working_(std::exchange(other.working_, {})),
      usualMode_(other.usualMode_),
      madeAbove_(std::exchange(other.madeAbove_, {})),
      leftovers_(std::exchange(other.leftovers_, {}))
{
}

OutputFolder::~OutputFolder()
{
    discard();
}

void OutputFolder::discard() noexcept
{
    std::error_code ignored;
    try {
        if (!working_.empty())
            static_cast<void>(removeHidden(working_, unfinishedDataset));
    } catch (const std::exception&) { // no memory: the next run sweeps up
    }
    lock_.reset();
    for (auto folder = madeAbove_.rbegin(); folder != madeAbove_.rend(); ++folder)
        fs::remove(*folder, ignored); // only if it is still empty
    working_.clear();
    madeAbove_.clear();
}

// What stands there, if all of it may be replaced or stay.
Result<DatasetSurvey> OutputFolder::survey() const
{
    if (entryOf(target_).kind == Entry::Kind::None)
        return DatasetSurvey{};
    auto place = outputPlace(target_);
    if (!place)
        return std::move(place).error();
    const auto folder = Folder::open(target_);
    if (!folder)
        return folder.error();
    if (const auto* const input = inputs_.in(target_, folder->self()))
        return Error{.code = Errc::InputInOutput, .detail = pathText(*input), .file = target_};
    const fs::path* input = nullptr;
    auto found = surveyDataset(*folder, [&](const Entry& entry) {
        input = input ? input : inputs_.in(entry);
        return input != nullptr;
    });
    if (!found)
        return found;
    if (input)
        return Error{.code = Errc::InputInOutput, .detail = pathText(*input), .file = target_};
    if (auto may = mayReplace(target_, *found, policy_); !may)
        return std::move(may).error();
    return found;
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
    auto lock = FileLock::take(lockName(target_));
    if (!lock) {
        Error failed = std::move(lock).error();
        if (failed.code != Errc::NotALock)
            failed.file = target_;
        return failed;
    }
    lock_.emplace(*std::move(lock));
    if (lock_->locks())
        leftovers_ = sweep(target_, inputs_);
    if (auto made = makeWorking(); !made)
        return made;
    return probe();
}

Result<void> OutputFolder::makeWorking()
{
    constexpr int mostTries = 100;
    std::error_code error;
    for (int i = 0; i < mostTries && working_.empty(); ++i) {
        fs::path working = unfinishedName(target_);
        error = makeNewFolder(working);
        if (!error)
            working_ = std::move(working);
        else if (error != std::errc::file_exists)
            break;
    }
    if (error)
        return systemError(Errc::Write, error, target_);
    auto folder = Folder::open(working_);
    if (!folder)
        return std::move(folder).error();
    // The folder it replaces may be closed to others.
    Entry closed = folder->self();
    usualMode_ = closed.mode;
    closed.mode = (closed.mode & 07000U) | 0700U; // new files take the group of a folder that says so
    folder->takeAccess(closed);
    return {};
}

// What would fail after all the work fails now, if that can be known.
Result<void> OutputFolder::probe()
{
    const auto found = survey();
    if (!found)
        return found.error();
    if (entryOf(target_).kind == Entry::Kind::None)
        return {};
    const fs::path filling = working_ / "flows";
    if (const auto failed = makeNewFolder(filling))
        return systemError(Errc::Write, failed, target_);
    auto reason = whyNotMovable(target_, working_);
    fs::path which = target_;
    for (auto foreign = found->foreign.begin(); !reason && foreign != found->foreign.end(); ++foreign) {
        which = target_ / *foreign;
        if (entryOf(which).kind == Entry::Kind::Folder)
            reason = whyNotMovable(which, working_);
    }
    std::error_code ignored;
    fs::remove(filling, ignored);
    if (reason)
        return Error{.code = Errc::NotMovable, .detail = reason.message(), .file = which};
    return {};
}

Result<void> OutputFolder::publish(const std::function<bool()>& goOn)
{
    if (auto synced = syncTree(working_, goOn); !synced)
        return synced;
    // What came to stand there meanwhile was not asked about.
    auto found = survey();
    if (!found)
        return keepFinished(std::move(found).error());
    DatasetFiles olderFiles{.foldersOnly = true};
    Entry surveyed;
    const auto newer = Folder::open(working_);
    if (!newer)
        return newer.error();
    if (const auto older = Folder::open(target_)) {
        olderFiles = recordedFiles(*older).value_or(olderFiles);
        surveyed = older->self();
        keepAccess(*older, *newer);
    } else {
        Entry usual = newer->self();
        usual.mode = usualMode_;
        newer->takeAccess(usual);
    }
    if (auto synced = syncFolder(working_); !synced)
        return synced;
    if (auto exchanged = exchange(); !exchanged)
        return exchanged;
    if (surveyed.number != 0 && !entryOf(working_).isSame(surveyed)) { // another took its place just now
        if (auto back = exchange(); !back)
            working_.clear();
        return keepFinished({.code = Errc::FolderChanged, .detail = {}, .file = target_});
    }
    if (auto moved = moveForeign(found->foreign); !moved)
        return moved;
    madeAbove_.clear();
    // It stands. That its name is not on the disk yet, or a leftover of the old one stays, is no failure.
    static_cast<void>(syncFolder(target_.parent_path()));
    if (!working_.empty()) {
        if (auto left = removeHidden(working_, olderFiles))
            leftovers_.push_back(*std::move(left));
    }
    working_.clear();
    lock_.reset();
    return {};
}

// Hours of work may be in it.
Error OutputFolder::keepFinished(Error why)
{
    if (why.code == Errc::Open)
        return why;
    fs::path entry = target_;
    const bool named = why.code == Errc::Exists || why.code == Errc::InTheWay || why.code == Errc::MountPoint;
    if (named && !why.detail.empty())
        entry /= pathFromText(why.detail);
    const auto newer = Folder::open(working_);
    if (newer) {
        Entry usual = newer->self();
        usual.mode = usualMode_;
        newer->takeAccess(usual);
    }
    constexpr int mostNames = 100;
    for (int i = 1; i <= mostNames; ++i) {
        fs::path kept = target_;
        kept += i == 1 ? std::string(".finished") : ".finished-" + std::to_string(i);
        if (renameToNew(working_, kept))
            continue;
        working_.clear();
        madeAbove_.clear();
        return Error{.code = Errc::FolderChanged, .detail = pathText(entry), .file = kept};
    }
    return why;
}

// Afterwards the working folder is the old dataset, if there was any.
Result<void> OutputFolder::exchange()
{
    std::error_code error;
    if (entryOf(target_).kind == Entry::Kind::None) {
        error = renameToNew(working_, target_);
        if (error)
            return systemError(Errc::Write, error, target_);
        working_.clear();
        return {};
    }
    if (exchangeNames(working_, target_))
        return {};
    fs::path old = movedAwayName(target_);
    error = renameToNew(target_, old);
    if (error)
        return systemError(Errc::Write, error, target_);
    error = renameToNew(working_, target_);
    if (error) {
        static_cast<void>(renameToNew(old, target_));
        return systemError(Errc::Write, error, target_);
    }
    working_ = std::move(old);
    return {};
}

// What is not the dataset's stays at its path, which is in the new folder now. All of it, or nothing
// happened.
Result<void> OutputFolder::moveForeign(const std::vector<fs::path>& foreign)
{
    if (foreign.empty())
        return {};
    const auto open = [](const fs::path& root, const fs::path& inside) {
        auto folder = Folder::open(root);
        return folder && !inside.empty() ? folder->folder(inside) : std::move(folder);
    };
    const auto move = [&](const fs::path& from, const fs::path& to, const fs::path& entry) {
        const auto source = open(from, entry.parent_path()), place = open(to, entry.parent_path());
        return source && place ? source->move(entry.filename(), *place)
                               : std::make_error_code(std::errc::no_such_file_or_directory);
    };
    for (std::size_t i = 0; i < foreign.size(); ++i) {
        const auto failed = move(working_, target_, foreign[i]);
        if (!failed)
            continue;
        for (std::size_t moved = 0; moved < i; ++moved)
            static_cast<void>(move(target_, working_, foreign[moved]));
        if (!exchange())
            working_.clear(); // it is the old folder: nothing of it is touched
        return systemError(Errc::Write, failed, target_ / foreign[i]);
    }
    return {};
}

} // namespace packetloom
