// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/overview_panel.h"

#include "core/analysis/flow_table_analysis.h"
#include "core/support/text_format.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/flow_colors.h"
#include "ui/charts/timeline_chart.h"
#include "ui/charts/timeline_controls.h"
#include "ui/messages.h"
#include "ui/models/words.h"

#include <QGridLayout>
#include <QGroupBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QScrollArea>
#include <QSettings>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

const auto timelineKey = QStringLiteral("view/timeline");
constexpr std::array<FlowOutcome, 4> closings{FlowOutcome::Graceful, FlowOutcome::Abortive, FlowOutcome::Open,
                                              FlowOutcome::Unclosed};
constexpr std::array<InvalidReason, 5> invalidReasons{
    InvalidReason::InvalidSynAck, InvalidReason::InvalidAck, InvalidReason::RstDuringHandshake,
    InvalidReason::IncompleteNoSynAck, InvalidReason::IncompleteNoAck};

QGroupBox* group(const QString& title, QWidget* content)
{
    auto* const box = new QGroupBox(title);
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(content);
    return box;
}

CloseType closeTypeOf(FlowOutcome outcome)
{
    switch (outcome) {
    case FlowOutcome::Graceful:
        return CloseType::Graceful;
    case FlowOutcome::Abortive:
        return CloseType::Abortive;
    case FlowOutcome::Open:
        return CloseType::Open;
    default:
        return CloseType::None;
    }
}

/// What the frames without an IP packet are, a kind a line.
QString notIpText(const NotIpCounts& counts)
{
    QStringList lines;
    for (std::size_t i = 0; i < notIpCount; ++i) {
        if (counts[i] > 0)
            lines << OverviewPanel::tr("%1 %2").arg(shownNumber(counts[i]),
                                                    notIpWords(static_cast<NotIp>(i)));
    }
    return lines.isEmpty() ? QString() : OverviewPanel::tr("Not IP:\n%1").arg(lines.join(QLatin1Char('\n')));
}

} // namespace

OverviewPanel::OverviewPanel(QWidget* parent) : QWidget(parent)
{
    timeline_ = new TimelineChart;
    timeline_->setMinimumHeight(200);
    controls_ = new TimelineControls(timeline_);

    const std::array<QString, 6> names{tr("packets"),   tr("TCP packets"), tr("flows"),
                                       tr("addresses"), tr("time span"),   tr("rejected rows")};
    auto* const tiles = new QHBoxLayout;
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
        auto* const tile = new QFrame;
        tile->setFrameShape(QFrame::StyledPanel);
        auto* const inside = new QVBoxLayout(tile);
        inside->setContentsMargins(10, 4, 10, 4);
        inside->setSpacing(0);
        tiles_[i] = new QLabel(QStringLiteral("–"));
        tiles_[i]->setTextFormat(Qt::PlainText);
        tiles_[i]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto font = tiles_[i]->font();
        font.setPointSizeF(font.pointSizeF() * 1.35);
        tiles_[i]->setFont(font);
        tileNames_[i] = new QLabel(names[i]);
        inside->addWidget(tiles_[i]);
        inside->addWidget(tileNames_[i]);
        tiles->addWidget(tile, 1);
    }

    closeTypes_ = new BarChart;
    closeTypes_->setAccessibleName(tr("How flows closed"));
    closeTypes_->setToolTip(tr("How the flows closed; click a bar to see its flows"));
    reasons_ = new BarChart;
    reasons_->setAccessibleName(tr("Why flows are invalid"));
    reasons_->setToolTip(tr("Why flows are invalid; click a bar to see its flows"));
    auto* const bars = new QHBoxLayout;
    closeTypesBox_ = group(tr("How flows closed"), closeTypes_);
    bars->addWidget(closeTypesBox_, 1);
    reasonsBox_ = group(tr("Why flows are invalid"), reasons_);
    bars->addWidget(reasonsBox_, 1);
    services_ = new BarChart;
    services_->setAccessibleName(tr("Services"));
    services_->setToolTip(tr("Flows by service; click a bar to see its flows"));
    servicesBox_ = group(tr("Services"), services_);
    servicesBox_->hide();
    bars->addWidget(servicesBox_, 1);

    // Where there is little height, all of it can be reached, and the window need not be higher.
    auto* const content = new QWidget;
    auto* const scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* const around = new QVBoxLayout(this);
    around->setContentsMargins({});
    around->addWidget(scroll);
    auto* const layout = new QVBoxLayout(content);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->addWidget(controls_);
    layout->addWidget(timeline_, 1);
    layout->addLayout(tiles);
    layout->addLayout(bars);

    connect(timeline_, &TimelineChart::intervalBrushed, this,
            [this](qint64 start, qint64 end) { emit brushed(std::pair(start, end)); });
    connect(timeline_, &TimelineChart::brushCleared, this, [this] { emit brushed(std::nullopt); });
    connect(controls_, &TimelineControls::changed, this, &OverviewPanel::viewChanged);
    connect(timeline_, &TimelineChart::visibleIntervalChanged, this, &OverviewPanel::viewChanged);
    connect(closeTypes_, &BarChart::activated, this, [this](int index) {
        if (index == static_cast<int>(closings.size()))
            emit invalidActivated();
        else
            emit outcomeActivated(closings[static_cast<std::size_t>(index)]);
    });
    connect(reasons_, &BarChart::activated, this, [this](int index) {
        emit outcomeActivated(outcomeOf(CloseType::Invalid, invalidReasons[static_cast<std::size_t>(index)]));
    });
    connect(services_, &BarChart::activated, this, [this](int index) {
        if (const auto name = serviceNames_.value(index); !name.isEmpty())
            emit serviceActivated(name);
    });
    setBrush(std::nullopt);
    setTally(FlowTally());
    setViewState(QJsonDocument::fromJson(QSettings().value(timelineKey).toByteArray()).object());
}

void OverviewPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    flowTable_ = analysis && analysis->flowTable();
    servicesBox_->setVisible(flowTable_);
    // Only the reference calls flows invalid.
    reasonsBox_->setVisible(!analysis || !analysis->flowFacts());
    if (flowTable_)
        showServices(*analysis->flowTable());
    controls_->setFlowTable(flowTable_);
    timeline_->setTimelines(analysis);
    setNarrowed(Narrowed::No, nullptr);
}

void OverviewPanel::showTotals(const RunTotals& totals, std::uint64_t packets)
{
    const auto span =
        static_cast<std::uint64_t>(totals.lastTimestamp) - static_cast<std::uint64_t>(totals.firstTimestamp);
    const RunTotals& whole = analysis_->totals; // what is no packet cannot be narrowed
    setTiles(
        {shownNumber(packets), shownNumber(totals.tcpPackets), shownNumber(totals.flows),
         shownNumber(totals.uniqueAddresses),
         totals.rows.kept > 0 ? QString::fromStdString(timeSpan(span)) : QString(),
         whole.rows.notIp == 0
             ? shownNumber(whole.rows.rejected)
             : tr("%1 + %2 not IP").arg(shownNumber(whole.rows.rejected), shownNumber(whole.rows.notIp))});
    tiles_[5]->setToolTip(notIpText(whole.notIpBy));
    tiles_[4]->setToolTip(
        totals.rows.kept > 0
            ? tr("%1 to %2").arg(shownTime(totals.firstTimestamp), shownTime(totals.lastTimestamp))
            : QString());
}

void OverviewPanel::setNarrowed(Narrowed narrowed, const std::shared_ptr<const NarrowedPackets>& left)
{
    const bool whole = narrowed == Narrowed::No;
    tileNames_[5]->setText(whole ? tr("rejected rows") : tr("rejected rows, whole capture"));
    if (!analysis_ || narrowed == Narrowed::Counting) {
        setTiles({});
        tiles_[4]->setToolTip({});
        setTally(analysis_ ? std::nullopt : std::optional(FlowTally())); // not counted yet is not none
    } else if (whole) {
        showTotals(analysis_->totals, analysis_->packets());
        setTally(analysis_->tally);
    } else {
        showTotals(left->totals, left->packetCount);
        setTally(left->tally);
    }
    servicesBox_->setTitle(whole ? tr("Services") : tr("Services, whole table"));
}

void OverviewPanel::showServices(const FlowTableAnalysis& table)
{
    constexpr std::size_t mostBars = 6;
    serviceNames_.clear();
    QVector<BarChart::Bar> bars;
    for (std::size_t i = 0; i < std::min(mostBars, table.services.size()); ++i) {
        const ServiceCount& service = table.services[i];
        BarChart::Bar bar;
        bar.label = service.name.empty() ? tr("unknown") : shownText(service.name, 24);
        bar.value = service.flows;
        bars << bar;
        serviceNames_ << QString::fromUtf8(service.name.data(), qsizetype(service.name.size()));
    }
    services_->setBars(bars);
}

void OverviewPanel::setLive(const Progress& progress, const FlowTally& tally, const Timeline* timeline)
{
    setTiles({shownNumber(progress.packets),
              {},
              progress.flowsCount ? shownNumber(progress.flows) : QString(),
              {},
              {},
              shownNumber(progress.rejected)});
    setTally(progress.flowsCount ? std::optional(tally) : std::nullopt);
    if (timeline)
        timeline_->setLive(*timeline);
}

void OverviewPanel::setTiles(const std::array<QString, 6>& values)
{
    for (std::size_t i = 0; i < tiles_.size(); ++i)
        tiles_[i]->setText(values[i].isEmpty() ? QStringLiteral("–") : values[i]);
}

void OverviewPanel::setTally(const std::optional<FlowTally>& tally)
{
    const bool dark = isDark(palette());
    const FlowTally counted = tally.value_or(FlowTally());
    QVector<BarChart::Bar> closeBars, reasonBars;
    for (const auto outcome : closings) {
        BarChart::Bar bar;
        bar.label = outcomeWords(outcome);
        bar.value = counted.closeTypes[static_cast<std::size_t>(closeTypeOf(outcome))];
        bar.color = flowOutcomeColor(outcome, dark);
        bar.counted = tally.has_value();
        closeBars << bar;
    }
    BarChart::Bar invalid;
    invalid.label = closeTypeWords(CloseType::Invalid);
    invalid.value = counted.closeTypes[static_cast<std::size_t>(CloseType::Invalid)];
    invalid.color = flowOutcomeColor(FlowOutcome::RstDuringHandshake, dark);
    invalid.counted = tally.has_value();
    closeBars << invalid;
    for (const auto reason : invalidReasons) {
        const auto outcome = outcomeOf(CloseType::Invalid, reason);
        BarChart::Bar bar;
        bar.label = outcomeWords(outcome);
        bar.value = counted.invalidReasons[static_cast<std::size_t>(reason)];
        bar.color = flowOutcomeColor(outcome, dark);
        bar.counted = tally.has_value();
        reasonBars << bar;
    }
    closeTypes_->setBars(closeBars);
    reasons_->setBars(reasonBars);
}

void OverviewPanel::setBrush(const Interval& interval)
{
    timeline_->setBrush(interval);
}

void OverviewPanel::showInterval(qint64 start, qint64 end)
{
    timeline_->showInterval(start, end);
}

QJsonObject OverviewPanel::viewState() const
{
    auto state = controls_->viewState();
    if (const auto seen = timeline_->visibleInterval())
        state[QStringLiteral("seen")] = QJsonArray{seen->first, seen->second};
    return state;
}

void OverviewPanel::setViewState(const QJsonObject& state)
{
    controls_->setViewState(state);
    const auto seen = state.value(QStringLiteral("seen")).toArray();
    if (seen.size() == 2 && seen[0].isDouble() && seen[1].isDouble())
        timeline_->setVisibleInterval(seen[0].toInteger(), seen[1].toInteger());
}

void OverviewPanel::saveSettings() const
{
    auto state = viewState();
    state.remove(QStringLiteral("seen")); // the next capture has other times
    QSettings().setValue(timelineKey, QJsonDocument(state).toJson(QJsonDocument::Compact));
}

} // namespace packetloom
