// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/distribution_query.h"
#include "core/support/result.h"

#include <QJsonObject>
#include <QTimer>
#include <QVector>
#include <QWidget>
#include <memory>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QPainter;
class QScrollArea;
class QStackedWidget;
class QToolButton;

namespace packetloom {

class HistogramChart;

/// How many flows have which values of a quantity: one histogram of all that are seen, and one of each large
/// group, with the same axes. Asks for them (distributionWanted), as long as it is seen; shows what it is
/// given, and says which filter would leave some bins.
class DistributionsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit DistributionsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// What is looked at of the analysis.
    void setNarrowing(const Narrowing& narrowing);
    /// The reply to a question; one of another analysis, or that nobody waits for, is passed over.
    void setDistribution(const std::shared_ptr<const Analysis>& analysis,
                         const Result<std::shared_ptr<const Distribution>>& distribution);
    /// What is shown; null while it is counted.
    [[nodiscard]] const std::shared_ptr<const Distribution>& distribution() const { return shown_; }
    /// That of all flows, then those of groups.
    [[nodiscard]] QVector<HistogramChart*> charts() const;
    /// As PNG, PDF or SVG, by the name's ending. An empty string, or what went wrong.
    QString saveTo(const QString& path);
    /// What is chosen, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    /// What it does not know stays as it is.
    void setViewState(const QJsonObject& state);

signals:
    void distributionWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                            const packetloom::DistributionQuery& query);
    /// To narrow what is seen: a filter in the language of docs/filters.md.
    void narrowWanted(const QString& filter);
    /// viewState() says something else now.
    void viewChanged();

protected:
    void showEvent(QShowEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeControls();
    void makePages();
    [[nodiscard]] DistributionQuery query() const;
    void choiceChanged();
    void ask();
    void clear(const QString& why);
    void tell(const QString& readout);
    void show(const Distribution& distribution);
    void showWords(const Distribution& distribution);
    void showHint(const QString& text);
    [[nodiscard]] QString notTold() const;
    void setGroupCharts(int count);
    void placeCharts();
    void choose(int chart, int first, int last);
    void saveAs();

    std::shared_ptr<const Analysis> analysis_;
    Narrowing narrowing_;
    std::shared_ptr<const Distribution> shown_;
    bool wanted_ = false;  ///< the next time that the panel is seen
    bool waiting_ = false; ///< for the answer to the latest question
    QTimer slow_;          ///< until it is said that an answer takes its time
    QWidget* controls_;
    QComboBox* quantity_;
    QComboBox* scale_;
    QComboBox* by_;
    QCheckBox* logHeights_;
    QToolButton* save_;
    QLabel* count_;
    QLabel* percentiles_;
    QLabel* readout_;
    QStackedWidget* pages_;
    QLabel* hint_;
    QScrollArea* scroll_;
    QGridLayout* grid_;
    HistogramChart* whole_;
    QVector<HistogramChart*> groups_;
    int columns_ = 0; ///< of groups
};

} // namespace packetloom
