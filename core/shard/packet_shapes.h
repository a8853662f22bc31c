// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/tcp_flags.h"
#include "core/shard/quick_bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace packetloom {

/// What many packets have in common: flags, length and protocol. A shape that was told not long ago is a
/// byte; else one for flags and protocol, and the length. Both sides keep what was told alike.
class PacketShapes
{
public:
    struct Kind
    {
        std::int64_t flags = 0, protocol = 0;
        TcpFlags::Origin origin = TcpFlags::Origin::Value;
        bool hasProtocol = false;

        friend bool operator==(const Kind&, const Kind&) = default;
    };
    struct Shape
    {
        Kind kind;
        std::int64_t length = 0;

        friend bool operator==(const Shape&, const Shape&) = default;
    };
    static constexpr std::size_t longest = 2 + 3 * longestVarint;

    /// Room for `longest` must be there.
    void put(QuickOut& out, const Shape& shape)
    {
        const std::size_t slot = slotOf(shape);
        if (shapes_[slot] == shape) {
            out.byte(static_cast<unsigned>(slot));
            return;
        }
        shapes_[slot] = shape;
        const std::size_t kindSlot = slotOf(shape.kind);
        if (kinds_[kindSlot] == shape.kind) {
            out.byte(static_cast<unsigned>(shapes + kindSlot));
        } else {
            kinds_[kindSlot] = shape.kind;
            out.byte(literal);
            out.byte(static_cast<unsigned>(shape.kind.origin) << 1 | (shape.kind.hasProtocol ? 1 : 0));
            out.number(shape.kind.flags);
            out.number(shape.kind.protocol);
        }
        out.number(shape.length);
    }
    Shape take(QuickIn& in)
    {
        const unsigned code = in.byte();
        if (code < shapes)
            return shapes_[code];
        Shape shape;
        if (code != literal) {
            shape.kind = kinds_[code - shapes];
        } else {
            const unsigned bits = in.byte();
            shape.kind.hasProtocol = (bits & 1) != 0;
            shape.kind.origin = static_cast<TcpFlags::Origin>(bits >> 1 & 3);
            shape.kind.flags = in.number();
            shape.kind.protocol = in.number();
            kinds_[slotOf(shape.kind)] = shape.kind;
        }
        shape.length = in.number();
        shapes_[slotOf(shape)] = shape;
        return shape;
    }

private:
    static constexpr std::size_t shapes = 128, kinds = 127;
    static constexpr unsigned literal = shapes + kinds;

    // No secret: whoever makes shapes share a slot makes a file larger, not wrong.
    static std::uint64_t mixed(const Kind& kind)
    {
        return (static_cast<std::uint64_t>(kind.flags) << 10 ^ static_cast<std::uint64_t>(kind.protocol) ^
                static_cast<std::uint64_t>(kind.origin) << 50) *
               0x9E3779B97F4A7C15u;
    }
    static std::size_t slotOf(const Kind& kind)
    {
        return static_cast<std::size_t>(mixed(kind) >> 32) % kinds;
    }
    static std::size_t slotOf(const Shape& shape)
    {
        constexpr unsigned slotBits = 7;
        return static_cast<std::size_t>(
            ((mixed(shape.kind) >> 20 ^ static_cast<std::uint64_t>(shape.length)) * 0xD6E8FEB86659FD93u) >>
            (64 - slotBits));
    }

    std::array<Shape, shapes> shapes_{};
    std::array<Kind, kinds> kinds_{};
};

} // namespace packetloom
