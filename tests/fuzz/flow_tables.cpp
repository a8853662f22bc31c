// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"
#include "core/analysis/narrowed_packets.h"
#include "core/analysis/open_flow_table.h"
#include "core/input/input_format.h"
#include "core/support/utf8.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <array>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::array<std::size_t, 6> blockSizes{1, 2, 7, 64, 300, 65536};
// What rows are put behind; the last one has its own, or is gzip.
constexpr std::array<const char*, 6> headers{
    "#separator "
    "\\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\t"
    "proto\tservice\tduration\tconn_state\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_bytes\n",
    "{\"ts\":1,\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\",\"conn_state\":\"SF\"}\n",
    "ts,te,td,sa,da,sp,dp,pr,flg,ipkt,ibyt,opkt,obyt\n",
    "StartTime,Dur,Proto,SrcAddr,Sport,DstAddr,Dport,TotPkts,SrcPkts,TotBytes,State\n",
    "Source IP, Source Port,Destination IP,Destination Port,Protocol,Timestamp,Flow Duration,Total Fwd "
    "Packets\n",
    ""};

struct Row
{
    std::uint64_t line;
    std::optional<RejectReason> rejected;
    std::string source, destination;
    std::int64_t start, end;

    friend bool operator==(const Row&, const Row&) = default;
};

std::vector<Row> rowsOf(const std::filesystem::path& file, const FlowTableFormat& format,
                        std::size_t blockSize, bool& good)
{
    std::vector<Row> rows;
    auto bytes = openByteSource(file, blockSize);
    require(bytes.has_value(), "what was opened can be opened again");
    auto source = format.open({.file = file, .source = *std::move(bytes), .blockSize = blockSize});
    require(source.has_value(), "a table that was recognised can be opened");
    FlowRow row;
    for (;;) {
        const auto step = (*source)->next(row);
        good = step == FlowSource::Step::End;
        if (step != FlowSource::Step::Row)
            return rows;
        const FlowRecord& record = row.record;
        if (row.rejected) {
            rows.push_back({row.line, row.rejected, {}, {}, 0, 0});
            continue;
        }
        require(record.start <= record.end, "a flow ends after it began");
        require(!record.source.empty() && !record.destination.empty(), "a flow has two ends");
        require(isUtf8(record.source) && isUtf8(record.destination), "addresses are UTF-8");
        rows.push_back({row.line, std::nullopt, std::string(record.source), std::string(record.destination),
                        record.start, record.end});
    }
}

} // namespace

/// A table of flows is read to the same rows whatever the blocks, and opens with all of them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    FuzzInput input(data, size);
    const auto blockSize = blockSizes[input.byte() % blockSizes.size()];
    std::string text = headers[input.byte() % headers.size()];
    text += input.text();
    const auto file = folder.write("flows", text);
    const auto* const format = flowTableFormatOf(file);
    const auto goOn = [](const Progress&) { return true; };
    const auto opened = openFlowTable(file, goOn);
    if (!format) {
        require(!opened, "what nobody recognises is not opened");
        return 0;
    }
    require(!openInput({.file = file}, blockSize), "a table of flows is no capture");
    bool good = false, goodInPieces = false;
    const auto rows = rowsOf(file, *format, headBytes, good);
    const auto inPieces = rowsOf(file, *format, blockSize, goodInPieces);
    // What cannot be unpacked to the end may end earlier or later.
    require(good == goodInPieces, "blocks do not decide whether a table can be read");
    require(!good || rows == inPieces, "blocks do not decide what is in a table");
    require(opened.has_value() == good, "what can be read can be opened");
    if (!opened)
        return 0;
    const FlowTableAnalysis& analysis = **opened;
    require(analysis.totals.rows.read == rows.size(), "every row is counted");
    require(analysis.totals.rows.kept + analysis.totals.rows.rejected == rows.size(),
            "a row is kept or rejected");
    require(analysis.flows.size() == analysis.totals.rows.kept, "every kept row is a flow");
    std::size_t flow = 0;
    for (const Row& row : rows) {
        if (row.rejected)
            continue;
        require(analysis.addresses.text(analysis.flows.source(flow)) == row.source &&
                    analysis.addresses.text(analysis.flows.destination(flow)) == row.destination &&
                    analysis.flows.start(flow) == row.start && analysis.flows.end(flow) == row.end,
                "flows are those of the rows, in their order");
        ++flow;
    }
    for (int column = 0; column < flowColumnCount; ++column) {
        const FlowQuery query{.sort = {{static_cast<FlowColumn>(column)}}};
        require(selectFlows(analysis, query)->size() == analysis.flows.size(), "sorting loses no flow");
    }
    const auto all = narrowPackets(
        analysis, {.interval = std::pair(analysis.totals.firstTimestamp, analysis.totals.lastTimestamp)});
    require(all.has_value() && (*all)->totals.flows == analysis.flows.size(), "all overlap the whole");
    require((*all)->addressStats.inOrder().size() == analysis.addressStats.inOrder().size() &&
                (*all)->pairs.size() == analysis.pairs.size(),
            "the whole as an interval has the same addresses and pairs");
    return 0;
}
