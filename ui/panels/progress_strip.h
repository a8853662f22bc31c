// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/progress.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace packetloom {

/// What a running job does: a bar, the figures beside it, and Cancel.
class ProgressStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit ProgressStrip(QWidget* parent = nullptr);

    void begin(const QString& what);
    /// `seconds` since the job began.
    void setProgress(const Progress& progress, double seconds);
    void setCancelling(bool again);
    /// "61%   2.1 M packets/s   0:07 left   41,220 open flows   118 MB"
    static QString figures(const Progress& progress, double seconds, std::uint64_t memoryBytes);

signals:
    void cancelRequested();

private:
    QLabel* what_;
    QProgressBar* bar_;
    QLabel* figures_;
    QPushButton* cancel_;
};

} // namespace packetloom
