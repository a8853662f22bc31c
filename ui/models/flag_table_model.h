// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/table_model.h"

namespace packetloom {

/// How many TCP packets there are of each flag type, in the order of first appearance.
class FlagTableModel final : public SourceTableModel<CountedPackets>
{
    Q_OBJECT

public:
    explicit FlagTableModel(QObject* parent = nullptr);

    enum Columns { Type, Packets, PacketShare, ColumnCount };

    /// At once: the table is small.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const CountedPackets& analysis) const override;
    [[nodiscard]] Cell cellOf(const CountedPackets& analysis, std::size_t row, int column) const override;
};

} // namespace packetloom
