// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/output_format.h"
#include "core/run/options.h"
#include "core/support/file.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// A file that a job reads, as it was when the job was planned. By size and time alone: two machines that
/// share a file system do not share its numbers of files.
struct JobFile
{
    std::filesystem::path path; ///< absolute
    std::uint64_t bytes = 0;
    std::int64_t modified = 0; ///< FileStamp::modified
};

/// Bytes of a file.
struct ByteRange
{
    std::uint64_t begin = 0, end = 0;

    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

inline constexpr std::size_t mapTaskLimit = 100'000;

/// What one map task reads: a file, or a stretch of one that begins and ends at the border of a read chunk.
struct MapTask
{
    std::size_t input = 0;         ///< index into Options::inputs
    std::uint64_t begin = 0;       ///< first byte
    std::uint64_t end = 0;         ///< behind the last byte; 0: to the end
    std::vector<ByteRange> head{}; ///< of the file, read before it: headers that tell how it is read
    std::uint64_t linesBefore = 0; ///< lines of the file (packets of a capture) before `begin`, not in `head`

    friend bool operator==(const MapTask&, const MapTask&) = default;

    [[nodiscard]] bool isWhole() const { return begin == 0 && end == 0; }
};

/// What a job makes: the dataset of a conversion, or a file of lines of the exact engine's flows.
struct JobOutput
{
    const OutputFormat* format = outputFormatNamed("timearcs-v2"); ///< never null
    std::string filter{}; ///< of lines: which flows are written (FlowExportQuestion::filter)

    [[nodiscard]] bool needsExactFlows() const { return format->needsExactFlows(); }
};

/// A conversion cut into tasks: what JOB/job.json says (docs/scale.md, 2). Never changes once it is written.
struct Job
{
    std::filesystem::path folder;
    std::string id;         ///< random, in every file of the job
    std::uint64_t seed = 0; ///< of what tells which shard a flow is in
    std::size_t shards = 0; ///< reduce tasks
    JobOutput output;
    Options options;                                ///< paths absolute
    std::vector<std::filesystem::path> givenInputs; ///< as the user wrote them: for the manifest
    std::vector<JobFile> files;                     ///< inputs, then IP maps
    std::vector<MapTask> tasks;                     ///< in input order

    [[nodiscard]] const JobFile& fileOf(const MapTask& task) const { return files[task.input]; }
};

/// What writes jobs now: "1.2.0 (build abcdef)".
std::string jobVersion();
std::filesystem::path jobFile(const std::filesystem::path& folder);

/// Errors: JobTrouble::JobExists, NotInTasks (readJob() would take it for too large); Write, NoSpace.
Result<void> writeJob(const Job& job);
/// Errors: JobTrouble::NotAJob, OtherVersion; Open, Read.
Result<Job> readJob(const std::filesystem::path& folder);

/// Error: JobTrouble::InputChanged, or Open where it is not there.
Result<void> checkUnchanged(const JobFile& file);
/// The same file for a process in any folder, as plainPath() has it.
std::filesystem::path absolutePath(const std::filesystem::path& path);
/// A file as it is now. Errors: Open, NotRegular.
Result<JobFile> jobFileOf(const std::filesystem::path& path);

} // namespace packetloom
