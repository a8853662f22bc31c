// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/batch_builder.h"
#include "core/input/csv/number.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace packetloom {

/// The fields of one row as the tokenizer found them.
class TokenizedFields
{
public:
    explicit TokenizedFields(std::span<const std::string_view> fields) : fields_(fields) {}

    [[nodiscard]] Number number(std::size_t field) const { return parseNumber(fields_[field]); }
    [[nodiscard]] std::string_view text(std::size_t field) const { return fields_[field]; }
    [[nodiscard]] std::string_view addressText(std::size_t field) const { return fields_[field]; }
    std::uint32_t address(std::size_t field, AddressFields& fields) const
    {
        return address(fields_[field], fields);
    }
    // Copied, because addressReference() looks at bytes before the field.
    std::uint32_t address(std::string_view text, AddressFields& fields) const
    {
        std::array<char, digitSlack * 2> copy{};
        if (text.empty() || text.size() > digitSlack)
            return fields.add(text);
        std::copy(text.begin(), text.end(), copy.begin() + digitSlack);
        return addressReference({copy.data() + digitSlack, text.size()}, fields);
    }

private:
    std::span<const std::string_view> fields_;
};

} // namespace packetloom
