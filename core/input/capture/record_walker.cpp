// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/record_walker.h"

#include "core/input/capture/pcap_walker.h"
#include "core/input/capture/pcapng_walker.h"

namespace packetloom {

bool isCapture(Layer head)
{
    return PcapWalker::recognises(head) || PcapngWalker::recognises(head);
}

Result<WalkerOf> recordWalkerOf(Layer head)
{
    if (!PcapWalker::recognises(head))
        return WalkerOf{std::make_unique<PcapngWalker>(), 0};
    if (!head.has(PcapWalker::headerBytes))
        return Error{.code = Errc::CaptureCut, .detail = {}, .file = {}, .byte = head.size()};
    auto walker = PcapWalker::open(head);
    if (!walker)
        return std::move(walker).error();
    return WalkerOf{*std::move(walker), PcapWalker::headerBytes};
}

} // namespace packetloom
