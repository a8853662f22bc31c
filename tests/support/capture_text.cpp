// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"

namespace packetloom::test {
namespace {

std::string row(std::int64_t timestamp, const std::string& source, const std::string& destination,
                int sourcePort, int destinationPort, int flags, std::int64_t sequence,
                std::int64_t acknowledgment, int length)
{
    return std::to_string(timestamp) + ',' + source + ',' + destination + ',' + std::to_string(sourcePort) +
           ',' + std::to_string(destinationPort) + ',' + std::to_string(flags) + ',' +
           std::to_string(sequence) + ',' + std::to_string(acknowledgment) + ',' + std::to_string(length) +
           ",6\n";
}

} // namespace

std::string captureHeader()
{
    return "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";
}

std::string captureRow(std::int64_t timestamp, const std::string& source, const std::string& destination,
                       int flags, std::int64_t sequence, std::int64_t acknowledgment, int length)
{
    return row(timestamp, source, destination, 40000, 80, flags, sequence, acknowledgment, length);
}

std::string conversations(int count, std::int64_t start)
{
    constexpr int fin = 1, syn = 2, psh = 8, ack = 16;
    const std::string server = "10.9.0.1";
    std::string text = captureHeader();
    std::int64_t now = start;
    for (int i = 0; i < count; ++i) {
        const std::string client =
            "10.0." + std::to_string(i / 250 % 250) + '.' + std::to_string(i % 250 + 1);
        const int port = 1024 + i % 60000;
        const auto there = [&](int flags, std::int64_t sequence, std::int64_t acknowledgment, int length) {
            text += row(now += 100, client, server, port, 80, flags, sequence, acknowledgment, length);
        };
        const auto back = [&](int flags, std::int64_t sequence, std::int64_t acknowledgment, int length) {
            text += row(now += 100, server, client, 80, port, flags, sequence, acknowledgment, length);
        };
        there(syn, 1000, 0, 0);
        back(syn | ack, 5000, 1001, 0);
        there(ack, 1001, 5001, 0);
        there(psh | ack, 1001, 5001, 400);
        back(fin | ack, 5001, 1401, 0);
        there(fin | ack, 1401, 5002, 0);
    }
    return text;
}

} // namespace packetloom::test
