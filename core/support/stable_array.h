// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace packetloom {

/// An array that grows at its end and whose elements never move: while one thread appends, others may read
/// the elements that they were told of (through a lock or a queue).
template <class T>
class StableArray
{
public:
    void push_back(const T& value)
    {
        const Place place = placeOf(size_);
        if (!segments_[place.segment])
            segments_[place.segment] = std::make_unique_for_overwrite<T[]>(firstSegment << place.segment);
        segments_[place.segment][place.offset] = value;
        ++size_;
    }
    [[nodiscard]] const T& operator[](std::size_t i) const
    {
        const Place place = placeOf(i);
        return segments_[place.segment][place.offset];
    }
    /// Only for the thread that appends.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// How many bytes the next `more` elements may take at once.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        const std::size_t last = placeOf(size_ + more).segment;
        return segments_[last] ? 0 : (std::uint64_t{firstSegment} << last) * sizeof(T);
    }

private:
    static constexpr std::size_t firstSegment = 1024; // each is twice as long as the one before
    struct Place
    {
        std::size_t segment, offset;
    };
    static Place placeOf(std::size_t i)
    {
        const std::size_t from1 = i / firstSegment + 1;
        const auto segment = static_cast<std::size_t>(std::bit_width(from1 / 2)); // its highest bit
        return {segment, i - firstSegment * ((std::size_t{1} << segment) - 1)};
    }

    std::array<std::unique_ptr<T[]>, 32> segments_;
    std::size_t size_ = 0;
};

} // namespace packetloom
