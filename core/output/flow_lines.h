// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/support/text_buffer.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// A flow on its way into a line of text. The texts are the capture's, and hostile.
struct FlowLine
{
    const ExactFlow& flow;
    std::string_view uid; ///< see ConnUids
    std::string_view originator, responder;
    /// Whether the address is for local use alone (isLocalUse()); none where it is no IP address.
    std::optional<bool> originatorLocal, responderLocal;
};

/// How flows of the exact engine are written as text, one flow a line. What is written follows from the
/// flows alone: no clock, no number of a run.
struct FlowLinesFormat
{
    /// What stands before the flows of a capture whose first packet came then (microseconds).
    void (*begin)(TextBuffer& out, std::int64_t first);
    void (*line)(TextBuffer& out, const FlowLine& flow);
    /// What stands behind them, of its last packet.
    void (*end)(TextBuffer& out, std::int64_t last);
};

} // namespace packetloom
