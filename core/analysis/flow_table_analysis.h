// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/narrowed_packets.h"
#include "core/input/flows/flow_table_format.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace packetloom {

/// What another tool's table says of each flow beside what a FlowTable has, one vector a column.
class FlowFacts
{
public:
    void add(const FlowRecord& record);
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const;

    /// The table's words; empty where it has none. Hostile text.
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

/// The flows of one service: flowService().
struct ServiceCount
{
    std::string_view name; ///< hostile text, valid as long as the analysis; empty where none is known
    std::uint64_t flows = 0, packets = 0;
};

/// Of a table of flows that another tool wrote (docs/flow-tables.md): flows of all protocols,
/// as the table tells them, in its order and numbered by it. There are no packets: no first rows, flags,
/// bins, spool or timeline by class. Address and pair statistics are of all protocols; the timeline has a
/// flow's packets at its start. Of the totals `rows` are those of the table, and packets() is another number.
struct FlowTableAnalysis final : Analysis
{
    FlowTableAnalysis() : Analysis(std::filesystem::path()) {}

    std::filesystem::path file;
    const FlowTableFormat* format = nullptr; ///< never null once published
    FlowFacts facts;
    std::uint64_t packetCount = 0;
    std::vector<ServiceCount> services; ///< all, that with most flows first, then by name

    [[nodiscard]] const FlowTableAnalysis* flowTable() const override { return this; }
    [[nodiscard]] std::uint64_t packets() const override { return packetCount; }
    /// Error: FlowTable.
    [[nodiscard]] Result<FlowDetail> detail(std::size_t flow) const override;

    [[nodiscard]] bool isTcp(std::size_t flow) const { return facts.protocol(flow) == "tcp"; }
    /// What a flow counts for its two addresses.
    [[nodiscard]] FlowCounts counts(std::size_t flow) const;
    /// What some of its flows come to; tally and totals.flows are the caller's. Null when stopped.
    [[nodiscard]] std::shared_ptr<NarrowedPackets> countedOf(const std::vector<std::uint32_t>& some,
                                                             StopFlag stop) const;
};

} // namespace packetloom
