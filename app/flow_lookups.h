// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/look_up.h"
#include "core/analysis/analysis.h"
#include "core/analysis/flow_trace.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <memory>

namespace packetloom {

using FlowTracePtr = std::shared_ptr<const FlowTrace>;

/// Questions about one flow, for one view of it. A large one takes long, so they have a thread of their own.
/// The destructor abandons what is asked and waits.
class FlowLookups final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(FlowLookups)

public:
    using AnalysisPtr = std::shared_ptr<const Analysis>;

    explicit FlowLookups(QObject* parent = nullptr);
    ~FlowLookups() override;

    /// A later call replaces an earlier one that is not done.
    void trace(const AnalysisPtr& analysis, const TraceQuery& query);
    /// What was asked is not wanted any more.
    void abandon();

signals:
    /// Some times a second while it takes: which part of 1 is read.
    void progressed(double part);
    void traced(const std::shared_ptr<const packetloom::Analysis>& analysis,
                const packetloom::TraceQuery& query,
                const packetloom::Result<packetloom::FlowTracePtr>& trace);

private:
    QThreadPool thread_;
    LookUp latest_;
    std::shared_ptr<std::atomic<int>> permille_; ///< of the latest
    QTimer poll_;
};

} // namespace packetloom
