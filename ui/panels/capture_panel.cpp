// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/capture_panel.h"

#include "core/support/path_text.h"
#include "ui/messages.h"
#include "ui/panels/capture_list.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace packetloom {
namespace {

QString nameOf(const std::filesystem::path& path)
{
    return shownText(pathText(path.filename()));
}

QToolButton* smallButton(const QString& text, const QString& tip, QWidget* parent)
{
    auto* const button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    return button;
}

} // namespace

CapturePanel::CapturePanel(QWidget* parent) : QWidget(parent)
{
    list_ = new CaptureList;
    auto* const add = smallButton(tr("Add…"), tr("Add captures (CSV, plain or gzip)"), this);
    remove_ = smallButton(tr("Remove"), tr("Remove the selected captures from the list"), this);
    up_ = smallButton(tr("Up"), tr("Read the selected capture earlier"), this);
    down_ = smallButton(tr("Down"), tr("Read the selected capture later"), this);
    mapLabel_ = new QLabel;
    mapLabel_->setTextFormat(Qt::PlainText);
    mapLabel_->setMinimumWidth(40);
    auto* const map =
        smallButton(tr("IP map…"), tr("Choose the JSON file that names the integer address ids"), this);
    clearMap_ = smallButton(tr("None"), tr("Use no IP map"), this);
    mapHint_ = new QLabel(
        tr("The addresses are integer ids. Choose their IP map to see the addresses behind them."));
    mapHint_->setTextFormat(Qt::PlainText);
    mapHint_->setWordWrap(true);

    auto* const buttons = new QHBoxLayout;
    for (auto* const button : {add, remove_, up_, down_})
        buttons->addWidget(button);
    buttons->addStretch();
    auto* const mapRow = new QHBoxLayout;
    mapRow->addWidget(map);
    mapRow->addWidget(mapLabel_, 1);
    mapRow->addWidget(clearMap_);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(list_, 1);
    layout->addLayout(buttons);
    layout->addLayout(mapRow);
    layout->addWidget(mapHint_);

    connect(list_, &CaptureList::inspectionWanted, this, &CapturePanel::inspectionWanted);
    connect(list_, &CaptureList::changed, this, [this] {
        updateActions();
        updateMap();
        emit changed();
    });
    connect(add, &QToolButton::clicked, this, &CapturePanel::chooseCaptures);
    connect(remove_, &QToolButton::clicked, list_, &CaptureList::removeSelected);
    connect(up_, &QToolButton::clicked, this, [this] { list_->moveSelected(-1); });
    connect(down_, &QToolButton::clicked, this, [this] { list_->moveSelected(1); });
    connect(map, &QToolButton::clicked, this, &CapturePanel::chooseIpMap);
    connect(clearMap_, &QToolButton::clicked, this, [this] { setIpMap({}); });
    connect(list_, &CaptureList::itemSelectionChanged, this, &CapturePanel::updateActions);
    updateActions();
    updateMap();
}

std::vector<std::filesystem::path> CapturePanel::captures() const
{
    return list_->captures();
}

void CapturePanel::addCaptures(const std::vector<std::filesystem::path>& paths)
{
    list_->addCaptures(paths);
}

void CapturePanel::setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts)
{
    list_->setFacts(path, facts);
}

bool CapturePanel::allReadable() const
{
    return list_->allReadable();
}

void CapturePanel::setIpMap(const std::filesystem::path& path)
{
    ipMap_ = path;
    updateMap();
    emit changed();
}

void CapturePanel::clear()
{
    ipMap_.clear();
    list_->removeAll();
}

void CapturePanel::chooseCaptures()
{
    const auto names = QFileDialog::getOpenFileNames(
        this, tr("Open captures"), {},
        tr("Captures (*.csv *.csv.gz *.gz *.txt);;"
           "Tables of flows (*.log *.json *.csv *.binetflow *.gz);;All files (*)"));
    std::vector<std::filesystem::path> paths;
    for (const auto& name : names)
        paths.push_back(pathFromText(name.toStdString()));
    if (!paths.empty())
        emit chosen(paths);
}

void CapturePanel::chooseIpMap()
{
    const auto name =
        QFileDialog::getOpenFileName(this, tr("Choose the IP map"), {}, tr("JSON (*.json);;All files (*)"));
    if (!name.isEmpty())
        setIpMap(pathFromText(name.toStdString()));
}

void CapturePanel::updateActions()
{
    const auto selected = list_->selectedItems().size();
    remove_->setEnabled(selected > 0);
    up_->setEnabled(selected == 1 && list_->currentRow() > 0);
    down_->setEnabled(selected == 1 && list_->currentRow() + 1 < list_->count());
}

void CapturePanel::updateMap()
{
    const bool has = !ipMap_.empty();
    mapLabel_->setText(has ? nameOf(ipMap_) : tr("none"));
    mapLabel_->setToolTip(has ? Qt::convertFromPlainText(shownPath(ipMap_)) : QString());
    mapLabel_->setEnabled(has);
    clearMap_->setVisible(has);
    mapHint_->setVisible(list_->anyAddressIds() && !has);
}

} // namespace packetloom
