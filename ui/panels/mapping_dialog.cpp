// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/mapping_dialog.h"

#include "core/support/path_text.h"
#include "ui/filter_text.h"
#include "ui/messages.h"
#include "ui/problem_messages.h"
#include "ui/saved_mappings.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTableWidget>
#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr int rowsShown = 8, mostColumns = 200;
constexpr qsizetype longestCell = 60;

/// What a column can be, as the chooser over it names it; the first is none.
QStringList roleWords()
{
    return {MappingDialog::tr("–"),
            MappingDialog::tr("time"),
            MappingDialog::tr("source"),
            MappingDialog::tr("destination"),
            MappingDialog::tr("source port"),
            MappingDialog::tr("destination port"),
            MappingDialog::tr("TCP flags"),
            MappingDialog::tr("sequence number"),
            MappingDialog::tr("acknowledgment number"),
            MappingDialog::tr("length in bytes"),
            MappingDialog::tr("protocol")};
}

/// The role that a column has now: 0 for none, else 1 + Column.
int roleOf(const CaptureFacts& facts, std::size_t field)
{
    for (std::size_t i = 0; i < columnCount; ++i) {
        const auto column = static_cast<Column>(i);
        const auto& fields = facts.table->of(column);
        const bool named = facts.table->reference && field < facts.columns.size() &&
                           facts.columns[field] == columnName(column);
        if (named || std::find(fields.begin(), fields.end(), field) != fields.end())
            return static_cast<int>(i) + 1;
    }
    return 0;
}

} // namespace

MappingDialog::MappingDialog(const InputSpec& spec, const CaptureFacts& facts, QWidget* parent)
    : QDialog(parent), spec_(spec)
{
    setWindowTitle(tr("How to read %1").arg(shownText(pathText(spec.file.filename()), 60)));
    delimiter_ = new QComboBox;
    delimiter_->addItems(
        {tr("found by itself"), tr("comma"), tr("tab"), tr("semicolon"), tr("vertical bar")});
    delimiter_->setAccessibleName(tr("Between fields"));
    noHeader_ = new QCheckBox(tr("The first row is data, not names"));
    unit_ = new QComboBox;
    unit_->addItem(tr("found by itself"));
    for (const auto unit : {TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Microseconds,
                            TimeUnit::Nanoseconds, TimeUnit::Text})
        unit_->addItem(unitWord(unit));
    unit_->setAccessibleName(tr("Times are"));
    begin_ = new QLineEdit;
    begin_->setPlaceholderText(tr("1970-01-01 00:00:00"));
    begin_->setToolTip(tr("Where times count from the start of the capture: when that was (UTC)"));
    begin_->setAccessibleName(tr("Times count from"));
    saved_ = new QComboBox;
    saved_->setAccessibleName(tr("Saved"));
    auto* const save = new QPushButton(tr("Save as…"));
    table_ = new QTableWidget;
    table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table_->verticalHeader()->hide();
    table_->setAccessibleName(tr("The first rows"));
    status_ = new QLabel;
    status_->setTextFormat(Qt::PlainText);
    status_->setWordWrap(true);
    status_->setAccessibleName(tr("What comes of it"));
    buttons_ = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons_->button(QDialogButtonBox::Ok)->setText(tr("Read it so"));

    auto* const form = new QFormLayout;
    form->addRow(tr("&Between fields"), delimiter_);
    form->addRow(QString(), noHeader_);
    form->addRow(tr("&Times are"), unit_);
    form->addRow(tr("Times count &from (UTC)"), begin_);
    auto* const savedRow = new QHBoxLayout;
    savedRow->addWidget(saved_, 1);
    savedRow->addWidget(save);
    form->addRow(tr("&Saved"), savedRow);
    auto* const layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(table_, 1);
    layout->addWidget(status_);
    layout->addWidget(buttons_);
    resize(760, 520);

    delimiter_->setCurrentIndex(static_cast<int>(spec.delimiter));
    noHeader_->setChecked(spec.noHeader);
    unit_->setCurrentIndex(static_cast<int>(spec.timeUnit));
    if (spec.timeBase)
        begin_->setText(shownTime(*spec.timeBase));
    show(facts);
    fillSaved();
    connect(delimiter_, &QComboBox::currentIndexChanged, this, [this] {
        spec_.columns.clear(); // they are others then
        tryIt();
    });
    connect(noHeader_, &QCheckBox::toggled, this, &MappingDialog::tryIt);
    connect(unit_, &QComboBox::currentIndexChanged, this, &MappingDialog::tryIt);
    connect(begin_, &QLineEdit::textChanged, this, &MappingDialog::tryIt);
    connect(saved_, &QComboBox::activated, this, &MappingDialog::takeSaved);
    connect(save, &QPushButton::clicked, this, &MappingDialog::save);
    connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

InputSpec MappingDialog::spec() const
{
    InputSpec spec = spec_;
    spec.delimiter = static_cast<Delimiter>(delimiter_->currentIndex());
    spec.noHeader = noHeader_->isChecked();
    spec.timeUnit = static_cast<TimeUnit>(unit_->currentIndex());
    spec.timeBase = parseTime(begin_->text());
    return spec;
}

// By number: names may hold what means something in a mapping.
std::string MappingDialog::mapping() const
{
    std::array<std::string, columnCount> fields;
    for (std::size_t i = 0; i < roles_.size(); ++i) {
        const int role = roles_[i]->currentIndex();
        if (role == 0)
            continue;
        auto& list = fields[static_cast<std::size_t>(role) - 1];
        list += (list.empty() ? "" : "|") + std::to_string(i + 1);
    }
    std::string text;
    for (std::size_t i = 0; i < columnCount; ++i) {
        if (!fields[i].empty())
            text +=
                (text.empty() ? "" : ",") + std::string(columnName(static_cast<Column>(i))) + '=' + fields[i];
    }
    return text;
}

void MappingDialog::tryIt()
{
    if (showing_)
        return;
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(false);
    emit inspectionWanted(spec());
}

void MappingDialog::setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts)
{
    if (spec != this->spec())
        return;
    if (facts) {
        show(*facts);
        return;
    }
    status_->setText(errorReason(facts.error()));
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(false);
}

void MappingDialog::show(const CaptureFacts& facts)
{
    const QScopedValueRollback<bool> showing(showing_, true);
    header_ = headerOf(facts.columns);
    if (facts.table)
        showRows(facts);
    showStatus(facts);
}

void MappingDialog::showRows(const CaptureFacts& facts)
{
    const int rows = std::min(static_cast<int>(facts.firstRows.size()), rowsShown);
    std::size_t widest = facts.columns.size();
    for (int row = 0; row < rows; ++row)
        widest = std::max(widest, facts.firstRows[static_cast<std::size_t>(row)].size());
    const int columns = std::min(static_cast<int>(widest), mostColumns);
    roles_.clear();
    table_->clear();
    table_->setRowCount(rows + 1);
    table_->setColumnCount(columns);
    for (int column = 0; column < columns; ++column) {
        const auto field = static_cast<std::size_t>(column);
        const bool named = field < facts.columns.size();
        table_->setHorizontalHeaderItem(
            column, new QTableWidgetItem(named ? shownText(facts.columns[field], longestCell)
                                               : tr("Column %1").arg(column + 1)));
        auto* const role = new QComboBox;
        role->addItems(roleWords());
        role->setCurrentIndex(roleOf(facts, field));
        role->setAccessibleName(tr("What column %1 is").arg(column + 1));
        connect(role, &QComboBox::currentIndexChanged, this, [this] {
            spec_.columns = mapping();
            tryIt();
        });
        table_->setCellWidget(0, column, role);
        roles_.push_back(role);
        for (int row = 0; row < rows; ++row) {
            const auto& cells = facts.firstRows[static_cast<std::size_t>(row)];
            if (field < cells.size())
                table_->setItem(row + 1, column, new QTableWidgetItem(shownText(cells[field], longestCell)));
        }
    }
    table_->resizeColumnsToContents();
}

void MappingDialog::showStatus(const CaptureFacts& facts)
{
    QStringList lines;
    if (!facts.blocked())
        lines << tr("%1 of the first %2 rows are packets.")
                     .arg(shownNumber(facts.readable), shownNumber(facts.sampled));
    if (facts.firstTimestamp)
        lines << tr("The first time is %1 (%2).").arg(shownTime(*facts.firstTimestamp), unitWord(facts.unit));
    for (const auto& problem : facts.problems)
        lines << QChar(0x26A0) + QLatin1Char(' ') + problemMessage(problem);
    status_->setText(lines.join(QLatin1Char('\n')));
    buttons_->button(QDialogButtonBox::Ok)->setEnabled(!facts.blocked());
}

void MappingDialog::fillSaved()
{
    saved_->clear();
    saved_->addItem(tr("none chosen"));
    for (const auto& mapping : savedMappings())
        saved_->addItem(mapping.name);
}

void MappingDialog::takeSaved(int index)
{
    for (const auto& mapping : savedMappings()) {
        if (index == 0 || mapping.name != saved_->itemText(index))
            continue;
        {
            const QScopedValueRollback<bool> showing(showing_, true);
            spec_.columns = mapping.spec.columns;
            delimiter_->setCurrentIndex(static_cast<int>(mapping.spec.delimiter));
            noHeader_->setChecked(mapping.spec.noHeader);
            unit_->setCurrentIndex(static_cast<int>(mapping.spec.timeUnit));
            spec_.columns = mapping.spec.columns; // the delimiter has taken them away
        }
        tryIt();
    }
}

void MappingDialog::save()
{
    bool agreed = false;
    const auto name = QInputDialog::getText(this, tr("Save how to read such tables"), tr("Name"),
                                            QLineEdit::Normal, QString(), &agreed)
                          .trimmed();
    if (!agreed || name.isEmpty())
        return;
    SavedMapping saved{.name = name, .header = header_, .spec = spec()};
    saved.spec.file.clear();
    saved.spec.columns = mapping();
    saveMapping(saved);
    fillSaved();
    saved_->setCurrentText(name);
}

} // namespace packetloom
