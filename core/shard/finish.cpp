// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/finish.h"

#include "core/output/conversion.h"
#include "core/output/timearcs_v2/dataset_output.h"
#include "core/shard/checked_text.h"
#include "core/shard/cut.h"
#include "core/shard/job_trouble.h"
#include "core/shard/joined_map.h"
#include "core/shard/joined_statistics.h"
#include "core/shard/merge_facts.h"
#include "core/shard/status.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"
#include "core/support/path_text.h"

#include <string>
#include <system_error>
#include <vector>

namespace packetloom {
namespace {

Error cancelled()
{
    return {.code = Errc::Cancelled, .detail = {}, .file = {}};
}

class Finish
{
public:
    Finish(const Job& job, OutputFolder& output, ProgressMeter& meter, const TaskContext& context)
        : job_(job),
          output_(output),
          meter_(meter),
          context_(context),
          pool_(1),
          statistics_(output.path(), job.givenInputs),
          writer_(output.path(), static_cast<std::uint64_t>(job.options.flowsPerChunk), statistics_.addresses,
                  pool_, job.options.style)
    {
    }

    Result<ConversionSummary> run(const Cut& cut, std::size_t merges)
    {
        const auto maps = forEachMap(job_, cut, context_,
                                     [&](std::size_t i, const auto& folder) { return joinMap(i, folder); });
        if (!maps)
            return maps.error();
        for (std::size_t i = 0; i < merges; ++i) {
            if (auto joined = joinMerge(i, merges); !joined)
                return std::move(joined).error();
        }
        return conclude(cut);
    }

private:
    Result<void> joinMap(std::size_t number, const std::filesystem::path& folder)
    {
        const auto reader = MapFactsReader::open(folder, mapFileName(job_, number, mapFactsFile));
        if (!reader)
            return reader.error();
        const auto facts = statistics_.add(*reader, job_.tasks[number].input, meter_);
        if (!facts)
            return facts.error();
        auto joined = reader->forEachTime([&](std::int64_t time) {
            statistics_.time(time);
            return ++times_ % 4096 != 0 || meter_.tick();
        });
        if (joined)
            joined = readChecked(folder / mapPacketsFile, facts->packetsBytes, facts->packetsSum, meter_,
                                 [&](std::string_view text) -> Result<void> {
                                     writer_.joinPackets(text);
                                     return {};
                                 });
        if (joined)
            joined = writerFailure();
        return joined;
    }
    Result<void> joinMerge(std::size_t number, std::size_t of)
    {
        const auto folder = taskFolder(job_, {TaskKind::Merge, number, of});
        const auto facts = readMergeFacts(job_, number, of);
        if (!facts)
            return facts.error();
        auto joined = readChecked(folder / mergeIndexFile, facts->indexBytes, facts->indexSum, meter_,
                                  [&](std::string_view text) -> Result<void> {
                                      writer_.joinIndex(text);
                                      return {};
                                  });
        if (!joined)
            return joined;
        const auto chunks = facts->folder.empty() ? folder / mergeFlowsFolder : facts->folder;
        for (const auto& chunk : facts->files) {
            const auto file = chunks / pathFromText(chunk.name);
            std::error_code error;
            if (std::filesystem::file_size(file, error) != chunk.bytes || error)
                return jobError(JobTrouble::Damaged, file, "it is not there, or not as long as it was");
            if (auto taken = takeChunk(file); !taken)
                return taken;
            if (!meter_.tick())
                return cancelled();
        }
        writer_.joinChunks(facts->flows, facts->chunks, facts->bytes);
        tally_ += facts->tally;
        return writerFailure();
    }
    // Under a second name, where the dataset is on the same file system: the job stays as it is.
    Result<void> takeChunk(const std::filesystem::path& file)
    {
        const auto to = output_.path() / "flows" / file.filename();
        std::error_code error;
        std::filesystem::create_hard_link(file, to, error);
        if (!error)
            return {};
        error.clear();
        std::filesystem::copy_file(file, to, error);
        if (!error)
            return {};
        return Error{.code = error == std::errc::no_space_on_device ? Errc::NoSpace : Errc::Write,
                     .detail = error.message(),
                     .file = to};
    }
    Result<void> writerFailure()
    {
        if (auto error = writer_.failure())
            return *std::move(error);
        return {};
    }
    Result<ConversionSummary> conclude(const Cut& cut)
    {
        meter_.progress().phase = Phase::Finishing;
        if (auto agreed = statistics_.finish(job_, cut.rows); !agreed)
            return std::move(agreed).error();
        RunTotals& totals = statistics_.totals;
        totals.flows = writer_.flows();
        auto bins = referenceBins(statistics_.times(), [&] { return meter_.tick(); });
        if (!bins)
            return std::move(bins).error();
        Options told = job_.options;
        told.inputs = job_.givenInputs;
        if (auto finished =
                writer_.finish(statistics_.addressStats, statistics_.flags, *bins, manifestOf(told, totals));
            !finished)
            return std::move(finished).error();
        if (!meter_.beat())
            return cancelled();
        if (auto published = publish(output_, job_.options, totals, meter_); !published)
            return std::move(published).error();
        ConversionSummary summary;
        summary.totals = std::move(totals);
        summary.tally = tally_;
        summary.flags = statistics_.flags.counts();
        noteLeftovers(output_, summary.totals.warnings);
        summary.folder = output_.target();
        summary.chunks = writer_.chunks();
        summary.files = writer_.files();
        summary.bytes = writer_.bytes();
        return summary;
    }

    const Job& job_;
    OutputFolder& output_;
    ProgressMeter& meter_;
    const TaskContext& context_;
    TaskPool pool_;
    JoinedStatistics statistics_;
    DatasetWriter writer_;
    FlowTally tally_;
    std::uint64_t times_ = 0;
};

} // namespace

Result<ConversionSummary> finishJob(const Job& job, const std::filesystem::path& folder,
                                    const TaskContext& context)
{
    return guarded([&]() -> Result<ConversionSummary> {
        if (!job.output.format->isFolder())
            return whilePreparing(
                jobError(JobTrouble::OtherOutput, job.folder, std::string(job.output.format->id)));
        if (isInJob(job, folder))
            return whilePreparing(jobError(JobTrouble::OutputInJob, folder));
        const auto merges = finishedMerges(job);
        if (!merges)
            return whilePreparing(merges.error());
        const auto cut = readCut(job);
        if (!cut)
            return ofOtherTasks(cut.error());
        auto output = prepareOutput(job.options, folder);
        if (!output)
            return std::move(output).error();
        ProgressMeter meter(context.heartbeat, job.options.memoryLimit);
        Finish finish(job, *output, meter, context);
        auto summary = meter.reason(finish.run(*cut, *merges));
        if (!summary)
            return ofOutput(std::move(summary).error(), 0, *output);
        return summary;
    });
}

} // namespace packetloom
