// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/convert/flow_query.h"
#include "core/convert/inspect.h"
#include "core/convert/options.h"
#include "core/convert/progress.h"

#include <QMainWindow>
#include <filesystem>
#include <memory>
#include <vector>

class QAction;
class QLabel;
class QMenu;
class QStackedWidget;
class QTabWidget;

namespace packetloom {

class AddressesPanel;
class CapturePanel;
class FlagsPanel;
class FlowsPanel;
class MessageBar;
class OptionsPanel;
class OverviewPanel;
class ProgressStrip;
class RowsPanel;

/// The window of the desktop program. It says in signals what the user wants and shows what it is given; it
/// starts no work itself.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    explicit MainWindow(QWidget* parent = nullptr);

    void addCaptures(const std::vector<std::filesystem::path>& paths);
    void setIpMap(const std::filesystem::path& path);
    /// Where the bundled sample is; without it there is no button for it.
    void setSample(const std::filesystem::path& capture, const std::filesystem::path& ipMap);
    /// What an analysis or export would be made with now.
    [[nodiscard]] Options options() const;
    /// As if the user had asked for it.
    void requestAnalysis();

    void setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts);
    void jobStarted(const QString& what);
    void showProgress(const Progress& progress, double seconds, const FlowTally& tally,
                      const Timeline* timeline);
    void jobEnded();
    void showAnalysis(const std::shared_ptr<const Analysis>& analysis);
    void showSelectedFlows(const std::shared_ptr<const Analysis>& analysis, std::vector<std::uint32_t> flows);
    void showFlow(std::size_t flow, const Result<FlowDetail>& detail);
    void showSummary(const ConversionSummary& summary);
    void showError(const Error& error);
    void showCancelled();
    [[nodiscard]] QString message() const;

signals:
    void analysisWanted(const packetloom::Options& options);
    void exportWanted(const packetloom::Options& options, const std::filesystem::path& folder);
    void cancelWanted();
    void inspectionWanted(const std::filesystem::path& path);
    void flowsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                     const packetloom::FlowQuery& query);
    void flowWanted(const std::shared_ptr<const packetloom::Analysis>& analysis, std::size_t flow);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    void makeActions();
    void makeLayout();
    QWidget* emptyState();
    void openSample();
    void chooseExport();
    void copyCommand();
    void about();
    void optionsChanged();
    void setInterval(const std::optional<std::pair<qint64, qint64>>& interval);
    void updateActions();
    void fillRecent();
    void rememberCaptures();
    [[nodiscard]] bool outOfDate() const;

    CapturePanel* captures_ = nullptr;
    OptionsPanel* filters_ = nullptr;
    MessageBar* messages_ = nullptr;
    ProgressStrip* progress_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    OverviewPanel* overview_ = nullptr;
    FlowsPanel* flows_ = nullptr;
    AddressesPanel* addresses_ = nullptr;
    FlagsPanel* flags_ = nullptr;
    RowsPanel* rows_ = nullptr;
    QLabel* stale_ = nullptr;
    QMenu* recent_ = nullptr;
    QAction* analyze_ = nullptr;
    QAction* cancel_ = nullptr;
    QAction* export_ = nullptr;
    QAction* copyCommand_ = nullptr;
    QWidget* sampleButton_ = nullptr;
    std::filesystem::path sampleCapture_, sampleMap_;
    std::shared_ptr<const Analysis> analysis_;
    bool busy_ = false;
};

} // namespace packetloom
