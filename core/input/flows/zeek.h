// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_table_format.h"

namespace packetloom {

/// Zeek's conn.log as it writes it by default: columns between tabs, described by lines that begin with "#"
/// (Zeek, "Log Files"; base/frameworks/logging/writers/ascii.zeek). The description may come again, where
/// logs were joined. Texts that the description does not explain (\x09 and the like) are shown as they stand.
bool recogniseZeek(std::string_view head);
Result<std::unique_ptr<FlowSource>> openZeek(FlowTableBytes bytes);

/// The same with LogAscii::use_json: an object a line. Times may be seconds, milliseconds or ISO 8601
/// (LogAscii::json_timestamps).
bool recogniseZeekJson(std::string_view head);
Result<std::unique_ptr<FlowSource>> openZeekJson(FlowTableBytes bytes);

inline constexpr FlowTableFormat zeekFormat{"zeek", "Zeek conn.log", recogniseZeek, openZeek};
inline constexpr FlowTableFormat zeekJsonFormat{"zeek_json", "Zeek conn.log, JSON", recogniseZeekJson,
                                                openZeekJson};

} // namespace packetloom
