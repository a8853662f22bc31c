// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/host_pool.h"

namespace packetloom::generator {

/// One scanner walks through a server's ports with one technique: SYN, FIN, NULL, XMAS or ACK probes. Closed
/// ports answer with a reset, open ones with SYN+ACK (which the scanner resets), filtered ones not at all.
class PortScan
{
public:
    static constexpr std::uint32_t probes = 40;

    /// `path` says who scans whom; its server port is ignored.
    PortScan(const Path& path, Random& random);
    Step advance(Packet& packet, Random& random);

private:
    enum class At : std::uint8_t { Probe, Refusal, Acceptance, Abandon };

    void put(Packet& packet, bool ofServer, std::uint32_t flags, std::uint32_t seq,
             std::uint32_t ackNumber) const;
    [[nodiscard]] std::uint16_t port() const;

    Path path_;
    std::uint32_t seq_;
    std::uint32_t serverSeq_;
    std::uint32_t left_ = probes;
    std::uint16_t flags_;
    std::uint16_t firstPort_;
    std::uint32_t gap_; // microseconds between probes
    At at_ = At::Probe;
};

/// One SYN of a scanner that walks through a whole network, answered by a reset or by nothing.
class SweepProbe
{
public:
    explicit SweepProbe(const Path& path) : path_(path) {}
    Step advance(Packet& packet, Random& random);

private:
    Path path_;
    std::uint32_t seq_ = 0;
    bool answer_ = false;
};

/// Many spoofed sources open connections to one server's service. Most SYNs stay unanswered; some get a
/// SYN+ACK that nobody acknowledges.
class SynFlood
{
public:
    static constexpr std::uint32_t packets = 150;

    SynFlood(const Path& path, Random& random);
    Step advance(Packet& packet, HostPool& hosts, Random& random);

private:
    Path path_; // its client is the source of the newest SYN
    std::uint32_t seq_ = 0;
    std::uint32_t left_ = packets;
    bool answer_ = false;
};

/// UDP between a client and a server: a query and its answer, a stream like QUIC's, messages without answer,
/// or a closed port that ICMP (without ports) reports.
class UdpExchange
{
public:
    UdpExchange(const Path& path, Random& random);
    /// `pause` as for TcpSession.
    Step advance(Packet& packet, Random& random, std::uint32_t pause);

private:
    enum class Use : std::uint8_t { Query, Stream, Messages, Closed };

    Path path_;
    std::uint32_t left_;
    Use use_;
    bool fromServer_ = false;
};

} // namespace packetloom::generator
