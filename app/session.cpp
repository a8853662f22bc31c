// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session.h"

#include "ui/main_window.h"

namespace packetloom {

Session::Session(MainWindow& window, QObject* parent) : QObject(parent), window_(window)
{
    connect(&window, &MainWindow::analysisWanted, this, &Session::analyze);
    connect(&window, &MainWindow::exportWanted, this, &Session::exportDataset);
    connect(&window, &MainWindow::cancelWanted, &jobs_, &Jobs::cancel);
    connect(&window, &MainWindow::inspectionWanted, &jobs_, &Jobs::inspect);
    connect(&window, &MainWindow::flowsWanted, &jobs_, &Jobs::selectFlows);
    connect(&window, &MainWindow::flowWanted, &jobs_, &Jobs::readFlow);

    connect(&jobs_, &Jobs::progressed, this, &Session::showProgress);
    connect(&jobs_, &Jobs::analyzed, this, [this](const AnalysisPtr& analysis) {
        analysis_ = analysis;
        window_.jobEnded();
        window_.showAnalysis(analysis);
    });
    connect(&jobs_, &Jobs::exported, this, [this](const ConversionSummary& summary) {
        window_.jobEnded();
        window_.showSummary(summary);
    });
    connect(&jobs_, &Jobs::failed, this, [this](Jobs::Kind, const Error& error) {
        window_.jobEnded();
        window_.showError(error);
    });
    connect(&jobs_, &Jobs::cancelled, this, [this](Jobs::Kind) {
        window_.jobEnded();
        window_.showCancelled();
    });
    connect(&jobs_, &Jobs::inspected, &window, &MainWindow::setFacts);
    connect(&jobs_, &Jobs::flowRead, &window, &MainWindow::showFlow);
    connect(&jobs_, &Jobs::flowsSelected, &window, &MainWindow::showSelectedFlows);
}

void Session::analyze(const Options& options)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    window_.jobStarted(tr("Analyzing"));
    jobs_.analyze(options);
}

void Session::exportDataset(const Options& options, const std::filesystem::path& folder)
{
    if (jobs_.running() != Jobs::Kind::None)
        return;
    window_.jobStarted(tr("Exporting"));
    jobs_.exportDataset(analysis_, options, folder);
}

void Session::showProgress(const LiveProgress& progress)
{
    window_.showProgress(progress.counters, progress.seconds, progress.tally, progress.timeline.get());
}

} // namespace packetloom
