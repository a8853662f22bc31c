// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/flow_captures.h"

#include "core/support/path_text.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds tellEvery{150};
constexpr double permille = 1000;

} // namespace

QString wiresharkProgram()
{
    const auto name = QStringLiteral("wireshark");
    if (auto found = QStandardPaths::findExecutable(name); !found.isEmpty())
        return found;
    QStringList places;
#if defined(Q_OS_WIN)
    for (const char* const variable : {"ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"}) {
        if (const auto folder = qEnvironmentVariable(variable); !folder.isEmpty())
            places += folder + QStringLiteral("/Wireshark");
    }
#elif defined(Q_OS_MACOS)
    for (const auto& folder :
         {QStringLiteral("/Applications"), QDir::homePath() + QStringLiteral("/Applications")})
        places += folder + QStringLiteral("/Wireshark.app/Contents/MacOS");
#endif
    return places.isEmpty() ? QString() : QStandardPaths::findExecutable(name, places);
}

FlowCaptures::FlowCaptures(QObject* parent) : QObject(parent)
{
    thread_.setMaxThreadCount(1);
    poll_.setInterval(tellEvery);
    connect(&poll_, &QTimer::timeout, this, [this] { emit progressed(*permille_ / permille); });
}

FlowCaptures::~FlowCaptures()
{
    cancel();
    thread_.clear();
    thread_.waitForDone();
}

void FlowCaptures::cancel()
{
    poll_.stop();
    if (latest_)
        *latest_ = true;
}

Result<std::filesystem::path> FlowCaptures::temporaryPath(const Analysis& analysis, std::size_t flow)
{
    if (!folder_ || !folder_->isValid())
        folder_ = std::make_unique<QTemporaryDir>();
    if (!folder_->isValid())
        return Error{
            .code = Errc::TemporaryFolder, .detail = folder_->errorString().toStdString(), .file = {}};
    // Of a flow that is opened twice each has its file: the first may still be looked at.
    const auto name = QStringLiteral("flow_%1").arg(analysis.flows.number(flow), 6, 10, QLatin1Char('0'));
    QString path;
    for (int i = 1; path.isEmpty() || QFileInfo::exists(path); ++i)
        path = folder_->filePath(name + (i > 1 ? QStringLiteral("_%1").arg(i) : QString()) +
                                 QStringLiteral(".pcapng"));
    return pathFromText(path.toStdString());
}

void FlowCaptures::write(const AnalysisPtr& analysis, std::size_t flow, const QString& path)
{
    const bool opens = path.isEmpty();
    auto target = opens ? temporaryPath(*analysis, flow)
                        : Result<std::filesystem::path>(pathFromText(path.toStdString()));
    if (!target) {
        emit failed(flow, target.error());
        return;
    }
    permille_ = std::make_shared<std::atomic<int>>(0);
    poll_.start();
    lookUpOn(
        thread_, this, latest_,
        [analysis, flow, to = *target, told = permille_](StopFlag stop) -> Result<FlowCapture> {
            const auto* const capture = analysis->capture();
            if (!capture) // nobody asks for that
                return Error{.code = Errc::Internal, .detail = "no capture", .file = {}};
            return writeFlowCapture(*capture, flow, to, true, [&](double part) {
                told->store(static_cast<int>(part * permille), std::memory_order_relaxed);
                return !stopped(stop);
            });
        },
        [this, flow, opens, to = *target](const Result<FlowCapture>& capture) {
            poll_.stop();
            if (!capture) {
                emit failed(flow, capture.error());
                return;
            }
            const auto file = QString::fromStdString(pathText(to));
            // Nothing of the flow is left in the inputs: an empty window would not say so.
            const bool opened = opens && capture->written > 0 && !program_.isEmpty() &&
                                QProcess::startDetached(program_, {file});
            emit written(flow, file, *capture, opened);
        });
}

} // namespace packetloom
