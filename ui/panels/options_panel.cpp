// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/options_panel.h"

#include "core/support/path_text.h"
#include "ui/filter_text.h"
#include "ui/messages.h"
#include "ui/option_spelling.h"
#include "ui/option_words.h"
#include "ui/panels/capture_filter_line.h"
#include "ui/panels/option_fields.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTextCharFormat>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <limits>

namespace packetloom {
namespace {

const auto openKey = QStringLiteral("options/open");

// Those that a number says, in the order of the window.
constexpr std::array numberFields{OptionId::FlowTimeout, OptionId::ReadChunkRows, OptionId::FlowsPerChunk,
                                  OptionId::MaxRecords};
// Seconds; they are shown where the exact engine tells of the flows.
constexpr std::array exactFields{OptionId::AttemptTimeout, OptionId::CloseLinger,   OptionId::PartialClose,
                                 OptionId::TcpInactivity,  OptionId::UdpInactivity, OptionId::IcmpInactivity,
                                 OptionId::OtherInactivity};

bool isFilter(OptionId id)
{
    return entryOf(id).key.starts_with("filters.");
}

QString settingsKey(OptionId id)
{
    const auto key = entryOf(id).key;
    return QString::fromLatin1(key.data(), qsizetype(key.size()))
        .replace(QLatin1Char('.'), QLatin1Char('/'))
        .replace(QLatin1Char('_'), QLatin1Char('-'));
}

int fit(std::int64_t value)
{
    return static_cast<int>(
        std::clamp<std::int64_t>(value, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

int numberIn(const Options& options, OptionId id)
{
    return fit(std::get<std::int64_t>(valueOf(options, id)) / spellingOf(id).unit);
}

} // namespace

OptionsPanel::OptionsPanel(QWidget* parent) : QWidget(parent)
{
    addresses_ = new QPlainTextEdit;
    addresses_->setPlaceholderText(tr("10.0.0.1, 10.1.0.0/16, 2001:db8::/32, 17"));
    addresses_->setAccessibleName(optionLabel(OptionId::AddressFilter));
    addresses_->setToolTip(optionTip(OptionId::AddressFilter));
    addresses_->setTabChangesFocus(true);
    addresses_->setFixedHeight(addresses_->fontMetrics().lineSpacing() * 3 + 14);
    auto* const load = new QToolButton;
    load->setText(tr("Load…"));
    load->setToolTip(tr("Read the list from a text file"));
    load->setAccessibleName(load->toolTip());
    ends_ = new QComboBox;
    ends_->addItems({tr("at either end"), tr("at both ends")});
    ends_->setToolTip(optionTip(OptionId::FilterEnds));
    ends_->setAccessibleName(ends_->toolTip());
    addressProblem_ = problemLabel();
    from_ = timeField(optionTip(OptionId::TimeStart));
    to_ = timeField(optionTip(OptionId::TimeEnd));
    timeProblem_ = problemLabel();
    filter_ = new CaptureFilterLine;

    auto* const addressTitle = new QLabel(tr("&Addresses"));
    addressTitle->setBuddy(addresses_);
    auto* const addressRow = new QHBoxLayout;
    addressRow->addWidget(addressTitle);
    addressRow->addWidget(ends_, 1);
    addressRow->addWidget(load);
    auto* const times = new QFormLayout;
    times->addRow(tr("Fro&m (UTC)"), from_);
    times->addRow(tr("&To (UTC)"), to_);

    engine_ = new QWidget;
    auto* const form = new QFormLayout(engine_);
    form->setContentsMargins({});
    for (const auto id : numberFields) {
        auto* const box = number(id);
        if (id == OptionId::FlowTimeout)
            box->setSuffix(tr(" s"));
        if (id == OptionId::MaxRecords)
            box->setSpecialValueText(tr("no limit"));
        numbers_.push_back({id, box});
        form->addRow(optionLabel(id), box);
    }
    flowsBy_ = new QComboBox;
    flowsBy_->addItems({tr("the reference"), tr("the exact engine")});
    flowsBy_->setFocusPolicy(Qt::StrongFocus);
    flowsBy_->installEventFilter(this);
    flowsBy_->setAccessibleName(optionLabel(OptionId::Engine));
    flowsBy_->setToolTip(optionTip(OptionId::Engine));
    form->addRow(flowsBy_->accessibleName(), flowsBy_);
    for (const auto id : exactFields) {
        auto* const box = number(id);
        box->setSuffix(tr(" s"));
        numbers_.push_back({id, box});
        form->addRow(optionLabel(id), box);
    }
    const auto showExact = [this, form] {
        for (const auto& [id, box] : numbers_) {
            if (std::ranges::find(exactFields, id) != exactFields.end())
                form->setRowVisible(box, flowsBy_->currentIndex() == 1);
        }
    };
    connect(flowsBy_, &QComboBox::currentIndexChanged, this, showExact);
    showExact();
    tunnels_ = new QComboBox;
    tunnels_->addItems({tr("the inner ones"), tr("the outer ones"), tr("each one is a row")}); // as Tunnels
    tunnels_->setFocusPolicy(Qt::StrongFocus);
    tunnels_->installEventFilter(this);
    tunnels_->setAccessibleName(optionLabel(OptionId::Tunnels));
    tunnels_->setToolTip(optionTip(OptionId::Tunnels));
    form->addRow(tunnels_->accessibleName(), tunnels_);
    checksums_ = new QCheckBox(optionLabel(OptionId::VerifyChecksums));
    checksums_->setToolTip(optionTip(OptionId::VerifyChecksums));
    form->addRow(checksums_);
    skipBroken_ = new QCheckBox(optionLabel(OptionId::SkipBroken));
    skipBroken_->setAccessibleName(skipBroken_->text());
    skipBroken_->setToolTip(optionTip(OptionId::SkipBroken));
    form->addRow(skipBroken_);
    label_ = new QLineEdit;
    label_->setAccessibleName(optionLabel(OptionId::AttackContext));
    label_->setToolTip(optionTip(OptionId::AttackContext));
    form->addRow(label_->accessibleName(), label_);
    defaults_ = new QPushButton(tr("Restore defaults"));
    defaults_->setToolTip(tr("Set timeout, chunks and limits as they are at first"));
    form->addRow(defaults_);
    engine_->hide();
    more_ = new QToolButton;
    more_->setText(tr("Options"));
    more_->setToolTip(tr("Show or hide the options of the engine"));
    more_->setCheckable(true);
    more_->setAutoRaise(true);
    more_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    more_->setArrowType(Qt::RightArrow);

    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(addressRow);
    layout->addWidget(addresses_);
    layout->addWidget(addressProblem_);
    layout->addLayout(times);
    layout->addWidget(timeProblem_);
    layout->addWidget(filter_);
    layout->addWidget(more_);
    layout->addWidget(engine_);

    connect(more_, &QToolButton::toggled, this, [this](bool open) {
        more_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        engine_->setVisible(open);
    });
    connect(addresses_, &QPlainTextEdit::textChanged, this, &OptionsPanel::check);
    connect(filter_, &CaptureFilterLine::changed, this, &OptionsPanel::check);
    for (auto* const field : {from_, to_, label_})
        connect(field, &QLineEdit::textChanged, this, &OptionsPanel::check);
    for (const auto& number : numbers_)
        connect(number.box, &QSpinBox::valueChanged, this, &OptionsPanel::check);
    for (auto* const choice : {ends_, flowsBy_, tunnels_})
        connect(choice, &QComboBox::currentIndexChanged, this, &OptionsPanel::check);
    connect(checksums_, &QCheckBox::toggled, this, &OptionsPanel::check);
    connect(skipBroken_, &QCheckBox::toggled, this, &OptionsPanel::check);
    connect(load, &QToolButton::clicked, this, &OptionsPanel::chooseAddressList);
    connect(defaults_, &QPushButton::clicked, this, &OptionsPanel::restoreDefaults);
    restoreSettings();
    check();
}

QSpinBox* OptionsPanel::number(OptionId id)
{
    auto* const box = new QSpinBox;
    const auto unit = spellingOf(id).unit;
    box->setRange(fit(entryOf(id).least / unit), fit(entryOf(id).most / unit));
    box->setValue(numberIn(Options(), id));
    box->setGroupSeparatorShown(true);
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    box->setAccessibleName(optionLabel(id));
    box->setToolTip(optionTip(id));
    return box;
}

// Who scrolls the side bar past a number must not change it.
bool OptionsPanel::eventFilter(QObject* watched, QEvent* event)
{
    const auto* const box = qobject_cast<QWidget*>(watched);
    if (box && event->type() == QEvent::Wheel && !box->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void OptionsPanel::apply(Options& options) const
{
    options.addressFilter = addressList(addresses_->toPlainText()).toStdString();
    options.filterEnds = ends_->currentIndex() == 1 ? FilterEnds::Both : FilterEnds::Either;
    options.window.start = parseTime(from_->text());
    options.window.end = parseTime(to_->text());
    options.filter = filter_->text().toStdString();
    for (const auto& number : numbers_)
        setValue(options, number.id, std::int64_t{number.box->value()} * spellingOf(number.id).unit);
    options.flowsBy = flowsBy_->currentIndex() == 1 ? FlowsBy::Exact : FlowsBy::Reference;
    options.reading.tunnels = static_cast<Tunnels>(tunnels_->currentIndex());
    options.reading.verifyChecksums = checksums_->isChecked();
    options.skipBroken = skipBroken_->isChecked();
    options.attackContext = label_->text().toStdString();
}

void OptionsPanel::setOptions(const Options& options)
{
    addresses_->setPlainText(
        QString::fromStdString(options.addressFilter).replace(QLatin1Char(','), QLatin1String(", ")));
    ends_->setCurrentIndex(options.filterEnds == FilterEnds::Both ? 1 : 0);
    from_->setText(timeText(options.window.start));
    to_->setText(timeText(options.window.end));
    filter_->setText(QString::fromStdString(options.filter));
    for (const auto& number : numbers_)
        number.box->setValue(numberIn(options, number.id));
    flowsBy_->setCurrentIndex(options.flowsBy == FlowsBy::Exact ? 1 : 0);
    tunnels_->setCurrentIndex(static_cast<int>(options.reading.tunnels));
    checksums_->setChecked(options.reading.verifyChecksums);
    skipBroken_->setChecked(options.skipBroken);
    label_->setText(QString::fromStdString(options.attackContext));
}

void OptionsPanel::setSkipBroken(bool skip)
{
    skipBroken_->setChecked(skip);
}

void OptionsPanel::setTimeWindow(std::int64_t start, std::int64_t end)
{
    from_->setText(timeText(start));
    to_->setText(timeText(end));
}

void OptionsPanel::addAddress(const QString& address)
{
    const auto entries = addressEntries(addresses_->toPlainText());
    for (const auto& entry : entries) {
        if (entry.text == address)
            return;
    }
    const auto text = addresses_->toPlainText().trimmed();
    addresses_->setPlainText(text.isEmpty() ? address : text + QStringLiteral(", ") + address);
}

void OptionsPanel::clearFilters()
{
    filter_->setText(QString());
    addresses_->clear();
    filter_->setText({});
    from_->clear();
    to_->clear();
    for (const auto& number : numbers_) {
        if (isFilter(number.id))
            number.box->setValue(numberIn(Options(), number.id));
    }
}

void OptionsPanel::addFilter(const QString& filter)
{
    const auto before = filter_->text();
    if (before != filter)
        filter_->setText(before.isEmpty() ? filter : QStringLiteral("(%1) and (%2)").arg(before, filter));
}

void OptionsPanel::setAddresses(const QString& list)
{
    addresses_->setPlainText(list.trimmed());
}

void OptionsPanel::chooseAddressList()
{
    const auto name = QFileDialog::getOpenFileName(this, tr("Load a list of addresses"), {},
                                                   tr("Text (*.txt *.csv *.lst);;All files (*)"));
    if (!name.isEmpty())
        emit addressListWanted(pathFromText(name.toStdString()));
}

void OptionsPanel::restoreDefaults()
{
    for (const auto& number : numbers_)
        number.box->setValue(numberIn(Options(), number.id));
    flowsBy_->setCurrentIndex(0);
    tunnels_->setCurrentIndex(0);
    checksums_->setChecked(false);
    skipBroken_->setChecked(false);
}

void OptionsPanel::saveSettings() const
{
    QSettings settings;
    for (const auto& number : numbers_) {
        if (!isFilter(number.id))
            settings.setValue(settingsKey(number.id), number.box->value());
    }
    settings.setValue(settingsKey(OptionId::Engine), flowsBy_->currentIndex() == 1);
    settings.setValue(settingsKey(OptionId::Tunnels),
                      QString::fromLatin1(wordOf(static_cast<Tunnels>(tunnels_->currentIndex()))));
    settings.setValue(settingsKey(OptionId::VerifyChecksums), checksums_->isChecked());
    settings.setValue(openKey, more_->isChecked());
}

void OptionsPanel::restoreSettings()
{
    const QSettings settings;
    for (const auto& number : numbers_) {
        if (!isFilter(number.id))
            number.box->setValue(settings.value(settingsKey(number.id), number.box->value()).toInt());
    }
    flowsBy_->setCurrentIndex(settings.value(settingsKey(OptionId::Engine), false).toBool() ? 1 : 0);
    auto tunnels = settings.value(settingsKey(OptionId::Tunnels)).toString();
    if (tunnels == QLatin1String("true")) // as versions before wrote it
        tunnels = QString::fromLatin1(wordOf(Tunnels::Outer));
    for (int i = 0; i < tunnels_->count(); ++i) {
        if (tunnels == QLatin1String(wordOf(static_cast<Tunnels>(i))))
            tunnels_->setCurrentIndex(i);
    }
    checksums_->setChecked(settings.value(settingsKey(OptionId::VerifyChecksums), false).toBool());
    more_->setChecked(settings.value(openKey, false).toBool());
}

void OptionsPanel::check()
{
    QStringList unknown;
    QList<QTextEdit::ExtraSelection> marks;
    for (const auto& entry : addressEntries(addresses_->toPlainText())) {
        if (entry.understood)
            continue;
        unknown << shownText(entry.text.toStdString(), 40);
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(addresses_->document());
        mark.cursor.setPosition(static_cast<int>(entry.position));
        mark.cursor.setPosition(static_cast<int>(entry.position + entry.text.size()),
                                QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        mark.format.setUnderlineColor(Qt::red);
        marks << mark;
    }
    addresses_->setExtraSelections(marks);
    // An address may be any text, so this is no error.
    setProblem(addressProblem_, unknown.isEmpty()
                                    ? QString()
                                    : tr("No address, CIDR block or id: %1. Only an address that is "
                                         "just this text is kept.")
                                          .arg(unknown.join(QStringLiteral(", "))));
    QString problem;
    const auto from = parseTime(from_->text()), to = parseTime(to_->text());
    if ((!from && !from_->text().trimmed().isEmpty()) || (!to && !to_->text().trimmed().isEmpty()))
        problem = tr("Write a time as 2009-11-03 13:23:35.5 (UTC), or as microseconds since the epoch.");
    else if (from && to && *from > *to)
        problem = tr("The time window ends before it starts.");
    setProblem(timeProblem_, problem);
    valid_ = problem.isEmpty() && filter_->valid();
    // Options that differ from the usual ones change the dataset, so the closed section says that there are
    // some.
    const bool unusual = std::ranges::any_of(numbers_,
                                             [](const NumberBox& number) {
                                                 return number.box->value() != numberIn(Options(), number.id);
                                             }) ||
                         flowsBy_->currentIndex() != 0 || tunnels_->currentIndex() != 0 ||
                         checksums_->isChecked() || skipBroken_->isChecked();
    defaults_->setEnabled(unusual);
    more_->setText(unusual || !label_->text().isEmpty() ? tr("Options (changed)") : tr("Options"));
    ends_->setEnabled(!addressEntries(addresses_->toPlainText()).isEmpty());
    emit changed();
}

} // namespace packetloom
