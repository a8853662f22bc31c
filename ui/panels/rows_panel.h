// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QWidget>
#include <memory>

class QLabel;
class QTabWidget;

namespace packetloom {

class PreviewRowModel;
class RejectedRowModel;
class TableView;

/// The first rows as they were understood, and those that were not.
class RowsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit RowsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// The rows of an interval in place of the first ones of all; the counts stay.
    void setInterval(const std::shared_ptr<const CountedPackets>& narrowed);
    void showRejected();
    void saveColumns() const;

private:
    QTabWidget* tabs_;
    QLabel* counts_;
    TableView* rowTable_;
    TableView* rejectedTable_;
    PreviewRowModel* rows_;
    RejectedRowModel* rejected_;
    QString about_;          ///< what there is without a marked interval
    std::size_t listed_ = 0; ///< rows listed without one
};

} // namespace packetloom
