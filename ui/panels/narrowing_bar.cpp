// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/narrowing_bar.h"

#include "core/filter/filter_parser.h"
#include "ui/filter_completer.h"
#include "ui/filter_messages.h"
#include "ui/messages.h"
#include "ui/panels/chip.h"
#include "ui/panels/wrapping_layout.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds typingRest{150};

/// Nothing for a text that is none or asks for nothing.
std::optional<FilterExpression> understood(const QString& text)
{
    auto parsed = parseFilter(text.toStdString(), FilterSubject::Packets);
    auto* const expression = std::get_if<0>(&parsed);
    return expression ? std::move(*expression) : std::nullopt;
}

/// The date once, where one will do.
QString intervalWords(qint64 first, qint64 last)
{
    const auto from = shownTime(first), to = shownTime(last);
    const auto date = [](const QString& time) { return time.section(QLatin1Char(' '), 0, 0); };
    if (date(from) != date(to))
        return NarrowingBar::tr("%1 to %2").arg(from, to);
    return NarrowingBar::tr("%1 to %2")
        .arg(from.section(QLatin1Char(' '), 0, 1), to.section(QLatin1Char(' '), 1));
}

QString joined(const QStringList& texts)
{
    if (texts.size() < 2)
        return texts.value(0);
    return QLatin1Char('(') + texts.join(QLatin1String(") and (")) + QLatin1Char(')');
}

} // namespace

NarrowingBar::NarrowingBar(QWidget* parent) : QWidget(parent)
{
    line_ = new QLineEdit;
    line_->setPlaceholderText(tr("Filter: 10.0.0.1, :443, graceful, bytes > 1M and duration < 5s (Ctrl+F)"));
    line_->setClearButtonEnabled(true);
    line_->setAccessibleName(tr("Filter what is seen"));
    line_->setToolTip(
        tr("Narrows all pages. Addresses, blocks and :ports by themselves, names of states, reasons and "
           "services, comparisons; joined by and, or, not and parentheses"));
    completer_ = new FilterCompleter(line_, FilterSubject::Packets);
    count_ = new QLabel;
    count_->setAccessibleName(tr("What is left"));
    problem_ = new QLabel;
    problem_->setTextFormat(Qt::PlainText);
    problem_->setWordWrap(true);
    problem_->setAccessibleName(tr("What is wrong about the filter"));
    problem_->hide();
    use_ = new QToolButton;
    use_->setText(tr("Use as capture filter"));
    use_->setToolTip(tr("Read nothing else: move these conditions to the left, for the next analysis"));
    clear_ = new QToolButton;
    clear_->setText(tr("Clear all"));
    clear_->setToolTip(tr("See everything that was read again"));
    for (auto* const button : {use_, clear_})
        button->setAutoRaise(true);

    auto* const top = new QHBoxLayout;
    top->addWidget(line_, 1);
    top->addWidget(count_);
    row_ = new QWidget;
    auto* const chips = new WrappingLayout(row_);
    chips->setContentsMargins({});
    chips->setSpacing(4);
    chips->addWidget(use_);
    chips->addWidget(clear_);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 0, 6, 0);
    layout->setSpacing(4);
    layout->addLayout(top);
    layout->addWidget(problem_);
    layout->addWidget(row_);

    typed_.setSingleShot(true);
    typed_.setInterval(typingRest);
    connect(line_, &QLineEdit::textChanged, &typed_, qOverload<>(&QTimer::start));
    connect(line_, &QLineEdit::returnPressed, this, &NarrowingBar::readLine);
    connect(&typed_, &QTimer::timeout, this, &NarrowingBar::readLine);
    connect(clear_, &QToolButton::clicked, this, &NarrowingBar::clear);
    connect(use_, &QToolButton::clicked, this, [this] {
        const auto filter = filterText();
        const auto interval = interval_;
        clear();
        emit captureFilterWanted(filter, interval);
    });
    showChips();
}

Narrowing NarrowingBar::narrowing() const
{
    Narrowing narrowing;
    if (interval_)
        narrowing.interval = {interval_->first, interval_->second};
    FilterExpression all;
    all.kind = FilterExpression::Kind::All;
    if (fromLine_)
        all.parts.push_back(fromLine_->expression);
    for (const auto& filter : filters_)
        all.parts.push_back(filter.expression);
    if (!all.parts.empty())
        narrowing.filter = std::move(all);
    return narrowing;
}

QString NarrowingBar::filterText() const
{
    QStringList texts;
    if (fromLine_)
        texts << fromLine_->text;
    for (const auto& filter : filters_)
        texts << filter.text;
    return joined(texts);
}

void NarrowingBar::setInterval(const Interval& interval)
{
    if (interval_ == interval)
        return;
    interval_ = interval;
    showChips();
    emit changed();
}

void NarrowingBar::addFilter(const QString& text)
{
    const auto isThere =
        std::any_of(filters_.begin(), filters_.end(), [&](const Filter& f) { return f.text == text; });
    auto expression = understood(text);
    if (isThere || !expression)
        return;
    filters_.append({text, *std::move(expression)});
    showChips();
    emit changed();
}

void NarrowingBar::removeFilter(const QString& text)
{
    filters_.removeIf([&](const Filter& filter) { return filter.text == text; });
    showChips();
    emit changed();
}

void NarrowingBar::setLine(const QString& text)
{
    line_->setText(text);
    readLine();
}

void NarrowingBar::focusLine()
{
    line_->setFocus();
    line_->selectAll();
}

void NarrowingBar::clear()
{
    const QSignalBlocker quiet(line_);
    line_->clear();
    typed_.stop();
    fromLine_.reset();
    problem_->hide();
    markFilter(line_, nullptr);
    filters_.clear();
    interval_.reset();
    showChips();
    emit changed();
}

// A filter that is not understood narrows nothing: what held before goes on to hold, and that is said.
void NarrowingBar::readLine()
{
    typed_.stop();
    // What only packets have can be asked as well: then a flow is one with such a packet.
    auto parsed = parseFilter(line_->text().toStdString(), FilterSubject::Packets);
    const auto* const problem = std::get_if<FilterProblem>(&parsed);
    markFilter(line_, problem);
    problem_->setVisible(problem != nullptr);
    if (problem) {
        problem_->setText(
            filterProblemMessage(*problem) + QLatin1Char(' ') +
            (fromLine_ ? tr("Until then this one holds: %1").arg(shownText(fromLine_->text.toStdString(), 60))
                       : tr("Until then it narrows nothing.")));
        return;
    }
    const bool wasEmpty = !fromLine_;
    fromLine_.reset();
    if (auto& expression = std::get<0>(parsed))
        fromLine_ = Filter{line_->text(), *std::move(expression)};
    if (wasEmpty && !fromLine_)
        return;
    showChips();
    emit changed();
}

// Looked for at every key, so not among millions.
void NarrowingBar::setAddresses(std::shared_ptr<const AddressTable> addresses)
{
    completer_->setAddresses([addresses = std::move(addresses)](std::string_view front, std::size_t most) {
        constexpr std::uint32_t mostLookedAt = 200'000;
        std::vector<std::string> found;
        const auto end = addresses ? std::min(std::uint32_t(addresses->size()), mostLookedAt) : 0;
        for (std::uint32_t i = 0; i < end && found.size() < most; ++i) {
            if (const auto text = addresses->text(AddressId{i}); !text.empty() && text.starts_with(front))
                found.emplace_back(text);
        }
        return found;
    });
}

void NarrowingBar::setCount(const QString& text)
{
    count_->setText(text);
}

void NarrowingBar::setAsAnalyzed(const QString& text)
{
    if (asAnalyzed_ == text)
        return;
    asAnalyzed_ = text;
    showChips();
}

Chip* NarrowingBar::addChip(const QString& text)
{
    auto* const chip = new Chip(text, row_);
    // In front of the buttons.
    auto* const layout = row_->layout();
    layout->removeWidget(use_);
    layout->removeWidget(clear_);
    layout->addWidget(chip);
    layout->addWidget(use_);
    layout->addWidget(clear_);
    chips_.append(chip);
    chip->show();
    return chip;
}

void NarrowingBar::showChips()
{
    for (auto* const chip : std::exchange(chips_, {})) {
        row_->layout()->removeWidget(chip);
        chip->hide();
        chip->deleteLater(); // it may be the one that was clicked
    }
    if (!asAnalyzed_.isEmpty()) {
        auto* const chip = addChip(tr("read: %1").arg(asAnalyzed_));
        connect(chip, &Chip::removeWanted, this, &NarrowingBar::wholeCaptureWanted);
    }
    if (interval_) {
        auto* const chip = addChip(intervalWords(interval_->first, interval_->second));
        connect(chip, &Chip::removeWanted, this, [this] { setInterval(std::nullopt); });
        connect(chip, &Chip::menuWanted, this, [this](QMenu* menu) {
            menu->addAction(tr("Use as time window"), this, [this] {
                const auto interval = interval_;
                setInterval(std::nullopt);
                emit captureFilterWanted({}, interval);
            });
        });
    }
    for (const auto& filter : filters_) {
        const auto text = filter.text;
        auto* const chip = addChip(text);
        connect(chip, &Chip::removeWanted, this, [this, text] { removeFilter(text); });
        connect(chip, &Chip::menuWanted, this, [this, text](QMenu* menu) { addMenu(menu, text); });
    }
    const bool narrows = interval_ || fromLine_ || !filters_.isEmpty();
    use_->setVisible(narrows);
    clear_->setVisible(narrows);
    row_->setVisible(narrows || !asAnalyzed_.isEmpty());
}

void NarrowingBar::addMenu(QMenu* menu, const QString& filter)
{
    menu->addAction(tr("All but these"), this, [this, filter] {
        const auto opposite = QStringLiteral("not (%1)").arg(filter);
        filters_.removeIf([&](const Filter& f) { return f.text == filter; });
        addFilter(opposite);
    });
    menu->addAction(tr("Change it in the line"), this, [this, filter] {
        removeFilter(filter);
        setLine(fromLine_ ? joined({fromLine_->text, filter}) : filter);
        focusLine();
    });
    menu->addAction(tr("Use as capture filter"), this, [this, filter] {
        removeFilter(filter);
        emit captureFilterWanted(filter, std::nullopt);
    });
    menu->addSeparator();
}

QJsonObject NarrowingBar::viewState() const
{
    QJsonObject state{{QStringLiteral("filter"), line_->text()}};
    QJsonArray chips;
    for (const auto& filter : filters_)
        chips.append(filter.text);
    if (!chips.isEmpty())
        state[QStringLiteral("chips")] = chips;
    if (interval_)
        state[QStringLiteral("interval")] = QJsonArray{interval_->first, interval_->second};
    return state;
}

void NarrowingBar::setViewState(const QJsonObject& state)
{
    const QSignalBlocker once(this);
    clear();
    for (const auto& chip : state.value(QStringLiteral("chips")).toArray())
        addFilter(chip.toString());
    setLine(state.value(QStringLiteral("filter")).toString());
    const auto interval = state.value(QStringLiteral("interval")).toArray();
    if (interval.size() == 2 && interval[0].isDouble() && interval[1].isDouble() &&
        interval[0].toInteger() <= interval[1].toInteger())
        setInterval(std::pair(interval[0].toInteger(), interval[1].toInteger()));
}

} // namespace packetloom
