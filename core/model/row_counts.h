// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// Of all rows read, what became of them: read == kept + filtered + rejected + notIp.
struct RowCounts
{
    std::uint64_t read = 0;
    std::uint64_t kept = 0;
    std::uint64_t filtered = 0;
    std::uint64_t rejected = 0;
    std::uint64_t notIp = 0; ///< frames of packet captures that carry something else

    friend bool operator==(const RowCounts&, const RowCounts&) = default;
};

} // namespace packetloom
