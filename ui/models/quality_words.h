// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QString>
#include <vector>

namespace packetloom {

/// One thing that is known of the quality of an input, in words for people; plain text, safe to show.
struct QualityLine
{
    QString what, value;
    bool doubtful = false; ///< the user should look at it
};

/// What is known of one input.
struct QualitySection
{
    QString name, path;
    std::vector<QualityLine> lines;
    [[nodiscard]] bool doubtful() const;
};

/// One section for each input of captures, in order; none for a dataset, which does not tell.
std::vector<QualitySection> qualityOf(const Analysis& analysis);

/// All of it as lines of text, for a mail or a ticket.
QString textOf(const std::vector<QualitySection>& sections);

} // namespace packetloom
