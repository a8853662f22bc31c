// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_judge.h"

#include <memory>
#include <span>
#include <string_view>

namespace packetloom {

/// A set of rules by which flows are judged.
struct FlowEngine
{
    std::string_view id; ///< a stable name
    std::unique_ptr<FlowJudge> (*makeJudge)();
};

/// All that there are.
std::span<const FlowEngine> flowEngines();
/// The one that datasets are made with unless another is asked for.
inline const FlowEngine& defaultFlowEngine()
{
    return flowEngines().front();
}

} // namespace packetloom
