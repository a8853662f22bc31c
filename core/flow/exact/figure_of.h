// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/model/flow_figure.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

/// A figure of a flow as a number, in the units of its kind; none where it is not known, and of words.
std::optional<std::int64_t> numberOf(const ExactFlow& flow, FlowFigure figure);
/// A figure that is a word, valid as long as the flow's history; else empty.
std::string_view wordOf(const ExactFlow& flow, FlowFigure figure);

} // namespace packetloom
