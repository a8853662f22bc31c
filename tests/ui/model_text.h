// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analyze.h"
#include "tests/support/test_folder.h"
#include "ui/models/table_model.h"

#include <QStringList>
#include <stdexcept>

namespace packetloom::test {

/// What a table shows, a string a row.
inline QStringList rowsOf(const QAbstractItemModel& model, int role = Qt::DisplayRole)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells += model.index(row, column).data(role).toString();
        lines += cells.join(QLatin1Char('|'));
    }
    return lines;
}

inline QStringList headersOf(const QAbstractItemModel& model, int role = Qt::DisplayRole)
{
    QStringList texts;
    for (int column = 0; column < model.columnCount(); ++column)
        texts += model.headerData(column, Qt::Horizontal, role).toString();
    return texts;
}

/// One column of what a table shows.
inline QStringList columnOf(const QAbstractItemModel& model, int column, int role = Qt::DisplayRole)
{
    QStringList texts;
    for (int row = 0; row < model.rowCount(); ++row)
        texts += model.index(row, column).data(role).toString();
    return texts;
}

/// The analysis of a capture with this text.
inline std::shared_ptr<const Analysis> analysisOf(const TestFolder& folder, std::string_view text)
{
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    options.temporaryFolder = folder.path();
    auto result = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!result)
        throw std::runtime_error("the capture cannot be analyzed");
    return *result;
}

} // namespace packetloom::test
