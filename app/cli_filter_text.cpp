// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_filter_text.h"

#include "core/support/text_format.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t longestQuote = 40, longestShown = 160;

std::string examplesOf(FilterField field)
{
    switch (typeOf(field)) {
    case FilterType::Address:
        return "10.0.0.1 or 10.0.0.0/8";
    case FilterType::Number:
        return field == FilterField::Bytes || field == FilterField::Length
                   ? "1500, 10k or 2MiB"
                   : "443, or {80 443 8000..8100} after \"in\"";
    case FilterType::Duration:
        return "5s, 20ms or 1.5min";
    case FilterType::Time:
        return "\"2009-11-03 13:23:35\"";
    case FilterType::Protocol:
        return "tcp or 6";
    case FilterType::Flags:
        return "SYN+ACK or 0x12";
    case FilterType::Word:
        return field == FilterField::State    ? "established or aborted"
               : field == FilterField::Close  ? "graceful or abortive"
               : field == FilterField::Reason ? "rst_during_handshake"
                                              : "http";
    case FilterType::Truth:
        break;
    }
    return "1 or 0";
}

std::string comparisonsOf(FilterField field)
{
    switch (typeOf(field)) {
    case FilterType::Address:
    case FilterType::Word:
        return "==, !=, in, contains or matches";
    case FilterType::Protocol:
        return "==, !=, <, <=, >, >=, in, contains or matches";
    case FilterType::Flags:
        return "==, !=, <, <=, >, >=, & or in";
    case FilterType::Truth:
        return "== or !=";
    default:
        return "==, !=, <, <=, >, >= or in";
    }
}

std::string quoted(std::string_view text)
{
    return '"' + printable(text.substr(0, longestQuote)) + (text.size() > longestQuote ? "...\"" : "\"");
}

std::string fieldOf(const FilterProblem& problem)
{
    return problem.field ? std::string(nameOf(*problem.field)) : std::string();
}

std::string sentence(const FilterProblem& problem)
{
    const bool atEnd = problem.text.empty();
    switch (problem.fault) {
    case FilterFault::Term:
        return atEnd
                   ? "something must follow: an address, :port, a name, or a comparison such as port == 443."
                   : quoted(problem.text) +
                         " cannot stand here: an address, :port, a name, or a comparison is expected.";
    case FilterFault::Value:
        return (atEnd ? "a value for " + fieldOf(problem) + " must follow"
                      : quoted(problem.text) + " is no value for " + fieldOf(problem)) +
               ", such as " + examplesOf(*problem.field) + '.';
    case FilterFault::Operator:
        return fieldOf(problem) + " must be compared by " + comparisonsOf(*problem.field) + '.';
    case FilterFault::Character:
        return quoted(problem.text) + " means nothing here; texts with such signs stand in quotes.";
    case FilterFault::Quote:
        return "the quote is never closed.";
    case FilterFault::Parenthesis:
        return "the parenthesis is never closed.";
    case FilterFault::Brace:
        return "values stand in braces, as in port in {80 443 8000..8100}.";
    case FilterFault::Rest:
        return quoted(problem.text) + " does not belong here.";
    case FilterFault::Word:
        return "there is no field " + quoted(problem.text) +
               ". There are src, dst, addr, sport, dport, port, proto, service, time, len, seq, ack and "
               "flags; "
               "of flows packets, bytes, duration, start, end, initiator, responder, state, close, reason, "
               "timeout and number.";
    case FilterFault::BareNumber:
        return "for a port write :" + problem.text + ", for an id addr == " + problem.text + '.';
    case FilterFault::Depth:
        return "it is nested too deeply.";
    case FilterFault::Length:
        return "it is too long.";
    case FilterFault::PacketField:
        return fieldOf(problem) + " is a field of packets; a flow has none.";
    case FilterFault::Pattern:
        return quoted(problem.text) + " is no regular expression: " + printable(problem.detail) + '.';
    case FilterFault::NoPatterns:
        return "\"matches\" is not built into this program: it was made without RE2. \"contains\" looks for "
               "plain text.";
    case FilterFault::MixedPart:
        return "a part of it asks at once for what only packets and what only flows have. Join them by "
               "\"and\", without \"or\" or \"not\" around both.";
    }
    return "it is not understood.";
}

// As wide as it is shown.
std::size_t width(std::string_view text)
{
    const auto shown = printable(text);
    return static_cast<std::size_t>(std::count_if(shown.begin(), shown.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80; // all but the later bytes of UTF-8
    }));
}

} // namespace

std::string filterProblemText(std::string_view filter, const FilterProblem& problem)
{
    auto text = sentence(problem);
    if (problem.fault == FilterFault::Length || problem.fault == FilterFault::MixedPart ||
        filter.size() > longestShown)
        return text;
    const auto marked = std::max<std::size_t>(width(filter.substr(problem.position, problem.length)), 1);
    text += "\n  " + printable(filter) + "\n  " + std::string(width(filter.substr(0, problem.position)), ' ');
    return text + '^' + std::string(marked - 1, '~');
}

} // namespace packetloom
