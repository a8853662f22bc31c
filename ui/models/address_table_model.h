// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/address_query.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The addresses of TCP packets, or those that the filter lets pass. The columns are those of
/// AddressColumn. It sorts nothing itself: the owner runs selectAddresses() and calls setRows().
class AddressTableModel final : public SourceTableModel<CountedPackets>
{
    Q_OBJECT

public:
    explicit AddressTableModel(QObject* parent = nullptr);

    [[nodiscard]] AddressId addressAt(int row) const;
    /// The row that shows an address; -1 where none does.
    [[nodiscard]] int rowOf(AddressId address) const;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

signals:
    void sortRequested(packetloom::AddressColumn column, bool descending);
    /// A view asked for the rows' own order.
    void sortCleared();

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const CountedPackets& analysis) const override;
    [[nodiscard]] Cell cellOf(const CountedPackets& analysis, std::size_t row, int column) const override;
};

} // namespace packetloom
