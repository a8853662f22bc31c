// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/progress_board.h"

#include <algorithm>

namespace packetloom {
namespace {

std::shared_ptr<const Analysis> firstOf(const FlowTable& flows, const AddressTable& addresses,
                                        std::size_t count)
{
    auto first = std::make_shared<CaptureAnalysis>(Options(), std::filesystem::path());
    const auto copied = [&](AddressId id) { return first->addresses.intern(addresses.text(id)); };
    for (std::size_t i = 0; i < count; ++i)
        first->flows.add(flows, i, copied(flows.source(i)), copied(flows.destination(i)));
    return first;
}

} // namespace

void ProgressBoard::post(const Progress& progress)
{
    constexpr std::chrono::milliseconds betweenCopies{200};
    const auto now = Clock::now();
    std::shared_ptr<const Timeline> copy;
    std::shared_ptr<const Analysis> flows;
    if (progress.timeline && now - copied_ >= betweenCopies) {
        copied_ = now;
        copy = std::make_shared<const Timeline>(*progress.timeline);
    }
    if (progress.flowTable) {
        if (const auto count = std::min(progress.flowTable->size(), mostFlows); count > flowsCopied_) {
            flows = firstOf(*progress.flowTable, *progress.addressTable, count);
            flowsCopied_ = count;
        }
    }
    const std::lock_guard lock(mutex_);
    latest_.counters = progress;
    latest_.counters.timeline = nullptr;
    latest_.counters.tally = nullptr;
    latest_.counters.flowTable = nullptr;
    latest_.counters.addressTable = nullptr;
    latest_.seconds = std::chrono::duration<double>(now - begin_).count();
    if (progress.tally)
        latest_.tally = *progress.tally;
    if (copy)
        latest_.timeline = std::move(copy);
    if (flows)
        latest_.firstFlows = std::move(flows);
}

LiveProgress ProgressBoard::latest() const
{
    const std::lock_guard lock(mutex_);
    return latest_;
}

} // namespace packetloom
