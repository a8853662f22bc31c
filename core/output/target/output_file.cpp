// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_file.h"

#include "core/output/target/output_sweep.h"
#include "core/output/target/space.h"
#include "core/support/file_sync.h"
#include "core/support/path_text.h"

#include <system_error>
#include <utility>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

Error writeError(const std::error_code& reason, const fs::path& path)
{
    const bool full = reason == std::errc::no_space_on_device;
    return Error{.code = full ? Errc::NoSpace : Errc::Write, .detail = reason.message(), .file = path};
}

} // namespace

Result<OutputFile> OutputFile::check(const fs::path& wanted, bool replace, std::span<const fs::path> inputs)
{
    std::error_code error;
    const auto absolute = fs::absolute(wanted, error);
    fs::path target = error ? fs::path() : fs::weakly_canonical(absolute, error);
    if (error)
        return Error{.code = Errc::Open, .detail = error.message(), .file = wanted};
    if (!target.has_filename()) // written with a slash at the end
        return Error{.code = Errc::NotAFile, .detail = {}, .file = wanted, .facts = FileKind::Folder};
    OutputFile output(wanted, std::move(target), replace, InputPlaces(inputs));
    if (auto may = output.mayTake(); !may)
        return std::move(may).error();
    return output;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : wanted_(std::move(other.wanted_)),
      target_(std::move(other.target_)),
      replace_(other.replace_),
      inputs_(std::move(other.inputs_)),
      lock_(std::move(other.lock_)),
      working_(std::exchange(other.working_, {})),
      file_(std::move(other.file_)),
      bytes_(other.bytes_)
{
}

OutputFile::~OutputFile()
{
    discard();
}

void OutputFile::discard() noexcept
{
    static_cast<void>(file_.close());
    std::error_code ignored;
    if (!working_.empty())
        fs::remove(working_, ignored);
    working_.clear();
    lock_.reset();
}

// Whether what stands there may be given up.
Result<void> OutputFile::mayTake() const
{
    const auto refused = [&](Errc code, std::string detail = {}, ErrorFacts facts = {}) {
        return Error{.code = code, .detail = std::move(detail), .file = wanted_, .facts = std::move(facts)};
    };
    const Entry entry = entryOf(target_);
    if (entry.kind == Entry::Kind::None)
        return {};
    if (entry.kind == Entry::Kind::Link) { // or it would have been followed
        std::error_code ignored;
        return refused(Errc::DanglingLink, pathText(fs::read_symlink(target_, ignored)));
    }
    if (entry.kind != Entry::Kind::File)
        return refused(Errc::NotAFile, {}, fileKind(target_).value_or(FileKind::Device));
    if (const auto* const input = inputs_.in(target_, entry))
        return refused(Errc::OutputIsInput, pathText(*input));
    if (!replace_)
        return refused(Errc::FileExists);
    if (isMountedOn(entry, entryAt(target_.parent_path())))
        return refused(Errc::NotMovable, std::make_error_code(std::errc::device_or_resource_busy).message());
    return {};
}

// The user knows no other name.
Error OutputFile::ofTarget(Error error) const
{
    error.file = wanted_;
    if (error.code == Errc::NoSpace && hasNoRoomForFiles(target_.parent_path()))
        error.code = Errc::NoRoomForFiles;
    return error;
}

Result<void> OutputFile::create()
{
    auto lock = FileLock::take(lockName(target_));
    if (!lock) {
        Error failed = std::move(lock).error();
        return failed.code == Errc::NotALock ? failed : ofTarget(std::move(failed));
    }
    lock_.emplace(*std::move(lock));
    if (lock_->locks())
        sweepFiles(target_);
    fs::path working = unfinishedName(target_);
    auto file = File::create(working);
    if (!file)
        return ofTarget(std::move(file).error());
    file_ = *std::move(file);
    working_ = std::move(working);
    return {};
}

Result<void> OutputFile::write(std::string_view text)
{
    if (auto written = file_.write(text); !written)
        return ofTarget(std::move(written).error());
    bytes_ += text.size();
    return {};
}

Result<void> OutputFile::publish()
{
    if (auto closed = file_.close(); !closed)
        return ofTarget(std::move(closed).error());
    if (auto synced = syncFile(working_); !synced)
        return ofTarget(std::move(synced).error());
    if (auto may = mayTake(); !may) // it may have come meanwhile
        return may;
    const Entry older = entryOf(target_);
    std::error_code error;
    if (older.kind == Entry::Kind::None) {
        error = renameToNew(working_, target_);
        if (error == std::errc::file_exists)
            return Error{.code = Errc::FileExists, .detail = {}, .file = wanted_};
    } else {
        if (const auto folder = Folder::open(target_.parent_path()))
            folder->giveAccess(working_.filename(), older);
        fs::rename(working_, target_, error);
    }
    if (error)
        return ofTarget(writeError(error, target_));
    working_.clear();
    // It stands. That its name is not on the disk yet is no failure.
    static_cast<void>(syncFolder(target_.parent_path()));
    lock_.reset();
    return {};
}

} // namespace packetloom
