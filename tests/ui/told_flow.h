// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/flow_talk.h"
#include "ui/views/flow_part.h"

#include <QString>
#include <cstdint>

namespace packetloom::test {

/// The ends of every FlowTalk, as parts of the window name them.
inline const FlowEnds ends{.originator = QStringLiteral("10.0.0.1:40000"),
                           .responder = QStringLiteral("10.0.0.2:80"),
                           .protocol = QStringLiteral("TCP"),
                           .flow = QStringLiteral("flow_000001")};

/// Three segments, of which the first is sent again a third of a second later.
inline FlowTalk lossy()
{
    FlowTalk talk;
    talk.handshake();
    for (const std::int64_t sequence : {5001, 6001, 7001})
        talk.server(FlowTalk::psh | FlowTalk::ack, sequence, 1001, {.payload = 1000});
    talk.wait(300 * FlowTalk::ms).server(FlowTalk::psh | FlowTalk::ack, 5001, 1001, {.payload = 1000});
    return talk.client(FlowTalk::ack, 1001, 8001);
}

} // namespace packetloom::test
