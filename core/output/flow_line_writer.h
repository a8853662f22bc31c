// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flow_filter.h"
#include "core/output/conn_log/conn_uid.h"
#include "core/output/flow_lines.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Writes flows as lines, one after the other in their order; what is known of each address by itself is
/// looked up once.
class FlowLineWriter
{
public:
    /// Addresses may be added while it works. `filter`: only flows that match.
    FlowLineWriter(const FlowLinesFormat& format, const AddressTable& addresses,
                   const std::optional<FilterExpression>& filter);

    /// Every flow, also those that are not to be written. Appends its line, if any.
    void add(const ExactFlow& flow, TextBuffer& out);
    [[nodiscard]] std::uint64_t written() const { return written_; }
    [[nodiscard]] const std::array<std::uint64_t, connStateCount>& states() const { return states_; }

private:
    void learnAddresses();

    const FlowLinesFormat& format_;
    const AddressTable& addresses_;
    std::optional<ExactFlowFilter> filter_;
    ConnUids uids_;
    std::vector<std::optional<bool>> local_; ///< of addresses: whether they are for local use alone
    std::uint64_t written_ = 0;
    std::array<std::uint64_t, connStateCount> states_{};
};

} // namespace packetloom
