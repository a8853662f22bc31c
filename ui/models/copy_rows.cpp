// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/copy_rows.h"

#include "ui/models/table_model.h"

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

bool looksLikeFormula(const QString& text)
{
    static const QRegularExpression number(QStringLiteral(R"(\A[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\z)"));
    return !text.isEmpty() && QStringLiteral("=+-@\t\r\n").contains(text.front()) &&
           !number.match(text).hasMatch();
}

QString field(QString text)
{
    text.replace(QChar(u'\0'), QStringLiteral("\\x00"));
    if (looksLikeFormula(text))
        text.prepend(QLatin1Char('\''));
    // Semicolons and tabs too: some spreadsheets also split at them.
    const auto special = [](QChar c) { return QStringLiteral(",;\t\"\r\n").contains(c); };
    if (!std::any_of(text.cbegin(), text.cend(), special))
        return text;
    text.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + text + QLatin1Char('"');
}

void appendLine(QString& csv, const QList<int>& columns, const auto& textOf)
{
    bool first = true;
    for (const int column : columns) {
        if (!std::exchange(first, false))
            csv += QLatin1Char(',');
        csv += field(textOf(column));
    }
    csv += QLatin1Char('\n');
}

} // namespace

QString rowsAsCsv(const QAbstractItemModel& model, const QModelIndexList& indexes, const QList<int>& columns)
{
    QList<int> written = columns;
    if (written.isEmpty()) {
        written.resize(model.columnCount());
        std::iota(written.begin(), written.end(), 0);
    }
    std::vector<int> rows;
    rows.reserve(static_cast<std::size_t>(indexes.size()));
    for (const QModelIndex& index : indexes)
        rows.push_back(index.row());
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());

    QString csv;
    appendLine(csv, written, [&](int column) { return model.headerData(column, Qt::Horizontal).toString(); });
    for (const int row : rows)
        appendLine(csv, written,
                   [&](int column) { return model.index(row, column).data(TableModel::RawRole).toString(); });
    return csv;
}

} // namespace packetloom
