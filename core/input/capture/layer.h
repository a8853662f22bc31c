// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace packetloom {

/// The captured bytes from where a layer of a frame begins. Whatever is asked for, nothing outside of them is
/// read: numbers that are not wholly there are 0, so has() comes first. Owns nothing.
class Layer
{
public:
    Layer() = default;
    explicit Layer(std::span<const std::uint8_t> bytes) : at_(bytes.data()), size_(bytes.size()) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool has(std::size_t bytes) const { return bytes <= size_; }
    [[nodiscard]] const std::uint8_t* data() const { return at_; }

    [[nodiscard]] std::uint8_t u8(std::size_t at) const { return at < size_ ? at_[at] : std::uint8_t{0}; }
    // Written out so that compilers see the one instruction that each of them is.
    [[nodiscard]] std::uint16_t be16(std::size_t at) const
    {
        return holds(at, 2) ? static_cast<std::uint16_t>(at_[at] << 8 | at_[at + 1]) : std::uint16_t{0};
    }
    [[nodiscard]] std::uint16_t le16(std::size_t at) const
    {
        return holds(at, 2) ? static_cast<std::uint16_t>(at_[at + 1] << 8 | at_[at]) : std::uint16_t{0};
    }
    [[nodiscard]] std::uint32_t be32(std::size_t at) const
    {
        return holds(at, 4) ? std::uint32_t{at_[at]} << 24 | std::uint32_t{at_[at + 1]} << 16 |
                                  std::uint32_t{at_[at + 2]} << 8 | at_[at + 3]
                            : 0;
    }
    [[nodiscard]] std::uint32_t le32(std::size_t at) const
    {
        return holds(at, 4) ? std::uint32_t{at_[at + 3]} << 24 | std::uint32_t{at_[at + 2]} << 16 |
                                  std::uint32_t{at_[at + 1]} << 8 | at_[at]
                            : 0;
    }
    /// In the byte order that somebody else found out.
    [[nodiscard]] std::uint16_t u16(std::size_t at, bool big) const { return big ? be16(at) : le16(at); }
    [[nodiscard]] std::uint32_t u32(std::size_t at, bool big) const { return big ? be32(at) : le32(at); }

    /// What follows so many bytes; empty where there are not so many.
    [[nodiscard]] Layer from(std::size_t at) const
    {
        const std::size_t skipped = std::min(at, size_);
        return Layer({at_ + skipped, size_ - skipped});
    }
    /// No more than so many bytes of it.
    [[nodiscard]] Layer first(std::size_t bytes) const { return Layer({at_, std::min(bytes, size_)}); }

private:
    [[nodiscard]] bool holds(std::size_t at, std::size_t bytes) const
    {
        return bytes <= size_ && at <= size_ - bytes;
    }

    const std::uint8_t* at_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace packetloom
