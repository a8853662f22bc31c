// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/content_sniffer.h"
#include "core/input/csv/csv_sniffer.h"
#include "core/input/csv/table_problems.h"
#include "tests/core/input/capture_reading.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <array>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::array<std::size_t, 6> blockSizes{1, 7, 64, 300, 4096, 65536};
constexpr std::array<const char*, 4> mappings{"", "timestamp=1,src_ip=2,dst_ip=3",
                                              "timestamp=3|1,src_ip=2,dst_ip=2", "flags=flags,src_port=4"};

InputSpec specBy(std::uint8_t first, std::uint8_t second)
{
    InputSpec spec;
    spec.timeUnit = static_cast<TimeUnit>(first % 6);
    spec.delimiter = static_cast<Delimiter>((first >> 4) % 5);
    spec.noHeader = (second & 1u) != 0;
    spec.tunnels = (second & 2u) != 0 ? Tunnels::Outer : Tunnels::Inner;
    if ((second & 4u) != 0)
        spec.timeBase = 1'257'254'615'000'000;
    spec.columns = mappings[(second >> 4) % mappings.size()];
    return spec;
}

} // namespace

/// Any text is sniffed and inspected; as a table it is read to the same packets row by row and block by
/// block.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    static Reader reader;
    FuzzInput input(data, size);
    const auto blockSize = blockSizes[input.byte() % blockSizes.size()];
    const auto first = input.byte(), second = input.byte();
    auto spec = specBy(first, second);
    const std::string text(input.text());
    if (compressionOf(text) != Compression::None)
        return 0; // another target's
    spec.file = folder.write("in.csv", text);
    const auto table = sniffTable(std::string_view(text).substr(0, headBytes), spec);
    if (!table)
        return 0;
    CaptureFacts facts;
    inspectTable(*table, spec, facts);
    require(facts.blocked() == !table->missing.empty(), "what lacks columns is blocked, and nothing else");
    if (!table->missing.empty() || table->layout.reference)
        return 0;
    reader.layout = table->layout;
    const auto expected = reader.rowByRow(spec.file, blockSize, {});
    const auto got = reader.blockByBlock(spec.file, blockSize, 2, {}, expected);
    const auto what = difference(expected, got);
    require(what.isEmpty(), qPrintable(what));
    return 0;
}
