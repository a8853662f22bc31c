// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/cicflowmeter.h"

#include "core/input/flows/csv_flows.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::array names{
    FieldName{"timestamp", FlowField::Start},
    FieldName{"flow duration", FlowField::Duration},
    FieldName{"source ip", FlowField::Source},
    FieldName{"src ip", FlowField::Source},
    FieldName{"source port", FlowField::SourcePort},
    FieldName{"src port", FlowField::SourcePort},
    FieldName{"destination ip", FlowField::Destination},
    FieldName{"dst ip", FlowField::Destination},
    FieldName{"destination port", FlowField::DestinationPort},
    FieldName{"dst port", FlowField::DestinationPort},
    FieldName{"protocol", FlowField::Protocol},
    FieldName{"total fwd packets", FlowField::SentPackets},
    FieldName{"total fwd packet", FlowField::SentPackets},
    FieldName{"tot fwd pkts", FlowField::SentPackets},
    FieldName{"total backward packets", FlowField::ReceivedPackets},
    FieldName{"total bwd packets", FlowField::ReceivedPackets},
    FieldName{"tot bwd pkts", FlowField::ReceivedPackets},
    FieldName{"total length of fwd packets", FlowField::SentBytes},
    FieldName{"total length of fwd packet", FlowField::SentBytes},
    FieldName{"totlen fwd pkts", FlowField::SentBytes},
    FieldName{"total length of bwd packets", FlowField::ReceivedBytes},
    FieldName{"total length of bwd packet", FlowField::ReceivedBytes},
    FieldName{"totlen bwd pkts", FlowField::ReceivedBytes},
};
constexpr FlowRules rules{.names = names, .durationDigits = 0};

/// What the dates of a file tell of their order.
struct OrderFound
{
    std::optional<DateOrder> order; ///< of the first date that tells
    bool wanted = false;            ///< there are dates whose order matters
};

// Until a date tells, at most all of the file. What cannot be read is told by whoever reads it again.
OrderFound findOrder(const FlowTableBytes& bytes)
{
    OrderFound found;
    if (fileKind(bytes.file) != FileKind::Regular)
        return found;
    auto source = openByteSource(bytes.file, bytes.blockSize);
    if (!source)
        return found;
    CsvTokenizer tokenizer(**source, bytes.blockSize);
    CsvRow row;
    if (tokenizer.next(row) != CsvTokenizer::Step::Row)
        return found;
    const auto columns = columnNamesOf((*source)->head());
    const auto at =
        static_cast<std::size_t>(std::find(columns.begin(), columns.end(), names[0].name) - columns.begin());
    tokenizer.expectFields(row.fields.size());
    while (!found.order && !(bytes.stop && bytes.stop->requested()) &&
           tokenizer.next(row) == CsvTokenizer::Step::Row) {
        if (row.problem != RowProblem::None || at >= row.fields.size())
            continue;
        found.order = dateOrderOf(row.fields[at]);
        const auto one = parseFlowTime(row.fields[at], DateOrder::DayFirst);
        const auto other = parseFlowTime(row.fields[at], DateOrder::MonthFirst);
        found.wanted = found.wanted || one.microseconds != other.microseconds;
    }
    return found;
}

} // namespace

bool recogniseCicFlowMeter(std::string_view head)
{
    const auto columns = columnNamesOf(head);
    return hasAny(columns, {"flow duration"}) && hasAny(columns, {"timestamp"}) &&
           hasAny(columns, {"source ip", "src ip"}) && hasAny(columns, {"destination ip", "dst ip"});
}

Result<std::unique_ptr<FlowSource>> openCicFlowMeter(FlowTableBytes bytes)
{
    const auto found = findOrder(bytes);
    FlowRules ordered = rules;
    ordered.order = found.order.value_or(DateOrder::DayFirst);
    auto source = std::make_unique<CsvFlows>(std::move(bytes), ordered);
    if (found.wanted && !found.order)
        source->note(FlowDoubt::DayOrMonth);
    return std::unique_ptr<FlowSource>(std::move(source));
}

} // namespace packetloom
