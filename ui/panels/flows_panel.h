// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/group_key.h"

#include <QJsonObject>
#include <QWidget>
#include <memory>
#include <optional>
#include <vector>

class QLabel;
class QMenu;

namespace packetloom {

class FlowTableModel;
class PacketTableModel;
class TableView;

/// Every flow in a table that can be sorted, and the packets of the chosen one. Asks for the flows to show
/// (queryChanged) and for a flow's packets (flowActivated); shows what it is given.
class FlowsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit FlowsPanel(QWidget* parent = nullptr);

    /// Null empties the panel. What narrows it stays as it is.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void setNarrowing(const Narrowing& narrowing);
    /// While there is no analysis yet: the first of the flows that will be in it, of `found` so far.
    void setFirst(const std::shared_ptr<const Analysis>& flows, std::uint64_t found);
    void setRows(std::vector<std::uint32_t> flows);
    void showFlow(std::size_t flow, const Result<FlowDetail>& detail);
    [[nodiscard]] bool shows(std::size_t flow) const;
    /// Chooses it, now or as soon as it is shown.
    void goToFlow(std::size_t flow);
    /// The chosen flow and the order, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    void queryChanged(const packetloom::FlowQuery& query);
    void flowActivated(std::size_t flow);
    /// To be looked at in the timeline.
    void timeWanted(qint64 start, qint64 end);
    /// A filter that is to narrow what is seen.
    void narrowWanted(const QString& filter);
    /// The values of a column are to be counted.
    void countWanted(packetloom::GroupKey key);
    /// To be added to the address filter of the next analysis.
    void filterWanted(const QString& address);

private:
    void ask();
    void sortBy(std::optional<FlowSort> by);
    /// No flow's packets are shown any more.
    void leaveFlow();
    void chooseFlow(std::int64_t number);
    void rowChanged();
    /// What is said of a flow above its packets.
    [[nodiscard]] QString titleOf(std::size_t flow) const;
    void addRowActions(QMenu* menu, const QModelIndex& index);

    std::shared_ptr<const Analysis> analysis_;
    FlowQuery query_;
    QLabel* first_; ///< says that these are the first ones
    TableView* table_;
    FlowTableModel* flows_;
    QLabel* detailTitle_;
    TableView* packetTable_;
    PacketTableModel* packets_;
    std::optional<std::size_t> shownFlow_;
};

} // namespace packetloom
