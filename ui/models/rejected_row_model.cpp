// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/rejected_row_model.h"

#include "ui/models/words.h"

#include <array>

namespace packetloom {

RejectedRowModel::RejectedRowModel(QObject* parent) : SourceTableModel(columns(), parent) {}

std::span<const TableModel::Column> RejectedRowModel::columns()
{
    static constexpr std::array<Column, ColumnCount> texts{{
        {"file", QT_TR_NOOP("File"), QT_TR_NOOP("The file that holds the row")},
        {"line", QT_TR_NOOP("Line or packet"),
         QT_TR_NOOP("Line of the file in which the row begins; of a packet capture the number of the packet"),
         true},
        {"reason", QT_TR_NOOP("Reason"), QT_TR_NOOP("Why the row is no packet")},
        {"column", QT_TR_NOOP("Column"), QT_TR_NOOP("The column whose value is the trouble")},
        {"row", QT_TR_NOOP("Row"), QT_TR_NOOP("The beginning of the row as it stands in the file")},
    }};
    return texts;
}

void RejectedRowModel::sort(int column, Qt::SortOrder order)
{
    sortByCells(column, order);
}

std::size_t RejectedRowModel::rowsOf(const CountedPackets& analysis) const
{
    return analysis.totals.firstRejected.size();
}

void RejectedRowModel::prepare(const CountedPackets& analysis)
{
    names_ = InputNames(analysis.inputs);
}

Cell RejectedRowModel::cellOf(const CountedPackets& analysis, std::size_t row, int column) const
{
    const RejectedRow& rejected = analysis.totals.firstRejected[row];
    switch (column) {
    case File:
        return names_.cell(rejected.input);
    case Line:
        return rejected.line;
    case Reason: {
        const QString words = rejectReasonWords(rejected.reason);
        return Words{words, words, {}};
    }
    case BadColumn:
        return HostileText{rejected.column};
    case Row:
        return HostileText{rejected.raw};
    default:
        return {};
    }
}

} // namespace packetloom
