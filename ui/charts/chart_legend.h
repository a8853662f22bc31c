// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/charts/wrapped_row.h"

#include <QColor>
#include <QString>
#include <QVector>

class QToolButton;

namespace packetloom {

/// The parts of a chart, each a button: pressed, it hides the part, and is struck out as long as it is
/// hidden.
class ChartLegend final : public WrappedRow
{
    Q_OBJECT

public:
    struct Part
    {
        int id = 0;
        QString name;
        QColor color;
        bool shown = true;
        bool dashed = false; ///< as the line is

        friend bool operator==(const Part&, const Part&) = default;
    };

    explicit ChartLegend(QWidget* parent = nullptr);

    void setParts(const QVector<Part>& parts);

signals:
    void toggled(int id, bool shown);

private:
    void style(QToolButton* button, const Part& part);

    QVector<Part> parts_;
    QVector<QToolButton*> buttons_;
};

} // namespace packetloom
