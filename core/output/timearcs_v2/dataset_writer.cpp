// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/dataset_writer.h"

#include "core/output/timearcs_v2/json_parts.h"
#include "core/output/timearcs_v2/manifest_writer.h"

#include <algorithm>
#include <system_error>

namespace packetloom {
namespace {

// Makes the folders and returns the path again, so that it can stand before the first file is opened.
std::filesystem::path withFolders(std::filesystem::path folder)
{
    for (const char* name : {"flows", "ips", "indices"}) {
        std::error_code ignored; // opening a file in it reports the trouble
        std::filesystem::create_directory(folder / name, ignored);
    }
    return folder;
}

} // namespace

DatasetWriter::DatasetWriter(std::filesystem::path folder, std::uint64_t flowsPerChunk,
                             const AddressTable& addresses, TaskPool& pool, JsonStyle style,
                             const FlowEngine& engine)
    : folder_(withFolders(folder)),
      flowsPerChunk_(flowsPerChunk),
      addresses_(addresses),
      pool_(pool),
      style_(style),
      engine_(engine),
      packetTexts_(pool)
{
    open(packets_, "packets.csv");
    packets_.append(packetsCsvHeader);
    open(index_, "flows/flows_index.json");
    index_.append('[');
}

void DatasetWriter::open(BufferedWriter& writer, const std::filesystem::path& relative)
{
    writer.open(folder_ / relative);
    ++files_;
    if (writer.failed()) // kept here: opening the next file with this writer would forget it
        note(writer.error());
}

void DatasetWriter::close(BufferedWriter& writer)
{
    if (auto closed = writer.close(); !closed)
        note(std::move(closed).error());
}

void DatasetWriter::note(std::optional<Error> error)
{
    if (!error_)
        error_ = std::move(error);
}

std::optional<Error> DatasetWriter::failure()
{
    for (const BufferedWriter* writer : {&packets_, &index_, &small_}) {
        if (!error_ && writer->failed())
            error_ = writer->error();
    }
    return error_;
}

std::uint64_t DatasetWriter::bytes() const
{
    return packets_.bytesWritten() + index_.bytesWritten() + chunkBytes_ + small_.bytesWritten();
}

void DatasetWriter::packets(std::span<const Packet> packets, std::shared_ptr<const void> owner)
{
    const std::size_t mostUnderWay = 2 * std::size_t{pool_.threads()};
    while (packetTexts_.size() > mostUnderWay || packetTexts_.ready())
        writePackets();
    packetTexts_.push([this, packets, owner = std::move(owner)] {
        auto text = texts_.take();
        text->clear();
        appendPacketsCsv(packets, addresses_, *text);
        return text;
    });
}

void DatasetWriter::writePackets()
{
    packets_.append(packetTexts_.pop()->text());
}

void DatasetWriter::finishPackets()
{
    while (!packetTexts_.empty())
        writePackets();
}

std::unique_ptr<ChunkWriter> DatasetWriter::chunkWriter(std::uint64_t firstFlow)
{
    return std::make_unique<ChunkWriter>(folder_ / "flows", firstFlow, flowsPerChunk_, addresses_, style_,
                                         tools_, std::move(openChunk_), engine_);
}

void DatasetWriter::take(ChunkWriter& writer)
{
    index_.append(writer.index().text());
    flows_ += writer.flows();
    chunks_ += writer.chunksBegun();
    files_ += writer.chunksBegun();
    chunkBytes_ += writer.bytes();
    openChunk_ = writer.openChunk();
}

void DatasetWriter::joinChunks(std::uint64_t flows, std::uint64_t chunks, std::uint64_t bytes)
{
    flows_ += flows;
    chunks_ += chunks;
    files_ += chunks;
    chunkBytes_ += bytes;
}

void DatasetWriter::writeAddressStats(const AddressStats& stats)
{
    open(small_, "ips/ip_stats.json");
    JsonWriter json(small_, style_);
    json.beginObject();
    for (const auto id : stats.inOrder()) {
        json.key(addresses_.text(id)).beginObject();
        writeCounters(json, stats.counters(id));
        json.endObject();
    }
    json.endObject();
    close(small_);
}

void DatasetWriter::writeFlagStats(const FlagStats& stats)
{
    open(small_, "ips/flag_stats.json");
    JsonWriter json(small_, style_);
    writeFlagCounts(json, stats.counts());
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
    JsonWriter json(small_, style_);
    json.beginArray();
    for (const auto text : texts)
        json.value(text);
    json.endArray();
    close(small_);
}

void DatasetWriter::writeBins(const std::vector<TimeBin>& bins)
{
    open(small_, "indices/bins.json");
    JsonWriter json(small_, style_);
    packetloom::writeBins(json, bins);
    close(small_);
}

Result<void> DatasetWriter::finish(const AddressStats& addresses, const FlagStats& flags,
                                   const std::vector<TimeBin>& bins, Manifest manifest)
{
    finishPackets();
    if (openChunk_) {
        const std::uint64_t before = openChunk_->bytesWritten();
        note(ChunkWriter::endChunk(*openChunk_, style_));
        chunkBytes_ += openChunk_->bytesWritten() - before;
        openChunk_ = nullptr;
    }
    if (flows_ > 0)
        index_.append(lineBreak(style_, 0));
    index_.append(']');
    close(index_);
    close(packets_);
    writeAddressStats(addresses);
    writeFlagStats(flags);
    writeUniqueAddresses(addresses);
    writeBins(bins);
    manifest.totalFlows = flows_;
    manifest.totalChunks = chunks_;
    manifest.flowsPerChunk = flowsPerChunk_;
    manifest.style = style_;
    open(small_, "manifest.json");
    writeManifest(manifest, small_);
    close(small_);
    if (auto error = failure())
        return *std::move(error);
    return {};
}

} // namespace packetloom
