// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"

#include "core/shard/deflated.h"
#include "core/shard/job_trouble.h"
#include "core/shard/packed_address.h"
#include "core/shard/task_folder.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

enum Kind : std::uint64_t { flowsKind = 1, longKind, openedKind, deflatedFlowsKind };
constexpr std::size_t blockBytes = std::size_t{128} << 10, longBlockBytes = std::size_t{1} << 20;

// Blocks of short flows, which say more of the flow than of its packets, are deflated: that halves them. It
// is not worth the time where packets are most of it, of which little is left that could be foreseen.
constexpr std::uint64_t mostBytesAPacket = 20;

// What is said of a flow with a bit.
constexpr unsigned byTimeoutBit = 1, openedByHighBit = 2, inOrderBit = 4, longBit = 8;

std::string_view textOf(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

BlockFileName flowFileName(const Job& job, std::size_t shard)
{
    return {job.id, TaskId{TaskKind::Reduce, shard}.name() + ' ' + std::string(flowsFile)};
}

FlowFileWriter::FlowFileWriter(const std::filesystem::path& folder, const BlockFileName& name,
                               const AddressTable& addresses)
    : file_(folder / flowsFile, name), addresses_(addresses)
{
}

void FlowFileWriter::judgedAt(std::uint64_t chunk)
{
    if (chunk != chunk_)
        endBlock();
    chunk_ = chunk;
}

std::uint64_t FlowFileWriter::numberOf(AddressId id)
{
    const auto [found, added] = numbers_.try_emplace(index(id), numbers_.size());
    if (added)
        putAddress(texts_, addresses_.text(id));
    return found->second;
}

void FlowFileWriter::endBlock()
{
    if (count_ > 0) {
        block_.clear();
        block_.count(numbers_.size());
        block_.raw(texts_.bytes());
        block_.raw(flows_.bytes());
        const bool deflates = block_.size() > mostBytesAPacket * packets_;
        if (deflates)
            deflateInto(block_.bytes(), deflated_);
        file_.add(deflates ? deflatedFlowsKind : flowsKind,
                  deflates ? std::string_view(deflated_) : std::string_view(block_.bytes()),
                  {chunk_, count_, firstRow_});
    }
    numbers_.clear();
    texts_.clear();
    flows_.clear();
    count_ = packets_ = 0;
}

bool FlowFileWriter::take(const PackedFlow& flow)
{
    if (flow.spilled)
        writeLong(flow);
    else if (flows_.size() + texts_.size() >= blockBytes)
        endBlock();
    if (count_++ == 0)
        firstRow_ = lastRow_ = flow.firstRow;
    flows_.count(flow.firstRow - lastRow_);
    lastRow_ = flow.firstRow;
    flows_.count(numberOf(flow.key.low.address));
    flows_.count(numberOf(flow.key.high.address));
    flows_.number(flow.key.low.port);
    flows_.number(flow.key.high.port);
    flows_.count((flow.byTimeout ? byTimeoutBit : 0) | (flow.openedByHigh ? openedByHighBit : 0) |
                 (flow.inOrder ? inOrderBit : 0) | (flow.spilled ? longBit : 0));
    flows_.count(flow.lastRow - flow.firstRow);
    flows_.count(flow.packets);
    packets_ += flow.packets;
    if (!flow.spilled && flow.plain.empty()) {
        flows_.text(textOf(flow.bytes));
    } else if (!flow.spilled) {
        PacketPrediction prediction;
        bytes_.resize(flow.plain.size() * longestEncodedPacket + codecSlack);
        std::size_t size = 0;
        for (const FlowPacket& packet : flow.plain)
            size += encodePacket(packet, prediction, bytes_.data() + size);
        flows_.text(textOf(std::span(bytes_).first(size)));
    }
    if (!error_ && file_.failed())
        error_ = file_.error();
    return !error_;
}

// A flow that is too long for the memory stands in blocks of its own before the one that begins with it.
void FlowFileWriter::writeLong(const PackedFlow& flow)
{
    endBlock();
    std::vector<char> bytes;
    for (const auto& piece : flow.spilled->pieces) {
        for (std::uint64_t done = 0; done < piece.bytes && !error_;) {
            bytes.resize(
                static_cast<std::size_t>(std::min<std::uint64_t>(longBlockBytes, piece.bytes - done)));
            if (auto read = flow.spilled->file->readAt(piece.offset + done, bytes); !read)
                error_ = std::move(read).error();
            file_.add(longKind, {bytes.data(), bytes.size()});
            done += bytes.size();
        }
    }
    if (!flow.bytes.empty())
        file_.add(longKind, textOf(flow.bytes));
}

void FlowFileWriter::opened(const std::vector<std::uint64_t>& rows)
{
    for (const auto row : rows) {
        opened_.count(row - lastOpened_);
        lastOpened_ = row;
        if (opened_.size() >= blockBytes)
            endOpened();
    }
}

void FlowFileWriter::endOpened()
{
    if (!opened_.empty())
        file_.add(openedKind, opened_.bytes());
    opened_.clear();
    lastOpened_ = 0;
}

Result<void> FlowFileWriter::finish()
{
    endBlock();
    endOpened();
    auto finished = file_.finish();
    if (error_)
        return *error_;
    return finished;
}

Result<std::unique_ptr<FlowFileReader>>
FlowFileReader::open(const std::filesystem::path& folder, const BlockFileName& name, AddressTable& addresses)
{
    auto file = BlockReader::open(folder / flowsFile, name);
    if (!file)
        return std::move(file).error();
    std::unique_ptr<FlowFileReader> reader(new FlowFileReader(*std::move(file), addresses));
    const auto& blocks = reader->file_.blocks();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        if (blocks[i].kind == flowsKind || blocks[i].kind == deflatedFlowsKind)
            reader->blocks_.push_back({{blocks[i].tags[0], blocks[i].tags[2]}, blocks[i].tags[1], i});
    }
    return reader;
}

Result<void> FlowFileReader::forEachOpened(const std::function<bool(std::uint64_t)>& each) const
{
    std::string bytes;
    for (const auto& block : file_.blocks()) {
        if (block.kind != openedKind)
            continue;
        const auto payload = file_.read(block, bytes);
        if (!payload)
            return payload.error();
        BytesIn in(*payload);
        for (std::uint64_t row = 0; !in.atEnd();) {
            row += in.count();
            if (!in.bad() && !each(row))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        if (in.bad())
            return file_.damaged("a block is none");
    }
    return {};
}

void FlowFileReader::goTo(std::size_t block)
{
    next_ = block;
    left_ = 0;
}

Result<void> FlowFileReader::readBlock()
{
    at_ = next_++;
    const BlockEntry& block = file_.blocks()[blocks_[at_].block];
    const bool deflated = block.kind == deflatedFlowsKind;
    const auto payload = file_.read(block, deflated ? deflated_ : bytes_, codecSlack);
    if (!payload)
        return payload.error();
    if (deflated && !inflateInto(*payload, bytes_, codecSlack))
        return file_.damaged("a block is none");
    in_.emplace(deflated ? std::string_view(bytes_).substr(0, bytes_.size() - codecSlack) : *payload);
    ids_.clear();
    AddressRoom room;
    for (std::uint64_t texts = in_->count(); texts > 0 && !in_->bad(); --texts)
        ids_.push_back(addresses_.intern(takeAddress(*in_, room)));
    left_ = blocks_[at_].flows;
    row_ = blocks_[at_].place.second;
    return {};
}

Result<std::shared_ptr<const SpilledPackets>> FlowFileReader::readLong()
{
    const auto& blocks = file_.blocks();
    const std::size_t end = blocks_[at_].block;
    std::size_t begin = end;
    while (begin > 0 && blocks[begin - 1].kind == longKind)
        --begin;
    auto packets = std::make_shared<SpilledPackets>();
    packets->file = raw_.lock();
    if (!packets->file) {
        auto raw = File::openRegular(file_.path());
        if (!raw)
            return std::move(raw).error();
        packets->file = std::make_shared<File>(*std::move(raw));
        raw_ = packets->file;
    }
    for (std::size_t i = begin; i < end; ++i) {
        if (const auto whole = file_.read(blocks[i], longBytes_); !whole) // for its checksum
            return whole.error();
        packets->pieces.push_back({blocks[i].offset, blocks[i].size});
    }
    return std::shared_ptr<const SpilledPackets>(std::move(packets));
}

Result<const PackedFlow*> FlowFileReader::next()
{
    if (left_ == 0) {
        if (next_ == blocks_.size())
            return static_cast<const PackedFlow*>(nullptr);
        if (auto read = readBlock(); !read)
            return std::move(read).error();
    }
    --left_;
    BytesIn& in = *in_;
    row_ += in.count();
    const std::uint64_t low = in.count(), high = in.count();
    if (low >= ids_.size() || high >= ids_.size())
        return file_.damaged("a block is none");
    flow_ = {};
    flow_.firstRow = row_;
    flow_.key.low.address = ids_[low];
    flow_.key.high.address = ids_[high];
    flow_.key.low.port = in.number();
    flow_.key.high.port = in.number();
    const std::uint64_t bits = in.count();
    flow_.byTimeout = (bits & byTimeoutBit) != 0;
    flow_.openedByHigh = (bits & openedByHighBit) != 0;
    flow_.inOrder = (bits & inOrderBit) != 0;
    flow_.lastRow = row_ + in.count();
    flow_.packets = in.count();
    if ((bits & longBit) != 0) {
        auto packets = readLong();
        if (!packets)
            return std::move(packets).error();
        flow_.spilled = *std::move(packets);
    } else {
        const auto bytes = in.text();
        flow_.bytes = {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    }
    if (in.bad())
        return file_.damaged("a block is none");
    return static_cast<const PackedFlow*>(&flow_);
}

} // namespace packetloom
