// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

namespace packetloom {

/// Asks the processor to fetch the cache line of an address, which need not be a valid one. Only a hint.
inline void prefetch(const void* address)
{
#ifdef __GNUC__
    __builtin_prefetch(address);
#else
    static_cast<void>(address);
#endif
}

} // namespace packetloom
