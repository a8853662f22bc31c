// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QWidget>
#include <memory>

namespace packetloom {

class BarChart;
class FlagTableModel;
class TableView;

/// How many TCP packets carried which flags.
class FlagsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FlagsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const CountedPackets>& analysis);
    void saveColumns() const;

private:
    TableView* table_;
    FlagTableModel* flags_;
    BarChart* chart_;
};

} // namespace packetloom
