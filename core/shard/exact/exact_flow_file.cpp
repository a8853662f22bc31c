// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/exact_flow_file.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/support/hash_mix.h"
#include "core/support/zigzag.h"

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{64} << 10;

// What is said of a flow with a bit, and of the first sequence number of each side with two.
constexpr unsigned momentBit = 1, ///< its first packet is its last
    sequenceShift = 1, sequenceMask = 3, noSequence = 0, shortSequence = 1, longSequence = 2;
// Longer ones are not told again.
constexpr std::size_t longestTold = 128;
constexpr std::size_t longestFlow = 3 + 2 * BlockEndsOut::longestEnd + 8 * longestVarint; // without its rest

// No secret: whoever makes rests fall into one place makes a file larger, not wrong.
std::size_t placeOf(std::string_view rest, std::size_t places)
{
    constexpr std::uint64_t some = 0xA0761D6478BD642Fu, other = 0xE7037ED1A0B428DBu;
    std::uint64_t hash = rest.size();
    for (; rest.size() > sizeof hash; rest.remove_prefix(sizeof hash)) {
        std::uint64_t word = 0;
        std::memcpy(&word, rest.data(), sizeof word);
        hash = HashKey::fold(hash ^ some, word ^ other);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, rest.data(), rest.size());
    return static_cast<std::size_t>(HashKey::fold(hash ^ some, word ^ other) % places);
}

std::string_view textOf(std::span<const std::uint8_t> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

ExactFlowWriter::ExactFlowWriter(const std::filesystem::path& path, const BlockFileName& name,
                                 const AddressTable& addresses)
    : file_(path, name), ends_(addresses)
{
    endBlock();
}

void ExactFlowWriter::add(const ExactFlow& flow)
{
    packed_.clear();
    packExactFlow(flow, packed_);
    add(std::span<const std::uint8_t>(packed_));
}

void ExactFlowWriter::putRest(std::string_view rest)
{
    std::uint8_t& place = places_[placeOf(rest, places_.size())];
    if (place < ToldRests::most && told_[place] == rest) {
        flows_.byte(place);
        return;
    }
    flows_.byte(ToldRests::most);
    flows_.count(rest.size());
    if (rest.size() <= longestTold) {
        place = static_cast<std::uint8_t>(told_.next());
        char* const at = toldTexts_.data() + place * longestTold;
        rest.copy(at, rest.size());
        told_[place] = {at, rest.size()};
    }
    flows_.raw(rest);
}

void ExactFlowWriter::add(std::span<const std::uint8_t> packed)
{
    if (flows_.size() + ends_.textBytes() >= blockBytes)
        endBlock();
    const auto* const rest = unpackExactFlowOwn(packed.data(), flow_);
    const ExactPlace place = placeOf(flow_);
    if (count_++ == 0)
        first_ = last_ = place;
    flows_.reserve(longestFlow);
    const bool isMoment =
        flow_.end == flow_.start && flow_.lastPacket == flow_.start && flow_.lastRow == flow_.firstRow;
    unsigned bits = isMoment ? momentBit : 0;
    std::array<unsigned, 2> codes{};
    for (std::size_t side = 0; side < codes.size(); ++side) {
        const std::int64_t sequence = flow_.sides[side].firstSequence;
        codes[side] = sequence == -1 ? noSequence : fits32(sequence) ? shortSequence : longSequence;
        bits |= codes[side] << (sequenceShift + 2 * side);
    }
    flows_.byte(bits);
    flows_.number(place.first, last_.first);
    flows_.count(zigzag(static_cast<std::int64_t>(place.second), static_cast<std::int64_t>(last_.second)));
    last_ = place;
    ends_.put(flows_, flow_.key.low, false);
    ends_.put(flows_, flow_.key.high, true);
    if (!isMoment) {
        flows_.number(flow_.end, flow_.start);
        flows_.number(flow_.lastPacket, flow_.end);
        flows_.count(
            zigzag(static_cast<std::int64_t>(flow_.lastRow), static_cast<std::int64_t>(flow_.firstRow)));
    }
    for (std::size_t side = 0; side < codes.size(); ++side) {
        const std::int64_t sequence = flow_.sides[side].firstSequence;
        if (codes[side] == shortSequence)
            flows_.four(static_cast<std::uint32_t>(sequence));
        else if (codes[side] == longSequence)
            flows_.number(sequence);
    }
    putRest(textOf(packed.subspan(static_cast<std::size_t>(rest - packed.data()))));
}

void ExactFlowWriter::endBlock()
{
    if (count_ > 0) {
        block_.clear();
        ends_.putTexts(block_);
        block_.raw(flows_.bytes());
        file_.add(0, block_.bytes(), {count_, zigzag(first_.first, 0), first_.second});
    }
    ends_.clear();
    told_ = {};
    places_.fill(ToldRests::most);
    toldTexts_.resize(ToldRests::most * longestTold);
    flows_.clear();
    count_ = 0;
}

Result<void> ExactFlowWriter::finish()
{
    endBlock();
    return file_.finish();
}

Result<std::unique_ptr<ExactFlowReader>>
ExactFlowReader::open(const std::filesystem::path& path, const BlockFileName& name, AddressTable& addresses)
{
    auto file = BlockReader::open(path, name);
    if (!file)
        return std::move(file).error();
    std::unique_ptr<ExactFlowReader> reader(new ExactFlowReader(*std::move(file), addresses));
    for (const auto& block : reader->file_.blocks()) {
        const Place place(unzigzag(block.tags[1], 0), block.tags[2]);
        if (block.tags[0] == 0 || (!reader->blocks_.empty() && place < reader->blocks_.back().place))
            return reader->file_.damaged("its blocks are not in order");
        reader->blocks_.push_back({place, block.tags[0]});
    }
    return reader;
}

Result<void> ExactFlowReader::readBlock()
{
    const std::size_t block = next_++;
    const auto payload = file_.read(file_.blocks()[block], bytes_, std::max(longestFlow, exactFlowSlack));
    if (!payload)
        return payload.error();
    BytesIn in(*payload);
    ends_.begin(in, addresses_);
    if (in.bad())
        return file_.damaged("a block is none");
    left_ = blocks_[block].flows;
    in_ = QuickIn(in.rest());
    told_ = {};
    known_ = ToldRests::most;
    std::tie(flow_.start, flow_.firstRow) = blocks_[block].place;
    return {};
}

bool ExactFlowReader::takeFlow()
{
    const unsigned bits = in_.byte();
    flow_.start = in_.number(flow_.start);
    flow_.firstRow = static_cast<std::uint64_t>(in_.number(static_cast<std::int64_t>(flow_.firstRow)));
    if (!ends_.take(in_, flow_.key.low, false) || !ends_.take(in_, flow_.key.high, true))
        return false;
    flow_.end = flow_.lastPacket = flow_.start;
    flow_.lastRow = flow_.firstRow;
    if ((bits & momentBit) == 0) {
        flow_.end = in_.number(flow_.start);
        flow_.lastPacket = in_.number(flow_.end);
        flow_.lastRow = static_cast<std::uint64_t>(in_.number(static_cast<std::int64_t>(flow_.firstRow)));
    }
    for (std::size_t side = 0; side < flow_.sides.size(); ++side) {
        const unsigned code = bits >> (sequenceShift + 2 * side) & sequenceMask;
        flow_.sides[side].firstSequence = code == noSequence      ? -1
                                          : code == shortSequence ? std::int64_t{in_.four()}
                                                                  : in_.number();
    }
    const std::int64_t lasting = flow_.lastPacket - flow_.start;
    unsigned told = in_.byte();
    if (told == ToldRests::most) {
        const auto rest = in_.raw(in_.count());
        if (in_.past())
            return false;
        if (rest.size() <= longestTold) {
            told = told_.next();
            told_[told] = rest;
        }
        if (!takeExactFlowRest({reinterpret_cast<const std::uint8_t*>(rest.data()), rest.size()}, flow_))
            return false;
    } else if (told != known_ || lasting != lasting_) { // whose times go by how long it lasts
        if (told_[told].empty())
            return false;
        unpackExactFlowRest(reinterpret_cast<const std::uint8_t*>(told_[told].data()), flow_);
    }
    known_ = told;
    lasting_ = lasting;
    return left_ == 0 ? in_.atEnd() : !in_.past();
}

Result<const ExactFlow*> ExactFlowReader::next()
{
    if (left_ == 0) {
        if (next_ == blocks_.size())
            return static_cast<const ExactFlow*>(nullptr);
        if (auto read = readBlock(); !read)
            return std::move(read).error();
    }
    --left_;
    if (!takeFlow())
        return file_.damaged("a block is none");
    return static_cast<const ExactFlow*>(&flow_);
}

} // namespace packetloom
