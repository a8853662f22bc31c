// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/messages.h"

#include "core/filter/capture_filter.h"
#include "core/input/bytes/byte_source.h"
#include "core/input/ip_map.h"
#include "core/support/file.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/filter_messages.h"
#include "ui/job_messages.h"
#include "ui/option_words.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("Messages", text);
}

QString listed(const std::vector<std::string>& names, bool more = false)
{
    std::string text;
    for (const auto& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return shownText(text + (more ? ", ..." : ""));
}

QString missingColumns(const Error& error)
{
    const auto* const columns = std::get_if<HeaderColumns>(&error.facts);
    auto text = tr("There is no column named %1. The first line must name the columns, among them timestamp, "
                   "src_ip and dst_ip.")
                    .arg(columns ? listed(columns->missing) : QString());
    if (columns && !columns->found.empty())
        text += tr(" Found: %1.").arg(listed(columns->found, columns->more));
    return text;
}

QString memoryReason(const Error& error)
{
    const auto* const facts = std::get_if<MemoryTakers>(&error.facts);
    const MemoryTakers takers = facts ? *facts : MemoryTakers();
    return tr("More than %1 of memory would be needed (%2 addresses, %3 open flows so far). Take less at "
              "once: fewer addresses, a time window, a shorter timeout.")
        .arg(QString::fromStdString(humanBytes(error.byte)), QString::number(takers.addresses),
             QString::number(takers.openFlows));
}

QString kindReason(const Error& error)
{
    const auto* const kind = std::get_if<FileKind>(&error.facts);
    if (kind && *kind == FileKind::Pipe)
        return tr("This is a pipe; a file is needed here.");
    if (kind && *kind == FileKind::Socket)
        return tr("This is a socket; a file is needed here.");
    return tr("This is a device; a file is needed here.");
}

QString binaryReason(const QString& kind)
{
    if (kind == QLatin1String("pcapng"))
        return tr("This looks like a pcapng capture, but its first bytes are damaged.");
    if (kind.isEmpty())
        return tr("This is binary data, not CSV text.");
    return tr("This is a %1 file, not CSV text. Unpack or export it as CSV.").arg(kind);
}

QString packedWith(const Error& error)
{
    const auto* const compression = std::get_if<Compression>(&error.facts);
    const auto name = compressionName(compression ? *compression : Compression::Gzip);
    return QString::fromLatin1(name.data(), qsizetype(name.size()));
}

} // namespace

QString errorReason(const Error& error)
{
    const QString detail = shownText(error.detail);
    switch (error.code) {
    case Errc::Open:
        return tr("It cannot be opened: %1.").arg(detail);
    case Errc::IsDirectory:
        return tr("This is a folder; choose the files in it.");
    case Errc::NotRegular:
        return kindReason(error);
    case Errc::Read:
        return tr("Reading failed: %1.").arg(detail);
    case Errc::Inflate:
        if (packedWith(error) == QLatin1String("zip"))
            return tr("The ZIP cannot be read (%1). Unpack it and open the file that was in it.").arg(detail);
        return tr("The %1 data is corrupt at byte %2 (%3). Copy the file again.")
            .arg(packedWith(error), shownNumber(error.byte), detail);
    case Errc::InflateEnd:
        return tr("The %1 data is cut off at byte %2. Copy the file again.")
            .arg(packedWith(error), shownNumber(error.byte));
    case Errc::Empty:
        return tr("The file is empty. A capture needs at least a line with the column names.");
    case Errc::InputShrank:
        return tr("The file became shorter while it was read. Try again when nothing writes to it any more.");
    case Errc::Binary:
        return binaryReason(detail);
    case Errc::Utf16:
        return tr("This is UTF-16 text. Save it as UTF-8 first.");
    case Errc::Header:
        return missingColumns(error);
    case Errc::FlowTable:
        return tr("This is a table of flows (%1): it has no packets. Open it by itself to look at it; no "
                  "dataset can be made of it.")
            .arg(detail);
    case Errc::NotAFlowTable:
        return tr("This is no table of flows that is known.");
    case Errc::ColumnMapping:
        return tr("What was said of the table's columns (%1) does not fit it.").arg(detail);
    case Errc::CaptureCut:
        if (error.line == 0)
            return tr("The file ends inside its header; it is no whole capture.");
        return std::holds_alternative<Compression>(error.facts)
                   ? tr("The file ends inside packet %1, where its %2 data is cut off.")
                         .arg(shownNumber(error.line), packedWith(error))
                   : tr("The file ends inside packet %1.").arg(shownNumber(error.line));
    case Errc::CaptureRecord:
        return tr("The capture is damaged at byte %1: a record of %2 bytes.")
            .arg(shownNumber(error.byte), detail);
    case Errc::CaptureVersion:
        return tr("This is a capture file of version %1, which is not known.").arg(detail);
    case Errc::CaptureInterfaces:
        return tr("The capture describes more interfaces than can be (%1).").arg(detail);
    case Errc::MapSyntax:
        return tr("The IP map is not valid JSON (%1). It must be an object like {\"10.0.0.1\": 1}.")
            .arg(detail);
    case Errc::MapShape:
        return tr("The IP map must be a JSON object like {\"10.0.0.1\": 1}.");
    case Errc::MapValue:
        return tr("The IP map's id of \"%1\" is not an integer.").arg(detail);
    case Errc::MapTooLarge:
        return tr("At %1 this is too large for an IP map (limit %2). Is it a capture?")
            .arg(QString::fromStdString(humanBytes(error.byte)),
                 QString::fromStdString(humanBytes(ipMapLimit)));
    case Errc::FilterEntry:
        return tr("\"%1\" is no CIDR block. Write for example 10.1.0.0/16 or 2001:db8::/32.").arg(detail);
    case Errc::FilterText: {
        const auto parsed = parseCaptureFilter(error.detail);
        const auto* const problem = std::get_if<FilterProblem>(&parsed);
        return problem ? tr("The filter of the captures: %1").arg(filterProblemMessage(*problem))
                       : tr("The filter of the captures is not understood: %1").arg(detail);
    }
    case Errc::TimeWindow:
        return tr("The time window ends before it starts.");
    case Errc::Option: {
        const auto* const id = std::get_if<OptionId>(&error.facts);
        return tr("The option %1 has an impossible value.").arg(id ? optionLabel(*id) : QString());
    }
    case Errc::NoInput:
        return tr("None of the captures could be read.");
    case Errc::Write:
        return tr("It cannot be written: %1.").arg(detail);
    case Errc::NoSpace:
        return error.byte == 0 ? tr("The disk is full. Free some space or choose another folder; nothing was "
                                    "left behind.")
                               : tr("The disk is full: the dataset needs about %1. Free some space or choose "
                                    "another folder; "
                                    "nothing was left behind.")
                                     .arg(QString::fromStdString(humanBytes(error.byte)));
    case Errc::NoRoomForFiles:
        return tr("The disk has no room for more files (its table of them is full, whatever bytes are free). "
                  "Remove some, or choose another folder; nothing was left behind.");
    case Errc::TemporaryFolder:
        return tr("This is where the system's settings want temporary files, and it cannot be used: %1.")
            .arg(detail);
    case Errc::Exists:
        return detail.isEmpty()
                   ? tr("The folder holds something that is not a dataset. Choose another folder.")
                   : tr("The folder holds something that is not a dataset's (%1). Choose another folder.")
                         .arg(detail);
    case Errc::InTheWay:
        return tr("%1 stands in this folder where a file of the dataset must go, and no export wrote it. "
                  "Move "
                  "it away, or choose another folder.")
            .arg(detail);
    case Errc::NotAFolder:
        return tr("This is a file, not a folder. Choose another name.");
    case Errc::NotAFile:
        return tr("This is a folder, a device or the like, and no file can be put at its place. Choose "
                  "another name.");
    case Errc::FileExists:
        return tr("This file is there already.");
    case Errc::OutputIsInput:
        return tr("This is the input %1, which would be replaced. Choose another name.").arg(detail);
    case Errc::DanglingLink:
        return tr("This is a link to what is not there (%1). Choose another name.").arg(detail);
    case Errc::MountPoint:
        return detail.isEmpty()
                   ? tr("This is a mount point and cannot be replaced. Choose a folder inside it.")
                   : tr("Something is mounted in this folder (%1). Choose another folder.").arg(detail);
    case Errc::RootFolder:
        return tr("This is the root of the file system. Choose a folder in it.");
    case Errc::HomeFolder:
        return tr("This is or holds the home folder, which is never replaced. Choose a folder of its own.");
    case Errc::CurrentFolder:
        return tr("This is or holds the folder that the program was started in. Choose another one.");
    case Errc::NotMovable:
        return tr("The system does not let this folder be replaced: %1. Choose another one.").arg(detail);
    case Errc::NotALock:
        return tr(
            "This has the name of the lock of an export, but is something else or another user's; it was "
            "not touched. Move it away, or choose another folder.");
    case Errc::InUse:
        if (detail.isEmpty())
            return tr("This folder is being written by another run. Wait for it, or choose another folder.");
        return tr("This folder is being written by another run (%1). Wait for it, or choose another folder.")
            .arg(detail);
    case Errc::InputInOutput:
        return tr("The input %1 lies in this folder and would be replaced with it. Choose another folder.")
            .arg(detail);
    case Errc::FolderChanged:
        return tr("The finished dataset is here: what came to stand at its place meanwhile (%1) is nothing "
                  "that "
                  "may be replaced. It was not touched.")
            .arg(detail);
    case Errc::NothingKept:
        return tr(
            "No row was kept, and the dataset that is there is not replaced by an empty one. Look at the "
            "captures and filters, or choose another folder.");
    case Errc::NotExact:
        return tr("\u201c%1\u201d is a figure of the exact engine, which does not tell of these flows. "
                  "Choose \u201cthe exact engine\u201d at \u201cFlows told by\u201d, and analyze.")
            .arg(detail);
    case Errc::JsonSyntax:
        return tr("This is not a session or selection: it is not valid JSON (%1).").arg(detail);
    case Errc::JsonShape:
        return tr("This is not a session or selection that can be read: %1 is missing or not as expected.")
            .arg(detail);
    case Errc::NotADataset:
        return detail.isEmpty() ? tr("This folder is no dataset: there is no manifest.json in it. Choose a "
                                     "folder that was exported as a dataset.")
                                : tr("This folder is no dataset (%1). Choose a folder that was exported as a "
                                     "dataset.")
                                      .arg(detail);
    case Errc::DatasetSyntax:
        return tr("This file of the dataset is damaged (%1). Export the dataset again.").arg(detail);
    case Errc::DatasetMismatch:
        return tr("The dataset is not whole, or its files are not of one export (%1). Export the dataset "
                  "again.")
            .arg(detail);
    case Errc::Job:
        return jobTroubleMessage(error);
    case Errc::MemoryLimit:
        return memoryReason(error);
    case Errc::Cancelled:
        return tr("Stopped; nothing was left behind.");
    case Errc::Internal:
        return tr("This should not have happened: %1. Please report it.").arg(detail);
    }
    return tr("Unknown error.");
}

QString errorMessage(const Error& error)
{
    if (error.file.empty())
        return errorReason(error);
    auto place = shownPath(error.file);
    if (error.line > 0)
        place = (error.unit == RowUnit::Packet ? tr("%1, packet %2") : tr("%1, line %2"))
                    .arg(place, shownNumber(error.line));
    return place + QStringLiteral(": ") + errorReason(error);
}

QString spaceMessage(std::uint64_t needed, std::uint64_t available)
{
    return tr("The dataset will need about %1, and %2 are free there.")
        .arg(QString::fromStdString(humanBytes(needed)), QString::fromStdString(humanBytes(available)));
}

QString warningMessage(const Warning& warning)
{
    const QString file = shownPath(warning.error.file);
    switch (warning.kind) {
    case Warning::Kind::SkippedInput:
        return tr("Left out: %1").arg(errorMessage(warning.error));
    case Warning::Kind::BrokenInput:
        return tr("%1 Reading it ended there; rows of it that are in: %2.")
            .arg(errorMessage(warning.error), shownNumber(warning.kept));
    case Warning::Kind::InputCut:
        return tr("%1 All packets before it are in.").arg(errorMessage(warning.error));
    case Warning::Kind::InputGrew:
        return tr("%1 grew while it was read; what was added late is not in.").arg(file);
    case Warning::Kind::InputRewritten:
        return tr("%1 was written to while it was read; its rows may be partly old.").arg(file);
    case Warning::Kind::InputReplaced:
        return tr("Another file got the name %1 while the old one was read; the old one is in.").arg(file);
    case Warning::Kind::NothingKept:
        return tr("No row was kept. Look at the captures and filters.");
    case Warning::Kind::NotRemoved:
        return tr("%1: what an older dataset or an unfinished export left could not be removed: %2.")
            .arg(file, shownText(warning.error.detail));
    case Warning::Kind::ForeignLeftover:
        return warning.error.detail.empty()
                   ? tr("%1 looks like what an export left, but is something else; it stays.").arg(file)
                   : tr("%1 looks like what an export left, but holds what no export wrote (%2); it stays.")
                         .arg(file, shownText(warning.error.detail));
    case Warning::Kind::TimesWithoutZone:
        return tr("The times of %1 say no time zone; they are read as UTC.").arg(file);
    case Warning::Kind::TimesWithoutDate:
        return tr("The times of %1 say no date; they are shown as those of 1970-01-01.").arg(file);
    case Warning::Kind::DayOrMonth:
        return tr("The dates of %1 do not tell the day from the month; the day is taken to come first.")
            .arg(file);
    case Warning::Kind::NoDirections:
        return tr("%1 does not say which end sent what; what addresses and pairs sent and received is too "
                  "little.")
            .arg(file);
    case Warning::Kind::TrailingGarbage:
        break;
    }
    return tr("%1: bytes after the end of the compressed data (from byte %2) were left out. All rows before "
              "them "
              "were read.")
        .arg(file, shownNumber(warning.error.byte));
}

QString incompleteMessage(const RunTotals& totals)
{
    constexpr int mostNamed = 3;
    QStringList lines;
    std::uint64_t more = 0;
    for (const Warning& warning : totals.warnings) {
        if (warning.kind != Warning::Kind::SkippedInput && warning.kind != Warning::Kind::BrokenInput &&
            warning.kind != Warning::Kind::InputCut)
            continue;
        if (lines.size() < mostNamed)
            lines << warningMessage(warning);
        else
            ++more;
    }
    if (more > 0)
        lines << tr("And %1 more files; the page Quality says which.").arg(shownNumber(more));
    return lines.join(QLatin1Char('\n'));
}

QString shownNumber(std::uint64_t number)
{
    return QString::fromStdString(grouped(number));
}

QString shownTime(std::int64_t microseconds)
{
    return QString::fromStdString(utcTime(microseconds));
}

QString shownText(std::string_view text, qsizetype most)
{
    auto shown = QString::fromStdString(printable(text.substr(0, static_cast<std::size_t>(most) * 4)));
    if (shown.size() > most)
        shown = shown.first(most - 1) + QChar(0x2026);
    return shown;
}

QString shownPath(const std::filesystem::path& path)
{
    return shownText(pathText(path), 400);
}

} // namespace packetloom
