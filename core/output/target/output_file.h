// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/target/output_place.h"
#include "core/support/file.h"
#include "core/support/file_lock.h"
#include "core/support/result.h"

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace packetloom {

/// The file that something is written into: a hidden sibling of the target, which takes the target's name
/// when it is complete. Until publish() succeeds the target is untouched; without it the destructor removes
/// every trace. When the process dies, the target is the complete old file, the complete new one, or absent,
/// and the next run for the target sweeps up after it.
class OutputFile
{
public:
    /// Looks only; links to the target are followed. FileExists where a file is there and is not to be
    /// replaced; whatever the user insists on: NotAFile (facts: FileKind), DanglingLink, OutputIsInput
    /// (detail: the input), NotMovable for what is mounted there. All of them with `wanted` as their file.
    static Result<OutputFile> check(const std::filesystem::path& wanted, bool replace,
                                    std::span<const std::filesystem::path> inputs);
    OutputFile(OutputFile&& other) noexcept;
    OutputFile& operator=(OutputFile&&) = delete;
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile();

    /// Takes the target's lock, sweeps up what runs left that did not end, and makes the hidden file. The
    /// folder must be there. Errors: InUse, NotALock, Write, NoSpace.
    Result<void> create();
    /// Only after create(). Errors: Write, NoSpace, with the target as their file.
    Result<void> write(std::string_view text);
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; } ///< written so far
    /// Has the file written to the disk and gives it its name, and the owner and permissions of the one that
    /// it replaces, as far as this user may. FileExists, NotAFile: what came there since check(); the errors
    /// of write().
    Result<void> publish();

private:
    OutputFile(std::filesystem::path wanted, std::filesystem::path target, bool replace, InputPlaces inputs)
        : wanted_(std::move(wanted)),
          target_(std::move(target)),
          replace_(replace),
          inputs_(std::move(inputs))
    {
    }
    Result<void> mayTake() const;
    [[nodiscard]] Error ofTarget(Error error) const;
    void discard() noexcept;

    std::filesystem::path wanted_, target_;
    bool replace_;
    InputPlaces inputs_;
    std::optional<FileLock> lock_;
    std::filesystem::path working_;
    File file_;
    std::uint64_t bytes_ = 0;
};

} // namespace packetloom
