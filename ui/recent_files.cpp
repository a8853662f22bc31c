// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/recent_files.h"

#include "core/support/path_text.h"

#include <QSettings>
#include <QString>
#include <QStringList>
#include <QVariantMap>

namespace packetloom {
namespace {

const auto filesKey = QStringLiteral("captures/recent");
const auto mapsKey = QStringLiteral("captures/recentMaps"); ///< by capture
constexpr int mostRecent = 12;

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

std::filesystem::path pathOf(const QString& text)
{
    return pathFromText(text.toStdString());
}

} // namespace

std::vector<RecentFile> recentFiles()
{
    const QSettings settings;
    const auto maps = settings.value(mapsKey).toMap();
    std::vector<RecentFile> files;
    for (const auto& name : settings.value(filesKey).toStringList()) {
        RecentFile file{.path = pathOf(name), .ipMap = {}};
        if (const auto map = maps.find(name); map != maps.end())
            file.ipMap = pathOf(map->toString());
        files.push_back(std::move(file));
    }
    return files;
}

void rememberFiles(const std::vector<RecentFile>& files)
{
    QSettings settings;
    auto names = settings.value(filesKey).toStringList();
    auto maps = settings.value(mapsKey).toMap();
    for (const RecentFile& file : files) {
        const auto name = textOf(file.path);
        names.removeAll(name);
        names.prepend(name);
        maps.remove(name);
        if (file.ipMap)
            maps.insert(name, textOf(*file.ipMap));
    }
    names = names.mid(0, mostRecent);
    QVariantMap kept;
    for (auto map = maps.cbegin(); map != maps.cend(); ++map) {
        if (names.contains(map.key()))
            kept.insert(map.key(), map.value());
    }
    settings.setValue(filesKey, names);
    settings.setValue(mapsKey, kept);
}

void forgetRecentFiles()
{
    QSettings settings;
    settings.remove(filesKey);
    settings.remove(mapsKey);
}

} // namespace packetloom
