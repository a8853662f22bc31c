// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What the detail of a flow is made of, and what stands above it.

#include "core/model/packet.h"
#include "ui/icons.h"
#include "ui/messages.h"
#include "ui/models/cell.h"
#include "ui/models/words.h"
#include "ui/views/capture_bar.h"
#include "ui/views/flow_charts.h"
#include "ui/views/flow_packets_view.h"
#include "ui/views/flow_view.h"
#include "ui/views/ladder_view.h"
#include "ui/views/sequence_chart.h"
#include "ui/views/story_view.h"
#include "ui/views/story_words.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace packetloom {
namespace {

constexpr int permille = 1000;

QHBoxLayout* rowOf(QWidget* widget)
{
    auto* const row = new QHBoxLayout(widget);
    row->setContentsMargins({});
    return row;
}

} // namespace

void FlowView::makeLayout()
{
    title_ = new QLabel;
    title_->setTextFormat(Qt::PlainText);
    title_->setWordWrap(true);
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);

    busy_ = new QWidget;
    progress_ = new QProgressBar;
    progress_->setRange(0, permille);
    progress_->setFormat(tr("reading the flow: %p %"));
    progress_->setAccessibleName(tr("How much of the flow is read"));
    auto* const cancel = new QPushButton(tr("Stop reading"));
    connect(cancel, &QPushButton::clicked, this, &FlowView::stop);
    auto* const busyRow = rowOf(busy_);
    busyRow->addWidget(progress_, 1);
    busyRow->addWidget(cancel);
    busy_->hide();

    note_ = new QWidget;
    noteText_ = new QLabel;
    noteText_->setWordWrap(true);
    again_ = new QPushButton(tr("Read it again"));
    wholeFlow_ = new QPushButton(tr("Whole flow"));
    connect(again_, &QPushButton::clicked, this, [this] { ask(std::nullopt); });
    connect(wholeFlow_, &QPushButton::clicked, this, [this] {
        if (!whole_)
            return;
        seenMoved(whole_->from, whole_->to);
        showInPart();
    });
    auto* const noteRow = rowOf(note_);
    noteRow->addWidget(noteText_, 1);
    noteRow->addWidget(again_);
    noteRow->addWidget(wholeFlow_);

    capture_ = new CaptureBar;
    connect(capture_, &CaptureBar::cancelled, this, &FlowView::captureLeft);
    connect(capture_, &CaptureBar::saveWanted, this, [this] { writeCapture(true); });

    tabs_ = new QTabWidget;
    tabs_->setDocumentMode(true);
    tabs_->tabBar()->setExpanding(false);
    tabs_->setUsesScrollButtons(true);
    tabs_->tabBar()->setElideMode(Qt::ElideNone);
    tabs_->setAccessibleName(tr("Parts of the flow's detail"));
    addPart(new StoryView, QStringLiteral("story"), tr("Story"),
            tr("What happened to the flow, in sentences"));
    auto* const ladder = new LadderView;
    addPart(ladder, QStringLiteral("ladder"), tr("Ladder"), tr("Packet by packet between the two hosts"));
    connect(ladder, &LadderView::intervalWanted, this, &FlowView::seenMoved);
    sequence_ = new SequenceChart;
    addPart(sequence_, QStringLiteral("sequence"), tr("Sequence"),
            tr("Sequence numbers over time: segments, ACKs and windows"));
    addPart(new RoundTripChart, QStringLiteral("round_trips"), tr("RTT"), tr("Round-trip times"));
    addPart(new ThroughputChart, QStringLiteral("throughput"), tr("Throughput"),
            tr("Bytes per second of both sides"));
    addPart(new WindowChart, QStringLiteral("window"), tr("Window"),
            tr("The windows that each side offered"));
    addPart(new InFlightChart, QStringLiteral("in_flight"), tr("In flight"),
            tr("Bytes that were sent and not acknowledged yet"));
    packets_ = new FlowPacketsView;
    addPart(packets_, QStringLiteral("packets"), tr("Packets"), tr("The packets of the flow in a table"));
    makeCorner();
    showPart(QStringLiteral("story"));
    connect(sequence_, &SequenceChart::choiceChanged, this, &FlowView::viewChanged);
    connect(tabs_, &QTabWidget::currentChanged, this, [this] {
        showInPart();
        emit viewChanged();
    });

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(title_);
    layout->addWidget(busy_);
    layout->addWidget(note_);
    layout->addWidget(capture_);
    layout->addWidget(tabs_, 1);
    layout->addStretch(0); // where there are no tabs the title stays at the top
}

void FlowView::addPart(FlowPart* part, const QString& name, const QString& title, const QString& tip)
{
    part->setObjectName(name); // by which it is saved
    part->setAccessibleName(tip);
    const int index = tabs_->addTab(part, title);
    tabs_->setTabToolTip(index, tip);
    connect(part, &FlowPart::cursorMoved, this, &FlowView::cursorMoved);
    auto* const save = new QAction(tr("Save as…"), part);
    connect(save, &QAction::triggered, this, &FlowView::savePartAs);
    part->addAction(save);
    part->setContextMenuPolicy(Qt::ActionsContextMenu);
    if (auto* const chart = qobject_cast<FlowChart*>(part)) {
        charts_ << chart;
        connect(chart, &FlowChart::seenMoved, this, &FlowView::seenMoved);
        auto* const all = new QAction(tr("Show all"), part);
        connect(all, &QAction::triggered, this, [this, chart] {
            chart->seeAll();
            if (whole_)
                seenMoved(whole_->from, whole_->to);
        });
        part->insertAction(save, all);
    }
}

void FlowView::makeCorner()
{
    auto* const corner = new QWidget;
    auto* const row = rowOf(corner);
    row->setSpacing(2);
    const auto button = [&](Symbol symbol, const QString& text, const QString& tip) {
        auto* const made = new QToolButton;
        made->setIcon(symbolIcon(symbol));
        made->setText(text);
        made->setToolTip(tip);
        made->setAccessibleName(text);
        made->setFocusPolicy(Qt::StrongFocus);
        made->setAutoRaise(true);
        row->addWidget(made);
        return made;
    };
    auto* const save =
        button(Symbol::Save, tr("Save as…"), tr("Save this part as a picture: PNG, PDF or SVG"));
    connect(save, &QToolButton::clicked, this, &FlowView::savePartAs);
    auto* const window = button(Symbol::OwnWindow, tr("Own window"),
                                tr("Open this flow in a window of its own, to see it beside others"));
    window->setObjectName(QStringLiteral("ownWindow"));
    connect(window, &QToolButton::clicked, this, [this] {
        if (flow_)
            emit windowWanted(*flow_);
    });
    wireshark_ = button(
        Symbol::Packets, tr("Wireshark"),
        tr("Open the packets of this flow in Wireshark, or save them as a capture. Only where they come "
           "from packet captures."));
    wireshark_->setObjectName(QStringLiteral("wireshark"));
    wireshark_->setText(wireshark_->text() + QString(3, QChar::Nbsp)); // room for the menu's arrow
    wireshark_->setToolButtonStyle(Qt::ToolButtonTextOnly);
    wireshark_->setPopupMode(QToolButton::InstantPopup);
    auto* const menu = new QMenu(wireshark_);
    menu->addAction(tr("Open in Wireshark"), this, [this] { writeCapture(false); });
    menu->addAction(tr("Save packets as a capture…"), this, [this] { writeCapture(true); });
    wireshark_->setMenu(menu);
    tabs_->setCornerWidget(corner);
}

// The exact engine knows more ways than the groups of flows have names.
QString FlowView::endingWords() const
{
    const auto* const capture = analysis_->capture();
    if (capture && capture->exact) {
        const auto flow = capture->exact->flow(*flow_);
        if (flow.protocol == protocolTcp)
            return tr("%1: %2").arg(visibleText(connStateName(flow.state)), connStateWords(flow.state));
    }
    return outcomeWords(analysis_->flows.outcome(*flow_));
}

QString FlowView::title() const
{
    if (!analysis_ || !flow_)
        return analysis_ && analysis_->flowTable() ? noPacketsWords()
                                                   : tr("Choose a flow to see its packets.");
    const FlowTable& table = analysis_->flows;
    const auto count = table.packets(*flow_);
    auto text = tr("flow_%1: %2, %3; %4")
                    .arg(table.number(*flow_), 6, 10, QLatin1Char('0'))
                    .arg(count == 1 ? tr("1 packet") : tr("%1 packets").arg(shownNumber(count)),
                         // as the times of its packets are shown
                         shownCell(TimeSpan{.microseconds = static_cast<std::uint64_t>(table.end(*flow_)) -
                                                            static_cast<std::uint64_t>(table.start(*flow_)),
                                            .exact = true}),
                         endingWords());
    if (table.has(*flow_, FlowTable::ByTimeout))
        text += tr("; ended by inactivity");
    if (analysis_->flowTable())
        text += QStringLiteral(". ") + noPacketsWords();
    return text;
}

} // namespace packetloom
