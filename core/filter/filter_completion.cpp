// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_completion.h"

#include "core/filter/filter_lexer.h"
#include "core/filter/filter_shorthand.h"
#include "core/model/flow_life.h"
#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "core/support/ascii_case.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

using Kind = FilterCandidate::Kind;
using Token = FilterToken;

constexpr std::size_t mostAddresses = 20;

bool isComparison(const Token& token)
{
    constexpr std::array<std::string_view, 9> signs{"==", "!=", "=", "<", "<=", ">", ">=", "&", "~"};
    constexpr std::array<std::string_view, 8> words{"eq", "ne", "lt",       "le",
                                                    "gt", "ge", "contains", "matches"};
    const auto is = [&](std::string_view text) { return token.text == text; };
    return (token.kind == Token::Kind::Sign && std::any_of(signs.begin(), signs.end(), is)) ||
           (token.kind == Token::Kind::Word && std::any_of(words.begin(), words.end(), is));
}

/// What is expected behind the tokens so far.
class Expectation
{
public:
    enum class State : std::uint8_t { Term, Operator, In, Brace, Value, Values, Joint };

    explicit Expectation(FilterSubject subject) : subjects_{subject} {}

    void take(const Token& token)
    {
        switch (state) {
        case State::Term:
            return takeTerm(token);
        case State::Operator:
            if (isComparison(token)) {
                state = State::Value;
            } else if (token.isWord("in")) {
                state = State::Brace;
            } else if (token.isWord("not")) {
                state = State::In;
            } else { // a flag or the like stands by itself
                state = State::Joint;
                take(token);
            }
            return;
        case State::In:
            state = State::Brace;
            return;
        case State::Brace:
            state = State::Values;
            return;
        case State::Value:
            state = State::Joint;
            return;
        case State::Values:
            if (token.is("}"))
                state = State::Joint;
            return;
        case State::Joint:
            if (token.is(")")) {
                if (subjects_.size() > 1)
                    subjects_.pop_back();
                return;
            }
            state = State::Term;
            if (!token.is("&&") && !token.is("||") && !token.isWord("and") && !token.isWord("or"))
                takeTerm(token); // beside each other they are joined as well
            return;
        }
    }

    [[nodiscard]] FilterSubject subject() const { return subjects_.back(); }
    [[nodiscard]] bool isOpen() const { return subjects_.size() > 1; }

    State state = State::Term;
    FilterField field{};

private:
    void takeTerm(const Token& token)
    {
        if (token.is("(")) {
            subjects_.push_back(flowBefore_ ? FilterSubject::Flows : subject());
        } else if (token.is("!") || token.isWord("not")) {
            // another term
        } else if (const auto* const name =
                       token.kind == Token::Kind::Word ? fieldNamed(token.text) : nullptr) {
            field = name->field;
            state = State::Operator;
            flowBefore_ = token.text == "flow";
            return;
        } else {
            state = State::Joint;
        }
        flowBefore_ = false;
    }

    std::vector<FilterSubject> subjects_; ///< one a parenthesis
    bool flowBefore_ = false;

public:
    /// "flow(": the parenthesis is no operator.
    bool takeFlow(const Token& token)
    {
        if (state != State::Operator || !flowBefore_ || !token.is("("))
            return false;
        state = State::Term;
        takeTerm(token);
        return true;
    }
};

/// Collects what begins like the word at hand.
class Candidates
{
public:
    Candidates(std::string_view front, FilterCompletion& into) : front_(lowerText(front)), into_(into) {}

    void add(Kind kind, std::string_view text, std::optional<FilterField> field = std::nullopt)
    {
        const bool known = std::any_of(into_.candidates.begin(), into_.candidates.end(),
                                       [&](const FilterCandidate& c) { return c.text == text; });
        if (!text.empty() && beginsWith(text, front_) && !known)
            into_.candidates.push_back({kind, std::string(text), field});
    }
    [[nodiscard]] bool begun() const { return !front_.empty(); }
    [[nodiscard]] const std::string& front() const { return front_; }

private:
    std::string front_;
    FilterCompletion& into_;
};

void addWords(Candidates& all, Kind kind, FilterField field)
{
    switch (field) {
    case FilterField::Protocol:
        for (const auto& protocol : ipProtocols())
            all.add(kind, protocol.name, field);
        return;
    case FilterField::Service:
        for (const auto& service : services())
            all.add(kind, service.name, field);
        return;
    case FilterField::State:
        for (std::size_t i = 0; i < flowStateCount; ++i)
            all.add(kind, stateName(static_cast<FlowState>(i)), field);
        return;
    case FilterField::Close:
        for (std::size_t i = 0; i < closeTypeCount; ++i)
            all.add(kind, closeTypeName(static_cast<CloseType>(i)), field);
        return;
    case FilterField::Reason:
        for (std::size_t i = 0; i < invalidReasonCount; ++i)
            all.add(kind, invalidReasonName(static_cast<InvalidReason>(i)), field);
        return;
    case FilterField::Flags:
        for (const auto* const flags : {"SYN", "SYN+ACK", "ACK", "PSH+ACK", "FIN+ACK", "RST", "RST+ACK",
                                        "FIN", "PSH", "URG", "ECE", "CWR", "NONE"})
            all.add(kind, flags, field);
        return;
    default:
        if (typeOf(field) == FilterType::Truth) {
            all.add(kind, "1", field);
            all.add(kind, "0", field);
        }
    }
}

void addAddresses(Candidates& all, Kind kind, FilterField field, const AddressesBeginning& addresses)
{
    if (!addresses)
        return;
    for (const auto& address : addresses(all.front(), mostAddresses)) {
        // Any text may be an address; what a filter would take for something else stands in quotes.
        const bool plain = IpAddress::parse(address).has_value();
        if (plain)
            all.add(kind, address, field);
    }
}

void addValues(Candidates& all, FilterField field, const AddressesBeginning& addresses)
{
    if (typeOf(field) == FilterType::Address)
        addAddresses(all, Kind::Value, field, addresses);
    else
        addWords(all, Kind::Value, field);
}

void addOperators(Candidates& all, FilterField field)
{
    const auto type = typeOf(field);
    for (const auto* const sign : {"==", "!="})
        all.add(Kind::Operator, sign);
    if (type == FilterType::Truth)
        return;
    if (isOrdered(type) && type != FilterType::Flags) {
        for (const auto* const sign : {"<", "<=", ">", ">="})
            all.add(Kind::Operator, sign);
    }
    all.add(Kind::Operator, "in {");
    all.add(Kind::Operator, "not in {");
    if (isText(type)) {
        all.add(Kind::Operator, "contains");
        if (TextPattern::isBuiltIn())
            all.add(Kind::Operator, "matches");
    }
    if (type == FilterType::Flags)
        all.add(Kind::Operator, "&");
}

void addJoints(Candidates& all, bool open)
{
    all.add(Kind::Joint, "and");
    all.add(Kind::Joint, "or");
    if (open)
        all.add(Kind::Joint, ")");
}

void addTerms(Candidates& all, FilterSubject subject, const AddressesBeginning& addresses)
{
    const bool dotted = all.front().find('.') != std::string::npos;
    for (const auto& name : fieldNames()) {
        const bool fits =
            subject == FilterSubject::Packets || subjectOf(name.field) != FilterSubject::Packets;
        // Of each field its own name; the others, when they are what somebody begins to write.
        if (fits && (name.name == nameOf(name.field) || dotted || all.begun()))
            all.add(Kind::Field, name.name, name.field);
    }
    all.add(Kind::Joint, "not");
    if (subject == FilterSubject::Packets)
        all.add(Kind::Joint, "flow(");
    if (!all.begun())
        return;
    for (const auto field : {FilterField::Protocol, FilterField::Close, FilterField::State,
                             FilterField::Reason, FilterField::Service})
        addWords(all, Kind::Word, field);
    addAddresses(all, Kind::Word, FilterField::Address, addresses);
}

} // namespace

FilterCompletion completeFilter(std::string_view text, std::size_t cursor, FilterSubject subject,
                                const AddressesBeginning& addresses)
{
    cursor = std::min(cursor, text.size());
    FilterCompletion completion{cursor, 0, {}};
    Expectation expected(subject);
    FilterLexer lexer(text);
    std::string_view front;
    for (Token token = lexer.next(); token.kind != Token::Kind::End && token.position < cursor;
         token = lexer.next()) {
        const auto end = token.position + token.length;
        if (end >= cursor && (token.kind == Token::Kind::Quoted || token.kind == Token::Kind::Open) &&
            (end > cursor || token.kind == Token::Kind::Open))
            return completion;
        if (end >= cursor && token.kind == Token::Kind::Word) {
            front = text.substr(token.position, cursor - token.position);
            completion.position = token.position;
            completion.length = token.length;
            break;
        }
        if (!expected.takeFlow(token))
            expected.take(token);
    }
    Candidates all(front, completion);
    using State = Expectation::State;
    switch (expected.state) {
    case State::Term:
        addTerms(all, expected.subject(), addresses);
        break;
    case State::Operator:
        addOperators(all, expected.field);
        if (typeOf(expected.field) == FilterType::Truth)
            addJoints(all, expected.isOpen());
        break;
    case State::In:
        all.add(Kind::Operator, "in {");
        break;
    case State::Brace:
        all.add(Kind::Operator, "{");
        break;
    case State::Values:
        addValues(all, expected.field, addresses);
        all.add(Kind::Joint, "}");
        break;
    case State::Value:
        addValues(all, expected.field, addresses);
        break;
    case State::Joint:
        addJoints(all, expected.isOpen());
        if (all.begun())
            addTerms(all, expected.subject(), addresses);
        break;
    }
    // It stands there already.
    if (completion.candidates.size() == 1 && completion.candidates.front().text == front)
        completion.candidates.clear();
    return completion;
}

} // namespace packetloom
