// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QWidget>
#include <memory>

class QLabel;
class QPushButton;

namespace packetloom {

/// Which dataset is shown and how it was made, in place of the captures that are not there.
class DatasetPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit DatasetPanel(QWidget* parent = nullptr);

    /// One that was opened from a dataset, or a table of flows.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);

signals:
    void closeWanted();

private:
    QLabel* name_;
    QLabel* facts_;
    QPushButton* close_;
};

} // namespace packetloom
