// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/csv_tokenizer.h"
#include "tests/support/memory_source.h"

#include <QString>
#include <QStringList>

namespace packetloom::test {

inline QString problemName(RowProblem problem)
{
    switch (problem) {
    case RowProblem::None:
        return QStringLiteral("ok");
    case RowProblem::TooFewFields:
        return QStringLiteral("few");
    case RowProblem::TooManyFields:
        return QStringLiteral("many");
    case RowProblem::UnclosedQuote:
        return QStringLiteral("unclosed");
    case RowProblem::NulByte:
        return QStringLiteral("nul");
    case RowProblem::TooLong:
        return QStringLiteral("long");
    }
    return QStringLiteral("?");
}

/// A row as one line of text: "3 ok [a][b]", or "3 few <raw>" where there is a problem.
inline QString rowText(const CsvRow& row)
{
    auto text = QStringLiteral("%1 %2 ").arg(row.line).arg(problemName(row.problem));
    if (row.problem != RowProblem::None)
        return text + QLatin1Char('<') + QString::fromLatin1(row.raw.data(), qsizetype(row.raw.size())) +
               QLatin1Char('>');
    for (const auto field : row.fields)
        text +=
            QLatin1Char('[') + QString::fromLatin1(field.data(), qsizetype(field.size())) + QLatin1Char(']');
    return text;
}

/// Every row of `source`; the first one says how many fields the others must have.
inline QStringList rowsOf(ByteSource& source, std::size_t blockSize,
                          std::size_t maxRowBytes = CsvTokenizer::defaultMaxRowBytes)
{
    CsvTokenizer tokenizer(source, blockSize, maxRowBytes);
    QStringList rows;
    CsvRow row;
    while (tokenizer.next(row) == CsvTokenizer::Step::Row) {
        if (rows.isEmpty())
            tokenizer.expectFields(row.fields.size());
        rows << rowText(row);
    }
    return rows;
}

inline QStringList rowsOf(std::string text, std::size_t blockSize = 4096,
                          std::size_t maxRowBytes = CsvTokenizer::defaultMaxRowBytes)
{
    MemorySource source(std::move(text));
    return rowsOf(source, blockSize, maxRowBytes);
}

} // namespace packetloom::test
