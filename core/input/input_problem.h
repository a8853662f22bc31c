// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/column_map.h"
#include "core/input/input_spec.h"
#include "core/model/reject_reason.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packetloom {

class IpMap;
struct CaptureFacts;

/// Why it is doubtful that an input is what it is taken for.
enum class ProblemCode : std::uint8_t {
    ColumnsUnknown,  ///< required columns are not known: `columns`; suggestion
    TimeColumn,      ///< the times were found by what is in them, under the name `text`
    TimeRange,       ///< read in `unit`, `time` lies outside the years of captures; better, if there is one
    TimeUnreadable,  ///< times like `text` are not what the reference's CSV has; better
    TimeRelative,    ///< times count from a start that nothing tells
    TimeZone,        ///< times do not say their zone and are taken as UTC: `text`
    TimeBackward,    ///< in `rows` of `of` rows time is more than a second behind what was before
    AllRejected,     ///< all first rows are rejected, the first one for `reason`
    FlagsRange,      ///< flags like `text` have more than twelve bits
    FlagsUnreadable, ///< flags like `text` cannot be read and count as none
    NoProtocol,      ///< no column says the protocol, so no packet is TCP
    NoPorts,         ///< `rows` of `of` rows say neither ports nor protocol, like `text`
    OneSided,        ///< all `of` TCP packets go from one end of each pair to the other
    NoMap,           ///< addresses are ids, and there is no map
    MapMatchesNone,  ///< the map knows none of `of` ids, such as `text`
    MapLacksSome,    ///< the map lacks `rows` of `of` ids, such as `text`
    SameFile,        ///< the same file as `file`
    OtherUnit,       ///< times in `unit`, and those of `file` in `better`
};
inline constexpr std::size_t problemCodeCount = 18;

/// What was seen of it. Texts are from the file: hostile.
struct InputProblem
{
    ProblemCode code{};
    std::string text{};
    std::string suggestion{}; ///< a ColumnMapping
    std::vector<Column> columns{};
    TimeUnit unit = TimeUnit::Sniffed, better = TimeUnit::Sniffed; ///< Sniffed: none
    std::int64_t time = 0;                                         ///< microseconds since the epoch
    std::size_t rows = 0, of = 0;
    RejectReason reason{};
    std::filesystem::path file{};

    /// The input cannot be read before it is cured.
    [[nodiscard]] bool blocks() const { return code == ProblemCode::ColumnsUnknown; }
};

/// A stable name for machines: "time_range".
std::string_view problemKey(ProblemCode code);

/// What the ids of an input have against a map; `map` is null when there is none.
std::vector<InputProblem> mapProblems(const CaptureFacts& facts, const IpMap* map);

/// An input, what is known of it (null for nothing) and the IP map by which it is read (none when empty).
struct KnownInput
{
    std::filesystem::path file{};
    std::shared_ptr<const CaptureFacts> facts{};
    std::filesystem::path ipMap{};
};
using KnownInputs = std::vector<KnownInput>;

/// What inputs that are read together have against each other: problems[i] are those of the i-th.
struct InspectedInput
{
    std::filesystem::path file;
    const CaptureFacts* facts = nullptr; ///< null when it cannot be read
};
std::vector<std::vector<InputProblem>> problemsBetween(std::span<const InspectedInput> inputs);

} // namespace packetloom
