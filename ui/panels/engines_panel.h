// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/engine_comparison.h"

#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QModelIndex;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace packetloom {

class EngineCaseModel;
class EngineDifferenceModel;
class TableView;

/// How many flows the reference's rules and the exact engine tell alike, and in what they differ: the
/// differences, and below them the cases of the one that is chosen. Of the whole capture, whatever is marked
/// or filtered. Asks for the comparison (enginesWanted) when it is first seen.
class EnginesPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit EnginesPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// The reply; one of another analysis is passed over.
    void setCompared(const std::shared_ptr<const Analysis>& analysis,
                     const Result<ComparedEngines>& compared);
    void saveColumns() const;

signals:
    /// Null: what was asked is not wanted any more.
    void enginesWanted(const std::shared_ptr<const packetloom::Analysis>& analysis);
    /// To see a flow of the analysis, by its index.
    void flowWanted(std::size_t flow);
    /// To see these flows: a filter in the language of docs/filters.md.
    void flowsWanted(const QString& filter);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void ask();
    void showHint(const QString& text);
    void showDifference(const QModelIndex& index);
    void openFlow(const QModelIndex& index);
    void showFlows();

    std::shared_ptr<const Analysis> analysis_;
    std::shared_ptr<const ComparedEngines> compared_;
    std::optional<EngineDifference> shown_;
    bool wanted_ = false; ///< the next time that the panel is seen
    QTimer slow_;         ///< until it is said that an answer takes its time
    QStackedWidget* pages_;
    QLabel* hint_;
    QLabel* summary_;
    QLabel* why_;
    QPushButton* flows_;
    QSplitter* splitter_;
    TableView* differenceTable_;
    TableView* caseTable_;
    EngineDifferenceModel* differences_;
    EngineCaseModel* cases_;
};

/// The filter that leaves the flows of a difference of those of the analysis; empty where it would be too
/// long.
QString engineFlowsFilter(const ComparedEngines& compared, EngineDifference difference);

} // namespace packetloom
