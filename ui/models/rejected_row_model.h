// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/input_names.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The first rows of the capture that are no packets, and why.
class RejectedRowModel final : public SourceTableModel<CountedPackets>
{
    Q_OBJECT

public:
    explicit RejectedRowModel(QObject* parent = nullptr);

    enum Columns { File, Line, Reason, BadColumn, Row, ColumnCount };

    /// At once: the table is small.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const CountedPackets& analysis) const override;
    [[nodiscard]] Cell cellOf(const CountedPackets& analysis, std::size_t row, int column) const override;
    void prepare(const CountedPackets& analysis) override;

    InputNames names_;
};

} // namespace packetloom
