// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/wide_sum.h"

#include <QString>
#include <QVariant>
#include <cstdint>
#include <string_view>
#include <variant>

namespace packetloom {

/// A name, not a quantity: shown without digit groups.
struct Identifier
{
    std::int64_t number;
    friend bool operator<(const Identifier& a, const Identifier& b) { return a.number < b.number; }
};
struct Instant
{
    std::int64_t microseconds; ///< since the epoch
    friend bool operator<(const Instant& a, const Instant& b) { return a.microseconds < b.microseconds; }
};
struct TimeSpan
{
    std::uint64_t microseconds;
    bool exact = false; ///< shown to the microsecond, for times that are compared line by line
    friend bool operator<(const TimeSpan& a, const TimeSpan& b) { return a.microseconds < b.microseconds; }
};
/// From one time to another, shown to the microsecond; negative where the other is earlier.
struct TimeStep
{
    std::int64_t microseconds;
    friend bool operator<(const TimeStep& a, const TimeStep& b) { return a.microseconds < b.microseconds; }
};
struct Share
{
    std::uint64_t part, whole;
};
/// Hostile text, valid as long as the model's data.
struct HostileText
{
    std::string_view shown;
    std::string_view full = {}; ///< for the tooltip and for copying; the same when empty
};
/// A word of the program's own, or text made of safe and cut parts.
struct Words
{
    QString shown;
    QString raw; ///< the dataset's word; what is copied
    QString tip;
};

/// What a table shows in one place.
using Cell = std::variant<std::monostate, std::uint64_t, std::int64_t, WideSum, Identifier, Instant, TimeSpan,
                          TimeStep, Share, HostileText, Words>;

/// Numbers with digit groups, times in UTC, texts of at most shownCharacters characters.
QString shownCell(const Cell& cell);
/// A number without groups (times in microseconds, shares as fractions) or the whole text.
QVariant rawCell(const Cell& cell);
/// Empty, or safe where Qt guesses whether a text is rich.
QString cellToolTip(const Cell& cell);
/// Smaller first; cells of different kinds by kind, empty ones first.
bool cellLess(const Cell& a, const Cell& b);

inline constexpr qsizetype shownCharacters = 200;
inline constexpr qsizetype toolTipCharacters = 1000;

/// Text from a capture for one line: characters that are invisible or turn the direction of writing, and what
/// is not UTF-8, as \xNN; an ellipsis where it is cut.
QString visibleText(std::string_view text, qsizetype most = shownCharacters);
/// The whole text for copying; what is not UTF-8 as \xNN.
QString wholeText(std::string_view text);
/// As rich text that shows exactly `text`, in lines of bounded length.
QString plainToolTip(const QString& text);

} // namespace packetloom
