// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/dataset_panel.h"

#include "core/analysis/flow_table_analysis.h"
#include "core/support/path_text.h"
#include "ui/messages.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace packetloom {
namespace {

QString facts(const FlowTableAnalysis& table)
{
    const auto name = shownText(table.format->name);
    return DatasetPanel::tr(
               "%1: flows as that tool tells them. They have no packets: nothing is judged, and no dataset "
               "can be made of them.")
        .arg(name);
}

QString facts(const DatasetSource& source)
{
    const Manifest& manifest = source.manifest;
    QStringList lines;
    lines << DatasetPanel::tr("made %1").arg(
        shownText(manifest.created, 40).replace(QLatin1Char('T'), QLatin1Char(' ')));
    constexpr std::size_t mostNamed = 3;
    for (std::size_t i = 0; i < manifest.sourceFiles.size() && i < mostNamed; ++i)
        lines << DatasetPanel::tr("from %1").arg(
            shownText(manifest.sourceFiles[i].substr(manifest.sourceFiles[i].find_last_of("/\\") + 1), 60));
    if (manifest.sourceFiles.size() > mostNamed)
        lines << DatasetPanel::tr("and %1 more files").arg(manifest.sourceFiles.size() - mostNamed);
    if (!manifest.addressFilter.empty())
        lines << (manifest.filterEnds == FilterEnds::Both ? DatasetPanel::tr("both ends in %1")
                                                          : DatasetPanel::tr("addresses %1"))
                     .arg(shownText(manifest.addressFilter, 80));
    if (!manifest.filter.empty())
        lines << DatasetPanel::tr("filter %1").arg(shownText(manifest.filter, 80));
    if (manifest.window.start)
        lines << DatasetPanel::tr("from %1 on").arg(shownTime(*manifest.window.start));
    if (manifest.window.end)
        lines << DatasetPanel::tr("up to %1").arg(shownTime(*manifest.window.end));
    if (manifest.tunnels == Tunnels::Outer)
        lines << DatasetPanel::tr("outer packets of tunnels");
    if (manifest.tunnels == Tunnels::Each)
        lines << DatasetPanel::tr("each packet in tunnels");
    if (!manifest.incomplete.empty())
        lines << DatasetPanel::tr("files that could not be read to their end: %1")
                     .arg(manifest.incomplete.size());
    if (!manifest.attackContext.empty())
        lines << DatasetPanel::tr("label: %1").arg(shownText(manifest.attackContext, 80));
    return lines.join(QLatin1Char('\n'));
}

} // namespace

DatasetPanel::DatasetPanel(QWidget* parent) : QWidget(parent)
{
    name_ = new QLabel;
    name_->setTextFormat(Qt::PlainText);
    auto bold = name_->font();
    bold.setBold(true);
    name_->setFont(bold);
    facts_ = new QLabel;
    for (auto* const label : {name_, facts_}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setMinimumWidth(40);
    }
    close_ = new QPushButton(tr("Close dataset"));
    close_->setToolTip(tr("Show nothing, or the captures below once they are analyzed"));
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(name_);
    layout->addWidget(facts_);
    layout->addWidget(close_, 0, Qt::AlignLeft);
    connect(close_, &QPushButton::clicked, this, &DatasetPanel::closeWanted);
}

void DatasetPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    close_->setText(analysis->flowTable() ? tr("Close table") : tr("Close dataset"));
    if (const auto* const table = analysis->flowTable()) {
        name_->setText(shownText(pathText(table->file.filename())));
        name_->setToolTip(Qt::convertFromPlainText(shownPath(table->file)));
        facts_->setText(facts(*table));
        return;
    }
    const DatasetSource& source = analysis->dataset()->source;
    name_->setText(shownText(pathText(source.folder.filename())));
    name_->setToolTip(Qt::convertFromPlainText(shownPath(source.folder)));
    facts_->setText(facts(source));
}

} // namespace packetloom
