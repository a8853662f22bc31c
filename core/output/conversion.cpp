// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conversion.h"

#include "core/input/dataset/manifest_reader.h"
#include "core/output/output_format.h"
#include "core/output/target/space.h"
#include "core/support/guard.h"

namespace packetloom {
namespace {

// About how many bytes are needed.
std::uint64_t noteSpace(std::uint64_t packets, const DatasetFormat& format, const Options& options,
                        const OutputFolder& output, Progress& progress)
{
    const std::uint64_t needed = format.estimatedBytes(packets, options);
    const std::uint64_t available = availableBytes(output.target());
    if (needed > available) {
        progress.spaceNeeded = needed;
        progress.spaceAvailable = available;
    }
    return needed;
}

ConversionSummary summaryOf(RunTotals totals, const FlowTally& tally, const FlagStats& flags,
                            const OutputFolder& folder, const Output& output)
{
    ConversionSummary summary;
    summary.totals = std::move(totals);
    summary.tally = tally;
    summary.flags = flags.counts();
    noteLeftovers(folder, summary.totals.warnings);
    summary.folder = folder.target();
    const auto size = output.size();
    summary.chunks = size.chunks;
    summary.files = size.files;
    summary.bytes = size.bytes;
    return summary;
}

} // namespace

Error ofOutput(Error error, std::uint64_t needed, const OutputFolder& output)
{
    if (error.code == Errc::NoSpace) {
        if (hasNoRoomForFiles(output.target()))
            error.code = Errc::NoRoomForFiles;
        else
            error.byte = needed;
    }
    const auto inside = error.file.lexically_relative(output.path());
    if (!inside.empty() && *inside.begin() != "..")
        error.file = (output.target() / inside).lexically_normal();
    return error;
}

Result<void> publish(OutputFolder& output, const Options& options, const RunTotals& totals,
                     ProgressMeter& meter)
{
    // A wrong filter or a wrong file shall not cost a dataset, unless there is nothing in that one either.
    if (totals.rows.kept == 0 && !options.replaceAnything && isDataset(output.target())) {
        const auto older = readManifest(output.target());
        if (!older || older->manifest.totalPackets > 0)
            return Error{.code = Errc::NothingKept, .detail = {}, .file = output.target()};
    }
    return output.publish([&] { return meter.tick(); });
}

void noteLeftovers(const OutputFolder& folder, std::vector<Warning>& warnings)
{
    for (const Error& left : folder.leftovers()) {
        const bool foreign = left.code == Errc::Exists;
        warnings.push_back({foreign ? Warning::Kind::ForeignLeftover : Warning::Kind::NotRemoved, left});
    }
}

Result<OutputFolder> checkOutput(const Options& options, const std::filesystem::path& folder)
{
    const auto policy = options.replaceAnything ? ReplacePolicy::Anything : ReplacePolicy::Datasets;
    auto output = OutputFolder::check(folder, policy, filesRead(options));
    if (!output)
        return whilePreparing(std::move(output).error());
    return output;
}

Result<OutputFolder> prepareOutput(const Options& options, const std::filesystem::path& folder)
{
    auto output = checkOutput(options, folder);
    if (!output)
        return output;
    if (auto created = output->create(); !created)
        return whilePreparing(ofOutput(std::move(created).error(), 0, *output));
    return output;
}

Result<ConversionSummary> runInto(OutputFolder& folder, Run::Ends ends, std::uint64_t packets,
                                  const Options& options, TaskPool& pool, ProgressMeter& meter)
{
    const DatasetFormat& format = defaultDatasetFormat();
    const auto output = format.open(folder.path(), ends.addresses, pool, options, ends.engine);
    ends.output = output.get();
    const std::uint64_t needed = noteSpace(packets, format, options, folder, meter.progress());
    Run run(ends, pool, meter, folder.path());
    auto result = [&]() -> Result<RunResult> {
        auto done = run.run();
        if (!done)
            return done;
        if (!ends.known)
            done->totals.noteNothingKept();
        if (!meter.beat()) // the last moment to change one's mind
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (auto published = publish(folder, options, ends.known ? ends.known->totals : done->totals, meter);
            !published)
            return std::move(published).error();
        return done;
    }();
    if (!result)
        return ofOutput(std::move(result).error(), needed, folder);
    return summaryOf(ends.known ? ends.known->totals : std::move(result->totals), result->tally,
                     ends.known ? ends.known->flags : result->flags, folder, *output);
}

} // namespace packetloom
