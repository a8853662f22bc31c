// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/timeline_controls.h"

#include "ui/charts/bin_widths.h"
#include "ui/charts/timeline_chart.h"
#include "ui/icons.h"
#include "ui/saved_names.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolButton>

namespace packetloom {
namespace {

// In the order of the boxes.
const QStringList& stackingNames()
{
    static const QStringList names{QStringLiteral("flags"), QStringLiteral("outcome")};
    return names;
}

const QStringList& quantityNames()
{
    static const QStringList names{QStringLiteral("packets"), QStringLiteral("bytes"),
                                   QStringLiteral("new_flows"), QStringLiteral("open_flows"),
                                   QStringLiteral("resets")};
    return names;
}

constexpr int resets = 4;

QComboBox* box(const QStringList& items, const QString& tip)
{
    auto* const made = new QComboBox;
    made->addItems(items);
    made->setToolTip(tip);
    made->setAccessibleName(tip);
    return made;
}

} // namespace

TimelineControls::TimelineControls(TimelineChart* chart, QWidget* parent)
    : WrappedRow(6, parent), chart_(chart)
{
    quantity_ = box({tr("Packets"), tr("Bytes"), tr("New flows"), tr("Open flows"), tr("Resets")},
                    tr("What the height of the timeline means"));
    quantity_->setItemData(2, tr("Flows, each at its first packet"), Qt::ToolTipRole);
    quantity_->setItemData(3, tr("The most flows that were open at once in each bin"), Qt::ToolTipRole);
    quantity_->setItemData(4, tr("Packets with RST"), Qt::ToolTipRole);
    stacking_ = box({tr("by flag type"), tr("by how flows closed")},
                    tr("What the colours of the timeline tell apart"));
    QStringList widths{QString()}; // see showBinWidth()
    for (const auto width : chosenBinWidths())
        widths << binWidthText(width);
    binWidth_ = box(widths, tr("How wide the bins of the timeline are"));
    binWidth_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    perSecond_ = new QCheckBox(tr("Per second"));
    perSecond_->setToolTip(tr("Rates, so that heights do not depend on the width of the bins"));
    logScale_ = new QCheckBox(tr("Log scale"));
    logScale_->setToolTip(tr("A logarithmic scale shows quiet times beside a burst. It has a line for each "
                             "part instead of a stack"));
    auto* const save = new QToolButton;
    save->setText(tr("Save chart…"));
    save->setIcon(symbolIcon(Symbol::Save));
    save->setToolButtonStyle(Qt::ToolButtonIconOnly);
    save->setToolTip(tr("Save chart…: the timeline as a picture"));
    save->setAccessibleName(save->text());
    save->setFocusPolicy(Qt::StrongFocus);

    for (QWidget* const control :
         std::initializer_list<QWidget*>{quantity_, stacking_, binWidth_, perSecond_, logScale_, save})
        addToRow(control);
    for (auto* const chosen : {quantity_, stacking_, binWidth_})
        connect(chosen, &QComboBox::currentIndexChanged, this, &TimelineControls::apply);
    for (auto* const check : {perSecond_, logScale_})
        connect(check, &QCheckBox::toggled, this, &TimelineControls::apply);
    connect(chart_, &TimelineChart::binWidthShown, this, &TimelineControls::showBinWidth);
    connect(save, &QToolButton::clicked, this, &TimelineControls::saveChart);
    apply();
    showBinWidth();
}

void TimelineControls::apply()
{
    const int quantity = quantity_->currentIndex();
    const bool packets = quantity < 2;
    stacking_->setVisible(packets); // flows are always told apart by how they closed
    stacking_->setEnabled(!flowTable_);
    if (flowTable_) { // it says what is drawn; what was chosen for packets comes back with them
        const QSignalBlocker quiet(stacking_);
        stacking_->setItemText(0, tr("by how flows closed"));
    } else {
        stacking_->setItemText(0, tr("by flag type"));
    }
    perSecond_->setEnabled(quantity != 3);
    perSecond_->setToolTip(quantity == 3
                               ? tr("How many flows are open is no rate")
                               : tr("Rates, so that heights do not depend on the width of the bins"));
    const auto widths = chosenBinWidths();
    const int width = binWidth_->currentIndex();
    chart_->setStacking(flowTable_ || stacking_->currentIndex() == 1 ? TimelineChart::Stacking::Outcome
                                                                     : TimelineChart::Stacking::Class);
    chart_->setQuantity(static_cast<TimelineChart::Quantity>(quantity));
    chart_->setPerSecond(perSecond_->isChecked());
    chart_->setLogScale(logScale_->isChecked());
    chart_->setBinWidth(width <= 0 ? std::nullopt
                                   : std::optional<qint64>(widths[static_cast<std::size_t>(width - 1)]));
    showBinWidth();
    emit changed();
}

void TimelineControls::setFlowTable(bool table)
{
    flowTable_ = table;
    auto* const items = qobject_cast<QStandardItemModel*>(quantity_->model());
    items->item(resets)->setEnabled(!table);
    if (table && quantity_->currentIndex() == resets)
        quantity_->setCurrentIndex(0);
    else
        apply();
}

// What "auto" has come to.
void TimelineControls::showBinWidth()
{
    const auto shown = static_cast<qint64>(chart_->shownBinWidth());
    binWidth_->setItemText(0, shown > 0 && binWidth_->currentIndex() <= 0
                                  ? tr("auto: %1").arg(binWidthText(shown))
                                  : tr("auto"));
}

QJsonObject TimelineControls::viewState() const
{
    const int width = binWidth_->currentIndex();
    return {{QStringLiteral("stacking"), stackingNames().at(stacking_->currentIndex())},
            {QStringLiteral("quantity"), quantityNames().at(quantity_->currentIndex())},
            {QStringLiteral("bin"),
             width <= 0 ? QJsonValue(QStringLiteral("auto"))
                        : QJsonValue(qint64(chosenBinWidths()[static_cast<std::size_t>(width - 1)]))},
            {QStringLiteral("per_second"), perSecond_->isChecked()},
            {QStringLiteral("log"), logScale_->isChecked()}};
}

void TimelineControls::setViewState(const QJsonObject& state)
{
    const auto choose = [](QComboBox* box, const QStringList& names, const QJsonValue& value) {
        if (const int index = savedIndex(names, value.toVariant()); index >= 0)
            box->setCurrentIndex(index);
    };
    choose(stacking_, stackingNames(), state.value(QStringLiteral("stacking")));
    if (const auto value = state.value(QStringLiteral("quantity"));
        !flowTable_ || savedIndex(quantityNames(), value.toVariant()) != resets)
        choose(quantity_, quantityNames(), value);
    if (const auto bin = state.value(QStringLiteral("bin")); bin.isString()) {
        binWidth_->setCurrentIndex(0);
    } else if (bin.isDouble()) {
        const auto widths = chosenBinWidths();
        const auto found = std::ranges::find(widths, static_cast<std::int64_t>(bin.toInteger()));
        if (found != widths.end())
            binWidth_->setCurrentIndex(1 + static_cast<int>(found - widths.begin()));
    }
    perSecond_->setChecked(state.value(QStringLiteral("per_second")).toBool(perSecond_->isChecked()));
    logScale_->setChecked(state.value(QStringLiteral("log")).toBool(logScale_->isChecked()));
}

void TimelineControls::saveChart()
{
    QString kind;
    auto path = QFileDialog::getSaveFileName(this, tr("Save chart"), QStringLiteral("timeline.png"),
                                             TimelineChart::fileKinds(), &kind);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty()) // of "PNG (*.png)"
        path += kind.section(QLatin1Char('*'), 1).section(QLatin1Char(')'), 0, 0);
    if (const auto problem = chart_->saveTo(path); !problem.isEmpty())
        QMessageBox::warning(this, tr("Save chart"), problem);
}

} // namespace packetloom
