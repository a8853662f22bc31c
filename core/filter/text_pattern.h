// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace packetloom {

/// A regular expression that is looked for in texts, in time that follows their length: RE2's syntax, without
/// regard to case unless it says "(?-i)". Immutable; copies share what was compiled.
class TextPattern
{
public:
    /// Whether this build knows regular expressions at all.
    static bool isBuiltIn();
    /// The pattern, or what RE2 says about it (in English, with parts of the pattern); an empty text when
    /// they are not built in.
    static std::variant<TextPattern, std::string> compile(std::string_view expression);

    [[nodiscard]] bool isIn(std::string_view text) const;

private:
    struct Compiled;
    explicit TextPattern(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

    std::shared_ptr<const Compiled> compiled_;
};

} // namespace packetloom
