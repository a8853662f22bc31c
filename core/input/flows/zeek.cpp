// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/zeek.h"
#include "core/input/flows/line_reader.h"
#include "core/input/flows/table_text.h"
#include "core/input/flows/zeek_rules.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";

/// What the lines with "#" say.
struct ZeekHeader
{
    char separator = '\t';
    std::string unset = "-", empty = "(empty)", path;
    std::vector<std::string> fields;

    /// A line that begins with "#". True when it names the fields.
    bool take(std::string_view line)
    {
        constexpr std::string_view separatorIs = "#separator ";
        if (line.starts_with(separatorIs)) {
            const auto value = line.substr(separatorIs.size());
            unsigned code = 0;
            if (value.size() == 1)
                separator = value[0];
            else if (value.starts_with("\\x") &&
                     std::from_chars(value.data() + 2, value.data() + value.size(), code, 16).ec ==
                         std::errc() &&
                     code > 0 && code < 128)
                separator = static_cast<char>(code);
            return false;
        }
        const auto end = line.find(separator);
        const auto key = line.substr(0, end);
        const auto value = end == std::string_view::npos ? std::string_view() : line.substr(end + 1);
        if (key == "#unset_field")
            unset = value;
        else if (key == "#empty_field")
            empty = value;
        else if (key == "#path")
            path = value;
        else if (key == "#fields")
            split(value);
        return key == "#fields";
    }
    [[nodiscard]] bool has(std::string_view name) const
    {
        return std::find(fields.begin(), fields.end(), name) != fields.end();
    }
    [[nodiscard]] bool isConn() const
    {
        return path == "conn" && has("ts") && has("id.orig_h") && has("id.resp_h");
    }

private:
    void split(std::string_view line)
    {
        fields.clear();
        for (;;) {
            const auto end = line.find(separator);
            fields.emplace_back(line.substr(0, end));
            if (end == std::string_view::npos)
                return;
            line.remove_prefix(end + 1);
        }
    }
};

class ZeekSource final : public FlowSource
{
public:
    explicit ZeekSource(FlowTableBytes bytes)
        : FlowSource(std::move(bytes.source)), lines_(source(), bytes.blockSize), interpreter_(zeekRules())
    {
    }

    Step next(FlowRow& row) override
    {
        for (;;) {
            const auto step = lines_.next();
            if (step == LineReader::Step::Failed)
                return failed(lines_.error());
            if (step == LineReader::Step::End)
                return Step::End;
            const auto line = lines_.text();
            if (trimmed(line).empty())
                continue;
            if (line.starts_with('#') && !lines_.tooLong()) {
                if (header_.take(line))
                    place();
                continue;
            }
            row.line = lines_.line();
            row.raw = line.substr(0, rawShown);
            row.column = {};
            take(line, row);
            return Step::Row;
        }
    }
    [[nodiscard]] FlowDoubts doubts() const override { return interpreter_.doubts(); }

private:
    // Where in a row each field stands.
    void place()
    {
        const auto& names = zeekRules().names;
        places_.assign(header_.fields.size(), names.size());
        std::array<std::size_t, flowFieldCount> best;
        best.fill(names.size());
        for (std::size_t name = names.size(); name-- > 0;) {
            if (header_.has(names[name].name))
                best[static_cast<std::size_t>(names[name].field)] = name;
        }
        for (std::size_t i = 0; i < header_.fields.size(); ++i) {
            for (const std::size_t name : best) {
                if (name < names.size() && names[name].name == header_.fields[i])
                    places_[i] = name;
            }
        }
    }

    void take(std::string_view line, FlowRow& row)
    {
        if (lines_.tooLong())
            row.rejected = RejectReason::RowTooLong;
        else if (line.find('\0') != std::string_view::npos)
            row.rejected = RejectReason::NulByte;
        else if (const auto count = split(line); count != header_.fields.size())
            row.rejected =
                count < header_.fields.size() ? RejectReason::TooFewFields : RejectReason::TooManyFields;
        else
            interpreter_.interpret(fields_, row);
    }

    // How many fields the line has.
    std::size_t split(std::string_view line)
    {
        fields_ = {};
        for (std::size_t i = 0;; ++i) {
            const auto end = line.find(header_.separator);
            const auto text = line.substr(0, end);
            if (i < places_.size() && places_[i] < zeekRules().names.size() && text != header_.unset)
                fields_[zeekRules().names[places_[i]].field] =
                    text == header_.empty ? std::string_view() : text;
            if (end == std::string_view::npos)
                return i + 1;
            line.remove_prefix(end + 1);
        }
    }

    LineReader lines_;
    FlowInterpreter interpreter_;
    ZeekHeader header_;
    std::vector<std::size_t> places_; ///< by field of a row: which of the names it has; their number for none
    FlowFields fields_;
};

} // namespace

bool recogniseZeek(std::string_view head)
{
    if (head.starts_with(byteOrderMark))
        head.remove_prefix(byteOrderMark.size());
    ZeekHeader header;
    while (head.starts_with('#'))
        header.take(takeLine(head));
    return header.isConn();
}

Result<std::unique_ptr<FlowSource>> openZeek(FlowTableBytes bytes)
{
    return std::unique_ptr<FlowSource>(std::make_unique<ZeekSource>(std::move(bytes)));
}

} // namespace packetloom
