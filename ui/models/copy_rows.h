// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QList>
#include <QModelIndexList>
#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>
#include <utility>
#include <vector>

class QAbstractItemModel;

namespace packetloom {

/// Rows of a table: the first and the last of each run, both inclusive; in order, no two of them touch.
using RowRuns = std::vector<std::pair<int, int>>;
/// Any runs as RowRuns.
RowRuns rowRuns(std::vector<std::pair<int, int>> runs);

/// The rows of `indexes` (each once, from the top) as CSV after RFC 4180 with a line of headers; lines end
/// with a line feed. `columns` are the columns to write, in this order: the visible ones as they stand in the
/// view; all when empty. Values come from TableModel::RawRole: numbers without groups, whole texts. A text
/// that a spreadsheet would take for a formula gets an apostrophe in front; a NUL, which ends many a
/// clipboard, becomes \x00.
QString rowsAsCsv(const QAbstractItemModel& model, const QModelIndexList& indexes,
                  const QList<int>& columns = {});

/// Makes the same text of any number of rows without holding up the event loop, in which it does a few
/// milliseconds of work at a time: models are not for other threads. What a model has yet to fetch
/// (TableModel::PendingRole) is waited for. Once it has told the end it can be started again.
class RowCopier final : public QObject
{
    Q_OBJECT

public:
    enum class Failure : std::uint8_t {
        Cancelled,
        Changed, ///< the table has other rows now
        TooMuch, ///< more than mostCharacters
    };
    Q_ENUM(Failure)
    static constexpr qsizetype mostCharacters = qsizetype{1} << 28;

    explicit RowCopier(QObject* parent = nullptr);

    /// Only when not running(). A first piece is made at once, which is all where there is little to copy.
    void start(QAbstractItemModel& model, RowRuns rows, const QList<int>& columns);
    void cancel() { end(Failure::Cancelled); }
    [[nodiscard]] bool running() const { return model_ != nullptr; }

signals:
    void progressed(qint64 rows, qint64 of);
    void finished(const QString& csv, qint64 rows);
    void failed(packetloom::RowCopier::Failure why);

private:
    void work();
    void end(Failure why);
    void leave();

    QPointer<QAbstractItemModel> model_; ///< null: not running
    RowRuns rows_;
    QList<int> columns_;
    QString csv_;
    QTimer next_;
    std::size_t run_ = 0;
    int row_ = 0;
    qint64 done_ = 0, all_ = 0;
    bool waiting_ = false; ///< for the model
};

} // namespace packetloom
