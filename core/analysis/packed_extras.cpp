// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packed_extras.h"

#include <algorithm>
#include <bit>

namespace packetloom {
namespace {

using Number = std::int64_t;

enum Known : std::uint8_t { Nothing, Something };

using Shape = ExtrasPacker::Shape;

// Bits of Shape::rest.
constexpr unsigned typeAt = 16, codeAt = 32, damageAt = 48, ipBytesAt = 56, payloadAt = 57;

std::uint64_t bitsOf(std::int16_t number, unsigned at)
{
    return std::uint64_t{static_cast<std::uint16_t>(number + 1)} << at; // 0 where it is unknown
}

std::int16_t numberOf(std::uint64_t rest, unsigned at)
{
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(rest >> at) - 1);
}

Shape shapeOf(const Packet& packet, const PacketExtras& extras)
{
    const bool knowsIp = extras.ipBytes != PacketExtras::unknown,
               knowsPayload = extras.payload != PacketExtras::unknown;
    const auto of = [](Number number) { return static_cast<std::uint64_t>(number); };
    const std::uint64_t length = of(packet.length), outer = knowsIp ? of(extras.ipBytes) : length;
    return {.link = length - outer,
            .headers = knowsPayload ? outer - of(extras.payload) : 0,
            .rest = bitsOf(extras.windowScale, 0) | bitsOf(extras.icmpType, typeAt) |
                    bitsOf(extras.icmpCode, codeAt) | std::uint64_t{extras.damage} << damageAt |
                    std::uint64_t{knowsIp} << ipBytesAt | std::uint64_t{knowsPayload} << payloadAt};
}

PacketExtras extrasOf(const Packet& packet, const Shape& shape)
{
    const auto number = [](std::uint64_t bits) {
        return static_cast<std::int32_t>(static_cast<Number>(bits));
    };
    const std::uint64_t outer = static_cast<std::uint64_t>(packet.length) - shape.link;
    PacketExtras extras;
    if ((shape.rest >> ipBytesAt & 1) != 0)
        extras.ipBytes = number(outer);
    if ((shape.rest >> payloadAt & 1) != 0)
        extras.payload = number(outer - shape.headers);
    extras.windowScale = numberOf(shape.rest, 0);
    extras.icmpType = numberOf(shape.rest, typeAt);
    extras.icmpCode = numberOf(shape.rest, codeAt);
    extras.damage = static_cast<std::uint8_t>(shape.rest >> damageAt);
    return extras;
}

} // namespace

std::uint16_t ExtrasPacker::numberOf(const Shape& shape)
{
    if (!shapes_.empty() && shapes_[last_] == shape)
        return last_;
    const std::size_t mask = slots_.size() - 1;
    auto slot = static_cast<std::size_t>(key_(shape.link, shape.headers, shape.rest)) & mask;
    for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
        last_ = static_cast<std::uint16_t>(slots_[slot] - 1);
        if (shapes_[last_] == shape)
            return last_;
    }
    last_ = static_cast<std::uint16_t>(shapes_.size());
    shapes_.push_back(shape);
    slots_[slot] = static_cast<std::uint16_t>(shapes_.size());
    return last_;
}

std::uint8_t* ExtrasPacker::pack(std::uint8_t* at, std::span<const Packet> packets,
                                 std::span<const PacketExtras> extras)
{
    if (extras.empty()) {
        *at = Nothing;
        return at + 1;
    }
    shapes_.clear();
    slots_.assign(std::bit_ceil(2 * packets.size()), 0);
    numbers_.resize(packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i)
        numbers_[i] = numberOf(shapeOf(packets[i], extras[i]));
    const auto column = [&](const auto& get) {
        at = packColumn(at, shapes_.size(),
                        [&](std::size_t i) { return static_cast<Number>(get(shapes_[i])); });
    };
    *at++ = Something;
    *at++ = static_cast<std::uint8_t>(shapes_.size() & 0xff);
    *at++ = static_cast<std::uint8_t>(shapes_.size() >> 8);
    column([](const Shape& shape) { return shape.link; });
    column([](const Shape& shape) { return shape.headers; });
    column([](const Shape& shape) { return shape.rest; });
    at = packColumn(at, packets.size(), [&](std::size_t i) { return Number{numbers_[i]}; });
    return packColumn(at, packets.size(), [&](std::size_t i) { return Number{extras[i].window}; });
}

bool unpackExtras(std::span<const std::uint8_t> bytes, std::span<const Packet> packets,
                  std::vector<PacketExtras>& extras)
{
    if (bytes.empty() || bytes[0] > Something)
        return false;
    if (bytes[0] == Nothing) {
        extras.assign(packets.size(), {});
        return bytes.size() == 1;
    }
    constexpr std::size_t headBytes = 3;
    if (bytes.size() < headBytes)
        return false;
    std::vector<Shape> shapes(static_cast<std::size_t>(bytes[1] | bytes[2] << 8));
    auto left = bytes.subspan(headBytes);
    const auto column = [&](std::size_t count, const auto& set) {
        const auto size = columnBytes(left, count);
        if (!size)
            return false;
        unpackColumn(left.data(), count, set);
        left = left.subspan(*size);
        return true;
    };
    const auto numbers = [&](std::uint64_t Shape::*member) {
        return column(shapes.size(), [&](std::size_t i, Number number) {
            shapes[i].*member = static_cast<std::uint64_t>(number);
        });
    };
    if (!numbers(&Shape::link) || !numbers(&Shape::headers) || !numbers(&Shape::rest))
        return false;
    shapes.emplace_back(); // of those that are none
    const std::size_t none = shapes.size() - 1;
    std::size_t most = 0;
    extras.resize(packets.size());
    const bool whole = column(packets.size(), [&](std::size_t i, Number number) {
        const std::size_t shape = std::min(static_cast<std::size_t>(number), none);
        most = std::max(most, shape);
        extras[i] = extrasOf(packets[i], shapes[shape]);
    });
    return whole && most < none &&
           column(
               packets.size(),
               [&](std::size_t i, Number number) { extras[i].window = static_cast<std::int32_t>(number); }) &&
           left.empty();
}

} // namespace packetloom
