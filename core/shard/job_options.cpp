// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/job_options.h"

#include "core/run/option_table.h"
#include "core/support/path_text.h"

#include <type_traits>
#include <variant>

namespace packetloom {
namespace {

template <class Value>
constexpr Value lastOf()
{
    if constexpr (std::is_same_v<Value, FilterEnds>)
        return FilterEnds::Both;
    else if constexpr (std::is_same_v<Value, JsonStyle>)
        return JsonStyle::Compact;
    else if constexpr (std::is_same_v<Value, Tunnels>)
        return lastTunnels;
    else if constexpr (std::is_same_v<Value, TimeUnit>)
        return TimeUnit::Text;
    else if constexpr (std::is_same_v<Value, Delimiter>)
        return Delimiter::Pipe;
    else
        return FlowsBy::Exact;
}

template <class Value>
Value readChoice(JsonFields& fields, std::string_view key)
{
    const std::uint64_t number = fields.count(key);
    if (number > static_cast<std::uint64_t>(lastOf<Value>())) {
        fields.unfit(key, "no choice");
        return {};
    }
    return static_cast<Value>(number);
}

template <class Value>
void writeValue(JsonWriter<TextBuffer>& json, const Value& value)
{
    if constexpr (std::is_same_v<Value, std::filesystem::path>)
        json.value(pathText(value));
    else if constexpr (std::is_enum_v<Value>)
        json.value(static_cast<unsigned>(value));
    else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
        json.valueOrNull(value);
    else
        json.value(value);
}

template <class Value>
Value readValue(JsonFields& fields, std::string_view key)
{
    if constexpr (std::is_same_v<Value, bool>)
        return fields.boolean(key);
    else if constexpr (std::is_same_v<Value, std::int64_t>)
        return fields.integer(key);
    else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
        return fields.integerOrNull(key);
    else if constexpr (std::is_same_v<Value, std::string>)
        return fields.bytesOrNull(key).value_or("");
    else if constexpr (std::is_same_v<Value, std::filesystem::path>)
        return pathFromText(fields.bytesOrNull(key).value_or(""));
    else
        return readChoice<Value>(fields, key);
}

} // namespace

void writeOptions(JsonWriter<TextBuffer>& json, const Options& options)
{
    json.beginObject();
    for (const auto& entry : optionTable) {
        json.key(entry.key);
        std::visit([&](const auto& value) { writeValue(json, value); }, valueOf(options, entry.id));
    }
    json.endObject();
}

void readOptions(JsonFields& fields, Options& options)
{
    for (const auto& entry : optionTable) {
        auto value = std::visit(
            [&](const auto& usual) -> OptionValue {
                using Value = std::decay_t<decltype(usual)>;
                return OptionValue(std::in_place_type<Value>, readValue<Value>(fields, entry.key));
            },
            defaultOf(entry.id));
        if (!fields.intact())
            return;
        setValue(options, entry.id, std::move(value));
    }
}

void writeSpec(JsonWriter<TextBuffer>& json, const InputSpec& spec)
{
    json.key("tunnels");
    writeValue(json, spec.tunnels);
    json.member("verify_checksums", spec.verifyChecksums);
    json.member("ip_map", pathText(spec.ipMap));
    json.member("columns", spec.columns);
    json.key("time_unit");
    writeValue(json, spec.timeUnit);
    json.key("time_base_us").valueOrNull(spec.timeBase);
    json.key("delimiter");
    writeValue(json, spec.delimiter);
    json.member("no_header", spec.noHeader);
}

InputSpec readSpec(JsonFields& fields)
{
    InputSpec spec;
    spec.tunnels = readValue<Tunnels>(fields, "tunnels");
    spec.verifyChecksums = fields.boolean("verify_checksums");
    spec.ipMap = readValue<std::filesystem::path>(fields, "ip_map");
    spec.columns = readValue<std::string>(fields, "columns");
    spec.timeUnit = readValue<TimeUnit>(fields, "time_unit");
    spec.timeBase = fields.integerOrNull("time_base_us");
    spec.delimiter = readValue<Delimiter>(fields, "delimiter");
    spec.noHeader = fields.boolean("no_header");
    return spec;
}

} // namespace packetloom
