// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/quality_words.h"

#include <QWidget>
#include <memory>
#include <vector>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace packetloom {

/// How good the captures are: what became of the rows of each file, and how regular its packets are. Of the
/// whole capture, whatever is marked or filtered.
class QualityPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit QualityPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);

private:
    void fill(QTreeWidgetItem* item);
    void copy() const;

    QLabel* about_;
    QTreeWidget* tree_;
    QPushButton* copy_;
    std::vector<QualitySection> sections_;
};

} // namespace packetloom
