// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/flows_panel.h"

#include "core/filter/filter_parser.h"
#include "ui/filter_messages.h"
#include "ui/messages.h"
#include "ui/models/flow_table_model.h"
#include "ui/models/packet_table_model.h"
#include "ui/models/words.h"
#include "ui/panels/table_view.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHeaderView>
#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QTextCharFormat>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

/// Underlines what is wrong in a line of text, or nothing any more.
void markText(QLineEdit* line, const FilterProblem* problem)
{
    QList<QInputMethodEvent::Attribute> marks;
    if (problem && problem->length > 0) {
        const auto bytes = line->text().toUtf8();
        const auto begin = QString::fromUtf8(bytes.left(qsizetype(problem->position))).size();
        const auto end = QString::fromUtf8(bytes.left(qsizetype(problem->position + problem->length))).size();
        QTextCharFormat wavy;
        wavy.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        wavy.setUnderlineColor(Qt::red);
        marks.append(
            {QInputMethodEvent::TextFormat, int(begin) - line->cursorPosition(), int(end - begin), wavy});
    }
    QInputMethodEvent event(QString(), marks);
    QCoreApplication::sendEvent(line, &event);
}

constexpr std::chrono::milliseconds typingRest{150};

const QStringList& flowSamples()
{
    static const QStringList samples{QStringLiteral("flow_0000000"),
                                     QStringLiteral("255.255.255.255"),
                                     QStringLiteral("65535"),
                                     QStringLiteral("255.255.255.255"),
                                     QStringLiteral("65535"),
                                     QStringLiteral("data_transfer"),
                                     QStringLiteral("graceful"),
                                     QStringLiteral("incomplete, no SYN+ACK"),
                                     QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                     QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                     QStringLiteral("1:23:45"),
                                     QStringLiteral("1,000,000"),
                                     QStringLiteral("1,000,000,000"),
                                     QStringLiteral("icmp6"),
                                     QStringLiteral("microsoft-ds")};
    return samples;
}

FlowOutcomes invalidOutcomes()
{
    FlowOutcomes outcomes;
    for (const auto outcome :
         {FlowOutcome::InvalidSynAck, FlowOutcome::InvalidAck, FlowOutcome::RstDuringHandshake,
          FlowOutcome::IncompleteNoSynAck, FlowOutcome::IncompleteNoAck})
        outcomes.set(static_cast<std::size_t>(outcome));
    return outcomes;
}

} // namespace

FlowsPanel::FlowsPanel(QWidget* parent) : QWidget(parent)
{
    filter_ = new QLineEdit;
    filter_->setPlaceholderText(tr("Filter: 10.0.0.1, :443, graceful, bytes > 1M and duration < 5s"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Filter the flows"));
    filter_->setToolTip(
        tr("Addresses, blocks and :ports by themselves, names of states, reasons and services, "
           "comparisons; joined by and, or, not and parentheses"));
    problem_ = new QLabel;
    problem_->setTextFormat(Qt::PlainText);
    problem_->setWordWrap(true);
    problem_->setAccessibleName(tr("What is wrong about the filter"));
    problem_->hide();
    outcome_ = new QComboBox;
    outcome_->addItem(tr("However closed"));
    for (std::size_t i = 0; i < flowOutcomeCount; ++i)
        outcome_->addItem(outcomeWords(static_cast<FlowOutcome>(i)));
    outcome_->addItem(tr("invalid, for any reason"));
    outcome_->setToolTip(tr("Flows that closed in this way"));
    outcome_->setAccessibleName(outcome_->toolTip());
    conditions_ = new QLabel;
    conditions_->setTextFormat(Qt::PlainText);
    conditions_->setMinimumWidth(10);
    clear_ = new QPushButton(tr("Show all"));
    clear_->setToolTip(tr("Take all conditions away"));
    count_ = new QLabel;
    flows_ = new FlowTableModel(this);
    table_ = new TableView(QStringLiteral("flows"));
    table_->setModel(flows_);
    table_->setAccessibleName(tr("Flows"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    table_->restoreColumns(flowSamples());
    detailTitle_ = new QLabel(tr("Choose a flow to see its packets."));
    detailTitle_->setTextFormat(Qt::PlainText);
    detailTitle_->setWordWrap(true);
    detailTitle_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    packets_ = new PacketTableModel(this);
    packetTable_ = new TableView(QStringLiteral("packets"));
    packetTable_->setModel(packets_);
    packetTable_->setAccessibleName(tr("Packets of the chosen flow"));
    packetTable_->setSortingEnabled(true);
    packetTable_->sortByColumn(-1, Qt::AscendingOrder);
    packetTable_->restoreColumns({QStringLiteral("100,000"), QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                  QStringLiteral("+100.000000"),
                                  QStringLiteral("255.255.255.255:65535 → 255.255.255.255:65535")});

    auto* const line = new QHBoxLayout;
    line->addWidget(filter_, 2);
    line->addWidget(outcome_);
    line->addWidget(conditions_, 1);
    line->addWidget(clear_);
    line->addWidget(count_);
    auto* const top = new QWidget;
    auto* const topLayout = new QVBoxLayout(top);
    topLayout->setContentsMargins({});
    topLayout->addLayout(line);
    topLayout->addWidget(problem_);
    topLayout->addWidget(table_, 1);
    auto* const bottom = new QWidget;
    auto* const bottomLayout = new QVBoxLayout(bottom);
    bottomLayout->setContentsMargins({});
    bottomLayout->addWidget(detailTitle_);
    bottomLayout->addWidget(packetTable_, 1);
    auto* const splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(top);
    splitter->addWidget(bottom);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(splitter);

    typed_.setSingleShot(true);
    typed_.setInterval(typingRest);
    connect(filter_, &QLineEdit::textChanged, &typed_, qOverload<>(&QTimer::start));
    connect(&typed_, &QTimer::timeout, this, &FlowsPanel::ask);
    connect(outcome_, &QComboBox::currentIndexChanged, this, &FlowsPanel::ask);
    connect(clear_, &QPushButton::clicked, this, &FlowsPanel::clearConditions);
    connect(flows_, &FlowTableModel::sortRequested, this, [this](FlowColumn column, bool descending) {
        query_.sortBy = column;
        query_.descending = descending;
        ask();
    });
    connect(flows_, &FlowTableModel::sortCleared, this, [this] {
        query_.sortBy.reset();
        ask();
    });
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FlowsPanel::rowChanged);
    connect(table_, &TableView::contextMenuWanted, this, &FlowsPanel::addRowActions);
    describeConditions();
}

void FlowsPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    analysis_ = analysis;
    query_.address.reset(); // address numbers are the analysis's own
    query_.pair.reset();
    flows_->setAnalysis(analysis);
    leaveFlow();
    packetTable_->setVisible(!analysis || !analysis->flowTable());
    count_->clear();
    if (analysis_)
        ask();
}

void FlowsPanel::setRows(std::vector<std::uint32_t> flows)
{
    if (!analysis_)
        return;
    const auto shown = flows.size();
    flows_->setRows(std::move(flows));
    count_->setText(tr("%1 of %2 flows").arg(shownNumber(shown), shownNumber(analysis_->flows.size())));
    if (!shownFlow_)
        return table_->scrollToTop();
    if (const int row = flows_->rowOf(static_cast<std::uint32_t>(*shownFlow_)); row >= 0)
        return table_->selectRow(row);
    leaveFlow();
    table_->scrollToTop();
}

void FlowsPanel::leaveFlow()
{
    packets_->clear();
    shownFlow_.reset();
    detailTitle_->setText(analysis_ && analysis_->flowTable() ? noPacketsWords()
                                                              : tr("Choose a flow to see its packets."));
}

void FlowsPanel::ask()
{
    readFilter();
    query_.outcomes.reset();
    const auto chosen = static_cast<std::size_t>(outcome_->currentIndex());
    if (chosen > flowOutcomeCount)
        query_.outcomes = invalidOutcomes();
    else if (chosen > 0)
        query_.outcomes.set(chosen - 1);
    describeConditions();
    emit queryChanged(query_);
}

// A filter that is not understood narrows nothing: the table goes on as it is, and says by what.
void FlowsPanel::readFilter()
{
    const auto text = filter_->text().toStdString();
    auto parsed = parseFilter(text);
    const auto* const problem = std::get_if<FilterProblem>(&parsed);
    markText(filter_, problem);
    problem_->setVisible(problem != nullptr);
    if (problem) {
        problem_->setText(
            filterProblemMessage(*problem) + QLatin1Char(' ') +
            (filterText_.isEmpty()
                 ? tr("Until then no filter holds.")
                 : tr("Until then this one holds: %1").arg(shownText(filterText_.toStdString(), 60))));
        return;
    }
    query_.filter = std::get<0>(std::move(parsed));
    filterText_ = filter_->text();
}

void FlowsPanel::setInterval(const std::optional<std::pair<qint64, qint64>>& interval)
{
    query_.interval.reset();
    if (interval)
        query_.interval = {interval->first, interval->second};
    ask();
}

void FlowsPanel::setAddress(AddressId address)
{
    query_.pair.reset();
    query_.address = address;
    ask();
}

void FlowsPanel::setPair(AddressId a, AddressId b)
{
    query_.address.reset();
    query_.pair = {a, b};
    ask();
}

void FlowsPanel::setOutcome(FlowOutcome outcome)
{
    outcome_->setCurrentIndex(static_cast<int>(outcome) + 1);
}

void FlowsPanel::setFilter(const QString& text)
{
    filter_->setText(text);
}

void FlowsPanel::setInvalid()
{
    outcome_->setCurrentIndex(static_cast<int>(flowOutcomeCount) + 1);
}

void FlowsPanel::clearConditions()
{
    const bool brushed = query_.interval.has_value();
    query_.address.reset();
    query_.pair.reset();
    query_.interval.reset();
    const QSignalBlocker quietFilter(filter_), quietOutcome(outcome_);
    filter_->clear();
    outcome_->setCurrentIndex(0);
    if (brushed)
        emit intervalCleared(); // comes back as setInterval()
    else
        ask();
}

void FlowsPanel::describeConditions()
{
    QStringList parts;
    const auto address = [&](AddressId id) { return shownText(analysis_->addresses.text(id), 40); };
    if (query_.address)
        parts << address(*query_.address);
    if (query_.pair)
        parts << address(query_.pair->first) + QStringLiteral(" ↔ ") + address(query_.pair->second);
    conditions_->setText(parts.join(QStringLiteral(", ")));
    clear_->setVisible(!parts.isEmpty() || !filter_->text().isEmpty() || outcome_->currentIndex() > 0);
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

void FlowsPanel::showFlow(std::size_t flow, const Result<FlowDetail>& detail)
{
    if (!analysis_ || shownFlow_ != flow)
        return;
    if (analysis_->flowTable()) {
        detailTitle_->setText(titleOf(flow) + QStringLiteral(". ") + noPacketsWords());
        return;
    }
    if (!detail) {
        packets_->clear();
        detailTitle_->setText(errorMessage(detail.error()));
        return;
    }
    detailTitle_->setText(titleOf(flow));
    packets_->setFlow(*detail, analysis_);
}

QString FlowsPanel::titleOf(std::size_t flow) const
{
    const FlowTable& table = analysis_->flows;
    const auto count = table.packets(flow);
    auto title = tr("flow_%1: %2, %3; %4")
                     .arg(table.number(flow), 6, 10, QLatin1Char('0'))
                     .arg(count == 1 ? tr("1 packet") : tr("%1 packets").arg(shownNumber(count)),
                          // as the times of its packets are shown
                          shownCell(TimeSpan{.microseconds = static_cast<std::uint64_t>(table.end(flow)) -
                                                             static_cast<std::uint64_t>(table.start(flow)),
                                             .exact = true}),
                          outcomeWords(table.outcome(flow)));
    if (table.has(flow, FlowTable::ByTimeout))
        title += tr("; ended by inactivity");
    return title;
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
    menu->addAction(tr("Show its time in the timeline"), this,
                    [this, start, end] { emit timeWanted(start, end); });
    menu->addSeparator();
    for (const auto address : {source, destination})
        menu->addAction(tr("Flows of %1").arg(name(address)), this, [this, address] { setAddress(address); });
    menu->addAction(tr("Flows between these two"), this,
                    [this, source, destination] { setPair(source, destination); });
    menu->addSeparator();
    for (const auto address : {source, destination})
        menu->addAction(tr("Add %1 to the address filter").arg(name(address)), this, [this, address] {
            const auto text = analysis_->addresses.text(address);
            emit filterWanted(QString::fromUtf8(text.data(), qsizetype(text.size())));
        });
}

void FlowsPanel::saveColumns() const
{
    table_->saveColumns();
    packetTable_->saveColumns();
}

} // namespace packetloom
