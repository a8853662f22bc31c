// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"

#include "core/shard/job_trouble.h"
#include "core/shard/task_folder.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

enum Kind : std::uint64_t { flowsKind = 1, longKind, openedKind };
constexpr std::size_t blockBytes = std::size_t{128} << 10, longBlockBytes = std::size_t{1} << 20;

// What is said of a flow with a bit; in the two bits above them the width of its time.
constexpr unsigned byTimeoutBit = 1, openedByHighBit = 2, inOrderBit = 4, longBit = 8,
                   onePacketBit = 16, ///< and that is the one that opened it
    oddBit = 32,                      ///< its first packet has a number that a network does not have
    timeShift = 6;
// Of the first packet: the widths of two numbers, and whether the other side sent it than the one that
// opened the flow.
constexpr unsigned sequenceShift = 0, acknowledgmentShift = 2, otherSideBit = 16,
                   shortBit = 32, ///< all packets of the flow are told in this way
    widthMask = 3;
// Of another one of those: the widths, and whether the other side sent it than the one before.
constexpr unsigned nextTimeShift = 0, nextSequenceShift = 2, nextAcknowledgmentShift = 4, turnedBit = 64;
constexpr std::size_t longestHead =
    2 + PacketShapes::longest + 2 * BlockEndsOut::longestEnd + 8 * longestVarint;
constexpr std::size_t readSlack = longestHead + codecSlack;

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
        if (blocks[i].kind == flowsKind)
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
    const auto payload = file_.read(file_.blocks()[blocks_[at_].block], bytes_, readSlack);
    if (!payload)
        return payload.error();
    BytesIn block(*payload);
    ends_.begin(block, addresses_);
    if (block.bad())
        return file_.damaged("a block is none");
    in_ = QuickIn(block.rest());
    shapes_ = {};
    lastTime_ = 0;
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
    const unsigned bits = in_.byte();
    row_ += in_.count();
    flow_ = {};
    flow_.firstRow = flow_.lastRow = row_;
    flow_.packets = 1;
    if (!ends_.take(in_, flow_.key.low, false) || !ends_.take(in_, flow_.key.high, true))
        return file_.damaged("a block is none");
    flow_.byTimeout = (bits & byTimeoutBit) != 0;
    flow_.openedByHigh = (bits & openedByHighBit) != 0;
    flow_.inOrder = (bits & inOrderBit) != 0;
    if ((bits & onePacketBit) == 0) {
        flow_.lastRow += in_.count();
        flow_.packets = in_.count();
    }
    if ((bits & longBit) != 0) {
        auto packets = readLong();
        if (!packets)
            return std::move(packets).error();
        flow_.spilled = *std::move(packets);
    } else if (!takePackets(bits)) {
        return file_.damaged("a block is none");
    }
    if (in_.past())
        return file_.damaged("a block is none");
    return static_cast<const PackedFlow*>(&flow_);
}

bool FlowFileReader::takePackets(unsigned bits)
{
    FlowPacket first;
    const unsigned codes = in_.byte();
    const PacketShapes::Shape shape = shapes_.take(in_);
    first.flags = {shape.kind.flags, shape.kind.origin};
    first.length = shape.length;
    first.fromHigh = flow_.openedByHigh != ((codes & otherSideBit) != 0);
    if ((bits & oddBit) != 0) {
        first.timestamp = unzigzag(in_.count(), lastTime_);
        first.sequence = in_.number();
        first.acknowledgment = in_.number();
    } else {
        first.timestamp = unzigzag(in_.upToFour(bits >> timeShift & widthMask), lastTime_);
        first.sequence = in_.upToFour(codes >> sequenceShift & widthMask);
        first.acknowledgment = in_.upToFour(codes >> acknowledgmentShift & widthMask);
    }
    lastTime_ = first.timestamp;
    plain_.assign(1, first);
    if ((codes & shortBit) != 0 && !takeOthers())
        return false;
    if ((bits & onePacketBit) != 0 || (codes & shortBit) != 0) {
        flow_.plain = plain_;
        return true;
    }
    const auto rest = in_.raw(in_.count());
    if (in_.past())
        return false;
    packed_.resize(longestEncodedPacket + rest.size() + 2 * codecSlack);
    PacketPrediction prediction;
    const std::size_t begin = encodePacket(first, prediction, packed_.data());
    rest.copy(reinterpret_cast<char*>(packed_.data() + begin), rest.size());
    flow_.bytes = std::span(packed_).first(begin + rest.size());
    return true;
}

bool FlowFileReader::takeOthers()
{
    for (std::uint64_t left = flow_.packets; left > 1; --left) {
        const FlowPacket before = plain_.back();
        const auto sequence = static_cast<std::uint32_t>(before.sequence),
                   acknowledgment = static_cast<std::uint32_t>(before.acknowledgment);
        const unsigned bits = in_.byte();
        const bool turned = (bits & turnedBit) != 0;
        const PacketShapes::Shape shape = shapes_.take(in_);
        FlowPacket& packet = plain_.emplace_back();
        packet.flags = {shape.kind.flags, shape.kind.origin};
        packet.length = shape.length;
        packet.fromHigh = before.fromHigh != turned;
        packet.timestamp = unzigzag(in_.upToFour(bits >> nextTimeShift & widthMask), before.timestamp);
        packet.sequence = unzigzag32(in_.upToFour(bits >> nextSequenceShift & widthMask),
                                     turned ? acknowledgment : sequence);
        packet.acknowledgment = unzigzag32(in_.upToFour(bits >> nextAcknowledgmentShift & widthMask),
                                           turned ? sequence : acknowledgment);
        if (in_.past())
            return false;
    }
    return true;
}

} // namespace packetloom
