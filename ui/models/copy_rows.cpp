// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/copy_rows.h"

#include "ui/models/table_model.h"

#include <QElapsedTimer>
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

void appendHeaders(QString& csv, const QAbstractItemModel& model, const QList<int>& columns)
{
    bool first = true;
    for (const int column : columns) {
        if (!std::exchange(first, false))
            csv += QLatin1Char(',');
        csv += field(model.headerData(column, Qt::Horizontal).toString());
    }
    csv += QLatin1Char('\n');
}

void appendRow(QString& csv, const QAbstractItemModel& model, int row, const QList<int>& columns)
{
    bool first = true;
    for (const int column : columns) {
        if (!std::exchange(first, false))
            csv += QLatin1Char(',');
        const QVariant value = model.index(row, column).data(TableModel::RawRole);
        // Most are numbers, and there is nothing to look for in them.
        if (value.typeId() == QMetaType::LongLong || value.typeId() == QMetaType::ULongLong)
            csv += value.toString();
        else
            csv += field(value.toString());
    }
    csv += QLatin1Char('\n');
}

QList<int> columnsOf(const QAbstractItemModel& model, QList<int> columns)
{
    if (columns.isEmpty()) {
        columns.resize(model.columnCount());
        std::iota(columns.begin(), columns.end(), 0);
    }
    return columns;
}

constexpr qint64 workMilliseconds = 8;
constexpr int rowsBetweenLooks = 16;

} // namespace

RowRuns rowRuns(std::vector<std::pair<int, int>> runs)
{
    std::sort(runs.begin(), runs.end());
    RowRuns joined;
    for (const auto& [first, last] : runs) {
        if (!joined.empty() && first <= joined.back().second + 1)
            joined.back().second = std::max(joined.back().second, last);
        else
            joined.emplace_back(first, last);
    }
    return joined;
}

QString rowsAsCsv(const QAbstractItemModel& model, const QModelIndexList& indexes, const QList<int>& columns)
{
    const auto written = columnsOf(model, columns);
    std::vector<std::pair<int, int>> runs;
    for (const QModelIndex& index : indexes)
        runs.emplace_back(index.row(), index.row());
    QString csv;
    appendHeaders(csv, model, written);
    for (const auto& [first, last] : rowRuns(std::move(runs))) {
        for (int row = first; row <= last; ++row)
            appendRow(csv, model, row, written);
    }
    return csv;
}

RowCopier::RowCopier(QObject* parent) : QObject(parent)
{
    next_.setSingleShot(true);
    connect(&next_, &QTimer::timeout, this, &RowCopier::work);
}

void RowCopier::start(QAbstractItemModel& model, RowRuns rows, const QList<int>& columns)
{
    Q_ASSERT(!running());
    model_ = &model;
    rows_ = std::move(rows);
    columns_ = columnsOf(model, columns);
    run_ = 0;
    done_ = all_ = 0;
    for (const auto& [first, last] : rows_)
        all_ += qint64{last} - first + 1;
    row_ = rows_.empty() ? 0 : rows_.front().first;
    csv_.clear();
    appendHeaders(csv_, model, columns_);
    const auto changed = [this] { end(Failure::Changed); };
    connect(&model, &QAbstractItemModel::modelReset, this, changed);
    connect(&model, &QAbstractItemModel::rowsInserted, this, changed);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, changed);
    connect(&model, &QAbstractItemModel::layoutChanged, this, changed);
    connect(&model, &QObject::destroyed, this, changed);
    connect(&model, &QAbstractItemModel::dataChanged, this, [this] {
        if (std::exchange(waiting_, false))
            next_.start(0);
    });
    work();
}

void RowCopier::work()
{
    if (!model_)
        return;
    QElapsedTimer clock;
    clock.start();
    for (int looked = 0; run_ < rows_.size(); ++looked) {
        if (looked % rowsBetweenLooks == 0 && clock.hasExpired(workMilliseconds)) {
            emit progressed(done_, all_);
            next_.start(0);
            return;
        }
        if (model_->index(row_, 0).data(TableModel::PendingRole).toBool()) {
            waiting_ = true;
            emit progressed(done_, all_);
            return;
        }
        appendRow(csv_, *model_, row_, columns_);
        if (csv_.size() > mostCharacters)
            return end(Failure::TooMuch);
        // Room for all at once: text that moves when it has become long would hold up everything.
        constexpr qint64 rowsToJudgeBy = 256;
        if (++done_ == rowsToJudgeBy)
            csv_.reserve(static_cast<qsizetype>(
                std::min<qint64>(csv_.size() * (all_ / rowsToJudgeBy + 1) * 5 / 4, mostCharacters)));
        if (row_ < rows_[run_].second)
            ++row_;
        else if (++run_ < rows_.size())
            row_ = rows_[run_].first;
    }
    const qint64 rows = done_;
    const QString csv = std::exchange(csv_, QString());
    leave();
    emit finished(csv, rows);
}

void RowCopier::leave()
{
    if (model_)
        model_->disconnect(this);
    model_.clear();
    waiting_ = false;
    next_.stop();
    rows_.clear();
    csv_ = QString();
}

void RowCopier::end(Failure why)
{
    if (rows_.empty() && !model_)
        return;
    leave();
    emit failed(why);
}

} // namespace packetloom
