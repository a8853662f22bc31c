// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_table_format.h"
#include "core/model/flow_life.h"
#include "tests/support/memory_source.h"
#include "tests/support/test_folder.h"

#include <QString>
#include <QStringList>
#include <string>
#include <string_view>

namespace packetloom::test {

/// A table of flows as it was read.
struct ReadFlows
{
    std::string format; ///< its id; empty when none recognised it
    QStringList rows;   ///< flowLine() of each
    FlowDoubts doubts;
    bool failed = false;
};

inline QString said(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

inline QString said(const std::optional<std::uint64_t>& count)
{
    return count ? QString::number(*count) : QStringLiteral("?");
}

/// "line protocol source:port>destination:port start+duration sent/received packets sent/received bytes
/// service state closed", or "line reason column".
inline QString flowLine(const FlowRow& row)
{
    if (row.rejected)
        return QStringLiteral("%1 %2 %3")
            .arg(row.line)
            .arg(said(rejectReasonKey(*row.rejected)), said(row.column))
            .trimmed();
    const FlowRecord& r = row.record;
    return QStringLiteral("%1 %2 %3:%4>%5:%6 %7+%8 ")
               .arg(row.line)
               .arg(said(r.protocol), said(r.source))
               .arg(r.sourcePort)
               .arg(said(r.destination))
               .arg(r.destinationPort)
               .arg(r.start)
               .arg(r.end - r.start) +
           QStringLiteral("%1/%2 of %3 %4/%5 of %6 ")
               .arg(said(r.sentPackets), said(r.receivedPackets), said(r.packets), said(r.sentBytes),
                    said(r.receivedBytes), said(r.bytes)) +
           QStringLiteral("[%1] [%2] %3")
               .arg(said(r.service), said(r.state), said(closeTypeName(r.ending.closeType)))
               .trimmed();
}

inline ReadFlows readFlows(const std::string& text, std::size_t blockSize = std::size_t{64} << 10)
{
    const TestFolder folder;
    const auto file = folder.write("flows", text);
    ReadFlows read;
    auto bytes = openByteSource(file, blockSize);
    if (!bytes)
        return read;
    const auto* const format = flowTableFormatOf((*bytes)->head());
    if (!format)
        return read;
    read.format = format->id;
    auto source = format->open({.file = file, .source = *std::move(bytes), .blockSize = blockSize});
    if (!source)
        return read;
    FlowRow row;
    for (;;) {
        const auto step = (*source)->next(row);
        read.failed = step == FlowSource::Step::Failed;
        if (step != FlowSource::Step::Row)
            break;
        read.rows << flowLine(row);
    }
    read.doubts = (*source)->doubts();
    return read;
}

inline bool doubts(const ReadFlows& read, FlowDoubt doubt)
{
    return read.doubts[static_cast<std::size_t>(doubt)];
}

} // namespace packetloom::test
