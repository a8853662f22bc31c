// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/quality_panel.h"

#include "ui/messages.h"
#include "ui/models/words.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t openedAtOnce = 20; // of more files only those that are doubtful, and no more of them

} // namespace

QualityPanel::QualityPanel(QWidget* parent) : QWidget(parent)
{
    about_ = new QLabel;
    about_->setTextFormat(Qt::PlainText);
    about_->setWordWrap(true);
    tree_ = new QTreeWidget;
    tree_->setColumnCount(2);
    tree_->setHeaderLabels({tr("Of each file"), tr("Value")});
    tree_->setAccessibleName(tr("Quality of the captures"));
    tree_->setAlternatingRowColors(true);
    tree_->setUniformRowHeights(true);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    copy_ = new QPushButton(tr("Copy as text"));
    copy_->setToolTip(tr("Copy all that stands here to the clipboard"));
    auto* const top = new QHBoxLayout;
    top->addWidget(about_, 1);
    top->addWidget(copy_);
    auto* const layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(tree_, 1);
    connect(copy_, &QPushButton::clicked, this, &QualityPanel::copy);
    connect(tree_, &QTreeWidget::itemExpanded, this, &QualityPanel::fill);
    setAnalysis(nullptr);
}

void QualityPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    tree_->clear();
    sections_ = analysis ? qualityOf(*analysis) : std::vector<QualitySection>();
    copy_->setEnabled(!sections_.empty());
    if (sections_.empty()) {
        about_->setText(!analysis               ? QString()
                        : analysis->flowTable() ? noPacketsWords()
                                                : tr("A dataset does not tell how good its captures were."));
        return;
    }
    const auto doubtful = static_cast<std::size_t>(
        std::count_if(sections_.begin(), sections_.end(), [](const auto& s) { return s.doubtful(); }));
    about_->setText(doubtful == 0
                        ? tr("Nothing is doubtful. The whole capture, whatever is marked or filtered.")
                        : tr("Files with something doubtful: %1 of %2. The whole capture, whatever is marked "
                             "or filtered.")
                              .arg(shownNumber(doubtful), shownNumber(sections_.size())));
    QList<QTreeWidgetItem*> items;
    for (const QualitySection& section : sections_) {
        auto* const item = new QTreeWidgetItem({section.name, QString()});
        item->setToolTip(0, Qt::convertFromPlainText(section.path));
        item->setIcon(0, style()->standardIcon(section.doubtful() ? QStyle::SP_MessageBoxWarning
                                                                  : QStyle::SP_DialogApplyButton));
        item->setChildIndicatorPolicy(QTreeWidgetItem::ShowIndicator);
        items << item;
    }
    tree_->addTopLevelItems(items);
    std::size_t opened = 0;
    for (std::size_t i = 0; i < sections_.size() && opened < openedAtOnce; ++i) {
        if (sections_.size() > openedAtOnce && !sections_[i].doubtful())
            continue;
        items[static_cast<qsizetype>(i)]->setExpanded(true);
        ++opened;
    }
}

// Of thousands of files nobody opens all.
void QualityPanel::fill(QTreeWidgetItem* item)
{
    if (item->childCount() > 0 || item->parent())
        return;
    const auto index = static_cast<std::size_t>(tree_->indexOfTopLevelItem(item));
    const auto doubt = style()->standardIcon(QStyle::SP_MessageBoxWarning);
    for (const QualityLine& line : sections_[index].lines) {
        auto* const child = new QTreeWidgetItem(item, {line.what, line.value});
        child->setToolTip(1, Qt::convertFromPlainText(line.value));
        if (line.doubtful)
            child->setIcon(1, doubt);
    }
}

void QualityPanel::copy() const
{
    QApplication::clipboard()->setText(textOf(sections_));
}

} // namespace packetloom
