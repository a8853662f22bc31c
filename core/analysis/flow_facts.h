// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_record.h"
#include "core/model/address_table.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

/// What is known of each flow beside what a FlowTable has, where it is not the reference that tells of them:
/// of another tool's table, or by the exact engine. One vector a column.
class FlowFacts
{
public:
    void add(const FlowRecord& record);
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const;

    /// Words; empty where there are none. A table's are hostile text.
    [[nodiscard]] std::string_view protocol(std::size_t i) const { return words_.text(protocol_[i]); }
    [[nodiscard]] std::string_view service(std::size_t i) const { return words_.text(service_[i]); }
    [[nodiscard]] std::string_view state(std::size_t i) const { return words_.text(state_[i]); }
    /// What the source got (FlowTable knows what it sent); 0 where the table does not say it.
    [[nodiscard]] std::uint64_t receivedPackets(std::size_t i) const { return receivedPackets_[i]; }
    [[nodiscard]] std::uint64_t receivedBytes(std::size_t i) const { return receivedBytes_[i]; }

private:
    AddressTable words_; ///< each once
    std::vector<AddressId> protocol_, service_, state_;
    std::vector<std::uint64_t> receivedPackets_, receivedBytes_;
};

} // namespace packetloom
