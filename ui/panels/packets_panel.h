// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_key.h"
#include "core/analysis/packet_query.h"

#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QLineEdit;
class QMenu;

namespace packetloom {

class LongTableView;
class PacketRowsModel;

/// Every kept packet, of all protocols, in the order of the capture. It asks for what it shows (which rows, a
/// page of them, their flows, the row of a time) and shows what it is given; nothing is asked for before the
/// page is looked at.
class PacketsPanel final : public QWidget
{
    Q_OBJECT

public:
    using AnalysisPtr = std::shared_ptr<const Analysis>;
    using RowsPtr = std::shared_ptr<const PacketRows>;

    explicit PacketsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const AnalysisPtr& analysis);
    /// In the packets' sense.
    void setNarrowing(const Narrowing& narrowing);

    /// Answers to rowsWanted(), pageWanted(), flowsWanted() and placeWanted(). Those of another analysis, or
    /// of rows that are no longer shown, are passed over.
    void setRows(const AnalysisPtr& analysis, const Result<RowsPtr>& rows);
    void setPage(const RowsPtr& rows, int first, const Result<std::vector<PacketView>>& page, bool withFlows);
    void setFlows(const AnalysisPtr& analysis, const Result<RowFlowsPtr>& flows);
    void setPlace(const RowsPtr& rows, const Result<std::optional<std::uint64_t>>& place);

    /// The line that takes a number of a row, or a time.
    void askWhereTo();
    void saveColumns() const;

signals:
    void rowsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                    const packetloom::Narrowing& narrowing);
    void pageWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                    const std::shared_ptr<const packetloom::PacketRows>& rows, int first, int count);
    void flowsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis);
    /// The first row that is not earlier, in microseconds since the epoch.
    void placeWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                     const std::shared_ptr<const packetloom::PacketRows>& rows, qint64 time);
    /// What was asked of the analysis before is not wanted any more.
    void analysisLeft();
    /// To be looked at by itself: an index into the flows.
    void flowWanted(std::size_t flow);
    /// The values of a column are to be counted.
    void countWanted(packetloom::GroupKey key);
    /// To be looked at in the timeline.
    void timeWanted(qint64 start, qint64 end);
    /// To be narrowed to: a filter in its language.
    void narrowWanted(const QString& filter);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void ask();
    void goTo();
    void goToPlace(std::uint64_t place);
    void say(const QString& problem);
    void activate(int row);
    void addRowActions(QMenu* menu, int row);

    AnalysisPtr analysis_;
    Narrowing narrowing_;
    bool asked_ = false;      ///< for what narrowing_ says
    bool flowsAsked_ = false; ///< for those of the analysis
    QLabel* count_;
    QLabel* problem_;
    QLineEdit* where_;
    LongTableView* table_;
    PacketRowsModel* packets_;
};

} // namespace packetloom
