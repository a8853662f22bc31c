// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_spec.h"

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

namespace packetloom {

/// How a kind of table is to be read, saved under a name: offered again for tables with the same header.
struct SavedMapping
{
    QString name;
    QStringList header;
    InputSpec spec{}; ///< without a file
};

/// Those in the settings, by name.
std::vector<SavedMapping> savedMappings();
/// In place of one of the same name.
void saveMapping(const SavedMapping& mapping);
void forgetMapping(const QString& name);
/// Those that were saved for tables with this header; none for a table without one.
std::vector<SavedMapping> mappingsFor(const QStringList& header);

/// What `spec` becomes for its file when it is read as the mapping says.
InputSpec readAs(const SavedMapping& mapping, InputSpec spec);

QStringList headerOf(const std::vector<std::string>& columns);

} // namespace packetloom
