// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/tcp_endpoint.h"

#include <algorithm>

namespace packetloom {

std::uint64_t TcpEndpoint::relative(std::uint32_t number, const Counter& counter, bool& early) const
{
    std::uint32_t rounds = counter.rounds;
    const std::int32_t distance = serialDistance(number, counter.number);
    if (distance < 0 && rounds > 0 && number > counter.number)
        --rounds;
    else if (distance > 0 && number < counter.number)
        ++rounds;
    if (rounds > 0)
        return (std::uint64_t{rounds} << 32 | number) - first;
    const std::int32_t fromFirst = serialDistance(number, first);
    early = fromFirst < 0;
    return static_cast<std::uint64_t>(std::int64_t{fromFirst});
}

bool TcpEndpoint::nothingAcknowledged() const
{
    const std::uint64_t number = acked.full();
    return number == first || number == std::uint64_t{first} + 1;
}

std::uint64_t TcpEndpoint::size(const TcpEndpoint& other) const
{
    // A half-open connection that was found out and given up: its numbers may be anything.
    if (before == State::SynSent && state == State::Reset && other.state == State::Inactive &&
        !nothingAcknowledged())
        return 0;
    const std::uint64_t end = std::max(last.full(), acked.full());
    std::uint64_t bytes = end > first ? end - first : 0;
    bytes -= bytes != 0 ? 1 : 0; // the SYN
    bytes -= fins > 0 && bytes != 0 ? 1 : 0;
    return bytes;
}

bool TcpEndpoint::isPending(const TcpEndpoint& other) const
{
    if (coverage.gaveUp())
        return false;
    const std::uint64_t received = first + coverage.received(), end = last.full();
    if (end < received)
        return false;
    // A FIN takes a number, a RST does not.
    if (received + 1 != end && received != end)
        return true;
    return state != State::Reset && other.coverage.holds();
}

} // namespace packetloom
