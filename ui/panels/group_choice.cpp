// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/group_choice.h"

#include "ui/models/group_words.h"
#include "ui/panels/wrapping_layout.h"

#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

// In the order of the choices. Flows have all but the last one.
constexpr std::array allKeys{GroupKey::Source,       GroupKey::Destination,
                             GroupKey::Address,      GroupKey::Pair,
                             GroupKey::SourceSubnet, GroupKey::DestinationSubnet,
                             GroupKey::Subnet,       GroupKey::DestinationPort,
                             GroupKey::SourcePort,   GroupKey::Port,
                             GroupKey::Protocol,     GroupKey::Service,
                             GroupKey::State,        GroupKey::Close,
                             GroupKey::Reason,       GroupKey::Time,
                             GroupKey::Flags};
static_assert(allKeys.size() == groupKeyCount);

bool isSubnet(std::optional<GroupKey> key)
{
    return key == GroupKey::SourceSubnet || key == GroupKey::DestinationSubnet || key == GroupKey::Subnet;
}

QLabel* labelOf(const QString& text, QWidget* widget)
{
    auto* const label = new QLabel(text);
    label->setBuddy(widget);
    return label;
}

QString nameOf(GroupKey key)
{
    const auto text = groupKeyName(key);
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
}

} // namespace

GroupChoice::GroupChoice(QWidget* parent) : QWidget(parent)
{
    of_ = new QComboBox;
    of_->addItems({tr("flows"), tr("packets")});
    of_->setAccessibleName(tr("What is grouped"));
    of_->setToolTip(of_->accessibleName());
    by_ = new QComboBox;
    by_->setAccessibleName(tr("Group by"));
    thenBy_ = new QComboBox;
    thenBy_->setAccessibleName(tr("Then by"));
    questions_ = new QPushButton(tr("&Questions"));
    questions_->setToolTip(tr("Who scans, who is flooded, which services there are: groups that answer it"));
    questions_->setMenu(makeQuestions());
    count_ = new QLabel;
    count_->setTextFormat(Qt::PlainText);
    count_->setMinimumWidth(10);
    count_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    makeSteps();
    fillKeys();
    setKeys(false, GroupKey::DestinationPort, std::nullopt);

    // In as many lines as it takes: the window can be small.
    auto* const keys = new WrappingLayout;
    keys->setSpacing(6);
    keys->addWidget(labelOf(tr("&Group"), of_));
    keys->addWidget(of_);
    keys->addWidget(labelOf(tr("&by"), by_));
    keys->addWidget(by_);
    keys->addWidget(labelOf(tr("&then by"), thenBy_));
    keys->addWidget(thenBy_);
    keys->addWidget(questions_);
    auto* const steps = new WrappingLayout;
    steps->setSpacing(6);
    steps->addWidget(prefix4_);
    steps->addWidget(prefix6_);
    steps->addWidget(slice_);
    steps->addWidget(count_);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(keys);
    layout->addLayout(steps);
    QWidget* last = of_;
    for (auto* const next :
         std::initializer_list<QWidget*>{by_, thenBy_, questions_, prefix4_, prefix6_, slice_})
        setTabOrder(std::exchange(last, next), next);

    connect(of_, &QComboBox::currentIndexChanged, this, [this] {
        fillKeys();
        follow();
        emit changed();
    });
    for (auto* const box : {by_, thenBy_, slice_})
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            follow();
            emit changed();
        });
    for (auto* const box : {prefix4_, prefix6_})
        connect(box, &QSpinBox::valueChanged, this, &GroupChoice::changed);
}

void GroupChoice::makeSteps()
{
    const auto prefix = [](const QString& name, int most, unsigned value) {
        auto* const box = new QSpinBox;
        box->setRange(0, most);
        box->setValue(static_cast<int>(value));
        box->setPrefix(name);
        box->setAccessibleName(name);
        box->setKeyboardTracking(false);
        return box;
    };
    prefix4_ = prefix(tr("IPv4 /"), 32, GroupSteps().prefix4);
    prefix4_->setToolTip(tr("How many bits of an IPv4 address name its subnet"));
    prefix6_ = prefix(tr("IPv6 /"), 128, GroupSteps().prefix6);
    prefix6_->setToolTip(tr("How many bits of an IPv6 address name its subnet"));
    slice_ = new QComboBox;
    slice_->setAccessibleName(tr("Width of a slice of time"));
    slice_->setToolTip(slice_->accessibleName());
    constexpr qint64 second = 1'000'000;
    for (const auto& [name, width] :
         {std::pair(tr("0.1 s"), second / 10), std::pair(tr("1 s"), second),
          std::pair(tr("10 s"), 10 * second), std::pair(tr("1 min"), 60 * second),
          std::pair(tr("10 min"), 600 * second), std::pair(tr("1 h"), 3600 * second),
          std::pair(tr("1 day"), 86400 * second)})
        slice_->addItem(name, width);
    slice_->setCurrentIndex(slice_->findData(qint64{GroupSteps().sliceWidth}));
}

QMenu* GroupChoice::makeQuestions()
{
    auto* const menu = new QMenu(this);
    const auto add = [&](const QString& question, GroupKey by, GroupColumn sortBy,
                         std::optional<GroupKey> thenBy = std::nullopt) {
        menu->addAction(question, this, [=, this] { emit asked(by, thenBy, sortBy); });
    };
    add(tr("Who scans &ports? Sources by different ports"), GroupKey::Source, GroupColumn::Ports);
    add(tr("Who scans &addresses? Sources by peers"), GroupKey::Source, GroupColumn::Peers);
    add(tr("Who is &flooded? Destinations by unanswered flows"), GroupKey::Destination,
        GroupColumn::Unanswered);
    menu->addSeparator();
    add(tr("Which &services dominate? Ports by bytes"), GroupKey::DestinationPort, GroupColumn::Bytes);
    add(tr("&Who sends and gets most? Addresses by bytes"), GroupKey::Address, GroupColumn::Bytes);
    add(tr("Who &talks to whom? Pairs by bytes"), GroupKey::Pair, GroupColumn::Bytes);
    add(tr("Which &networks? Subnets by bytes"), GroupKey::Subnet, GroupColumn::Bytes);
    menu->addSeparator();
    add(tr("How do the flows of a service &close? Ports, then closed"), GroupKey::DestinationPort,
        GroupColumn::Flows, GroupKey::Close);
    add(tr("When was &most going on? Time by flows"), GroupKey::Time, GroupColumn::Flows);
    return menu;
}

std::span<const GroupKey> GroupChoice::keys() const
{
    const bool packets = of_->currentIndex() == 1;
    return std::span(allKeys).first(allKeys.size() - (packets ? 0 : 1));
}

// What was chosen stays chosen, as far as it is there.
void GroupChoice::fillKeys()
{
    const QSignalBlocker quietFirst(by_), quietSecond(thenBy_);
    const auto first = by_->currentData(), second = thenBy_->currentData();
    by_->clear();
    thenBy_->clear();
    thenBy_->addItem(tr("nothing else"), -1);
    for (const auto key : keys()) {
        for (auto* const box : {by_, thenBy_}) {
            box->addItem(groupKeyTitle(key), static_cast<int>(key));
            box->setItemData(box->count() - 1, groupKeyTip(key), Qt::ToolTipRole);
        }
    }
    by_->setCurrentIndex(std::max(by_->findData(first), 0));
    thenBy_->setCurrentIndex(std::max(thenBy_->findData(second), 0));
}

void GroupChoice::setKeys(bool packets, GroupKey by, std::optional<GroupKey> thenBy)
{
    const QSignalBlocker quiet(of_), quietFirst(by_), quietSecond(thenBy_);
    if (of_->currentIndex() != (packets ? 1 : 0)) {
        of_->setCurrentIndex(packets ? 1 : 0);
        fillKeys();
    }
    by_->setCurrentIndex(std::max(by_->findData(static_cast<int>(by)), 0));
    thenBy_->setCurrentIndex(std::max(thenBy_->findData(thenBy ? static_cast<int>(*thenBy) : -1), 0));
    follow();
}

// The same key twice is once; steps are there where something has them.
void GroupChoice::follow()
{
    if (thenBy_->currentData() == by_->currentData()) {
        const QSignalBlocker quiet(thenBy_);
        thenBy_->setCurrentIndex(0);
    }
    const auto wanted = query();
    const bool subnets = isSubnet(wanted.by) || isSubnet(wanted.thenBy);
    prefix4_->setVisible(subnets);
    prefix6_->setVisible(subnets);
    slice_->setVisible(wanted.by == GroupKey::Time || wanted.thenBy == GroupKey::Time);
}

GroupQuery GroupChoice::query() const
{
    GroupQuery query;
    query.packets = of_->currentIndex() == 1;
    query.by = static_cast<GroupKey>(by_->currentData().toInt());
    if (const int second = thenBy_->currentData().toInt(); second >= 0)
        query.thenBy = static_cast<GroupKey>(second);
    query.steps = {static_cast<unsigned>(prefix4_->value()), static_cast<unsigned>(prefix6_->value()),
                   slice_->currentData().toLongLong()};
    return query;
}

void GroupChoice::setPacketsThere(bool there)
{
    if (!there && of_->currentIndex() == 1) {
        const auto wanted = query();
        setKeys(false, wanted.by, wanted.thenBy);
    }
    of_->setEnabled(there);
}

void GroupChoice::setCount(const QString& text)
{
    count_->setText(text);
}

void GroupChoice::addState(QJsonObject& state) const
{
    const auto wanted = query();
    state[QStringLiteral("of")] = wanted.packets ? QStringLiteral("packets") : QStringLiteral("flows");
    state[QStringLiteral("by")] = nameOf(wanted.by);
    if (wanted.thenBy)
        state[QStringLiteral("then_by")] = nameOf(*wanted.thenBy);
    state[QStringLiteral("ipv4_prefix")] = prefix4_->value();
    state[QStringLiteral("ipv6_prefix")] = prefix6_->value();
    state[QStringLiteral("slice_us")] = slice_->currentData().toLongLong();
}

bool GroupChoice::setState(const QJsonObject& state)
{
    const bool packets =
        of_->isEnabled() && state.value(QStringLiteral("of")).toString() == QStringLiteral("packets");
    const auto key = [&](const char* name) -> std::optional<GroupKey> {
        const auto found = groupKeyNamed(state.value(QLatin1String(name)).toString().toStdString());
        return found == GroupKey::Flags && !packets ? std::nullopt : found;
    };
    const auto by = key("by");
    if (!by)
        return false;
    const QSignalBlocker quiet4(prefix4_), quiet6(prefix6_), quietSlice(slice_);
    prefix4_->setValue(state.value(QStringLiteral("ipv4_prefix")).toInt(prefix4_->value()));
    prefix6_->setValue(state.value(QStringLiteral("ipv6_prefix")).toInt(prefix6_->value()));
    const auto width = state.value(QStringLiteral("slice_us")).toInteger();
    if (const int index = slice_->findData(qint64{width}); index >= 0)
        slice_->setCurrentIndex(index);
    setKeys(packets, *by, key("then_by"));
    return true;
}

} // namespace packetloom
