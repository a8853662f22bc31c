// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/story_words.h"

#include "ui/views/story_sentence.h"

#include <QStringList>

namespace packetloom {
namespace story {

// "1 s and 2 s"
QString StorySentence::steps() const
{
    QStringList all;
    for (const std::int64_t step : fact_.steps)
        all += span(step);
    if (fact_.count > static_cast<std::uint64_t>(all.size()) + 1)
        return all.join(QStringLiteral(", ")) + QStringLiteral(", …");
    if (all.size() < 2)
        return all.join(QString());
    const QString last = all.takeLast();
    return StoryWords::tr("%1 and %2").arg(all.join(QStringLiteral(", ")), last);
}

QString StorySentence::notAnswered() const
{
    const std::int64_t left = lasted();
    QString text = left > 0
                       ? StoryWords::tr("No SYN+ACK came in the %1 that the capture goes on").arg(span(left))
                       : StoryWords::tr("No SYN+ACK came before the capture ends");
    text += fact_.count > 1 ? StoryWords::tr(" (%1 SYNs, %2 apart).").arg(shownNumber(fact_.count), steps())
                            : QStringLiteral(".");
    if (fact_.segments > 0)
        text += QLatin1Char(' ') + (fact_.segments == 1
                                        ? StoryWords::tr("Another packet of %1 was captured.").arg(other())
                                        : StoryWords::tr("%2 other packets of %1 were captured.")
                                              .arg(other(), shownNumber(fact_.segments)));
    return text;
}

// The reference does not reckon modulo 2^32.
QString StorySentence::sameNumber(std::int64_t a, std::int64_t b) const
{
    constexpr std::int64_t round = std::int64_t{1} << 32;
    if (a == b || (a - b) % round != 0)
        return {};
    return QLatin1Char(' ') +
           StoryWords::tr("To TCP these are the same: its numbers begin again behind 4,294,967,295.");
}

QString StorySentence::acknowledgedWrongly() const
{
    QStringList text;
    if (fact_.actual != fact_.expected)
        text += StoryWords::tr("%1 acknowledged %2; the SYN+ACK asked for %3.")
                    .arg(who(), number(fact_.actual), number(fact_.expected)) +
                sameNumber(fact_.actual, fact_.expected);
    if (fact_.actualSequence != fact_.expectedSequence)
        text += StoryWords::tr("%1 sent an ACK with sequence number %2; after the SYN %3 was due.")
                    .arg(who(), number(fact_.actualSequence), number(fact_.expectedSequence)) +
                sameNumber(fact_.actualSequence, fact_.expectedSequence);
    return text.join(QLatin1Char(' '));
}

QString StorySentence::beginning() const
{
    switch (fact_.kind) {
    case StoryKind::BeganBefore:
        return StoryWords::tr(
            "No SYN was captured: the connection is older than the capture, or its beginning is "
            "not in it.");
    case StoryKind::AnswerFirst:
        return StoryWords::tr("%1 answered (SYN+ACK, sequence number %2) a SYN that was not captured.")
            .arg(endText(), number(fact_.actual));
    case StoryKind::OneSided:
        return fact_.count == 1
                   ? StoryWords::tr("Only a packet of %1 was captured, none of the other side.")
                         .arg(endText())
                   : StoryWords::tr("Only packets of %1 were captured (%2), none of the other side.")
                         .arg(endText(), shownNumber(fact_.count));
    case StoryKind::Asked:
        return StoryWords::tr("%1 asked for a connection with sequence number %2 (SYN).")
            .arg(endText(), number(fact_.actual));
    case StoryKind::AskedAgain:
        return StoryWords::tr("It sent that SYN %1 times, %2 apart.").arg(shownNumber(fact_.count), steps());
    case StoryKind::AskedAnew:
        return StoryWords::tr(
                   "%1 sent a SYN with sequence number %2; its first one had %3. The exact engine may "
                   "see another connection in that.")
            .arg(who(), number(fact_.actual), number(fact_.expected));
    case StoryKind::NotAnswered:
        return notAnswered();
    case StoryKind::Answered:
        return fact_.span ? StoryWords::tr("%1 answered after %2 with sequence number %3 (SYN+ACK).")
                                .arg(endText(), span(*fact_.span), number(fact_.actual))
                          : StoryWords::tr("%1 answered with sequence number %2 (SYN+ACK).")
                                .arg(endText(), number(fact_.actual));
    case StoryKind::AnsweredWrongly:
        return StoryWords::tr("%1 acknowledged %2; the SYN asked for %3.")
                   .arg(who(), number(fact_.actual), number(fact_.expected)) +
               sameNumber(fact_.actual, fact_.expected);
    case StoryKind::NotAcknowledged:
        return (fact_.count == 1
                    ? StoryWords::tr("No ACK of the SYN+ACK came in the %1 that the capture goes on.")
                    : StoryWords::tr("No ACK of the SYN+ACK, which was sent %2 times, came in the %1 "
                                     "that the capture goes on.")
                          .arg(QStringLiteral("%1"), shownNumber(fact_.count)))
            .arg(span(lasted()));
    case StoryKind::Established:
        return fact_.span
                   ? StoryWords::tr("%1 acknowledged it: the connection is established, %2 after the SYN.")
                         .arg(who(), span(*fact_.span))
                   : StoryWords::tr("%1 acknowledged it: the connection is established.").arg(who());
    case StoryKind::AcknowledgedWrongly:
        return acknowledgedWrongly();
    default:
        return {};
    }
}

QString StorySentence::reset() const
{
    constexpr std::int64_t silence = 100'000; // what is shorter is no silence
    QString text;
    if (!fact_.span)
        text = StoryWords::tr("%1 reset the connection (RST): that is the first packet captured").arg(who());
    else if (*fact_.span >= silence)
        text =
            StoryWords::tr("%1 reset the connection (RST) after %2 of silence").arg(who(), span(*fact_.span));
    else
        text = StoryWords::tr("%1 reset the connection (RST), %2 after the packet before")
                   .arg(who(), span(*fact_.span));
    if (fact_.count > 1)
        text += StoryWords::tr("; there are %1 RSTs").arg(shownNumber(fact_.count));
    return text + QLatin1Char('.');
}

QString StorySentence::referenceSays() const
{
    QString why;
    switch (fact_.reason) {
    case InvalidReason::None:
        break;
    case InvalidReason::InvalidSynAck:
        why = StoryWords::tr("a SYN+ACK does not acknowledge the first SYN");
        break;
    case InvalidReason::InvalidAck:
        why = StoryWords::tr("the first ACK without FIN, RST or PSH after the SYN does not fit the SYN+ACK");
        break;
    case InvalidReason::RstDuringHandshake:
        why = StoryWords::tr("a RST came before an ACK without PSH had ended the handshake");
        break;
    case InvalidReason::IncompleteNoSynAck:
        why = StoryWords::tr("it found a SYN and no SYN+ACK behind it");
        break;
    case InvalidReason::IncompleteNoAck:
        why = StoryWords::tr("it found a SYN+ACK and, behind it, no ACK without FIN, RST or PSH");
        break;
    }
    return StoryWords::tr("The reference calls this flow %1: %2.")
        .arg(word(invalidReasonName(fact_.reason)), why);
}

QString StorySentence::ending() const
{
    const bool one = fact_.count == 1;
    switch (fact_.kind) {
    case StoryKind::Closed:
        return one ? StoryWords::tr("%1 closed its side (FIN).").arg(who())
                   : StoryWords::tr("%1 closed its side; it sent the FIN %2 times.")
                         .arg(who(), shownNumber(fact_.count));
    case StoryKind::HalfClosed:
        return (lasted() > 0 ? StoryWords::tr("%1 went on after %2 had closed: it sent %3 more, within %4.")
                                   .arg(QStringLiteral("%1"), QStringLiteral("%2"), QStringLiteral("%3"),
                                        span(lasted()))
                             : StoryWords::tr("%1 went on after %2 had closed: it sent %3 more."))
            .arg(who(), other(), bytes(fact_.bytes.value_or(0)));
    case StoryKind::Refused:
        return StoryWords::tr("%1 refused the connection (RST) after %2.")
            .arg(endText(), span(fact_.span.value_or(0)));
    case StoryKind::ResetInHandshake:
        return fact_.span
                   ? StoryWords::tr("%1 reset the connection (RST) before it was established, %2 after the "
                                    "packet before.")
                         .arg(who(), span(*fact_.span))
                   : StoryWords::tr("%1 reset the connection (RST) before it was established.").arg(who());
    case StoryKind::Reset:
        return reset();
    case StoryKind::Stragglers:
        return one ? StoryWords::tr("A packet came after both sides had closed.")
                   : StoryWords::tr("%1 packets came after both sides had closed, within %2.")
                         .arg(shownNumber(fact_.count), span(lasted()));
    case StoryKind::StillOpen:
        return fact_.span.value_or(0) > 0
                   ? StoryWords::tr(
                         "Nobody closed the connection; the capture goes on for %1 after its last packet.")
                         .arg(span(*fact_.span))
                   : StoryWords::tr("Nobody had closed the connection when the capture ended.");
    case StoryKind::State:
        return StoryWords::tr("In Zeek's words this is %1: %2.")
            .arg(word(connStateName(fact_.state)), connStateWords(fact_.state));
    case StoryKind::Estimated:
        return StoryWords::tr(
            "This capture does not tell how much data each packet has: it is estimated from the "
            "packets' lengths, and what was sent again cannot be told.");
    case StoryKind::ReferenceSays:
        return referenceSays();
    default:
        return {};
    }
}

} // namespace story

QString connStateWords(ConnState state)
{
    switch (state) {
    case ConnState::S0:
        return story::StoryWords::tr("asked for, not answered");
    case ConnState::S1:
        return story::StoryWords::tr("established, not closed");
    case ConnState::SF:
        return story::StoryWords::tr("established and closed by both sides");
    case ConnState::Rej:
        return story::StoryWords::tr("asked for and refused");
    case ConnState::S2:
        return story::StoryWords::tr("established, closed by the originator alone");
    case ConnState::S3:
        return story::StoryWords::tr("established, closed by the responder alone");
    case ConnState::RstO:
        return story::StoryWords::tr("established, reset by the originator");
    case ConnState::RstR:
        return story::StoryWords::tr("reset by the responder");
    case ConnState::RstOS0:
        return story::StoryWords::tr("asked for and reset by the originator, with no SYN+ACK between");
    case ConnState::RstRH:
        return story::StoryWords::tr(
            "a SYN+ACK and then a RST of the responder, with no SYN of the originator");
    case ConnState::SH:
        return story::StoryWords::tr("asked for and closed by the originator, with no SYN+ACK between");
    case ConnState::SHR:
        return story::StoryWords::tr(
            "a SYN+ACK and then a FIN of the responder, with no SYN of the originator");
    case ConnState::Oth:
        return story::StoryWords::tr("no SYN, or none of the usual ways");
    }
    return {};
}

QString storySentence(const StoryFact& fact, const FlowTrace& trace, const FlowEnds& ends)
{
    return story::StorySentence(fact, trace, ends).tell();
}

} // namespace packetloom
