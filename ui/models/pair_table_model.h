// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/address_query.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The pairs of addresses with TCP traffic, or those that the filter lets pass. The columns are those of
/// PairColumn. Sorts and filters at once, which takes less than 10 ms for 100,000 rows.
class PairTableModel final : public AnalysisTableModel
{
    Q_OBJECT

public:
    explicit PairTableModel(QObject* parent = nullptr);

    [[nodiscard]] const AddressPair& pairAt(int row) const;
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    /// Every word of it must be in one of the two addresses. Stays when the analysis changes, as the order
    /// does.
    void setFilterText(const QString& text);

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const Analysis& analysis) const override;
    [[nodiscard]] std::vector<std::uint32_t> selectRows(const Analysis& analysis) const override;
    [[nodiscard]] Cell cellOf(const Analysis& analysis, std::size_t row, int column) const override;

    PairQuery query_;
};

} // namespace packetloom
