// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/hash_mix.h"
#include "core/support/slot_table.h"
#include "core/support/stable_array.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
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

/// The key of all hashes of address texts in this process: what was hashed for one table is found in another.
const HashKey& addressTextKey();

/// Copies of short texts that stay where they are until the arena goes.
class TextArena
{
public:
    std::string_view keep(std::string_view text);
    /// The same with its length before it, so that a pointer is all that is needed to find it again.
    const char* keepCounted(std::string_view text);
    /// What keepCounted() kept.
    static std::string_view counted(const char* at)
    {
        const auto length = static_cast<unsigned char>(*at);
        return length < longLength ? std::string_view(at + 1, length) : longCounted(at);
    }

private:
    static constexpr unsigned char longLength = 255; // the length follows, in eight bytes
    static std::string_view longCounted(const char* at);
    char* room(std::size_t size);

    static constexpr std::size_t blockBytes = std::size_t{64} << 10;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t free_ = 0;
    char* next_ = nullptr;
};

/// Every distinct address text once, in about twenty bytes beside the text. Texts stay valid as long as the
/// table. While one thread interns, others may ask for the texts of numbers that they were given.
class AddressTable
{
public:
    AddressTable() { intern({}); }
    AddressTable(const AddressTable&) = delete;
    AddressTable& operator=(const AddressTable&) = delete;
    ~AddressTable() = default;
    /// Throws std::length_error beyond 2^32 - 2 addresses.
    AddressId intern(std::string_view text) { return intern(text, addressTextKey()(text)); }
    /// The same of a text whose addressTextKey() hash is known.
    AddressId intern(std::string_view text, std::uint64_t hash);
    /// Nothing for a text that was never interned.
    [[nodiscard]] std::optional<AddressId> find(std::string_view text) const;
    /// A text and what is found of it.
    struct Wanted
    {
        std::string_view text;
        std::uint64_t hash = 0;
        std::optional<AddressId> id;
    };
    /// find() of many at once: what they need of memory is fetched side by side.
    void find(std::span<Wanted> all) const;
    [[nodiscard]] std::string_view text(AddressId id) const { return TextArena::counted(texts_[index(id)]); }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return texts_.growth(more) + slots_.growth(more);
    }
    /// All that were interned, the empty address included.
    [[nodiscard]] std::size_t size() const { return texts_.size(); }

private:
    [[nodiscard]] SlotTable::Slot slotOf(std::string_view text, std::uint64_t hash) const
    {
        return slots_.find(hash, [&](SlotTable::Slot slot) { return this->text(AddressId{slot}) == text; });
    }

    TextArena arena_;
    StableArray<const char*> texts_;
    SlotTable slots_; ///< numbers of addresses by the hash of their text
};

} // namespace packetloom
