// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/row_counts.h"
#include "core/output/timearcs_v2/json_writer.h"
#include "core/stats/address_stats.h"
#include "core/stats/flag_stats.h"
#include "core/stats/time_bins.h"

#include <vector>

namespace packetloom {

// What the dataset and the report of the command line say with the same words.

/// {"read", "kept", "filtered", "rejected"}, and "not_ip" where there is any
template <class Out>
void writeRowCounts(JsonWriter<Out>& json, const RowCounts& rows)
{
    json.beginObject();
    json.member("read", rows.read);
    json.member("kept", rows.kept);
    json.member("filtered", rows.filtered);
    json.member("rejected", rows.rejected);
    if (rows.notIp > 0)
        json.member("not_ip", rows.notIp);
    json.endObject();
}

/// The members of an address's object, which is open.
template <class Out>
void writeCounters(JsonWriter<Out>& json, const AddressCounters& counters)
{
    json.member("sent_packets", counters.sentPackets);
    json.member("recv_packets", counters.receivedPackets);
    json.member("sent_bytes", counters.sentBytes);
    json.member("recv_bytes", counters.receivedBytes);
    json.member("first_ts", counters.firstTimestamp);
    json.member("last_ts", counters.lastTimestamp);
}

/// {"SYN": 12, ...}
template <class Out>
void writeFlagCounts(JsonWriter<Out>& json, const std::vector<FlagStats::Count>& counts)
{
    json.beginObject();
    for (const auto& count : counts)
        json.member(count.name, count.packets);
    json.endObject();
}

/// [{"bin", "start", "end", "count"}, ...]
template <class Out>
void writeBins(JsonWriter<Out>& json, const std::vector<TimeBin>& bins)
{
    json.beginArray();
    for (std::size_t i = 0; i < bins.size(); ++i) {
        json.beginObject();
        json.member("bin", i);
        json.member("start", bins[i].start);
        json.member("end", bins[i].end);
        json.member("count", bins[i].packets);
        json.endObject();
    }
    json.endArray();
}

} // namespace packetloom
