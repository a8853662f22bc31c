// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>
#include <optional>
#include <utility>

class QLabel;

namespace packetloom {

/// Says which interval is marked, on every page: all tables show its packets and flows only.
class IntervalBar final : public QWidget
{
    Q_OBJECT

public:
    explicit IntervalBar(QWidget* parent = nullptr);

    /// Microseconds since the epoch, both inclusive; hides itself without one.
    void setInterval(const std::optional<std::pair<qint64, qint64>>& interval);

signals:
    void timeWindowWanted(qint64 start, qint64 end);
    void clearWanted();

private:
    QLabel* text_;
    std::optional<std::pair<qint64, qint64>> interval_;
};

} // namespace packetloom
