// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/block_buffer.h"
#include "tests/support/generator/host_pool.h"

#include <charconv>

namespace packetloom::generator {

/// Packets as lines of CSV.
class CsvWriter
{
public:
    /// Begins with the header line. Both must outlive it; without hosts, only texts are written.
    explicit CsvWriter(const TextConsumer& consumer, const HostPool* hosts = nullptr);

    void write(const Packet& packet)
    {
        char* at = buffer_.room(longestRow);
        at = number(at, packet.time);
        at = address(at, packet.source);
        at = address(at, packet.destination);
        at = number(at, packet.sourcePort);
        at = number(at, packet.destinationPort);
        at = number(at, packet.flags);
        at = number(at, packet.seq);
        at = number(at, packet.ack);
        at = number(at, packet.length);
        at = number(at, packet.protocol);
        at[-1] = '\n'; // in place of the last comma
        buffer_.end(at);
    }
    /// A row, or several, of another make, with their final newline; at most `longestText` bytes.
    void write(std::string_view rows) { buffer_.write(rows); }
    static constexpr std::size_t longestText = 4096;
    void flush() { buffer_.flush(); }
    [[nodiscard]] bool stopped() const noexcept { return buffer_.stopped(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return buffer_.bytes(); }

private:
    static constexpr std::size_t longestRow = 256; // eight numbers and two addresses, at most 180

    template <class Number>
    static char* number(char* at, Number value)
    {
        at = std::to_chars(at, at + 20, value).ptr;
        *at++ = ',';
        return at;
    }
    char* address(char* at, std::uint32_t host) const
    {
        at = hosts_->writeColumn(at, host);
        *at++ = ',';
        return at;
    }

    BlockBuffer buffer_;
    const HostPool* hosts_;
};

} // namespace packetloom::generator
