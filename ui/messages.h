// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/result.h"

#include <QString>

namespace packetloom {

/// What went wrong and what to do about it, for people, in the window's words. Plain text, safe to show.
QString errorMessage(const Error& error);
/// The same without the file's name, for where it stands beside it.
QString errorReason(const Error& error);
QString warningMessage(const Warning& warning);
/// Of the inputs that are not all in: their warnings, a line each, of many the first ones.
QString incompleteMessage(const RunTotals& totals);
/// That a dataset will hardly fit; bytes.
QString spaceMessage(std::uint64_t needed, std::uint64_t available);

/// Numbers, sizes and times as the window shows them; see core/support/text_format.h.
QString shownNumber(std::uint64_t number);
QString shownTime(std::int64_t microseconds);
/// A path or text of unknown origin: control characters visible, at most `most` characters.
QString shownText(std::string_view text, qsizetype most = 200);
QString shownPath(const std::filesystem::path& path);

} // namespace packetloom
