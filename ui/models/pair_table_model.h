// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/address_query.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The pairs of addresses with TCP traffic, or those that the filter lets pass. The columns are those of
/// PairColumn. It sorts nothing itself: the owner runs selectPairs() and calls setRows().
class PairTableModel final : public SourceTableModel<CountedPackets>
{
    Q_OBJECT

public:
    explicit PairTableModel(QObject* parent = nullptr);

    [[nodiscard]] AddressPair pairAt(int row) const;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

signals:
    void sortRequested(packetloom::PairColumn column, bool descending);
    /// A view asked for the rows' own order.
    void sortCleared();

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const CountedPackets& analysis) const override;
    [[nodiscard]] Cell cellOf(const CountedPackets& analysis, std::size_t row, int column) const override;
};

} // namespace packetloom
