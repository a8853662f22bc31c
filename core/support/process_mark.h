// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <string>

namespace packetloom {

/// Which process, for whoever reads of it later, maybe on another machine.
struct ProcessMark
{
    std::string host; ///< as the system calls itself
    std::uint64_t process = 0;
    std::uint64_t began = 0; ///< in units of the system, since it was started; 0 where that is not known.
                             ///< Tells it from a later process with the same number
    /// What shares the numbers of processes: one start of one system, and on Linux one namespace of it (each
    /// container has its own). Empty where that is not known: then the host's name has to do.
    std::string scope;

    friend bool operator==(const ProcessMark&, const ProcessMark&) = default;
};

/// This one.
ProcessMark ownProcess();

enum class Sighting : std::uint8_t {
    Alive,
    Gone,       ///< it ended, or its host was started anew since. Hosts are taken for one that have one name
    OutOfSight, ///< on another host or in another namespace: nobody here can tell
};
Sighting look(const ProcessMark& mark);

} // namespace packetloom
