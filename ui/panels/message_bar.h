// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>
#include <functional>

class QLabel;
class QPushButton;

namespace packetloom {

/// A line in the window that says what happened, instead of a box in the way: a text, one button for what
/// can be done about it, and one to close it.
class MessageBar final : public QFrame
{
    Q_OBJECT

public:
    enum class Tone : std::uint8_t { Note, Warning, Error };

    explicit MessageBar(QWidget* parent = nullptr);

    /// Plain text. Without `action` there is only the closing button.
    void show(Tone tone, const QString& text, const QString& actionText = {},
              std::function<void()> action = {});
    [[nodiscard]] QString text() const;

private:
    QLabel* icon_;
    QLabel* label_;
    QPushButton* button_;
    std::function<void()> action_;
};

} // namespace packetloom
