// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/block_buffer.h"
#include "tests/support/generator/frame.h"

#include <algorithm>

namespace packetloom::generator {

/// Packets as records of a capture file with one Ethernet interface, little-endian on every machine.
class CaptureWriter
{
public:
    enum class Format : std::uint8_t {
        Pcap,  ///< draft-ietf-opsawg-pcap, microseconds; until 2106-02-07
        Pcapng ///< draft-ietf-opsawg-pcapng, nanoseconds (if_tsresol 9); until 2554-07-21
    };
    static constexpr std::uint32_t longestSnap = 65'536;

    /// Begins with the file's header. `consumer` and `hosts` must outlive it. Of a frame `snapLength` bytes
    /// are written, 1 .. longestSnap.
    CaptureWriter(Format format, std::uint32_t snapLength, const TextConsumer& consumer,
                  const HostPool& hosts);

    void write(const Packet& packet);
    void flush() { buffer_.flush(); }
    /// By the consumer, or by a time that the format cannot hold.
    [[nodiscard]] bool stopped() const noexcept { return buffer_.stopped() || tooLate_; }
    [[nodiscard]] bool tooLate() const noexcept { return tooLate_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return buffer_.bytes(); }

private:
    BlockBuffer buffer_;
    const HostPool& hosts_;
    const std::uint32_t snapLength_;
    const bool ng_;
    bool tooLate_ = false;
};

} // namespace packetloom::generator
