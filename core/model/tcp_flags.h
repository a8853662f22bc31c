// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// The flag bits of a TCP header (RFC 9293, 3.1), or what a capture holds in their place.
struct TcpFlags
{
    static constexpr std::int64_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32, ece = 64, cwr = 128;

    enum class Origin : std::uint8_t {
        Value,   ///< read from the capture
        Missing, ///< no usable value in the row: 0, shown as INVALID
        Column,  ///< the capture has no such column: 0, shown as UNKNOWN
    };

    std::int64_t bits = 0;
    Origin origin = Origin::Value;

    [[nodiscard]] bool has(std::int64_t bit) const { return (bits & bit) != 0; }
    friend bool operator==(const TcpFlags&, const TcpFlags&) = default;
};

/// The reference's name of a combination ("SYN+ACK", "ACK+FIN+PSH", "NONE", "OTHER_256", ...), in place,
/// without an allocation.
class FlagTypeName
{
public:
    static constexpr std::size_t longest = 40; ///< bytes, and some room

    explicit FlagTypeName(const TcpFlags& flags);
    [[nodiscard]] std::string_view text() const { return text_; }
    FlagTypeName(const FlagTypeName&) = delete;
    FlagTypeName& operator=(const FlagTypeName&) = delete;
    ~FlagTypeName() = default;

private:
    std::array<char, 32> other_{};
    std::string_view text_;
};

/// The bit of a flag's name ("SYN"), in any case of ASCII letters.
std::optional<std::int64_t> flagNamed(std::string_view name);

/// Where a flag byte came from, by the name that a dataset gives it: the inverse of FlagTypeName.
TcpFlags::Origin originOf(std::string_view flagType, const TcpFlags& flags);

} // namespace packetloom
