// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_query.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace packetloom {

class FlowTableModel;
class PacketTableModel;
class TableView;

/// Every flow in a table that can be sorted and narrowed, and the packets of the chosen one. Asks for the
/// flows to show (queryChanged) and for a flow's packets (flowActivated); shows what it is given.
class FlowsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FlowsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void setRows(std::vector<std::uint32_t> flows);
    void showFlow(std::size_t flow, const Result<FlowDetail>& detail);
    /// Narrow the table; each replaces what it was before.
    void setInterval(const std::optional<std::pair<qint64, qint64>>& interval);
    void setAddress(AddressId address);
    void setPair(AddressId a, AddressId b);
    void setOutcome(FlowOutcome outcome);
    void setInvalid();
    void setFilter(const QString& text);
    /// Chooses a flow; takes the conditions away where they hide it.
    void goToFlow(std::size_t flow);
    /// Filter, conditions, order, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    void queryChanged(const packetloom::FlowQuery& query);
    void flowActivated(std::size_t flow);
    void intervalCleared();
    /// To be looked at in the timeline.
    void timeWanted(qint64 start, qint64 end);
    /// To be added to the address filter of the next analysis.
    void filterWanted(const QString& address);

private:
    void ask();
    /// No flow's packets are shown any more.
    void leaveFlow();
    void readFilter();
    void chooseFlow(std::int64_t number);
    void clearConditions();
    void describeConditions();
    void rowChanged();
    /// What is said of a flow above its packets.
    [[nodiscard]] QString titleOf(std::size_t flow) const;
    void addRowActions(QMenu* menu, const QModelIndex& index);

    std::shared_ptr<const Analysis> analysis_;
    FlowQuery query_;
    QTimer typed_; ///< a moment of rest before the table follows the typing
    QLineEdit* filter_;
    QString filterText_; ///< of the filter that holds
    QLabel* problem_;
    QComboBox* outcome_;
    QLabel* conditions_;
    QPushButton* clear_;
    QLabel* count_;
    TableView* table_;
    FlowTableModel* flows_;
    QLabel* detailTitle_;
    TableView* packetTable_;
    PacketTableModel* packets_;
    std::optional<std::size_t> shownFlow_;
};

} // namespace packetloom
