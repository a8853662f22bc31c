// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_trace.h"
#include "core/output/flow_capture.h"
#include "core/support/result.h"
#include "ui/views/flow_part.h"

#include <QHash>
#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>

class QLabel;
class QProgressBar;
class QPushButton;
class QTabWidget;
class QToolButton;

namespace packetloom {

class CaptureBar;
class FlowChart;
class FlowPacketsView;
class SequenceChart;

/// One flow, seen in parts that are linked: they look at one trace, share one cursor and, as far as they are
/// charts, what is seen of its time. Asks for the trace, and for another where a chart is zoomed so far that
/// there is more to be seen (traceWanted()); shows what it is given. Of two questions only the answer to the
/// later one is waited for.
class FlowView final : public QWidget
{
    Q_OBJECT

public:
    using TracePtr = std::shared_ptr<const FlowTrace>;

    explicit FlowView(QWidget* parent = nullptr);

    /// Null empties it.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// Index into the analysis' flows; nothing: none is chosen.
    void setFlow(const std::optional<std::size_t>& flow);
    [[nodiscard]] std::optional<std::size_t> flow() const { return flow_; }

    void setTrace(const std::shared_ptr<const Analysis>& analysis, const TraceQuery& query,
                  const Result<TracePtr>& trace);
    /// Which part of 1 of what was asked for is read.
    void setProgress(double part);
    /// How writing what captureWanted() asked for goes, and what came of it.
    void setCaptureProgress(double part);
    void showCapture(std::size_t flow, const QString& path, const FlowCapture& capture, bool opened);
    void showCaptureProblem(std::size_t flow, const Error& error);

    /// Which part is seen and how, by names, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

    /// By its name: "sequence".
    void showPart(const QString& name);
    [[nodiscard]] QString shownPart() const;
    /// As PNG, PDF or SVG; an empty string, or what went wrong.
    QString savePart(const QString& path);

signals:
    void traceWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                     const packetloom::TraceQuery& query);
    /// What was asked for is not wanted any more.
    void traceLeft();
    /// The packets of the flow are to be written as a capture; to a temporary file that Wireshark opens where
    /// `path` is empty.
    void captureWanted(const std::shared_ptr<const packetloom::Analysis>& analysis, std::size_t flow,
                       const QString& path);
    void captureLeft();
    /// The same flow in a window of its own.
    void windowWanted(std::size_t flow);
    void viewChanged();

private:
    // flow_view.cpp
    void ask(const std::optional<std::pair<std::int64_t, std::int64_t>>& interval);
    void stop();
    void showTrace(const TracePtr& trace);
    void showInPart();
    void seenMoved(qint64 from, qint64 to);
    void askForMore();
    void cursorMoved(std::uint64_t row);
    void showState();
    [[nodiscard]] FlowEnds ends() const;
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString endingWords() const;
    void savePartAs();

    // flow_view_layout.cpp
    void makeLayout();
    void addPart(FlowPart* part, const QString& name, const QString& title, const QString& tip);
    void writeCapture(bool named);
    void makeCorner();

    std::shared_ptr<const Analysis> analysis_;
    std::optional<std::size_t> flow_;
    TracePtr whole_, part_, shown_;
    std::optional<TraceQuery> waiting_;                          ///< for its answer
    std::optional<std::pair<std::int64_t, std::int64_t>> asked_; ///< the latest part
    std::optional<std::pair<std::int64_t, std::int64_t>> seen_;  ///< nothing: all
    std::optional<std::uint64_t> cursor_;
    QString problem_;
    bool stopped_ = false;
    QTimer askTimer_;
    QHash<FlowPart*, TracePtr> given_; ///< what each part shows, for hidden ones are given it later

    QLabel* title_;
    QWidget* busy_;
    QProgressBar* progress_;
    QWidget* note_;
    QLabel* noteText_;
    QPushButton* again_;
    QPushButton* wholeFlow_;
    QTabWidget* tabs_;
    SequenceChart* sequence_;
    QVector<FlowChart*> charts_;
    FlowPacketsView* packets_;
    CaptureBar* capture_;
    QToolButton* wireshark_;
    bool captureIsTemporary_ = false; ///< the one that was asked for last
};

} // namespace packetloom
