// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "ui/models/cell.h"

#include <QAbstractTableModel>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace packetloom {

/// What all tables have in common: cells are made when they are asked for; numbers stand on the right.
/// Texts of cells are plain and safe to show; tooltips are safe although Qt guesses whether they are rich.
class TableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// The bare number or the whole text of a cell, as it is to be copied.
    static constexpr int RawRole = Qt::UserRole;
    /// Of a column's header: its name for machines, which stays the same in every language and version.
    static constexpr int NameRole = Qt::UserRole + 2;
    /// Of a column's header: what it is among, where there are many; none for columns that stand by
    /// themselves.
    static constexpr int GroupRole = Qt::UserRole + 9;
    /// Whether what a row shows is still being fetched (bool): dataChanged() says when it is there.
    static constexpr int PendingRole = Qt::UserRole + 8;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

protected:
    /// Title and tip are marked with QT_TRANSLATE_NOOP in the context of the model's class.
    struct Column
    {
        const char* name; ///< see NameRole
        const char* title;
        const char* tip;
        bool number = false;
        const char* group = nullptr; ///< see GroupRole; marked as the title
    };
    /// `columns` must outlive the model.
    explicit TableModel(std::span<const Column> columns, QObject* parent);

    [[nodiscard]] virtual std::size_t shownRows() const = 0;
    /// Row and column lie inside the table.
    [[nodiscard]] virtual Cell cell(std::size_t row, int column) const = 0;

private:
    [[nodiscard]] QString translated(const char* text) const;

    std::span<const Column> columns_;
};

/// A table over a part of a source: a list of row numbers in the order shown.
class RowTableModel : public TableModel
{
    Q_OBJECT

public:
    /// The rows to show, in this order: what a query of the same source found. Numbers that the source does
    /// not hold are left out. Resets the model.
    void setRows(std::vector<std::uint32_t> rows);
    [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return rows_; }

protected:
    using TableModel::TableModel;
    [[nodiscard]] std::size_t shownRows() const final { return rows_.size(); }
    [[nodiscard]] Cell cell(std::size_t row, int column) const final;

    /// Rows that the source has for this table; none without a source.
    [[nodiscard]] virtual std::size_t sourceRows() const = 0;
    [[nodiscard]] virtual Cell sourceCell(std::size_t row, int column) const = 0;
    /// The rows to show of a new source: unless a model says otherwise all of them, in the order of the last
    /// sortByCells().
    [[nodiscard]] virtual std::vector<std::uint32_t> selectRows() const;
    /// For small tables: sorts the rows by what their cells hold. By the rows' own order for column -1.
    void sortByCells(int column, Qt::SortOrder order);
    /// selectRows() again, after what it depends on has changed.
    void selectAgain();
    /// Exchanges the source, while the model is reset.
    void exchange(const std::function<void()>& change);

private:
    std::vector<std::uint32_t> rows_;
    int sortColumn_ = -1;
    Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
};

/// A table over a part of what was analyzed, which it holds. `Source` is the least that the table needs of
/// it.
template <class Source>
class SourceTableModel : public RowTableModel
{
public:
    /// Shows its rows as selectRows() says. Null empties the table.
    void setAnalysis(std::shared_ptr<const Source> analysis)
    {
        exchange([&] {
            analysis_ = std::move(analysis);
            if (analysis_)
                prepare(*analysis_);
        });
    }
    [[nodiscard]] const std::shared_ptr<const Source>& analysis() const { return analysis_; }

protected:
    using RowTableModel::RowTableModel;
    [[nodiscard]] std::size_t sourceRows() const final { return analysis_ ? rowsOf(*analysis_) : 0; }
    [[nodiscard]] Cell sourceCell(std::size_t row, int column) const final
    {
        return cellOf(*analysis_, row, column);
    }

    [[nodiscard]] virtual std::size_t rowsOf(const Source& analysis) const = 0;
    [[nodiscard]] virtual Cell cellOf(const Source& analysis, std::size_t row, int column) const = 0;
    /// Called while the model is reset, before the first cell is asked for.
    virtual void prepare(const Source& /*analysis*/) {}

private:
    std::shared_ptr<const Source> analysis_;
};

} // namespace packetloom
