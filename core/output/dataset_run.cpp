// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/dataset_run.h"

#include "core/input/dataset/manifest_reader.h"
#include "core/output/target/space.h"
#include "core/output/timearcs_v2/manifest_writer.h"
#include "core/support/guard.h"
#include "core/support/path_text.h"

namespace packetloom {

Result<OutputFolder> checkOutput(const Options& options, const std::filesystem::path& folder)
{
    auto readFrom = options.inputs;
    if (!options.ipMap.empty())
        readFrom.push_back(options.ipMap);
    const auto policy = options.replaceAnything ? ReplacePolicy::Anything : ReplacePolicy::Datasets;
    auto output = OutputFolder::check(folder, policy, readFrom);
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

std::uint64_t noteSpace(std::uint64_t packets, const Options& options, const OutputFolder& output,
                        Progress& progress)
{
    const std::uint64_t needed = estimatedDatasetBytes(packets, options.style);
    const std::uint64_t available = availableBytes(output.target());
    if (needed > available) {
        progress.spaceNeeded = needed;
        progress.spaceAvailable = available;
    }
    return needed;
}

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

Manifest manifestOf(const Options& options, const RunTotals& totals)
{
    Manifest manifest;
    manifest.created = localTimestamp();
    for (auto input : options.inputs) // as the system writes them, whoever asked
        manifest.sourceFiles.push_back(pathText(input.make_preferred()));
    manifest.totalPackets = totals.rows.kept;
    manifest.tcpPackets = totals.tcpPackets;
    manifest.uniqueAddresses = totals.uniqueAddresses;
    manifest.firstTimestamp = totals.firstTimestamp;
    manifest.lastTimestamp = totals.lastTimestamp;
    manifest.attackContext = options.attackContext;
    manifest.addressFilter = options.addressFilter;
    manifest.filterEnds = options.filterEnds;
    manifest.window = options.window;
    manifest.rows = totals.rows;
    return manifest;
}

ConversionSummary summaryOf(RunTotals totals, const FlowTally& tally, const FlagStats& flags,
                            const OutputFolder& output, DatasetWriter& writer)
{
    ConversionSummary summary;
    summary.totals = std::move(totals);
    summary.tally = tally;
    summary.flags = flags.counts();
    for (const Error& left : output.leftovers()) {
        const bool foreign = left.code == Errc::Exists;
        summary.totals.warnings.push_back(
            {foreign ? Warning::Kind::ForeignLeftover : Warning::Kind::NotRemoved, left});
    }
    summary.folder = output.target();
    summary.chunks = writer.chunks();
    summary.files = writer.files();
    summary.bytes = writer.bytes();
    return summary;
}

} // namespace packetloom
