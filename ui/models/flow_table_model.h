// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_query.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// Every flow of an analysis, or those that selectFlows() found. The columns are those of FlowColumn. It
/// sorts nothing itself: the owner runs the query and calls setRows().
class FlowTableModel final : public SourceTableModel<Analysis>
{
    Q_OBJECT

public:
    /// The FlowOutcome as int: what a flow's colour stands for.
    static constexpr int OutcomeRole = RawRole + 1;
    /// Which phases a flow went through: FlowTable's marks Established, DataTransferred and Closing, as int.
    /// Nothing where they are not known.
    static constexpr int PhasesRole = RawRole + 3;

    explicit FlowTableModel(QObject* parent = nullptr);

    /// Index into analysis()->flows of a row shown.
    [[nodiscard]] std::uint32_t flowAt(int row) const { return rows()[static_cast<std::size_t>(row)]; }
    /// The row that shows a flow; -1 where none does.
    [[nodiscard]] int rowOf(std::uint32_t flow) const;

    /// What the rows are sorted by, so that the headers say it where there is more than one column.
    void setSorting(const std::vector<FlowSort>& sort);

    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

signals:
    void sortRequested(packetloom::FlowColumn column, bool descending);
    /// A view asked for the rows' own order.
    void sortCleared();

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const Analysis& analysis) const override;
    [[nodiscard]] Cell cellOf(const Analysis& analysis, std::size_t row, int column) const override;

    std::vector<FlowSort> sort_;
};

} // namespace packetloom
