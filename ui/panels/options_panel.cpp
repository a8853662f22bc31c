// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/options_panel.h"

#include "core/support/path_text.h"
#include "ui/filter_text.h"
#include "ui/messages.h"

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
#include <limits>

namespace packetloom {
namespace {

const auto timeoutKey = QStringLiteral("options/flow-timeout-seconds");
const auto readChunkKey = QStringLiteral("options/read-chunk-rows");
const auto chunkKey = QStringLiteral("options/flows-per-chunk");
const auto openKey = QStringLiteral("options/open");

QLabel* problemLabel()
{
    auto* const label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->hide();
    return label;
}

void setProblem(QLabel* label, const QString& text)
{
    label->setText(text.isEmpty() ? text : QChar(0x26A0) + QStringLiteral(" ") + text);
    label->setVisible(!text.isEmpty());
}

QLineEdit* timeField(const QString& name)
{
    auto* const field = new QLineEdit;
    field->setPlaceholderText(OptionsPanel::tr("any"));
    field->setAccessibleName(name);
    field->setToolTip(
        OptionsPanel::tr("UTC, such as 2009-11-03 13:23:35.5, or microseconds since the epoch"));
    return field;
}

QString timeText(const std::optional<std::int64_t>& time)
{
    return time ? shownTime(*time).remove(QStringLiteral(" UTC")).remove(QStringLiteral(" us")) : QString();
}

} // namespace

OptionsPanel::OptionsPanel(QWidget* parent) : QWidget(parent)
{
    addresses_ = new QPlainTextEdit;
    addresses_->setPlaceholderText(tr("10.0.0.1, 10.1.0.0/16, 2001:db8::/32, 17"));
    addresses_->setAccessibleName(tr("Addresses to keep"));
    addresses_->setToolTip(
        tr("Keep packets where either end is in this list: addresses, CIDR blocks, or ids and "
           "names of the IP map. Separate them by commas, blanks or lines."));
    addresses_->setTabChangesFocus(true);
    addresses_->setFixedHeight(addresses_->fontMetrics().lineSpacing() * 3 + 14);
    auto* const load = new QToolButton;
    load->setText(tr("Load…"));
    load->setToolTip(tr("Read the list from a text file"));
    load->setAccessibleName(load->toolTip());
    ends_ = new QComboBox;
    ends_->addItems({tr("at either end"), tr("at both ends")});
    ends_->setToolTip(tr("Whether one end of a packet must be in the list, or both"));
    ends_->setAccessibleName(ends_->toolTip());
    addressProblem_ = problemLabel();
    from_ = timeField(tr("Keep packets from this time on"));
    to_ = timeField(tr("Keep packets up to and including this time"));
    timeProblem_ = problemLabel();

    auto* const addressTitle = new QLabel(tr("&Addresses"));
    addressTitle->setBuddy(addresses_);
    auto* const addressRow = new QHBoxLayout;
    addressRow->addWidget(addressTitle);
    addressRow->addWidget(ends_, 1);
    addressRow->addWidget(load);
    auto* const times = new QFormLayout;
    times->addRow(tr("&From (UTC)"), from_);
    times->addRow(tr("&To (UTC)"), to_);

    engine_ = new QWidget;
    auto* const form = new QFormLayout(engine_);
    form->setContentsMargins({});
    constexpr int most = std::numeric_limits<int>::max();
    timeout_ = number(0, most, 300, tr("Inactivity timeout"), tr("Inactivity that ends a flow"));
    timeout_->setSuffix(tr(" s"));
    readChunk_ =
        number(1, most, 500000, tr("Rows per read chunk"),
               tr("Data rows per read chunk; flows are judged at its end, so it shows in the result"));
    chunk_ = number(1, most, 200, tr("Flows per file"), tr("Flows per chunk file of the dataset"));
    maxRecords_ = number(0, most, 0, tr("Most packets"), tr("Stop after so many kept rows"));
    maxRecords_->setSpecialValueText(tr("no limit"));
    label_ = new QLineEdit;
    label_->setAccessibleName(tr("Label"));
    label_->setToolTip(tr("A label for the dataset's manifest (attack context)"));
    form->addRow(tr("Inactivity timeout"), timeout_);
    form->addRow(tr("Rows per read chunk"), readChunk_);
    form->addRow(tr("Flows per file"), chunk_);
    form->addRow(tr("Most packets"), maxRecords_);
    form->addRow(tr("Label"), label_);
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
    layout->addWidget(more_);
    layout->addWidget(engine_);

    connect(more_, &QToolButton::toggled, this, [this](bool open) {
        more_->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        engine_->setVisible(open);
    });
    connect(addresses_, &QPlainTextEdit::textChanged, this, &OptionsPanel::check);
    for (auto* const field : {from_, to_, label_})
        connect(field, &QLineEdit::textChanged, this, &OptionsPanel::check);
    for (auto* const box : {timeout_, readChunk_, chunk_, maxRecords_})
        connect(box, &QSpinBox::valueChanged, this, &OptionsPanel::check);
    connect(ends_, &QComboBox::currentIndexChanged, this, &OptionsPanel::check);
    connect(load, &QToolButton::clicked, this, &OptionsPanel::chooseAddressList);
    connect(defaults_, &QPushButton::clicked, this, &OptionsPanel::restoreDefaults);
    restoreSettings();
    check();
}

QSpinBox* OptionsPanel::number(int least, int most, int value, const QString& name, const QString& tip)
{
    auto* const box = new QSpinBox;
    box->setRange(least, most);
    box->setValue(value);
    box->setGroupSeparatorShown(true);
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    box->setAccessibleName(name);
    box->setToolTip(tip);
    return box;
}

// Who scrolls the side bar past a number must not change it.
bool OptionsPanel::eventFilter(QObject* watched, QEvent* event)
{
    const auto* const box = qobject_cast<QSpinBox*>(watched);
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
    options.flowTimeoutSeconds = timeout_->value();
    options.readChunkRows = readChunk_->value();
    options.flowsPerChunk = chunk_->value();
    options.maxRecords = maxRecords_->value();
    options.attackContext = label_->text().toStdString();
}

void OptionsPanel::setOptions(const Options& options)
{
    const auto fit = [](std::int64_t value) {
        return static_cast<int>(std::min<std::int64_t>(value, std::numeric_limits<int>::max()));
    };
    addresses_->setPlainText(
        QString::fromStdString(options.addressFilter).replace(QLatin1Char(','), QLatin1String(", ")));
    ends_->setCurrentIndex(options.filterEnds == FilterEnds::Both ? 1 : 0);
    from_->setText(timeText(options.window.start));
    to_->setText(timeText(options.window.end));
    timeout_->setValue(fit(options.flowTimeoutSeconds));
    readChunk_->setValue(fit(options.readChunkRows));
    chunk_->setValue(fit(options.flowsPerChunk));
    maxRecords_->setValue(fit(options.maxRecords));
    label_->setText(QString::fromStdString(options.attackContext));
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
    const Options usual;
    timeout_->setValue(static_cast<int>(usual.flowTimeoutSeconds));
    readChunk_->setValue(static_cast<int>(usual.readChunkRows));
    chunk_->setValue(static_cast<int>(usual.flowsPerChunk));
    maxRecords_->setValue(static_cast<int>(usual.maxRecords));
}

void OptionsPanel::saveSettings() const
{
    QSettings settings;
    settings.setValue(timeoutKey, timeout_->value());
    settings.setValue(readChunkKey, readChunk_->value());
    settings.setValue(chunkKey, chunk_->value());
    settings.setValue(openKey, more_->isChecked());
}

void OptionsPanel::restoreSettings()
{
    const QSettings settings;
    timeout_->setValue(settings.value(timeoutKey, timeout_->value()).toInt());
    readChunk_->setValue(settings.value(readChunkKey, readChunk_->value()).toInt());
    chunk_->setValue(settings.value(chunkKey, chunk_->value()).toInt());
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
    valid_ = problem.isEmpty();
    // Options that differ from the usual ones change the dataset, so the closed section says that there are
    // some.
    const Options usual;
    const bool unusual = timeout_->value() != usual.flowTimeoutSeconds ||
                         readChunk_->value() != usual.readChunkRows ||
                         chunk_->value() != usual.flowsPerChunk || maxRecords_->value() != usual.maxRecords;
    defaults_->setEnabled(unusual);
    more_->setText(unusual || !label_->text().isEmpty() ? tr("Options (changed)") : tr("Options"));
    ends_->setEnabled(!addressEntries(addresses_->toPlainText()).isEmpty());
    emit changed();
}

} // namespace packetloom
