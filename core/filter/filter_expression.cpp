// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_expression.h"

#include <algorithm>
#include <utility>

namespace packetloom {

using Kind = FilterExpression::Kind;

FilterExpression isEqual(FilterField field, FilterValue value)
{
    FilterExpression expression;
    expression.kind = Kind::Equal;
    expression.field = field;
    expression.values.push_back(std::move(value));
    return expression;
}

FilterExpression isPresent(FilterField field, AddressFamily family)
{
    FilterExpression expression;
    expression.kind = Kind::Present;
    expression.field = field;
    expression.family = family;
    return expression;
}

FilterExpression negated(FilterExpression expression)
{
    FilterExpression none;
    none.kind = Kind::None;
    none.parts.push_back(std::move(expression));
    return none;
}

FilterExpression saysText(std::string text)
{
    FilterExpression expression;
    expression.kind = Kind::Says;
    expression.values.push_back({0, 0, std::move(text), {}, {}});
    return expression;
}

bool asksOfFlows(const FilterExpression& expression)
{
    if (expression.kind == Kind::OfFlow)
        return true;
    if (expression.asksField())
        return subjectOf(expression.field) == FilterSubject::Flows;
    return std::any_of(expression.parts.begin(), expression.parts.end(), asksOfFlows);
}

bool canAskFlows(const FilterExpression& expression)
{
    if (expression.asksField())
        return subjectOf(expression.field) != FilterSubject::Packets;
    return std::all_of(expression.parts.begin(), expression.parts.end(), canAskFlows);
}

std::optional<FlowFigure> figureAsked(const FilterExpression& expression)
{
    if (expression.asksField())
        return figureOf(expression.field);
    for (const auto& part : expression.parts) {
        if (const auto figure = figureAsked(part))
            return figure;
    }
    return std::nullopt;
}

} // namespace packetloom
