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

FilterExpression negated(FilterExpression expression)
{
    FilterExpression none;
    none.kind = Kind::None;
    none.parts.push_back(std::move(expression));
    return none;
}

/// A recursive descent over the tokens, one ahead. The first problem ends it.
class Parser
{
public:
    explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

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
            problem_ = FilterProblem{fault, token.position, token.length, token.text, field};
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
            return says(word.text);
        if (const FieldName* const field = fieldNamed(word.text))
            return test(field->field, word);
        if (auto known = filterShorthand(word.text))
            return *std::move(known);
        if (isNumber(word.text))
            return fail(FilterFault::BareNumber, word);
        return beginsComparison() ? fail(FilterFault::Word, word) : says(word.text);
    }

    // Then the word before it was meant to be a field.
    [[nodiscard]] bool beginsComparison() const
    {
        constexpr std::array<std::string_view, 7> signs{"==", "!=", "=", "<", "<=", ">", ">="};
        constexpr std::array<std::string_view, 8> words{"eq", "ne", "lt", "le", "gt", "ge", "in", "contains"};
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

    static FilterExpression says(const std::string& text)
    {
        FilterExpression expression;
        expression.kind = Kind::Says;
        expression.values.push_back({0, 0, text, {}});
        return expression;
    }

    /// What follows a field.
    FilterExpression test(FilterField field, const Token& name)
    {
        const FilterType type = typeOf(field);
        const bool ordered =
            type == FilterType::Number || type == FilterType::Duration || type == FilterType::Time;
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
        const bool text = type == FilterType::Address || type == FilterType::Word;
        if (text && take("", "contains")) {
            expression.kind = Kind::Contains;
            return withValue(std::move(expression));
        }
        for (const auto& [sign, word] : {std::pair("<=", "le"), {">=", "ge"}, {"<", "lt"}, {">", "gt"}}) {
            if (ordered && take(sign, word))
                return withBound(std::move(expression), sign);
        }
        if (type == FilterType::Truth) {
            expression.values.push_back({1, 1, {}, {}});
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
        // Protocols are compared by name; a number would find nothing and look like an answer.
        if (field == FilterField::Protocol && token_.kind == Token::Kind::Word && isNumber(token_.text)) {
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

    FilterExpression withBound(FilterExpression expression, std::string_view sign)
    {
        auto found = value(expression.field);
        if (!found)
            return expression;
        const std::int64_t number = found->least;
        if ((sign == "<" && number == least) || (sign == ">" && number == most))
            expression.kind = Kind::Any; // of nothing: never
        else if (sign[0] == '<')
            expression.values.push_back({least, sign == "<" ? number - 1 : number, {}, {}});
        else
            expression.values.push_back({sign == ">" ? number + 1 : number, most, {}, {}});
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
        const bool ordered =
            type == FilterType::Number || type == FilterType::Duration || type == FilterType::Time;
        if (token_.kind != Token::Kind::Word || !ordered || dots == std::string::npos)
            return value(field);
        auto from = filterValue(token_.text.substr(0, dots), type);
        const auto to = filterValue(token_.text.substr(dots + 2), type);
        if (!from || !to || from->least > to->most) {
            fail(FilterFault::Value, field);
            return std::nullopt;
        }
        advance();
        from->most = to->most;
        return from;
    }

    FilterLexer lexer_;
    Token token_;
    int depth_ = 0;
    std::optional<FilterProblem> problem_;
};

} // namespace

std::variant<std::optional<FilterExpression>, FilterProblem> parseFilter(std::string_view text)
{
    if (text.size() > longestFilter)
        return FilterProblem{FilterFault::Length, longestFilter, text.size() - longestFilter, {}, {}};
    return Parser(text).parse();
}

} // namespace packetloom
