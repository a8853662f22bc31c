// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/option_table.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace packetloom {
namespace {

template <class SomeOptions, class T>
auto& memberOf(SomeOptions& options, T Options::*member)
{
    return options.*member;
}

template <class SomeOptions>
auto& memberOf(SomeOptions& options, std::optional<std::int64_t> TimeWindow::*end)
{
    return options.window.*end;
}

template <class SomeOptions, class T>
auto& memberOf(SomeOptions& options, T InputSpec::*member)
{
    return options.reading.*member;
}

template <class SomeOptions, class T>
auto& memberOf(SomeOptions& options, T ExactRules::*member)
{
    return options.exact.*member;
}

template <class T>
constexpr bool isCount = std::is_same_v<T, unsigned> || std::is_same_v<T, std::uint64_t>;

} // namespace

OptionValue valueOf(const Options& options, OptionId id)
{
    return std::visit(
        [&](auto member) -> OptionValue {
            const auto& value = memberOf(options, member);
            using Value = std::decay_t<decltype(value)>;
            if constexpr (isCount<Value>) {
                constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
                return static_cast<std::int64_t>(std::min<std::uint64_t>(value, most));
            } else {
                return OptionValue(std::in_place_type<Value>, value);
            }
        },
        entryOf(id).member);
}

void setValue(Options& options, OptionId id, OptionValue value)
{
    std::visit(
        [&](auto member) {
            auto& into = memberOf(options, member);
            using Value = std::decay_t<decltype(into)>;
            if constexpr (isCount<Value>)
                into = static_cast<Value>(std::get<std::int64_t>(value));
            else
                into = std::get<Value>(std::move(value));
        },
        entryOf(id).member);
}

OptionValue defaultOf(OptionId id)
{
    return valueOf(Options(), id);
}

bool counts(const Options& options, OptionId id)
{
    if (id == OptionId::FilterEnds)
        return !options.addressFilter.empty();
    const bool ofExact = id >= OptionId::AttemptTimeout && id <= OptionId::OtherInactivity;
    return !ofExact || options.flowsBy == FlowsBy::Exact;
}

std::optional<OptionId> outOfBounds(const Options& options)
{
    for (const auto& entry : optionTable) {
        const auto value = valueOf(options, entry.id);
        const auto* const number = std::get_if<std::int64_t>(&value);
        if (number && (*number < entry.least || *number > entry.most))
            return entry.id;
    }
    return std::nullopt;
}

bool sameCapture(const Options& a, const Options& b)
{
    return a.inputs == b.inputs && a.specs == b.specs &&
           std::ranges::all_of(optionTable, [&](const OptionEntry& entry) {
               return entry.changes != Changes::Flows || valueOf(a, entry.id) == valueOf(b, entry.id) ||
                      !(counts(a, entry.id) || counts(b, entry.id));
           });
}

} // namespace packetloom
