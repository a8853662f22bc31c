// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/csv_writer.h"

namespace packetloom::generator {
namespace {

constexpr std::string_view header =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";

} // namespace

CsvWriter::CsvWriter(const TextConsumer& consumer, const HostPool* hosts) : buffer_(consumer), hosts_(hosts)
{
    buffer_.write(header);
}

} // namespace packetloom::generator
