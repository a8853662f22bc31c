// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_parser.h"

#include "core/filter/filter_lexer.h"
#include "core/filter/filter_shorthand.h"
#include "core/filter/filter_value.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace packetloom {
namespace {

using Token = FilterToken;
using Kind = FilterExpression::Kind;

constexpr auto least = std::numeric_limits<std::int64_t>::min(),
               most = std::numeric_limits<std::int64_t>::max();

bool isNumber(std::string_view word)
{
    return std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// A recursive descent over the tokens, one ahead. The first problem ends it.
class Parser
{
public:
    Parser(std::string_view text, FilterSubject subject)
        : text_(text), lexer_(text), token_(lexer_.next()), subject_(subject)
    {
    }

    std::variant<std::optional<FilterExpression>, FilterProblem> parse()
    {
        if (token_.kind == Token::Kind::End)
            return std::optional<FilterExpression>();
        auto expression = alternatives();
        if (!problem_ && token_.kind != Token::Kind::End)
            fail(FilterFault::Rest);
        if (problem_)
            return *std::move(problem_);
        return std::optional(std::move(expression));
    }

private:
    void advance() { token_ = lexer_.next(); }
    FilterExpression fail(FilterFault fault, std::optional<FilterField> field = std::nullopt)
    {
        return fail(fault, token_, field);
    }
    FilterExpression fail(FilterFault fault, const Token& token,
                          std::optional<FilterField> field = std::nullopt)
    {
        if (token.kind == Token::Kind::Wrong)
            fault = FilterFault::Character;
        else if (token.kind == Token::Kind::Open)
            fault = FilterFault::Quote;
        if (!problem_)
            problem_ = FilterProblem{fault, token.position, token.length, token.text, field, {}};
        return {};
    }
    bool take(std::string_view sign, std::string_view word = {})
    {
        const bool is = token_.is(sign) || (!word.empty() && token_.isWord(word));
        if (is)
            advance();
        return is;
    }

    FilterExpression alternatives()
    {
        return joined(Kind::Any, &Parser::terms, [this] { return take("||", "or"); });
    }
    // Terms beside each other must both hold: "10.0.0.1 graceful".
    FilterExpression terms()
    {
        return joined(Kind::All, &Parser::term, [this] { return take("&&", "and") || beginsTerm(); });
    }
    template <class More>
    FilterExpression joined(Kind kind, FilterExpression (Parser::*part)(), More more)
    {
        FilterExpression all;
        all.kind = kind;
        do
            all.parts.push_back((this->*part)());
        while (!problem_ && more());
        return all.parts.size() == 1 ? std::move(all.parts.front()) : all;
    }
    [[nodiscard]] bool beginsTerm() const
    {
        return token_.is("(") || token_.is("!") || token_.kind == Token::Kind::Quoted ||
               (token_.kind == Token::Kind::Word && !token_.isWord("or") && !token_.isWord("and"));
    }

    FilterExpression term()
    {
        if (depth_ == deepestFilter)
            return fail(FilterFault::Depth);
        ++depth_;
        FilterExpression expression = take("!", "not") ? negated(term()) : single();
        --depth_;
        return expression;
    }

    FilterExpression single()
    {
        if (token_.is("("))
            return inParentheses();
        const Token word = token_;
        if (word.kind != Token::Kind::Word && word.kind != Token::Kind::Quoted)
            return fail(FilterFault::Term);
        if (word.kind == Token::Kind::Word && (word.text == "or" || word.text == "and"))
            return fail(FilterFault::Term);
        advance();
        if (word.kind == Token::Kind::Quoted)
            return saysText(word.text);
        if (word.text == "flow" && token_.is("("))
            return ofFlow();
        if (const FieldName* const field = fieldNamed(word.text)) {
            const bool compared = beginsComparison() || token_.isWord("not");
            if (!isOf(field->field) && compared)
                return fail(FilterFault::PacketField, word, field->field);
            // "time" is also a service, "ack" a part of words.
            if (isOf(field->field) && (compared || !filterShorthand(word.text)))
                return guarded(*field, word);
        }
        if (auto known = filterShorthand(word.text))
            return *std::move(known);
        if (isNumber(word.text))
            return fail(FilterFault::BareNumber, word);
        return beginsComparison() ? fail(FilterFault::Word, word) : saysText(word.text);
    }

    // Then the word before it was meant to be a field.
    [[nodiscard]] bool beginsComparison() const
    {
        constexpr std::array<std::string_view, 9> signs{"==", "!=", "=", "<", "<=", ">", ">=", "&", "~"};
        constexpr std::array<std::string_view, 9> words{"eq", "ne", "lt",       "le",     "gt",
                                                        "ge", "in", "contains", "matches"};
        const auto is = [this](std::string_view text) { return token_.text == text; };
        return (token_.kind == Token::Kind::Sign && std::any_of(signs.begin(), signs.end(), is)) ||
               (token_.kind == Token::Kind::Word && std::any_of(words.begin(), words.end(), is));
    }

    FilterExpression inParentheses()
    {
        const Token open = token_;
        advance();
        auto expression = alternatives();
        if (!problem_ && !take(")"))
            return fail(token_.kind == Token::Kind::End ? FilterFault::Parenthesis : FilterFault::Term,
                        token_.kind == Token::Kind::End ? open : token_);
        return expression;
    }

    [[nodiscard]] bool isOf(FilterField field) const
    {
        return subject_ == FilterSubject::Packets || subjectOf(field) != FilterSubject::Packets;
    }

    /// "flow(EXPR)", of which "flow" was taken.
    FilterExpression ofFlow()
    {
        FilterExpression expression;
        expression.kind = Kind::OfFlow;
        const auto outer = std::exchange(subject_, FilterSubject::Flows);
        expression.parts.push_back(inParentheses());
        subject_ = outer;
        return expression;
    }

    /// What follows a name, and what the name asks for by itself. That stays outside of "not" where "!=" made
    /// it: what has no such field is not unequal, either.
    FilterExpression guarded(const FieldName& name, const Token& word)
    {
        auto asked = test(name.field, word);
        std::vector<FilterExpression> parts;
        if (name.protocol != 0)
            parts.push_back(isEqual(FilterField::Protocol,
                                    *filterValue(std::to_string(name.protocol), FilterType::Protocol)));
        const bool address = typeOf(name.field) == FilterType::Address;
        const bool negative = asked.kind == Kind::None;
        if (name.family != AddressFamily::Any && (!address || negative))
            parts.push_back(isPresent(address ? name.field : FilterField::Source, name.family));
        if (subject_ == FilterSubject::Packets && subjectOf(name.field) == FilterSubject::Flows && negative)
            parts.push_back(isPresent(FilterField::Number, AddressFamily::Any));
        if (address)
            (negative ? asked.parts.front() : asked).family = name.family;
        if (parts.empty())
            return asked;
        parts.push_back(std::move(asked));
        FilterExpression all;
        all.kind = Kind::All;
        all.parts = std::move(parts);
        return all;
    }

    /// What follows a field.
    FilterExpression test(FilterField field, const Token& name)
    {
        const FilterType type = typeOf(field);
        FilterExpression expression;
        expression.kind = Kind::Equal;
        expression.field = field;
        if (take("==", "eq") || take("="))
            return withValue(std::move(expression));
        if (take("!=", "ne"))
            return negated(withValue(std::move(expression)));
        if (take("", "in"))
            return withSet(std::move(expression));
        if (take("", "not")) { // "port not in {80 443}"
            if (!take("", "in"))
                return fail(FilterFault::Operator, field);
            return negated(withSet(std::move(expression)));
        }
        if (isText(type) && take("", "contains")) {
            expression.kind = Kind::Contains;
            return withText(std::move(expression));
        }
        if (isText(type) && (take("~", "matches")))
            return withPattern(std::move(expression));
        if (type == FilterType::Flags && take("&")) {
            expression.kind = Kind::Bits;
            return withValue(std::move(expression));
        }
        for (const auto& [sign, word] : {std::pair("<=", "le"), {">=", "ge"}, {"<", "lt"}, {">", "gt"}}) {
            if (isOrdered(type) && take(sign, word))
                return withBound(std::move(expression), sign);
        }
        if (type == FilterType::Truth) {
            expression.values.push_back({1, 1, {}, {}, {}});
            return expression;
        }
        return fail(FilterFault::Operator, token_.kind == Token::Kind::End ? name : token_, field);
    }

    std::optional<FilterValue> value(FilterField field)
    {
        if (token_.kind != Token::Kind::Word && token_.kind != Token::Kind::Quoted) {
            fail(FilterFault::Value, field);
            return std::nullopt;
        }
        auto found = filterValue(token_.text, typeOf(field));
        if (!found)
            fail(FilterFault::Value, field);
        else
            advance();
        return found;
    }

    FilterExpression withValue(FilterExpression expression)
    {
        if (auto found = value(expression.field))
            expression.values.push_back(*std::move(found));
        return expression;
    }

    /// Of what is looked for in the field's text.
    FilterExpression withText(FilterExpression expression)
    {
        if (token_.kind != Token::Kind::Word && token_.kind != Token::Kind::Quoted)
            return fail(FilterFault::Value, expression.field);
        expression.values.push_back({0, 0, token_.text, {}, {}});
        advance();
        return expression;
    }

    /// Within its quotes a backslash stays one but before a quote and another one: the pattern "a\.b" can be
    /// written so, and as Wireshark wants it, with two.
    FilterExpression withPattern(FilterExpression expression)
    {
        if (token_.kind != Token::Kind::Word && token_.kind != Token::Kind::Quoted)
            return fail(FilterFault::Value, expression.field);
        if (!TextPattern::isBuiltIn())
            return fail(FilterFault::NoPatterns, expression.field);
        std::string text = token_.text;
        if (token_.kind == Token::Kind::Quoted) {
            const auto written = text_.substr(token_.position + 1, token_.length - 2);
            text.clear();
            for (std::size_t i = 0; i < written.size(); ++i) {
                const char next = i + 1 < written.size() ? written[i + 1] : '\0';
                if (written[i] == '\\' && (next == '\\' || next == '"' || next == '\''))
                    ++i;
                text += written[i];
            }
        }
        auto compiled = TextPattern::compile(text);
        if (auto* const complaint = std::get_if<std::string>(&compiled)) {
            fail(FilterFault::Pattern, expression.field);
            problem_->detail = std::move(*complaint);
            return expression;
        }
        expression.kind = Kind::Matches;
        expression.values.push_back({0, 0, std::move(text), {}, std::get<TextPattern>(std::move(compiled))});
        advance();
        return expression;
    }

    FilterExpression withBound(FilterExpression expression, std::string_view sign)
    {
        const Token written = token_;
        auto found = value(expression.field);
        if (!found)
            return expression;
        if (found->least > found->most) // the name of a protocol without a number
            return fail(FilterFault::Value, written, expression.field);
        const std::int64_t number = found->least;
        if ((sign == "<" && number == least) || (sign == ">" && number == most))
            expression.kind = Kind::Any; // of nothing: never
        else if (sign[0] == '<')
            expression.values.push_back({least, sign == "<" ? number - 1 : number, {}, {}, {}});
        else
            expression.values.push_back({sign == ">" ? number + 1 : number, most, {}, {}, {}});
        return expression;
    }

    /// "{80 443 8000..8100}", with commas or blanks between.
    FilterExpression withSet(FilterExpression expression)
    {
        const Token open = token_;
        if (!take("{"))
            return fail(FilterFault::Brace);
        while (!problem_ && !take("}")) {
            if (token_.kind == Token::Kind::End)
                return fail(FilterFault::Brace, open);
            if (auto found = rangeOrValue(expression.field))
                expression.values.push_back(*std::move(found));
            take(",");
        }
        if (!problem_ && expression.values.empty())
            return fail(FilterFault::Brace, open);
        return expression;
    }

    std::optional<FilterValue> rangeOrValue(FilterField field)
    {
        const FilterType type = typeOf(field);
        const auto dots = token_.text.find("..");
        if (token_.kind != Token::Kind::Word || !isOrdered(type) || dots == std::string::npos)
            return value(field);
        auto from = filterValue(token_.text.substr(0, dots), type);
        const auto to = filterValue(token_.text.substr(dots + 2), type);
        if (!from || !to || from->least > from->most || to->least > to->most || from->least > to->most) {
            fail(FilterFault::Value, field);
            return std::nullopt;
        }
        advance();
        return FilterValue{from->least, to->most, {}, {}, {}};
    }

    std::string_view text_;
    FilterLexer lexer_;
    Token token_;
    FilterSubject subject_; ///< of what is read at the moment
    int depth_ = 0;
    std::optional<FilterProblem> problem_;
};

} // namespace

std::variant<std::optional<FilterExpression>, FilterProblem> parseFilter(std::string_view text,
                                                                         FilterSubject subject)
{
    if (text.size() > longestFilter)
        return FilterProblem{FilterFault::Length, longestFilter, text.size() - longestFilter, {}, {}, {}};
    return Parser(text, subject).parse();
}

} // namespace packetloom
