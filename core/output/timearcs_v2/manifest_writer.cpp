// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/manifest_writer.h"

#include "core/output/timearcs_v2/json_parts.h"
#include "core/support/version.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace packetloom {
namespace {

constexpr std::int64_t microsecondsPerMinute = 60'000'000;

// Toward minus infinity, and none for 0: the reference asks for the bound's truth.
std::optional<std::int64_t> minutes(std::optional<std::int64_t> microseconds)
{
    if (!microseconds || *microseconds == 0)
        return std::nullopt;
    const auto quotient = *microseconds / microsecondsPerMinute;
    return *microseconds % microsecondsPerMinute < 0 ? quotient - 1 : quotient;
}

template <class Writer>
void writeSources(const std::vector<std::string>& files, Writer& json)
{
    json.key("source_file");
    if (files.size() == 1)
        json.value(files.front());
    else
        json.null();
    json.key("source_files").beginArray();
    for (const auto& file : files)
        json.value(file);
    json.endArray();
}

template <class Writer>
void writeFilter(const Manifest& manifest, Writer& json)
{
    json.key("filter_applied").beginObject();
    json.key("ips");
    if (manifest.addressFilter.empty()) {
        json.null();
    } else {
        const std::string_view list = manifest.addressFilter;
        json.beginArray();
        for (std::size_t begin = 0; begin <= list.size();) {
            const auto comma = std::min(list.find(',', begin), list.size());
            json.value(list.substr(begin, comma - begin));
            begin = comma + 1;
        }
        json.endArray();
    }
    json.key("time_start_us").valueOrNull(manifest.window.start);
    json.key("time_end_us").valueOrNull(manifest.window.end);
    json.key("time_start_minutes").valueOrNull(minutes(manifest.window.start));
    json.key("time_end_minutes").valueOrNull(minutes(manifest.window.end));
    json.endObject();
}

} // namespace

void writeManifest(const Manifest& m, BufferedWriter& out)
{
    JsonWriter json(out, m.style);
    json.beginObject();
    json.member("version", "2.0");
    json.member("format", "chunked");
    json.member("created", m.created);
    writeSources(m.sourceFiles, json);
    json.member("total_packets", m.totalPackets);
    json.member("tcp_packets", m.tcpPackets);
    json.member("unique_ips", m.uniqueAddresses);
    json.member("total_flows", m.totalFlows);
    json.member("flows_per_chunk", m.flowsPerChunk);
    json.member("total_chunks", m.totalChunks);
    json.key("time_range").beginObject();
    json.member("start", m.firstTimestamp);
    json.member("end", m.lastTimestamp);
    json.member("duration",
                static_cast<std::uint64_t>(m.lastTimestamp) - static_cast<std::uint64_t>(m.firstTimestamp));
    json.endObject();
    json.key("structure").beginObject();
    json.member("packets", "packets.csv");
    json.member("flows_index", "flows/flows_index.json");
    json.member("flow_chunks", "flows/chunk_*.json");
    json.member("time_bins", "indices/bins.json");
    json.member("ip_stats", "ips/ip_stats.json");
    json.member("flag_stats", "ips/flag_stats.json");
    json.member("unique_ips", "ips/unique_ips.json");
    json.endObject();
    json.key("attack_context");
    if (m.attackContext.empty()) {
        json.null();
    } else {
        json.beginObject();
        json.member("type", m.attackContext);
        json.member("source", "attack_timearcs_selection");
        json.endObject();
    }
    writeFilter(m, json);
    json.key("converter").beginObject();
    json.member("name", PACKETLOOM_NAME);
    json.member("version", PACKETLOOM_VERSION);
    json.member("engine", "reference");
    writeRowCounts(json.key("rows"), m.rows);
    if (!m.addressFilter.empty() && m.filterEnds == FilterEnds::Both) // nothing that the reference could say
        json.member("filter_ends", "both");
    if (!m.filter.empty())
        json.member("filter", m.filter);
    if (m.tunnels != Tunnels::Inner)
        json.member("tunnels", m.tunnels == Tunnels::Outer ? "outer" : "each");
    if (m.skipBroken)
        json.member("skip_broken", true);
    if (!m.incomplete.empty()) {
        json.key("incomplete_inputs").beginArray();
        for (const auto& input : m.incomplete) {
            json.beginObject();
            json.member("file", input.file);
            json.member("rows_kept", input.kept);
            json.endObject();
        }
        json.endArray();
    }
    json.endObject();
    json.endObject();
}

std::string localTimestamp()
{
    using namespace std::chrono;
    const auto now = system_clock::now();
    const auto seconds = system_clock::to_time_t(now);
    const auto fraction = duration_cast<microseconds>(now.time_since_epoch()).count() % 1'000'000;
    std::tm local{};
#ifdef _WIN32
    localtime_s(&local, &seconds);
#else
    localtime_r(&seconds, &local);
#endif
    std::array<char, 32> day{};
    const auto length = std::strftime(day.data(), day.size(), "%Y-%m-%dT%H:%M:%S", &local);
    auto digits = std::to_string(fraction);
    digits.insert(0, 6 - std::min<std::size_t>(digits.size(), 6), '0');
    return std::string(day.data(), length) + '.' + digits;
}

} // namespace packetloom
