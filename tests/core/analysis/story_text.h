// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <QString>
#include <cstdint>

namespace packetloom::test {

inline const char* nameOf(StoryKind kind)
{
    switch (kind) {
#define NAME(kind)                                                                                           \
    case StoryKind::kind:                                                                                    \
        return #kind
        NAME(BeganBefore);
        NAME(AnswerFirst);
        NAME(OneSided);
        NAME(Asked);
        NAME(AskedAgain);
        NAME(AskedAnew);
        NAME(NotAnswered);
        NAME(Answered);
        NAME(AnsweredWrongly);
        NAME(NotAcknowledged);
        NAME(Established);
        NAME(AcknowledgedWrongly);
        NAME(FirstResponse);
        NAME(Sent);
        NAME(OutOfOrder);
        NAME(Missed);
        NAME(DuplicateAcks);
        NAME(WindowClosed);
        NAME(StillClosed);
        NAME(MoreClosed);
        NAME(WindowFilled);
        NAME(KeptAlive);
        NAME(Silent);
        NAME(Damaged);
        NAME(Closed);
        NAME(HalfClosed);
        NAME(Refused);
        NAME(ResetInHandshake);
        NAME(Reset);
        NAME(Stragglers);
        NAME(StillOpen);
        NAME(State);
        NAME(Estimated);
        NAME(ReferenceSays);
#undef NAME
    }
    return "?";
}

/// "Asked O #0 at 1 actual 1000": the fact, whose, the packet's index, when (ms).
inline QString textOf(const StoryFact& fact, std::int64_t start)
{
    constexpr std::int64_t ms = 1000;
    QString text = QStringLiteral("%1 %2").arg(QLatin1String(nameOf(fact.kind)),
                                               fact.side == ExactFlow::originator ? QStringLiteral("O")
                                                                                  : QStringLiteral("R"));
    if (fact.row)
        text += QStringLiteral(" #%1").arg(*fact.row);
    const auto add = [&](const char* name, std::int64_t number) {
        text += QStringLiteral(" %1 %2").arg(QLatin1String(name)).arg(number);
    };
    add("at", (fact.time - start) / ms);
    if (fact.span)
        add("span", *fact.span / ms);
    if (fact.count > 1)
        add("count", static_cast<std::int64_t>(fact.count));
    if (fact.actual != 0 || fact.expected != 0)
        add("actual", fact.actual);
    if (fact.expected != 0)
        add("expected", fact.expected);
    if (fact.actualSequence != fact.expectedSequence)
        text +=
            QStringLiteral(" sequence %1 expected %2").arg(fact.actualSequence).arg(fact.expectedSequence);
    if (fact.bytes)
        add("bytes", static_cast<std::int64_t>(*fact.bytes));
    if (fact.segments > 0)
        add("segments", static_cast<std::int64_t>(fact.segments));
    if (fact.again > 0)
        add("again", static_cast<std::int64_t>(fact.again));
    if (fact.unneeded > 0)
        add("unneeded", static_cast<std::int64_t>(fact.unneeded));
    for (const std::int64_t step : fact.steps)
        add("step", step / ms);
    if (fact.reason != InvalidReason::None)
        text += QLatin1Char(' ') + QString::fromUtf8(invalidReasonName(fact.reason).data());
    if (fact.kind == StoryKind::State)
        text += QLatin1Char(' ') + QString::fromUtf8(connStateName(fact.state).data());
    return text;
}

} // namespace packetloom::test
