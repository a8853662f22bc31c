// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"
#include "ui/views/ladder_lines.h"

#include <QColor>
#include <QFont>
#include <QFontMetrics>
#include <QPalette>
#include <QRect>

class QPainter;

namespace packetloom {

/// Draws the lines of a ladder, on the screen and on paper: times on the left, the two hosts as lanes with an
/// arrow a packet between them, notes on the right. Owns nothing that it draws.
class LadderPainter
{
public:
    LadderPainter(const LadderLines& lines, const FlowEnds& ends, const QFont& font, const QPalette& palette,
                  int width);

    [[nodiscard]] int headHeight() const;
    [[nodiscard]] int lineHeight() const;
    /// What stands over the lines: the columns and the hosts.
    void paintHead(QPainter& painter, const QRect& rect) const;
    struct Mark
    {
        bool current = false, focus = false;
    };
    void paintLine(QPainter& painter, const QRect& rect, std::size_t line, const Mark& mark) const;

private:
    struct Columns
    {
        int time = 0, step = 0;  ///< right ends; step is 0 where there is no room for it
        int left = 0, right = 0; ///< the lanes
        int notes = 0;           ///< begin; 0 where they stand with the packet
    };

    void paintTimes(QPainter& painter, const QRect& rect, std::size_t line) const;
    void paintPacket(QPainter& painter, const QRect& rect, const LadderLine& line) const;
    void paintFold(QPainter& painter, const QRect& rect, const LadderLine& line) const;
    void paintNote(QPainter& painter, const QRect& rect, const QString& note, const QColor& colour) const;
    [[nodiscard]] QColor phaseColour(FlowPhase phase) const;
    [[nodiscard]] QString elided(const QString& text, int width) const;

    const LadderLines& lines_;
    const FlowEnds& ends_;
    QFont font_;
    QFontMetrics metrics_;
    QPalette palette_;
    bool dark_;
    Columns columns_;
};

} // namespace packetloom
