// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/story_sentence.h"

#include <QString>

// What happens between the beginning and the end of a flow.

namespace packetloom::story {

QString StorySentence::sent() const
{
    QString what = fact_.bytes ? bytes(*fact_.bytes) : QString();
    if (fact_.bytes && trace_.flow.estimated)
        what = StoryWords::tr("about %1").arg(what);
    const QString segments = fact_.segments == 1
                                 ? StoryWords::tr("1 segment")
                                 : StoryWords::tr("%1 segments").arg(shownNumber(fact_.segments));
    what = what.isEmpty() ? segments : StoryWords::tr("%1 in %2").arg(what, segments);
    QString text = lasted() > 0 ? StoryWords::tr("%1 sent %2, within %3").arg(who(), what, span(lasted()))
                                : StoryWords::tr("%1 sent %2").arg(who(), what);
    if (fact_.again > 0) {
        const bool one = fact_.again == 1;
        text += one ? StoryWords::tr("; 1 segment was sent again")
                    : StoryWords::tr("; %1 segments were sent again").arg(shownNumber(fact_.again));
        if (fact_.unneeded > 0)
            text += one                   ? StoryWords::tr(", although it had been acknowledged")
                    : fact_.unneeded == 1 ? StoryWords::tr(", 1 of them although it had been acknowledged")
                                          : StoryWords::tr(", %1 of them although they had been acknowledged")
                                                .arg(shownNumber(fact_.unneeded));
        if (fact_.fast > 0)
            text += one ? StoryWords::tr(", after duplicate ACKs")
                        : StoryWords::tr(", %1 of them after duplicate ACKs").arg(shownNumber(fact_.fast));
    }
    return text + QLatin1Char('.');
}

QString StorySentence::missed() const
{
    QString text;
    if (fact_.bytes.value_or(0) > 0)
        text = StoryWords::tr("Of what %1 sent, %2 were acknowledged and not captured")
                   .arg(byOriginator() ? StoryWords::tr("the originator") : StoryWords::tr("the responder"),
                        bytes(*fact_.bytes));
    else
        text = StoryWords::tr("Something that %1 sent was not captured")
                   .arg(byOriginator() ? StoryWords::tr("the originator") : StoryWords::tr("the responder"));
    if (fact_.count > 0)
        text += fact_.count == 1 ? StoryWords::tr(" (1 gap)")
                                 : StoryWords::tr(" (%1 gaps)").arg(shownNumber(fact_.count));
    return text + QLatin1Char('.');
}

QString StorySentence::closedWindow() const
{
    QString text =
        fact_.kind == StoryKind::WindowClosed
            ? StoryWords::tr("%1 took no more data for %2 (zero window).").arg(who(), span(lasted()))
            : StoryWords::tr("%1 took no more data (zero window); that it did again was not captured.")
                  .arg(who());
    if (fact_.count > 0)
        text += QLatin1Char(' ') +
                (fact_.count == 1 ? StoryWords::tr("It was probed once.")
                                  : StoryWords::tr("It was probed %1 times.").arg(shownNumber(fact_.count)));
    return text;
}

QString StorySentence::middle() const
{
    const bool one = fact_.count == 1;
    const QString count = shownNumber(fact_.count);
    switch (fact_.kind) {
    case StoryKind::FirstResponse:
        return StoryWords::tr("%1 sent data %2 after the first data of %3.")
            .arg(who(), span(fact_.span.value_or(0)), other());
    case StoryKind::Sent:
        return sent();
    case StoryKind::OutOfOrder:
        return one ? StoryWords::tr("%1 sent a segment that was captured out of order.").arg(who())
                   : StoryWords::tr("%1 sent %2 segments that were captured out of order.").arg(who(), count);
    case StoryKind::Missed:
        return missed();
    case StoryKind::DuplicateAcks:
        return one ? StoryWords::tr("%1 sent a duplicate ACK.").arg(who())
                   : StoryWords::tr("%1 sent %2 duplicate ACKs.").arg(who(), count);
    case StoryKind::WindowClosed:
    case StoryKind::StillClosed:
        return closedWindow();
    case StoryKind::MoreClosed:
        return (one ? StoryWords::tr("%1 closed its window once more (%2 in all).")
                    : StoryWords::tr("%1 closed its window %3 more times (%2 in all).")
                          .arg(QStringLiteral("%1"), QStringLiteral("%2"), count))
            .arg(who(), span(fact_.span.value_or(0)));
    case StoryKind::WindowFilled:
        return one ? StoryWords::tr("%1 filled the window of %2.").arg(who(), other())
                   : StoryWords::tr("%1 filled the window of %2 %3 times.").arg(who(), other(), count);
    case StoryKind::KeptAlive:
        return one ? StoryWords::tr("%1 sent a keep-alive.").arg(who())
                   : StoryWords::tr("%1 sent %2 keep-alives within %3.").arg(who(), count, span(lasted()));
    case StoryKind::Silent:
        return StoryWords::tr("Nobody sent anything for %1, longer than at any other time; then %2 did.")
            .arg(span(fact_.span.value_or(0)),
                 byOriginator() ? StoryWords::tr("the originator") : StoryWords::tr("the responder"));
    case StoryKind::Damaged:
        return one ? StoryWords::tr(
                         "A packet is damaged (a bad checksum, or no whole header) and was not believed.")
                   : StoryWords::tr(
                         "%1 packets are damaged (a bad checksum, or no whole header) and were not "
                         "believed.")
                         .arg(count);
    default:
        return {};
    }
}

} // namespace packetloom::story
