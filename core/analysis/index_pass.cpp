// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/index_pass.h"

#include "core/input/dataset/dataset_file.h"
#include "core/support/hash_mix.h"
#include "core/support/path_text.h"

#include <limits>
#include <tsl/robin_set.h>

namespace packetloom {
namespace {

std::uint8_t marksOf(const IndexEntry& entry)
{
    const auto mark = [](bool yes, FlowTable::Mark which) { return yes ? unsigned{which} : 0u; };
    return static_cast<std::uint8_t>(mark(entry.initiator.has_value(), FlowTable::InitiatorKnown) |
                                     mark(entry.establishmentComplete, FlowTable::Established) |
                                     mark(entry.dataTransferStarted, FlowTable::DataTransferred) |
                                     mark(entry.closingStarted, FlowTable::Closing) |
                                     mark(entry.ongoing, FlowTable::Ongoing));
}

/// One walk through flows_index.json.
class IndexPass
{
public:
    IndexPass(const std::filesystem::path& file, Analysis& analysis, DatasetSource& source,
              FlowAssignment& assignment)
        : file_(file), analysis_(analysis), source_(source), assignment_(assignment)
    {
    }

    Result<void> run(const ReadBeat& goOn)
    {
        auto read = readFlowIndex(file_, goOn, [&](const IndexEntry& entry) { return take(entry); });
        if (!read)
            return read;
        if (analysis_.flows.size() != source_.manifest.totalFlows)
            return mismatch("\"total_flows\" of manifest.json is another number");
        if (source_.chunkFiles.size() != source_.manifest.totalChunks)
            return mismatch("\"total_chunks\" of manifest.json is another number");
        if (!assignment_.begin())
            return mismatch("the flows are not numbered from 1 on");
        return {};
    }

private:
    [[nodiscard]] Error mismatch(std::string what) const { return datasetMismatch(file_, std::move(what)); }

    Result<void> take(const IndexEntry& entry)
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
                                 .bytes = entry.bytes.clamped(),
                                 .sentPackets = 0,
                                 .sentBytes = 0};
        if (entry.initiator) {
            auto source = announcedAddress(analysis_, entry.initiator->address, file_),
                 destination = announcedAddress(analysis_, entry.responder->address, file_);
            if (!source || !destination)
                return source ? std::move(destination).error() : std::move(source).error();
            flow.source = {*source, entry.initiator->port};
            flow.destination = {*destination, entry.responder->port};
        }
        if (auto put = place(entry); !put)
            return put;
        analysis_.flows.add(flow);
        assignment_.noteKey(entry.key);
        ++analysis_.tally.closeTypes[static_cast<std::size_t>(flow.closeType)];
        ++analysis_.tally.invalidReasons[static_cast<std::size_t>(flow.invalidReason)];
        return {};
    }

    // Flows stand in their chunks in the order of the index, without a gap.
    Result<void> place(const IndexEntry& entry)
    {
        auto& chunks = source_.chunkFiles;
        if (chunks.empty() || chunks.back() != entry.chunkFile) {
            if (!chunksSeen_.insert(std::string(entry.chunkFile)).second)
                return mismatch("the flows of \"" + std::string(entry.chunkFile) + "\" are not together");
            const auto file = file_.parent_path() / pathFromText(entry.chunkFile);
            if (auto there = checkDatasetFile(file); !there)
                return there;
            chunks.emplace_back(entry.chunkFile);
            inChunk_ = 0;
        }
        if (entry.chunkIndex != inChunk_++ || inChunk_ > source_.manifest.flowsPerChunk)
            return mismatch("\"chunk_index\" of flow_" + std::to_string(entry.number) +
                            " is not its place in the chunk");
        if (source_.places.size() == std::numeric_limits<std::uint32_t>::max())
            return mismatch("it has too many flows");
        source_.places.push_back({static_cast<std::uint32_t>(chunks.size() - 1), entry.chunkIndex});
        return {};
    }

    const std::filesystem::path& file_;
    Analysis& analysis_;
    DatasetSource& source_;
    FlowAssignment& assignment_;
    tsl::robin_set<std::string, TextHash> chunksSeen_;
    std::uint64_t inChunk_ = 0; ///< flows so far of the chunk that the walk is at
};

} // namespace

Result<void> readDatasetIndex(const std::filesystem::path& file, Analysis& analysis, DatasetSource& source,
                              FlowAssignment& assignment, const ReadBeat& goOn)
{
    return IndexPass(file, analysis, source, assignment).run(goOn);
}

Result<AddressId> announcedAddress(const Analysis& analysis, std::string_view address,
                                   const std::filesystem::path& file)
{
    const auto id = analysis.addresses.find(address);
    if (!id || !analysis.addressStats.has(*id))
        return datasetMismatch(file, "it has the address \"" + std::string(address) +
                                         "\", which is not in unique_ips.json");
    return *id;
}

} // namespace packetloom
