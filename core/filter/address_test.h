// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"
#include "core/model/address_table.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// Whether a text is what a filter asks for of texts by this kind of test; without regard to the case of
/// ASCII letters.
class TextTest
{
public:
    TextTest(FilterExpression::Kind kind, const FilterValue& value);
    [[nodiscard]] bool holds(std::string_view text) const;

protected:
    FilterExpression::Kind kind_;
    std::string text_; ///< in lower case
    std::optional<TextPattern> pattern_;
};

/// The same of addresses: IP addresses also in another spelling, blocks.
class AddressTest : private TextTest
{
public:
    AddressTest(FilterExpression::Kind kind, const FilterValue& value);
    /// `ip` must be what `text` is.
    [[nodiscard]] bool holds(std::string_view text, const std::optional<IpAddress>& ip) const;
    [[nodiscard]] bool needsIp() const { return network_ || (ip_ && ip_->length == 16); }

private:
    std::optional<IpNetwork> network_;
    std::optional<IpAddress> ip_; ///< that it must be
};

/// What a filter says of every address of a table, looked up once for each.
class AddressVerdicts
{
public:
    /// Of an expression that asks for a field of addresses, or Says.
    explicit AddressVerdicts(const FilterExpression& expression);

    /// Looks up the addresses that came to the table since; when stopped not all of them.
    void learn(const AddressTable& addresses, StopFlag stop = nullptr);
    /// 1 or 0 by the numbers of the addresses that it has learned.
    [[nodiscard]] const std::vector<std::uint8_t>& all() const { return verdicts_; }
    [[nodiscard]] bool operator[](AddressId id) const { return verdicts_[index(id)] != 0; }

private:
    [[nodiscard]] bool holds(std::string_view text) const;

    AddressFamily family_;
    bool present_; ///< any address of the family will do
    bool needsIp_ = false;
    std::vector<AddressTest> tests_; ///< any of them
    std::vector<std::uint8_t> verdicts_;
};

} // namespace packetloom
