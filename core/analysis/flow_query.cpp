// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"

#include "core/analysis/address_query.h"
#include "core/analysis/flow_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace packetloom {
namespace {

constexpr std::size_t flowsBetweenStops = std::size_t{1} << 14;

template <class Integer>
std::optional<Integer> wholeNumber(std::string_view digits)
{
    Integer number{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
    return number;
}

bool isNamed(std::string_view name, std::string_view word)
{
    // people write SYN+ACK, the names of the dataset say synack
    std::string plain(word);
    std::erase(plain, '+');
    return !name.empty() && !plain.empty() && holdsWord(name, plain);
}

/// What one word of the search text matches, found once for all flows.
class WordMatch
{
public:
    WordMatch(const AddressTable& addresses, std::string_view word, StopFlag stop)
        : addresses_(addressesHolding(addresses, word, stop)),
          port_(wholeNumber<std::int64_t>(word.substr(word.starts_with(':') ? 1 : 0))),
          word_(word)
    {
        constexpr std::string_view idBegin = "flow_";
        if (word.starts_with(idBegin))
            number_ = wholeNumber<std::uint64_t>(word.substr(idBegin.size()));
        everything_ = word == idBegin || word == idBegin.substr(0, idBegin.size() - 1); // while it is typed
        for (std::size_t i = 0; i < states_.size(); ++i)
            states_[i] = isNamed(stateName(static_cast<FlowState>(i)), word);
        for (std::size_t i = 0; i < closeTypes_.size(); ++i)
            closeTypes_[i] = isNamed(closeTypeName(static_cast<CloseType>(i)), word);
        for (std::size_t i = 0; i < reasons_.size(); ++i)
            reasons_[i] = isNamed(invalidReasonName(static_cast<InvalidReason>(i)), word);
    }

    [[nodiscard]] bool matches(const Analysis& analysis, std::size_t i) const
    {
        const FlowTable& flows = analysis.flows;
        return everything_ || addresses_[index(flows.source(i))] != 0 ||
               addresses_[index(flows.destination(i))] != 0 ||
               (port_ && (flows.sourcePort(i) == *port_ || flows.destinationPort(i) == *port_)) ||
               (number_ && flows.number(i) == *number_) ||
               states_[static_cast<std::size_t>(flows.state(i))] ||
               closeTypes_[static_cast<std::size_t>(flows.closeType(i))] ||
               reasons_[static_cast<std::size_t>(flows.invalidReason(i))] ||
               holdsWord(flowService(analysis, i), word_) ||
               (analysis.flowTable() && (holdsWord(flowProtocol(analysis, i), word_) ||
                                         holdsWord(flowStateWord(analysis, i), word_)));
    }

private:
    std::vector<std::uint8_t> addresses_;
    std::optional<std::int64_t> port_;
    std::string word_;
    std::optional<std::uint64_t> number_;
    bool everything_ = false;
    std::bitset<flowStateCount> states_;
    std::bitset<closeTypeCount> closeTypes_;
    std::bitset<invalidReasonCount> reasons_;
};

bool fits(const FlowTable& flows, std::size_t i, const FlowQuery& query)
{
    const AddressId source = flows.source(i), destination = flows.destination(i);
    if (query.address && source != *query.address && destination != *query.address)
        return false;
    if (query.pair && std::pair(source, destination) != *query.pair &&
        std::pair(destination, source) != *query.pair)
        return false;
    if (query.interval && (flows.end(i) < query.interval->first || flows.start(i) > query.interval->second))
        return false;
    return query.outcomes.none() || query.outcomes[static_cast<std::size_t>(flows.outcome(i))];
}

std::vector<std::uint32_t> filtered(const Analysis& analysis, const FlowQuery& query, StopFlag stop)
{
    const FlowTable& flows = analysis.flows;
    std::vector<WordMatch> words;
    for (const auto& word : searchWords(query.text))
        words.emplace_back(analysis.addresses, word, stop);
    std::vector<std::uint32_t> rows;
    if (words.empty() && !query.address && !query.pair && !query.interval && query.outcomes.none()) {
        rows.resize(flows.size());
        std::iota(rows.begin(), rows.end(), std::uint32_t{0});
        return rows;
    }
    for (std::size_t i = 0; i < flows.size(); ++i) {
        if (i % flowsBetweenStops == 0 && stopped(stop))
            return {};
        if (fits(flows, i, query) && std::all_of(words.begin(), words.end(),
                                                 [&](const auto& word) { return word.matches(analysis, i); }))
            rows.push_back(static_cast<std::uint32_t>(i));
    }
    return rows;
}

/// The rows with the numbers that stand for the column's values.
class KeyMaker
{
public:
    KeyMaker(const Analysis& analysis, const std::vector<std::uint32_t>& rows)
        : analysis_(analysis), flows_(analysis.flows), rows_(rows)
    {
    }

    std::vector<KeyedRow> make(FlowColumn column, StopFlag stop) const
    {
        switch (column) {
        case FlowColumn::Number:
            return with([](const FlowTable& f, std::size_t i) { return f.number(i); });
        case FlowColumn::Source:
        case FlowColumn::Destination: {
            const auto ranks = addressRanks(analysis_.addresses, stop);
            if (ranks.empty())
                return {};
            if (column == FlowColumn::Source)
                return with([&](const FlowTable& f, std::size_t i) { return ranks[index(f.source(i))]; });
            return with([&](const FlowTable& f, std::size_t i) { return ranks[index(f.destination(i))]; });
        }
        case FlowColumn::SourcePort:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.sourcePort(i)); });
        case FlowColumn::DestinationPort:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.destinationPort(i)); });
        case FlowColumn::State:
            if (analysis_.flowTable())
                return byText(flowStateWord);
            return with([](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.state(i)); });
        case FlowColumn::CloseType:
            return with(
                [](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.closeType(i)); });
        case FlowColumn::InvalidReason:
            return with(
                [](const FlowTable& f, std::size_t i) { return static_cast<unsigned>(f.invalidReason(i)); });
        case FlowColumn::Start:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.start(i)); });
        case FlowColumn::End:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.end(i)); });
        case FlowColumn::Duration: // unsigned: the ends may lie further apart than a signed number reaches
            return with([](const FlowTable& f, std::size_t i) {
                return static_cast<std::uint64_t>(f.end(i)) - static_cast<std::uint64_t>(f.start(i));
            });
        case FlowColumn::Packets:
            return with([](const FlowTable& f, std::size_t i) { return f.packets(i); });
        case FlowColumn::Bytes:
            return with([](const FlowTable& f, std::size_t i) { return sortKey(f.bytes(i)); });
        case FlowColumn::Protocol:
            return byText(flowProtocol);
        case FlowColumn::Service:
            return byText(flowService);
        }
        return {};
    }

private:
    template <class KeyOf>
    std::vector<KeyedRow> with(KeyOf keyOf) const
    {
        std::vector<KeyedRow> keyed;
        keyed.reserve(rows_.size());
        for (const std::uint32_t row : rows_)
            keyed.push_back({keyOf(flows_, row), row});
        return keyed;
    }

    // Byte by byte.
    std::vector<KeyedRow> byText(std::string_view (*textOf)(const Analysis&, std::size_t)) const
    {
        std::vector<std::string_view> texts;
        texts.reserve(rows_.size());
        for (const std::uint32_t row : rows_)
            texts.push_back(textOf(analysis_, row));
        std::sort(texts.begin(), texts.end());
        texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
        return with([&](const FlowTable&, std::size_t i) {
            return std::uint64_t(std::lower_bound(texts.begin(), texts.end(), textOf(analysis_, i)) -
                                 texts.begin());
        });
    }

    const Analysis& analysis_;
    const FlowTable& flows_;
    const std::vector<std::uint32_t>& rows_;
};

} // namespace

std::vector<std::uint32_t> selectFlows(const Analysis& analysis, const FlowQuery& query, StopFlag stop)
{
    auto rows = filtered(analysis, query, stop);
    if (stopped(stop))
        return {};
    if (!query.sortBy)
        return rows;
    return sortedRows(KeyMaker(analysis, rows).make(*query.sortBy, stop), query.descending, stop);
}

} // namespace packetloom
