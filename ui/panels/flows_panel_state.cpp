// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What a session keeps of the flows, and how one of them is chosen from elsewhere.

#include "ui/models/flow_table_model.h"
#include "ui/models/words.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/table_view.h"
#include "ui/saved_names.h"

#include <QComboBox>
#include <QJsonArray>
#include <QLineEdit>
#include <algorithm>

namespace packetloom {
namespace {

/// Of the choices of outcomes, in their order.
const QStringList& outcomeNames()
{
    static const auto all = [] {
        QStringList names{QStringLiteral("any")};
        for (std::size_t i = 0; i < flowOutcomeCount; ++i)
            names << outcomeKey(static_cast<FlowOutcome>(i));
        return names << QStringLiteral("invalid");
    }();
    return all;
}

} // namespace

QJsonObject FlowsPanel::viewState() const
{
    QJsonObject state{{QStringLiteral("filter"), filter_->text()},
                      {QStringLiteral("outcome"), outcomeNames().at(outcome_->currentIndex())}};
    if (query_.sortBy) {
        state[QStringLiteral("sort")] = table_->columnNames().at(static_cast<int>(*query_.sortBy));
        state[QStringLiteral("descending")] = query_.descending;
    }
    const auto text = [&](AddressId id) {
        const auto address = analysis_->addresses.text(id);
        return QString::fromUtf8(address.data(), qsizetype(address.size()));
    };
    if (query_.address)
        state[QStringLiteral("address")] = text(*query_.address);
    if (query_.pair)
        state[QStringLiteral("pair")] = QJsonArray{text(query_.pair->first), text(query_.pair->second)};
    if (shownFlow_)
        state[QStringLiteral("flow")] = static_cast<qint64>(analysis_->flows.number(*shownFlow_));
    return state;
}

void FlowsPanel::setViewState(const QJsonObject& state)
{
    filter_->setText(state.value(QStringLiteral("filter")).toString());
    outcome_->setCurrentIndex(
        std::max(savedIndex(outcomeNames(), state.value(QStringLiteral("outcome")).toVariant()), 0));
    table_->sortByColumn(savedIndex(table_->columnNames(), state.value(QStringLiteral("sort")).toVariant()),
                         state.value(QStringLiteral("descending")).toBool() ? Qt::DescendingOrder
                                                                            : Qt::AscendingOrder);
    const auto find = [&](const QJsonValue& value) {
        return value.toString().isEmpty() ? std::nullopt
                                          : analysis_->addresses.find(value.toString().toStdString());
    };
    if (const auto one = find(state.value(QStringLiteral("address"))))
        setAddress(*one);
    const auto both = state.value(QStringLiteral("pair")).toArray();
    if (const auto a = find(both.at(0)), b = find(both.at(1)); a && b)
        setPair(*a, *b);
    chooseFlow(state.value(QStringLiteral("flow")).toInteger(-1));
}

void FlowsPanel::goToFlow(std::size_t flow)
{
    if (!analysis_ || flow >= analysis_->flows.size())
        return;
    shownFlow_ = flow;
    emit flowActivated(flow);
    if (const int row = flows_->rowOf(static_cast<std::uint32_t>(flow)); row >= 0)
        table_->selectRow(row);
    else
        clearConditions(); // its row is selected once the rows are there
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
