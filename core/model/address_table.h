// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/growth.h"
#include "core/support/hash_mix.h"
#include "core/support/stable_array.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <tsl/robin_set.h>
#include <vector>

namespace packetloom {

/// Number of a distinct address, from 0 in order of first appearance.
enum class AddressId : std::uint32_t {};
constexpr std::uint32_t index(AddressId id)
{
    return static_cast<std::uint32_t>(id);
}

/// The empty address, which every table holds first: a row without an address belongs to no flow.
inline constexpr AddressId emptyAddress{0};

/// Copies of short texts that stay where they are until the arena goes.
class TextArena
{
public:
    std::string_view keep(std::string_view text);

private:
    static constexpr std::size_t blockBytes = std::size_t{64} << 10;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t free_ = 0;
    char* next_ = nullptr;
};

/// Every distinct address text once. Texts stay valid as long as the table. While one thread interns, others
/// may ask for the texts of numbers that they were given.
class AddressTable
{
public:
    AddressTable() { intern({}); }
    AddressTable(const AddressTable&) = delete; // ids_ knows where texts_ is
    AddressTable& operator=(const AddressTable&) = delete;
    ~AddressTable() = default;
    /// Throws std::length_error beyond 2^32 - 1 addresses.
    AddressId intern(std::string_view text);
    /// Nothing for a text that was never interned.
    [[nodiscard]] std::optional<AddressId> find(std::string_view text) const;
    [[nodiscard]] std::string_view text(AddressId id) const { return texts_[index(id)]; }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return texts_.growth(more) + growthOfTable(ids_, more);
    }
    /// All that were interned, the empty address included.
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

private:
    TextArena arena_;
    StableArray<std::string_view> texts_;
    // Numbers and a part of each hash: a third of what the texts' views would take. Texts are compared where
    // they are.
    struct Hash
    {
        using is_transparent = void;
        const StableArray<std::string_view>* texts;
        TextHash hash{};
        std::size_t operator()(AddressId id) const { return hash((*texts)[index(id)]); }
        std::size_t operator()(std::string_view text) const { return hash(text); }
    };
    struct Same
    {
        using is_transparent = void;
        const StableArray<std::string_view>* texts;
        bool operator()(AddressId a, AddressId b) const { return a == b; }
        bool operator()(AddressId id, std::string_view text) const { return (*texts)[index(id)] == text; }
        bool operator()(std::string_view text, AddressId id) const { return (*texts)[index(id)] == text; }
    };
    tsl::robin_set<AddressId, Hash, Same, std::allocator<AddressId>, true> ids_{0, Hash{&texts_},
                                                                                Same{&texts_}};
};

} // namespace packetloom
