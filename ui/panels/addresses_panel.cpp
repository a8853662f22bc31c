// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/addresses_panel.h"

#include "ui/charts/bar_chart.h"
#include "ui/messages.h"
#include "ui/models/address_table_model.h"
#include "ui/models/pair_table_model.h"
#include "ui/panels/table_view.h"

#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t topCount = 20;

QStringList samples(int addressColumns)
{
    QStringList list;
    for (int i = 0; i < addressColumns; ++i)
        list << QStringLiteral("255.255.255.255");
    for (int i = 0; i < 6; ++i)
        list << QStringLiteral("10,000,000,000");
    list << QStringLiteral("2009-11-03 13:23:35.000042 UTC")
         << QStringLiteral("2009-11-03 13:23:35.000042 UTC");
    return list;
}

QWidget* titled(const QString& title, QWidget* content)
{
    auto* const widget = new QWidget;
    auto* const layout = new QVBoxLayout(widget);
    layout->setContentsMargins({});
    auto* const label = new QLabel(title);
    label->setWordWrap(true);
    layout->addWidget(label);
    layout->addWidget(content, 1);
    return widget;
}

} // namespace

AddressesPanel::AddressesPanel(QWidget* parent) : QWidget(parent)
{
    filter_ = new QLineEdit;
    filter_->setPlaceholderText(tr("Filter: part of an address"));
    filter_->setClearButtonEnabled(true);
    filter_->setAccessibleName(tr("Filter addresses and pairs"));
    addresses_ = new AddressTableModel(this);
    pairs_ = new PairTableModel(this);
    addressTable_ = new TableView(QStringLiteral("addresses"));
    addressTable_->setModel(addresses_);
    addressTable_->setAccessibleName(tr("Addresses"));
    addressTable_->setSortingEnabled(true);
    addressTable_->restoreColumns(samples(1));
    pairTable_ = new TableView(QStringLiteral("pairs"));
    pairTable_->setModel(pairs_);
    pairTable_->setAccessibleName(tr("Pairs of addresses"));
    pairTable_->setSortingEnabled(true);
    pairTable_->restoreColumns(samples(2));
    top_ = new BarChart;
    top_->setAccessibleName(tr("Addresses with most packets, sent and received"));
    top_->setToolTip(tr("TCP bytes sent and received; click a bar to see the flows of the address"));
    auto* const scroll = new QScrollArea;
    scroll->setWidget(top_);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);

    auto* const tables = new QSplitter(Qt::Vertical);
    tables->addWidget(titled(tr("Addresses (TCP)"), addressTable_));
    tables->addWidget(titled(tr("Pairs of addresses (TCP)"), pairTable_));
    tables->setChildrenCollapsible(false);
    auto* const splitter = new QSplitter;
    splitter->addWidget(tables);
    splitter->addWidget(
        titled(tr("The 20 busiest addresses: TCP bytes sent (solid) / received (hatched)"), scroll));
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(false);
    auto* const layout = new QVBoxLayout(this);
    allProtocols_ =
        new QLabel(tr("A table of flows counts all protocols here, not TCP alone; the first and last "
                      "time are those of the flows."));
    allProtocols_->setWordWrap(true);
    allProtocols_->hide();
    layout->addWidget(filter_);
    waiting_ = new QLabel(tr("Addresses are added up once all is read."));
    waiting_->hide();
    layout->addWidget(allProtocols_);
    layout->addWidget(waiting_);
    layout->addWidget(splitter, 1);

    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& typed) {
        addressQuery_.text = pairQuery_.text = typed.toStdString();
        ask();
    });
    connect(addresses_, &AddressTableModel::sortRequested, this,
            [this](AddressColumn column, bool descending) {
                addressQuery_.sortBy = column;
                addressQuery_.descending = descending;
                ask();
            });
    connect(addresses_, &AddressTableModel::sortCleared, this, [this] {
        addressQuery_.sortBy.reset();
        ask();
    });
    connect(pairs_, &PairTableModel::sortRequested, this, [this](PairColumn column, bool descending) {
        pairQuery_.sortBy = column;
        pairQuery_.descending = descending;
        ask();
    });
    connect(pairs_, &PairTableModel::sortCleared, this, [this] {
        pairQuery_.sortBy.reset();
        ask();
    });
    connect(addressTable_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        emit addressChosen(text(addresses_->addressAt(index.row())));
    });
    connect(pairTable_, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        const auto& pair = pairs_->pairAt(index.row());
        emit pairChosen(text(pair.a), text(pair.b));
    });
    connect(addressTable_, &TableView::contextMenuWanted, this,
            [this](QMenu* menu, const QModelIndex& index) {
                addAddressActions(menu, addresses_->addressAt(index.row()));
            });
    connect(pairTable_, &TableView::contextMenuWanted, this, [this](QMenu* menu, const QModelIndex& index) {
        const auto pair = pairs_->pairAt(index.row());
        menu->addAction(tr("Flows between these two"), this,
                        [this, pair] { emit pairChosen(text(pair.a), text(pair.b)); });
    });
    connect(top_, &BarChart::activated, this,
            [this](int index) { emit addressChosen(text(topAddresses_[static_cast<std::size_t>(index)])); });
    addressTable_->sortByColumn(static_cast<int>(AddressColumn::Bytes), Qt::DescendingOrder);
    pairTable_->sortByColumn(static_cast<int>(PairColumn::Bytes), Qt::DescendingOrder);
}

std::string AddressesPanel::text(AddressId address) const
{
    return std::string(analysis_->addresses.text(address));
}

void AddressesPanel::addAddressActions(QMenu* menu, AddressId address)
{
    menu->addAction(tr("Flows of this address"), this,
                    [this, address] { emit addressChosen(text(address)); });
    menu->addAction(tr("Add to the address filter"), this,
                    [this, address] { emit filterWanted(QString::fromStdString(text(address))); });
}

void AddressesPanel::setAllProtocols(bool all)
{
    allProtocols_->setVisible(all);
}

void AddressesPanel::setWaiting(bool waiting)
{
    waiting_->setVisible(waiting);
}

void AddressesPanel::setAnalysis(const std::shared_ptr<const CountedPackets>& analysis)
{
    analysis_ = analysis;
    addresses_->setAnalysis(analysis);
    pairs_->setAnalysis(analysis);
    showTop();
    ask();
}

void AddressesPanel::ask()
{
    if (!analysis_)
        return;
    emit addressesWanted(analysis_, addressQuery_);
    emit pairsWanted(analysis_, pairQuery_);
}

void AddressesPanel::setAddressRows(const std::shared_ptr<const CountedPackets>& analysis,
                                    std::vector<std::uint32_t> rows)
{
    if (analysis == analysis_)
        addresses_->setRows(std::move(rows));
}

void AddressesPanel::setPairRows(const std::shared_ptr<const CountedPackets>& analysis,
                                 std::vector<std::uint32_t> rows)
{
    if (analysis == analysis_)
        pairs_->setRows(std::move(rows));
}

void AddressesPanel::setFilter(const QString& text)
{
    filter_->setText(text);
}

QJsonObject AddressesPanel::viewState() const
{
    return {{QStringLiteral("filter"), filter_->text()}};
}

void AddressesPanel::setViewState(const QJsonObject& state)
{
    filter_->setText(state.value(QStringLiteral("filter")).toString());
}

void AddressesPanel::showTop()
{
    if (!analysis_) {
        topAddresses_.clear();
        top_->setBars({});
        return;
    }
    const AddressStats& stats = analysis_->addressStats;
    const auto bytes = [](const WideSum& sum) { return static_cast<std::uint64_t>(sum.clamped()); };
    topAddresses_ = stats.inOrder();
    const auto count = std::min(topCount, topAddresses_.size());
    std::partial_sort(topAddresses_.begin(), topAddresses_.begin() + static_cast<std::ptrdiff_t>(count),
                      topAddresses_.end(), [&](AddressId a, AddressId b) {
                          const auto bytesA = totalBytes(stats.counters(a)),
                                     bytesB = totalBytes(stats.counters(b));
                          return bytesA == bytesB ? a < b : bytesB < bytesA;
                      });
    topAddresses_.resize(count);
    QVector<BarChart::Bar> bars;
    for (const auto id : topAddresses_) {
        BarChart::Bar bar;
        bar.label = shownText(analysis_->addresses.text(id), 60);
        bar.value = bytes(stats.counters(id).sentBytes);
        bar.secondValue = bytes(stats.counters(id).receivedBytes);
        bars << bar;
    }
    top_->setBars(bars);
}

void AddressesPanel::saveColumns() const
{
    addressTable_->saveColumns();
    pairTable_->saveColumns();
}

} // namespace packetloom
