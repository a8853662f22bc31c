// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/text_pattern.h"

#include <cstdint>
#ifdef PACKETLOOM_RE2
#include <re2/re2.h>
#endif

namespace packetloom {

#ifdef PACKETLOOM_RE2

struct TextPattern::Compiled
{
    explicit Compiled(std::string_view text) : expression({text.data(), text.size()}, options()) {}
    static re2::RE2::Options options()
    {
        re2::RE2::Options options;
        options.set_case_sensitive(false);
        options.set_log_errors(false);
        options.set_max_mem(std::int64_t{4} << 20); // what a program may grow to, "(a{1000}){1000}" included
        return options;
    }
    re2::RE2 expression;
};

bool TextPattern::isBuiltIn()
{
    return true;
}

std::variant<TextPattern, std::string> TextPattern::compile(std::string_view expression)
{
    auto compiled = std::make_shared<const Compiled>(expression);
    if (!compiled->expression.ok())
        return compiled->expression.error();
    return TextPattern(std::move(compiled));
}

bool TextPattern::isIn(std::string_view text) const
{
    return re2::RE2::PartialMatch({text.data(), text.size()}, compiled_->expression);
}

#else

struct TextPattern::Compiled
{
};

bool TextPattern::isBuiltIn()
{
    return false;
}

std::variant<TextPattern, std::string> TextPattern::compile(std::string_view)
{
    return std::string();
}

bool TextPattern::isIn(std::string_view) const
{
    return false;
}

#endif

} // namespace packetloom
