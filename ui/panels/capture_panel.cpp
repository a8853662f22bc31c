// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/capture_panel.h"

#include "core/support/path_text.h"
#include "ui/messages.h"
#include "ui/panels/capture_list.h"
#include "ui/panels/doubt_box.h"
#include "ui/panels/mapping_dialog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace packetloom {
namespace {

constexpr int restBeforeComparing = 200; // milliseconds

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
    auto* const add =
        smallButton(tr("Add…"), tr("Add captures (pcap, pcapng or tables, plain or compressed)"), this);
    remove_ = smallButton(tr("Remove"), tr("Remove the selected captures from the list"), this);
    up_ = smallButton(tr("Up"), tr("Read the selected capture earlier"), this);
    down_ = smallButton(tr("Down"), tr("Read the selected capture later"), this);
    mapLabel_ = new QLabel;
    mapLabel_->setTextFormat(Qt::PlainText);
    mapLabel_->setMinimumWidth(40);
    auto* const map =
        smallButton(tr("IP map…"), tr("Choose the JSON file that names the integer address ids"), this);
    clearMap_ = smallButton(tr("None"), tr("Use no IP map"), this);
    doubt_ = new DoubtBox;

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
    layout->addWidget(doubt_);
    layout->addLayout(buttons);
    layout->addLayout(mapRow);

    connect(list_, &CaptureList::inspectionWanted, this, &CapturePanel::inspectionWanted);
    connect(list_, &CaptureList::changed, this, [this] {
        updateActions();
        updateDoubt();
        comparing_.start();
        emit changed();
    });
    comparing_.setSingleShot(true);
    comparing_.setInterval(restBeforeComparing);
    connect(&comparing_, &QTimer::timeout, this, &CapturePanel::compare);
    connect(list_, &CaptureList::mappingWanted, this, &CapturePanel::chooseColumns);
    connect(list_, &CaptureList::ipMapWanted, this, &CapturePanel::chooseOwnIpMap);
    connect(list_, &CaptureList::itemSelectionChanged, this, &CapturePanel::updateDoubt);
    connect(doubt_, &DoubtBox::cureWanted, this, &CapturePanel::cure);
    connect(doubt_, &DoubtBox::ignored, list_, &CaptureList::ignore);
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

void CapturePanel::setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts)
{
    if (mapping_)
        mapping_->setFacts(spec, facts);
    list_->setFacts(spec, facts);
}

std::vector<InputSpec> CapturePanel::specs() const
{
    return list_->specs();
}

void CapturePanel::setSpecs(const std::vector<InputSpec>& specs)
{
    for (const auto& spec : specs)
        list_->setSpec(spec);
}

void CapturePanel::setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems)
{
    list_->setTogether(path, problems);
    updateDoubt();
}

void CapturePanel::compare()
{
    KnownInputs inputs;
    for (const auto& file : list_->captures())
        inputs.push_back({file, list_->facts(file), ipMapOf(file)});
    if (!inputs.empty())
        emit comparisonWanted(inputs);
}

void CapturePanel::updateDoubt()
{
    if (const auto doubt = list_->doubt())
        doubt_->tell(doubt->file, doubt->problem, list_->spec(doubt->file), list_->header(doubt->file));
    else
        doubt_->hide();
}

void CapturePanel::cure(const std::filesystem::path& file, const InputCure& cure)
{
    switch (cure.kind) {
    case InputCure::Kind::Read:
        list_->setSpec(cure.spec);
        break;
    case InputCure::Kind::Columns:
        chooseColumns(file);
        break;
    case InputCure::Kind::IpMap:
        chooseIpMap();
        break;
    case InputCure::Kind::OwnIpMap:
        chooseOwnIpMap({file});
        break;
    case InputCure::Kind::Remove:
        list_->remove(file);
        break;
    }
}

void CapturePanel::chooseColumns(const std::filesystem::path& file)
{
    const auto facts = list_->facts(file);
    if (!facts || mapping_)
        return;
    MappingDialog dialog(list_->spec(file), *facts, this);
    mapping_ = &dialog;
    connect(&dialog, &MappingDialog::inspectionWanted, this, &CapturePanel::inspectionWanted);
    if (dialog.exec() == QDialog::Accepted)
        list_->setSpec(dialog.spec());
}

void CapturePanel::setIncomplete(const std::filesystem::path& path, const QString& why)
{
    list_->setIncomplete(path, why);
}

void CapturePanel::clearIncomplete()
{
    list_->clearIncomplete();
}

bool CapturePanel::allReadable() const
{
    return list_->allReadable();
}

void CapturePanel::setIpMap(const std::filesystem::path& path)
{
    ipMap_ = path;
    updateMap();
    comparing_.start();
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
        tr("Captures (*.csv *.csv.gz *.gz *.txt *.pcap *.pcapng *.cap *.dmp *.trace);;"
           "Tables of flows (*.log *.json *.csv *.binetflow *.gz);;All files (*)"));
    std::vector<std::filesystem::path> paths;
    for (const auto& name : names)
        paths.push_back(pathFromText(name.toStdString()));
    if (!paths.empty())
        emit chosen(paths);
}

std::filesystem::path CapturePanel::ipMapOf(const std::filesystem::path& capture) const
{
    const auto own = list_->spec(capture).ipMap;
    return own.empty() ? ipMap_ : own;
}

void CapturePanel::chooseIpMap()
{
    const auto name = chosenIpMap(tr("Choose the IP map"));
    if (!name.isEmpty())
        setIpMap(pathFromText(name.toStdString()));
}

void CapturePanel::chooseOwnIpMap(const std::vector<std::filesystem::path>& captures)
{
    const auto title = captures.size() == 1 ? tr("Choose the IP map of %1").arg(nameOf(captures.front()))
                                            : tr("Choose the IP map of %1 captures").arg(captures.size());
    const auto name = chosenIpMap(title);
    if (!name.isEmpty())
        list_->setIpMap(captures, pathFromText(name.toStdString()));
}

QString CapturePanel::chosenIpMap(const QString& title)
{
    return QFileDialog::getOpenFileName(this, title, {}, tr("JSON (*.json);;All files (*)"));
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
}

} // namespace packetloom
