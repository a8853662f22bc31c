// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/ladder_lines.h"

#include <algorithm>

namespace packetloom {
namespace {

// There are about as many of these as of segments.
constexpr SegmentMarks repeated = DuplicateAck | WindowUpdate;
// Of a run that is folded so many stay on both sides: what it is like is seen.
constexpr std::size_t shownBefore = 2, shownBehind = 1;

std::size_t sideOf(const TracedPacket& packet)
{
    return packet.verdict.fromOriginator ? ExactFlow::originator : ExactFlow::responder;
}

} // namespace

void LadderLines::setTrace(std::shared_ptr<const FlowTrace> trace)
{
    trace_ = std::move(trace);
    unfolded_.clear();
    build();
}

bool LadderLines::isPlain(std::size_t packet) const
{
    const TracedPacket& p = trace_->packets[packet];
    return (p.verdict.marks & static_cast<SegmentMarks>(~repeated)) == 0 &&
           !p.packet.flags.has(TcpFlags::syn | TcpFlags::fin | TcpFlags::rst) &&
           p.row != trace_->decidingRow && !beginsPhase(packet);
}

bool LadderLines::beginsPhase(std::size_t packet) const
{
    const auto& packets = trace_->packets;
    return packets[packet].role.has_value() &&
           (packet == 0 || packets[packet].phase != packets[packet - 1].phase);
}

void LadderLines::build()
{
    lines_.clear();
    if (!trace_)
        return;
    const std::size_t count = trace_->packets.size();
    for (std::size_t at = 0; at < count;) {
        if (!isPlain(at)) {
            addPackets(at, at + 1);
            ++at;
            continue;
        }
        std::size_t end = at + 1;
        while (end < count && isPlain(end))
            ++end;
        addRun(at, end);
        at = end;
    }
}

// Packets that tell nothing, between such as do.
void LadderLines::addRun(std::size_t first, std::size_t last)
{
    if (last - first <= leftOpen)
        return addPackets(first, last);
    const std::size_t begin = first + shownBefore, end = last - shownBehind;
    addPackets(first, begin);
    if (unfolded_.contains(begin)) {
        addPackets(begin, end);
        return addPackets(end, last);
    }
    lines_.push_back(folded(begin, end, unkeptBefore(end) != nullptr));
    LadderLine line{.first = end, .last = last, .from = trace_->packets[end].packet.timestamp};
    line.to = line.from;
    lines_.push_back(line);
}

// One by one; what the trace did not keep between them is a line that cannot be unfolded.
void LadderLines::addPackets(std::size_t first, std::size_t last)
{
    for (std::size_t i = first; i < last; ++i) {
        if (unkeptBefore(i))
            lines_.push_back(folded(i, i, true));
        const std::int64_t time = trace_->packets[i].packet.timestamp;
        lines_.push_back({.first = i, .last = i + 1, .from = time, .to = time});
    }
}

const FoldedPackets* LadderLines::unkeptBefore(std::size_t packet) const
{
    const auto& all = trace_->folded;
    const auto found = std::lower_bound(all.begin(), all.end(), packet,
                                        [](const FoldedPackets& f, std::size_t at) { return f.before < at; });
    return found != all.end() && found->before == packet ? &*found : nullptr;
}

void LadderLines::addUnkept(LadderLine& line, const FoldedPackets& folded) const
{
    for (std::size_t side = 0; side < 2; ++side) {
        line.packets[side] += folded.packets[side];
        line.payload[side] += folded.payload[side];
        line.unkept += folded.packets[side];
    }
    line.retransmissions += folded.retransmissions;
    line.from = std::min(line.from, folded.first);
    line.to = std::max(line.to, folded.last);
}

LadderLine LadderLines::folded(std::size_t first, std::size_t last, bool unkeptAtEnd) const
{
    LadderLine line{.first = first, .last = last, .fold = true};
    line.from = INT64_MAX;
    line.to = INT64_MIN;
    for (std::size_t i = first; i < last; ++i) {
        if (const auto* const before = unkeptBefore(i))
            addUnkept(line, *before);
        const TracedPacket& packet = trace_->packets[i];
        const std::size_t side = sideOf(packet);
        ++line.packets[side];
        line.payload[side] += static_cast<std::uint64_t>(std::max<std::int64_t>(packet.verdict.payload, 0));
        line.repeated += (packet.verdict.marks & DuplicateAck) ? 1 : 0;
        line.from = std::min(line.from, packet.packet.timestamp);
        line.to = std::max(line.to, packet.packet.timestamp);
    }
    if (unkeptAtEnd)
        addUnkept(line, *unkeptBefore(last));
    return line;
}

void LadderLines::unfold(std::size_t line)
{
    if (line >= lines_.size() || !lines_[line].opens())
        return;
    unfolded_.insert(lines_[line].first);
    build();
}

std::optional<std::size_t> LadderLines::fold(std::size_t line)
{
    if (line >= lines_.size())
        return std::nullopt;
    // The run around the packet.
    const std::size_t packet = std::min(lines_[line].first, trace_->packets.size() - 1);
    std::size_t first = packet, last = packet;
    while (first > 0 && isPlain(first - 1) && isPlain(packet))
        --first;
    while (last < trace_->packets.size() && isPlain(last))
        ++last;
    if (!isPlain(packet) || last - first <= leftOpen || !unfolded_.remove(first + shownBefore))
        return std::nullopt;
    build();
    const auto found = std::find_if(lines_.begin(), lines_.end(), [&](const LadderLine& l) {
        return l.fold && l.first == first + shownBefore;
    });
    return static_cast<std::size_t>(found - lines_.begin());
}

std::optional<std::size_t> LadderLines::lineOfRow(std::uint64_t row) const
{
    for (std::size_t i = 0; i < lines_.size(); ++i) {
        const LadderLine& line = lines_[i];
        for (std::size_t packet = line.first; packet < line.last; ++packet) {
            if (trace_->packets[packet].row == row)
                return i;
        }
    }
    return std::nullopt;
}

bool LadderLines::tells(std::size_t line) const
{
    return !lines_[line].fold && !isPlain(lines_[line].first);
}

} // namespace packetloom
