// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What a session keeps of the flows, and how one of them is chosen from elsewhere.

#include "ui/models/flow_table_model.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/table_view.h"
#include "ui/saved_names.h"

#include <QJsonArray>
#include <QSignalBlocker>

namespace packetloom {

QJsonObject FlowsPanel::viewState() const
{
    QJsonObject state;
    // The first as earlier versions have it.
    if (!query_.sort.empty()) {
        const auto names = table_->columnNames();
        state[QStringLiteral("sort")] = names.at(static_cast<int>(query_.sort.front().column));
        state[QStringLiteral("descending")] = query_.sort.front().descending;
        QJsonArray further;
        for (std::size_t i = 1; i < query_.sort.size(); ++i)
            further.append(
                QJsonObject{{QStringLiteral("sort"), names.at(static_cast<int>(query_.sort[i].column))},
                            {QStringLiteral("descending"), query_.sort[i].descending}});
        if (!further.isEmpty())
            state[QStringLiteral("then")] = further;
    }
    if (shownFlow_)
        state[QStringLiteral("flow")] = static_cast<qint64>(analysis_->flows.number(*shownFlow_));
    return state;
}

void FlowsPanel::setViewState(const QJsonObject& state)
{
    const auto names = table_->columnNames();
    std::vector<FlowSort> sort;
    const auto add = [&](const QJsonObject& by) {
        const int column = savedIndex(names, by.value(QStringLiteral("sort")).toVariant());
        if (column >= 0)
            sort.push_back(
                {static_cast<FlowColumn>(column), by.value(QStringLiteral("descending")).toBool()});
    };
    add(state);
    for (const auto& by : state.value(QStringLiteral("then")).toArray())
        add(by.toObject());
    {
        // The arrow stands at the first; all of them count.
        const QSignalBlocker quiet(flows_);
        table_->sortByColumn(sort.empty() ? -1 : static_cast<int>(sort.front().column),
                             !sort.empty() && sort.front().descending ? Qt::DescendingOrder
                                                                      : Qt::AscendingOrder);
    }
    query_.sort = std::move(sort);
    flows_->setSorting(query_.sort);
    ask();
    chooseFlow(state.value(QStringLiteral("flow")).toInteger(-1));
}

void FlowsPanel::goToFlow(std::size_t flow)
{
    if (!analysis_ || flow >= analysis_->flows.size())
        return;
    shownFlow_ = flow;
    emit flowActivated(flow);
    if (const int row = flows_->rowOf(static_cast<std::uint32_t>(flow)); row >= 0)
        table_->selectRow(row); // else once the rows are there
}

void FlowsPanel::chooseFlow(std::int64_t number)
{
    for (std::size_t flow = 0; flow < analysis_->flows.size(); ++flow) {
        if (static_cast<std::int64_t>(analysis_->flows.number(flow)) != number)
            continue;
        shownFlow_ = flow; // its row is selected once the rows are there
        emit flowActivated(flow);
        return;
    }
}

} // namespace packetloom
