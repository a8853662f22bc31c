// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/task_worker.h"

#include "core/support/file.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <system_error>

namespace packetloom {
namespace {

constexpr const char* fileName = "who";
constexpr std::uint64_t longestFile = 4096;

std::string environment(const char* name)
{
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets them
    return value ? value : "";
}

// sbatch(1), "OUTPUT ENVIRONMENT VARIABLES": each task of an array has a job id of its own, which users never
// see.
std::string ownSlurmJob()
{
    const auto array = environment("SLURM_ARRAY_JOB_ID"), task = environment("SLURM_ARRAY_TASK_ID");
    return array.empty() || task.empty() ? environment("SLURM_JOB_ID") : array + '_' + task;
}

void addLine(std::string& text, std::string_view key, std::string value)
{
    std::ranges::replace_if(
        value, [](unsigned char c) { return c < ' '; }, '?');
    text.append(key).append(" ").append(value).append("\n");
}

bool readNumber(std::string_view text, std::uint64_t& number)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

bool takeLine(std::string_view line, TaskWorker& worker)
{
    const auto space = line.find(' ');
    if (space == std::string_view::npos)
        return false;
    const auto key = line.substr(0, space), value = line.substr(space + 1);
    if (key == "process")
        return readNumber(value, worker.process.process);
    if (key == "began")
        return readNumber(value, worker.process.began);
    if (key == "host")
        worker.process.host = value;
    else if (key == "scope")
        worker.process.scope = value;
    else if (key == "slurm")
        worker.slurmJob = value;
    return true;
}

} // namespace

TaskWorker thisWorker()
{
    return {.process = ownProcess(), .slurmJob = ownSlurmJob()};
}

void noteWorker(const std::filesystem::path& working, const TaskWorker& worker)
{
    std::string text;
    addLine(text, "host", worker.process.host);
    addLine(text, "process", std::to_string(worker.process.process));
    addLine(text, "began", std::to_string(worker.process.began));
    addLine(text, "scope", worker.process.scope);
    addLine(text, "slurm", worker.slurmJob);
    if (auto file = File::create(working / fileName)) {
        static_cast<void>(file->write(text));
        static_cast<void>(file->close());
    }
}

void forgetWorker(const std::filesystem::path& working)
{
    std::error_code ignored;
    std::filesystem::remove(working / fileName, ignored);
}

std::optional<TaskWorker> workerOf(const std::filesystem::path& working)
{
    const auto text = readWhole(working / fileName, longestFile, Errc::Read);
    if (!text)
        return std::nullopt;
    TaskWorker worker;
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos || !takeLine(rest.substr(0, end), worker))
            return std::nullopt; // being written, or cut short
        rest.remove_prefix(end + 1);
    }
    if (worker.process.host.empty() || worker.process.process == 0)
        return std::nullopt;
    return worker;
}

} // namespace packetloom
