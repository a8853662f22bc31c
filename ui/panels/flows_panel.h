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
class QSplitter;

namespace packetloom {

class FlowTableModel;
class TableView;

/// Every flow in a table that can be sorted, and room below it for the detail of the chosen one. Asks for the
/// flows to show (queryChanged) and says which one is chosen (flowActivated, flowLeft); shows what it is
/// given.
class FlowsPanel final : public QWidget
{
    Q_OBJECT

public:
    /// `detail` stands below the table; the panel owns it.
    explicit FlowsPanel(QWidget* detail, QWidget* parent = nullptr);

    /// Null empties the panel. What narrows it stays as it is.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void setNarrowing(const Narrowing& narrowing);
    /// While there is no analysis yet: the first of the flows that will be in it, of `found` so far.
    void setFirst(const std::shared_ptr<const Analysis>& flows, std::uint64_t found);
    void setRows(std::vector<std::uint32_t> flows);
    [[nodiscard]] bool shows(std::size_t flow) const;
    /// Chooses it, now or as soon as it is shown.
    void goToFlow(std::size_t flow);
    /// The chosen flow and the order, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveSettings() const;

signals:
    void queryChanged(const packetloom::FlowQuery& query);
    void flowActivated(std::size_t flow);
    /// None is chosen any more.
    void flowLeft();
    /// Its detail is wanted in a window of its own.
    void windowWanted(std::size_t flow);
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
    void leaveFlow();
    void chooseFlow(std::int64_t number);
    void rowChanged();
    void openRow(const QModelIndex& index);
    void addRowActions(QMenu* menu, const QModelIndex& index);

    std::shared_ptr<const Analysis> analysis_;
    FlowQuery query_;
    QLabel* first_; ///< says that these are the first ones
    TableView* table_;
    FlowTableModel* flows_;
    QSplitter* splitter_;
    std::optional<std::size_t> shownFlow_;
};

} // namespace packetloom
