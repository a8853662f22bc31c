// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/path_text.h"

#include <QListWidgetItem>
#include <QString>
#include <filesystem>

namespace packetloom::capturelist {

// What the items of a CaptureList hold; of the list's own files alone.

enum Role : int {
    PathRole = Qt::UserRole,
    NameRole,
    AboutRole,
    ReadableRole,
    IpMapRole,      ///< of this file alone; empty where there is none
    IncompleteRole, ///< why not all of it is in the last run; empty where it is
    TimeRole,       ///< first timestamp; invalid where it is not known
};

inline QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

inline std::filesystem::path pathOf(const QListWidgetItem* item)
{
    return pathFromText(item->data(PathRole).toString().toStdString());
}

} // namespace packetloom::capturelist
