// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/capture_list.h"

#include "core/support/path_text.h"
#include "ui/messages.h"
#include "ui/models/capture_words.h"
#include "ui/panels/capture_roles.h"
#include "ui/problem_messages.h"
#include "ui/saved_mappings.h"

#include <QStyle>
#include <QTextDocument>
#include <algorithm>
#include <iterator>
#include <utility>

namespace packetloom {

using namespace capturelist;

namespace {

// Up to so many, every word is shown at once and every row is as high as its text.
constexpr int fewFiles = 200;
constexpr int millisecondsBetweenFacts = 200;

QString nameOf(const std::filesystem::path& path)
{
    return shownText(pathText(path.filename()));
}

} // namespace

CaptureList::CaptureList(QWidget* parent) : QListWidget(parent)
{
    setAccessibleName(tr("Captures, in the order in which they are read"));
    setToolTip(tr("Captures, in the order in which they are read. Drop files anywhere on the window."));
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setWordWrap(true);
    setTextElideMode(Qt::ElideMiddle);
    setMinimumHeight(110);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    showing_.setSingleShot(true);
    showing_.setInterval(millisecondsBetweenFacts);
    connect(&showing_, &QTimer::timeout, this, &CaptureList::showFactsSoFar);
}

std::vector<std::filesystem::path> CaptureList::captures() const
{
    std::vector<std::filesystem::path> paths;
    paths.reserve(static_cast<std::size_t>(count()));
    for (int i = 0; i < count(); ++i)
        paths.push_back(pathOf(item(i)));
    return paths;
}

void CaptureList::addCaptures(const std::vector<std::filesystem::path>& paths)
{
    // The list lays out all rows again whenever one changes; where all are as high as the first, that is
    // quick.
    setUniformItemSizes(count() + static_cast<qsizetype>(paths.size()) > fewFiles);
    std::vector<std::filesystem::path> added;
    for (const auto& path : paths) {
        if (rows_.contains(textOf(path)))
            continue;
        addRow(path);
        added.push_back(path);
    }
    updateNames();
    for (const auto& path : added)
        emit inspectionWanted(spec(path));
    emit changed();
}

void CaptureList::addRow(const std::filesystem::path& path)
{
    auto* const item = new QListWidgetItem;
    item->setData(PathRole, textOf(path));
    item->setData(NameRole, nameOf(path));
    item->setData(AboutRole, tr("looking…"));
    item->setData(ReadableRole, true);
    item->setToolTip(Qt::convertFromPlainText(shownPath(path)));
    updateText(item);
    addItem(item);
    Row row;
    row.item = item;
    row.spec.file = path;
    rows_.insert(textOf(path), row);
}

void CaptureList::updateText(QListWidgetItem* item)
{
    auto text = item->data(NameRole).toString() + QLatin1Char('\n') + item->data(AboutRole).toString();
    if (const auto map = item->data(IpMapRole).toString(); !map.isEmpty())
        text += QLatin1Char('\n') + tr("IP map: %1").arg(nameOf(pathFromText(map.toStdString())));
    const auto incomplete = item->data(IncompleteRole).toString();
    // What the inspection says already is not said twice.
    if (!incomplete.isEmpty() && !incomplete.contains(item->data(AboutRole).toString()))
        text += QLatin1Char('\n') + incomplete;
    item->setText(text);
}

// With its folder where another file has the same name.
void CaptureList::updateNames()
{
    QHash<QString, int> files;
    for (int i = 0; i < count(); ++i)
        ++files[nameOf(pathOf(item(i)))];
    for (int i = 0; i < count(); ++i) {
        const auto path = pathOf(item(i));
        const QString plain = nameOf(path);
        const QString name =
            files.value(plain) == 1 ? plain : tr("%1 in %2").arg(plain, shownPath(path.parent_path()));
        if (item(i)->data(NameRole).toString() == name)
            continue;
        item(i)->setData(NameRole, name);
        updateText(item(i));
    }
}

const CaptureList::Row* CaptureList::rowOf(const std::filesystem::path& path) const
{
    const auto row = rows_.constFind(textOf(path));
    return row == rows_.cend() ? nullptr : &*row;
}

std::vector<InputSpec> CaptureList::specs() const
{
    std::vector<InputSpec> specs;
    for (int i = 0; i < count(); ++i) {
        const Row* const row = rowOf(pathOf(item(i)));
        InputSpec usual;
        usual.file = row->spec.file;
        if (row->spec != usual)
            specs.push_back(row->spec);
    }
    return specs;
}

InputSpec CaptureList::spec(const std::filesystem::path& path) const
{
    const Row* const row = rowOf(path);
    return row ? row->spec : InputSpec();
}

std::shared_ptr<const CaptureFacts> CaptureList::facts(const std::filesystem::path& path) const
{
    const Row* const row = rowOf(path);
    return row ? row->facts : nullptr;
}

QStringList CaptureList::header(const std::filesystem::path& path) const
{
    const auto known = facts(path);
    return known && known->table ? headerOf(known->columns) : QStringList();
}

void CaptureList::setSpec(const InputSpec& spec)
{
    const auto row = rows_.find(textOf(spec.file));
    if (row == rows_.end() || row->spec == spec)
        return;
    row->spec = spec;
    row->ignored.clear();
    row->item->setData(IpMapRole, textOf(spec.ipMap));
    updateText(row->item);
    row->item->setData(IncompleteRole, QString());
    emit inspectionWanted(spec);
    emit changed();
}

void CaptureList::setIpMap(const std::vector<std::filesystem::path>& files, const std::filesystem::path& map)
{
    for (const auto& file : files) {
        auto own = spec(file);
        own.ipMap = map;
        setSpec(own);
    }
}

void CaptureList::setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts)
{
    const Row* const row = rowOf(spec.file);
    if (!row || row->spec != spec)
        return;
    factsToShow_.emplace_back(spec, facts);
    if (count() <= fewFiles)
        showFactsSoFar();
    else if (!showing_.isActive())
        showing_.start();
}

void CaptureList::showFactsSoFar()
{
    for (const auto& [spec, facts] : std::exchange(factsToShow_, {}))
        showFacts(spec, facts);
    emit changed();
}

void CaptureList::showFacts(const InputSpec& spec, const Result<CaptureFacts>& facts)
{
    const auto row = rows_.find(textOf(spec.file));
    if (row == rows_.end() || row->spec != spec) // removed meanwhile, or read in another way
        return;
    row->facts = facts ? std::make_shared<const CaptureFacts>(*facts) : nullptr;
    const auto about = !facts             ? errorReason(facts.error())
                       : facts->blocked() ? problemMessage(facts->problems.front())
                                          : captureWords(*facts);
    row->item->setData(AboutRole, about);
    row->item->setData(ReadableRole, facts && !facts->blocked());
    row->item->setData(TimeRole, facts && facts->firstTimestamp
                                     ? QVariant(static_cast<qlonglong>(*facts->firstTimestamp))
                                     : QVariant());
    showRow(spec.file, *row);
}

void CaptureList::showRow(const std::filesystem::path& path, const Row& row)
{
    updateText(row.item);
    auto tip = shownPath(path) + QLatin1Char('\n') + row.item->data(AboutRole).toString();
    if (!row.spec.ipMap.empty())
        tip += QLatin1Char('\n') + tr("IP map: %1").arg(shownPath(row.spec.ipMap));
    if (const auto incomplete = row.item->data(IncompleteRole).toString(); !incomplete.isEmpty())
        tip += QLatin1Char('\n') + QChar(0x26A0) + QLatin1Char(' ') + incomplete;
    const auto problems = problemsOf(row);
    for (const auto& problem : problems)
        tip += QLatin1Char('\n') + QChar(0x26A0) + QLatin1Char(' ') + problemMessage(problem);
    row.item->setToolTip(Qt::convertFromPlainText(tip));
    // A tick only where nothing is doubtful.
    const bool good = row.item->data(ReadableRole).toBool() && problems.empty() &&
                      row.item->data(IncompleteRole).toString().isEmpty();
    row.item->setIcon(
        style()->standardIcon(good ? QStyle::SP_DialogApplyButton : QStyle::SP_MessageBoxWarning));
}

// Those that nobody has said to be right.
std::vector<InputProblem> CaptureList::problemsOf(const Row& row)
{
    std::vector<InputProblem> problems;
    const auto add = [&](const std::vector<InputProblem>& more) {
        std::copy_if(more.begin(), more.end(), std::back_inserter(problems),
                     [&](const InputProblem& p) { return !row.ignored.contains(p.code); });
    };
    if (row.facts)
        add(row.facts->problems);
    add(row.together);
    return problems;
}

void CaptureList::setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems)
{
    const auto row = rows_.find(textOf(path));
    if (row == rows_.end() || !row->facts || (row->together.empty() && problems.empty()))
        return;
    row->together = problems;
    showRow(path, *row);
}

void CaptureList::setIncomplete(const std::filesystem::path& path, const QString& why)
{
    const auto row = rows_.find(textOf(path));
    if (row == rows_.end() || row->item->data(IncompleteRole).toString() == why)
        return;
    row->item->setData(IncompleteRole, why);
    showRow(path, *row);
}

void CaptureList::clearIncomplete()
{
    for (const auto& path : captures())
        setIncomplete(path, {});
}

std::optional<CaptureList::Doubt> CaptureList::doubt() const
{
    auto rows = selectedItems();
    for (int i = 0; i < count(); ++i)
        rows << item(i);
    for (const auto* const item : rows) {
        const auto path = pathOf(item);
        const Row* const row = rowOf(path);
        if (!row) // being removed
            continue;
        const auto problems = problemsOf(*row);
        if (!problems.empty())
            return Doubt{path, problems.front()};
    }
    return std::nullopt;
}

void CaptureList::ignore(const std::filesystem::path& path, ProblemCode code)
{
    const auto row = rows_.find(textOf(path));
    if (row == rows_.end())
        return;
    row->ignored.insert(code);
    showRow(path, *row);
    emit changed();
}

void CaptureList::remove(const std::filesystem::path& path)
{
    const Row* const row = rowOf(path);
    if (!row)
        return;
    clearSelection();
    row->item->setSelected(true);
    removeSelected();
}

bool CaptureList::allReadable() const
{
    for (int i = 0; i < count(); ++i) {
        if (!item(i)->data(ReadableRole).toBool())
            return false;
    }
    return count() > 0;
}

void CaptureList::removeAll()
{
    clear();
    rows_.clear();
    emit changed();
}

void CaptureList::removeSelected()
{
    const auto selected = selectedItems();
    if (selected.isEmpty())
        return;
    for (auto* const item : selected) {
        rows_.remove(item->data(PathRole).toString());
        delete item;
    }
    updateNames();
    emit changed();
}

void CaptureList::moveSelected(int by)
{
    const int from = currentRow();
    const int to = from + by;
    if (from < 0 || to < 0 || to >= count())
        return;
    auto* const item = takeItem(from);
    insertItem(to, item);
    setCurrentRow(to);
    emit changed();
}

} // namespace packetloom
