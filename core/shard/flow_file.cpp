// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"

#include "core/shard/flow_file_layout.h"
#include "core/shard/task_folder.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

using namespace flow_file;

constexpr std::size_t blockBytes = std::size_t{128} << 10, longBlockBytes = std::size_t{1} << 20;

bool isOdd(const FlowPacket& packet, std::int64_t lastTime)
{
    return !fits32(packet.sequence) || !fits32(packet.acknowledgment) ||
           zigzag(packet.timestamp, lastTime) > 0xffffffff;
}

PacketShapes::Shape shapeOf(const FlowPacket& packet)
{
    return {{packet.flags.bits, 0, packet.flags.origin, false}, packet.length};
}

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
    : file_(folder / flowsFile, name), ends_(addresses)
{
}

void FlowFileWriter::judgedAt(std::uint64_t chunk)
{
    if (chunk != chunk_)
        endBlock();
    chunk_ = chunk;
}

void FlowFileWriter::endBlock()
{
    if (count_ > 0) {
        block_.clear();
        ends_.putTexts(block_);
        block_.raw(flows_.bytes());
        file_.add(flowsKind, block_.bytes(), {chunk_, count_, firstRow_});
    }
    ends_.clear();
    shapes_ = {};
    flows_.clear();
    lastTime_ = 0;
    count_ = 0;
}

// The first packet, and those after it as encodePacket() has them.
std::string_view FlowFileWriter::restOf(const PackedFlow& flow, FlowPacket& first)
{
    PacketPrediction prediction;
    if (flow.plain.empty()) {
        auto rest = flow.bytes;
        first = decodePacket(rest, prediction);
        return textOf(rest);
    }
    first = flow.plain.front();
    if (flow.plain.size() == 1)
        return {};
    bytes_.resize(flow.plain.size() * longestEncodedPacket + codecSlack);
    encodePacket(first, prediction, bytes_.data());
    std::size_t size = 0;
    for (const FlowPacket& packet : flow.plain.subspan(1))
        size += encodePacket(packet, prediction, bytes_.data() + size);
    return textOf(std::span(bytes_).first(size));
}

// More than one, of which all after the first can be told by the one before.
bool FlowFileWriter::areShort(std::span<const FlowPacket> packets)
{
    if (packets.size() < 2)
        return false;
    for (std::size_t i = 1; i < packets.size(); ++i) {
        if (isOdd(packets[i], packets[i - 1].timestamp))
            return false;
    }
    return fits32(packets.front().sequence) && fits32(packets.front().acknowledgment);
}

void FlowFileWriter::putOthers(std::span<const FlowPacket> packets)
{
    for (std::size_t i = 1; i < packets.size(); ++i) {
        const FlowPacket &packet = packets[i], &before = packets[i - 1];
        const bool turned = packet.fromHigh != before.fromHigh;
        const auto of = [](std::int64_t number) { return static_cast<std::uint32_t>(number); };
        const auto sequence = of(before.sequence), acknowledgment = of(before.acknowledgment);
        flows_.reserve(longestHead);
        const std::size_t head = flows_.byte(0);
        shapes_.put(flows_, shapeOf(packet));
        unsigned bits = turned ? turnedBit : 0;
        bits |= flows_.upToFour(of(static_cast<std::int64_t>(zigzag(packet.timestamp, before.timestamp))))
                << nextTimeShift;
        bits |= flows_.upToFour(zigzag32(of(packet.sequence), turned ? acknowledgment : sequence))
                << nextSequenceShift;
        bits |= flows_.upToFour(zigzag32(of(packet.acknowledgment), turned ? sequence : acknowledgment))
                << nextAcknowledgmentShift;
        flows_.set(head, bits);
    }
}

bool FlowFileWriter::take(const PackedFlow& flow)
{
    if (flow.spilled)
        writeLong(flow);
    else if (flows_.size() + ends_.textBytes() >= blockBytes)
        endBlock();
    if (count_++ == 0)
        firstRow_ = lastRow_ = flow.firstRow;
    flows_.reserve(longestHead);
    FlowPacket first;
    const bool isShort = areShort(flow.plain);
    if (isShort)
        first = flow.plain.front();
    const auto rest = flow.spilled || isShort ? std::string_view() : restOf(flow, first);
    const bool isOne = flow.packets == 1 && !flow.spilled && rest.empty() && flow.lastRow == flow.firstRow;
    const std::uint64_t time = zigzag(first.timestamp, lastTime_);
    const bool odd = isOdd(first, lastTime_);
    unsigned bits = (flow.byTimeout ? byTimeoutBit : 0) | (flow.openedByHigh ? openedByHighBit : 0) |
                    (flow.inOrder ? inOrderBit : 0) | (flow.spilled ? longBit : 0) |
                    (isOne ? onePacketBit : 0) | (odd ? oddBit : 0);
    const std::size_t head = flows_.byte(bits);
    flows_.count(flow.firstRow - lastRow_);
    lastRow_ = flow.firstRow;
    ends_.put(flows_, flow.key.low, false);
    ends_.put(flows_, flow.key.high, true);
    if (!isOne) {
        flows_.count(flow.lastRow - flow.firstRow);
        flows_.count(flow.packets);
    }
    if (!flow.spilled) {
        const std::size_t of = flows_.byte(0);
        unsigned codes = (first.fromHigh != flow.openedByHigh ? otherSideBit : 0) | (isShort ? shortBit : 0);
        shapes_.put(flows_, shapeOf(first));
        if (odd) {
            flows_.count(time);
            flows_.number(first.sequence);
            flows_.number(first.acknowledgment);
        } else {
            bits |= flows_.upToFour(static_cast<std::uint32_t>(time)) << timeShift;
            codes |= flows_.upToFour(static_cast<std::uint32_t>(first.sequence)) << sequenceShift;
            codes |= flows_.upToFour(static_cast<std::uint32_t>(first.acknowledgment)) << acknowledgmentShift;
        }
        lastTime_ = first.timestamp;
        flows_.set(head, bits);
        flows_.set(of, codes);
        if (isShort) {
            putOthers(flow.plain);
        } else if (!isOne) {
            flows_.count(rest.size());
            flows_.raw(rest);
        }
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
        ++openedRows_;
        if (opened_.size() >= blockBytes)
            endOpened();
    }
}

void FlowFileWriter::endOpened()
{
    if (!opened_.empty())
        file_.add(openedKind, opened_.bytes(), {openedRows_, lastOpened_, 0});
    opened_.clear();
    lastOpened_ = openedRows_ = 0;
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

} // namespace packetloom
