// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/distributions_panel.h"

#include "core/filter/filter_parser.h"
#include "ui/charts/histogram_chart.h"
#include "ui/messages.h"
#include "ui/models/cell.h"
#include "ui/models/group_words.h"
#include "ui/panels/distribution_words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>
#include <algorithm>
#include <chrono>
#include <variant>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds slowAnswer{200};
constexpr int nobody = -1;

QString text(std::string_view latin)
{
    return QString::fromLatin1(latin.data(), qsizetype(latin.size()));
}

} // namespace

DistributionsPanel::DistributionsPanel(QWidget* parent) : QWidget(parent)
{
    makeControls();
    makePages();
    slow_.setSingleShot(true);
    slow_.setInterval(slowAnswer);
    connect(&slow_, &QTimer::timeout, this, [this] { clear(tr("Counting…")); });
    for (auto* const box : {quantity_, scale_, by_})
        connect(box, &QComboBox::currentIndexChanged, this, &DistributionsPanel::choiceChanged);
    connect(logHeights_, &QCheckBox::toggled, this, [this](bool on) {
        for (auto* const chart : charts())
            chart->setLogHeights(on);
        emit viewChanged();
    });
    setAnalysis(nullptr);
}

DistributionQuery DistributionsPanel::query() const
{
    DistributionQuery query;
    query.quantity = static_cast<FilterField>(quantity_->currentData().toInt());
    query.scale = static_cast<BinScale>(scale_->currentData().toInt());
    if (const int by = by_->currentData().toInt(); by != nobody)
        query.by = static_cast<GroupKey>(by);
    query.narrowing = narrowing_;
    return query;
}

QVector<HistogramChart*> DistributionsPanel::charts() const
{
    return QVector<HistogramChart*>{whole_} + groups_;
}

void DistributionsPanel::choiceChanged()
{
    emit viewChanged();
    ask();
}

void DistributionsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    ask();
}

void DistributionsPanel::setNarrowing(const Narrowing& narrowing)
{
    narrowing_ = narrowing;
    ask();
}

// What was counted before would be untrue: until the answer is there, nothing is shown.
void DistributionsPanel::ask()
{
    waiting_ = false;
    wanted_ = !isVisible();
    slow_.stop();
    shown_.reset();
    clear({});
    if (!analysis_)
        return showHint(tr("How durations and sizes of flows are distributed is shown here once captures are "
                           "analyzed, or a dataset is open."));
    // The charts stay where they are, so that one of them keeps the keyboard.
    if (analysis_->flows.size() == 0)
        return showHint(tr("There are no flows."));
    pages_->setCurrentWidget(scroll_);
    if (wanted_)
        return;
    waiting_ = true;
    slow_.start();
    emit distributionWanted(analysis_, query());
}

void DistributionsPanel::clear(const QString& why)
{
    count_->clear();
    percentiles_->clear();
    tell({});
    save_->setEnabled(false);
    for (auto* const chart : charts())
        chart->setNothing({}, why);
}

/// Where nothing is pointed at there is room to say what can be done.
void DistributionsPanel::tell(const QString& readout)
{
    const bool drawn = shown_ && !shown_->bins.empty();
    readout_->setText(!readout.isEmpty() || !drawn
                          ? readout
                          : tr("Click a bar, or drag over several: all pages then show these flows alone."));
}

void DistributionsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (wanted_)
        ask();
}

void DistributionsPanel::showHint(const QString& hint)
{
    hint_->setText(hint);
    pages_->setCurrentWidget(hint_);
}

void DistributionsPanel::setDistribution(const std::shared_ptr<const Analysis>& analysis,
                                         const Result<std::shared_ptr<const Distribution>>& distribution)
{
    if (!waiting_ || !analysis_ || analysis != analysis_)
        return;
    waiting_ = false;
    slow_.stop();
    clear({});
    if (!distribution)
        return showHint(distribution.error().code == Errc::NotExact && figureOf(query().quantity)
                            ? notTold()
                            : errorMessage(distribution.error()));
    shown_ = *distribution;
    show(*shown_);
    tell({});
}

/// Of a figure of the exact engine, where that does not tell of the flows: unknown is not 0.
QString DistributionsPanel::notTold() const
{
    const auto name = quantity_->currentText();
    return analysis_->capture() != nullptr
               ? tr("\u201c%1\u201d is not known of these flows: the exact engine alone tells it. Choose "
                    "\u201cthe exact engine\u201d at \u201cFlows told by\u201d in the options, and analyze.")
                     .arg(name)
               : tr("\u201c%1\u201d is not known of these flows: no dataset has it. Open the captures, and "
                    "have their flows told by the exact engine.")
                     .arg(name);
}

void DistributionsPanel::show(const Distribution& distribution)
{
    const auto axis = histogramAxis(distribution);
    const auto histogram = [&](const ValueCounts& counts, const QString& title) {
        HistogramChart::Histogram made;
        made.title = title;
        made.flows = QVector<quint64>(counts.bins.begin(), counts.bins.end());
        made.all = counts.known;
        return made;
    };
    const auto highestOf = [](const QVector<quint64>& flows) {
        return flows.isEmpty() ? quint64{0} : *std::max_element(flows.begin(), flows.end());
    };
    showWords(distribution);
    const auto left = distribution.all.known + distribution.all.unknown;
    const auto name = quantityTitle(distribution.quantity);
    auto whole =
        histogram(distribution.all, narrowing_.everything() ? tr("%1 of all flows").arg(name)
                                                            : tr("%1 of the flows that are left").arg(name));
    whole.highest = highestOf(whole.flows);
    if (distribution.bins.empty())
        whole_->setNothing(whole.title,
                           left == 0 ? tr("No flow is left.") : tr("It is not known of any of these flows."));
    else
        whole_->setHistogram(axis, whole);

    QVector<HistogramChart::Histogram> groups;
    const auto add = [&](const ValueCounts& counts, const QString& title) {
        groups << histogram(counts, title);
        const auto flows = counts.known == 1 ? tr("1 flow") : tr("%1 flows").arg(shownNumber(counts.known));
        groups.last().note =
            counts.known == 0
                ? tr("not known of %1 flows").arg(shownNumber(counts.unknown))
                : tr("%1, median %2").arg(flows, quantityText(distribution.quantity, counts.percentiles[2]));
    };
    for (const auto& group :
         distribution.bins.empty() ? std::vector<Distribution::Group>() : distribution.groups)
        add(group.counts,
            shownCell(groupValueCell(distribution.values.value(group.value), analysis_->addresses)));
    if (distribution.others && !distribution.bins.empty())
        add(*distribution.others, distribution.otherGroups == 1
                                      ? tr("the other one")
                                      : tr("the other %1").arg(shownNumber(distribution.otherGroups)));
    quint64 highest = 0; // the same of all, or they could not be compared
    for (const auto& group : groups)
        highest = std::max(highest, highestOf(group.flows));
    setGroupCharts(static_cast<int>(groups.size()));
    for (qsizetype i = 0; i < groups.size(); ++i) {
        groups[i].highest = highest;
        groups_[i]->setHistogram(axis, groups[i]);
    }
    save_->setEnabled(!distribution.bins.empty());
}

void DistributionsPanel::showWords(const Distribution& distribution)
{
    const auto& all = distribution.all;
    const auto left = all.known + all.unknown;
    const auto whole = analysis_->flows.size();
    QStringList words{left == whole ? tr("all %1 flows").arg(shownNumber(whole))
                                    : tr("%1 of %2 flows").arg(shownNumber(left), shownNumber(whole))};
    if (all.unknown > 0)
        words << tr("not known of %1 of them").arg(shownNumber(all.unknown));
    count_->setText(words.join(QStringLiteral("; ")));
    percentiles_->setText(percentileWords(distribution.quantity, all));
}

void DistributionsPanel::choose(int chart, int first, int last)
{
    if (!shown_)
        return;
    const auto groups = static_cast<int>(shown_->groups.size());
    const auto part = chart < 0         ? DistributionPart::All
                      : chart == groups ? DistributionPart::Others
                                        : DistributionPart::Group;
    const auto filter =
        distributionFilter(*shown_, {static_cast<std::size_t>(first), static_cast<std::size_t>(last)}, part,
                           static_cast<std::size_t>(std::max(chart, 0)), analysis_->addresses);
    if (!filter || std::holds_alternative<FilterProblem>(parseFilter(*filter, FilterSubject::Packets)))
        tell(tr("No filter can say which flows these are."));
    else
        emit narrowWanted(QString::fromStdString(*filter));
}

QJsonObject DistributionsPanel::viewState() const
{
    const auto chosen = query();
    QJsonObject state{{QStringLiteral("of"), text(nameOf(chosen.quantity))},
                      {QStringLiteral("scale"),
                       chosen.scale == BinScale::Linear ? QStringLiteral("linear") : QStringLiteral("log")},
                      {QStringLiteral("log_heights"), logHeights_->isChecked()}};
    if (chosen.by)
        state[QStringLiteral("by")] = text(groupKeyName(*chosen.by));
    return state;
}

void DistributionsPanel::setViewState(const QJsonObject& state)
{
    const auto* const field = fieldNamed(state.value(QStringLiteral("of")).toString().toStdString());
    const int quantity = field ? quantity_->findData(static_cast<int>(field->field)) : -1;
    if (quantity < 0)
        return;
    {
        const QSignalBlocker quiet(quantity_), quietScale(scale_), quietBy(by_);
        quantity_->setCurrentIndex(quantity);
        const auto scale = state.value(QStringLiteral("scale")).toString();
        if (scale == QStringLiteral("linear") || scale == QStringLiteral("log"))
            scale_->setCurrentIndex(scale_->findData(static_cast<int>(
                scale == QStringLiteral("linear") ? BinScale::Linear : BinScale::Logarithmic)));
        const auto key = groupKeyNamed(state.value(QStringLiteral("by")).toString().toStdString());
        const int by = by_->findData(key ? static_cast<int>(*key) : nobody);
        if (by >= 0)
            by_->setCurrentIndex(by);
    }
    logHeights_->setChecked(state.value(QStringLiteral("log_heights")).toBool(logHeights_->isChecked()));
    choiceChanged();
}

} // namespace packetloom
