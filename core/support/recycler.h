// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace packetloom {

/// Large objects that are used again instead of being freed, so that their memory stays mapped: the system
/// takes longer to map a fresh page than a stage takes to fill it. Any thread may take and drop; what was
/// taken may outlive the recycler. The taker clears what it gets.
template <class T>
class Recycler
{
public:
    std::shared_ptr<T> take()
    {
        std::unique_ptr<T> object;
        {
            const std::lock_guard lock(spare_->mutex);
            if (!spare_->objects.empty()) {
                object = std::move(spare_->objects.back());
                spare_->objects.pop_back();
            }
        }
        if (!object)
            object = std::make_unique<T>();
        return {object.release(), [spare = spare_](T* used) {
                    std::unique_ptr<T> back(used);
                    const std::lock_guard lock(spare->mutex);
                    try {
                        spare->objects.push_back(std::move(back));
                    } catch (const std::bad_alloc&) { // then it goes
                    }
                }};
    }

private:
    struct Spare
    {
        std::mutex mutex;
        std::vector<std::unique_ptr<T>> objects;
    };
    std::shared_ptr<Spare> spare_ = std::make_shared<Spare>();
};

} // namespace packetloom
