// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/input_names.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The first kept rows of the capture as they were understood.
class PreviewRowModel final : public SourceTableModel<CountedPackets>
{
    Q_OBJECT

public:
    explicit PreviewRowModel(QObject* parent = nullptr);

    enum Columns {
        File,
        Line,
        Time,
        Source,
        SourcePort,
        Destination,
        DestinationPort,
        Flags,
        Sequence,
        Acknowledgment,
        Length,
        Protocol,
        ColumnCount
    };

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
