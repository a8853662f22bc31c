// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QWidget>

class QLabel;
class QLineEdit;

namespace packetloom {

/// The filter that decides what is read of captures. What is wrong about it is marked where it stands, with
/// the reason.
class CaptureFilterLine final : public QWidget
{
    Q_OBJECT

public:
    explicit CaptureFilterLine(QWidget* parent = nullptr);

    [[nodiscard]] QString text() const;
    void setText(const QString& text);
    /// The text is a filter, or empty.
    [[nodiscard]] bool valid() const { return valid_; }

signals:
    void changed();

private:
    void check();

    QLineEdit* line_;
    QLabel* problem_;
    bool valid_ = true;
};

} // namespace packetloom
