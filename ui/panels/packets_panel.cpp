// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/packets_panel.h"

#include "ui/filter_messages.h"
#include "ui/filter_text.h"
#include "ui/messages.h"
#include "ui/models/packet_rows_model.h"
#include "ui/models/words.h"
#include "ui/panels/long_table_view.h"
#include "ui/panels/table_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QShortcut>
#include <QVBoxLayout>

namespace packetloom {
namespace {

const QStringList& samples()
{
    static const QStringList all{
        QStringLiteral("100,000,000"),   QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
        QStringLiteral("100.000000 s"),  QStringLiteral("255.255.255.255"),
        QStringLiteral("65535"),         QStringLiteral("255.255.255.255"),
        QStringLiteral("65535"),         QStringLiteral("ICMP"),
        QStringLiteral("PSH+ACK"),       QStringLiteral("65,535"),
        QStringLiteral("4,294,967,295"), QStringLiteral("10,000,000"),
        QStringLiteral("4,294,967,295"), QStringLiteral("1000000")};
    return all;
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// What puts packets that have the same value in a column into one group; nothing where nearly each has its
/// own.
std::optional<GroupKey> groupKeyOf(int column)
{
    switch (column) {
    case PacketRowsModel::Time:
        return GroupKey::Time;
    case PacketRowsModel::Source:
        return GroupKey::Source;
    case PacketRowsModel::SourcePort:
        return GroupKey::SourcePort;
    case PacketRowsModel::Destination:
        return GroupKey::Destination;
    case PacketRowsModel::DestinationPort:
        return GroupKey::DestinationPort;
    case PacketRowsModel::Protocol:
        return GroupKey::Protocol;
    case PacketRowsModel::Flags:
        return GroupKey::Flags;
    default:
        return std::nullopt;
    }
}

} // namespace

PacketsPanel::PacketsPanel(QWidget* parent) : QWidget(parent)
{
    count_ = new QLabel;
    count_->setTextFormat(Qt::PlainText);
    problem_ = new QLabel;
    problem_->setTextFormat(Qt::PlainText);
    problem_->setWordWrap(true);
    problem_->setAccessibleName(tr("What cannot be shown of the packets"));
    problem_->hide();
    where_ = new QLineEdit;
    where_->setPlaceholderText(tr("Go to a number or time (Ctrl+G)"));
    where_->setClearButtonEnabled(true);
    where_->setMaximumWidth(300);
    where_->setAccessibleName(tr("Go to a packet"));
    where_->setToolTip(
        tr("Number of a packet, or a time as 2009-11-03 13:23:35.5 (UTC) or in microseconds since "
           "the epoch: the first packet that is shown from there on"));
    packets_ = new PacketRowsModel(this);
    table_ = new LongTableView(QStringLiteral("packet_rows"), *packets_);
    table_->table()->setAccessibleName(tr("Packets"));
    table_->table()->restoreColumns(samples());

    auto* const line = new QHBoxLayout;
    line->addWidget(where_, 1);
    line->addStretch(1);
    line->addWidget(count_);
    auto* const layout = new QVBoxLayout(this);
    layout->addLayout(line);
    layout->addWidget(problem_);
    layout->addWidget(table_, 1);

    auto* const shortcut = new QShortcut(Qt::CTRL | Qt::Key_G, this);
    connect(shortcut, &QShortcut::activated, this, &PacketsPanel::askWhereTo);
    connect(where_, &QLineEdit::returnPressed, this, &PacketsPanel::goTo);
    connect(packets_, &PacketRowsModel::pageWanted, this, [this](const RowsPtr& rows, int first, int count) {
        emit pageWanted(analysis_, rows, first, count);
    });
    connect(table_, &LongTableView::rowActivated, this, &PacketsPanel::activate);
    connect(table_->table(), &TableView::headerMenuWanted, this, [this](QMenu* menu, int column) {
        if (const auto key = groupKeyOf(column))
            menu->addAction(tr("Count values"), this, [this, key] { emit countWanted(*key); });
    });
    connect(table_, &LongTableView::rowMenuWanted, this, &PacketsPanel::addRowActions);
}

void PacketsPanel::setAnalysis(const AnalysisPtr& analysis)
{
    if (analysis_)
        emit analysisLeft();
    analysis_ = analysis;
    asked_ = flowsAsked_ = false;
    packets_->setRows(nullptr, nullptr);
    count_->clear();
    say(analysis && analysis->flowTable() ? noPacketsWords() : QString());
    const bool packets = analysis && !analysis->flowTable();
    table_->setEnabled(packets);
    where_->setEnabled(packets);
    if (isVisible())
        ask();
}

void PacketsPanel::setNarrowing(const Narrowing& narrowing)
{
    narrowing_ = narrowing;
    asked_ = false;
    if (isVisible())
        ask();
}

void PacketsPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
}

void PacketsPanel::ask()
{
    if (!analysis_ || analysis_->flowTable())
        return;
    if (!std::exchange(asked_, true))
        emit rowsWanted(analysis_, narrowing_);
}

void PacketsPanel::setRows(const AnalysisPtr& analysis, const Result<RowsPtr>& rows)
{
    if (analysis != analysis_ || !analysis_)
        return;
    if (!rows) {
        packets_->setRows(analysis_, nullptr);
        count_->clear();
        return say(errorMessage(rows.error()));
    }
    say({});
    const bool flows = rowFlowsIfMade(*analysis_) != nullptr;
    packets_->setRows(analysis_, *rows);
    if (flows)
        packets_->setFlowsKnown();
    count_->setText(tr("%1 of %2 packets").arg(shownNumber((*rows)->size()), shownNumber((*rows)->rows())));
    // After the first page: it is there sooner than the flows are.
    if (!flows && !std::exchange(flowsAsked_, true))
        emit flowsWanted(analysis_);
}

void PacketsPanel::setPage(const RowsPtr& rows, int first, const Result<std::vector<PacketView>>& page,
                           bool withFlows)
{
    if (page)
        return packets_->setPage(rows, first, *page, withFlows);
    if (rows == packets_->shown())
        say(errorMessage(page.error()));
    packets_->pageFailed(rows, first);
}

void PacketsPanel::setFlows(const AnalysisPtr& analysis, const Result<RowFlowsPtr>& flows)
{
    if (analysis != analysis_ || !analysis_)
        return;
    if (flows)
        packets_->setFlowsKnown();
    else
        say(tr("Flows and relative sequence numbers cannot be shown. %1").arg(errorMessage(flows.error())));
}

void PacketsPanel::say(const QString& problem)
{
    problem_->setText(problem);
    problem_->setVisible(!problem.isEmpty());
}

void PacketsPanel::askWhereTo()
{
    where_->setFocus();
    where_->selectAll();
}

void PacketsPanel::goTo()
{
    const auto& rows = packets_->shown();
    if (!rows || rows->size() == 0)
        return;
    auto text = where_->text().trimmed();
    text.remove(QLatin1Char(','));
    bool isNumber = false;
    const quint64 number = text.toULongLong(&isNumber);
    if (isNumber && number >= 1 && number <= rows->rows())
        return goToPlace(rows->before(number - 1));
    const auto time = parseTime(where_->text());
    if (!time)
        return say(tr("Write the number of a packet, a time as 2009-11-03 13:23:35.5 (UTC), or microseconds "
                      "since the epoch."));
    emit placeWanted(analysis_, rows, *time);
}

void PacketsPanel::setPlace(const RowsPtr& rows, const Result<std::optional<std::uint64_t>>& place)
{
    if (rows != packets_->shown())
        return;
    if (!place)
        return say(errorMessage(place.error()));
    if (*place)
        goToPlace(**place);
}

void PacketsPanel::goToPlace(std::uint64_t place)
{
    say({});
    const auto last = std::uint64_t(std::max(packets_->rowCount() - 1, 0));
    const int row = int(std::min(place, last));
    table_->scrollToRow(std::max(row - table_->visibleRows() / 3, 0));
    table_->setCurrentRow(row);
    table_->setFocus();
}

void PacketsPanel::activate(int row)
{
    const PacketView* const view = packets_->view(row);
    if (view && view->flow)
        emit flowWanted(*view->flow);
}

void PacketsPanel::addRowActions(QMenu* menu, int row)
{
    const PacketView* const there = packets_->view(row);
    if (!there)
        return;
    const PacketView view = *there; // the page may go while the menu is open
    const Packet& packet = view.packet;
    // An ampersand would underline a letter.
    const auto shown = [&](AddressId id) {
        return shownText(analysis_->addresses.text(id), 40).replace(QLatin1Char('&'), QLatin1String("&&"));
    };
    const auto narrow = [&](const QString& title, const QString& filter) {
        menu->addAction(title, this, [this, filter] { emit narrowWanted(filter); });
    };
    auto* const flow = menu->addAction(tr("Go to flow"), this, [this, view] { emit flowWanted(*view.flow); });
    flow->setEnabled(view.flow.has_value());
    menu->addAction(tr("Show its time in the timeline"), this,
                    [this, time = packet.timestamp] { emit timeWanted(time, time); });
    menu->addSeparator();
    const auto addressFilter = [&](AddressId id) {
        return filterFor(FilterField::Address, textOf(analysis_->addresses.text(id)));
    };
    for (const AddressId id : {packet.source, packet.destination}) {
        narrow(tr("Only what is to or from %1").arg(shown(id)), addressFilter(id));
        if (packet.source == packet.destination)
            break;
    }
    narrow(tr("Only what is between these two"),
           addressFilter(packet.source) + QStringLiteral(" and ") + addressFilter(packet.destination));
    for (const std::int64_t port : {packet.sourcePort, packet.destinationPort}) {
        if (port > 0)
            narrow(tr("Only what is to or from port %1").arg(port), QStringLiteral("port == %1").arg(port));
        if (packet.sourcePort == packet.destinationPort)
            break;
    }
    if (view.flow)
        narrow(tr("Only this flow"), QStringLiteral("number == %1").arg(analysis_->flows.number(*view.flow)));
}

void PacketsPanel::saveColumns() const
{
    table_->table()->saveColumns();
}

} // namespace packetloom
