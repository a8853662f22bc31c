// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_problem.h"
#include "core/input/input_spec.h"

#include <QString>
#include <cstdint>
#include <vector>

namespace packetloom {

/// What can be done with one click about what is doubtful of an input.
struct InputCure
{
    enum class Kind : std::uint8_t {
        Read,     ///< read the file as `spec` says
        Columns,  ///< say what its columns are
        IpMap,    ///< choose the map of the ids of all
        OwnIpMap, ///< choose the map of its own ids
        Remove,   ///< take it out of the list
    };
    Kind kind{};
    QString label; ///< of a button
    InputSpec spec{};
};

/// The best first; none where only the file itself can be mended. `spec` is how the input is read now,
/// `header` that of a table: what was saved for such tables is offered first.
std::vector<InputCure> curesOf(const InputProblem& problem, const InputSpec& spec, const QStringList& header);
/// To read it in the ways that were saved for tables with this header, but for the way it is read now.
std::vector<InputCure> savedCures(const InputSpec& spec, const QStringList& header);

} // namespace packetloom
