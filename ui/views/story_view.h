// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"

#include <QStringList>
#include <optional>

class QListWidget;

namespace packetloom {

/// What happened to a flow, in plain sentences; the chosen one puts the cursor on its packet. Ctrl+C copies
/// the chosen ones.
class StoryView final : public FlowPart
{
    Q_OBJECT

public:
    explicit StoryView(QWidget* parent = nullptr);

    void show(std::shared_ptr<const FlowTrace> trace) override;
    void setCursor(std::uint64_t row) override;
    void paintTo(QPainter& painter, const QRect& rect) override;
    [[nodiscard]] QSize paperSize() const override;

    /// With the times before them.
    [[nodiscard]] QStringList sentences() const;

private:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void copy() const;
    void lineChosen(int line);

    QListWidget* list_;
    std::shared_ptr<const FlowTrace> trace_;
    std::optional<std::uint64_t> cursor_; ///< row
    bool moving_ = false;                 ///< the selection follows the cursor, not the user
};

} // namespace packetloom
