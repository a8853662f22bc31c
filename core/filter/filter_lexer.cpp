// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_lexer.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

using Kind = FilterToken::Kind;

constexpr std::string_view blanks = " \t\r\n";

// What an address, a date, a number or a name may have in it; also all that is not ASCII.
bool ofWord(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || byte >= 0x80 ||
           std::string_view("_.:/-+%[]*@").find(c) != std::string_view::npos;
}

// The longer ones first.
constexpr std::array<std::string_view, 17> signs{"==", "!=", "<=", ">=", "&&", "||", "=", "<", ">",
                                                 "!",  "(",  ")",  "{",  "}",  ",",  "&", "~"};

} // namespace

FilterToken FilterLexer::token(Kind kind, std::size_t end)
{
    FilterToken token{kind, std::string(text_.substr(at_, end - at_)), at_, end - at_};
    at_ = end;
    return token;
}

FilterToken FilterLexer::next()
{
    at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    if (at_ == text_.size())
        return token(Kind::End, at_);
    const char first = text_[at_];
    if (first == '"' || first == '\'')
        return quoted();
    if (ofWord(first)) {
        std::size_t end = at_;
        while (end < text_.size() && ofWord(text_[end]))
            ++end;
        return token(Kind::Word, end);
    }
    for (const auto sign : signs) {
        if (text_.substr(at_).starts_with(sign))
            return token(Kind::Sign, at_ + sign.size());
    }
    return token(Kind::Wrong, at_ + 1);
}

// A backslash makes a letter of the quote and of itself.
FilterToken FilterLexer::quoted()
{
    const std::size_t begin = at_;
    std::string text;
    for (std::size_t i = begin + 1; i < text_.size(); ++i) {
        if (text_[i] == text_[begin]) {
            at_ = i + 1;
            return {Kind::Quoted, std::move(text), begin, at_ - begin};
        }
        if (text_[i] == '\\' && i + 1 < text_.size())
            ++i;
        text += text_[i];
    }
    return token(Kind::Open, text_.size());
}

} // namespace packetloom
