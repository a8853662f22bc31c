// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/rows_panel.h"

#include "ui/messages.h"
#include "ui/models/preview_row_model.h"
#include "ui/models/rejected_row_model.h"
#include "ui/models/words.h"
#include "ui/panels/table_view.h"

#include <QLabel>
#include <QTabWidget>
#include <QVBoxLayout>

namespace packetloom {

RowsPanel::RowsPanel(QWidget* parent) : QWidget(parent)
{
    const auto file = QStringLiteral("capture-with-a-name.csv.gz"), line = QStringLiteral("100,000,000");
    rows_ = new PreviewRowModel(this);
    rowTable_ = new TableView(QStringLiteral("rows"));
    rowTable_->setModel(rows_);
    rowTable_->setSortingEnabled(true);
    rowTable_->sortByColumn(-1, Qt::AscendingOrder);
    rowTable_->setAccessibleName(tr("The first rows as they were understood"));
    rowTable_->restoreColumns(
        {file, line, QStringLiteral("2009-11-03 13:23:35.000042 UTC"), QStringLiteral("255.255.255.255"),
         QStringLiteral("65535"), QStringLiteral("255.255.255.255"), QStringLiteral("65535"),
         QStringLiteral("PSH+ACK"), QStringLiteral("4294967295"), QStringLiteral("4294967295")});
    rejected_ = new RejectedRowModel(this);
    rejectedTable_ = new TableView(QStringLiteral("rejected"));
    rejectedTable_->setModel(rejected_);
    rejectedTable_->setSortingEnabled(true);
    rejectedTable_->sortByColumn(-1, Qt::AscendingOrder);
    rejectedTable_->setAccessibleName(tr("Rows that were left out"));
    rejectedTable_->restoreColumns({file, line, QStringLiteral("a timestamp that cannot be read"),
                                    QStringLiteral("timestamp"), QString(80, QLatin1Char('x'))});
    counts_ = new QLabel;
    counts_->setTextFormat(Qt::PlainText);
    counts_->setWordWrap(true);
    tabs_ = new QTabWidget;
    tabs_->addTab(rowTable_, tr("First rows"));
    tabs_->addTab(rejectedTable_, tr("Rejected rows"));
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(counts_);
    layout->addWidget(tabs_, 1);
}

void RowsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    rows_->setAnalysis(analysis);
    rejected_->setAnalysis(analysis);
    if (!analysis) {
        about_.clear();
        counts_->clear();
        tabs_->setTabText(1, tr("Rejected rows"));
        return;
    }
    listed_ = analysis->firstRows.size();
    const RowCounts& rows = analysis->totals.rows;
    if (analysis->dataset() && !analysis->dataset()->source.rowsKnown) {
        about_ = tr("%1 packets. The dataset does not say how many rows its captures had.")
                     .arg(shownNumber(rows.kept));
        counts_->setText(about_);
        tabs_->setTabText(1, tr("Rejected rows"));
        return;
    }
    auto text = tr("%1 rows read = %2 kept + %3 filtered + %4 rejected.")
                    .arg(shownNumber(rows.read), shownNumber(rows.kept), shownNumber(rows.filtered),
                         shownNumber(rows.rejected));
    if (rows.notIp > 0)
        text = tr("%1 frames read = %2 kept + %3 filtered + %4 rejected + %5 without an IP packet.")
                   .arg(shownNumber(rows.read), shownNumber(rows.kept), shownNumber(rows.filtered),
                        shownNumber(rows.rejected), shownNumber(rows.notIp));
    if (rows.kept > analysis->firstRows.size() && !analysis->flowTable())
        text += tr(" The first %1 kept rows are listed.").arg(shownNumber(analysis->firstRows.size()));
    if (rows.rejected > analysis->totals.firstRejected.size())
        text += tr(" The first %1 rejected rows are listed.")
                    .arg(shownNumber(analysis->totals.firstRejected.size()));
    if (analysis->flowTable())
        text += QLatin1Char(' ') + noPacketsWords();
    about_ = text;
    counts_->setText(text);
    tabs_->setTabText(1, tr("Rejected rows (%1)").arg(shownNumber(rows.rejected)));
}

void RowsPanel::setInterval(const std::shared_ptr<const CountedPackets>& narrowed)
{
    rows_->setAnalysis(narrowed);
    const bool all = !narrowed || narrowed->firstRows.size() == listed_;
    counts_->setText(all ? about_
                         : about_ + tr(" %1 of the listed rows lie in the marked interval.")
                                        .arg(shownNumber(narrowed->firstRows.size())));
}

void RowsPanel::showRejected()
{
    tabs_->setCurrentWidget(rejectedTable_);
}

void RowsPanel::saveColumns() const
{
    rowTable_->saveColumns();
    rejectedTable_->saveColumns();
}

} // namespace packetloom
