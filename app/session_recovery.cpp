// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session_recovery.h"

#include "core/support/file.h"
#include "core/support/path_text.h"

#include <QDir>
#include <QSaveFile>
#include <QUuid>
#include <utility>

namespace packetloom {
namespace {

constexpr const char* sessionEnding = ".packetloom";
constexpr const char* lockEnding = ".lock";

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

} // namespace

SessionRecovery::SessionRecovery(std::filesystem::path folder)
    : folder_(std::move(folder)), own_(QUuid::createUuid().toString(QUuid::Id128)), lock_(lockOf(own_))
{
    worker_.setMaxThreadCount(1);
}

SessionRecovery::~SessionRecovery()
{
    worker_.waitForDone();
    if (!keptAtEnd_)
        removeFiles(own_);
}

QString SessionRecovery::pathOf(const QString& id, const char* ending) const
{
    return textOf(folder_) + QLatin1Char('/') + id + QLatin1String(ending);
}

std::shared_ptr<QLockFile> SessionRecovery::lockOf(const QString& id) const
{
    auto lock = std::make_shared<QLockFile>(pathOf(id, lockEnding));
    lock->setStaleLockTime(0); // an instance may run for weeks; only whether it still runs counts
    return lock;
}

void SessionRecovery::save(const SessionFile& session)
{
    const bool anything = !session.options.inputs.empty() || !session.dataset.empty();
    auto json = anything ? sessionToJson(session, folder_) : QByteArray();
    if (json == latest_)
        return;
    latest_ = json;
    worker_.start([this, json = std::move(json)] { write(json); });
}

void SessionRecovery::write(const QByteArray& json)
{
    const auto path = pathOf(own_, sessionEnding);
    if (json.isEmpty()) {
        saved_ = !QFile::exists(path) || QFile::remove(path);
        return;
    }
    saved_ = QDir().mkpath(textOf(folder_)) && (lock_->isLocked() || lock_->tryLock(0));
    if (!saved_)
        return; // without its lock it would be taken for a crashed one's
    QSaveFile file(path);
    saved_ = file.open(QIODevice::WriteOnly) && file.write(json) == json.size() && file.commit();
}

std::optional<SessionFile> SessionRecovery::findLeft()
{
    left_.reset();
    sweep();
    const auto files = QDir(textOf(folder_))
                           .entryInfoList({QLatin1Char('*') + QLatin1String(sessionEnding)}, QDir::Files,
                                          QDir::Time); // newest first
    for (const auto& file : files) {
        const auto id = file.completeBaseName();
        if (id == own_)
            continue;
        auto lock = lockOf(id);
        if (!lock->tryLock(0))
            continue; // its instance runs, or another one offers it already
        const auto text = readWhole(pathFromText(file.filePath().toStdString()), documentLimit, Errc::Read);
        if (!text)
            continue; // discarded in the meantime, perhaps
        auto session = sessionFromJson(QByteArray::fromStdString(*text), folder_);
        if (session) {
            left_ = Left{id, std::move(lock)};
            return *std::move(session);
        }
        if (session.error().code == Errc::JsonSyntax) // else it may be a later version's
            removeFiles(id);
    }
    return std::nullopt;
}

void SessionRecovery::discardLeft()
{
    if (auto left = std::exchange(left_, std::nullopt))
        worker_.start([this, left = *std::move(left)] { removeFiles(left.id); });
}

void SessionRecovery::replaceLeft(const SessionFile& session)
{
    save(session);
    if (auto left = std::exchange(left_, std::nullopt))
        worker_.start([this, left = *std::move(left)] {
            if (saved_)
                removeFiles(left.id);
        });
}

// The session, and what a crash in the middle of writing it left beside it. The lock removes its own file.
void SessionRecovery::removeFiles(const QString& id) const
{
    const auto names = QDir(textOf(folder_))
                           .entryInfoList({id + QLatin1String(sessionEnding) + QLatin1Char('*')},
                                          QDir::Files | QDir::Hidden);
    for (const auto& file : names)
        QFile::remove(file.filePath());
}

// Locks and half-written files of crashed instances that had nothing open.
void SessionRecovery::sweep() const
{
    for (const auto& file : QDir(textOf(folder_)).entryInfoList(QDir::Files | QDir::Hidden)) {
        const auto id = file.fileName().section(QLatin1Char('.'), 0, 0);
        if (id == own_ || QFile::exists(pathOf(id, sessionEnding)))
            continue;
        const auto lock = lockOf(id);
        if (lock->tryLock(0))
            removeFiles(id);
    }
}

} // namespace packetloom
