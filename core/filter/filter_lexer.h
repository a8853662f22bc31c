// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace packetloom {

/// A piece of a filter's text.
struct FilterToken
{
    enum class Kind : std::uint8_t {
        End,
        Word,   ///< anything between blanks and signs: a field, a number, an address
        Quoted, ///< without its quotes
        Sign,   ///< ( ) { } , ! == != < <= > >= && || & ~
        Wrong,  ///< a character that means nothing
        Open,   ///< a quote that is never closed
    };
    Kind kind = Kind::End;
    std::string text;
    std::size_t position = 0, length = 0; ///< bytes of the filter's text

    [[nodiscard]] bool is(std::string_view sign) const { return kind == Kind::Sign && text == sign; }
    [[nodiscard]] bool isWord(std::string_view word) const { return kind == Kind::Word && text == word; }
};

/// Takes a filter's text apart, from the front on.
class FilterLexer
{
public:
    /// The text must outlive it.
    explicit FilterLexer(std::string_view text) : text_(text) {}
    FilterToken next();

private:
    FilterToken quoted();
    FilterToken token(FilterToken::Kind kind, std::size_t end);

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace packetloom
