// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What stands where on the page Distributions, also on paper.

#include "ui/charts/elided_label.h"
#include "ui/charts/histogram_chart.h"
#include "ui/charts/paper.h"
#include "ui/icons.h"
#include "ui/models/group_words.h"
#include "ui/panels/distribution_words.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/wrapping_layout.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPainter>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <utility>

namespace packetloom {
namespace {

constexpr int nobody = -1;
constexpr int wholeHeight = 200, groupWidth = 330, groupHeight = 170; // pixels, at least
constexpr int paperWidth = 1200, paperWhole = 420, paperGroup = 260, paperColumns = 3, paperSpace = 12;

// In the order of the choices: keys that have few values, or whose values say something.
constexpr std::array groupKeys{GroupKey::Service, GroupKey::Protocol,     GroupKey::Close,
                               GroupKey::Reason,  GroupKey::State,        GroupKey::DestinationPort,
                               GroupKey::Source,  GroupKey::Destination,  GroupKey::Address,
                               GroupKey::Pair,    GroupKey::SourceSubnet, GroupKey::DestinationSubnet};

QLabel* labelOf(const QString& text, QWidget* widget)
{
    auto* const label = new QLabel(text);
    label->setBuddy(widget);
    return label;
}

QComboBox* boxOf(const QString& name)
{
    auto* const box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(name);
    return box;
}

} // namespace

void DistributionsPanel::makeControls()
{
    quantity_ = boxOf(tr("Quantity whose distribution is shown"));
    for (const auto quantity : distributionQuantities()) {
        if (quantity == fieldOf(FlowFigure::HandshakeTime)) // those above every analysis has
            quantity_->insertSeparator(quantity_->count());
        quantity_->addItem(quantityTitle(quantity), static_cast<int>(quantity));
        quantity_->setItemData(quantity_->count() - 1, quantityMeaning(quantity), Qt::ToolTipRole);
    }
    scale_ = boxOf(tr("Scale of the quantity"));
    scale_->addItem(tr("logarithmic"), static_cast<int>(BinScale::Logarithmic));
    scale_->addItem(tr("linear"), static_cast<int>(BinScale::Linear));
    scale_->setItemData(0, tr("Bins that grow: small and large values are told apart"), Qt::ToolTipRole);
    scale_->setItemData(1, tr("Bins of one width"), Qt::ToolTipRole);
    by_ = boxOf(tr("A histogram for each"));
    by_->addItem(tr("nothing"), nobody);
    for (const auto key : groupKeys) {
        by_->addItem(groupKeyTitle(key), static_cast<int>(key));
        by_->setItemData(by_->count() - 1, groupKeyTip(key), Qt::ToolTipRole);
    }
    logHeights_ = new QCheckBox(tr("Log &heights"));
    logHeights_->setToolTip(tr("A logarithmic scale shows bins of few flows beside those of many"));
    save_ = new QToolButton;
    save_->setText(tr("Save charts…"));
    save_->setIcon(symbolIcon(Symbol::Save));
    save_->setToolButtonStyle(Qt::ToolButtonIconOnly);
    save_->setToolTip(tr("Save charts…: the histograms as a picture"));
    save_->setAccessibleName(save_->text());
    save_->setFocusPolicy(Qt::StrongFocus);
    connect(save_, &QToolButton::clicked, this, &DistributionsPanel::saveAs);
    count_ = new QLabel;
    count_->setTextFormat(Qt::PlainText);
    count_->setAccessibleName(tr("Flows that are counted"));

    controls_ = new QWidget;
    auto* const row = new WrappingLayout(controls_);
    row->setContentsMargins({});
    row->setSpacing(6);
    for (QWidget* const one : std::initializer_list<QWidget*>{
             labelOf(tr("&Distribution of"), quantity_), quantity_, labelOf(tr("&scale"), scale_), scale_,
             labelOf(tr("&by"), by_), by_, logHeights_, save_, count_})
        row->addWidget(one);
    QWidget* last = quantity_;
    for (auto* const next : std::initializer_list<QWidget*>{scale_, by_, logHeights_, save_})
        setTabOrder(std::exchange(last, next), next);
}

void DistributionsPanel::makePages()
{
    percentiles_ = new QLabel;
    percentiles_->setTextFormat(Qt::PlainText);
    percentiles_->setWordWrap(true);
    percentiles_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    percentiles_->setAccessibleName(tr("Percentiles"));
    percentiles_->setToolTip(tr("So many percent of the flows have at most this value"));
    readout_ = new ElidedLabel;
    readout_->setObjectName(QStringLiteral("readout"));
    whole_ = new HistogramChart;
    whole_->setMinimumHeight(wholeHeight);
    connect(whole_, &HistogramChart::pointed, this, [this] { tell(whole_->readout()); });
    connect(whole_, &HistogramChart::chosen, this, [this](int first, int last) { choose(-1, first, last); });
    auto* const content = new QWidget;
    auto* const inside = new QVBoxLayout(content);
    inside->setContentsMargins({});
    inside->addWidget(whole_, 1);
    grid_ = new QGridLayout;
    inside->addLayout(grid_);
    scroll_ = new QScrollArea;
    scroll_->setWidget(content);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setFocusPolicy(Qt::NoFocus);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->viewport()->installEventFilter(this);
    hint_ = new QLabel;
    hint_->setTextFormat(Qt::PlainText);
    hint_->setAlignment(Qt::AlignCenter);
    hint_->setWordWrap(true);
    pages_ = new QStackedWidget;
    pages_->addWidget(scroll_);
    pages_->addWidget(hint_);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(controls_);
    layout->addWidget(percentiles_);
    layout->addWidget(readout_);
    layout->addWidget(pages_, 1);
}

void DistributionsPanel::setGroupCharts(int count)
{
    while (groups_.size() > count)
        delete groups_.takeLast();
    while (groups_.size() < count) {
        auto* const chart = new HistogramChart;
        chart->setMinimumHeight(groupHeight);
        chart->setSmall();
        chart->setLogHeights(logHeights_->isChecked());
        const int index = static_cast<int>(groups_.size());
        connect(chart, &HistogramChart::pointed, this, [this, chart] {
            const auto told = chart->readout();
            tell(told.isEmpty() ? told : tr("%1, %2").arg(chart->histogram().title, told));
        });
        connect(chart, &HistogramChart::chosen, this,
                [this, index](int first, int last) { choose(index, first, last); });
        groups_ << chart;
    }
    columns_ = 0;
    placeCharts();
}

// As many beside each other as there is room for, all of one width.
void DistributionsPanel::placeCharts()
{
    const int columns = std::clamp(scroll_->viewport()->width() / groupWidth, 1, paperColumns);
    if (columns == columns_)
        return;
    for (int column = 0; column < paperColumns; ++column)
        grid_->setColumnStretch(column, column < columns && !groups_.isEmpty() ? 1 : 0);
    columns_ = columns;
    for (int i = 0; i < groups_.size(); ++i) {
        grid_->addWidget(groups_[i], i / columns, i % columns);
        groups_[i]->show();
    }
}

bool DistributionsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize)
        placeCharts();
    return QWidget::eventFilter(watched, event);
}

QString DistributionsPanel::saveTo(const QString& path)
{
    if (!shown_ || shown_->bins.empty())
        return tr("There is nothing to save.");
    const int rows = (static_cast<int>(groups_.size()) + paperColumns - 1) / paperColumns;
    const auto paint = [&](QPainter& painter, const QRect& rect) {
        whole_->paintTo(painter, {rect.left(), rect.top(), rect.width(), paperWhole});
        const int width = (rect.width() - (paperColumns - 1) * paperSpace) / paperColumns;
        for (int i = 0; i < groups_.size(); ++i) {
            const int left = rect.left() + i % paperColumns * (width + paperSpace);
            const int top =
                rect.top() + paperWhole + i / paperColumns * (paperGroup + paperSpace) + paperSpace;
            groups_[i]->paintTo(painter, {left, top, width, paperGroup});
        }
    };
    QStringList lines{whole_->histogram().title, percentiles_->text(), count_->text()};
    if (shown_->by)
        lines[0] = tr("%1, by %2").arg(lines[0], groupKeyTitle(*shown_->by));
    return savePaper(
        {.size = {paperWidth, paperWhole + rows * (paperGroup + paperSpace)}, .font = font(), .paint = paint},
        lines, path);
}

void DistributionsPanel::saveAs()
{
    QString kind;
    auto path = QFileDialog::getSaveFileName(this, tr("Save charts"), QStringLiteral("distribution.png"),
                                             pictureKinds(), &kind);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty()) // of "PNG (*.png)"
        path += kind.section(QLatin1Char('*'), 1).section(QLatin1Char(')'), 0, 0);
    if (const auto problem = saveTo(path); !problem.isEmpty())
        QMessageBox::warning(this, tr("Save charts"), problem);
}

} // namespace packetloom
