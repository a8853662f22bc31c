// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/record_walker.h"

#include <tsl/robin_map.h>

namespace packetloom {

/// The blocks of a pcapng file (draft-ietf-opsawg-pcapng): any number of sections, each in its byte order and
/// with its interfaces, and of packets enhanced, simple and obsolete ones. All other blocks are passed over.
/// Simple packets have no time: they get 0, as libpcap has it.
class PcapngWalker final : public RecordWalker
{
public:
    /// So many interfaces a section may have, and so many different ones a file: no more are kept in memory.
    static constexpr std::size_t mostInterfaces = std::size_t{1} << 20, mostDifferent = std::size_t{1} << 16;

    [[nodiscard]] static bool recognises(Layer head);

    Walked walk(FrameBlock& block, std::size_t at) override;

private:
    struct InterfaceHash
    {
        std::size_t operator()(const CaptureInterface& interface) const;
    };

    std::optional<Errc> beginSection(Layer block);
    std::optional<Errc> addInterface(Layer block);
    /// False when the block is too short for its packet.
    bool addPacket(std::uint32_t type, Layer block, std::size_t at, FrameBlock& into) const;

    bool big_ = false;
    std::vector<std::uint32_t> section_; ///< numbers in interfaces_ of those of the section
    tsl::robin_map<CaptureInterface, std::uint32_t, InterfaceHash> known_;
};

} // namespace packetloom
