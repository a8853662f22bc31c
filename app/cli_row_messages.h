// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/not_ip.h"
#include "core/model/reject_reason.h"

#include <string>

namespace packetloom {

/// "a field too few", for people.
std::string rejectReasonText(RejectReason reason);
std::string notIpText(NotIp kind);

} // namespace packetloom
