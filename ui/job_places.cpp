// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/job_places.h"

#include "core/support/path_text.h"

#include <QSettings>
#include <QStringList>

namespace packetloom {
namespace {

const auto placesKey = QStringLiteral("jobs/places"); ///< ids and places by turns, the latest first
constexpr qsizetype mostJobs = 30;

} // namespace

std::filesystem::path rememberedPlace(const std::string& job)
{
    const auto known = QSettings().value(placesKey).toStringList();
    for (qsizetype i = 0; i + 1 < known.size(); i += 2) {
        if (known[i].toStdString() == job)
            return pathFromText(known[i + 1].toStdString());
    }
    return {};
}

void rememberPlace(const std::string& job, const std::filesystem::path& place)
{
    QSettings settings;
    const auto known = settings.value(placesKey).toStringList();
    QStringList latest{QString::fromStdString(job), QString::fromStdString(pathText(place))};
    for (qsizetype i = 0; i + 1 < known.size() && latest.size() < 2 * mostJobs; i += 2) {
        if (known[i].toStdString() != job)
            latest << known[i] << known[i + 1];
    }
    settings.setValue(placesKey, latest);
}

} // namespace packetloom
