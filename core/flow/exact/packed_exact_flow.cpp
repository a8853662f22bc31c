// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/packed_exact_flow.h"

#include "core/support/varint.h"

#include <array>
#include <initializer_list>
#include <type_traits>

namespace packetloom {
namespace {

/// Both directions by one list of members, so that they cannot differ.
class Packer
{
public:
    explicit Packer(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

    template <class Number>
    void number(Number number)
    {
        const auto value = static_cast<std::uint64_t>(number);
        std::array<std::uint8_t, longestVarint> buffer;
        bytes_.insert(bytes_.end(), buffer.data(), putVarint(buffer.data(), value));
    }
    void difference(std::int64_t value, std::int64_t predicted) { number(zigzag(value, predicted)); }
    void text(std::string_view text)
    {
        number(text.size());
        bytes_.insert(bytes_.end(), text.begin(), text.end());
    }

private:
    std::vector<std::uint8_t>& bytes_;
};

class Unpacker
{
public:
    explicit Unpacker(const std::uint8_t* at) : at_(at) {}

    template <class Number>
    void number(Number& value)
    {
        value = static_cast<Number>(takeVarint(at_));
    }
    void difference(std::int64_t& value, std::int64_t predicted) { value = takeDifference(at_, predicted); }
    void text(std::string_view& text)
    {
        const auto size = static_cast<std::size_t>(takeVarint(at_));
        text = {reinterpret_cast<const char*>(at_), size};
        at_ += size;
    }
    [[nodiscard]] const std::uint8_t* at() const { return at_; }

private:
    const std::uint8_t* at_;
};

/// Of bytes that may come from anywhere. A rest has so many numbers and one text that without a question it
/// leaves its end by exactFlowSlack at most: that is asked for once, behind all.
class BoundedUnpacker
{
public:
    explicit BoundedUnpacker(std::span<const std::uint8_t> bytes)
        : at_(bytes.data()), end_(bytes.data() + bytes.size())
    {
    }

    template <class Number>
    void number(Number& value)
    {
        value = static_cast<Number>(count());
    }
    void difference(std::int64_t& value, std::int64_t predicted) { value = unzigzag(count(), predicted); }
    void text(std::string_view& text)
    {
        const std::uint64_t size = count();
        if (at_ > end_ || size > static_cast<std::uint64_t>(end_ - at_)) {
            at_ = end_ + 1;
            return;
        }
        text = {reinterpret_cast<const char*>(at_), static_cast<std::size_t>(size)};
        at_ += size;
    }
    [[nodiscard]] bool atEnd() const { return at_ == end_; }

private:
    std::uint64_t count() { return takeAnyVarint(at_); }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
};

// Which members are there: a bit each.
template <class Coder, class Value>
void optionals(Coder& coder, std::initializer_list<Value*> values)
{
    std::uint64_t there = 0;
    if constexpr (std::is_same_v<Coder, Packer>) {
        std::uint64_t bit = 1;
        for (const auto* value : values) {
            there |= value->has_value() ? bit : 0;
            bit <<= 1;
        }
    }
    coder.number(there);
    std::uint64_t bit = 1;
    for (auto* value : values) {
        if ((there & bit) != 0) {
            if constexpr (std::is_same_v<Coder, Packer>)
                coder.number(static_cast<std::uint64_t>(**value));
            else
                coder.number(value->emplace());
        } else if constexpr (!std::is_same_v<Coder, Packer>) {
            value->reset();
        }
        bit <<= 1;
    }
}

template <class Coder, class Time>
void optionalTime(Coder& coder, Time& time, std::int64_t foreseen)
{
    if constexpr (std::is_same_v<Coder, Packer>) {
        coder.number(time.has_value());
        if (time)
            coder.difference(*time, foreseen);
    } else {
        bool there = false;
        coder.number(there);
        if (there)
            coder.difference(time.emplace(), foreseen);
        else
            time.reset();
    }
}

// What no two flows have in common, but for their ends.
template <class Coder, class Flow>
void codeOwn(Coder& coder, Flow& flow)
{
    coder.difference(flow.start, 0);
    coder.difference(flow.end, flow.start);
    coder.difference(flow.lastPacket, flow.end);
    coder.number(flow.firstRow);
    coder.number(flow.lastRow);
    coder.number(flow.key.low.address);
    coder.number(flow.key.high.address);
    coder.difference(flow.key.low.port, 0);
    coder.difference(flow.key.high.port, 0);
}

template <class Coder, class Sides>
void codeSequences(Coder& coder, Sides& sides)
{
    for (auto& side : sides)
        coder.difference(side.firstSequence, -1);
}

template <class Coder, class Flow>
void codeKind(Coder& coder, Flow& flow)
{
    coder.difference(flow.protocol, 0);
    coder.number(flow.originatorIsHigh);
    coder.number(flow.oneWay);
}

template <class Coder, class Flow>
void codeRest(Coder& coder, Flow& flow)
{
    codeKind(coder, flow);
    coder.number(flow.estimated);
    coder.number(flow.state);
    coder.number(flow.ending);
    coder.number(flow.completeness);
    coder.text(flow.history);
    coder.number(flow.wireBytes);
    for (auto& side : flow.sides) {
        coder.number(side.packets);
        coder.number(side.wireBytes);
        optionals(coder, {&side.ipBytes, &side.bytes, &side.payload, &side.goodput, &side.dataPackets,
                          &side.missedBytes, &side.retransmissions, &side.fastRetransmissions,
                          &side.spuriousRetransmissions, &side.outOfOrder, &side.gaps, &side.duplicateAcks,
                          &side.zeroWindows, &side.windowFull, &side.keepAlives});
    }
    // Where there are two packets all times are those between them.
    const bool areTwo = flow.sides[0].packets + flow.sides[1].packets == 2;
    const std::int64_t foreseen = areTwo ? flow.lastPacket - flow.start : 0;
    coder.difference(flow.longestSilence, foreseen);
    for (auto* const time : {&flow.synToSynAck, &flow.synAckToAck, &flow.firstResponse})
        optionalTime(coder, *time, foreseen);
    for (auto& trips : flow.roundTrips) {
        coder.number(trips.samples);
        coder.difference(trips.least, trips.samples > 0 ? foreseen : 0);
        coder.difference(trips.median, trips.least);
        coder.difference(trips.most, trips.median);
    }
}

} // namespace

void packExactFlow(const ExactFlow& flow, std::vector<std::uint8_t>& bytes)
{
    Packer packer(bytes);
    codeOwn(packer, flow);
    codeSequences(packer, flow.sides);
    codeRest(packer, flow);
}

ExactFlowHead unpackExactFlowHead(const std::uint8_t* bytes)
{
    ExactFlowHead head;
    Unpacker unpacker(bytes);
    codeOwn(unpacker, head);
    std::int64_t skipped = 0;
    for (std::size_t side = 0; side < 2; ++side)
        unpacker.difference(skipped, 0);
    codeKind(unpacker, head);
    return head;
}

ExactFlow unpackExactFlow(const std::uint8_t* bytes)
{
    ExactFlow flow;
    unpackExactFlowRest(unpackExactFlowOwn(bytes, flow), flow);
    return flow;
}

const std::uint8_t* unpackExactFlowOwn(const std::uint8_t* bytes, ExactFlow& flow)
{
    Unpacker unpacker(bytes);
    codeOwn(unpacker, flow);
    codeSequences(unpacker, flow.sides);
    return unpacker.at();
}

void unpackExactFlowRest(const std::uint8_t* bytes, ExactFlow& flow)
{
    Unpacker unpacker(bytes);
    codeRest(unpacker, flow);
}

bool takeExactFlowRest(std::span<const std::uint8_t> bytes, ExactFlow& flow)
{
    BoundedUnpacker unpacker(bytes);
    codeRest(unpacker, flow);
    return unpacker.atEnd() && static_cast<std::size_t>(flow.state) < connStateCount &&
           static_cast<std::size_t>(flow.ending) < endReasonCount;
}

} // namespace packetloom
