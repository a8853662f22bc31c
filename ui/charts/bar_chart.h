// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <QString>
#include <QVector>
#include <QWidget>
#include <optional>

namespace packetloom {

/// Horizontal bars, one below the other: a name, a bar, the number and its share. A bar can be chosen by
/// mouse, or by keyboard with the arrows, Home, End and Return. Who owns it says in its accessible name what
/// it is a chart of; its description tells all bars.
class BarChart final : public QWidget
{
    Q_OBJECT

public:
    struct Bar
    {
        QString label; ///< plain text; may be of any length
        quint64 value = 0;
        std::optional<quint64> secondValue; ///< drawn behind the first, for instance received behind sent
        bool counted = true;                ///< else the value is not known yet, and is not told
        QColor color;                       ///< the palette's highlight when not valid
    };

    explicit BarChart(QWidget* parent = nullptr);

    void setBars(QVector<Bar> bars);
    [[nodiscard]] const QVector<Bar>& bars() const { return bars_; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

signals:
    void activated(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    [[nodiscard]] int rowHeight() const;
    [[nodiscard]] QString valueText(const Bar& bar) const;
    [[nodiscard]] QString toldOf(const Bar& bar) const;
    /// The keyboard or the mouse has come to a bar.
    void moveTo(int index);
    void describe();

    QVector<Bar> bars_;
    double total_ = 0;
    double longest_ = 0;
    int current_ = -1;
};

} // namespace packetloom
