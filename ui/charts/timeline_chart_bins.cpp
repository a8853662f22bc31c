// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Which bins the timeline wants, asks for and shows.

#include "ui/charts/bin_widths.h"
#include "ui/charts/chart_time.h"
#include "ui/charts/flow_colors.h"
#include "ui/charts/time_ticker.h"
#include "ui/charts/timeline_chart.h"
#include "ui/messages.h"
#include "ui/models/words.h"

#include <algorithm>
#include <qcustomplot.h>

namespace packetloom {
namespace {

constexpr double mostBinsSeen = 4096;
constexpr int pixelsPerColumn = 3; // of kept bins

/// The ranges with as much again on both sides, so that a small move needs no new question; within `whole`.
std::vector<TimeRange> widened(const std::vector<TimeRange>& ranges, const TimeRange& whole)
{
    std::vector<TimeRange> wide;
    for (const TimeRange& range : ranges) {
        const double half =
            (static_cast<double>(range.last) - static_cast<double>(range.first)) / 2; // as much in all
        const TimeRange more{std::max(whole.first, chartTime(range.first, -half)),
                             std::min(whole.last, chartTime(range.last, half))};
        if (!wide.empty() && more.first <= wide.back().last)
            wide.back().last = std::max(wide.back().last, more.last);
        else
            wide.push_back(more);
    }
    return wide;
}

} // namespace

// The bins that are there without any question.
const Timeline* TimelineChart::kept() const
{
    if (live_)
        return quantity_ == Quantity::NewFlows || quantity_ == Quantity::OpenFlows ? nullptr : &*live_;
    if (!analysis_)
        return nullptr;
    switch (wantedCount()) {
    case TimelineCount::PacketsByClass:
        return &analysis_->byClass;
    case TimelineCount::PacketsByOutcome:
        return &analysis_->byOutcome;
    default:
        return nullptr;
    }
}

bool TimelineChart::nothingToShow() const
{
    if (live_)
        return live_->bins() == 0;
    return !analysis_ ||
           (analysis_->flowTable() ? analysis_->byOutcome.bins() == 0 : analysis_->totals.rows.kept == 0);
}

TimelineCount TimelineChart::wantedCount() const
{
    switch (quantity_) {
    case Quantity::NewFlows:
        return TimelineCount::NewFlows;
    case Quantity::OpenFlows:
        return TimelineCount::OpenFlows;
    case Quantity::Resets:
        return TimelineCount::PacketsByClass;
    default:
        return live_ || stacking_ == Stacking::Class ? TimelineCount::PacketsByClass
                                                     : TimelineCount::PacketsByOutcome;
    }
}

// Of the widget's width, which follows from nothing but the window's size: the axis rectangle is a little
// narrower, and how much depends on the numbers beside it.
qint64 TimelineChart::wantedWidth() const
{
    const double span = plot_->xAxis->range().size();
    return chosenWidth_ ? possibleBinWidth(*chosenWidth_, span, mostBinsSeen) : autoBinWidth(span, width());
}

std::vector<TimeRange> TimelineChart::seenRanges() const
{
    std::vector<TimeRange> seen;
    const TimeRange all{scale_.segments().front().first, scale_.segments().back().last};
    for (TimeRange range : scale_.seen(plot_->xAxis->range().lower, plot_->xAxis->range().upper)) {
        range.first = std::max(range.first, all.first);
        range.last = std::min(range.last, all.last);
        if (range.first <= range.last)
            seen.push_back(range);
    }
    return seen;
}

void TimelineChart::chooseColumns()
{
    columns_ = layerColumns_ = {};
    const auto seen = seenRanges();
    if (nothingToShow() || seen.empty())
        return;
    const auto usable = [&](const Counted& counted) {
        return !live_ && counted.bins && counted.count == wantedCount();
    };
    const Timeline* const rough = kept();
    if (usable(whole_) && (covers(whole_.ranges, seen) || !rough || scale_.broken())) {
        columns_ = shownColumns(*whole_.bins, seen);
        if (layer_ && usable(layerCounted_) && layerCounted_.bins->width == whole_.bins->width)
            layerColumns_ = shownColumns(*layerCounted_.bins, seen);
    } else if (rough && rough->bins() > 0 && !scale_.broken()) {
        const auto most = static_cast<std::size_t>(std::max(50, width() / pixelsPerColumn));
        columns_ =
            shownColumns(aggregate(*rough, seen.front().first, seen.back().last, most), rough->categories());
    }
    if (!live_)
        askLater();
}

void TimelineChart::askLater()
{
    const auto seen = seenRanges();
    const auto known = [&](const Counted& counted) {
        return counted.asked && counted.asked->count == wantedCount() &&
               counted.asked->width == wantedWidth() && covers(counted.asked->ranges, seen);
    };
    if (analysis_ && (!known(whole_) || (layer_ && !known(layerCounted_))) && !askTimer_.isActive())
        askTimer_.start();
}

void TimelineChart::ask()
{
    if (!analysis_ || live_ || nothingToShow() || seenRanges().empty())
        return;
    askFor(whole_, {});
    if (layer_)
        askFor(layerCounted_, layer_->narrowing);
}

void TimelineChart::askFor(Counted& counted, const Narrowing& narrowing)
{
    const TimeRange all{scale_.segments().front().first, scale_.segments().back().last};
    TimelineQuery query{.count = wantedCount(),
                        .ranges = widened(seenRanges(), all),
                        .width = wantedWidth(),
                        .narrowing = narrowing,
                        .asked = ++lastAsked_};
    if (binsOf(query) > TimelineQuery::mostBins)
        query.ranges = seenRanges();
    counted.asked = query;
    emit timelineWanted(analysis_, query);
}

void TimelineChart::setBins(const std::shared_ptr<const Analysis>& analysis, const TimelineQuery& query,
                            const Result<TimelineBins>& bins)
{
    if (analysis != analysis_)
        return;
    for (Counted* const counted : {&whole_, &layerCounted_}) {
        if (!counted->asked || counted->asked->asked != query.asked)
            continue;
        if (!bins) {
            failed_ = errorMessage(bins.error());
            continue;
        }
        failed_.clear();
        counted->bins = *bins;
        counted->count = query.count;
        counted->ranges = query.ranges;
    }
    redraw();
}

void TimelineChart::setStretches(const std::shared_ptr<const Analysis>& analysis,
                                 const Result<std::vector<TimeRange>>& stretches)
{
    if (analysis != analysis_ || live_ || !stretches || stretches->size() < 2)
        return; // as it is: without breaks it is true as well
    const auto seen = visibleInterval();
    const bool all = all_;
    setScale(TimeScale(*stretches));
    whole_ = layerCounted_ = {};
    if (!all && seen)
        setVisibleInterval(seen->first, seen->second);
    else
        showAll();
}

void TimelineChart::setScale(const TimeScale& scale)
{
    scale_ = scale;
    ticker_->setScale(scale);
    makeGapMarks();
}

std::vector<TimelineChart::Part> TimelineChart::parts() const
{
    const bool dark = isDark(palette());
    std::vector<Part> parts;
    const auto count = wantedCount();
    for (std::size_t i = 0; i < categoriesOf(count); ++i) {
        if (count == TimelineCount::PacketsByClass) {
            const auto which = static_cast<PacketClass>(i);
            if (quantity_ != Quantity::Resets || which == PacketClass::Rst)
                parts.push_back({i, packetClassName(which), packetClassColor(which, dark)});
        } else {
            const auto which = static_cast<FlowOutcome>(i);
            parts.push_back({i, outcomeWords(which), flowOutcomeColor(which, dark)});
        }
    }
    return parts;
}

double TimelineChart::valueOf(const Timeline::Cell& cell) const
{
    const auto value = static_cast<double>(quantity_ == Quantity::Bytes ? cell.bytes : cell.packets);
    return perSecond_ && quantity_ != Quantity::OpenFlows ? value * 1e6 / columns_.width : value;
}

} // namespace packetloom
