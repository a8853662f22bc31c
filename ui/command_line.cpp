// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/command_line.h"

#include "core/support/path_text.h"
#include "ui/option_spelling.h"
#include "ui/shell_words.h"

#include <QStringList>
#include <optional>
#include <type_traits>
#include <variant>

namespace packetloom {
namespace {

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
                return {word + QLatin1Char('=') + shellQuoted(value)}; // or else it would be an option itself
            else
                return {word, shellQuoted(value)};
        },
        valueOf(options, id));
}

QStringList ownMapWords(const std::filesystem::path& input, const std::filesystem::path& map)
{
    return {QStringLiteral("--ip-map-for"), shellQuoted(pathText(input) + '=' + pathText(map))};
}

/// Options that one line can say: how inputs are read is said for all of them, their IP maps for each.
struct Sayable
{
    Options options;
    QStringList ownMaps; ///< words
};

/// Nothing where inputs are read in different ways.
std::optional<Sayable> sayable(const Options& asked)
{
    Sayable said{.options = asked, .ownMaps = {}};
    if (asked.specs.empty() || asked.inputs.empty())
        return said;
    const auto readingOf = [&](const std::filesystem::path& input) {
        auto spec = specOf(asked, input);
        spec.file.clear();
        spec.ipMap.clear();
        return spec;
    };
    said.options.reading = readingOf(asked.inputs.front());
    for (const auto& input : asked.inputs) {
        if (readingOf(input) != said.options.reading)
            return std::nullopt;
        if (const auto map = specOf(asked, input).ipMap; !map.empty())
            said.ownMaps << ownMapWords(input, map);
    }
    said.options.specs.clear();
    return said;
}

/// Adds the words of an option, unless it is as usual.
void add(QStringList& words, const Options& options, OptionId id)
{
    if (counts(options, id) && valueOf(options, id) != defaultOf(id))
        words << wordsFor(options, id);
}

/// Of a file of flows: what means nothing for it, and what is said in another way.
bool isOfDatasets(OptionId id)
{
    switch (id) {
    case OptionId::FlowsPerChunk:
    case OptionId::ReadChunkRows:
    case OptionId::FlowTimeout:
    case OptionId::AttackContext:
    case OptionId::Style:
    case OptionId::Engine:
    case OptionId::Filter:
    case OptionId::Tunnels:
        return true;
    default:
        return false;
    }
}

/// An option with a text that may begin with a dash.
QString withText(const char* name, const std::string& text)
{
    return QLatin1String(name) + QLatin1Char(beginsWithDash(text) ? '=' : ' ') + shellQuoted(text);
}

} // namespace

QString commandLine(const Options& asked, const std::filesystem::path& folder)
{
    const auto said = sayable(asked);
    if (!said)
        return {};
    const Options& options = said->options;
    QStringList words{QStringLiteral("packetloom-cli"), QStringLiteral("--data")};
    for (const auto& input : options.inputs)
        words << shellQuoted(input);
    add(words, options, OptionId::IpMap); // beside what it explains
    words << said->ownMaps;
    words << QStringLiteral("--output-dir")
          << (folder.empty() ? QStringLiteral("DATASET") : shellQuoted(folder));
    for (const auto& entry : optionTable) {
        if (entry.id != OptionId::IpMap)
            add(words, options, entry.id);
    }
    return words.join(QLatin1Char(' '));
}

QString exportCommandLine(const Options& asked, const FlowExportQuestion& question)
{
    auto said = sayable(asked);
    if (!said)
        return {};
    Options& options = said->options;
    options.exact = question.rules;
    options.flowsBy = FlowsBy::Exact; // so its times count
    if (question.rules.checksumsCount)
        options.reading.verifyChecksums = false; // one says the other
    QStringList words{QStringLiteral("packetloom-cli"), QStringLiteral("export")};
    for (const auto& input : options.inputs)
        words << shellQuoted(input);
    add(words, options, OptionId::IpMap);
    words << said->ownMaps;
    const auto id = question.format->id;
    words << QStringLiteral("--as") << QString::fromLatin1(id.data(), qsizetype(id.size()))
          << QStringLiteral("--output") << shellQuoted(question.file);
    if (!question.filter.empty())
        words << withText("--filter", question.filter);
    if (!options.filter.empty())
        words << withText("--read-filter", options.filter);
    if (options.reading.tunnels != Tunnels::Each) // which is usual there
        words << QStringLiteral("--tunnels") << QLatin1String(wordOf(options.reading.tunnels));
    if (question.rules.checksumsCount)
        words << QStringLiteral("--checksums check");
    for (const auto& entry : optionTable) {
        if (entry.id != OptionId::IpMap && !isOfDatasets(entry.id))
            add(words, options, entry.id);
    }
    return words.join(QLatin1Char(' '));
}

} // namespace packetloom
