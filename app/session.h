// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/jobs.h"

#include <QObject>

namespace packetloom {

class MainWindow;

/// Joins the window's wishes to the jobs, and the jobs' results to the window.
class Session final : public QObject
{
    Q_OBJECT

public:
    /// `window` must outlive the session.
    explicit Session(MainWindow& window, QObject* parent = nullptr);

    [[nodiscard]] Jobs& jobs() { return jobs_; }

private:
    void analyze(const Options& options);
    void exportDataset(const Options& options, const std::filesystem::path& folder);
    void showProgress(const LiveProgress& progress);

    MainWindow& window_;
    Jobs jobs_;
    AnalysisPtr analysis_; ///< the latest complete one
};

} // namespace packetloom
