// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_field.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// What may stand at a place of a filter.
struct FilterCandidate
{
    enum class Kind : std::uint8_t {
        Field,
        Operator, ///< that fits the field before it
        Value,    ///< of the field before it
        Word,     ///< that stands by itself: "tcp", "graceful"
        Joint,    ///< "and", "or", "not", a parenthesis, "flow("
    };
    Kind kind{};
    std::string text;                   ///< to be put there
    std::optional<FilterField> field{}; ///< of a field: which; of a word or value: the field that has it
    friend bool operator==(const FilterCandidate&, const FilterCandidate&) = default;
};

struct FilterCompletion
{
    std::size_t position = 0, length = 0; ///< what a candidate replaces, in bytes of the text
    std::vector<FilterCandidate> candidates;
};

/// Addresses that begin so, at most so many.
using AddressesBeginning = std::function<std::vector<std::string>(std::string_view front, std::size_t most)>;

/// What may stand where the cursor is (a byte of the text), of what begins like the word that ends there.
/// Nothing where nobody can know: numbers, and what stands in quotes.
FilterCompletion completeFilter(std::string_view text, std::size_t cursor, FilterSubject subject,
                                const AddressesBeginning& addresses = nullptr);

} // namespace packetloom
