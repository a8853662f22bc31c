// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/look_up.h"
#include "core/shard/look.h"
#include "core/shard/outlook.h"

#include <QObject>
#include <QThreadPool>
#include <filesystem>
#include <memory>
#include <vector>

namespace packetloom {

/// Questions about jobs that many machines share, on a thread of its own: so may the disk that they are on,
/// which may take its time. Of each, a later call replaces an earlier one that is not done. The destructor
/// waits for what is under way.
class JobLookups final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(JobLookups)

public:
    explicit JobLookups(QObject* parent = nullptr);
    ~JobLookups() override;

    /// See outlookOf().
    void inspectPlace(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& folder);
    /// See readJob().
    void read(const std::filesystem::path& folder);
    /// See lookAt().
    void look(const std::shared_ptr<const Job>& job, const std::filesystem::path& place, bool thorough);

signals:
    void placeInspected(const std::filesystem::path& folder, const packetloom::JobOutlook& outlook);
    void wasRead(const packetloom::Result<std::shared_ptr<const packetloom::Job>>& job);
    void looked(const packetloom::JobLook& look);

private:
    QThreadPool thread_;
    LookUp place_, read_, look_;
};

} // namespace packetloom
