// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_test.h"
#include "core/filter/filter_expression.h"
#include "core/filter/number_ranges.h"
#include "core/model/packet.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace packetloom {

/// A filter with the packets of a capture (docs/filters.md): what it asks of addresses is looked up once for
/// each, what it asks of a flow is asked of whoever knows flows.
class RowFilter
{
public:
    /// Sets each of the hits to whether the flow of the packet there, from `firstRow` on, is what
    /// flowParts()[part] asks for; 0 without a flow.
    using FlowHits =
        std::function<void(std::size_t part, std::uint64_t firstRow, std::span<std::uint8_t> hits)>;

    /// The table must outlive it, and may grow.
    RowFilter(const AddressTable& addresses, const FilterExpression& expression);

    /// Looks up the addresses that came to the table since: before packets with them are matched.
    void learnAddresses(StopFlag stop = nullptr);

    /// Which of the packets it matches: 1, else 0. No allocation; any number of threads. Without `flows` no
    /// packet has a flow. Of packets with addresses that were not learned the behaviour is undefined.
    void match(std::span<const Packet> packets, std::uint64_t firstRow, std::span<std::uint8_t> hits,
               const FlowHits* flows = nullptr) const;
    /// False when nothing but the addresses is needed to know that a packet between them does not match.
    [[nodiscard]] bool canMatch(AddressId source, AddressId destination) const;

    /// What must be asked of flows; each can be (canAskFlows()).
    [[nodiscard]] const std::vector<FilterExpression>& flowParts() const { return flowParts_; }

private:
    struct Node
    {
        explicit Node(const FilterExpression& expression);

        FilterExpression::Kind kind;
        FilterField field;
        std::size_t flowPart = 0;  ///< of Kind::OfFlow
        AddressVerdicts addresses; ///< of fields of addresses, and Says
        NumberRanges numbers;
        std::int64_t bits = 0; ///< of Kind::Bits
        std::string text;      ///< of Says, for flags
        /// What is asked of words: by port, by number, by the lowest bits.
        std::vector<std::uint8_t> services, protocols, flags;
        std::vector<Node> parts;
    };
    struct Rows
    {
        std::span<const Packet> packets;
        std::uint64_t first;
        const FlowHits* flows;
    };
    enum class Truth : std::uint8_t { No, Maybe, Yes };
    using Hits = std::span<std::uint8_t>;

    Node bind(const FilterExpression& expression);
    void learn(Node& node, StopFlag stop);
    static void match(const Node& node, const Rows& rows, Hits hits);
    static void matchAll(const Node& node, const Rows& rows, Hits hits);
    static void matchAny(const Node& node, const Rows& rows, Hits hits);
    static void matchField(const Node& node, const Rows& rows, Hits hits);
    static void matchAddress(const Node& node, const Rows& rows, Hits hits);
    static void matchProtocol(const Node& node, const Rows& rows, Hits hits);
    static void matchService(const Node& node, const Rows& rows, Hits hits);
    static void matchText(const Node& node, const Rows& rows, Hits hits);
    static Truth byAddresses(const Node& node, AddressId source, AddressId destination);

    const AddressTable& addresses_;
    std::vector<FilterExpression> flowParts_;
    Node root_;
};

} // namespace packetloom
