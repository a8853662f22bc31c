// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/address_query.h"
#include "core/analysis/analysis.h"

#include <QJsonObject>
#include <QWidget>
#include <memory>
#include <string>
#include <vector>

class QLabel;
class QLineEdit;
class QMenu;

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
    void setAnalysis(const std::shared_ptr<const CountedPackets>& analysis);
    /// Says that not only TCP is counted, as in a table of flows.
    void setAllProtocols(bool all);
    /// Says that captures are being read, and why there is nothing yet.
    void setWaiting(bool waiting);
    /// Replies to the queries; those of another analysis than the one shown are passed over.
    void setAddressRows(const std::shared_ptr<const CountedPackets>& analysis,
                        std::vector<std::uint32_t> rows);
    void setPairRows(const std::shared_ptr<const CountedPackets>& analysis, std::vector<std::uint32_t> rows);
    void setFilter(const QString& text);
    /// The filter, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    void addressesWanted(const std::shared_ptr<const packetloom::CountedPackets>& analysis,
                         const packetloom::AddressQuery& query);
    void pairsWanted(const std::shared_ptr<const packetloom::CountedPackets>& analysis,
                     const packetloom::PairQuery& query);
    /// As texts: an interval of an analysis numbers its addresses anew.
    void addressChosen(const std::string& address);
    void pairChosen(const std::string& a, const std::string& b);
    /// To be added to the address filter of the next analysis.
    void filterWanted(const QString& address);

private:
    void showTop();
    void ask();
    [[nodiscard]] std::string text(AddressId address) const;
    void addAddressActions(QMenu* menu, AddressId address);

    std::shared_ptr<const CountedPackets> analysis_;
    QLineEdit* filter_;
    QLabel* allProtocols_;
    QLabel* waiting_;
    TableView* addressTable_;
    TableView* pairTable_;
    AddressTableModel* addresses_;
    PairTableModel* pairs_;
    BarChart* top_;
    std::vector<AddressId> topAddresses_;
    AddressQuery addressQuery_;
    PairQuery pairQuery_;
};

} // namespace packetloom
