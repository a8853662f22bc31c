// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/address_table.h"

#include "core/support/prefetch.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace packetloom {

const HashKey& addressTextKey()
{
    static const HashKey key;
    return key;
}

char* TextArena::room(std::size_t size)
{
    if (size > free_) {
        // A long text gets a block of its own and the half-used one goes on.
        const bool own = size > blockBytes / 4;
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(own ? size : blockBytes));
        if (own)
            return blocks_.back().get();
        next_ = blocks_.back().get();
        free_ = blockBytes;
    }
    char* const at = next_;
    next_ += size;
    free_ -= size;
    return at;
}

std::string_view TextArena::keep(std::string_view text)
{
    if (text.empty())
        return {};
    char* const at = room(text.size());
    std::memcpy(at, text.data(), text.size());
    return {at, text.size()};
}

const char* TextArena::keepCounted(std::string_view text)
{
    const std::uint64_t size = text.size();
    const bool isLong = size >= longLength;
    char* const at = room(1 + (isLong ? sizeof size : 0) + text.size());
    *at = static_cast<char>(isLong ? longLength : static_cast<unsigned char>(size));
    char* to = at + 1;
    if (isLong) {
        std::memcpy(to, &size, sizeof size);
        to += sizeof size;
    }
    std::copy(text.begin(), text.end(), to);
    return at;
}

std::string_view TextArena::longCounted(const char* at)
{
    std::uint64_t size = 0;
    std::memcpy(&size, at + 1, sizeof size);
    return {at + 1 + sizeof size, static_cast<std::size_t>(size)};
}

AddressId AddressTable::intern(std::string_view text, std::uint64_t hash)
{
    if (const auto slot = slotOf(text, hash); slot != SlotTable::none)
        return AddressId{slot};
    if (texts_.size() >= SlotTable::none)
        throw std::length_error("more than 2^32 - 2 distinct addresses");
    const auto id = static_cast<AddressId>(texts_.size());
    texts_.push_back(arena_.keepCounted(text));
    slots_.insert(hash, index(id));
    return id;
}

std::optional<AddressId> AddressTable::find(std::string_view text) const
{
    const auto slot = slotOf(text, addressTextKey()(text));
    return slot == SlotTable::none ? std::nullopt : std::optional(AddressId{slot});
}

// A look-up waits for the slot, then for where the text is, then for the text. So many are sent on their way
// before the first is waited for.
void AddressTable::find(std::span<Wanted> all) const
{
    constexpr std::size_t ahead = 32;
    std::array<SlotTable::Slot, ahead> guesses;
    while (!all.empty()) {
        const auto group = all.first(std::min(ahead, all.size()));
        for (const Wanted& one : group)
            slots_.prefetch(one.hash);
        for (std::size_t i = 0; i < group.size(); ++i) {
            guesses[i] = slots_.guess(group[i].hash);
            if (guesses[i] != SlotTable::none)
                prefetchLines(&texts_[guesses[i]], 1);
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            if (guesses[i] != SlotTable::none)
                prefetchLines(texts_[guesses[i]], 1);
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            Wanted& one = group[i];
            one.id.reset();
            if (guesses[i] == SlotTable::none)
                continue;
            const auto slot =
                text(AddressId{guesses[i]}) == one.text ? guesses[i] : slotOf(one.text, one.hash);
            if (slot != SlotTable::none)
                one.id = AddressId{slot};
        }
        all = all.subspan(group.size());
    }
}

} // namespace packetloom
