// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/capture_panel.h"

#include "core/support/path_text.h"
#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/problem_messages.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

namespace packetloom {
namespace {

// Up to so many, every word is shown at once and every row is as high as its text.
constexpr int fewFiles = 200;
constexpr int millisecondsBetweenFacts = 200;

constexpr int pathRole = Qt::UserRole;
constexpr int readableRole = Qt::UserRole + 1;

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

QString nameOf(const std::filesystem::path& path)
{
    return shownText(pathText(path.filename()));
}

QString describe(const CaptureFacts& facts)
{
    if (facts.kind == FileKind::Pipe)
        return CapturePanel::tr("This is a pipe: its content can be read only once.");
    if (facts.kind != FileKind::Regular)
        return CapturePanel::tr("This is no file: its content is seen when it is analyzed.");
    QStringList parts;
    if (facts.bytes > 0)
        parts << QString::fromStdString(humanBytes(facts.bytes));
    const auto packed = compressionName(facts.compression);
    parts << (facts.compression != Compression::None
                  ? QString::fromLatin1(packed.data(), qsizetype(packed.size()))
                  : CapturePanel::tr("plain"));
    parts << CapturePanel::tr("%1 columns").arg(facts.columns.size());
    if (facts.addressIds)
        parts << CapturePanel::tr("address ids");
    auto text = parts.join(QStringLiteral(", "));
    text += QLatin1Char('\n');
    text += facts.firstTimestamp ? CapturePanel::tr("from %1").arg(shownTime(*facts.firstTimestamp))
                                 : CapturePanel::tr("no readable row at its beginning");
    if (!facts.absent.empty()) {
        QStringList absent;
        for (const auto column : facts.absent)
            absent << QString::fromUtf8(columnName(column).data(), qsizetype(columnName(column).size()));
        text += QLatin1Char('\n') + CapturePanel::tr("without %1").arg(absent.join(QStringLiteral(", ")));
    }
    for (const auto& problem : facts.problems)
        text += QLatin1Char('\n') + QChar(0x26A0) + QLatin1Char(' ') + problemMessage(problem);
    return text;
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
    list_ = new QListWidget;
    list_->setAccessibleName(tr("Captures, in the order in which they are read"));
    list_->setToolTip(
        tr("Captures, in the order in which they are read. Drop files anywhere on the window."));
    list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    list_->setWordWrap(true);
    list_->setTextElideMode(Qt::ElideMiddle);
    list_->setMinimumHeight(110);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* const add = smallButton(tr("Add…"), tr("Add captures (CSV, plain or compressed)"), this);
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

    showing_.setSingleShot(true);
    showing_.setInterval(millisecondsBetweenFacts);
    connect(&showing_, &QTimer::timeout, this, &CapturePanel::showFactsSoFar);
    connect(add, &QToolButton::clicked, this, &CapturePanel::chooseCaptures);
    connect(remove_, &QToolButton::clicked, this, &CapturePanel::removeSelected);
    connect(up_, &QToolButton::clicked, this, [this] { moveSelected(-1); });
    connect(down_, &QToolButton::clicked, this, [this] { moveSelected(1); });
    connect(map, &QToolButton::clicked, this, &CapturePanel::chooseIpMap);
    connect(clearMap_, &QToolButton::clicked, this, [this] { setIpMap({}); });
    connect(list_, &QListWidget::itemSelectionChanged, this, &CapturePanel::updateActions);
    updateActions();
    updateMap();
}

std::vector<std::filesystem::path> CapturePanel::captures() const
{
    std::vector<std::filesystem::path> paths;
    paths.reserve(static_cast<std::size_t>(list_->count()));
    for (int i = 0; i < list_->count(); ++i)
        paths.push_back(pathFromText(list_->item(i)->data(pathRole).toString().toStdString()));
    return paths;
}

void CapturePanel::addCaptures(const std::vector<std::filesystem::path>& paths)
{
    // The list lays out all rows again whenever one changes; where all are as high as the first, that is
    // quick.
    list_->setUniformItemSizes(list_->count() + static_cast<qsizetype>(paths.size()) > fewFiles);
    for (const auto& path : paths) {
        if (rows_.contains(textOf(path)))
            continue;
        addRow(path);
        emit inspectionWanted(path);
    }
    updateActions();
    emit changed();
}

void CapturePanel::addRow(const std::filesystem::path& path)
{
    auto* const item = new QListWidgetItem(nameOf(path) + QLatin1Char('\n') + tr("looking…"));
    item->setData(pathRole, textOf(path));
    item->setData(readableRole, true);
    item->setToolTip(Qt::convertFromPlainText(shownPath(path)));
    list_->addItem(item);
    rows_.insert(textOf(path), item);
}

void CapturePanel::setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts)
{
    if (!rows_.contains(textOf(path)))
        return;
    factsToShow_.emplace_back(path, facts);
    if (list_->count() <= fewFiles)
        showFactsSoFar();
    else if (!showing_.isActive())
        showing_.start();
}

void CapturePanel::showFactsSoFar()
{
    for (const auto& [path, facts] : std::exchange(factsToShow_, {}))
        showFacts(path, facts);
    updateMap();
    emit changed();
}

void CapturePanel::showFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts)
{
    auto* const item = rows_.value(textOf(path));
    if (!item) // removed meanwhile
        return;
    const auto about = facts ? describe(*facts) : errorReason(facts.error());
    item->setText(nameOf(path) + QLatin1Char('\n') + about);
    item->setToolTip(Qt::convertFromPlainText(shownPath(path) + QLatin1Char('\n') + about));
    const bool readable = facts && !facts->blocked();
    item->setData(readableRole, readable);
    // A tick only where nothing is doubtful.
    item->setIcon(style()->standardIcon(readable && facts->problems.empty() ? QStyle::SP_DialogApplyButton
                                                                            : QStyle::SP_MessageBoxWarning));
    addressIds_[textOf(path)] = facts && facts->addressIds;
}

bool CapturePanel::allReadable() const
{
    for (int i = 0; i < list_->count(); ++i) {
        if (!list_->item(i)->data(readableRole).toBool())
            return false;
    }
    return list_->count() > 0;
}

void CapturePanel::setIpMap(const std::filesystem::path& path)
{
    ipMap_ = path;
    updateMap();
    emit changed();
}

void CapturePanel::clear()
{
    list_->clear();
    rows_.clear();
    addressIds_.clear();
    ipMap_.clear();
    updateActions();
    updateMap();
    emit changed();
}

void CapturePanel::chooseCaptures()
{
    const auto names = QFileDialog::getOpenFileNames(
        this, tr("Open captures"), {}, tr("Captures (*.csv *.csv.gz *.gz *.txt);;All files (*)"));
    std::vector<std::filesystem::path> paths;
    for (const auto& name : names)
        paths.push_back(pathFromText(name.toStdString()));
    if (!paths.empty())
        addCaptures(paths);
}

void CapturePanel::chooseIpMap()
{
    const auto name =
        QFileDialog::getOpenFileName(this, tr("Choose the IP map"), {}, tr("JSON (*.json);;All files (*)"));
    if (!name.isEmpty())
        setIpMap(pathFromText(name.toStdString()));
}

void CapturePanel::removeSelected()
{
    const auto selected = list_->selectedItems();
    for (auto* const item : selected) {
        rows_.remove(item->data(pathRole).toString());
        delete item;
    }
    updateActions();
    updateMap();
    emit changed();
}

void CapturePanel::moveSelected(int by)
{
    const int from = list_->currentRow();
    const int to = from + by;
    if (from < 0 || to < 0 || to >= list_->count())
        return;
    auto* const item = list_->takeItem(from);
    list_->insertItem(to, item);
    list_->setCurrentRow(to);
    emit changed();
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
    bool ids = false;
    for (int i = 0; i < list_->count(); ++i)
        ids = ids || addressIds_.value(list_->item(i)->data(pathRole).toString());
    mapHint_->setVisible(ids && !has);
}

} // namespace packetloom
