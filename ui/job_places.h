// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <filesystem>
#include <string>

namespace packetloom {

/// Where what a job makes is to be, kept in the settings: the job itself does not say it
/// (docs/scale.md, 2). Of the latest jobs only; `job` is Job::id. Empty for one that is not known.
std::filesystem::path rememberedPlace(const std::string& job);
void rememberPlace(const std::string& job, const std::filesystem::path& place);

} // namespace packetloom
