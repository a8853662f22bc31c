// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/frame_notes.h"
#include "core/stats/repeat_window.h"

#include <cstdint>
#include <map>

namespace packetloom {

/// What the frames of one packet capture are, in the order in which they stand there; nothing of other
/// inputs. All frames that were read count for link types and for those that were cut; for the rest those
/// within the time window, whatever the address filter keeps.
class FrameTotals
{
public:
    /// Those of rows from `begin` to before `end`; `rows` is how many the batch has. `before` knows the
    /// packets before them.
    void add(const FrameNotes& frames, std::uint32_t begin, std::uint32_t end, std::uint32_t rows,
             RepeatWindow& before);
    /// All that is known, for what is written down and read again.
    struct Parts
    {
        std::map<std::uint16_t, std::uint64_t> linkTypes;
        FrameCounts counts;
        std::uint64_t frames = 0, seenAgain = 0;
        bool checksumsVerified = false;
    };
    /// What follows in the same capture, of which packets seen again were found by itself.
    void append(const Parts& next);
    /// Checksums are looked at.
    void setChecksumsVerified() { checksumsVerified_ = true; }

    /// Frames by LINKTYPE_ value (https://www.tcpdump.org/linktypes.html); empty of what is no packet
    /// capture.
    [[nodiscard]] const std::map<std::uint16_t, std::uint64_t>& linkTypes() const { return linkTypes_; }
    [[nodiscard]] const FrameCounts& counts() const { return counts_; }
    /// Frames that were read: rows but for those within tunnels.
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    /// Packets that are the same as one of the RepeatWindow::packets before them.
    [[nodiscard]] std::uint64_t seenAgain() const { return seenAgain_; }
    [[nodiscard]] bool checksumsVerified() const { return checksumsVerified_; }

private:
    void addLinks(const FrameNotes& frames, std::uint32_t begin, std::uint32_t end);

    std::map<std::uint16_t, std::uint64_t> linkTypes_;
    FrameCounts counts_;
    std::uint64_t frames_ = 0;
    std::uint64_t seenAgain_ = 0;
    bool checksumsVerified_ = false;
};

} // namespace packetloom
