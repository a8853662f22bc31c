// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_words.h"
#include "core/analysis/group_values.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace packetloom {

/// Returns one(numberOf), where numberOf(flow) is the number of the value of a key that a flow has; or, of a
/// key that is of either end, either(numbersOf), where numbersOf(flow) is the pair of both, equal where they
/// have one value.
template <class One, class Either>
auto withFlowNumbers(const Analysis& analysis, GroupKey key, ValueNumbers& numbers, const One& one,
                     const Either& either)
{
    const FlowTable& f = analysis.flows;
    switch (key) {
    case GroupKey::Source:
        return one([&](std::size_t i) { return numbers.ofAddress(f.source(i)); });
    case GroupKey::Destination:
        return one([&](std::size_t i) { return numbers.ofAddress(f.destination(i)); });
    case GroupKey::Address:
        return either([&](std::size_t i) {
            return std::pair(numbers.ofAddress(f.source(i)), numbers.ofAddress(f.destination(i)));
        });
    case GroupKey::SourceSubnet:
        return one([&](std::size_t i) { return numbers.ofSubnet(f.source(i)); });
    case GroupKey::DestinationSubnet:
        return one([&](std::size_t i) { return numbers.ofSubnet(f.destination(i)); });
    case GroupKey::Subnet:
        return either([&](std::size_t i) {
            return std::pair(numbers.ofSubnet(f.source(i)), numbers.ofSubnet(f.destination(i)));
        });
    case GroupKey::Pair:
        return one([&](std::size_t i) { return numbers.ofPair(f.source(i), f.destination(i)); });
    case GroupKey::SourcePort:
        return one([&](std::size_t i) { return numbers.ofNumber(f.sourcePort(i)); });
    case GroupKey::DestinationPort:
        return one([&](std::size_t i) { return numbers.ofNumber(f.destinationPort(i)); });
    case GroupKey::Port:
        return either([&](std::size_t i) {
            return std::pair(numbers.ofNumber(f.sourcePort(i)), numbers.ofNumber(f.destinationPort(i)));
        });
    case GroupKey::Protocol:
        return one([&](std::size_t i) { return numbers.ofWord(flowProtocol(analysis, i)); });
    case GroupKey::Service:
        return one([&](std::size_t i) { return numbers.ofWord(flowService(analysis, i)); });
    case GroupKey::State:
        if (analysis.flowFacts())
            return one([&](std::size_t i) { return numbers.ofWord(flowStateWord(analysis, i)); });
        return one([&](std::size_t i) { return numbers.ofNumber(static_cast<std::int64_t>(f.state(i))); });
    case GroupKey::Close:
        return one(
            [&](std::size_t i) { return numbers.ofNumber(static_cast<std::int64_t>(f.closeType(i))); });
    case GroupKey::Reason:
        return one(
            [&](std::size_t i) { return numbers.ofNumber(static_cast<std::int64_t>(f.invalidReason(i))); });
    case GroupKey::Time:
        return one([&](std::size_t i) { return numbers.ofTime(f.start(i)); });
    case GroupKey::Flags: // none: canGroup()
        break;
    }
    return one([&](std::size_t) { return numbers.ofWord({}); });
}

} // namespace packetloom
