// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/groups_panel.h"

#include "core/analysis/group_text.h"
#include "ui/messages.h"
#include "ui/models/group_table_model.h"
#include "ui/models/group_words.h"
#include "ui/panels/sparkline_delegate.h"
#include "ui/panels/table_view.h"
#include "ui/panels/wrapping_layout.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <chrono>
#include <initializer_list>
#include <utility>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds slowAnswer{200};

// Those that flows have, in the order of the choices.
constexpr std::array flowKeys{GroupKey::Source, GroupKey::Destination,     GroupKey::Address,
                              GroupKey::Pair,   GroupKey::SourceSubnet,    GroupKey::DestinationSubnet,
                              GroupKey::Subnet, GroupKey::DestinationPort, GroupKey::SourcePort,
                              GroupKey::Port,   GroupKey::Protocol,        GroupKey::Service,
                              GroupKey::State,  GroupKey::Close,           GroupKey::Reason,
                              GroupKey::Time};

bool isSubnet(std::optional<GroupKey> key)
{
    return key == GroupKey::SourceSubnet || key == GroupKey::DestinationSubnet || key == GroupKey::Subnet;
}

bool isPort(GroupKey key)
{
    return key == GroupKey::SourcePort || key == GroupKey::DestinationPort || key == GroupKey::Port;
}

const QStringList& samples()
{
    static const QStringList texts{QStringLiteral("255.255.255.255 ↔"),
                                   QStringLiteral("255.255.255.255"),
                                   QStringLiteral("microsoft-ds"),
                                   QStringLiteral("1,000,000"),
                                   QString(16, QLatin1Char('0')),
                                   QStringLiteral("100,000,000"),
                                   QStringLiteral("10,000,000,000"),
                                   QStringLiteral("10,000,000,000"),
                                   QStringLiteral("10,000,000,000"),
                                   QStringLiteral("100,000"),
                                   QStringLiteral("65,536"),
                                   QStringLiteral("100,000"),
                                   QStringLiteral("100.0%"),
                                   QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                   QStringLiteral("2009-11-03 13:23:35.000042 UTC")};
    return texts;
}

QLabel* labelOf(const QString& text, QWidget* widget)
{
    auto* const label = new QLabel(text);
    label->setBuddy(widget);
    return label;
}

GroupKey keyOf(const QVariant& data)
{
    return static_cast<GroupKey>(data.toInt());
}

} // namespace

GroupsPanel::GroupsPanel(QWidget* parent) : QWidget(parent)
{
    groups_ = new GroupTableModel(this);
    table_ = new TableView(QStringLiteral("groups"));
    table_->setModel(groups_);
    table_->setAccessibleName(tr("Groups"));
    table_->setItemDelegateForColumn(GroupTableModel::OverTime,
                                     new SparklineDelegate(GroupTableModel::SparkRole, table_));
    table_->setSortingEnabled(true);
    table_->restoreColumns(samples());
    hint_ = new QLabel;
    hint_->setTextFormat(Qt::PlainText);
    hint_->setAlignment(Qt::AlignCenter);
    hint_->setWordWrap(true);
    pages_ = new QStackedWidget;
    pages_->addWidget(table_);
    pages_->addWidget(hint_);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(makeChoices());
    layout->addWidget(pages_, 1);
    QWidget* last = by_;
    for (QWidget* const next :
         std::initializer_list<QWidget*>{thenBy_, questions_, prefix4_, prefix6_, slice_, table_})
        setTabOrder(std::exchange(last, next), next);

    slow_.setSingleShot(true);
    slow_.setInterval(slowAnswer);
    connect(&slow_, &QTimer::timeout, this, [this] { count_->setText(tr("Grouping…")); });
    connectChoices();
    sortBy(order_);
    keysChanged();
    setAnalysis(nullptr);
}

QWidget* GroupsPanel::makeChoices()
{
    questions_ = new QPushButton(tr("&Questions"));
    questions_->setToolTip(tr("Who scans, who is flooded, which services there are: groups that answer it"));
    questions_->setMenu(makeQuestions());
    by_ = new QComboBox;
    by_->setAccessibleName(tr("Group by"));
    thenBy_ = new QComboBox;
    thenBy_->setAccessibleName(tr("Then by"));
    thenBy_->addItem(tr("nothing else"), -1);
    for (const auto key : flowKeys) {
        for (auto* const box : {by_, thenBy_}) {
            box->addItem(groupKeyTitle(key), static_cast<int>(key));
            box->setItemData(box->count() - 1, groupKeyTip(key), Qt::ToolTipRole);
        }
    }
    setKeys(GroupKey::DestinationPort, std::nullopt);
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
    count_ = new QLabel;
    count_->setTextFormat(Qt::PlainText);
    count_->setMinimumWidth(10);
    count_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    // In as many lines as it takes: the window can be small.
    auto* const keys = new WrappingLayout;
    keys->setSpacing(6);
    keys->addWidget(labelOf(tr("&Group by"), by_));
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
    auto* const choices = new QWidget;
    auto* const layout = new QVBoxLayout(choices);
    layout->setContentsMargins({});
    layout->addLayout(keys);
    layout->addLayout(steps);
    return choices;
}

QMenu* GroupsPanel::makeQuestions()
{
    auto* const menu = new QMenu(this);
    const auto add = [&](const QString& question, GroupKey by, GroupColumn sortBy,
                         std::optional<GroupKey> thenBy = std::nullopt) {
        menu->addAction(question, this, [=, this] { choose(by, thenBy, sortBy); });
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

void GroupsPanel::connectChoices()
{
    for (auto* const box : {by_, thenBy_, slice_})
        connect(box, &QComboBox::currentIndexChanged, this, &GroupsPanel::keysChanged);
    for (auto* const box : {prefix4_, prefix6_})
        connect(box, &QSpinBox::valueChanged, this, &GroupsPanel::keysChanged);
    connect(groups_, &GroupTableModel::sortRequested, this, [this](GroupColumn column, bool descending) {
        const GroupOrder order{column, descending};
        if (order == order_)
            return;
        order_ = order;
        emit viewChanged();
        ask();
    });
    connect(table_, &QTableView::doubleClicked, this, &GroupsPanel::narrow);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* const enter = new QShortcut(key, table_);
        enter->setContext(Qt::WidgetShortcut);
        connect(enter, &QShortcut::activated, this, [this] { narrow(table_->currentIndex()); });
    }
    connect(table_, &TableView::contextMenuWanted, this, &GroupsPanel::addRowActions);
}

GroupQuery GroupsPanel::query() const
{
    GroupQuery query;
    query.by = keyOf(by_->currentData());
    if (thenBy_->currentData().toInt() >= 0)
        query.thenBy = keyOf(thenBy_->currentData());
    query.steps = {static_cast<unsigned>(prefix4_->value()), static_cast<unsigned>(prefix6_->value()),
                   slice_->currentData().toLongLong()};
    query.narrowing = narrowing_;
    return query;
}

void GroupsPanel::setKeys(GroupKey by, std::optional<GroupKey> thenBy)
{
    const QSignalBlocker quietFirst(by_), quietSecond(thenBy_);
    by_->setCurrentIndex(by_->findData(static_cast<int>(by)));
    thenBy_->setCurrentIndex(thenBy_->findData(thenBy && thenBy != by ? static_cast<int>(*thenBy) : -1));
}

void GroupsPanel::choose(GroupKey by, std::optional<GroupKey> thenBy, GroupColumn sortColumn)
{
    setKeys(by, thenBy);
    known_.reset();
    sortBy({sortColumn, true});
    keysChanged();
}

void GroupsPanel::groupBy(GroupKey key)
{
    choose(key, std::nullopt, GroupColumn::Flows);
}

// Says it to the header, which then shows it.
void GroupsPanel::sortBy(const GroupOrder& order)
{
    order_ = order;
    table_->sortByColumn(GroupTableModel::columnOf(order.column),
                         order.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void GroupsPanel::keysChanged()
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
    emit viewChanged();
    askAgain();
}

void GroupsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    groups_->setAnalysis(nullptr);
    count_->clear();
    showHint(analysis_ ? QString() : tr("Analyze captures, or open a dataset, to see groups of flows."));
    askAgain();
}

void GroupsPanel::setNarrowing(const Narrowing& narrowing)
{
    narrowing_ = narrowing;
    askAgain();
}

void GroupsPanel::askAgain()
{
    known_.reset();
    ask();
}

void GroupsPanel::ask()
{
    wanted_ = !isVisible();
    if (!analysis_ || wanted_)
        return;
    slow_.start();
    emit groupsWanted(analysis_, query(), order_, known_);
}

void GroupsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (wanted_)
        ask();
}

void GroupsPanel::setGroups(const std::shared_ptr<const Analysis>& analysis,
                            const Result<GroupAnswer>& groups)
{
    if (!analysis_ || analysis != analysis_)
        return;
    slow_.stop();
    if (!groups) {
        count_->clear();
        groups_->setAnalysis(nullptr);
        return showHint(errorMessage(groups.error()));
    }
    const GroupTable& table = *groups->table;
    if (known_ != groups->table || !groups_->analysis()) {
        known_ = groups->table;
        groups_->setAnalysis(std::make_shared<const ShownGroups>(ShownGroups{analysis_, known_}));
        showColumns(table);
    }
    groups_->setRows(groups->rows);
    table_->scrollToTop();
    if (table.counted() == 0)
        showHint(analysis_->flows.size() == 0 ? tr("There are no flows.")
                                              : tr("No flow is left to be put into groups."));
    else
        pages_->setCurrentWidget(table_);
    const auto groupCount =
        table.size() == 1 ? tr("1 group") : tr("%1 groups").arg(shownNumber(table.size()));
    const auto all = analysis_->flows.size();
    count_->setText(
        table.counted() == all
            ? tr("%1 of all %2 flows").arg(groupCount, shownNumber(all))
            : tr("%1 of %2 of %3 flows").arg(groupCount, shownNumber(table.counted()), shownNumber(all)));
}

// Columns that would be empty are not there. What people hid stays hidden: only these come and go.
void GroupsPanel::showColumns(const GroupTable& table)
{
    bool ports = false;
    for (std::size_t level = 0; level < table.levels(); ++level)
        ports = ports || isPort(table.key(level));
    table_->setColumnHidden(GroupTableModel::SecondKey, table.levels() < 2);
    table_->setColumnHidden(GroupTableModel::Service, !ports);
    for (const auto column : {GroupTableModel::Unanswered, GroupTableModel::UnansweredShare}) {
        if (!table.directionsKnown())
            table_->setColumnHidden(column, true);
    }
}

void GroupsPanel::showHint(const QString& text)
{
    hint_->setText(text);
    pages_->setCurrentWidget(hint_);
}

QString GroupsPanel::filterOf(const QModelIndex& index) const
{
    if (!index.isValid() || !known_)
        return {};
    const auto filter = groupFilter(*known_, groups_->groupAt(index.row()), analysis_->addresses);
    return filter ? QString::fromStdString(*filter) : QString();
}

void GroupsPanel::narrow(const QModelIndex& index)
{
    if (const auto filter = filterOf(index); !filter.isEmpty())
        emit narrowWanted(filter);
}

void GroupsPanel::addRowActions(QMenu* menu, const QModelIndex& index)
{
    const auto filter = filterOf(index);
    const auto add = [&](const QString& text, const QString& wanted) {
        auto* const action = menu->addAction(text, this, [this, wanted] { emit narrowWanted(wanted); });
        action->setEnabled(!filter.isEmpty());
        return action;
    };
    add(tr("Show only these"), filter)->setShortcut(Qt::Key_Return);
    add(tr("Leave these out"), QStringLiteral("not (%1)").arg(filter));
    auto* const further = menu->addMenu(tr("Group these by"));
    further->setEnabled(!filter.isEmpty());
    for (const auto key : flowKeys) {
        if (key != known_->key(0))
            further->addAction(groupKeyTitle(key), this, [this, key, filter] {
                emit narrowWanted(filter);
                groupBy(key);
            });
    }
}

QJsonObject GroupsPanel::viewState() const
{
    const auto wanted = query();
    const auto name = [](GroupKey key) {
        const auto text = groupKeyName(key);
        return QString::fromLatin1(text.data(), qsizetype(text.size()));
    };
    QJsonObject state{
        {QStringLiteral("by"), name(wanted.by)},
        {QStringLiteral("ipv4_prefix"), prefix4_->value()},
        {QStringLiteral("ipv6_prefix"), prefix6_->value()},
        {QStringLiteral("slice_us"), slice_->currentData().toLongLong()},
        {QStringLiteral("sort"), table_->columnNames().at(GroupTableModel::columnOf(order_.column))},
        {QStringLiteral("descending"), order_.descending}};
    if (wanted.thenBy)
        state[QStringLiteral("then_by")] = name(*wanted.thenBy);
    return state;
}

// What it does not know stays as it is.
void GroupsPanel::setViewState(const QJsonObject& state)
{
    const auto key = [&](const char* name) -> std::optional<GroupKey> {
        const auto found = groupKeyNamed(state.value(QLatin1String(name)).toString().toStdString());
        return found && std::find(flowKeys.begin(), flowKeys.end(), *found) != flowKeys.end() ? found
                                                                                              : std::nullopt;
    };
    const auto by = key("by");
    if (!by)
        return;
    {
        const QSignalBlocker quiet4(prefix4_), quiet6(prefix6_), quietSlice(slice_);
        prefix4_->setValue(state.value(QStringLiteral("ipv4_prefix")).toInt(prefix4_->value()));
        prefix6_->setValue(state.value(QStringLiteral("ipv6_prefix")).toInt(prefix6_->value()));
        const auto width = state.value(QStringLiteral("slice_us")).toInteger();
        if (const int index = slice_->findData(qint64{width}); index >= 0)
            slice_->setCurrentIndex(index);
    }
    const auto column =
        static_cast<int>(table_->columnNames().indexOf(state.value(QStringLiteral("sort")).toString()));
    setKeys(*by, key("then_by"));
    sortBy({GroupTableModel::orderOf(column).value_or(order_.column),
            state.value(QStringLiteral("descending")).toBool(true)});
    keysChanged();
}

void GroupsPanel::saveColumns() const
{
    table_->saveColumns();
}

} // namespace packetloom
