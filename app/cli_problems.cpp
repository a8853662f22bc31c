// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_problems.h"

#include "app/cli_messages.h"
#include "app/cli_row_messages.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/option_spelling.h"

#include <array>

namespace packetloom {
namespace {

std::string namesOf(const std::vector<Column>& columns)
{
    std::string names;
    for (const auto column : columns)
        names += (names.empty() ? "" : ", ") + std::string(columnName(column));
    return names;
}

std::string quoted(const std::string& text)
{
    return '"' + printable(text) + '"';
}

std::string ofRows(const InputProblem& problem)
{
    return grouped(problem.rows) + " of the first " + grouped(problem.of);
}

std::string unitOption(TimeUnit unit)
{
    return unit == TimeUnit::Sniffed ? std::string() : optionWord(OptionId::TimeUnit) + ' ' + wordOf(unit);
}

// For a shell: a name may have blanks, and | between names means something there.
std::string forShell(const std::string& text)
{
    const bool plain = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                              "_.=,:-") == std::string::npos;
    if (plain)
        return text;
    std::string word = "'";
    for (const char c : text)
        word += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return printable(word + '\'');
}

} // namespace

std::string unitText(TimeUnit unit)
{
    constexpr std::array words{"unknown", "seconds", "milliseconds", "microseconds", "nanoseconds", "dates"};
    return words[static_cast<std::size_t>(unit)];
}

std::string problemText(const InputProblem& problem)
{
    switch (problem.code) {
    case ProblemCode::ColumnsUnknown:
        return "no column is known to be " + namesOf(problem.columns) + '.';
    case ProblemCode::TimeColumn:
        return "the column " + quoted(problem.text) +
               " is taken for the timestamp, for it is the only one with times.";
    case ProblemCode::TimeRange:
        return "times are taken for " + unitText(problem.unit) + ": " + quoted(problem.text) + " would be " +
               utcTime(problem.time) +
               (problem.better == TimeUnit::Sniffed ? "."
                                                    : ". They look like " + unitText(problem.better) + '.');
    case ProblemCode::TimeUnreadable:
        return "times like " + quoted(problem.text) + " cannot be read as " + unitText(problem.unit) + '.';
    case ProblemCode::TimeRelative:
        return "times count from a start that the file does not tell; 1970 is taken for it.";
    case ProblemCode::TimeZone:
        return "times like " + quoted(problem.text) + " say no time zone that is known; UTC is taken for it.";
    case ProblemCode::TimeBackward:
        return "time runs backward: " + ofRows(problem) +
               " rows are more than a second behind one before them.";
    case ProblemCode::AllRejected:
        return "all of the first " + grouped(problem.of) + " rows would be rejected (" +
               rejectReasonText(problem.reason) + ").";
    case ProblemCode::FlagsRange:
        return "flags like " + quoted(problem.text) + " have more than the twelve bits of a TCP header.";
    case ProblemCode::FlagsUnreadable:
        return "flags like " + quoted(problem.text) + " cannot be read; they count as none.";
    case ProblemCode::NoProtocol:
        return "no column says the protocol, so no packet counts as TCP, and only TCP packets make flows.";
    case ProblemCode::NoPorts:
        return ofRows(problem) + " rows say neither protocol nor ports (Info tells them of plain TCP and UDP "
                                 "alone), so they belong to no flow.";
    case ProblemCode::OneSided:
        return "of every pair of addresses only one side is there (" + grouped(problem.of) +
               " TCP packets looked at), so no connection can be seen to open.";
    case ProblemCode::NoMap:
        return "addresses are ids such as " + printable(problem.text) + ", and there is no IP map.";
    case ProblemCode::MapMatchesNone:
        return "the IP map knows none of the " + grouped(problem.of) + " ids looked at, such as " +
               printable(problem.text) + ". It is another capture's.";
    case ProblemCode::MapLacksSome:
        return "the IP map lacks " + grouped(problem.rows) + " of the " + grouped(problem.of) +
               " ids looked at, such as " + printable(problem.text) + '.';
    case ProblemCode::SameFile:
        return "this is the same file as " + printable(pathText(problem.file)) + "; its packets count twice.";
    case ProblemCode::OtherUnit:
        break;
    }
    return "times are " + unitText(problem.unit) + ", those of " + printable(pathText(problem.file)) + " " +
           unitText(problem.better) + '.';
}

std::string problemCure(const InputProblem& problem)
{
    switch (problem.code) {
    case ProblemCode::ColumnsUnknown:
        return problem.suggestion.empty()
                   ? std::string()
                   : optionWord(OptionId::Columns) + ' ' + forShell(problem.suggestion);
    case ProblemCode::TimeRange:
    case ProblemCode::TimeUnreadable:
        return unitOption(problem.better);
    case ProblemCode::TimeRelative:
        return optionWord(OptionId::TimeBase) + " MICROSECONDS";
    case ProblemCode::TimeZone:
        return unitOption(TimeUnit::Text);
    case ProblemCode::FlagsUnreadable:
        return optionWord(OptionId::Columns) + " flags=flags";
    case ProblemCode::NoMap:
    case ProblemCode::MapMatchesNone:
    case ProblemCode::MapLacksSome:
        return optionWord(OptionId::IpMap) + " FILE";
    default:
        return {};
    }
}

std::string problemAdvice(const InputProblem& problem)
{
    const std::string text = problemText(problem) + ' ';
    switch (problem.code) {
    case ProblemCode::ColumnsUnknown:
        return text + (problem.suggestion.empty()
                           ? "Say which they are: " + optionWord(OptionId::Columns) +
                                 " timestamp=NAME,src_ip=NAME,dst_ip=NAME (or their numbers)."
                           : "By what is in them, these could be: " + problemCure(problem));
    case ProblemCode::TimeColumn:
        return text + "If it is another: " + optionWord(OptionId::Columns) + " timestamp=NAME";
    case ProblemCode::TimeRange:
    case ProblemCode::TimeUnreadable:
        return text + (problem.better == TimeUnit::Sniffed
                           ? "If that is wrong, say what they count: " + optionWord(OptionId::TimeUnit)
                           : "If so: " + problemCure(problem));
    case ProblemCode::TimeRelative:
        return text + "Say when it was: " + problemCure(problem);
    case ProblemCode::TimeZone:
        return text + "If that is right, say so and this is not asked again: " + problemCure(problem);
    case ProblemCode::TimeBackward:
        return text + "The reference judges flows in the order of rows: sort the file by time first.";
    case ProblemCode::AllRejected:
        return text + "Look at the columns and the delimiter (packetloom-cli inspect).";
    case ProblemCode::FlagsRange:
        return text + "Is it the right column? " + optionWord(OptionId::Columns) + " flags=NAME";
    case ProblemCode::FlagsUnreadable:
        return text + "To read them as letters, names or 0x..: " + problemCure(problem);
    case ProblemCode::NoProtocol:
        return text + "If there is one: " + optionWord(OptionId::Columns) + " protocol=NAME";
    case ProblemCode::NoPorts:
        return text + "Export with: tshark -T fields -E header=y -e frame.time_epoch -e ip.src -e ip.dst "
                      "-e tcp.srcport -e tcp.dstport -e tcp.flags -e tcp.seq_raw -e tcp.ack_raw -e frame.len "
                      "-e ip.proto";
    case ProblemCode::OneSided:
        return text + "Capture where both directions pass, or add the file of the other one.";
    case ProblemCode::NoMap:
        return text + "Name its own: " + problemCure(problem);
    case ProblemCode::MapMatchesNone:
    case ProblemCode::MapLacksSome:
        return text + "Name its own: " + problemCure(problem) +
               ", or for this input alone --ip-map-for INPUT=FILE";
    case ProblemCode::SameFile:
        return text + "Name it once.";
    case ProblemCode::OtherUnit:
        break;
    }
    return text + "If one of them is wrong, convert that file by itself with " +
           optionWord(OptionId::TimeUnit) + '.';
}

std::string problemLine(const FileProblem& problem)
{
    return printable(pathText(problem.file)) + ": " + problemAdvice(problem.problem);
}

} // namespace packetloom
