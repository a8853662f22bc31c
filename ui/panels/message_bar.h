// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>
#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace packetloom {

/// A line in the window that says what happened, instead of a box in the way: a text, a button for each thing
/// that can be done about it, and one to close it.
class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    enum class Tone : std::uint8_t { Note, Warning, Error };
    struct Action
    {
        QString text;
        std::function<void()> run;
        bool closes = true; ///< the message has served its purpose then
    };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Plain text.
    void show(Tone tone, const QString& text, const std::vector<Action>& actions = {});
    [[nodiscard]] QString text() const;

private:
    QLabel* icon_;
    QLabel* label_;
    QWidget* close_;
    QHBoxLayout* actionRow_;
    std::vector<QPushButton*> buttons_; ///< of the message that is shown
};

} // namespace packetloom
