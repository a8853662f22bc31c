// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_record.h"
#include "core/input/flows/flow_time.h"
#include "core/model/ip_text.h"

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packetloom {

/// What a column of a table of flows may say.
enum class FlowField : std::uint8_t {
    Start,
    End,
    Duration,
    Source,
    SourcePort,
    Destination,
    DestinationPort,
    Protocol,
    Service,
    State,
    SentPackets,
    ReceivedPackets,
    SentBytes,
    ReceivedBytes,
    Packets, ///< both ways
    Bytes,
};
inline constexpr std::size_t flowFieldCount = 16;

/// What a table calls a field. Of several names of one field the first that a table has counts.
struct FieldName
{
    std::string_view name; ///< in lower case
    FlowField field;
};

/// The texts of a row by field; none where the table says nothing.
struct FlowFields
{
    std::array<std::optional<std::string_view>, flowFieldCount> texts;

    std::optional<std::string_view>& operator[](FlowField field)
    {
        return texts[static_cast<std::size_t>(field)];
    }
    const std::optional<std::string_view>& operator[](FlowField field) const
    {
        return texts[static_cast<std::size_t>(field)];
    }
};

/// How a kind of table is to be understood.
struct FlowRules
{
    std::span<const FieldName> names;
    int durationDigits = 6; ///< 6: durations are in seconds, 0: in microseconds
    bool oneWay =
        false; ///< a row tells one direction (RFC 3954): what it does not say of the other is nothing
    DateOrder order = DateOrder::DayFirst;
    /// Of a protocol in lower case and the word of FlowField::State.
    FlowEnding (*ending)(std::string_view protocol, std::string_view state) = nullptr;
};

/// Makes records of texts, or says why not. Rows that cannot be understood are rejected with the first reason
/// in the order: times, addresses, ports, counts.
class FlowInterpreter
{
public:
    explicit FlowInterpreter(const FlowRules& rules) : rules_(rules) {}

    /// Fills `rejected` and `column`, or `record`, which is valid until the next call.
    void interpret(const FlowFields& fields, FlowRow& row);
    [[nodiscard]] FlowDoubts doubts() const { return doubts_; }
    void note(FlowDoubt doubt) { doubts_.set(static_cast<std::size_t>(doubt)); }

private:
    bool times(const FlowFields& fields, FlowRow& row);
    bool address(const FlowFields& fields, FlowField field, std::array<char, longestIpText>& canonical,
                 std::string_view& text, FlowRow& row) const;
    bool port(const FlowFields& fields, FlowField field, std::int64_t& number, FlowRow& row) const;
    bool count(const FlowFields& fields, FlowField field, std::optional<std::uint64_t>& number,
               FlowRow& row) const;
    void protocol(const FlowFields& fields, FlowRecord& record);
    bool reject(FlowRow& row, RejectReason reason, FlowField field) const;

    FlowRules rules_;
    FlowDoubts doubts_;
    std::array<char, longestIpText> source_{}, destination_{};
    std::string protocol_;
};

} // namespace packetloom
