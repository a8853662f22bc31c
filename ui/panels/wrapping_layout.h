// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QLayout>
#include <QList>

namespace packetloom {

/// Widgets beside each other, as wide as they would like to be, in as many lines as it takes. Those that are
/// hidden take no place.
class WrappingLayout final : public QLayout
{
    Q_OBJECT

public:
    explicit WrappingLayout(QWidget* parent = nullptr) : QLayout(parent) {}
    ~WrappingLayout() override { qDeleteAll(items_); }

    void addItem(QLayoutItem* item) override { items_.append(item); }
    [[nodiscard]] int count() const override { return static_cast<int>(items_.size()); }
    [[nodiscard]] QLayoutItem* itemAt(int index) const override { return items_.value(index); }
    QLayoutItem* takeAt(int index) override;
    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override { return arrange({0, 0, width, 0}, false); }
    [[nodiscard]] QSize sizeHint() const override { return minimumSize(); }
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect& place) override;

private:
    /// The height that it takes; places the widgets if asked to.
    int arrange(const QRect& place, bool really) const;

    QList<QLayoutItem*> items_;
};

} // namespace packetloom
