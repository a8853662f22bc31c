// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/conn_log.h"

#include "core/output/conn_log/conn_fields.h"
#include "core/support/seconds_text.h"
#include "core/support/text_format.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <array>
#include <string>

namespace packetloom {
namespace {

struct Field
{
    std::string_view name, type;
};
// In the order of appendLine().
constexpr std::array fields{
    Field{"ts", "time"},          Field{"uid", "string"},          Field{"id.orig_h", "addr"},
    Field{"id.orig_p", "port"},   Field{"id.resp_h", "addr"},      Field{"id.resp_p", "port"},
    Field{"proto", "enum"},       Field{"service", "string"},      Field{"duration", "interval"},
    Field{"orig_bytes", "count"}, Field{"resp_bytes", "count"},    Field{"conn_state", "string"},
    Field{"local_orig", "bool"},  Field{"local_resp", "bool"},     Field{"missed_bytes", "count"},
    Field{"history", "string"},   Field{"orig_pkts", "count"},     Field{"orig_ip_bytes", "count"},
    Field{"resp_pkts", "count"},  Field{"resp_ip_bytes", "count"}, Field{"tunnel_parents", "set[string]"},
    Field{"ip_proto", "count"}};
constexpr std::string_view unset = "-", empty = "(empty)";

/// "2009-11-03-13-23-35"
std::string dateText(std::int64_t time)
{
    std::string text = utcTime(time);
    text = text.substr(0, std::min(text.find('.'), text.size()));
    std::ranges::replace_if(
        text, [](char c) { return c == ' ' || c == ':'; }, '-');
    return text;
}

void appendEscapedByte(TextBuffer& out, char byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto number = static_cast<unsigned char>(byte);
    out.append("\\x");
    out.append(digits[number >> 4]);
    out.append(digits[number & 0xfu]);
}

// What could be taken for something else stands as \xNN: what ends a field or a line, controls, the sign of
// that itself, and a text that is what stands for none.
void appendText(TextBuffer& out, std::string_view text)
{
    if (text.empty())
        return out.append(empty);
    if (text == unset || text == empty || text.front() == '#') {
        appendEscapedByte(out, text.front());
        text.remove_prefix(1);
    }
    while (!text.empty()) {
        const auto piece = decodeUtf8(text);
        const auto bytes = text.substr(0, piece.length);
        text.remove_prefix(piece.length);
        constexpr std::uint32_t del = 0x7f, lastControl = 0x9f;
        const bool plain = piece.valid && piece.codePoint >= ' ' && piece.codePoint != '\\' &&
                           (piece.codePoint < del || piece.codePoint > lastControl);
        if (plain) {
            out.append(bytes);
            continue;
        }
        for (const char byte : bytes)
            appendEscapedByte(out, byte);
    }
}

void appendBegin(TextBuffer& out, std::int64_t first)
{
    out.append(
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t");
    out.append(dateText(first));
    out.append("\n#fields");
    for (const auto& field : fields) {
        out.append('\t');
        out.append(field.name);
    }
    out.append("\n#types");
    for (const auto& field : fields) {
        out.append('\t');
        out.append(field.type);
    }
    out.append('\n');
}

/// Appends the fields of one line, with what stands between them.
class Line
{
public:
    explicit Line(TextBuffer& out) : out_(out) {}

    TextBuffer& next()
    {
        if (!first_)
            out_.append('\t');
        first_ = false;
        return out_;
    }
    void word(std::string_view text) { next().append(text); }
    void text(std::string_view text) { appendText(next(), text); }
    template <class Number>
    void number(const std::optional<Number>& number)
    {
        if (number)
            next().append(*number);
        else
            word(unset);
    }
    void truth(const std::optional<bool>& yes) { word(!yes ? unset : *yes ? "T" : "F"); }

private:
    TextBuffer& out_;
    bool first_ = true;
};

void appendLine(TextBuffer& out, const FlowLine& told)
{
    const ExactFlow& flow = told.flow;
    Line line(out);
    appendSeconds(line.next(), flow.start);
    line.word(told.uid);
    line.text(told.originator);
    line.next().append(flow.originatorEnd().port);
    line.text(told.responder);
    line.next().append(flow.responderEnd().port);
    line.word(connProtocol(flow.protocol));
    line.word(unset);
    if (const auto duration = connDuration(flow))
        appendSeconds(line.next(), *duration);
    else
        line.word(unset);
    line.number(connBytes(flow, ExactFlow::originator));
    line.number(connBytes(flow, ExactFlow::responder));
    line.word(connStateName(flow.state));
    line.truth(told.originatorLocal);
    line.truth(told.responderLocal);
    line.number(connMissedBytes(flow));
    line.word(flow.history.empty() ? unset : flow.history);
    for (const auto& side : flow.sides) {
        line.next().append(side.packets);
        line.number(side.ipBytes);
    }
    line.word(unset);
    line.number(flow.protocol >= 0 ? std::optional(flow.protocol) : std::nullopt);
    out.append('\n');
}

void appendEnd(TextBuffer& out, std::int64_t last)
{
    out.append("#close\t");
    out.append(dateText(last));
    out.append('\n');
}

} // namespace

const FlowLinesFormat connLog{appendBegin, appendLine, appendEnd};

} // namespace packetloom
