// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/open_dataset.h"

#include "core/analysis/flow_assignment.h"
#include "core/analysis/index_pass.h"
#include "core/analysis/packets_pass.h"
#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/manifest_reader.h"
#include "core/input/dataset/statistics_reader.h"
#include "core/support/growth.h"
#include "core/support/guard.h"
#include "core/support/path_text.h"
#include "core/support/temporary_folder.h"

#include <array>
#include <optional>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr const char* const manifestFile = "manifest.json";
constexpr const char* const uniqueIps = "ips/unique_ips.json";
constexpr const char* const ipStats = "ips/ip_stats.json";
constexpr const char* const flagStatsFile = "ips/flag_stats.json";
constexpr const char* const binsFile = "indices/bins.json";
constexpr const char* const flowsIndex = "flows/flows_index.json";
constexpr const char* const packetsCsv = "packets.csv";
/// What progress is measured in.
constexpr std::array filesReadWhole{manifestFile, uniqueIps,  ipStats,   flagStatsFile,
                                    binsFile,     flowsIndex, packetsCsv};

RunTotals totalsOf(const Manifest& manifest)
{
    RunTotals totals;
    totals.rows = manifest.rows;
    totals.tcpPackets = manifest.tcpPackets;
    totals.uniqueAddresses = manifest.uniqueAddresses;
    totals.flows = manifest.totalFlows;
    totals.firstTimestamp = manifest.firstTimestamp;
    totals.lastTimestamp = manifest.lastTimestamp;
    return totals;
}

/// Adds up counts that must come to a known total.
class Remainder
{
public:
    explicit Remainder(std::uint64_t total) : left_(total) {}
    [[nodiscard]] bool subtract(std::uint64_t count)
    {
        if (count > left_)
            return false;
        left_ -= count;
        return true;
    }
    [[nodiscard]] bool complete() const { return left_ == 0; }

private:
    std::uint64_t left_;
};

/// One opening, file after file, each checked against those before it.
class DatasetOpener
{
public:
    DatasetOpener(fs::path folder, const Heartbeat& heartbeat, std::uint64_t memoryLimit)
        : folder_(std::move(folder)), meter_(heartbeat, memoryLimit)
    {
    }

    Result<std::shared_ptr<const DatasetAnalysis>> open() { return meter_.reason(read()); }

private:
    Result<std::shared_ptr<const DatasetAnalysis>> read()
    {
        auto recorded = readManifest(folder_);
        if (!recorded)
            return std::move(recorded).error();
        const auto temporary = temporaryFolder();
        if (!temporary)
            return whilePreparing(temporary.error());
        analysis_ = std::make_shared<DatasetAnalysis>(*temporary);
        analysis_->source = {.folder = folder_,
                             .manifest = std::move(recorded->manifest),
                             .rowsKnown = recorded->rowsKnown,
                             .places = {},
                             .chunkFiles = {}};
        analysis_->inputs = {folder_ / packetsCsv};
        const Manifest& manifest = analysis_->source.manifest;
        analysis_->totals = totalsOf(manifest);
        meter_.progress().timeline = &analysis_->byClass;
        meter_.progress().tally = &analysis_->tally;
        for (const char* name : filesReadWhole) {
            std::error_code missing; // found when it is opened
            const auto size = fs::file_size(folder_ / name, missing);
            meter_.progress().bytesTotal += missing ? 0 : size;
        }
        fileDone(manifestFile);
        using Part = Result<void> (DatasetOpener::*)();
        for (const Part part :
             {&DatasetOpener::uniqueAddresses, &DatasetOpener::addressStats, &DatasetOpener::flagStats,
              &DatasetOpener::bins, &DatasetOpener::index, &DatasetOpener::packets}) {
            if (auto done = (this->*part)(); !done)
                return std::move(done).error();
            if (!meter_.beat())
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        meter_.progress().phase = Phase::Finishing;
        if (!meter_.beat())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return std::shared_ptr<const DatasetAnalysis>(std::move(analysis_));
    }

    Result<void> uniqueAddresses();
    Result<void> addressStats();
    Result<void> flagStats();
    Result<void> bins();
    Result<void> index();
    Result<void> packets();

    [[nodiscard]] ReadBeat beat()
    {
        return [this](std::uint64_t bytes) {
            meter_.progress().bytesDone = finishedBytes_ + bytes;
            return meter_.tick(growth());
        };
    }
    [[nodiscard]] std::uint64_t growth() const
    {
        constexpr std::size_t elements = 256; // two addresses or one flow each
        return analysis_->addresses.growth(elements) + analysis_->addressStats.growth(elements) +
               analysis_->flows.growth(elements) + growthOf(analysis_->source.places, elements) +
               (assignment_ ? assignment_->growth(elements) : 0);
    }
    void fileDone(const char* name)
    {
        std::error_code missing;
        const auto size = fs::file_size(folder_ / name, missing);
        finishedBytes_ += missing ? 0 : size;
        meter_.progress().bytesDone = finishedBytes_;
    }
    fs::path folder_;
    ProgressMeter meter_;
    std::uint64_t finishedBytes_ = 0;
    std::shared_ptr<DatasetAnalysis> analysis_;
    std::optional<FlowAssignment> assignment_;
};

Result<void> DatasetOpener::uniqueAddresses()
{
    const auto file = folder_ / uniqueIps;
    auto read = readUniqueAddresses(file, beat(), [&](std::string_view text) -> Result<void> {
        const auto id = analysis_->addresses.intern(text);
        if (analysis_->addressStats.has(id))
            return datasetMismatch(file, "it has \"" + std::string(text) + "\" twice");
        analysis_->addressStats.restore(id);
        return {};
    });
    if (!read)
        return read;
    if (analysis_->addressStats.unique().size() != analysis_->source.manifest.uniqueAddresses)
        return datasetMismatch(file, "\"unique_ips\" of manifest.json is another number");
    fileDone(uniqueIps);
    return {};
}

Result<void> DatasetOpener::addressStats()
{
    const auto file = folder_ / ipStats;
    AddressStats& stats = analysis_->addressStats;
    Remainder sent(analysis_->source.manifest.tcpPackets), received(analysis_->source.manifest.tcpPackets);
    auto read = readAddressStats(
        file, beat(), [&](std::string_view text, const AddressCounters& counters) -> Result<void> {
            auto known = announcedAddress(*analysis_, text, file);
            if (!known)
                return std::move(known).error();
            if (!sent.subtract(counters.sentPackets) || !received.subtract(counters.receivedPackets))
                return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
            if (!counters.seen() || stats.counters(*known).seen())
                return datasetMismatch(file,
                                       "\"" + std::string(text) + "\" has no packets or is there twice");
            stats.restore(*known, counters);
            return {};
        });
    if (!read)
        return read;
    if (!sent.complete() || !received.complete())
        return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
    fileDone(ipStats);
    return {};
}

Result<void> DatasetOpener::flagStats()
{
    const auto file = folder_ / flagStatsFile;
    Remainder packets(analysis_->source.manifest.tcpPackets);
    auto read = readFlagStats(file, beat(), [&](std::string_view name, std::uint64_t count) -> Result<void> {
        if (!packets.subtract(count))
            return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
        if (!analysis_->flags.restore(name, count))
            return datasetMismatch(file, "it has \"" + std::string(name) + "\" twice");
        return {};
    });
    if (!read)
        return read;
    if (!packets.complete())
        return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
    fileDone(flagStatsFile);
    return {};
}

Result<void> DatasetOpener::bins()
{
    const auto file = folder_ / binsFile;
    auto read = readBins(file, beat());
    if (!read)
        return std::move(read).error();
    Remainder packets(analysis_->source.manifest.totalPackets); // some are in no bin
    for (const TimeBin& bin : *read) {
        if (!packets.subtract(bin.packets))
            return datasetMismatch(file, "it has more packets than \"total_packets\" of manifest.json");
    }
    if (read->empty() != (analysis_->source.manifest.totalPackets == 0))
        return datasetMismatch(file, "it does not fit \"total_packets\" of manifest.json");
    analysis_->bins = *std::move(read);
    fileDone(binsFile);
    return {};
}

Result<void> DatasetOpener::index()
{
    assignment_.emplace(analysis_->flows, analysis_->addresses);
    auto read = readDatasetIndex(folder_ / flowsIndex, *analysis_, analysis_->source, *assignment_, beat());
    if (!read)
        return read;
    fileDone(flowsIndex);
    return {};
}

Result<void> DatasetOpener::packets()
{
    const auto file = folder_ / packetsCsv;
    std::error_code ignored;
    // Without a row the reference writes no such file.
    if (analysis_->source.manifest.totalPackets == 0 && !analysis_->source.rowsKnown &&
        !fs::exists(file, ignored)) {
        if (analysis_->flows.size() > 0)
            return datasetMismatch(file, "it is missing");
        return {};
    }
    auto read = readDatasetPackets(file, *analysis_, *assignment_, meter_);
    if (!read)
        return read;
    fileDone(packetsCsv);
    return {};
}

} // namespace

fs::path DatasetSource::chunkFile(std::size_t flow) const
{
    return folder / "flows" / pathFromText(chunkFiles[places[flow].chunk]);
}

Result<std::shared_ptr<const DatasetAnalysis>> openDataset(const fs::path& folder, const Heartbeat& heartbeat,
                                                           std::uint64_t memoryLimit)
{
    return guarded([&] { return DatasetOpener(folder, heartbeat, memoryLimit).open(); });
}

} // namespace packetloom
