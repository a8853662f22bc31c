// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/charts/wrapped_row.h"

#include <QJsonObject>

class QCheckBox;
class QComboBox;

namespace packetloom {

class TimelineChart;

/// What one may choose of a timeline: its quantity, what the colours tell apart, the width of bins, per bin
/// or per second, the scale; and the button that saves it. What does not apply is not there.
class TimelineControls final : public WrappedRow
{
    Q_OBJECT

public:
    /// Of this chart, which must outlive it.
    explicit TimelineControls(TimelineChart* chart, QWidget* parent = nullptr);

    /// A table of flows knows no flags: its timeline is by outcome alone.
    void setFlowTable(bool table);
    /// By names, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);

signals:
    void changed();

private:
    void apply();
    void showBinWidth();
    void saveChart();

    TimelineChart* chart_;
    QComboBox* quantity_;
    QComboBox* stacking_;
    QComboBox* binWidth_;
    QCheckBox* perSecond_;
    QCheckBox* logScale_;
    bool flowTable_ = false;
};

} // namespace packetloom
