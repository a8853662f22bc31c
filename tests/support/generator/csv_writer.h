// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/generator.h"
#include "tests/support/generator/host_pool.h"

#include <charconv>
#include <cstring>
#include <memory>

namespace packetloom::generator {

/// Packets as lines of CSV, given to a consumer in large blocks.
class CsvWriter
{
public:
    /// Begins with the header line. Both must outlive it; without hosts, only texts are written.
    explicit CsvWriter(const CsvConsumer& consumer, const HostPool* hosts = nullptr);

    void write(const Packet& packet)
    {
        if (capacity - used_ < longestRow) [[unlikely]]
            flush();
        char* at = buffer_.get() + used_;
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
        used_ = static_cast<std::size_t>(at - buffer_.get());
    }
    /// A row, or several, of another make, with their final newline; at most `longestText` bytes.
    void write(std::string_view rows)
    {
        if (capacity - used_ < rows.size()) [[unlikely]]
            flush();
        std::memcpy(buffer_.get() + used_, rows.data(), rows.size());
        used_ += rows.size();
    }
    static constexpr std::size_t longestText = 4096;
    /// Hands over what is left.
    void flush();
    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return flushed_ + used_; }

private:
    static constexpr std::size_t capacity = std::size_t{1} << 20;
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

    const CsvConsumer& consumer_;
    const HostPool* hosts_;
    std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(capacity);
    std::size_t used_ = 0;
    std::uint64_t flushed_ = 0;
    bool stopped_ = false;
};

} // namespace packetloom::generator
