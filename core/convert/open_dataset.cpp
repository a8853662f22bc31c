// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/open_dataset.h"

#include "core/convert/flow_assignment.h"
#include "core/convert/guard.h"
#include "core/convert/packets_pass.h"
#include "core/dataset/dataset_file.h"
#include "core/dataset/index_reader.h"
#include "core/dataset/manifest_reader.h"
#include "core/dataset/statistics_reader.h"
#include "core/support/path_text.h"

#include <array>
#include <limits>
#include <unordered_map>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

constexpr std::array filesReadWhole{"manifest.json",       "ips/unique_ips.json", "ips/ip_stats.json",
                                    "ips/flag_stats.json", "indices/bins.json",   "flows/flows_index.json",
                                    "packets.csv"};

Options optionsOf(const Manifest& manifest)
{
    Options options;
    for (const auto& source : manifest.sourceFiles)
        options.inputs.push_back(pathFromText(source));
    options.addressFilter = manifest.addressFilter;
    options.window = manifest.window;
    options.flowsPerChunk = static_cast<std::int64_t>(manifest.flowsPerChunk);
    options.attackContext = manifest.attackContext;
    return options;
}

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

std::uint8_t marksOf(const IndexEntry& entry)
{
    const auto mark = [](bool yes, FlowTable::Mark which) { return yes ? unsigned{which} : 0u; };
    return static_cast<std::uint8_t>(mark(entry.initiator.has_value(), FlowTable::InitiatorKnown) |
                                     mark(entry.establishmentComplete, FlowTable::Established) |
                                     mark(entry.dataTransferStarted, FlowTable::DataTransferred) |
                                     mark(entry.closingStarted, FlowTable::Closing) |
                                     mark(entry.ongoing, FlowTable::Ongoing));
}

/// Adds up counts that must come to a known total.
class Share
{
public:
    explicit Share(std::uint64_t total) : left_(total) {}
    [[nodiscard]] bool take(std::uint64_t count)
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
    DatasetOpener(fs::path folder, const Heartbeat& heartbeat) : folder_(std::move(folder)), meter_(heartbeat)
    {
    }

    Result<std::shared_ptr<const Analysis>> open()
    {
        auto recorded = readManifest(folder_);
        if (!recorded)
            return std::move(recorded).error();
        source_->folder = folder_;
        source_->manifest = std::move(recorded->manifest);
        source_->rowsKnown = recorded->rowsKnown;
        const Manifest& manifest = source_->manifest;
        analysis_ = std::make_shared<Analysis>(optionsOf(manifest), fs::path());
        analysis_->totals = totalsOf(manifest);
        meter_.progress().timeline = &analysis_->byClass;
        meter_.progress().tally = &analysis_->tally;
        for (const char* name : filesReadWhole) {
            std::error_code missing; // found when it is opened
            const auto size = fs::file_size(folder_ / name, missing);
            meter_.progress().bytesTotal += missing ? 0 : size;
        }
        fileDone("manifest.json");
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
        analysis_->dataset = source_;
        return std::shared_ptr<const Analysis>(std::move(analysis_));
    }

private:
    Result<void> uniqueAddresses();
    Result<void> addressStats();
    Result<void> flagStats();
    Result<void> bins();
    Result<void> index();
    Result<void> flow(const IndexEntry& entry, const fs::path& file);
    Result<void> packets();

    [[nodiscard]] ReadBeat beat()
    {
        return [this](std::uint64_t bytes) {
            meter_.progress().bytesDone = finishedBytes_ + bytes;
            return meter_.tick();
        };
    }
    void fileDone(const char* name)
    {
        std::error_code missing;
        const auto size = fs::file_size(folder_ / name, missing);
        finishedBytes_ += missing ? 0 : size;
        meter_.progress().bytesDone = finishedBytes_;
    }
    /// The end of a row of the index: a known address, or an error.
    Result<Endpoint> endpoint(const EndText& end, const fs::path& file) const
    {
        const auto id = analysis_->addresses.find(end.address);
        if (!id || !analysis_->addressStats.has(*id))
            return datasetMismatch(file, "it has the address \"" + std::string(end.address) +
                                             "\", which is not in unique_ips.json");
        return Endpoint{*id, end.port};
    }

    fs::path folder_;
    ProgressMeter meter_;
    std::uint64_t finishedBytes_ = 0;
    std::shared_ptr<DatasetSource> source_ = std::make_shared<DatasetSource>();
    std::shared_ptr<Analysis> analysis_;
    std::optional<FlowAssignment> assignment_;
    std::uint64_t inChunk_ = 0; ///< flows so far of the chunk that the index is at
    std::unordered_map<std::string, std::uint32_t> chunkNumbers_;
};

Result<void> DatasetOpener::uniqueAddresses()
{
    const auto file = folder_ / "ips" / "unique_ips.json";
    auto read = readUniqueAddresses(file, beat(), [&](std::string_view text) -> Result<void> {
        const auto id = analysis_->addresses.intern(text);
        if (analysis_->addressStats.has(id))
            return datasetMismatch(file, "it has \"" + std::string(text) + "\" twice");
        analysis_->addressStats.restore(id);
        return {};
    });
    if (!read)
        return read;
    if (analysis_->addressStats.unique().size() != source_->manifest.uniqueAddresses)
        return datasetMismatch(file, "\"unique_ips\" of manifest.json is another number");
    fileDone("ips/unique_ips.json");
    return {};
}

Result<void> DatasetOpener::addressStats()
{
    const auto file = folder_ / "ips" / "ip_stats.json";
    AddressStats& stats = analysis_->addressStats;
    Share sent(source_->manifest.tcpPackets), received(source_->manifest.tcpPackets);
    auto read = readAddressStats(
        file, beat(), [&](std::string_view text, const AddressCounters& counters) -> Result<void> {
            auto known = endpoint({text, 0}, file);
            if (!known)
                return std::move(known).error();
            if (!sent.take(counters.sentPackets) || !received.take(counters.receivedPackets))
                return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
            if (!counters.seen() || stats.counters(known->address).seen())
                return datasetMismatch(file,
                                       "\"" + std::string(text) + "\" has no packets or is there twice");
            stats.restore(known->address, counters);
            return {};
        });
    if (!read)
        return read;
    if (!sent.complete() || !received.complete())
        return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
    fileDone("ips/ip_stats.json");
    return {};
}

Result<void> DatasetOpener::flagStats()
{
    const auto file = folder_ / "ips" / "flag_stats.json";
    Share packets(source_->manifest.tcpPackets);
    auto read = readFlagStats(file, beat(), [&](std::string_view name, std::uint64_t count) -> Result<void> {
        if (!packets.take(count))
            return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
        if (!analysis_->flags.restore(name, count))
            return datasetMismatch(file, "it has \"" + std::string(name) + "\" twice");
        return {};
    });
    if (!read)
        return read;
    if (!packets.complete())
        return datasetMismatch(file, "\"tcp_packets\" of manifest.json is another number");
    fileDone("ips/flag_stats.json");
    return {};
}

Result<void> DatasetOpener::bins()
{
    const auto file = folder_ / "indices" / "bins.json";
    auto read = readBins(file, beat());
    if (!read)
        return std::move(read).error();
    Share packets(source_->manifest.totalPackets); // some are in no bin
    for (const TimeBin& bin : *read) {
        if (!packets.take(bin.packets))
            return datasetMismatch(file, "it has more packets than \"total_packets\" of manifest.json");
    }
    if (read->empty() != (source_->manifest.totalPackets == 0))
        return datasetMismatch(file, "it does not fit \"total_packets\" of manifest.json");
    analysis_->bins = *std::move(read);
    fileDone("indices/bins.json");
    return {};
}

Result<void> DatasetOpener::flow(const IndexEntry& entry, const fs::path& file)
{
    FlowTable::Recorded flow{.number = entry.number,
                             .source = {},
                             .destination = {},
                             .state = entry.state,
                             .closeType = entry.closeType,
                             .invalidReason = entry.invalidReason,
                             .marks = marksOf(entry),
                             .start = entry.start,
                             .end = entry.end,
                             .packets = entry.packets,
                             .bytes = entry.bytes.clamped()};
    if (entry.initiator) {
        auto source = endpoint(*entry.initiator, file), destination = endpoint(*entry.responder, file);
        if (!source || !destination)
            return source ? std::move(destination).error() : std::move(source).error();
        flow.source = *source;
        flow.destination = *destination;
    }
    if (source_->chunkFiles.empty() || source_->chunkFiles.back() != entry.chunkFile) {
        const auto [known, added] = chunkNumbers_.try_emplace(
            std::string(entry.chunkFile), static_cast<std::uint32_t>(source_->chunkFiles.size()));
        if (!added)
            return datasetMismatch(file, "the flows of \"" + known->first + "\" are not together");
        if (auto there = checkDatasetFile(folder_ / "flows" / pathFromText(entry.chunkFile)); !there)
            return there;
        source_->chunkFiles.emplace_back(entry.chunkFile);
        inChunk_ = 0;
    }
    if (entry.chunkIndex != inChunk_++ || inChunk_ > source_->manifest.flowsPerChunk)
        return datasetMismatch(file, "\"chunk_index\" of flow_" + std::to_string(entry.number) +
                                         " is not its place in the chunk");
    if (analysis_->flows.size() == std::numeric_limits<std::uint32_t>::max())
        return datasetMismatch(file, "it has too many flows");
    source_->places.push_back({static_cast<std::uint32_t>(source_->chunkFiles.size() - 1), entry.chunkIndex});
    analysis_->flows.add(flow);
    assignment_->noteKey(entry.key);
    ++analysis_->tally.closeTypes[static_cast<std::size_t>(flow.closeType)];
    ++analysis_->tally.invalidReasons[static_cast<std::size_t>(flow.invalidReason)];
    return {};
}

Result<void> DatasetOpener::index()
{
    const auto file = folder_ / "flows" / "flows_index.json";
    assignment_.emplace(analysis_->flows, analysis_->addresses);
    auto read = readFlowIndex(file, beat(), [&](const IndexEntry& entry) { return flow(entry, file); });
    if (!read)
        return read;
    if (analysis_->flows.size() != source_->manifest.totalFlows)
        return datasetMismatch(file, "\"total_flows\" of manifest.json is another number");
    if (source_->chunkFiles.size() != source_->manifest.totalChunks)
        return datasetMismatch(file, "\"total_chunks\" of manifest.json is another number");
    if (!assignment_->begin())
        return datasetMismatch(file, "the flows are not numbered from 1 on");
    chunkNumbers_.clear();
    fileDone("flows/flows_index.json");
    return {};
}

Result<void> DatasetOpener::packets()
{
    const auto file = folder_ / "packets.csv";
    std::error_code ignored;
    // Without a row the reference writes no such file.
    if (source_->manifest.totalPackets == 0 && !source_->rowsKnown && !fs::exists(file, ignored)) {
        if (analysis_->flows.size() > 0)
            return datasetMismatch(file, "it is missing");
        return {};
    }
    auto read = readDatasetPackets(file, *analysis_, *assignment_, meter_);
    if (!read)
        return read;
    fileDone("packets.csv");
    return {};
}

} // namespace

fs::path DatasetSource::chunkFile(std::size_t flow) const
{
    return folder / "flows" / pathFromText(chunkFiles[places[flow].chunk]);
}

Result<std::shared_ptr<const Analysis>> openDataset(const fs::path& folder, const Heartbeat& heartbeat)
{
    return guarded([&] { return DatasetOpener(folder, heartbeat).open(); });
}

} // namespace packetloom
