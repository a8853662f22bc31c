// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"
#include "tests/core/input/capture_reading.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <array>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::array<std::size_t, 8> blockSizes{1, 2, 7, 16, 64, 300, 4096, 65536};
constexpr std::array<const char*, 5> headers{
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n",
    "protocol,note,dst_ip,src_ip,timestamp\r\n", "timestamp,src_ip,dst_ip\n",
    "\xEF\xBB\xBF\"timestamp\",src_ip,dst_ip,flags,flag_type,length,protocol\n",
    "" /* the input has its own, or is gzip */};

Rules rulesBy(std::uint8_t choice)
{
    Rules rules;
    if (choice & 1u)
        rules.window.start = 1000;
    if (choice & 2u)
        rules.window.end = choice & 4u ? 2000 : 1'257'254'615'000'000;
    if (choice & 8u) {
        auto filter = parseAddressFilter("10.0.0.0/29,17,2001:db8::3,", someMap());
        require(filter.has_value(), "the filter can be read");
        rules.filter = *std::move(filter);
        rules.ends = choice & 16u ? FilterEnds::Both : FilterEnds::Either;
    }
    return rules;
}

} // namespace

/// A capture is read to the same packets and rejects row by row and block by block.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    static Reader reader;
    FuzzInput input(data, size);
    const auto blockSize = blockSizes[input.byte() % blockSizes.size()];
    const unsigned threads = 1 + input.byte() % 2;
    const Rules rules = rulesBy(input.byte());
    std::string text = headers[input.byte() % headers.size()];
    text += input.text();
    const auto file = folder.write("in.csv", text);
    if (!PacketReader::open(file, blockSize))
        return 0;
    const auto expected = reader.rowByRow(file, blockSize, rules);
    const auto got = reader.blockByBlock(file, blockSize, threads, rules, expected);
    const auto what = difference(expected, got);
    require(what.isEmpty(), qPrintable(what));
    return 0;
}
