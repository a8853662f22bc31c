// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/table_model.h"

#include <functional>
#include <map>
#include <string>

namespace packetloom {

/// The packets of one flow and what each meant for the connection.
class PacketTableModel final : public TableModel
{
    Q_OBJECT

public:
    enum Columns {
        Number,
        Time,
        SinceStart,
        Direction,
        Flags,
        Sequence,
        Acknowledgment,
        Length,
        PhaseName,
        Meaning,
        ColumnCount,
    };
    /// Which part of a connection a packet belongs to.
    enum class Phase : std::uint8_t { None, Establishment, DataTransfer, Closing };
    /// The Phase as int.
    static constexpr int PhaseRole = RawRole + 1;
    /// Whether the packet made the flow invalid (bool); the text says so too.
    static constexpr int InvalidatesRole = RawRole + 2;

    static QString phaseWords(Phase phase);

    explicit PacketTableModel(QObject* parent = nullptr);

    /// `detail` comes from readFlow() of this analysis, which is held for its addresses. The order stays.
    void setFlow(FlowDetail detail, std::shared_ptr<const Analysis> analysis);
    void clear();
    [[nodiscard]] const FlowDetail& flow() const { return detail_; }
    /// Index into flow().packets of a row shown, and back; -1 for a packet that there is not.
    [[nodiscard]] std::size_t packetAt(int row) const { return order_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] int rowOf(std::size_t packet) const;

    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    /// At once: every column is a number at heart.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    struct Part
    {
        Phase phase = Phase::None;
        PacketRole role{};
    };

    static std::span<const Column> columns();
    [[nodiscard]] std::size_t shownRows() const override { return order_.size(); }
    [[nodiscard]] Cell cell(std::size_t row, int column) const override;
    [[nodiscard]] Cell directionCell(const FlowPacket& packet) const;
    [[nodiscard]] Cell meaningCell(std::size_t packet) const;
    [[nodiscard]] std::uint64_t sinceStart(const FlowPacket& packet) const;
    [[nodiscard]] std::uint64_t keyOf(std::size_t packet, int column) const;
    void rankFlags();
    void putInOrder();
    [[nodiscard]] bool invalidates(std::size_t packet) const;

    std::shared_ptr<const Analysis> analysis_;
    FlowDetail detail_;
    std::vector<Part> parts_;                                     ///< by packet
    std::map<std::string, std::uint64_t, std::less<>> flagRanks_; ///< of the names that occur, when sorted by
    std::vector<std::uint32_t> order_;                            ///< packets in the order shown
    int sortColumn_ = Number;
    Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
};

} // namespace packetloom
