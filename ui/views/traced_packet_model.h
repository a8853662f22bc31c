// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"
#include "ui/models/table_model.h"
#include "ui/views/flow_part.h"

#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// The packets of a traced flow, a row each; where some were not kept one by one a row says how many. In the
/// order of time unless it is sorted.
class TracedPacketModel final : public TableModel
{
    Q_OBJECT

public:
    enum PacketColumn : std::uint8_t {
        Number,
        Time,
        SinceStart,
        Step,
        From,
        Flags,
        Sequence,
        Acknowledgment,
        Length,
        Payload,
        Window,
        Phase,
        Meaning,
        RawSequence,
        RawAcknowledgment,
        ColumnCount
    };

    explicit TracedPacketModel(QObject* parent = nullptr);

    /// Null empties it.
    void setTrace(std::shared_ptr<const FlowTrace> trace, const FlowEnds& ends);
    /// TracedPacket::row; nothing of a row that stands for several.
    [[nodiscard]] std::optional<std::uint64_t> rowAt(int row) const;
    /// The table's row that has this packet; -1 for none.
    [[nodiscard]] int indexOf(std::uint64_t row) const;
    /// By time for column -1. Rows that stand for several packets come last.
    void sort(int column, Qt::SortOrder order) override;

private:
    /// What a row of the table shows.
    struct Row
    {
        std::size_t packet = 0; ///< index into FlowTrace::packets; of those left out, the one behind them
        const FoldedPackets* leftOut = nullptr;
    };

    static std::span<const Column> columns();
    [[nodiscard]] std::size_t shownRows() const override { return rows_.size(); }
    [[nodiscard]] Cell cell(std::size_t row, int column) const override;
    void putInOrder();
    [[nodiscard]] Cell leftOutCell(const FoldedPackets& leftOut, int column) const;
    [[nodiscard]] Cell meaningCell(const TracedPacket& packet) const;
    [[nodiscard]] Cell payloadCell(const TracedPacket& packet) const;

    std::shared_ptr<const FlowTrace> trace_;
    FlowEnds ends_;
    std::vector<Row> rows_;
    int sortColumn_ = -1;
    Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
};

} // namespace packetloom
