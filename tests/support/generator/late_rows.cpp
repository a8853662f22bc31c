// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/late_rows.h"

#include <algorithm>

namespace packetloom::generator {
namespace {

// Makes the numbers independent of those of the traffic, which has the same seed.
constexpr std::uint64_t seedOfLateness = 0x6C617465;

constexpr auto dueLater = [](const auto& a, const auto& b) { return a.due > b.due; };

} // namespace

LateRows::LateRows(Traffic& traffic, const GeneratorOptions& options)
    : traffic_(traffic),
      random_(options.seed ^ seedOfLateness),
      latePerMillion_(perMillion(options.lateShare)),
      lateMicros_(options.lateMicros),
      left_(options.rows)
{
}

bool LateRows::next(Packet& packet)
{
    if (latePerMillion_ == 0)
        return traffic_.next(packet);
    while (!hasNext_ && left_ > 0)
        take();
    if (!late_.empty() && (!hasNext_ || late_.front().due <= next_.time)) {
        release(packet);
        return true;
    }
    if (!hasNext_)
        return false;
    packet = next_;
    hasNext_ = false;
    return true;
}

void LateRows::take()
{
    if (!traffic_.next(next_)) {
        left_ = 0;
        return;
    }
    --left_;
    if (!random_.chance(latePerMillion_)) {
        hasNext_ = true;
        return;
    }
    late_.push_back({next_.time + 1 + random_.below(lateMicros_), next_});
    std::push_heap(late_.begin(), late_.end(), dueLater);
}

void LateRows::release(Packet& packet)
{
    packet = late_.front().packet;
    std::pop_heap(late_.begin(), late_.end(), dueLater);
    late_.pop_back();
}

} // namespace packetloom::generator
