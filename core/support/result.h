// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace packetloom {

/// What went wrong, as a code. Sentences for people are made from it in app/ and ui/, where they can be
/// translated; `Error::detail` only carries what cannot be known from the code: a system message, a column,
/// an entry; and `Error::facts` what is more than one text.
enum class Errc : std::uint8_t {
    Open,        ///< cannot be opened; detail: the system's reason
    IsDirectory, ///< a folder where a file is needed
    NotRegular,  ///< a pipe or the like where a file is needed; facts: FileKind
    Read,        ///< a read failed; detail: the system's reason
    InputShrank, ///< the input became shorter while it was read
    Inflate,     ///< compressed data is corrupt at `byte`; detail: the reason; facts: Compression
    InflateEnd,  ///< compressed data is cut off at `byte` of the file; facts: Compression
    Empty,       ///< a capture without a byte, or with blank lines alone
    Binary,      ///< not text; detail: what it looks like, if that is known ("pcap", "zip", ...)
    Utf16,       ///< UTF-16 text
    Header,      ///< required columns are missing; facts: HeaderColumns; detail: a ColumnMapping to try
    CaptureCut, ///< a packet capture ends inside its header, or inside packet `line`, which begins at `byte`;
                ///< facts: Compression, where that is cut off
    CaptureRecord,     ///< packet `line` of a capture would begin at `byte`, and its length (detail) is
                       ///< impossible
    CaptureVersion,    ///< a version of pcap or pcapng that nobody knows (detail), at `byte`
    CaptureInterfaces, ///< a pcapng file describes more interfaces than are kept in memory; detail: how many
                       ///< are
    ColumnMapping,     ///< what was said of a table's columns cannot be; detail: the entry or the name
    FlowTable,       ///< a table of flows where packets are needed; detail: its kind (FlowTableFormat::name)
    NotAFlowTable,   ///< no table of flows of any kind that is known
    MapSyntax,       ///< the IP map is not JSON; detail: the parser's reason
    MapShape,        ///< the IP map is not a JSON object
    MapValue,        ///< an id of the IP map is not an integer; detail: the address
    MapTooLarge,     ///< the IP map is larger than `ipMapLimit` bytes; byte: its size
    FilterEntry,     ///< a block in the address filter is none; detail: the entry
    FilterText,      ///< the filter is none; detail: its text, of which parseCaptureFilter() says why
    TimeWindow,      ///< the time window ends before it starts
    Option,          ///< an option has an impossible value; facts: which
    NoInput,         ///< no capture was named, or all of them were skipped
    Write,           ///< a write failed; detail: the system's reason
    NoSpace,         ///< the disk is full
    NoRoomForFiles,  ///< the disk has room, but not for one more file
    TemporaryFolder, ///< the folder for temporary files cannot be used; detail: the system's reason
    Exists,          ///< the output folder holds what is no dataset's; detail: the first such entry
    InTheWay,        ///< what is no dataset's stands where a file of it must go; detail: the entry
    NotAFolder,      ///< the output path is a file
    NotAFile,        ///< the output path is none that a file can be put at; facts: FileKind
    FileExists,      ///< the output file is there, and is not to be replaced
    OutputIsInput,   ///< the output file is an input; detail: the input
    DanglingLink,    ///< the output path is a link to nothing; detail: where it leads
    MountPoint,      ///< something is mounted on the output folder or in it; detail: where in it
    RootFolder,      ///< the output folder would be the root
    HomeFolder,      ///< the output folder would be the home folder, or one that holds it
    CurrentFolder,   ///< the output folder would be the current folder, or one that holds it
    NotMovable,      ///< the output folder cannot be given another name; detail: the system's reason
    InUse,           ///< another process writes to the output folder; detail: who it is, if that is known
    NotALock,        ///< what stands at the lock file's name is none of ours
    InputInOutput,   ///< an input lies inside the folder that would be replaced; detail: the input
    FolderChanged,   ///< what came into the output folder meanwhile (detail: its path) keeps it from being
                     ///< replaced; file: where the finished dataset is instead
    NothingKept,     ///< no row was kept, and there is an older dataset that is not given up for that
    NotExact,    ///< a figure of the exact engine was asked for, which does not tell of these flows; detail:
                 ///< its name
    NotADataset, ///< a folder without a dataset's manifest.json; detail: why the one there is none
    DatasetSyntax,   ///< a file of a dataset is not the JSON expected (near `byte`); detail: what is wrong
    DatasetMismatch, ///< a file of a dataset is missing or says what another does not; detail: what
    JsonSyntax,      ///< a session or selection file is not JSON (at `byte`); detail: the parser's reason
    JsonShape, ///< a session or selection file lacks a member, or it is of the wrong kind; detail: which
    Job, ///< a job cut into tasks, or a file of it, cannot be used; facts: JobTrouble; detail: see there
    MemoryLimit, ///< more memory than allowed; byte: the limit; facts: MemoryTakers
    Cancelled,   ///< the heartbeat asked to stop
    Internal,    ///< out of memory, or a defect; detail: what is known
};

/// When it went wrong. Before anything was written, the user has to change what was asked for; later,
/// something failed.
enum class Stage : std::uint8_t { Prepare, Run };

enum class FileKind : std::uint8_t;    // core/support/file.h
enum class OptionId : std::uint8_t;    // core/run/option_table.h
enum class Compression : std::uint8_t; // core/input/bytes/byte_source.h
enum class JobTrouble : std::uint8_t;  // core/shard/job_trouble.h

/// A header that lacks columns. Of those found the first ones, each cut to some bytes: it can be hostile.
struct HeaderColumns
{
    std::vector<std::string> missing, found;
    bool more = false; ///< there are more than `found`
};

/// What was in memory when it was full.
struct MemoryTakers
{
    std::uint64_t addresses = 0, openFlows = 0;
};

using ErrorFacts =
    std::variant<std::monostate, FileKind, OptionId, HeaderColumns, MemoryTakers, Compression, JobTrouble>;

/// What Error::line and other places in inputs count.
enum class RowUnit : std::uint8_t {
    Line,   ///< physical lines of a text
    Packet, ///< frames of a packet capture
};

struct Error
{
    Errc code = Errc::Internal;
    std::string detail;
    std::filesystem::path file;
    std::uint64_t byte = 0; ///< offset in the file on disk; 0 when it has no meaning
    std::uint64_t line = 0; ///< 1-based physical line, or whatever `unit` says; 0 when it has no meaning
    Stage stage = Stage::Run;
    ErrorFacts facts{}; ///< by code
    RowUnit unit = RowUnit::Line;
};

/// Either a value or an Error: the part of std::expected (C++23) that we use, with its member names.
template <class T>
class [[nodiscard]] Result
{
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// Calling these on the wrong alternative throws std::bad_variant_access: a defect of the caller.
    T& value() & { return std::get<0>(state_); }
    const T& value() const& { return std::get<0>(state_); }
    T&& value() && { return std::get<0>(std::move(state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    Error& error() & { return std::get<1>(state_); }
    const Error& error() const& { return std::get<1>(state_); }
    Error&& error() && { return std::get<1>(std::move(state_)); }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> : public Result<std::monostate>
{
public:
    Result() : Result<std::monostate>(std::monostate{}) {}
    using Result<std::monostate>::Result;
};

} // namespace packetloom
