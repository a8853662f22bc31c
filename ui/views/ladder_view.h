// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"
#include "ui/views/ladder_lines.h"

#include <optional>

namespace packetloom {

/// A flow as a ladder: both hosts as lanes and an arrow a packet, one line each, not to scale; packets that
/// tell nothing are folded. Only lines that are seen are drawn, however many there are.
///
/// Click: the cursor; on a fold, or Enter, Space or the right arrow: its packets, also those that were not
/// kept (intervalWanted()); left arrow: one line again. Up, Down, Page Up, Page Down, Home, End; with Ctrl Up
/// and Down to what is no plain data. Ctrl+C copies the line.
class LadderView final : public FlowPart
{
    Q_OBJECT

public:
    explicit LadderView(QWidget* parent = nullptr);

    void show(std::shared_ptr<const FlowTrace> trace) override;
    void setCursor(std::uint64_t row) override;
    void paintTo(QPainter& painter, const QRect& rect) override;
    [[nodiscard]] QSize paperSize() const override;

    [[nodiscard]] const LadderLines& lines() const { return lines_; }
    /// The line that keys go on from.
    [[nodiscard]] std::optional<std::size_t> currentLine() const { return current_; }
    /// What is said of a line to who cannot see it.
    [[nodiscard]] QString lineText(std::size_t line) const;
    void unfold(std::size_t line);

signals:
    /// The packets of this time are to be seen one by one, which the trace did not keep. By the user.
    void intervalWanted(qint64 from, qint64 to);

private:
    class Area;

    /// By the user.
    void moveTo(std::size_t line);
    void moveToTelling(int step);
    void foldAround(std::size_t line);
    /// The cursor's line, after lines changed.
    void findCursor();
    void changed();

    Area* area_;
    LadderLines lines_;
    std::optional<std::size_t> current_;
    std::optional<std::uint64_t> cursor_; ///< row
};

} // namespace packetloom
