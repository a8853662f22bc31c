// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_index.h"

namespace packetloom {

void FlowIndex::insert(Hash hash, Slot slot)
{
    if ((size_ + 1) * 2 > buckets_.size())
        grow();
    std::size_t at = hash & mask_;
    while (buckets_[at].used)
        at = (at + 1) & mask_;
    buckets_[at] = {hash, slot + 1};
    ++size_;
}

// What stands behind moves up, so that no search ends too early and none meets the dead.
void FlowIndex::erase(Hash hash, Slot slot)
{
    std::size_t hole = hash & mask_;
    while (buckets_[hole].used != slot + 1)
        hole = (hole + 1) & mask_;
    for (std::size_t at = (hole + 1) & mask_; buckets_[at].used; at = (at + 1) & mask_) {
        const std::size_t home = buckets_[at].hash & mask_;
        if (((at - home) & mask_) >= ((at - hole) & mask_)) { // its search passes the hole
            buckets_[hole] = buckets_[at];
            hole = at;
        }
    }
    buckets_[hole] = {};
    --size_;
}

void FlowIndex::grow()
{
    std::vector<Bucket> old(buckets_.size() * 2);
    old.swap(buckets_);
    mask_ = buckets_.size() - 1;
    for (const Bucket& bucket : old) {
        if (!bucket.used)
            continue;
        std::size_t at = bucket.hash & mask_;
        while (buckets_[at].used)
            at = (at + 1) & mask_;
        buckets_[at] = bucket;
    }
}

std::vector<FlowIndex::Slot> FlowIndex::slots() const
{
    std::vector<Slot> all;
    all.reserve(size_);
    for (const Bucket& bucket : buckets_) {
        if (bucket.used)
            all.push_back(slotOf(bucket));
    }
    return all;
}

} // namespace packetloom
