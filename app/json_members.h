// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

namespace packetloom {

/// Takes members out of an object and remembers the first that is of the wrong kind.
class JsonMembers
{
public:
    /// `where` is the object's own name in errors; empty for the whole document.
    JsonMembers(QJsonObject object, QString where) : object_(std::move(object)), where_(std::move(where)) {}

    /// JsonShape: `member` is missing or not as expected.
    static Error shapeError(const QString& member);
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

    // What is not there, or null, is an empty one.
    JsonMembers child(const QString& name);
    QString text(const QString& name);
    /// A list, or one text.
    QStringList texts(const QString& name);
    bool flag(const QString& name);
    /// A whole number, or a text of one, from `least` to `most`; `into` stays as it is where there is none.
    void number(const QString& name, std::int64_t& into,
                std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                std::int64_t most = std::numeric_limits<std::int64_t>::max());
    void number(const QString& name, std::optional<std::int64_t>& into);
    [[nodiscard]] bool isText(const QString& name) const { return take(name).isString(); }
    /// It says what is not understood.
    void fail(const QString& name);
    /// Its error is one of this object, too.
    void adopt(const JsonMembers& child);

private:
    [[nodiscard]] QJsonValue take(const QString& name) const { return object_.value(name); }
    [[nodiscard]] QString path(const QString& name) const;

    QJsonObject object_;
    QString where_;
    std::optional<Error> error_;
};

} // namespace packetloom
