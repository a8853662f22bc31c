// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/engine_comparison.h"
#include "ui/models/table_model.h"

namespace packetloom {

/// The differences of the two engines that there are, each with how many there are.
class EngineDifferenceModel final : public SourceTableModel<ComparedEngines>
{
    Q_OBJECT

public:
    enum Columns { Title, Cases, ReferenceFlows, ExactFlows, Packets, Why, ColumnCount };

    explicit EngineDifferenceModel(QObject* parent = nullptr);

    [[nodiscard]] EngineDifference differenceAt(int row) const
    {
        return static_cast<EngineDifference>(rows()[static_cast<std::size_t>(row)]);
    }
    /// At once: the table is small.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::vector<std::uint32_t> selectRows() const override;
    [[nodiscard]] std::size_t rowsOf(const ComparedEngines& compared) const override;
    [[nodiscard]] Cell cellOf(const ComparedEngines& compared, std::size_t row, int column) const override;
};

/// All cases of one difference, and whose they are.
struct ShownEngineCases
{
    std::shared_ptr<const Analysis> analysis;
    std::shared_ptr<const ComparedEngines> compared;
    EngineDifference difference{};

    [[nodiscard]] EngineCase at(std::size_t i) const { return compared->comparison->at(difference, i); }
};

/// The cases of one difference, in their order; of several flows the first one is shown.
class EngineCaseModel final : public SourceTableModel<ShownEngineCases>
{
    Q_OBJECT

public:
    enum Columns {
        Number,
        Outcome,
        State,
        History,
        ReferenceFlows,
        ExactFlows,
        Source,
        SourcePort,
        Destination,
        DestinationPort,
        Start,
        ColumnCount,
    };

    explicit EngineCaseModel(QObject* parent = nullptr);

private:
    static std::span<const Column> columns();
    [[nodiscard]] std::size_t rowsOf(const ShownEngineCases& cases) const override;
    [[nodiscard]] Cell cellOf(const ShownEngineCases& cases, std::size_t row, int column) const override;
};

/// The title of a difference, and why it is, for people.
QString engineDifferenceTitle(EngineDifference difference);
QString engineDifferenceWhy(EngineDifference difference);

} // namespace packetloom
