// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/look_up.h"
#include "core/analysis/analysis.h"
#include "core/output/flow_capture.h"

#include <QObject>
#include <QString>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <filesystem>
#include <memory>

namespace packetloom {

/// Where Wireshark is: on the path, or where its installer puts it on Windows and macOS; empty where it is
/// not.
QString wiresharkProgram();

/// Writes the packets of flows as captures, for one view of flows; one at a time, on a thread of its own. The
/// destructor abandons what is under way and waits. Files that nobody named lie in a folder that is gone with
/// it.
class FlowCaptures final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlowCaptures)

public:
    using AnalysisPtr = std::shared_ptr<const Analysis>;

    explicit FlowCaptures(QObject* parent = nullptr);
    ~FlowCaptures() override;

    /// To `path`, replacing what is there; where that is empty to a temporary file that Wireshark is to
    /// open.
    void write(const AnalysisPtr& analysis, std::size_t flow, const QString& path);
    void cancel();
    /// Instead of wiresharkProgram(), for tests.
    void setProgram(const QString& program) { program_ = program; }

signals:
    /// Some times a second while it takes: which part of 1 is done.
    void progressed(double part);
    /// `opened`: Wireshark was started with it.
    void written(std::size_t flow, const QString& path, const packetloom::FlowCapture& capture, bool opened);
    void failed(std::size_t flow, const packetloom::Error& error);

private:
    [[nodiscard]] Result<std::filesystem::path> temporaryPath(const Analysis& analysis, std::size_t flow);

    QThreadPool thread_;
    LookUp latest_;
    std::shared_ptr<std::atomic<int>> permille_; ///< of the latest
    QTimer poll_;
    QString program_ = wiresharkProgram();
    std::unique_ptr<QTemporaryDir> folder_; ///< made when it is needed
};

} // namespace packetloom
