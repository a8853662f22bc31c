// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/address_table.h"

#include <cstring>
#include <limits>
#include <stdexcept>

namespace packetloom {

std::string_view TextArena::keep(std::string_view text)
{
    if (text.empty())
        return {};
    if (text.size() > free_) {
        // A long text gets a block of its own and the half-used one goes on.
        const bool own = text.size() > blockBytes / 4;
        blocks_.push_back(std::make_unique_for_overwrite<char[]>(own ? text.size() : blockBytes));
        if (own) {
            std::memcpy(blocks_.back().get(), text.data(), text.size());
            return {blocks_.back().get(), text.size()};
        }
        next_ = blocks_.back().get();
        free_ = blockBytes;
    }
    char* const at = next_;
    std::memcpy(at, text.data(), text.size());
    next_ += text.size();
    free_ -= text.size();
    return {at, text.size()};
}

AddressId AddressTable::intern(std::string_view text)
{
    if (const auto found = ids_.find(text); found != ids_.end())
        return *found;
    if (texts_.size() >= std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("more than 2^32 - 1 distinct addresses");
    const auto id = static_cast<AddressId>(texts_.size());
    const auto kept = arena_.keep(text);
    texts_.push_back(kept);
    ids_.insert(id);
    return id;
}

std::optional<AddressId> AddressTable::find(std::string_view text) const
{
    const auto found = ids_.find(text);
    return found == ids_.end() ? std::nullopt : std::optional(*found);
}

} // namespace packetloom
