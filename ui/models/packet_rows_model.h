// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/packet_query.h"
#include "ui/models/table_model.h"

#include <deque>
#include <list>
#include <optional>
#include <unordered_map>

namespace packetloom {

/// Every kept row of an analysis, or those that selectPackets() found. It holds no rows but the pages that
/// were looked at last: what is not there is asked for (pageWanted) and shown as an ellipsis until it comes.
/// Rows stand in their own order and are not sorted. More than INT_MAX of them are cut off.
class PacketRowsModel final : public TableModel
{
    Q_OBJECT

public:
    enum Columns {
        Number,
        Time,
        SinceBefore,
        Source,
        SourcePort,
        Destination,
        DestinationPort,
        Protocol,
        Flags,
        Length,
        Sequence,
        RelativeSequence,
        Acknowledgment,
        FlowNumber,
        ColumnCount,
    };
    using Rows = std::shared_ptr<const PacketRows>;
    using Flows = RowFlowsPtr;

    static constexpr int pageRows = 256;

    explicit PacketRowsModel(QObject* parent = nullptr);

    /// Both may be null: then there are no rows.
    void setRows(std::shared_ptr<const Analysis> analysis, Rows rows);
    /// The flows are known from now on: pages without them are asked for again.
    void setFlowsKnown();
    /// What pageWanted() asked for. Pages of other rows than those that are shown are dropped.
    void setPage(const Rows& rows, int first, std::vector<PacketView> views, bool withFlows);
    /// A page could not be read; it is asked for again when it is looked at once more.
    void pageFailed(const Rows& rows, int first);

    [[nodiscard]] const std::shared_ptr<const Analysis>& analysis() const { return analysis_; }
    [[nodiscard]] const Rows& shown() const { return rows_; }
    /// Of a row that is there; null otherwise.
    [[nodiscard]] const PacketView* view(int row) const;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

signals:
    /// One page at a time: the next is asked for when this one is answered.
    void pageWanted(const std::shared_ptr<const packetloom::PacketRows>& rows, int first, int count);

private:
    struct Page
    {
        int first = 0;
        std::vector<PacketView> views;
        bool withFlows = false;
    };
    using Pages = std::list<Page>; ///< used last in front

    static std::span<const Column> columns();
    [[nodiscard]] std::size_t shownRows() const override { return rows_ ? std::size_t(rows_->size()) : 0; }
    [[nodiscard]] Cell cell(std::size_t row, int column) const override;
    [[nodiscard]] Cell flowCell(const PacketView& view) const;
    /// Null where it is not there; asked for then, and where it lacks the flows.
    const Page* page(int first) const;
    void ask(int first) const;
    void askNext();

    std::shared_ptr<const Analysis> analysis_;
    Rows rows_;
    bool flowsKnown_ = false;
    mutable Pages pages_;
    mutable std::unordered_map<int, Pages::iterator> byFirst_;
    mutable std::deque<int> wanted_; ///< pages, the one that was looked at last at the end
    std::optional<int> asked_;       ///< that is being read
    mutable bool willAsk_ = false;
};

} // namespace packetloom
