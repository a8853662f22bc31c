// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_messages.h"

#include "app/cli_filter_text.h"
#include "app/cli_job_messages.h"
#include "core/filter/capture_filter.h"
#include "core/input/bytes/byte_source.h"
#include "core/input/ip_map.h"
#include "core/run/option_table.h"
#include "core/support/file.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/option_spelling.h"

#include <array>
#include <limits>

namespace packetloom {
namespace {

constexpr const char* columnsWanted =
    "The first line must name the columns, among them timestamp, src_ip and dst_ip (exactly so).";

// "in.csv, line 7, byte 120": the file is shown with every message that is about one.
std::string place(const Error& error)
{
    std::string text = printable(pathText(error.file));
    const auto add = [&](const char* what, std::uint64_t number) {
        if (number > 0)
            text += (text.empty() ? "" : ", ") + (what + grouped(number));
    };
    add(error.unit == RowUnit::Packet ? "packet " : "line ", error.line);
    add("byte ", error.byte);
    return text.empty() ? text : text + ": ";
}

std::string listed(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + printable(name);
    return text;
}

std::string headerText(const Error& error)
{
    const auto* const columns = std::get_if<HeaderColumns>(&error.facts);
    if (!columns)
        return columnsWanted;
    std::string text = "no column named " + listed(columns->missing) + ". " + columnsWanted;
    return text +
           (columns->found.empty() ? " The line could not be split into names."
                                   : " Found: " + listed(columns->found) + (columns->more ? ", ...." : ".")) +
           (error.detail.empty()
                ? std::string()
                : " By what is in them, they could be: --columns " + printable(error.detail));
}

std::string binaryText(const std::string& kind)
{
    if (kind == "pcapng") // a good one would have been read
        return "this looks like a pcapng capture, but its first bytes are damaged.";
    if (kind.empty())
        return "this is binary data, not CSV text.";
    return "this is a " + kind + " file, not CSV text. Unpack or export it as CSV.";
}

std::string packedWith(const Error& error)
{
    const auto* const compression = std::get_if<Compression>(&error.facts);
    return std::string(compressionName(compression ? *compression : Compression::Gzip));
}

// Of a ZIP nothing is recovered so.
std::string recovery(const Error& error, const char* what)
{
    const auto name = packedWith(error);
    return name == "zip" ? std::string(".")
                         : "; " + name + " -dc FILE > part.csv recovers " + std::string(what) + '.';
}

std::string fileKindText(const Error& error)
{
    constexpr std::array words{"is no usual file", "is a folder", "is a pipe", "is a socket", "is a device"};
    const auto* const kind = std::get_if<FileKind>(&error.facts);
    return words[static_cast<std::size_t>(kind ? *kind : FileKind::Regular)];
}

std::string optionText(const Error& error)
{
    const auto* const id = std::get_if<OptionId>(&error.facts);
    if (!id)
        return "an option has an impossible value.";
    const auto least = entryOf(*id).least, most = entryOf(*id).most, unit = spellingOf(*id).unit;
    const bool open = most == std::numeric_limits<std::int64_t>::max();
    return optionWord(*id) + " must be " + std::to_string(least / unit) +
           (open ? " or more." : " to " + std::to_string(most / unit) + '.');
}

std::string existsText(const Error& error)
{
    std::string text = "the folder holds something that is not a dataset";
    if (!error.detail.empty())
        text += "'s (" + printable(error.detail) + ")";
    return text +
           ". Choose another folder, or use --force to write into it all the same; what is there stays.";
}

std::string memoryText(const Error& error)
{
    std::string text = "more than " + humanBytes(error.byte) + " of memory would be needed";
    if (const auto* const takers = std::get_if<MemoryTakers>(&error.facts))
        text += " (" + std::to_string(takers->addresses) + " addresses, " +
                std::to_string(takers->openFlows) + " open flows so far)";
    return text + ". Raise --memory-limit, or take less at once: --filter-ips, a time window, a shorter "
                  "--flow-timeout-seconds.";
}

std::string sentence(const Error& error)
{
    const std::string detail = printable(error.detail);
    switch (error.code) {
    case Errc::Open:
        return "cannot be opened: " + detail + ".";
    case Errc::IsDirectory:
        return "is a folder; name the files in it instead.";
    case Errc::NotRegular:
        return fileKindText(error) + "; a file is needed here.";
    case Errc::Read:
        return "reading failed: " + detail + ".";
    case Errc::InputShrank:
        return "the file became shorter while it was read. Run again when nothing writes to it any more.";
    case Errc::Inflate:
        if (packedWith(error) == "zip")
            return "the ZIP cannot be read here (" + detail +
                   "). Unpack it and name the file that was in it.";
        return "the " + packedWith(error) + " data is corrupt here (" + detail + "). Copy the file again" +
               recovery(error, "what stands before");
    case Errc::InflateEnd:
        return "the " + packedWith(error) + " data is cut off here. Copy the file again" +
               recovery(error, "what is there");
    case Errc::Empty:
        return "the file is empty. A capture needs at least a line with the column names.";
    case Errc::Binary:
        return binaryText(error.detail);
    case Errc::Utf16:
        return "this is UTF-16 text. Convert it first: iconv -f UTF-16 -t UTF-8 FILE > utf8.csv";
    case Errc::Header:
        return headerText(error);
    case Errc::FlowTable:
        return "this is a table of flows (" + detail +
               "): it has no packets, so no dataset can be made of it. Look at it with --preview, alone, or "
               "open it in the window.";
    case Errc::NotAFlowTable:
        return "is no table of flows that is known.";
    case Errc::ColumnMapping:
        return "--columns: \"" + detail +
               "\" is no column of the table, or not written as NAME=COLUMN. Write for example "
               "timestamp=frame.time_epoch,src_ip=3.";
    case Errc::CaptureCut:
        if (error.line == 0)
            return "the file ends inside its header; it is no whole capture.";
        return "the file ends inside packet " + grouped(error.line) +
               (std::holds_alternative<Compression>(error.facts)
                    ? ", where its " + packedWith(error) + " data is cut off."
                    : ".");
    case Errc::CaptureRecord:
        return "the capture is damaged here: a record of " + detail + " bytes.";
    case Errc::CaptureVersion:
        return "a capture file of version " + detail + ", which is not known.";
    case Errc::CaptureInterfaces:
        return "the capture describes more interfaces than can be (" + detail + ").";
    case Errc::MapSyntax:
        return "the IP map is not valid JSON (" + detail + "). It must be an object like {\"10.0.0.1\": 1}.";
    case Errc::MapShape:
        return "the IP map must be a JSON object like {\"10.0.0.1\": 1}.";
    case Errc::MapValue:
        return "the IP map's id of \"" + detail + "\" is not an integer.";
    case Errc::MapTooLarge:
        return "at " + humanBytes(error.byte) + " this is too large for an IP map (limit " +
               humanBytes(ipMapLimit) + "). Is it a capture?";
    case Errc::FilterEntry:
        return "--filter-ips: \"" + detail +
               "\" is no CIDR block. Write for example 10.1.0.0/16 or 2001:db8::/32.";
    case Errc::FilterText: {
        const auto parsed = parseCaptureFilter(error.detail);
        const auto* const problem = std::get_if<FilterProblem>(&parsed);
        return "--filter: " +
               (problem ? filterProblemText(error.detail, *problem) : detail + " is not understood.");
    }
    case Errc::TimeWindow:
        return "--filter-time-start lies after --filter-time-end.";
    case Errc::Option:
        return optionText(error);
    case Errc::NoInput:
        return "none of the inputs could be read.";
    case Errc::Write:
        return "cannot be written: " + detail + ".";
    case Errc::NoSpace:
        return "the disk is full" +
               (error.byte > 0 ? "; the dataset needs about " + humanBytes(error.byte) : std::string()) +
               ". Free some space or choose another folder; nothing was left behind.";
    case Errc::NoRoomForFiles:
        return "the disk has no room for more files (its table of them is full, whatever bytes are free). "
               "Remove "
               "some, or choose another folder; nothing was left behind.";
    case Errc::TemporaryFolder:
        return "this is where the system's settings (TMPDIR) want temporary files, and it cannot be used: " +
               detail + ".";
    case Errc::Exists:
        return existsText(error);
    case Errc::InTheWay:
        return detail +
               " stands in this folder where a file of the dataset must go, and no run wrote it. Move it "
               "away, or choose another folder.";
    case Errc::NotAFolder:
        return "is a file, not a folder. Choose another name.";
    case Errc::NotAFile:
        return fileKindText(error) + ", and no file can be put at its place. Choose another name.";
    case Errc::FileExists:
        return "is there already. Choose another name, or use --force to replace it.";
    case Errc::OutputIsInput:
        return "is the input " + detail + " and would be replaced. Choose another name.";
    case Errc::DanglingLink:
        return "is a link to what is not there (" + detail + "). Remove it, or make what it leads to.";
    case Errc::MountPoint:
        return detail.empty()
                   ? std::string("is a mount point and cannot be replaced. Choose a folder inside it.")
                   : "something is mounted in this folder (" + detail + "). Choose another folder.";
    case Errc::RootFolder:
        return "is the root of the file system. Choose a folder in it.";
    case Errc::HomeFolder:
        return "is or holds the home folder, which is never replaced. Choose a folder of its own.";
    case Errc::CurrentFolder:
        return "is or holds the current folder, which would be a removed one then. Change to another folder, "
               "or "
               "choose another name.";
    case Errc::NotMovable:
        return "the system does not let this be replaced: " + detail +
               ". Remove it first, or choose another one.";
    case Errc::InUse:
        return "is being written by another run" + (detail.empty() ? std::string() : " (" + detail + ")") +
               ". Wait for it, or choose another folder.";
    case Errc::NotALock:
        return "has the name of the lock of a run, but is something else or another user's; it was not "
               "touched. "
               "Move it away, or choose another output folder.";
    case Errc::InputInOutput:
        return "the input " + detail +
               " lies in this folder and would be replaced with it. Choose another folder.";
    case Errc::FolderChanged:
        return "the finished dataset is here: what came to stand at its place meanwhile (" + detail +
               ") is nothing that may be replaced. It was not touched.";
    case Errc::NothingKept:
        return "no row was kept, and the dataset that is there is not replaced by an empty one. Look at the "
               "inputs and filters (--preview), or use --force.";
    case Errc::NotExact:
        return "\"" + detail +
               "\" is a figure of the exact engine, which does not tell of these flows; use "
               "--engine exact.";
    case Errc::JsonSyntax:
        return "this is not valid JSON (" + detail + ").";
    case Errc::JsonShape:
        return detail + " is missing or not as expected.";
    case Errc::NotADataset:
        return "is no dataset" +
               (detail.empty() ? std::string(" (there is no manifest.json)") : ": " + detail) +
               ". Choose a folder that was exported as a dataset.";
    case Errc::DatasetSyntax:
        return "this file of the dataset is damaged (" + detail + "). Export the dataset again.";
    case Errc::DatasetMismatch:
        return "the dataset is not whole, or its files are not of one export (" + detail +
               "). Export the dataset again.";
    case Errc::Job:
        return jobTroubleText(error);
    case Errc::MemoryLimit:
        return memoryText(error);
    case Errc::Cancelled:
        return "stopped; nothing was left behind.";
    case Errc::Internal:
        return "this should not have happened: " + detail + ". Please report it.";
    }
    return "unknown error.";
}

} // namespace

std::string errorText(const Error& error)
{
    Error shown = error;
    if (error.code == Errc::MapTooLarge || error.code == Errc::NoSpace || error.code == Errc::MemoryLimit)
        shown.byte = 0; // it is a size there, said in the sentence
    return place(shown) + sentence(error);
}

std::string warningText(const Warning& warning)
{
    switch (warning.kind) {
    case Warning::Kind::SkippedInput:
        return "left out: " + errorText(warning.error);
    case Warning::Kind::BrokenInput:
        return errorText(warning.error) + " Reading it ended there; " + grouped(warning.kept) +
               (warning.kept == 1 ? " row of it is in." : " rows of it are in.");
    case Warning::Kind::InputCut:
        return errorText(warning.error) + " All packets before it are in.";
    case Warning::Kind::InputGrew:
        return place(warning.error) + "the file grew while it was read; what was added late is not in.";
    case Warning::Kind::InputRewritten:
        return place(warning.error) +
               "the file was written to while it was read; its rows may be partly old.";
    case Warning::Kind::InputReplaced:
        return place(warning.error) +
               "another file got this name while the old one was read; the old one is in.";
    case Warning::Kind::NothingKept:
        return "no row was kept: the dataset is empty. Look at the inputs and filters.";
    case Warning::Kind::NotRemoved:
        return place(warning.error) +
               "what an older dataset or an unfinished run left could not be removed: " +
               printable(warning.error.detail) + ".";
    case Warning::Kind::ForeignLeftover:
        return place(warning.error) + "looks like what a run left, but holds what no run wrote" +
               (warning.error.detail.empty() ? std::string() : " (" + printable(warning.error.detail) + ")") +
               "; it stays.";
    case Warning::Kind::TimesWithoutZone:
        return place(warning.error) + "its times say no time zone; they are read as UTC.";
    case Warning::Kind::TimesWithoutDate:
        return place(warning.error) + "its times say no date; they are shown as those of 1970-01-01.";
    case Warning::Kind::DayOrMonth:
        return place(warning.error) +
               "its dates do not tell the day from the month; the day is taken to come "
               "first.";
    case Warning::Kind::NoDirections:
        return place(warning.error) +
               "it does not say which end sent what; what addresses and pairs sent and "
               "received is too little.";
    case Warning::Kind::TrailingGarbage:
        break;
    }
    return place(warning.error) +
           "bytes after the end of the compressed data were left out. All rows before them "
           "were read; the file may have been "
           "copied or joined badly.";
}

std::string spaceText(std::uint64_t needed, std::uint64_t available)
{
    return "the dataset will need about " + humanBytes(needed) + ", and " + humanBytes(available) +
           " are free there.";
}

} // namespace packetloom
