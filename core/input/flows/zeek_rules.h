// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_fields.h"

namespace packetloom {

// What both forms of Zeek's conn.log have in common.

/// How Zeek's conn_state tells the end of a TCP connection (base/protocols/conn/main.zeek); of other
/// protocols the word means something else, and nothing is concluded. docs/flow-tables.md, 13.
FlowEnding zeekEnding(std::string_view protocol, std::string_view state);
/// Bytes are those of the IP packets, as of captures; where a log has none, those of the payload.
const FlowRules& zeekRules();

} // namespace packetloom
