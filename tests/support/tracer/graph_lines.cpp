// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/tracer/graph_lines.h"

#include "ui/views/trace_lens.h"

#include <limits>
#include <string_view>

namespace packetloom::tracer {
namespace {

/// A list of JSON, element by element.
class List
{
public:
    explicit List(std::string& text) : text_(text) { text_ += '['; }
    /// Room for the next one.
    std::string& next()
    {
        if (!first_)
            text_ += ',';
        first_ = false;
        return text_;
    }
    void point(std::int64_t time, std::int64_t value)
    {
        next() += '[' + std::to_string(time) + ',' + std::to_string(value) + ']';
    }
    void end() { text_ += ']'; }

private:
    std::string& text_;
    bool first_ = true;
};

std::string lettersOf(const TracedPacket& packet)
{
    const auto& flags = packet.packet.flags;
    const SegmentMarks marks = packet.verdict.marks;
    constexpr SegmentMarks again = Retransmission | FastRetransmission | SpuriousRetransmission;
    std::string letters;
    const auto add = [&](bool there, char letter) {
        if (there)
            letters += letter;
    };
    add(flags.has(TcpFlags::syn), 'S');
    add(flags.has(TcpFlags::fin), 'F');
    add(flags.has(TcpFlags::rst), 'X');
    add((marks & again) != 0, 'R');
    add((marks & OutOfOrder) != 0, 'O');
    add((marks & KeepAlive) != 0, 'K');
    add((marks & ZeroWindowProbe) != 0, 'P');
    return letters;
}

void addPoints(std::string& text, const TraceLens& lens, std::size_t side, TraceFigure figure)
{
    List list(text);
    for (const TracePoint& point : lens.points(side, figure))
        list.point(point.time, point.most);
    list.end();
}

void addGraph(std::string& text, const FlowTrace& trace, const TraceLens& lens, std::size_t side)
{
    text += R"({"first":)" + std::to_string(trace.flow.sides[side].firstSequence) + R"(,"segments":)";
    List segments(text);
    for (const TracedPacket& packet : lens.packets()) {
        if (senderOf(packet) != side || !isSegment(packet))
            continue;
        const std::int64_t first = packet.verdict.relativeSequence;
        segments.next() += '[' + std::to_string(packet.packet.timestamp) + ',' + std::to_string(first) + ',' +
                           std::to_string(first + sequenceLength(packet)) + ",\"" + lettersOf(packet) + "\"]";
    }
    segments.end();
    text += R"(,"zeros":)";
    List zeros(text);
    for (const TracedPacket& packet : lens.packets()) {
        if (senderOf(packet) != side && (packet.verdict.marks & ZeroWindow) != 0)
            zeros.next() += std::to_string(packet.packet.timestamp);
    }
    zeros.end();
    text += R"(,"acks":)";
    addPoints(text, lens, side, TraceFigure::Acknowledged);
    text += R"(,"edges":)";
    addPoints(text, lens, side, TraceFigure::WindowEdge);
    text += R"(,"rtts":)";
    addPoints(text, lens, side, TraceFigure::RoundTrip);
    text += '}';
}

void addEnd(std::string& text, const Analysis& analysis, const char* name, const Endpoint& end)
{
    text += '"' + std::string(name) + R"(":")";
    text += analysis.addresses.text(end.address); // an address has nothing to escape
    text += R"(",")" + std::string(name) + R"(_port":)" + std::to_string(end.port);
}

} // namespace

std::string graphLine(const Analysis& analysis, const FlowTrace& trace)
{
    std::string text = "{";
    addEnd(text, analysis, "orig", trace.flow.originatorEnd());
    text += ',';
    addEnd(text, analysis, "resp", trace.flow.responderEnd());
    text += R"(,"start":)" + std::to_string(trace.flow.start) + R"(,"packets":)" +
            std::to_string(trace.packetCount);
    if (!trace.folded.empty())
        return text + R"(,"folded":true})" + '\n';
    const TraceLens lens(trace, trace.from, trace.to, std::numeric_limits<int>::max());
    text += R"(,"orig_graph":)";
    addGraph(text, trace, lens, ExactFlow::originator);
    text += R"(,"resp_graph":)";
    addGraph(text, trace, lens, ExactFlow::responder);
    return text + "}\n";
}

} // namespace packetloom::tracer
