// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/json_members.h"

#include <QJsonArray>
#include <cmath>

namespace packetloom {

Error JsonMembers::shapeError(const QString& member)
{
    return Error{.code = Errc::JsonShape, .detail = member.toStdString(), .file = {}};
}

JsonMembers JsonMembers::child(const QString& name)
{
    const auto value = take(name);
    if (!value.isUndefined() && !value.isNull() && !value.isObject())
        fail(name);
    return {value.toObject(), path(name)};
}

QString JsonMembers::text(const QString& name)
{
    const auto value = take(name);
    if (!value.isUndefined() && !value.isNull() && !value.isString())
        fail(name);
    return value.toString();
}

QStringList JsonMembers::texts(const QString& name)
{
    const auto value = take(name);
    QStringList list;
    if (value.isString())
        return {value.toString()};
    if (!value.isUndefined() && !value.isNull() && !value.isArray())
        fail(name);
    for (const auto& entry : value.toArray()) {
        if (!entry.isString())
            fail(name);
        list << entry.toString();
    }
    return list;
}

bool JsonMembers::flag(const QString& name)
{
    const auto value = take(name);
    if (!value.isUndefined() && !value.isNull() && !value.isBool())
        fail(name);
    return value.toBool();
}

void JsonMembers::number(const QString& name, std::int64_t& into, std::int64_t least, std::int64_t most)
{
    const auto value = take(name);
    if (value.isUndefined() || value.isNull())
        return;
    std::optional<std::int64_t> whole;
    if (value.isString()) {
        bool understood = false;
        whole = value.toString().toLongLong(&understood);
        if (!understood)
            whole.reset();
    } else if (value.isDouble()) {
        // JavaScript writes whole microseconds as doubles, now and then with a fraction.
        const double number = std::floor(value.toDouble());
        if (value.toInteger(0) == value.toInteger(1)) // then it is one
            whole = value.toInteger();
        else if (std::abs(number) < 9.2e18)
            whole = static_cast<qint64>(number);
    }
    if (!whole || *whole < least || *whole > most)
        fail(name);
    else
        into = *whole;
}

void JsonMembers::number(const QString& name, std::optional<std::int64_t>& into)
{
    const auto value = take(name);
    if (value.isUndefined() || value.isNull() || (value.isString() && value.toString().isEmpty()))
        return;
    std::int64_t whole = 0;
    number(name, whole);
    into = whole;
}

void JsonMembers::adopt(const JsonMembers& child)
{
    if (!error_)
        error_ = child.error_;
}

QString JsonMembers::path(const QString& name) const
{
    return where_.isEmpty() ? name : where_ + QLatin1Char('.') + name;
}

void JsonMembers::fail(const QString& name)
{
    if (!error_)
        error_ = shapeError(path(name));
}

} // namespace packetloom
