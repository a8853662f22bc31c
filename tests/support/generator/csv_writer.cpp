// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/csv_writer.h"

namespace packetloom::generator {
namespace {

constexpr std::string_view header =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";

} // namespace

CsvWriter::CsvWriter(const CsvConsumer& consumer, const HostPool* hosts)
    : consumer_(consumer), hosts_(hosts), used_(header.size())
{
    std::memcpy(buffer_.get(), header.data(), header.size());
}

void CsvWriter::flush()
{
    if (!stopped_ && used_ > 0)
        stopped_ = !consumer_({buffer_.get(), used_});
    flushed_ += used_;
    used_ = 0;
}

} // namespace packetloom::generator
