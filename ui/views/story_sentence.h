// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/views/flow_part.h"

#include <QCoreApplication>
#include <QString>
#include <algorithm>

namespace packetloom {

// What story_words.cpp and story_sentence.cpp share.

namespace story {

struct StoryWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::StoryWords)
};

inline QString word(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

inline QString number(std::int64_t value)
{
    return QString::fromStdString(grouped(WideSum(value)));
}

inline QString span(std::int64_t microseconds)
{
    return QString::fromStdString(
        timeSpan(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0))));
}

inline QString bytes(std::uint64_t count)
{
    constexpr std::uint64_t few = 10'000;
    if (count == 1)
        return StoryWords::tr("1 byte");
    return count < few ? StoryWords::tr("%1 bytes").arg(shownNumber(count))
                       : QString::fromStdString(humanBytes(count));
}

/// The sentences about one fact.
class StorySentence
{
public:
    StorySentence(const StoryFact& fact, const FlowTrace& trace, const FlowEnds& ends)
        : fact_(fact), trace_(trace), ends_(ends)
    {
    }

    [[nodiscard]] QString tell() const
    {
        QString text = isOfBeginning() ? beginning() : isOfEnd() ? ending() : middle();
        if (fact_.reason != InvalidReason::None && fact_.kind != StoryKind::ReferenceSays)
            text += QLatin1Char(' ') +
                    StoryWords::tr("The reference calls this %1.").arg(word(invalidReasonName(fact_.reason)));
        return text;
    }

private:
    [[nodiscard]] bool isOfBeginning() const { return fact_.kind <= StoryKind::AcknowledgedWrongly; }
    [[nodiscard]] bool isOfEnd() const { return fact_.kind >= StoryKind::Closed; }
    [[nodiscard]] bool byOriginator() const { return fact_.side == ExactFlow::originator; }
    [[nodiscard]] QString who() const
    {
        return byOriginator() ? StoryWords::tr("The originator") : StoryWords::tr("The responder");
    }
    [[nodiscard]] QString other() const
    {
        return byOriginator() ? StoryWords::tr("the responder") : StoryWords::tr("the originator");
    }
    [[nodiscard]] QString endText() const { return byOriginator() ? ends_.originator : ends_.responder; }
    [[nodiscard]] std::int64_t lasted() const { return fact_.until - fact_.time; }

    [[nodiscard]] QString beginning() const;
    [[nodiscard]] QString notAnswered() const;
    [[nodiscard]] QString steps() const;
    [[nodiscard]] QString acknowledgedWrongly() const;
    [[nodiscard]] QString sameNumber(std::int64_t a, std::int64_t b) const;
    [[nodiscard]] QString middle() const;
    [[nodiscard]] QString sent() const;
    [[nodiscard]] QString missed() const;
    [[nodiscard]] QString closedWindow() const;
    [[nodiscard]] QString ending() const;
    [[nodiscard]] QString reset() const;
    [[nodiscard]] QString referenceSays() const;

    const StoryFact& fact_;
    const FlowTrace& trace_;
    const FlowEnds& ends_;
};

} // namespace story
} // namespace packetloom
