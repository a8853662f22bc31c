// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"

#include <optional>

namespace packetloom {

class TableView;
class TracedPacketModel;

/// The packets of a flow in a table, in the order of time.
class FlowPacketsView final : public FlowPart
{
    Q_OBJECT

public:
    explicit FlowPacketsView(QWidget* parent = nullptr);

    void show(std::shared_ptr<const FlowTrace> trace) override;
    void setCursor(std::uint64_t row) override;
    /// The columns and rows that are seen.
    void paintTo(QPainter& painter, const QRect& rect) override;

    [[nodiscard]] TableView* table() const { return table_; }
    [[nodiscard]] TracedPacketModel* model() const { return model_; }
    void saveColumns() const;

private:
    void goTo(std::uint64_t row);

    TracedPacketModel* model_;
    TableView* table_;
    std::optional<std::uint64_t> cursor_; ///< row
    bool moving_ = false;                 ///< the selection follows the cursor, not the user
};

} // namespace packetloom
