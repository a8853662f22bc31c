// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/session_file.h"

#include <QLockFile>
#include <QThreadPool>
#include <filesystem>
#include <memory>
#include <optional>

namespace packetloom {

/// Keeps what is open in a file of this instance's own, in case that the program does not end properly, and
/// finds what others left in that case. Beside each file is a lock that its instance holds while it runs.
/// Files are written and removed on a thread of their own, in order; a folder that cannot be written costs
/// the recovery and nothing else.
class SessionRecovery final
{
public:
    /// `folder` is made when there is something to keep, and holds nothing else.
    explicit SessionRecovery(std::filesystem::path folder);
    SessionRecovery(const SessionRecovery&) = delete;
    SessionRecovery& operator=(const SessionRecovery&) = delete;
    /// A proper end, unless keepAtEnd() was called: the own file goes.
    ~SessionRecovery();

    /// In place of what was kept before, whole or not at all. Nothing is kept of a session that has nothing
    /// open.
    void save(const SessionFile& session);

    /// The end to come is no proper one: what is saved then is found as after a crash.
    void keepAtEnd() { keptAtEnd_ = true; }

    /// The newest session that a crash left. It is this instance's until it is discarded or replaced; left
    /// alone, it is found again after this one has ended. Damaged ones are removed.
    [[nodiscard]] std::optional<SessionFile> findLeft();
    void discardLeft();
    /// Keeps `session`, and removes what was left once that is on the disk.
    void replaceLeft(const SessionFile& session);

private:
    struct Left
    {
        QString id;
        std::shared_ptr<QLockFile> lock;
    };

    [[nodiscard]] QString pathOf(const QString& id, const char* ending) const;
    [[nodiscard]] std::shared_ptr<QLockFile> lockOf(const QString& id) const;
    void write(const QByteArray& json);
    void removeFiles(const QString& id) const;
    void sweep() const;

    std::filesystem::path folder_;
    QString own_;        ///< what the names of this instance's files begin with
    QByteArray latest_;  ///< what save() was told last; empty for nothing
    bool saved_ = false; ///< what was told last is on the disk; of the worker
    bool keptAtEnd_ = false;
    std::shared_ptr<QLockFile> lock_;
    std::optional<Left> left_;
    QThreadPool worker_; ///< one thread
};

} // namespace packetloom
