// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_table.h"
#include "core/model/flow_key.h"
#include "core/support/growth.h"
#include "core/support/wide_sum.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// Gives the packets of a dataset's packets.csv back to the flows of its index, and tells the flows what only
/// packets know: rows, and the ends where there is no initiator.
///
/// Flows are numbered in order of first packet, and a packet of a flow that is not full belongs to no other
/// one. So a packet whose key has no open flow opens the next number, and nothing has to be read out of a
/// key's text, which hostile addresses make ambiguous: the text made of the packet must be the index's.
class FlowAssignment
{
public:
    /// Both must outlive it; `flows` has nothing but what note() was called for.
    FlowAssignment(FlowTable& flows, const AddressTable& addresses) : flows_(flows), addresses_(addresses) {}

    /// The key of the flow that was added to the table last.
    void noteKey(std::string_view key) { keys_.push_back(hashOf(key)); }
    /// After the last flow. False when the numbers of the flows are not 1, 2, 3, ... in some order.
    bool begin();

    enum class Fate : std::uint8_t { InFlow, NoFlow, Unfit };
    /// The next packet of packets.csv. InFlow: flow() says which. Unfit: problem() says why.
    Fate take(const Packet& packet, std::uint64_t row);
    [[nodiscard]] std::size_t flow() const { return flow_; }
    /// After the last packet. False when packets are missing; problem() says of which flow.
    bool finish();
    [[nodiscard]] const std::string& problem() const { return problem_; }

    /// See growthOf(): for so many flows of the index, or packets.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return growthOf(keys_, more) + growthOfTable(open_, more);
    }
    [[nodiscard]] std::uint64_t openedFlows() const { return opened_; }
    [[nodiscard]] std::uint64_t openFlows() const { return open_.size(); }

private:
    struct Open
    {
        std::uint64_t packetsLeft = 0;
        std::int64_t earliest = 0, latest = 0;
        WideSum bytes;
        std::uint64_t highPackets = 0; ///< those that FlowKey::high sent
        WideSum highBytes;
        std::uint32_t flow = 0;
        bool endsKnown = false;
    };
    [[nodiscard]] std::uint64_t hashOf(std::string_view key) const { return hashKey_(key); }
    bool open(const FlowKey& key, const Packet& packet, std::uint64_t row, Open& opened);
    Fate complete(const FlowKey& key, const Open& flow, std::uint64_t row);
    Fate unfit(std::size_t flow, const char* what);

    FlowTable& flows_;
    const AddressTable& addresses_;
    const HashKey hashKey_;
    std::vector<std::uint64_t> keys_;     ///< hashes of the texts, by flow: texts would take too much memory
    std::vector<std::uint32_t> byNumber_; ///< flow of number i + 1
    tsl::robin_map<FlowKey, Open, FlowKeyHash> open_;
    std::uint64_t opened_ = 0;
    std::size_t flow_ = 0;
    std::string problem_;
};

} // namespace packetloom
