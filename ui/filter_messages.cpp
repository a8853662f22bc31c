// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/filter_messages.h"

#include "ui/messages.h"

#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTextCharFormat>
#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr qsizetype longestQuote = 40;

struct FilterMessages
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::FilterMessages)
};

QString tr(const char* text)
{
    return FilterMessages::tr(text);
}

QString nameOfField(FilterField field)
{
    const auto name = nameOf(field);
    return QString::fromLatin1(name.data(), qsizetype(name.size()));
}

QString examplesOf(FilterField field)
{
    switch (typeOf(field)) {
    case FilterType::Address:
        return tr("10.0.0.1 or 10.0.0.0/8");
    case FilterType::Number:
        return field == FilterField::Bytes || field == FilterField::Length
                   ? tr("1500, 10k or 2MiB")
                   : tr("443, or {80 443 8000..8100} after “in”");
    case FilterType::Duration:
        return tr("5s, 20ms or 1.5min");
    case FilterType::Time:
        return tr("\"2009-11-03 13:23:35\"");
    case FilterType::Protocol:
        return tr("tcp or 6");
    case FilterType::Flags:
        return tr("SYN+ACK or 0x12");
    case FilterType::Word:
        return field == FilterField::State    ? tr("established or aborted")
               : field == FilterField::Close  ? tr("graceful or abortive")
               : field == FilterField::Reason ? tr("rst_during_handshake")
                                              : tr("http");
    case FilterType::Truth:
        break;
    }
    return tr("1 or 0");
}

QString comparisonsOf(FilterField field)
{
    switch (typeOf(field)) {
    case FilterType::Address:
    case FilterType::Word:
        return tr("==, !=, in, contains or matches");
    case FilterType::Protocol:
        return tr("==, !=, <, <=, >, >=, in, contains or matches");
    case FilterType::Flags:
        return tr("==, !=, <, <=, >, >=, & or in");
    case FilterType::Truth:
        return tr("== or !=");
    default:
        return tr("==, !=, <, <=, >, >= or in");
    }
}

/// Whether it tells the two ends apart: of a packet the first is the sender, of a flow the initiator.
bool asksOfSides(const FilterExpression& expression)
{
    constexpr std::array sides{FilterField::Source, FilterField::Destination, FilterField::SourcePort,
                               FilterField::DestinationPort, FilterField::Service};
    const auto& parts = expression.parts;
    return (expression.asksField() &&
            std::find(sides.begin(), sides.end(), expression.field) != sides.end()) ||
           std::any_of(parts.begin(), parts.end(), asksOfSides);
}

} // namespace

QString filterProblemMessage(const FilterProblem& problem)
{
    const auto text = shownText(problem.text, longestQuote);
    const bool atEnd = problem.text.empty();
    switch (problem.fault) {
    case FilterFault::Term:
        return atEnd ? tr("Something must follow: an address, :port, a name, or a comparison such as port == "
                          "443.")
                     : tr("“%1” cannot stand here: an address, :port, a name, or a comparison is expected.")
                           .arg(text);
    case FilterFault::Value:
        if (atEnd)
            return tr("A value for %1 must follow, such as %2.")
                .arg(nameOfField(*problem.field), examplesOf(*problem.field));
        return tr("“%3” is no value for %1, such as %2.")
            .arg(nameOfField(*problem.field), examplesOf(*problem.field), text);
    case FilterFault::Operator:
        return tr("%1 must be compared by %2, as in %1 == %3.")
            .arg(nameOfField(*problem.field), comparisonsOf(*problem.field),
                 examplesOf(*problem.field).section(QLatin1Char(' '), 0, 0).remove(QLatin1Char(',')));
    case FilterFault::Character:
        return tr("“%1” means nothing here; texts with such signs stand in quotes.").arg(text);
    case FilterFault::Quote:
        return tr("The quote is never closed.");
    case FilterFault::Parenthesis:
        return tr("The parenthesis is never closed.");
    case FilterFault::Brace:
        return tr("Values stand in braces, as in port in {80 443 8000..8100}.");
    case FilterFault::Rest:
        return tr("“%1” does not belong here.").arg(text);
    case FilterFault::Word:
        return tr("There is no field %1. There are src, dst, addr, sport, dport, port, proto, service and "
                  "time; "
                  "of flows packets, bytes, duration, start, end, initiator, responder, state, close, "
                  "reason, "
                  "timeout and number; of packets len, seq, ack and flags.")
            .arg(text);
    case FilterFault::BareNumber:
        return tr("For a port write :%1, for an id addr == %1.").arg(text);
    case FilterFault::Depth:
        return tr("It is nested too deeply.");
    case FilterFault::Length:
        return tr("It is too long.");
    case FilterFault::PacketField:
        return tr("%1 is a field of packets; a flow has none.").arg(nameOfField(*problem.field));
    case FilterFault::Pattern:
        return tr("“%1” is no regular expression: %2.").arg(text, shownText(problem.detail, longestQuote));
    case FilterFault::NoPatterns:
        return tr("“matches” is not built into this program: it was made without RE2. “contains” looks for "
                  "plain text.");
    case FilterFault::MixedPart:
        return tr("A part of it asks at once for what only packets and what only flows have. Join them by "
                  "“and”, without “or” or “not” around both.");
    }
    return {};
}

void markFilter(QLineEdit* line, const FilterProblem* problem)
{
    QList<QInputMethodEvent::Attribute> marks;
    if (problem && problem->length > 0) {
        const auto bytes = line->text().toUtf8();
        const auto begin = QString::fromUtf8(bytes.left(qsizetype(problem->position))).size();
        const auto end = QString::fromUtf8(bytes.left(qsizetype(problem->position + problem->length))).size();
        QTextCharFormat wavy;
        wavy.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wavy.setUnderlineColor(Qt::red);
        marks.append(
            {QInputMethodEvent::TextFormat, int(begin) - line->cursorPosition(), int(end - begin), wavy});
    }
    QInputMethodEvent event(QString(), marks);
    QCoreApplication::sendEvent(line, &event);
}

QString filterFor(FilterField field, const QString& value)
{
    // What may mean something else stands in quotes.
    static const QRegularExpression plain(QStringLiteral("^[0-9]+([.:_-]?[0-9a-zA-Z]+)*$"));
    auto text = value;
    if (!plain.match(text).hasMatch())
        text = QLatin1Char('"') +
               text.replace(QLatin1Char('\\'), QLatin1String("\\\\"))
                   .replace(QLatin1Char('"'), QLatin1String("\\\"")) +
               QLatin1Char('"');
    return nameOfField(field) + QStringLiteral(" == ") + text;
}

QString filterFor(FlowOutcome outcome)
{
    const auto is = [](FilterField field, std::string_view word) {
        return nameOfField(field) + QStringLiteral(" == ") +
               (word.empty() ? QStringLiteral("\"\"")
                             : QString::fromLatin1(word.data(), qsizetype(word.size())));
    };
    const auto close = [&](CloseType type) { return is(FilterField::Close, closeTypeName(type)); };
    const auto reason = [&](InvalidReason why) { return is(FilterField::Reason, invalidReasonName(why)); };
    switch (outcome) {
    case FlowOutcome::Graceful:
        return close(CloseType::Graceful);
    case FlowOutcome::Abortive:
        return close(CloseType::Abortive);
    case FlowOutcome::Open:
        return close(CloseType::Open);
    case FlowOutcome::Unclosed:
        return close(CloseType::None);
    case FlowOutcome::InvalidSynAck:
        return reason(InvalidReason::InvalidSynAck);
    case FlowOutcome::InvalidAck:
        return reason(InvalidReason::InvalidAck);
    case FlowOutcome::RstDuringHandshake:
        return reason(InvalidReason::RstDuringHandshake);
    case FlowOutcome::IncompleteNoSynAck:
        return reason(InvalidReason::IncompleteNoSynAck);
    case FlowOutcome::IncompleteNoAck:
        return reason(InvalidReason::IncompleteNoAck);
    }
    return {};
}

QString filterForInvalid()
{
    return nameOfField(FilterField::Close) + QStringLiteral(" == invalid");
}

QString captureFilterOf(const QString& filter)
{
    const auto parsed = parseFilter(filter.toStdString(), FilterSubject::Packets);
    const auto* const expression = std::get_if<0>(&parsed);
    if (!expression || !*expression || !canAskFlows(**expression))
        return filter;
    return asksOfFlows(**expression) || asksOfSides(**expression) ? QStringLiteral("flow(%1)").arg(filter)
                                                                  : filter;
}

QString captureFilterWords(const Options& options)
{
    QStringList parts;
    if (!options.addressFilter.empty()) {
        const auto list =
            shownText(options.addressFilter, longestQuote).replace(QLatin1Char(','), QLatin1String(", "));
        parts << (options.filterEnds == FilterEnds::Both ? tr("both ends of %1").arg(list) : list);
    }
    if (!options.filter.empty())
        parts << shownText(options.filter, longestQuote);
    const auto& [start, end] = options.window;
    if (start && end)
        parts << tr("%1 to %2").arg(shownTime(*start), shownTime(*end));
    else if (start)
        parts << tr("from %1").arg(shownTime(*start));
    else if (end)
        parts << tr("to %1").arg(shownTime(*end));
    if (!options.filter.empty())
        parts << shownText(options.filter, longestQuote);
    if (options.maxRecords > 0)
        parts << tr("the first %1 packets").arg(shownNumber(std::uint64_t(options.maxRecords)));
    return parts.join(QStringLiteral("; "));
}

} // namespace packetloom
