// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace packetloom {

/// Which build this is, for `--version` and bug reports: the commit it was made from, or what the packager
/// says. Not in version.h, so that a commit compiles one file anew and not many.
const char* buildText();

} // namespace packetloom
