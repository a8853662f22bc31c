// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/input_cures.h"

#include "ui/messages.h"
#include "ui/problem_messages.h"
#include "ui/saved_mappings.h"

#include <QCoreApplication>
#include <algorithm>
#include <iterator>
#include <utility>

namespace packetloom {
namespace {

struct InputCures
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::InputCures)
};

InputCure columns()
{
    return {InputCure::Kind::Columns, InputCures::tr("Columns…"), {}};
}

InputCure withUnit(InputSpec spec, TimeUnit unit)
{
    spec.timeUnit = unit;
    return {InputCure::Kind::Read, InputCures::tr("Read as %1").arg(unitWord(unit)), std::move(spec)};
}

InputCure withColumns(InputSpec spec, const std::string& mapping, const QString& label)
{
    spec.columns += (spec.columns.empty() ? "" : ",") + mapping;
    return {InputCure::Kind::Read, label, std::move(spec)};
}

InputCure ipMapOfAll()
{
    return {InputCure::Kind::IpMap, InputCures::tr("IP map…"), {}};
}

// Another capture may have the right one.
InputCure ownIpMap()
{
    return {InputCure::Kind::OwnIpMap, InputCures::tr("IP map of this file…"), {}};
}

std::vector<InputCure> foundCures(const InputProblem& problem, const InputSpec& spec)
{
    switch (problem.code) {
    case ProblemCode::ColumnsUnknown:
        if (!problem.suggestion.empty())
            return {withColumns(spec, problem.suggestion, InputCures::tr("Take what looks right")),
                    columns()};
        return {columns()};
    case ProblemCode::TimeRange:
    case ProblemCode::TimeUnreadable:
    case ProblemCode::OtherUnit:
        if (problem.better != TimeUnit::Sniffed)
            return {withUnit(spec, problem.better), columns()};
        return {columns()};
    case ProblemCode::TimeZone: {
        auto cure = withUnit(spec, TimeUnit::Text);
        cure.label = InputCures::tr("They are UTC");
        return {std::move(cure)};
    }
    case ProblemCode::FlagsUnreadable:
        return {withColumns(spec, "flags=flags", InputCures::tr("Read letters and names")), columns()};
    case ProblemCode::TimeColumn:
    case ProblemCode::TimeRelative:
    case ProblemCode::AllRejected:
    case ProblemCode::FlagsRange:
    case ProblemCode::NoProtocol:
        return {columns()};
    case ProblemCode::NoMap:
        return {ipMapOfAll()};
    case ProblemCode::MapMatchesNone:
    case ProblemCode::MapLacksSome:
        if (!spec.ipMap.empty())
            return {ownIpMap()};
        return {ipMapOfAll(), ownIpMap()};
    case ProblemCode::SameFile:
        return {{InputCure::Kind::Remove, InputCures::tr("Remove it"), {}}};
    case ProblemCode::TimeBackward:
    case ProblemCode::NoPorts:
    case ProblemCode::OneSided:
        break;
    }
    return {};
}

} // namespace

std::vector<InputCure> savedCures(const InputSpec& spec, const QStringList& header)
{
    std::vector<InputCure> cures;
    for (const auto& mapping : mappingsFor(header)) {
        auto other = readAs(mapping, spec);
        if (other != spec)
            cures.push_back({InputCure::Kind::Read,
                             InputCures::tr("Read as “%1”").arg(shownText(mapping.name.toStdString(), 30)),
                             std::move(other)});
    }
    return cures;
}

std::vector<InputCure> curesOf(const InputProblem& problem, const InputSpec& spec, const QStringList& header)
{
    auto cures = foundCures(problem, spec);
    const bool ofColumns = std::any_of(cures.begin(), cures.end(), [](const InputCure& cure) {
        return cure.kind == InputCure::Kind::Columns || cure.kind == InputCure::Kind::Read;
    });
    if (ofColumns) {
        auto saved = savedCures(spec, header);
        cures.insert(cures.begin(), std::make_move_iterator(saved.begin()),
                     std::make_move_iterator(saved.end()));
    }
    return cures;
}

} // namespace packetloom
