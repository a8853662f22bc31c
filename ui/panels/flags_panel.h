// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QWidget>
#include <memory>

class QLabel;

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
    /// Says that it is a table of flows, which tells no flags.
    void setWithoutPackets(bool without);
    void saveColumns() const;

private:
    QLabel* about_;
    TableView* table_;
    FlagTableModel* flags_;
    BarChart* chart_;
};

} // namespace packetloom
