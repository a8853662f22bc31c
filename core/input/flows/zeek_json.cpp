// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/line_reader.h"
#include "core/input/flows/table_text.h"
#include "core/input/flows/zeek.h"
#include "core/input/flows/zeek_rules.h"

#include <algorithm>
#include <simdjson.h>

namespace packetloom {
namespace {

namespace json = simdjson::ondemand;

class ZeekJsonSource final : public FlowSource
{
public:
    explicit ZeekJsonSource(FlowTableBytes bytes)
        : FlowSource(std::move(bytes.source)), lines_(source(), bytes.blockSize), interpreter_(zeekRules())
    {
        static_assert(LineReader::padding >= simdjson::SIMDJSON_PADDING);
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
            row.line = lines_.line();
            row.raw = line.substr(0, rawShown);
            row.column = {};
            if (lines_.tooLong())
                row.rejected = RejectReason::RowTooLong;
            else if (!split(line))
                row.rejected = RejectReason::NotAnObject;
            else
                interpreter_.interpret(fields_, row);
            return Step::Row;
        }
    }
    [[nodiscard]] FlowDoubts doubts() const override { return interpreter_.doubts(); }

private:
    // False when it is no object.
    bool split(std::string_view line)
    {
        fields_ = {};
        const auto& names = zeekRules().names;
        best_.fill(names.size());
        json::document document;
        json::object object;
        if (parser_.iterate(line.data(), line.size(), line.size() + LineReader::padding).get(document) ||
            document.get_object().get(object))
            return false;
        for (auto member : object) {
            std::string_view key;
            json::value value;
            if (member.unescaped_key().get(key) || member.value().get(value))
                return false;
            const auto known = std::find_if(names.begin(), names.end(),
                                            [&](const FieldName& one) { return one.name == key; });
            if (known != names.end() && !take(value, *known, static_cast<std::size_t>(known - names.begin())))
                return false;
        }
        const char* behind = nullptr;
        return document.current_location().get(behind) == simdjson::OUT_OF_BOUNDS; // nothing is
    }

    bool take(json::value value, const FieldName& name, std::size_t rank)
    {
        json::json_type type{};
        if (value.type().get(type))
            return false;
        std::string_view text;
        if (type == json::json_type::string) {
            if (value.get_string().get(text))
                return false;
        } else if (type == json::json_type::number) { // as it stands: a double would round it
            text = value.raw_json_token();
            text = text.substr(0, std::min(text.find_first_of(" \t\r\n"), text.size()));
        } else {
            return true;
        }
        auto& better = best_[static_cast<std::size_t>(name.field)];
        if (rank < better) {
            better = rank;
            fields_[name.field] = text;
        }
        return true;
    }

    LineReader lines_;
    FlowInterpreter interpreter_;
    json::parser parser_;
    FlowFields fields_;
    std::array<std::size_t, flowFieldCount> best_{}; ///< the rank of the name that a field's text has
};

} // namespace

// No other log of Zeek has both ends and the state of a connection.
bool recogniseZeekJson(std::string_view head)
{
    std::string_view line;
    while (!head.empty() && line.empty())
        line = trimmed(takeLine(head));
    const auto has = [&](std::string_view text) { return line.find(text) != std::string_view::npos; };
    return line.starts_with('{') && has("\"ts\"") && has("\"id.orig_h\"") && has("\"id.resp_h\"") &&
           has("\"conn_state\"");
}

Result<std::unique_ptr<FlowSource>> openZeekJson(FlowTableBytes bytes)
{
    return std::unique_ptr<FlowSource>(std::make_unique<ZeekJsonSource>(std::move(bytes)));
}

} // namespace packetloom
