// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/flows_panel.h"

#include "core/analysis/flow_words.h"
#include "core/flow/exact/figure_of.h"
#include "ui/filter_messages.h"
#include "ui/messages.h"
#include "ui/models/flow_table_model.h"
#include "ui/models/words.h"
#include "ui/panels/flow_delegate.h"
#include "ui/panels/table_view.h"

#include <QApplication>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

const auto splitterKey = QStringLiteral("flows/splitter");

const QStringList& flowSamples()
{
    static const QStringList samples{QStringLiteral("flow_0000000"),
                                     QStringLiteral("255.255.255.255"),
                                     QStringLiteral("65535"),
                                     QStringLiteral("255.255.255.255"),
                                     QStringLiteral("65535"),
                                     QStringLiteral("data_transfer"),
                                     QStringLiteral("incomplete, no SYN+ACK"),
                                     QStringLiteral("incomplete, no SYN+ACK"),
                                     QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                     QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                     QStringLiteral("9,999.000000 s"),
                                     QStringLiteral("1,000,000"),
                                     QStringLiteral("1,000,000,000"),
                                     QStringLiteral("icmp6"),
                                     QStringLiteral("microsoft-ds"),
                                     QStringLiteral("MMMMM")};
    return samples;
}

/// What stands first, and beside what; the others are a click on the header away.
const QStringList& keyColumns()
{
    static const QStringList names{QStringLiteral("flow"),        QStringLiteral("source"),
                                   QStringLiteral("destination"), QStringLiteral("destination_port"),
                                   QStringLiteral("service"),     QStringLiteral("closed"),
                                   QStringLiteral("phases"),      QStringLiteral("duration"),
                                   QStringLiteral("packets"),     QStringLiteral("bytes"),
                                   QStringLiteral("start"),       QStringLiteral("source_port")};
    return names;
}

/// A filter by what stands in a column of a flow; empty for columns that cannot be asked for.
QString filterForCell(const Analysis& analysis, std::size_t flow, FlowColumn column)
{
    const FlowTable& flows = analysis.flows;
    const auto text = [](std::string_view value) {
        return QString::fromUtf8(value.data(), qsizetype(value.size()));
    };
    switch (column) {
    case FlowColumn::Number:
        return filterFor(FilterField::Number, QString::number(flows.number(flow)));
    case FlowColumn::Source:
        return filterFor(FilterField::Source, text(analysis.addresses.text(flows.source(flow))));
    case FlowColumn::SourcePort:
        return filterFor(FilterField::SourcePort, QString::number(flows.sourcePort(flow)));
    case FlowColumn::Destination:
        return filterFor(FilterField::Destination, text(analysis.addresses.text(flows.destination(flow))));
    case FlowColumn::DestinationPort:
        return filterFor(FilterField::DestinationPort, QString::number(flows.destinationPort(flow)));
    case FlowColumn::State: {
        const auto own = flowStateWord(analysis, flow);
        return filterFor(FilterField::State, text(own.empty() ? stateName(flows.state(flow)) : own));
    }
    case FlowColumn::CloseType:
    case FlowColumn::InvalidReason:
        return filterFor(flows.outcome(flow));
    case FlowColumn::Packets:
        return filterFor(FilterField::Packets, QString::number(flows.packets(flow)));
    case FlowColumn::Bytes:
        return filterFor(FilterField::Bytes, QString::number(flows.bytes(flow)));
    case FlowColumn::Protocol:
        return filterFor(FilterField::Protocol, text(flowProtocol(analysis, flow)));
    case FlowColumn::Service:
        return filterFor(FilterField::Service, text(flowService(analysis, flow)));
    case FlowColumn::Start:
    case FlowColumn::End:
    case FlowColumn::Duration:
    case FlowColumn::Phases:
    case FlowColumn::FirstFigure:
        break;
    }
    const auto* const capture = analysis.capture();
    const auto figure = figureOf(column);
    if (!figure || !capture || !capture->exact)
        return {};
    const ExactFlow exact = capture->exact->flow(flow);
    if (factsOf(*figure).kind == FigureKind::Word)
        return filterFor(fieldOf(*figure), text(wordOf(exact, *figure)));
    const auto number = numberOf(exact, *figure);
    if (!number)
        return {};
    const auto value = QString::number(*number);
    return filterFor(fieldOf(*figure),
                     factsOf(*figure).kind == FigureKind::Duration ? value + QStringLiteral("us") : value);
}

/// What puts flows that have the same value in a column into one group; nothing where nearly each has its
/// own.
std::optional<GroupKey> groupKeyOf(FlowColumn column)
{
    switch (column) {
    case FlowColumn::Source:
        return GroupKey::Source;
    case FlowColumn::SourcePort:
        return GroupKey::SourcePort;
    case FlowColumn::Destination:
        return GroupKey::Destination;
    case FlowColumn::DestinationPort:
        return GroupKey::DestinationPort;
    case FlowColumn::State:
        return GroupKey::State;
    case FlowColumn::CloseType:
        return GroupKey::Close;
    case FlowColumn::InvalidReason:
        return GroupKey::Reason;
    case FlowColumn::Start:
        return GroupKey::Time;
    case FlowColumn::Protocol:
        return GroupKey::Protocol;
    case FlowColumn::Service:
        return GroupKey::Service;
    default:
        return std::nullopt;
    }
}

} // namespace

FlowsPanel::FlowsPanel(QWidget* detail, QWidget* parent) : QWidget(parent)
{
    first_ = new QLabel;
    first_->setWordWrap(true);
    first_->hide();
    flows_ = new FlowTableModel(this);
    table_ = new TableView(QStringLiteral("flows"));
    table_->setModel(flows_);
    table_->setAccessibleName(tr("Flows"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    table_->setItemDelegate(new FlowDelegate(table_));
    table_->restoreColumns(flowSamples(), keyColumns());
    splitter_ = new QSplitter(Qt::Vertical);
    splitter_->setObjectName(QStringLiteral("flowsAndDetail"));
    auto* const top = new QWidget;
    auto* const topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins({});
    topLayout->addWidget(first_);
    topLayout->addWidget(table_, 1);
    splitter_->addWidget(top);
    splitter_->addWidget(detail);
    splitter_->setStretchFactor(0, 1);
    splitter_->setStretchFactor(1, 1);
    splitter_->setSizes({1, 1});
    splitter_->setChildrenCollapsible(false);
    splitter_->restoreState(QSettings().value(splitterKey).toByteArray());
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(splitter_);

    connect(flows_, &FlowTableModel::sortRequested, this, [this](FlowColumn column, bool descending) {
        sortBy(FlowSort{column, descending});
    });
    connect(flows_, &FlowTableModel::sortCleared, this, [this] { sortBy(std::nullopt); });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FlowsPanel::rowChanged);
    connect(table_, &QAbstractItemView::doubleClicked, this,
            [this](const QModelIndex& index) { openRow(index); });
    auto* const open = new QShortcut(table_);
    open->setKeys({Qt::Key_Return, Qt::Key_Enter});
    open->setContext(Qt::WidgetShortcut);
    connect(open, &QShortcut::activated, this, [this] { openRow(table_->currentIndex()); });
    connect(table_, &TableView::contextMenuWanted, this, &FlowsPanel::addRowActions);
    connect(table_, &TableView::headerMenuWanted, this, [this](QMenu* menu, int column) {
        if (const auto key = groupKeyOf(static_cast<FlowColumn>(column)))
            menu->addAction(tr("Count values"), this, [this, key] { emit countWanted(*key); });
    });
}

void FlowsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    first_->hide();
    flows_->setAnalysis(analysis);
    leaveFlow();
    if (analysis_)
        ask();
}

void FlowsPanel::setFirst(const std::shared_ptr<const Analysis>& flows, std::uint64_t found)
{
    if (analysis_)
        return;
    if (flows_->analysis() != flows)
        flows_->setAnalysis(flows);
    first_->setText(
        tr("The first %1 flows to end, of %2 so far. They can be sorted, filtered and opened once "
           "all is read.")
            .arg(shownNumber(flows->flows.size()), shownNumber(found)));
    first_->show();
}

void FlowsPanel::setNarrowing(const Narrowing& narrowing)
{
    query_.narrowing = narrowing;
    ask();
}

void FlowsPanel::setRows(std::vector<std::uint32_t> flows)
{
    if (!analysis_)
        return;
    flows_->setRows(std::move(flows));
    if (!shownFlow_)
        return table_->scrollToTop();
    if (const int row = flows_->rowOf(static_cast<std::uint32_t>(*shownFlow_)); row >= 0)
        return table_->selectRow(row);
    leaveFlow();
    table_->scrollToTop();
}

void FlowsPanel::leaveFlow()
{
    shownFlow_.reset();
    emit flowLeft();
}

bool FlowsPanel::shows(std::size_t flow) const
{
    return flows_->rowOf(static_cast<std::uint32_t>(flow)) >= 0;
}

void FlowsPanel::ask()
{
    emit queryChanged(query_);
}

// With Shift the new column sorts those flows that are equal in what they are sorted by already.
void FlowsPanel::sortBy(std::optional<FlowSort> by)
{
    const bool further = by && QApplication::keyboardModifiers().testFlag(Qt::ShiftModifier);
    if (!further)
        query_.sort.clear();
    if (by) {
        std::erase_if(query_.sort, [&](const FlowSort& old) { return old.column == by->column; });
        query_.sort.push_back(*by);
    }
    flows_->setSorting(query_.sort);
    ask();
}

void FlowsPanel::rowChanged()
{
    const auto index = table_->currentIndex();
    if (!index.isValid() || !analysis_)
        return;
    const auto flow = flows_->flowAt(index.row());
    if (shownFlow_ == flow)
        return;
    shownFlow_ = flow;
    emit flowActivated(flow);
}

void FlowsPanel::openRow(const QModelIndex& index)
{
    if (analysis_ && index.isValid())
        emit windowWanted(flows_->flowAt(index.row()));
}

void FlowsPanel::addRowActions(QMenu* menu, const QModelIndex& index)
{
    const auto flow = flows_->flowAt(index.row());
    const auto source = analysis_->flows.source(flow), destination = analysis_->flows.destination(flow);
    // An ampersand would underline a letter.
    const auto name = [&](AddressId id) {
        return shownText(analysis_->addresses.text(id), 40).replace(QLatin1Char('&'), QLatin1String("&&"));
    };
    const auto start = analysis_->flows.start(flow), end = analysis_->flows.end(flow);
    menu->addAction(tr("Open in a window of its own"), this, [this, flow] { emit windowWanted(flow); });
    menu->addAction(tr("Show its time in the timeline"), this,
                    [this, start, end] { emit timeWanted(start, end); });
    menu->addSeparator();
    const auto narrowTo = [&](const QString& words, const QString& filter) {
        menu->addAction(words, this, [this, filter] { emit narrowWanted(filter); });
    };
    if (const auto filter = filterForCell(*analysis_, flow, static_cast<FlowColumn>(index.column()));
        !filter.isEmpty()) {
        const auto shown = shownText(filter.toStdString(), 60).replace(QLatin1Char('&'), QLatin1String("&&"));
        narrowTo(tr("Only %1").arg(shown), filter);
        narrowTo(tr("All but %1").arg(shown), QStringLiteral("not (%1)").arg(filter));
        menu->addSeparator();
    }
    const auto ofAddress = [&](AddressId id) {
        const auto text = analysis_->addresses.text(id);
        return filterFor(FilterField::Address, QString::fromUtf8(text.data(), qsizetype(text.size())));
    };
    for (const auto address : {source, destination})
        narrowTo(tr("Flows of %1").arg(name(address)), ofAddress(address));
    narrowTo(tr("Flows between these two"),
             ofAddress(source) + QLatin1String(" and ") + ofAddress(destination));
    menu->addSeparator();
    for (const auto address : {source, destination})
        menu->addAction(tr("Add %1 to the address filter").arg(name(address)), this, [this, address] {
            const auto text = analysis_->addresses.text(address);
            emit filterWanted(QString::fromUtf8(text.data(), qsizetype(text.size())));
        });
}

void FlowsPanel::saveSettings() const
{
    table_->saveColumns();
    QSettings().setValue(splitterKey, splitter_->saveState());
}

} // namespace packetloom
