// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_capture.h"
#include "core/support/result.h"

#include <QString>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace packetloom {

/// Says how writing the packets of a flow as a capture goes, and what came of it. Hidden while there is
/// nothing to be said.
class CaptureBar final : public QWidget
{
    Q_OBJECT

public:
    explicit CaptureBar(QWidget* parent = nullptr);

    void begin();
    void setProgress(double part);
    /// `temporary`: nobody named the file. `opened`: Wireshark was started with it.
    void showResult(const QString& path, const FlowCapture& capture, bool temporary, bool opened);
    void showProblem(const Error& error);
    void leave();
    [[nodiscard]] bool busy() const { return busy_; }
    [[nodiscard]] QString text() const;

signals:
    void cancelled();
    /// The packets are to be saved where they stay.
    void saveWanted();

private:
    void say(const QString& text, bool busy, bool offersSaving);

    QLabel* text_;
    QProgressBar* progress_;
    QPushButton* save_;
    QPushButton* close_;
    bool busy_ = false;
};

} // namespace packetloom
