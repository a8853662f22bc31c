// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session_file.h"

#include "app/json_members.h"
#include "core/run/option_table.h"
#include "core/support/path_text.h"
#include "core/support/plain_path.h"
#include "ui/option_spelling.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <type_traits>
#include <variant>

namespace packetloom {
namespace {

constexpr int formatVersion = 1;
const QString versionKey = QStringLiteral("packetloom_session");
const auto specsKey = QStringLiteral("reading_by_file");
const auto ownMapKey = QStringLiteral("ip_map");
const QString parametersKey = QStringLiteral("filter_parameters");

QString toJsonPath(const std::filesystem::path& path, const std::filesystem::path& folder)
{
    if (path.empty())
        return {};
    const auto relative = path.lexically_relative(folder);
    const bool below = !relative.empty() && *relative.begin() != "..";
    // With slashes, which every system understands: a session may be read on another one.
    return QString::fromStdString(pathText((below ? relative : path).generic_u8string()));
}

std::filesystem::path fromJsonPath(const QString& text, const std::filesystem::path& folder)
{
    if (text.isEmpty())
        return {};
    const auto path = pathFromText(text.toStdString());
    return path.is_absolute() ? path : plainPath(folder / path);
}

Result<QJsonObject> parse(const QByteArray& json)
{
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error{.code = Errc::JsonSyntax,
                     .detail = problem.errorString().toStdString(),
                     .file = {},
                     .byte = static_cast<std::uint64_t>(problem.offset)};
    if (!document.isObject())
        return Error{.code = Errc::JsonSyntax, .detail = "not an object", .file = {}};
    return document.object();
}

/// Where a session has an option: in a group, or at the top.
struct Place
{
    QString group, name;
};

Place placeOf(const OptionEntry& entry)
{
    const auto key = QString::fromLatin1(entry.key.data(), qsizetype(entry.key.size()));
    const auto dot = key.indexOf(QLatin1Char('.'));
    return dot < 0 ? Place{{}, key} : Place{key.first(dot), key.sliced(dot + 1)};
}

QJsonValue toJson(const OptionValue& option, const std::filesystem::path& folder)
{
    return std::visit(
        [&](const auto& value) -> QJsonValue {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::int64_t>)
                return static_cast<qint64>(value);
            else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
                return value ? QJsonValue(static_cast<qint64>(*value)) : QJsonValue();
            else if constexpr (std::is_same_v<Value, std::string>)
                return QString::fromStdString(value);
            else if constexpr (std::is_same_v<Value, std::filesystem::path>)
                return toJsonPath(value, folder);
            else if constexpr (std::is_same_v<Value, FilterEnds>)
                return value == FilterEnds::Both;
            else if constexpr (std::is_same_v<Value, JsonStyle>)
                return value == JsonStyle::Compact;
            else if constexpr (std::is_same_v<Value, Tunnels>)
                return QLatin1String(wordOf(value));
            else if constexpr (std::is_enum_v<Value>)
                return static_cast<int>(value);
            else
                return value;
        },
        option);
}

constexpr TimeUnit lastOf(TimeUnit)
{
    return TimeUnit::Text;
}

constexpr FlowsBy lastOf(FlowsBy)
{
    return FlowsBy::Exact;
}

constexpr Delimiter lastOf(Delimiter)
{
    return Delimiter::Pipe;
}

/// A word. Older versions said whether it is the outer ones.
Tunnels tunnelsOf(JsonMembers& from, const QString& name)
{
    if (!from.isText(name))
        return from.flag(name) ? Tunnels::Outer : Tunnels::Inner;
    const auto word = from.text(name);
    for (const auto tunnels : {Tunnels::Inner, Tunnels::Outer, Tunnels::Each}) {
        if (word == QLatin1String(wordOf(tunnels)))
            return tunnels;
    }
    from.fail(name);
    return {};
}

/// What a member says, or the default where there is none.
OptionValue read(JsonMembers& from, const QString& name, const OptionEntry& entry,
                 const std::filesystem::path& folder)
{
    return std::visit(
        [&](auto value) -> OptionValue {
            using Value = decltype(value);
            if constexpr (std::is_same_v<Value, std::int64_t>)
                from.number(name, value, entry.least, entry.most);
            else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
                from.number(name, value);
            else if constexpr (std::is_same_v<Value, std::string>)
                value = from.text(name).toStdString();
            else if constexpr (std::is_same_v<Value, std::filesystem::path>)
                value = fromJsonPath(from.text(name), folder);
            else if constexpr (std::is_same_v<Value, FilterEnds>)
                value = from.flag(name) ? FilterEnds::Both : FilterEnds::Either;
            else if constexpr (std::is_same_v<Value, JsonStyle>)
                value = from.flag(name) ? JsonStyle::Compact : JsonStyle::Indented;
            else if constexpr (std::is_same_v<Value, Tunnels>)
                value = tunnelsOf(from, name);
            else if constexpr (std::is_enum_v<Value>) {
                std::int64_t number = 0;
                from.number(name, number, 0, static_cast<std::int64_t>(lastOf(value)));
                value = static_cast<Value>(number);
            } else
                value = from.flag(name);
            return value;
        },
        defaultOf(entry.id));
}

// How a single capture is read. Tunnels are among the options.
QJsonObject specToJson(const InputSpec& spec, const std::filesystem::path& folder)
{
    return {{QStringLiteral("capture"), toJsonPath(spec.file, folder)},
            {ownMapKey, toJsonPath(spec.ipMap, folder)},
            {QStringLiteral("columns"), QString::fromStdString(spec.columns)},
            {QStringLiteral("time_unit"), static_cast<int>(spec.timeUnit)},
            {QStringLiteral("time_base_us"),
             spec.timeBase ? QJsonValue(static_cast<qint64>(*spec.timeBase)) : QJsonValue()},
            {QStringLiteral("delimiter"), static_cast<int>(spec.delimiter)},
            {QStringLiteral("no_header"), spec.noHeader}};
}

InputSpec specFrom(JsonMembers& from, const std::filesystem::path& folder)
{
    InputSpec spec;
    spec.file = fromJsonPath(from.text(QStringLiteral("capture")), folder);
    spec.ipMap = fromJsonPath(from.text(ownMapKey), folder);
    spec.columns = from.text(QStringLiteral("columns")).toStdString();
    std::int64_t unit = 0, delimiter = 0;
    from.number(QStringLiteral("time_unit"), unit, 0, static_cast<std::int64_t>(lastOf(spec.timeUnit)));
    from.number(QStringLiteral("delimiter"), delimiter, 0, static_cast<std::int64_t>(lastOf(spec.delimiter)));
    spec.timeUnit = static_cast<TimeUnit>(unit);
    spec.delimiter = static_cast<Delimiter>(delimiter);
    from.number(QStringLiteral("time_base_us"), spec.timeBase);
    spec.noHeader = from.flag(QStringLiteral("no_header"));
    return spec;
}

// Also behind the prefixes of Windows itself, two slashes or one and then question marks.
bool isElsewhere(const QString& file)
{
    const auto slash = [&](qsizetype i) {
        return i < file.size() && (file[i] == QLatin1Char('\\') || file[i] == QLatin1Char('/'));
    };
    return slash(0) && (slash(1) || (file.mid(1, 2) == QLatin1String("??") && slash(3)));
}

bool isPlaceholder(const QString& text)
{
    return text.startsWith(QLatin1Char('<')) && text.endsWith(QLatin1Char('>'));
}

} // namespace

QByteArray sessionToJson(const SessionFile& session, const std::filesystem::path& folder)
{
    const Options& options = session.options;
    QJsonArray captures;
    for (const auto& input : options.inputs)
        captures.append(toJsonPath(input, folder));
    QJsonObject json{{versionKey, formatVersion}};
    if (!session.dataset.empty())
        json[QStringLiteral("dataset")] = toJsonPath(session.dataset, folder);
    json[QStringLiteral("captures")] = captures;
    QJsonArray specs;
    for (const auto& spec : options.specs)
        specs.append(specToJson(spec, folder));
    if (!specs.isEmpty())
        json[specsKey] = specs;
    for (const auto& entry : optionTable) {
        if (!entry.ofSession)
            continue;
        const auto place = placeOf(entry);
        const auto value = toJson(valueOf(options, entry.id), folder);
        if (place.group.isEmpty()) {
            json[place.name] = value;
            continue;
        }
        auto group = json[place.group].toObject();
        group[place.name] = value;
        json[place.group] = group;
    }
    json[QStringLiteral("view")] = session.view;
    return QJsonDocument(json).toJson();
}

Result<SessionFile> sessionFromJson(const QByteArray& json, const std::filesystem::path& folder)
{
    auto object = parse(json);
    if (!object)
        return std::move(object).error();
    if (object->value(versionKey).toInt() != formatVersion)
        return JsonMembers::shapeError(versionKey);
    SessionFile session;
    Options& options = session.options;
    JsonMembers top(*object, {});
    session.dataset = fromJsonPath(top.text("dataset"), folder);
    for (const auto& capture : top.texts("captures"))
        options.inputs.push_back(fromJsonPath(capture, folder));
    for (const auto& spec : object->value(specsKey).toArray()) {
        JsonMembers reader(spec.toObject(), specsKey);
        options.specs.push_back(specFrom(reader, folder));
        top.adopt(reader);
    }
    for (const auto& entry : optionTable) {
        if (!entry.ofSession)
            continue;
        const auto place = placeOf(entry);
        if (place.group.isEmpty()) {
            setValue(options, entry.id, read(top, place.name, entry, folder));
            continue;
        }
        auto group = top.child(place.group);
        setValue(options, entry.id, read(group, place.name, entry, folder));
        top.adopt(group);
    }
    session.view = object->value(QStringLiteral("view")).toObject();
    if (top.error())
        return *top.error();
    return session;
}

Result<Options> selectionFromJson(const QByteArray& json, const std::filesystem::path& folder)
{
    auto object = parse(json);
    if (!object)
        return std::move(object).error();
    if (!object->value(parametersKey).isObject())
        return JsonMembers::shapeError(parametersKey);
    Options options;
    JsonMembers parameters(object->value(parametersKey).toObject(), parametersKey);
    for (const auto& file : parameters.texts("data_files")) {
        if (!file.isEmpty() && !isPlaceholder(file))
            options.inputs.push_back(fromJsonPath(file, folder));
    }
    if (const auto map = parameters.text("ip_map"); !isPlaceholder(map))
        options.ipMap = fromJsonPath(map, folder);
    options.addressFilter = parameters.texts("filter_ips").join(QLatin1Char(',')).toStdString();
    parameters.number("filter_time_start", options.window.start);
    parameters.number("filter_time_end", options.window.end);
    options.attackContext = parameters.text("attack_context").toStdString();
    if (parameters.error())
        return *parameters.error();
    return options;
}

QStringList filesElsewhere(const QByteArray& json)
{
    auto object = parse(json);
    if (!object)
        return {};
    // Every member that becomes a path above.
    JsonMembers session(*object, {});
    JsonMembers parameters(object->value(parametersKey).toObject(), parametersKey);
    QStringList files = session.texts("captures") + parameters.texts("data_files");
    files << session.text("dataset") << session.text("ip_map") << parameters.text("ip_map");
    for (const auto& spec : object->value(specsKey).toArray())
        files << spec.toObject().value(ownMapKey).toString();
    files.removeIf([](const QString& file) { return !isElsewhere(file); });
    return files;
}

JsonKind jsonKind(const QByteArray& json)
{
    const auto object = parse(json);
    if (!object)
        return JsonKind::Other;
    if (object->contains(versionKey))
        return JsonKind::Session;
    return object->value(parametersKey).isObject() ? JsonKind::Selection : JsonKind::Other;
}

} // namespace packetloom
