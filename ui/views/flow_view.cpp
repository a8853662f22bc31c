// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/flow_view.h"

#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/models/cell.h"
#include "ui/models/words.h"
#include "ui/views/capture_bar.h"
#include "ui/views/flow_charts.h"
#include "ui/views/flow_packets_view.h"
#include "ui/views/save_picture.h"
#include "ui/views/sequence_chart.h"
#include "ui/views/trace_lens.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QTabWidget>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds askRest{150};
constexpr int smallestPlot = 600; // pixels, of a chart that was not shown yet

QString sideKey(std::size_t side)
{
    return side == ExactFlow::originator ? QStringLiteral("originator") : QStringLiteral("responder");
}

// "10.0.0.1:80", "[::1]:80"
QString endText(const Analysis& analysis, const Endpoint& end)
{
    constexpr qsizetype most = 60;
    const auto address = visibleText(analysis.addresses.text(end.address), most);
    return (address.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2"))
        .arg(address, QString::number(end.port));
}

using Interval = std::pair<std::int64_t, std::int64_t>;

/// A little more than what is seen, so that it can be moved.
Interval withRoom(const Interval& seen, const FlowTrace& whole)
{
    const auto wide = static_cast<std::uint64_t>(seen.second) - static_cast<std::uint64_t>(seen.first);
    const auto room = static_cast<std::int64_t>(wide / 2);
    const auto before = static_cast<std::uint64_t>(seen.first) - static_cast<std::uint64_t>(whole.from),
               after = static_cast<std::uint64_t>(whole.to) - static_cast<std::uint64_t>(seen.second);
    return {before > wide / 2 ? seen.first - room : whole.from,
            after > wide / 2 ? seen.second + room : whole.to};
}

bool holds(const Interval& outer, const Interval& inner)
{
    return outer.first <= inner.first && outer.second >= inner.second;
}

} // namespace

FlowView::FlowView(QWidget* parent) : QWidget(parent)
{
    askTimer_.setSingleShot(true);
    askTimer_.setInterval(askRest);
    connect(&askTimer_, &QTimer::timeout, this, &FlowView::askForMore);
    makeLayout();
    showState();
}

void FlowView::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    setFlow(std::nullopt);
    analysis_ = analysis;
    showState();
}

void FlowView::setFlow(const std::optional<std::size_t>& flow)
{
    if (waiting_)
        emit traceLeft();
    flow_ = flow;
    whole_.reset();
    part_.reset();
    waiting_.reset();
    asked_.reset();
    seen_.reset();
    cursor_.reset();
    problem_.clear();
    stopped_ = false;
    askTimer_.stop();
    if (capture_->busy())
        emit captureLeft();
    capture_->leave();
    showTrace(nullptr);
    if (flow_ && analysis_ && !analysis_->flowTable())
        ask(std::nullopt);
    showState();
}

void FlowView::ask(const std::optional<Interval>& interval)
{
    TraceQuery query;
    query.flow = *flow_;
    query.interval = interval;
    // Twice as fine as the pixels, of an interval with room beside what is seen.
    query.slices = std::max<std::size_t>(query.slices, static_cast<std::size_t>(width()) * 4);
    waiting_ = query;
    stopped_ = false;
    progress_->setValue(0);
    showState();
    emit traceWanted(analysis_, query);
}

void FlowView::stop()
{
    if (!waiting_)
        return;
    stopped_ = !waiting_->interval;
    waiting_.reset();
    emit traceLeft();
    showState();
}

void FlowView::setTrace(const std::shared_ptr<const Analysis>& analysis, const TraceQuery& query,
                        const Result<TracePtr>& trace)
{
    if (analysis != analysis_ || !waiting_ || query.flow != waiting_->flow ||
        query.interval != waiting_->interval)
        return;
    waiting_.reset();
    if (!trace)
        problem_ = errorMessage(trace.error());
    else if (query.interval)
        part_ = *trace;
    else
        whole_ = *trace;
    if (trace)
        showTrace(*trace);
    showState();
    askForMore(); // what is seen may be another by now
}

void FlowView::setProgress(double part)
{
    progress_->setValue(static_cast<int>(part * progress_->maximum()));
    busy_->setVisible(waiting_.has_value());
}

void FlowView::writeCapture(bool named)
{
    if (!analysis_ || !flow_)
        return;
    QString path;
    if (named) {
        const auto name =
            QStringLiteral("flow_%1.pcapng").arg(analysis_->flows.number(*flow_), 6, 10, QLatin1Char('0'));
        path = QFileDialog::getSaveFileName(this, tr("Save packets as a capture"), name,
                                            tr("Packet captures (*.pcapng)"));
        if (path.isEmpty())
            return;
    }
    captureIsTemporary_ = !named;
    capture_->begin();
    emit captureWanted(analysis_, *flow_, path);
}

void FlowView::setCaptureProgress(double part)
{
    if (capture_->busy())
        capture_->setProgress(part);
}

void FlowView::showCapture(std::size_t flow, const QString& path, const FlowCapture& capture, bool opened)
{
    if (flow_ == flow)
        capture_->showResult(path, capture, captureIsTemporary_, opened);
}

void FlowView::showCaptureProblem(std::size_t flow, const Error& error)
{
    if (flow_ == flow)
        capture_->showProblem(error);
}

void FlowView::showTrace(const TracePtr& trace)
{
    shown_ = trace;
    if (!trace) { // nothing of another flow is kept
        for (auto part = given_.begin(); part != given_.end(); ++part) {
            if (std::exchange(part.value(), nullptr))
                part.key()->show(nullptr);
        }
    }
    showInPart();
}

// The others are given it when they are looked at.
void FlowView::showInPart()
{
    auto* const part = qobject_cast<FlowPart*>(tabs_->currentWidget());
    if (!part || !shown_)
        return;
    TracePtr& given = given_[part];
    if (!given) {
        part->setEnds(ends());
        part->show(whole_); // says what all of it is
        given = whole_;
    }
    if (given != shown_) {
        part->show(shown_);
        given = shown_;
    }
    if (auto* const chart = qobject_cast<FlowChart*>(part)) {
        if (seen_)
            chart->see(seen_->first, seen_->second);
        else if (whole_)
            chart->seeAll();
    }
    if (cursor_)
        part->setCursor(*cursor_);
}

void FlowView::seenMoved(qint64 from, qint64 to)
{
    if (!whole_)
        return;
    const bool all = from <= whole_->from && to >= whole_->to;
    seen_ = all ? std::nullopt : std::optional(Interval{from, to});
    // What the trace of a part does not hold, that of the whole does, if coarsely.
    const TracePtr& fits = seen_ && part_ && holds({part_->from, part_->to}, *seen_) ? part_ : whole_;
    if (shown_ != fits) {
        shown_ = fits;
        auto* const part = qobject_cast<FlowPart*>(tabs_->currentWidget());
        if (part && given_[part] != shown_) {
            part->show(shown_);
            given_[part] = shown_;
        }
        showState();
    }
    askTimer_.start();
}

void FlowView::askForMore()
{
    if (!seen_ || !whole_ || !shown_)
        return;
    const Interval clipped{std::max(seen_->first, whole_->from), std::min(seen_->second, whole_->to)};
    if (clipped.first > clipped.second)
        return;
    const int pixels = std::max(tabs_->width(), smallestPlot);
    const bool finer = TraceLens(*shown_, clipped.first, clipped.second, pixels).coarse();
    const auto wanted = withRoom(clipped, *whole_);
    // An answer cannot be bettered by the same question.
    if (!finer || (asked_ && holds(*asked_, clipped) && holds(wanted, *asked_)))
        return;
    asked_ = wanted;
    ask(wanted);
}

void FlowView::cursorMoved(std::uint64_t row)
{
    cursor_ = row; // the other parts follow when they are looked at
}

FlowEnds FlowView::ends() const
{
    FlowEnds ends;
    if (!analysis_ || !flow_)
        return ends;
    ends.flow = QStringLiteral("flow_%1").arg(analysis_->flows.number(*flow_), 6, 10, QLatin1Char('0'));
    if (!whole_)
        return ends;
    ends.originator = endText(*analysis_, whole_->flow.originatorEnd());
    ends.responder = endText(*analysis_, whole_->flow.responderEnd());
    Packet packet;
    packet.protocol = whole_->flow.protocol;
    packet.hasProtocol = whole_->flow.protocol >= 0;
    ends.protocol = shownCell(protocolCell(packet));
    return ends;
}

void FlowView::showState()
{
    const bool packets = analysis_ && flow_ && !analysis_->flowTable();
    title_->setText(problem_.isEmpty() ? title() : problem_);
    if (isWindow()) {
        const auto who = ends();
        setWindowTitle(whole_ ? tr("%1: %2 → %3").arg(who.flow, who.originator, who.responder) : who.flow);
    }
    if (!waiting_)
        busy_->hide();
    tabs_->setVisible(!analysis_ || !analysis_->flowTable());
    tabs_->setEnabled(packets);
    wireshark_->setEnabled(packets && hasFrames(*analysis_, *flow_));
    const bool ofPart = shown_ && shown_ != whole_;
    note_->setVisible(stopped_ || ofPart);
    again_->setVisible(stopped_);
    wholeFlow_->setVisible(ofPart && !stopped_);
    if (stopped_)
        noteText_->setText(tr("Reading this flow was stopped."));
    else if (ofPart)
        noteText_->setText(
            tr("These are the packets of a part of the flow: %1 of it.")
                .arg(QString::fromStdString(timeSpan(static_cast<std::uint64_t>(shown_->to) -
                                                     static_cast<std::uint64_t>(shown_->from)))));
}

QString FlowView::savePart(const QString& path)
{
    auto* const part = qobject_cast<FlowPart*>(tabs_->currentWidget());
    if (!part || !shown_)
        return tr("There is nothing to save.");
    const auto who = ends();
    QStringList lines{tr("%1 → %2, %3").arg(who.originator, who.responder, who.protocol),
                      tr("%1 of %2: %3 to %4; %5")
                          .arg(part->accessibleName(), who.flow, shownTime(shown_->from),
                               shownTime(shown_->to), endingWords())};
    if (const auto note = part->note(); !note.isEmpty())
        lines << note;
    return savePicture(*part, lines, path);
}

void FlowView::savePartAs()
{
    const auto name = ends().flow + QLatin1Char('_') + shownPart() + QStringLiteral(".png");
    QString kind;
    auto path = QFileDialog::getSaveFileName(this, tr("Save picture"), name, pictureKinds(), &kind);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty()) // of "PNG (*.png)"
        path += kind.section(QLatin1Char('*'), 1).section(QLatin1Char(')'), 0, 0);
    if (const auto problem = savePart(path); !problem.isEmpty())
        QMessageBox::warning(this, tr("Save picture"), problem);
}

QString FlowView::shownPart() const
{
    return tabs_->currentWidget() ? tabs_->currentWidget()->objectName() : QString();
}

void FlowView::showPart(const QString& name)
{
    for (int i = 0; i < tabs_->count(); ++i) {
        if (tabs_->widget(i)->objectName() == name)
            tabs_->setCurrentIndex(i);
    }
}

QJsonObject FlowView::viewState() const
{
    QJsonObject state{{QStringLiteral("part"), shownPart()}};
    if (sequence_->sideChosen())
        state[QStringLiteral("segments_of")] = sideKey(sequence_->side());
    if (sequence_->absolute())
        state[QStringLiteral("absolute")] = true;
    return state;
}

void FlowView::setViewState(const QJsonObject& state)
{
    showPart(state.value(QStringLiteral("part")).toString());
    const auto side = state.value(QStringLiteral("segments_of")).toString();
    for (const auto known : {ExactFlow::originator, ExactFlow::responder}) {
        if (side == sideKey(known))
            sequence_->setSide(known);
    }
    sequence_->setAbsolute(state.value(QStringLiteral("absolute")).toBool());
}

void FlowView::saveColumns() const
{
    packets_->saveColumns();
}

} // namespace packetloom
