// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/flags_panel.h"

#include "ui/charts/bar_chart.h"
#include "ui/models/flag_table_model.h"
#include "ui/models/words.h"
#include "ui/panels/table_view.h"

#include <QLabel>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {

FlagsPanel::FlagsPanel(QWidget* parent) : QWidget(parent)
{
    flags_ = new FlagTableModel(this);
    table_ = new TableView(QStringLiteral("flags"));
    table_->setModel(flags_);
    table_->setAccessibleName(tr("TCP flags"));
    table_->setSortingEnabled(true);
    table_->restoreColumns(
        {QStringLiteral("ACK+FIN+PSH+URG"), QStringLiteral("100,000,000"), QStringLiteral("100.0%")});
    chart_ = new BarChart;
    chart_->setAccessibleName(tr("TCP packets by flags"));
    auto* const scroll = new QScrollArea;
    scroll->setWidget(chart_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* const splitter = new QSplitter;
    splitter->addWidget(table_);
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    about_ = new QLabel(noPacketsWords());
    about_->setTextFormat(Qt::PlainText);
    about_->hide();
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(about_);
    layout->addWidget(splitter, 1);
}

void FlagsPanel::setWithoutPackets(bool without)
{
    about_->setVisible(without);
}

void FlagsPanel::setAnalysis(const std::shared_ptr<const CountedPackets>& analysis)
{
    flags_->setAnalysis(analysis);
    auto counts = analysis ? analysis->flags.counts() : std::vector<FlagStats::Count>();
    std::stable_sort(counts.begin(), counts.end(),
                     [](const auto& a, const auto& b) { return a.packets > b.packets; });
    QVector<BarChart::Bar> bars;
    for (const auto& count : counts) {
        BarChart::Bar bar;
        bar.label = QString::fromStdString(count.name);
        bar.value = count.packets;
        bars << bar;
    }
    chart_->setBars(bars);
}

void FlagsPanel::saveColumns() const
{
    table_->saveColumns();
}

} // namespace packetloom
