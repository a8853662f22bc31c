// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/run_result.h"

namespace packetloom {

Result<void> noteChange(InputChange change, const std::filesystem::path& file, std::vector<Warning>& warnings)
{
    const auto warn = [&](Warning::Kind kind) {
        warnings.push_back({kind, Error{.code = Errc::Read, .detail = {}, .file = file}});
    };
    switch (change) {
    case InputChange::None:
        break;
    case InputChange::Shrank:
        return Error{.code = Errc::InputShrank, .detail = {}, .file = file};
    case InputChange::Grew:
        warn(Warning::Kind::InputGrew);
        break;
    case InputChange::Rewritten:
        warn(Warning::Kind::InputRewritten);
        break;
    case InputChange::Replaced:
        warn(Warning::Kind::InputReplaced);
        break;
    }
    return {};
}

void RunTotals::noteNothingKept()
{
    if (rows.kept == 0)
        warnings.push_back({Warning::Kind::NothingKept, {}});
}

} // namespace packetloom
