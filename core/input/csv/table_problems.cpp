// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/table_problems.h"

#include "core/input/csv/row_interpreter.h"
#include "core/input/csv/time_text.h"
#include "core/input/csv/tokenized_fields.h"
#include "core/input/csv/translated_fields.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace packetloom {
namespace {

constexpr std::int64_t aSecond = 1'000'000;
constexpr std::int64_t mostFlags =
    0xfff;                             // RFC 9293, 3.1: a header has twelve bits of flags and reserved ones
constexpr std::size_t fewBackward = 3; // fewer are no lot
constexpr std::size_t fewRows = 20;    // of fewer, what all of them have in common says little
constexpr std::size_t longestText = 80, mostIds = 100;

bool isId(std::string_view text)
{
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string cut(std::string_view text)
{
    return std::string(text.substr(0, longestText));
}

/// The first rows of a table, one after the other.
class Inspection
{
public:
    Inspection(const SniffedTable& table, const InputSpec& spec, const ColumnMap& columns)
        : table_(table), spec_(spec), columns_(columns)
    {
    }

    template <class Fields>
    void add(const Fields& fields)
    {
        ++rows_;
        Packet packet;
        const auto verdict = interpretRow(fields, columns_, {}, packet);
        noteIds(fields);
        if (verdict.fate == RowFate::Rejected) {
            if (rejected_++ == 0)
                reason_ = verdict.reason;
            if (verdict.reason == RejectReason::TimestampUnreadable && badTime_.empty())
                badTime_ = cut(fields.text(columns_.index(Column::Timestamp)));
            return;
        }
        noteTime(packet.timestamp, fields.text(columns_.index(Column::Timestamp)));
        if (columns_.has(Column::Flags)) {
            const auto text = fields.text(columns_.index(Column::Flags));
            if (packet.flags.origin == TcpFlags::Origin::Missing && !isMissing(text) && badFlags_.empty())
                badFlags_ = cut(text);
            if ((packet.flags.bits > mostFlags || packet.flags.bits < 0) && wideFlags_.empty())
                wideFlags_ = cut(text);
        }
        if (table_.layout.info && !packet.hasProtocol)
            ++withoutPorts_;
        if (packet.isTcp())
            noteDirection(fields);
    }

    void tell(CaptureFacts& facts) const;

private:
    template <class Fields>
    void noteIds(const Fields& fields)
    {
        for (const auto column : {Column::SourceAddress, Column::DestinationAddress}) {
            auto text = fields.addressText(columns_.index(column));
            if (!isId(text) || ids_.size() >= mostIds)
                continue;
            text.remove_prefix(std::min(text.find_first_not_of('0'), text.size() - 1));
            ids_.emplace(text);
        }
    }
    template <class Fields>
    void noteDirection(const Fields& fields)
    {
        ++tcp_;
        const std::string source(fields.addressText(columns_.index(Column::SourceAddress)));
        const std::string destination(fields.addressText(columns_.index(Column::DestinationAddress)));
        auto& ways = ways_[std::minmax(source, destination)];
        (source < destination ? ways.first : ways.second) = true;
    }
    void noteTime(std::int64_t time, std::string_view text)
    {
        if (!first_) {
            first_ = time;
            newest_ = time;
        }
        if (!plausibleTime(time) && oddTime_.empty()) {
            odd_ = time;
            oddTime_ = cut(text);
        }
        // A table may hold any time: what lies before all that a second can be taken from is not before
        // another.
        constexpr auto least = std::numeric_limits<std::int64_t>::min();
        backward_ += newest_ >= least + aSecond && time < newest_ - aSecond;
        newest_ = std::max(newest_, time);
        if (table_.layout.unit == TimeUnit::Text && !table_.layout.reference && zone_.empty()) {
            auto said = ZoneSaid::Yes;
            if (parseDateTime(text, &said).usable() && said != ZoneSaid::Yes)
                zone_ = cut(text);
        }
    }
    void tellTimes(std::vector<InputProblem>& problems) const;

    const SniffedTable& table_;
    const InputSpec& spec_;
    const ColumnMap& columns_;
    std::size_t rows_ = 0, rejected_ = 0, tcp_ = 0, backward_ = 0, withoutPorts_ = 0;
    RejectReason reason_{};
    std::optional<std::int64_t> first_;
    std::int64_t newest_ = 0, odd_ = 0;
    std::string badTime_, oddTime_, zone_, badFlags_, wideFlags_;
    std::set<std::string> ids_;
    std::map<std::pair<std::string, std::string>, std::pair<bool, bool>>
        ways_; ///< by pair: seen that way, and the other
};

void Inspection::tellTimes(std::vector<InputProblem>& problems) const
{
    const auto& layout = table_.layout;
    if (table_.timeGuessed)
        problems.push_back({.code = ProblemCode::TimeColumn,
                            .text = cut(table_.header[layout.of(Column::Timestamp).front()])});
    const auto better = [&](const std::string& text) { return unitOf(text).value_or(TimeUnit::Sniffed); };
    if (table_.timeRelative)
        problems.push_back({.code = ProblemCode::TimeRelative, .text = oddTime_, .time = odd_});
    else if (!oddTime_.empty() && spec_.timeUnit == TimeUnit::Sniffed)
        problems.push_back({.code = ProblemCode::TimeRange,
                            .text = oddTime_,
                            .unit = layout.unit,
                            .better = better(oddTime_),
                            .time = odd_});
    if (!badTime_.empty() && rejected_ == rows_)
        problems.push_back({.code = ProblemCode::TimeUnreadable,
                            .text = badTime_,
                            .unit = layout.unit,
                            .better = better(badTime_)});
    if (!zone_.empty() && spec_.timeUnit == TimeUnit::Sniffed)
        problems.push_back({.code = ProblemCode::TimeZone, .text = zone_});
    if (backward_ >= fewBackward && backward_ * 10 > rows_)
        problems.push_back({.code = ProblemCode::TimeBackward, .rows = backward_, .of = rows_});
}

void Inspection::tell(CaptureFacts& facts) const
{
    auto& problems = facts.problems;
    facts.firstTimestamp = first_;
    facts.sampleIds.assign(ids_.begin(), ids_.end());
    facts.addressIds = !ids_.empty();
    tellTimes(problems);
    const std::size_t all = rows_ + table_.malformed;
    facts.sampled = all;
    facts.readable = rows_ - rejected_;
    if (all > 0 && rejected_ == rows_ && badTime_.empty())
        problems.push_back({.code = ProblemCode::AllRejected,
                            .of = all,
                            .reason = rows_ > 0 ? reason_ : RejectReason::TooFewFields});
    if (!wideFlags_.empty())
        problems.push_back({.code = ProblemCode::FlagsRange, .text = wideFlags_});
    if (!badFlags_.empty())
        problems.push_back({.code = ProblemCode::FlagsUnreadable, .text = badFlags_});
    if (rows_ > 0 && !columns_.has(Column::Protocol))
        problems.push_back({.code = ProblemCode::NoProtocol});
    if (withoutPorts_ > 0)
        problems.push_back({.code = ProblemCode::NoPorts, .rows = withoutPorts_, .of = rows_ - rejected_});
    const bool oneSided =
        std::ranges::none_of(ways_, [](const auto& ways) { return ways.second.first && ways.second.second; });
    if (tcp_ >= fewRows && oneSided)
        problems.push_back({.code = ProblemCode::OneSided, .of = tcp_});
}

} // namespace

void inspectTable(const SniffedTable& table, const InputSpec& spec, CaptureFacts& facts)
{
    facts.columns = table.header;
    facts.table = table.layout;
    facts.unit = table.layout.unit;
    const auto shown = std::min(table.rows.size(), inspectedRows);
    facts.firstRows.assign(table.rows.begin(), table.rows.begin() + static_cast<std::ptrdiff_t>(shown));
    if (!table.missing.empty()) {
        facts.problems.push_back(
            {.code = ProblemCode::ColumnsUnknown, .suggestion = table.suggestion, .columns = table.missing});
        return;
    }
    std::vector<std::string_view> views(table.header.begin(), table.header.end());
    const auto columns =
        table.layout.reference ? ColumnMap::fromHeader(views) : Result<ColumnMap>(table.layout.translated());
    if (!columns)
        return;
    for (std::size_t i = 0; i < columnCount; ++i) {
        if (!columns->has(static_cast<Column>(i)))
            facts.absent.push_back(static_cast<Column>(i));
    }
    Inspection inspection(table, spec, *columns);
    for (const auto& row : table.rows) {
        views.assign(row.begin(), row.end());
        const TokenizedFields fields(views);
        if (table.layout.reference)
            inspection.add(fields);
        else
            inspection.add(TranslatedFields(fields, table.layout));
    }
    inspection.tell(facts);
}

} // namespace packetloom
