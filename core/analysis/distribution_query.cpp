// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/distribution_query.h"

#include "core/analysis/flow_query.h"
#include "core/analysis/group_numbers.h"
#include "core/flow/exact/figure_of.h"
#include "core/support/signed_of.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t flowsBetweenStops = std::size_t{1} << 14;
constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

std::vector<FilterField> allQuantities()
{
    std::vector<FilterField> all{FilterField::Duration, FilterField::Packets, FilterField::Bytes};
    for (const auto& facts : flowFigures()) {
        const bool measures = facts.kind == FigureKind::Number || facts.kind == FigureKind::Bytes ||
                              facts.kind == FigureKind::Duration;
        if (measures && facts.figure != FlowFigure::Completeness) // bits, whose sum is no quantity
            all.push_back(fieldOf(facts.figure));
    }
    return all;
}

/// By nearest rank: so many percent of the values are at most that. `count` is not 0.
std::size_t rankOf(unsigned percent, std::size_t count)
{
    return (percent * count + 99) / 100 - 1;
}

/// Puts them in another order.
void findPercentiles(std::vector<std::int64_t>& values, ValueCounts& counts)
{
    // The middle first: each of the others is then looked for in a part.
    const auto at = [&](std::size_t rank) { return values.begin() + static_cast<std::ptrdiff_t>(rank); };
    const auto place = [&](std::size_t from, std::size_t rank, std::size_t to) {
        if (rank >= from && rank < to) // else it is in its place already
            std::nth_element(at(from), at(rank), at(to));
    };
    static_assert(distributionPercents == std::array{5U, 25U, 50U, 75U, 95U, 99U});
    std::array<std::size_t, distributionPercents.size()> ranks{};
    std::transform(distributionPercents.begin(), distributionPercents.end(), ranks.begin(),
                   [&](unsigned percent) { return rankOf(percent, values.size()); });
    place(0, ranks[2], values.size());
    place(0, ranks[1], ranks[2]);
    place(0, ranks[0], ranks[1]);
    place(ranks[2] + 1, ranks[3], values.size());
    place(ranks[3] + 1, ranks[4], values.size());
    place(ranks[4] + 1, ranks[5], values.size());
    std::transform(ranks.begin(), ranks.end(), counts.percentiles.begin(),
                   [&](std::size_t rank) { return values[rank]; });
}

class Counting
{
public:
    Counting(const Analysis& analysis, const DistributionQuery& query, StopFlag stop)
        : analysis_(analysis), query_(query), stop_(stop)
    {
    }

    Result<std::shared_ptr<const Distribution>> run()
    {
        auto rows = selectFlows(analysis_, {.narrowing = query_.narrowing}, stop_);
        if (!rows)
            return std::move(rows).error();
        rows_ = *std::move(rows);
        result_->quantity = query_.quantity;
        result_->scale = query_.scale;
        result_->by = query_.by;
        result_->steps = query_.steps;
        readValues();
        if (!stopped(stop_))
            makeBins();
        if (!stopped(stop_))
            result_->all = countAll();
        if (query_.by && !stopped(stop_))
            countGroups();
        if (stopped(stop_))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return std::shared_ptr<const Distribution>(result_);
    }

private:
    [[nodiscard]] bool timeToStop(std::size_t i) const
    {
        return i % flowsBetweenStops == 0 && stopped(stop_);
    }
    [[nodiscard]] bool isKnown(std::size_t member) const { return known_.empty() || known_[member] != 0; }

    template <class ValueOf>
    void read(const ValueOf& valueOf)
    {
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m)
            values_[m] = valueOf(std::size_t{rows_[m]});
    }

    void readValues()
    {
        values_.resize(rows_.size());
        const FlowTable& flows = analysis_.flows;
        switch (query_.quantity) {
        case FilterField::Duration: // the ends may lie further apart than a signed number reaches
            return read([&](std::size_t i) {
                return signedOf(static_cast<std::uint64_t>(flows.end(i)) -
                                static_cast<std::uint64_t>(flows.start(i)));
            });
        case FilterField::Packets:
            return read([&](std::size_t i) { return signedOf(flows.packets(i)); });
        case FilterField::Bytes:
            return read([&](std::size_t i) { return flows.bytes(i); });
        default:
            break;
        }
        const FlowFigure figure = *figureOf(query_.quantity);
        const ExactFlows& exact = *analysis_.capture()->exact;
        known_.resize(rows_.size());
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const auto number = numberOf(exact.flow(rows_[m]), figure);
            known_[m] = number ? 1 : 0;
            values_[m] = number.value_or(0);
        }
    }

    void makeBins()
    {
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        ValueRange range{most, std::numeric_limits<std::int64_t>::min()};
        std::int64_t leastPositive = most;
        for (std::size_t m = 0; m < values_.size() && !timeToStop(m); ++m) {
            if (!isKnown(m))
                continue;
            const std::int64_t value = values_[m];
            range = {std::min(range.least, value), std::max(range.most, value)};
            if (value > 0)
                leastPositive = std::min(leastPositive, value);
        }
        if (range.least <= range.most && !stopped(stop_))
            bins_ = DistributionBins(query_.scale, range, leastPositive);
        result_->bins = bins_.ranges();
    }

    /// Takes the values in another order.
    ValueCounts count(std::vector<std::int64_t>& values, std::uint64_t unknown) const
    {
        ValueCounts counts;
        counts.bins.resize(bins_.ranges().size());
        counts.known = values.size();
        counts.unknown = unknown;
        if (values.empty())
            return counts;
        for (std::size_t m = 0; m < values.size() && !timeToStop(m); ++m)
            ++counts.bins[bins_.indexOf(values[m])];
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        counts.least = *least;
        counts.most = *most;
        if (!stopped(stop_))
            findPercentiles(values, counts);
        return counts;
    }

    [[nodiscard]] ValueCounts countAll() const
    {
        std::vector<std::int64_t> values;
        values.reserve(values_.size());
        for (std::size_t m = 0; m < values_.size(); ++m) {
            if (isKnown(m))
                values.push_back(values_[m]);
        }
        return count(values, values_.size() - values.size());
    }

    /// The values of a flow, by their numbers: two where it has two different ones.
    using Values = std::pair<std::uint32_t, std::uint32_t>;

    std::vector<Values> numberValues()
    {
        ValueNumbers numbers(*query_.by, query_.steps, analysis_.addresses);
        std::vector<Values> all(rows_.size(), Values(none, none));
        const auto fill = [&](const auto& valuesOf) {
            for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m)
                all[m] = valuesOf(std::size_t{rows_[m]});
        };
        withFlowNumbers(
            analysis_, *query_.by, numbers,
            [&](const auto& numberOf) { fill([&](std::size_t i) { return Values(numberOf(i), none); }); },
            [&](const auto& numbersOf) {
                fill([&](std::size_t i) {
                    const Values both = numbersOf(i);
                    return both.first == both.second ? Values(both.first, none) : both;
                });
            });
        result_->values = numbers.take();
        return all;
    }

    /// Of each value its place among the largest groups, or none.
    std::vector<std::uint32_t> chooseGroups(const std::vector<Values>& valuesOf)
    {
        std::vector<std::uint64_t> flows(result_->values.size());
        for (const auto& [one, other] : valuesOf) {
            ++flows[one];
            if (other != none)
                ++flows[other];
        }
        std::vector<std::uint32_t> largest(flows.size());
        std::iota(largest.begin(), largest.end(), std::uint32_t{0});
        const std::size_t shown = std::min(Distribution::mostGroups, largest.size());
        std::partial_sort(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(shown),
                          largest.end(), [&](std::uint32_t a, std::uint32_t b) {
                              return flows[a] != flows[b] ? flows[a] > flows[b] : a < b;
                          });
        std::vector<std::uint32_t> places(flows.size(), none);
        for (std::uint32_t place = 0; place < shown; ++place) {
            places[largest[place]] = place;
            result_->groups.push_back({largest[place], {}});
        }
        return places;
    }

    void countGroups()
    {
        const auto valuesOf = numberValues();
        if (stopped(stop_))
            return;
        const auto places = chooseGroups(valuesOf);
        const std::size_t shown = result_->groups.size(), others = shown;
        std::vector<std::vector<std::int64_t>> values(shown + 1);
        std::vector<std::uint64_t> unknown(shown + 1);
        std::vector<std::uint8_t> hasOthers(places.size());
        const auto add = [&](std::size_t place, std::size_t m) {
            if (isKnown(m))
                values[place].push_back(values_[m]);
            else
                ++unknown[place];
        };
        for (std::size_t m = 0; m < rows_.size() && !timeToStop(m); ++m) {
            const auto [one, other] = valuesOf[m];
            const std::uint32_t place = places[one], further = other == none ? none : places[other];
            if (place != none)
                add(place, m);
            if (further != none)
                add(further, m);
            if (place != none || further != none)
                continue;
            add(others, m);
            hasOthers[one] = 1;
            if (other != none)
                hasOthers[other] = 1;
        }
        for (std::size_t i = 0; i < shown && !stopped(stop_); ++i)
            result_->groups[i].counts = count(values[i], unknown[i]);
        if (!values[others].empty() || unknown[others] > 0)
            result_->others = count(values[others], unknown[others]);
        result_->otherGroups =
            static_cast<std::uint64_t>(std::count(hasOthers.begin(), hasOthers.end(), std::uint8_t{1}));
    }

    const Analysis& analysis_;
    const DistributionQuery& query_;
    StopFlag stop_;
    std::shared_ptr<Distribution> result_ = std::make_shared<Distribution>();
    DistributionBins bins_;
    std::vector<std::uint32_t> rows_;
    std::vector<std::int64_t> values_; ///< of rows_
    std::vector<std::uint8_t> known_;  ///< of rows_; empty: all are
};

} // namespace

std::span<const FilterField> distributionQuantities()
{
    static const auto all = allQuantities();
    return all;
}

Result<std::shared_ptr<const Distribution>> distributionOf(const Analysis& analysis,
                                                           const DistributionQuery& query, StopFlag stop)
{
    const auto* const capture = analysis.capture();
    if (const auto figure = figureOf(query.quantity); figure && !(capture && capture->exact))
        return Error{.code = Errc::NotExact, .detail = std::string(factsOf(*figure).name), .file = {}};
    return Counting(analysis, query, stop).run();
}

} // namespace packetloom
