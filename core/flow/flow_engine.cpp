// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_engine.h"

#include "core/flow/reference/reference_machine.h"

#include <array>

namespace packetloom {
namespace {

template <class Judge>
std::unique_ptr<FlowJudge> make()
{
    return std::make_unique<Judge>();
}

constexpr std::array engines{
    FlowEngine{"reference", make<ReferenceMachine>},
};

} // namespace

std::span<const FlowEngine> flowEngines()
{
    return engines;
}

} // namespace packetloom
