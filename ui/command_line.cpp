// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/command_line.h"

#include "core/support/path_text.h"

#include <QRegularExpression>
#include <QStringList>

namespace packetloom {
namespace {

QString quoted(const std::string& text)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    auto word = QString::fromStdString(text);
    if (plain.match(word).hasMatch())
        return word;
    return QLatin1Char('\'') + word.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

QString quoted(const std::filesystem::path& path)
{
    return quoted(pathText(path));
}

} // namespace

QString commandLine(const Options& options, const std::filesystem::path& folder)
{
    const Options defaults;
    QStringList words{QStringLiteral("packetloom-cli"), QStringLiteral("--data")};
    for (const auto& input : options.inputs)
        words << quoted(input);
    const auto add = [&](const char* name, const QString& value) { words << QLatin1String(name) << value; };
    const auto number = [&](const char* name, std::int64_t value, std::int64_t usual) {
        if (value != usual)
            add(name, QString::number(value));
    };
    if (!options.ipMap.empty())
        add("--ip-map", quoted(options.ipMap));
    add("--output-dir", folder.empty() ? QStringLiteral("DATASET") : quoted(folder));
    if (!options.addressFilter.empty())
        add("--filter-ips", quoted(options.addressFilter));
    if (!options.addressFilter.empty() && options.filterEnds == FilterEnds::Both)
        add("--filter-ends", QStringLiteral("both"));
    if (options.window.start)
        add("--filter-time-start", QString::number(*options.window.start));
    if (options.window.end)
        add("--filter-time-end", QString::number(*options.window.end));
    number("--max-records", options.maxRecords, defaults.maxRecords);
    number("--chunk-size", options.flowsPerChunk, defaults.flowsPerChunk);
    number("--chunk-read-size", options.readChunkRows, defaults.readChunkRows);
    number("--flow-timeout-seconds", options.flowTimeoutSeconds, defaults.flowTimeoutSeconds);
    if (!options.attackContext.empty())
        add("--attack-context", quoted(options.attackContext));
    if (options.style == JsonStyle::Compact)
        words << QStringLiteral("--compact");
    return words.join(QLatin1Char(' '));
}

} // namespace packetloom
