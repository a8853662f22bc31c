// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_facts.h"
#include "core/analysis/narrowed_packets.h"
#include "core/input/flows/flow_table_format.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace packetloom {

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
    [[nodiscard]] const FlowFacts* flowFacts() const override { return &facts; }
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
