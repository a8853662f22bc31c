// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_query.h"

#include <QJsonObject>
#include <QWidget>
#include <optional>
#include <span>

class QComboBox;
class QLabel;
class QMenu;
class QPushButton;
class QSpinBox;

namespace packetloom {

/// What to put into groups, and by what: two lines of boxes, and a menu of questions that set them.
class GroupChoice final : public QWidget
{
    Q_OBJECT

public:
    explicit GroupChoice(QWidget* parent = nullptr);

    /// Without what narrows.
    [[nodiscard]] GroupQuery query() const;
    /// Sets the keys, and whether they are of packets, without a signal.
    void setKeys(bool packets, GroupKey by, std::optional<GroupKey> thenBy);
    /// Of a table of flows there are no packets.
    void setPacketsThere(bool there);
    /// What there is, in words.
    void setCount(const QString& text);
    /// The keys that there are groups by.
    [[nodiscard]] std::span<const GroupKey> keys() const;

    /// For a session file.
    void addState(QJsonObject& state) const;
    /// Without a signal. What it does not know stays as it is; false where it knows nothing.
    bool setState(const QJsonObject& state);

signals:
    /// query() is another one.
    void changed();
    /// A question of the menu: groups of flows, the largest by this column first.
    void asked(packetloom::GroupKey by, std::optional<packetloom::GroupKey> thenBy,
               packetloom::GroupColumn sortBy);

private:
    void makeSteps();
    QMenu* makeQuestions();
    void fillKeys();
    void follow();

    QComboBox* of_;
    QComboBox* by_;
    QComboBox* thenBy_;
    QSpinBox* prefix4_ = nullptr;
    QSpinBox* prefix6_ = nullptr;
    QComboBox* slice_ = nullptr;
    QPushButton* questions_;
    QLabel* count_;
};

} // namespace packetloom
