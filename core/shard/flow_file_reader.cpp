// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"
#include "core/shard/flow_file_layout.h"

#include <utility>

namespace packetloom {
namespace {

using namespace flow_file;

// A short flow's first packet, and the next one, before the end is asked for.
constexpr std::size_t readSlack = longestHead + longestNext + codecSlack;

std::span<const std::uint8_t> bytesOf(std::string_view text)
{
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

} // namespace

Result<std::unique_ptr<FlowFileReader>>
FlowFileReader::open(const std::filesystem::path& folder, const BlockFileName& name, AddressTable& addresses)
{
    auto file = BlockReader::open(folder / flowsFile, name);
    if (!file)
        return std::move(file).error();
    std::unique_ptr<FlowFileReader> reader(new FlowFileReader(*std::move(file), addresses));
    if (auto read = reader->readList(); !read)
        return std::move(read).error();
    return reader;
}

Result<void> FlowFileReader::readList()
{
    const auto& blocks = file_.blocks();
    std::uint64_t flows = 0, opened = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto& tags = blocks[i].tags;
        if (blocks[i].kind == openedKind)
            opened += tags[0];
        if (blocks[i].kind != flowsKind)
            continue;
        const std::pair place(tags[0], tags[2]);
        if (tags[1] == 0 || (!blocks_.empty() && place < blocks_.back().place))
            return file_.damaged("its blocks are not in order");
        blocks_.push_back({place, tags[1], i});
        flows += tags[1];
    }
    if (flows != opened)
        return file_.damaged("flows are missing");
    return {};
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
        const auto [count, last, none] = block.tags;
        std::uint64_t row = 0, rows = 0;
        for (; !in.atEnd(); ++rows) {
            const std::uint64_t step = in.count();
            if (in.bad() || step > last - row || (step == 0 && rows > 0))
                return file_.damaged("a block is none");
            row += step;
            if (!each(row))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        if (rows != count || row != last)
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
    left_ = blocks_[at_].flows;
    in_ = QuickIn(block.rest());
    shapes_ = {};
    lastTime_ = 0;
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
    EncodedPacketCount count;
    for (std::size_t i = begin; i < end; ++i) {
        const auto whole = file_.read(blocks[i], longBytes_); // for its checksum, too
        if (!whole)
            return whole.error();
        count.add(bytesOf(*whole));
        packets->pieces.push_back({blocks[i].offset, blocks[i].size});
    }
    if (count.packets() != flow_.packets)
        return file_.damaged("a long flow is none");
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
        if (flow_.packets == 0)
            return file_.damaged("a block is none");
    }
    if ((bits & longBit) != 0) {
        auto packets = readLong();
        if (!packets)
            return std::move(packets).error();
        flow_.spilled = *std::move(packets);
    } else if (!takePackets(bits)) {
        return file_.damaged("a block is none");
    }
    if (left_ == 0 ? !in_.atEnd() : in_.past())
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
    EncodedPacketCount count;
    count.add(bytesOf(rest));
    if (in_.past() || count.packets() != flow_.packets - 1)
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
