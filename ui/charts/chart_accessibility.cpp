// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/chart_accessibility.h"

#include "ui/charts/bar_chart.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QVariant>

namespace packetloom {
namespace {

constexpr const char* valueProperty = "accessibleChartValue";
constexpr const char* chartProperty = "accessibleChart";

class ChartInterface final : public QAccessibleWidget
{
public:
    explicit ChartInterface(QWidget* chart) : QAccessibleWidget(chart, QAccessible::Chart) {}

    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (kind == QAccessible::Value)
            return widget()->property(valueProperty).toString();
        return QAccessibleWidget::text(kind);
    }
};

QAccessibleInterface* makeInterface(const QString& /*className*/, QObject* object)
{
    auto* const widget = qobject_cast<QWidget*>(object);
    if (!widget)
        return nullptr;
    const bool chart = widget->property(chartProperty).toBool() || qobject_cast<BarChart*>(widget);
    return chart ? new ChartInterface(widget) : nullptr;
}

} // namespace

void installChartAccessibility()
{
    static const bool installed = [] {
        QAccessible::installFactory(makeInterface);
        return true;
    }();
    static_cast<void>(installed);
}

void tellAsChart(QWidget* plot)
{
    installChartAccessibility();
    plot->setProperty(chartProperty, true);
}

void tellChartValue(QWidget* chart, const QString& value)
{
    if (chart->property(valueProperty).toString() == value)
        return;
    chart->setProperty(valueProperty, value);
    QAccessibleValueChangeEvent event(chart, value);
    QAccessible::updateAccessibility(&event);
}

} // namespace packetloom
