// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_parser.h"

#include <QtGlobal>
#include <string>

namespace packetloom::test {

/// What a text asks for that is a filter.
inline FilterExpression filterOf(std::string_view text, FilterSubject subject = FilterSubject::Flows)
{
    auto parsed = parseFilter(text, subject);
    const auto* const expression = std::get_if<std::optional<FilterExpression>>(&parsed);
    if (!expression || !*expression)
        qFatal("no filter: %s", std::string(text).c_str());
    return **expression;
}

} // namespace packetloom::test
