// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/traffic.h"

#include <vector>

namespace packetloom::generator {

/// The packets of a Traffic, some of which come later than their time says. Which ones does not depend on the
/// traffic, nor the traffic on them. Memory: what is late at a time.
class LateRows
{
public:
    /// `traffic` must outlive it.
    LateRows(Traffic& traffic, const GeneratorOptions& options);

    /// At most options.rows times: after as many packets of the traffic, only late ones come. False when
    /// none is left, for the traffic came to an end.
    bool next(Packet& packet);

private:
    struct Late
    {
        std::uint64_t due = 0;
        Packet packet;
    };
    void take();
    void release(Packet& packet);

    Traffic& traffic_;
    Random random_;
    std::uint32_t latePerMillion_, lateMicros_;
    std::uint64_t left_;   // packets that the traffic is still asked for
    bool hasNext_ = false; // next_ is the traffic's next packet that is not late
    Packet next_;
    std::vector<Late> late_; // a heap, the first that is due on top
};

} // namespace packetloom::generator
