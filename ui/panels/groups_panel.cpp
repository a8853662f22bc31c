// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/groups_panel.h"

#include "core/analysis/group_text.h"
#include "core/filter/filter_parser.h"
#include "ui/messages.h"
#include "ui/models/group_table_model.h"
#include "ui/models/group_words.h"
#include "ui/panels/group_choice.h"
#include "ui/panels/sparkline_delegate.h"
#include "ui/panels/table_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds slowAnswer{200};

const QStringList& samples()
{
    static const QStringList texts{QStringLiteral("255.255.255.255 ↔"),
                                   QStringLiteral("255.255.255.255"),
                                   QStringLiteral("http-rpc-epmap"),
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

bool isOfFlows(GroupColumn column)
{
    return column == GroupColumn::Flows || column == GroupColumn::SentBytes ||
           column == GroupColumn::ReceivedBytes || column == GroupColumn::Unanswered ||
           column == GroupColumn::UnansweredShare;
}

} // namespace

GroupsPanel::GroupsPanel(QWidget* parent) : QWidget(parent)
{
    choice_ = new GroupChoice;
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
    layout->addWidget(choice_);
    layout->addWidget(pages_, 1);

    slow_.setSingleShot(true);
    slow_.setInterval(slowAnswer);
    connect(&slow_, &QTimer::timeout, this, [this] { choice_->setCount(tr("Grouping…")); });
    connect(choice_, &GroupChoice::changed, this, &GroupsPanel::choiceChanged);
    connect(choice_, &GroupChoice::asked, this,
            [this](GroupKey by, std::optional<GroupKey> thenBy, GroupColumn sortColumn) {
                choose(false, by, thenBy, sortColumn);
            });
    connect(groups_, &GroupTableModel::sortRequested, this, [this](GroupColumn column, bool descending) {
        const GroupOrder order{column, descending};
        if (order == order_)
            return;
        order_ = order;
        emit viewChanged();
        ask();
    });
    connect(table_, &QTableView::doubleClicked, this, &GroupsPanel::show);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* const enter = new QShortcut(key, table_);
        enter->setContext(Qt::WidgetShortcut);
        connect(enter, &QShortcut::activated, this, [this] { show(table_->currentIndex()); });
    }
    connect(table_, &TableView::contextMenuWanted, this, &GroupsPanel::addRowActions);
    sortBy(order_);
    setAnalysis(nullptr);
}

void GroupsPanel::choose(bool packets, GroupKey by, std::optional<GroupKey> thenBy, GroupColumn sortColumn)
{
    choice_->setKeys(packets, by, thenBy);
    known_.reset();
    sortBy({sortColumn, true});
    choiceChanged();
}

void GroupsPanel::groupBy(bool packets, GroupKey key)
{
    choose(packets, key, std::nullopt, packets ? GroupColumn::Packets : GroupColumn::Flows);
}

// Says it to the header, which then shows it.
void GroupsPanel::sortBy(const GroupOrder& order)
{
    order_ = order;
    table_->sortByColumn(GroupTableModel::columnOf(order.column),
                         order.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

void GroupsPanel::choiceChanged()
{
    known_.reset();
    if (choice_->query().packets && isOfFlows(order_.column))
        sortBy({GroupColumn::Packets, true});
    emit viewChanged();
    askAgain();
}

void GroupsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    groups_->setAnalysis(nullptr);
    choice_->setPacketsThere(!analysis || !analysis->flowTable());
    choice_->setCount({});
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
    auto query = choice_->query();
    query.narrowing = narrowing_;
    slow_.start();
    emit groupsWanted(analysis_, query, order_, known_);
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
        choice_->setCount({});
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
    if (table.counted() > 0)
        pages_->setCurrentWidget(table_);
    else if (table.ofPackets())
        showHint(analysis_->packets() == 0 ? tr("There are no packets.")
                                           : tr("No packet is left to be put into groups."));
    else
        showHint(analysis_->flows.size() == 0 ? tr("There are no flows.")
                                              : tr("No flow is left to be put into groups."));
    showCount(table);
}

void GroupsPanel::showCount(const GroupTable& table)
{
    const auto groups = table.size() == 1 ? tr("1 group") : tr("%1 groups").arg(shownNumber(table.size()));
    const std::uint64_t all = table.ofPackets() ? analysis_->packets() : analysis_->flows.size();
    const auto counted = shownNumber(table.counted()), whole = shownNumber(all);
    if (table.counted() == all)
        choice_->setCount(table.ofPackets() ? tr("%1 of all %2 packets").arg(groups, whole)
                                            : tr("%1 of all %2 flows").arg(groups, whole));
    else
        choice_->setCount(table.ofPackets() ? tr("%1 of %2 of %3 packets").arg(groups, counted, whole)
                                            : tr("%1 of %2 of %3 flows").arg(groups, counted, whole));
}

// Columns that would be empty are not there. What people hid stays hidden.
void GroupsPanel::showColumns(const GroupTable& table)
{
    for (const int column : std::as_const(empty_))
        table_->setColumnHidden(column, false);
    empty_.clear();
    const auto leaveOut = [this](int column) {
        if (table_->isColumnHidden(column))
            return;
        table_->setColumnHidden(column, true);
        empty_ << column;
    };
    if (table.levels() < 2)
        leaveOut(GroupTableModel::SecondKey);
    if (!isPort(table.key(0)) && (table.levels() < 2 || !isPort(table.key(1))))
        leaveOut(GroupTableModel::Service);
    for (const auto column : {GroupColumn::Flows, GroupColumn::SentBytes, GroupColumn::ReceivedBytes})
        if (table.ofPackets())
            leaveOut(GroupTableModel::columnOf(column));
    for (const auto column : {GroupColumn::Unanswered, GroupColumn::UnansweredShare})
        if (table.ofPackets() || !table.directionsKnown())
            leaveOut(GroupTableModel::columnOf(column));
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
    if (!filter || std::holds_alternative<FilterProblem>(parseFilter(*filter, FilterSubject::Packets)))
        return {};
    return QString::fromStdString(*filter);
}

void GroupsPanel::show(const QModelIndex& index)
{
    const auto filter = filterOf(index);
    if (filter.isEmpty())
        return;
    if (known_->ofPackets())
        emit packetsWanted(filter);
    else
        emit flowsWanted(filter);
}

void GroupsPanel::addRowActions(QMenu* menu, const QModelIndex& index)
{
    const auto filter = filterOf(index);
    const bool packets = known_ && known_->ofPackets();
    auto* const open = menu->addAction(packets ? tr("Show its packets") : tr("Show its flows"), this,
                                       [this, index = QPersistentModelIndex(index)] { show(index); });
    open->setShortcut(Qt::Key_Return);
    auto* const only =
        menu->addAction(tr("Show only these"), this, [this, filter] { emit narrowWanted(filter); });
    auto* const without = menu->addAction(tr("Leave these out"), this, [this, filter] {
        emit narrowWanted(QStringLiteral("not (%1)").arg(filter));
    });
    auto* const further = menu->addMenu(tr("Group these by"));
    for (auto* const action : {open, only, without, further->menuAction()})
        action->setEnabled(!filter.isEmpty());
    for (const auto key : choice_->keys()) {
        if (known_ && key != known_->key(0))
            further->addAction(groupKeyTitle(key), this, [this, key, filter, packets] {
                emit narrowWanted(filter);
                groupBy(packets, key);
            });
    }
}

QJsonObject GroupsPanel::viewState() const
{
    QJsonObject state{
        {QStringLiteral("sort"), table_->columnNames().at(GroupTableModel::columnOf(order_.column))},
        {QStringLiteral("descending"), order_.descending}};
    choice_->addState(state);
    return state;
}

void GroupsPanel::setViewState(const QJsonObject& state)
{
    if (!choice_->setState(state))
        return;
    const auto column =
        static_cast<int>(table_->columnNames().indexOf(state.value(QStringLiteral("sort")).toString()));
    sortBy({GroupTableModel::orderOf(column).value_or(order_.column),
            state.value(QStringLiteral("descending")).toBool(true)});
    choiceChanged();
}

// Those that are only hidden for what is shown now are not hidden the next time.
void GroupsPanel::saveColumns() const
{
    for (const int column : empty_)
        table_->setColumnHidden(column, false);
    table_->saveColumns();
    for (const int column : empty_)
        table_->setColumnHidden(column, true);
}

} // namespace packetloom
