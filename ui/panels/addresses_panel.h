// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"

#include <QJsonObject>
#include <QWidget>
#include <memory>

class QLineEdit;

namespace packetloom {

class AddressTableModel;
class BarChart;
class PairTableModel;
class TableView;

/// Who sent how much: addresses, pairs of addresses, and the busiest ones as bars.
class AddressesPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit AddressesPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void setFilter(const QString& text);
    /// The filter, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    void addressChosen(packetloom::AddressId address);
    void pairChosen(packetloom::AddressId a, packetloom::AddressId b);
    /// To be added to the address filter of the next analysis.
    void filterWanted(const QString& address);

private:
    void showTop();

    std::shared_ptr<const Analysis> analysis_;
    QLineEdit* filter_;
    TableView* addressTable_;
    TableView* pairTable_;
    AddressTableModel* addresses_;
    PairTableModel* pairs_;
    BarChart* top_;
    std::vector<AddressId> topAddresses_;
};

} // namespace packetloom
