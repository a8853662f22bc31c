// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/saved_mappings.h"

#include <QSettings>
#include <QVariantMap>

namespace packetloom {
namespace {

const auto mappingsKey = QStringLiteral("captures/mappings"); ///< by name
const auto headerName = QStringLiteral("header");
const auto columnsName = QStringLiteral("columns");
const auto unitName = QStringLiteral("timeUnit");
const auto delimiterName = QStringLiteral("delimiter");
const auto noHeaderName = QStringLiteral("noHeader");

template <class Enum>
Enum enumOf(const QVariant& value, Enum last)
{
    const int number = value.toInt();
    return number > 0 && number <= static_cast<int>(last) ? static_cast<Enum>(number) : Enum::Sniffed;
}

} // namespace

std::vector<SavedMapping> savedMappings()
{
    std::vector<SavedMapping> mappings;
    const auto all = QSettings().value(mappingsKey).toMap();
    for (auto entry = all.cbegin(); entry != all.cend(); ++entry) {
        const auto fields = entry->toMap();
        SavedMapping& mapping = mappings.emplace_back();
        mapping.name = entry.key();
        mapping.header = fields.value(headerName).toStringList();
        mapping.spec.columns = fields.value(columnsName).toString().toStdString();
        mapping.spec.timeUnit = enumOf(fields.value(unitName), TimeUnit::Text);
        mapping.spec.delimiter = enumOf(fields.value(delimiterName), Delimiter::Pipe);
        mapping.spec.noHeader = fields.value(noHeaderName).toBool();
    }
    return mappings;
}

void saveMapping(const SavedMapping& mapping)
{
    QSettings settings;
    auto all = settings.value(mappingsKey).toMap();
    all.insert(mapping.name, QVariantMap{{headerName, mapping.header},
                                         {columnsName, QString::fromStdString(mapping.spec.columns)},
                                         {unitName, static_cast<int>(mapping.spec.timeUnit)},
                                         {delimiterName, static_cast<int>(mapping.spec.delimiter)},
                                         {noHeaderName, mapping.spec.noHeader}});
    settings.setValue(mappingsKey, all);
}

void forgetMapping(const QString& name)
{
    QSettings settings;
    auto all = settings.value(mappingsKey).toMap();
    all.remove(name);
    settings.setValue(mappingsKey, all);
}

std::vector<SavedMapping> mappingsFor(const QStringList& header)
{
    auto mappings = header.isEmpty() ? std::vector<SavedMapping>() : savedMappings();
    std::erase_if(mappings, [&](const SavedMapping& mapping) { return mapping.header != header; });
    return mappings;
}

InputSpec readAs(const SavedMapping& mapping, InputSpec spec)
{
    spec.columns = mapping.spec.columns;
    spec.timeUnit = mapping.spec.timeUnit;
    spec.delimiter = mapping.spec.delimiter;
    spec.noHeader = mapping.spec.noHeader;
    return spec;
}

QStringList headerOf(const std::vector<std::string>& columns)
{
    QStringList header;
    for (const auto& column : columns)
        header << QString::fromStdString(column);
    return header;
}

} // namespace packetloom
