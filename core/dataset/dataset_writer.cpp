// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/dataset_writer.h"

#include "core/dataset/json_writer.h"

#include <algorithm>
#include <system_error>

namespace packetloom {
namespace {

// Makes the folders and returns the path again, so that it can stand before the first file is opened.
const std::filesystem::path& withFolders(const std::filesystem::path& folder)
{
    for (const char* name : {"flows", "ips", "indices"}) {
        std::error_code ignored; // opening a file in it reports the trouble
        std::filesystem::create_directory(folder / name, ignored);
    }
    return folder;
}

} // namespace

DatasetWriter::DatasetWriter(std::filesystem::path folder, std::uint64_t flowsPerChunk,
                             const AddressTable& addresses)
    : folder_(std::move(folder)),
      flowsPerChunk_(flowsPerChunk),
      addresses_(addresses),
      packets_(withFolders(folder_) / "packets.csv", addresses),
      json_(addresses)
{
    open(index_, "flows/flows_index.json");
    index_.append('[');
    ++files_; // packets.csv
}

void DatasetWriter::open(BufferedWriter& writer, const std::filesystem::path& relative)
{
    writer.open(folder_ / relative);
    ++files_;
    if (writer.failed() && !error_) // kept here: opening the next file with this writer would forget it
        error_ = writer.error();
}

void DatasetWriter::close(BufferedWriter& writer)
{
    auto closed = writer.close();
    if (!closed && !error_)
        error_ = std::move(closed).error();
}

std::optional<Error> DatasetWriter::failure()
{
    for (const BufferedWriter* writer : {&packets_.writer(), &index_, &chunk_, &small_}) {
        if (!error_ && writer->failed())
            error_ = writer->error();
    }
    return error_;
}

std::uint64_t DatasetWriter::bytes()
{
    return packets_.writer().bytesWritten() + index_.bytesWritten() + chunk_.bytesWritten() +
           small_.bytesWritten();
}

void DatasetWriter::beginChunk()
{
    auto digits = std::to_string(chunks_);
    if (digits.size() < 5)
        digits.insert(0, 5 - digits.size(), '0');
    chunkFile_ = "chunk_" + digits + ".json";
    open(chunk_, std::filesystem::path("flows") / chunkFile_);
    chunk_.append("[\n");
    ++chunks_;
    inChunk_ = 0;
}

void DatasetWriter::endChunk()
{
    chunk_.append("\n]");
    close(chunk_);
}

void DatasetWriter::flow(const CompletedFlow& flow, const FlowLife& life)
{
    if (!chunk_.isOpen())
        beginChunk();
    if (inChunk_ > 0)
        chunk_.append(",\n");
    json_.writeFlow(flow, life, chunk_);
    index_.append(flows_ == 0 ? "\n" : ",\n");
    json_.writeIndexEntry(flow, life, {chunkFile_, inChunk_}, index_);
    ++flows_;
    if (++inChunk_ == flowsPerChunk_)
        endChunk();
}

void DatasetWriter::writeAddressStats(const AddressStats& stats)
{
    open(small_, "ips/ip_stats.json");
    JsonWriter json(small_);
    json.beginObject();
    for (const auto id : stats.inOrder()) {
        const AddressCounters& c = stats.counters(id);
        json.key(addresses_.text(id)).beginObject();
        json.member("sent_packets", c.sentPackets);
        json.member("recv_packets", c.receivedPackets);
        json.member("sent_bytes", c.sentBytes);
        json.member("recv_bytes", c.receivedBytes);
        json.member("first_ts", c.firstTimestamp);
        json.member("last_ts", c.lastTimestamp);
        json.endObject();
    }
    json.endObject();
    close(small_);
}

void DatasetWriter::writeFlagStats(const FlagStats& stats)
{
    open(small_, "ips/flag_stats.json");
    JsonWriter json(small_);
    json.beginObject();
    for (const auto& count : stats.counts())
        json.member(count.name, count.packets);
    json.endObject();
    close(small_);
}

void DatasetWriter::writeUniqueAddresses(const AddressStats& stats)
{
    open(small_, "ips/unique_ips.json");
    std::vector<std::string_view> texts;
    texts.reserve(stats.unique().size());
    for (const auto id : stats.unique())
        texts.push_back(addresses_.text(id));
    std::sort(texts.begin(), texts.end()); // byte order of UTF-8 is code point order
    JsonWriter json(small_);
    json.beginArray();
    for (const auto text : texts)
        json.value(text);
    json.endArray();
    close(small_);
}

void DatasetWriter::writeBins(const std::vector<TimeBin>& bins)
{
    open(small_, "indices/bins.json");
    JsonWriter json(small_);
    json.beginArray();
    for (std::size_t i = 0; i < bins.size(); ++i) {
        json.beginObject();
        json.member("bin", i);
        json.member("start", bins[i].start);
        json.member("end", bins[i].end);
        json.member("count", bins[i].packets);
        json.endObject();
    }
    json.endArray();
    close(small_);
}

Result<void> DatasetWriter::finish(const AddressStats& addresses, const FlagStats& flags,
                                   const std::vector<TimeBin>& bins, Manifest manifest)
{
    if (chunk_.isOpen())
        endChunk();
    index_.append(flows_ == 0 ? "]" : "\n]");
    close(index_);
    close(packets_.writer());
    writeAddressStats(addresses);
    writeFlagStats(flags);
    writeUniqueAddresses(addresses);
    writeBins(bins);
    manifest.totalFlows = flows_;
    manifest.totalChunks = chunks_;
    manifest.flowsPerChunk = flowsPerChunk_;
    open(small_, "manifest.json");
    writeManifest(manifest, small_);
    close(small_);
    if (auto error = failure())
        return *std::move(error);
    return {};
}

} // namespace packetloom
