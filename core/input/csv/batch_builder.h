// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/time_window.h"
#include "core/input/csv/csv_row.h"
#include "core/input/csv/digits.h"
#include "core/input/csv/row_interpreter.h"
#include "core/model/packet_batch.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace packetloom {

/// Adds rows to a batch: what the fast and the careful way of splitting text have in common.
class BatchBuilder
{
public:
    /// All must outlive the builder.
    BatchBuilder(PacketBatch& batch, const ColumnMap& columns, const TimeWindow& window)
        : batch_(batch), columns_(columns), window_(window)
    {
    }

    /// `Fields` also has address(i, AddressFields&), the reference of an address field. `raw` is the row's
    /// text, of which the beginning is kept if the row is rejected.
    template <class Fields>
    void add(std::uint32_t line, const Fields& fields, std::string_view raw)
    {
        // In its place from the start: a packet is too large to be copied for nothing.
        Packet& packet = batch_.packets.emplace_back();
        const PacketBatch::RowPosition place{batch_.rows++, line};
        const RowVerdict verdict = interpretRow(fields, columns_, window_, packet);
        if (verdict.fate == RowFate::Kept || verdict.addressesFirst) [[likely]] {
            const auto source = fields.address(columns_.index(Column::SourceAddress), batch_.fields);
            const auto destination =
                fields.address(columns_.index(Column::DestinationAddress), batch_.fields);
            if (source != AddressFields::invalid && destination != AddressFields::invalid) [[likely]] {
                if (verdict.fate == RowFate::Kept) [[likely]] {
                    packet.source = AddressId{source};
                    packet.destination = AddressId{destination};
                    batch_.places.push_back(place);
                    return;
                }
                auto& last = reject(place, verdict.reason, verdict.column, raw);
                --certainRejects_;
                last.filterDecides = true;
                last.source = AddressId{source};
                last.destination = AddressId{destination};
            } else {
                reject(place, RejectReason::AddressNotUtf8,
                       columnName(source == AddressFields::invalid ? Column::SourceAddress
                                                                   : Column::DestinationAddress),
                       raw);
            }
        } else if (verdict.fate == RowFate::Rejected) {
            reject(place, verdict.reason, verdict.column, raw);
        } else if (verdict.pastWindow && batch_.firstPastWindow == PacketBatch::none) {
            batch_.firstPastWindow = place.row;
        }
        batch_.packets.pop_back();
    }

    void addMalformed(std::uint32_t line, RowProblem problem, std::string_view raw)
    {
        reject({batch_.rows++, line}, rejectReasonOf(problem), {}, raw);
    }

private:
    PacketBatch::Reject& reject(PacketBatch::RowPosition place, RejectReason reason, std::string_view column,
                                std::string_view raw)
    {
        auto& last = batch_.rejects.emplace_back();
        last.place = place;
        last.reason = reason;
        last.column = column;
        if (certainRejects_ < keptRejectedRows) // of more than these nobody will see the text
            last.raw = raw.substr(0, std::min(raw.find('\n'), rawShown));
        ++certainRejects_;
        return last;
    }

    PacketBatch& batch_;
    const ColumnMap& columns_;
    const TimeWindow& window_;
    std::size_t certainRejects_ = 0; ///< that no address filter takes back
};

/// An address field as AddressFields refers to it: a small id as the number itself.
/// The caller owns digitSlack bytes before `field`.
inline std::uint32_t addressReference(std::string_view field, AddressFields& fields)
{
    constexpr std::size_t mostSmallDigits = 6;
    std::uint64_t id = 0;
    if (field.size() - 1 < mostSmallDigits && field[0] != '0' &&
        parseWordOfDigits(field.data() + field.size(), field.size(), id))
        return static_cast<std::uint32_t>(id);
    return fields.add(field);
}

} // namespace packetloom
