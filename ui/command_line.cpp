// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/command_line.h"

#include "core/support/path_text.h"
#include "ui/option_spelling.h"

#include <QRegularExpression>
#include <QStringList>
#include <type_traits>
#include <variant>

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

bool beginsWithDash(const std::string& text)
{
    return text.starts_with('-');
}

bool beginsWithDash(const std::filesystem::path& path)
{
    return beginsWithDash(pathText(path));
}

/// The words for an option that is not as usual.
QStringList wordsFor(const Options& options, OptionId id)
{
    const auto word = QString::fromStdString(optionWord(id));
    return std::visit(
        [&](const auto& value) -> QStringList {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, bool> || std::is_same_v<Value, JsonStyle>)
                return {word};
            else if constexpr (std::is_same_v<Value, std::int64_t>)
                return {word, QString::number(value / spellingOf(id).unit)};
            else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
                return {word, QString::number(*value)}; // none is as usual
            else if constexpr (std::is_enum_v<Value>)
                return {word, QLatin1String(wordOf(value))};
            else if (beginsWithDash(value))
                return {word + QLatin1Char('=') + quoted(value)}; // or else it would be an option itself
            else
                return {word, quoted(value)};
        },
        valueOf(options, id));
}

QStringList ownMapWords(const std::filesystem::path& input, const std::filesystem::path& map)
{
    return {QStringLiteral("--ip-map-for"), quoted(pathText(input) + '=' + pathText(map))};
}

} // namespace

QString commandLine(const Options& asked, const std::filesystem::path& folder)
{
    Options options = asked;
    QStringList ownMaps;
    if (!options.specs.empty() && !options.inputs.empty()) { // said for all, if it is one for all
        const auto readingOf = [&](const std::filesystem::path& input) {
            auto spec = specOf(asked, input);
            spec.file.clear();
            spec.ipMap.clear(); // said for each
            return spec;
        };
        options.reading = readingOf(asked.inputs.front());
        for (const auto& input : options.inputs) {
            if (readingOf(input) != options.reading)
                return {};
            if (const auto map = specOf(asked, input).ipMap; !map.empty())
                ownMaps << ownMapWords(input, map);
        }
        options.specs.clear();
    }
    QStringList words{QStringLiteral("packetloom-cli"), QStringLiteral("--data")};
    for (const auto& input : options.inputs)
        words << quoted(input);
    const auto add = [&](OptionId id) {
        if (counts(options, id) && valueOf(options, id) != defaultOf(id))
            words << wordsFor(options, id);
    };
    add(OptionId::IpMap); // beside what it explains
    words << ownMaps;
    words << QStringLiteral("--output-dir") << (folder.empty() ? QStringLiteral("DATASET") : quoted(folder));
    for (const auto& entry : optionTable) {
        if (entry.id != OptionId::IpMap)
            add(entry.id);
    }
    return words.join(QLatin1Char(' '));
}

} // namespace packetloom
