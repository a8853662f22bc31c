// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/older_views.h"

#include "ui/filter_messages.h"
#include "ui/models/words.h"
#include "ui/saved_names.h"

#include <QJsonArray>
#include <QStringList>

namespace packetloom {
namespace {

/// Of the choices of outcomes, in the order in which they once stood.
QStringList outcomeNames()
{
    QStringList names{QStringLiteral("any")};
    for (std::size_t i = 0; i < flowOutcomeCount; ++i)
        names << outcomeKey(static_cast<FlowOutcome>(i));
    return names << QStringLiteral("invalid");
}

} // namespace

QJsonObject narrowingOf(const QJsonObject& view)
{
    const auto key = QStringLiteral("narrowing");
    if (view.contains(key))
        return view.value(key).toObject();
    const auto flows = view.value(QStringLiteral("flows")).toObject();
    QJsonArray chips;
    const auto names = outcomeNames();
    const int outcome = savedIndex(names, flows.value(QStringLiteral("outcome")).toVariant());
    if (outcome == names.size() - 1)
        chips.append(filterForInvalid());
    else if (outcome > 0)
        chips.append(filterFor(static_cast<FlowOutcome>(outcome - 1)));
    const auto addAddress = [&](const QJsonValue& address) {
        if (!address.toString().isEmpty())
            chips.append(filterFor(FilterField::Address, address.toString()));
    };
    addAddress(flows.value(QStringLiteral("address")));
    for (const auto& address : flows.value(QStringLiteral("pair")).toArray())
        addAddress(address);
    return {{QStringLiteral("filter"), flows.value(QStringLiteral("filter"))},
            {QStringLiteral("chips"), chips},
            {QStringLiteral("interval"), view.value(QStringLiteral("interval"))}};
}

} // namespace packetloom
