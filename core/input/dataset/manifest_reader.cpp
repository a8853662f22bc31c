// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/manifest_reader.h"

#include "core/input/dataset/dataset_elements.h"
#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/json_fields.h"

#include <limits>

namespace packetloom {
namespace {

constexpr std::uint64_t largestManifest = std::uint64_t{64} << 20;

// A list of texts; nothing for null.
std::optional<std::vector<std::string>> texts(JsonFields& fields, std::string_view key)
{
    auto array = fields.arrayOrNull(key);
    if (!array)
        return std::nullopt;
    std::vector<std::string> list;
    for (auto element : *array) {
        std::string_view raw;
        if (element.raw_json_token().get(raw) != simdjson::SUCCESS) {
            fields.unfit(key, "no list of texts");
            break;
        }
        raw = raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1);
        const bool quoted = raw.size() >= 2 && raw.front() == '"' && raw.back() == '"';
        auto text = quoted ? unescapedJson(raw.substr(1, raw.size() - 2)) : std::nullopt;
        if (!text) {
            fields.unfit(key, "no list of texts");
            break;
        }
        list.push_back(*std::move(text));
    }
    return list;
}

std::vector<IncompleteInput> incompleteInputs(JsonFields& fields)
{
    constexpr std::string_view key = "incomplete_inputs";
    std::vector<IncompleteInput> inputs;
    auto array = fields.array(key);
    if (!array)
        return inputs;
    for (auto element : *array) {
        simdjson::ondemand::object object;
        if (element.get(object) != simdjson::SUCCESS) {
            fields.unfit(key, "no list of objects");
            break;
        }
        JsonFields input = fields.in(object);
        auto file = input.bytesOrNull("file").value_or("");
        inputs.push_back({std::move(file), input.count("rows_kept")});
        if (!input.intact())
            break;
    }
    return inputs;
}

std::string joined(const std::vector<std::string>& list)
{
    std::string text;
    for (std::size_t i = 0; i < list.size(); ++i)
        text.append(i == 0 ? "" : ",").append(list[i]);
    return text;
}

RecordedManifest manifestFrom(JsonFields& fields)
{
    RecordedManifest recorded;
    Manifest& m = recorded.manifest;
    m.created = fields.bytesOrNull("created").value_or("");
    m.sourceFiles = texts(fields, "source_files").value_or(std::vector<std::string>());
    m.totalPackets = fields.count("total_packets");
    m.tcpPackets = fields.count("tcp_packets");
    m.uniqueAddresses = fields.count("unique_ips");
    m.totalFlows = fields.count("total_flows");
    m.flowsPerChunk = fields.count("flows_per_chunk");
    m.totalChunks = fields.count("total_chunks");
    if (const auto object = fields.object("time_range")) {
        JsonFields range = fields.in(*object);
        m.firstTimestamp = range.integer("start");
        m.lastTimestamp = range.integer("end");
    }
    if (const auto object = fields.objectOrNull("attack_context"))
        m.attackContext = fields.in(*object).bytesOrNull("type").value_or("");
    if (const auto object = fields.object("filter_applied")) {
        JsonFields filter = fields.in(*object);
        m.addressFilter = joined(texts(filter, "ips").value_or(std::vector<std::string>()));
        m.window.start = filter.integerOrNull("time_start_us");
        m.window.end = filter.integerOrNull("time_end_us");
    }
    m.rows = {.read = m.totalPackets, .kept = m.totalPackets};
    if (!fields.has("converter"))
        return recorded;
    recorded.rowsKnown = true;
    const auto converter = fields.object("converter");
    if (!converter)
        return recorded;
    JsonFields made = fields.in(*converter);
    if (const auto object = made.object("rows")) {
        JsonFields rows = fields.in(*object);
        m.rows.read = rows.count("read");
        m.rows.kept = rows.count("kept");
        m.rows.filtered = rows.count("filtered");
        m.rows.rejected = rows.count("rejected");
        if (rows.has("not_ip"))
            m.rows.notIp = rows.count("not_ip");
    }
    if (made.has("filter"))
        m.filter = made.text("filter");
    if (made.has("filter_ends") && made.text("filter_ends") == "both")
        m.filterEnds = FilterEnds::Both;
    if (made.has("tunnels")) {
        const auto tunnels = made.text("tunnels");
        m.tunnels = tunnels == "outer" ? Tunnels::Outer : tunnels == "each" ? Tunnels::Each : Tunnels::Inner;
    }
    m.skipBroken = made.booleanIfAny("skip_broken");
    if (made.has("incomplete_inputs"))
        m.incomplete = incompleteInputs(made);
    return recorded;
}

// What does not fit within the manifest; empty when all does.
std::string contradiction(const RecordedManifest& recorded)
{
    const Manifest& m = recorded.manifest;
    const RowCounts& rows = m.rows;
    if (m.flowsPerChunk == 0 || m.flowsPerChunk > std::uint64_t{std::numeric_limits<std::int64_t>::max()})
        return "\"flows_per_chunk\" is no size of a chunk";
    if (m.tcpPackets > m.totalPackets)
        return "\"tcp_packets\" is more than \"total_packets\"";
    if (rows.kept != m.totalPackets)
        return "\"kept\" is not \"total_packets\"";
    std::uint64_t rest = rows.read;
    for (const auto part : {rows.kept, rows.filtered, rows.rejected, rows.notIp}) {
        if (part > rest)
            return "\"read\" is less than its parts";
        rest -= part;
    }
    if (rest > 0)
        return "\"read\" is more than its parts";
    return {};
}

} // namespace

Result<RecordedManifest> readManifest(const std::filesystem::path& folder)
{
    const auto file = folder / "manifest.json";
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored))
        return Error{.code = Errc::NotADataset, .detail = {}, .file = folder, .stage = Stage::Prepare};
    // Brackets and commas first, also where no member is asked for.
    if (auto whole = forEachElement(
            file, JsonElements::Shape::Object, [](auto) { return true; },
            [](const auto&) -> Result<void> { return {}; });
        !whole)
        return std::move(whole).error();
    auto text = readWhole(file, largestManifest, Errc::DatasetSyntax, JsonElements::padding);
    if (!text) {
        Error error = std::move(text).error();
        if (error.code == Errc::DatasetSyntax)
            error.detail = "it is too large";
        return error;
    }
    text->append(JsonElements::padding, '\0');
    JsonParser parser;
    const auto object =
        parser.object(std::string_view(*text).substr(0, text->size() - JsonElements::padding));
    if (!object)
        return datasetSyntax(file, "it is not valid JSON");
    std::string problem;
    JsonFields fields(*object, problem);
    const bool chunked = fields.has("format") && fields.bytesOrNull("format") == "chunked";
    if (!chunked && problem.empty())
        return Error{.code = Errc::NotADataset,
                     .detail = "its manifest.json is that of something else",
                     .file = folder,
                     .stage = Stage::Prepare};
    auto recorded = manifestFrom(fields);
    if (!problem.empty())
        return datasetSyntax(file, std::move(problem));
    if (auto wrong = contradiction(recorded); !wrong.empty())
        return datasetMismatch(file, std::move(wrong));
    return recorded;
}

} // namespace packetloom
