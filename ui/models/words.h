// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/packet_reader.h"
#include "core/model/flow_life.h"
#include "core/model/frame_notes.h"
#include "core/model/packet.h"
#include "core/model/packet_class.h"
#include "ui/models/cell.h"

#include <QString>

namespace packetloom {

// The words of the state machine and of the reader for people, translated. Empty for `None`.
QString stateWords(FlowState state);
QString closeTypeWords(CloseType type);
QString invalidReasonWords(InvalidReason reason);
QString outcomeWords(FlowOutcome outcome);
/// The dataset's word for it, for machines.
QString outcomeKey(FlowOutcome outcome);
QString roleWords(PacketRole role);
QString rejectReasonWords(RejectReason reason);
QString notIpWords(NotIp kind);
QString tunnelWords(Tunnel tunnel);
/// Where a view of packets has nothing to show of a table of flows.
QString noPacketsWords();

// The same as cells: the dataset's word is in the tooltip and is what is copied.
Cell stateCell(FlowState state);
Cell closeTypeCell(CloseType type);
Cell invalidReasonCell(InvalidReason reason);
/// The name of the flag type, "SYN+ACK".
Cell flagsCell(const TcpFlags& flags);
/// The protocol's name, or else its IANA number, which is what is copied; empty where none is known.
Cell protocolCell(const Packet& packet);

} // namespace packetloom
