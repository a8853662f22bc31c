// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <QRect>
#include <QSize>
#include <QString>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <utility>

class QPainter;

namespace packetloom {

/// Who talked, in words to show: "10.0.0.1:34512", "[::1]:80". Plain text out of a capture.
struct FlowEnds
{
    QString originator, responder;
    QString protocol; ///< "TCP"
    QString flow;     ///< its name: "flow_000042"
};

/// One of the parts of the detail of a flow, which look at the same trace and share one cursor. It shows what
/// it is given and asks nobody.
class FlowPart : public QWidget
{
    Q_OBJECT

public:
    explicit FlowPart(QWidget* parent = nullptr) : QWidget(parent) {}

    using QWidget::setCursor;
    using QWidget::show;
    /// Whose trace comes next.
    void setEnds(FlowEnds ends) { ends_ = std::move(ends); }
    /// Null empties it. Another trace of the same flow (of a part of its time) may come at any time; the
    /// cursor stays where its row is still there.
    virtual void show(std::shared_ptr<const FlowTrace> trace) = 0;
    /// On the packet with this TracedPacket::row, which is made to be seen; none that it shows: no cursor.
    /// Tells nobody.
    virtual void setCursor(std::uint64_t row) = 0;
    /// What is seen of it, onto paper: in light colours whatever the theme, with axes and units, within the
    /// rect. What stands above it (who talked, when) is painted by who asks.
    virtual void paintTo(QPainter& painter, const QRect& rect) = 0;
    /// What stands on paper below who talked: what is estimated, what this input does not tell.
    [[nodiscard]] virtual QString note() const { return {}; }
    /// The size in pixels that paintTo() would like.
    [[nodiscard]] virtual QSize paperSize() const { return {1200, 640}; }

signals:
    /// By the user, onto this packet.
    void cursorMoved(std::uint64_t row);

protected:
    [[nodiscard]] const FlowEnds& ends() const { return ends_; }

private:
    FlowEnds ends_;
};

} // namespace packetloom
