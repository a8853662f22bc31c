// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/input_spec.h"
#include "core/shard/job.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

/// How an input is cut.
struct StretchRules
{
    std::size_t input = 0;       ///< number of the input
    std::uint64_t chunkRows = 1; ///< Options::readChunkRows; 1: a cut may be anywhere
    std::uint64_t taskBytes = 1; ///< a stretch has so many or more, but for the last one
    /// One more than that ends the cutting.
    std::size_t mostTasks = mapTaskLimit;
};

/// The stretches of a file, from its beginning on.
class StretchList
{
public:
    explicit StretchList(const StretchRules& rules) : taskBytes_(rules.taskBytes), mostTasks_(rules.mostTasks)
    {
        tasks_.push_back({.input = rules.input});
    }

    /// Whether what lies before `at` is long enough.
    [[nodiscard]] bool isFull(std::uint64_t at) const
    {
        return at - tasks_.back().begin >= taskBytes_ && !tooMany();
    }
    /// What follows does not matter.
    [[nodiscard]] bool tooMany() const { return tasks_.size() > mostTasks_; }
    void cut(std::uint64_t at, std::uint64_t linesBefore, std::vector<ByteRange> head)
    {
        MapTask next{.input = tasks_.back().input, .begin = at};
        next.head = std::move(head);
        next.linesBefore = linesBefore;
        tasks_.back().end = at;
        tasks_.push_back(std::move(next));
    }
    /// Of a file of so many bytes.
    std::vector<MapTask> take(std::uint64_t bytes)
    {
        if (tasks_.size() > 1 && tasks_.back().begin == bytes) {
            tasks_.pop_back();
            tasks_.back().end = 0;
        }
        return std::move(tasks_);
    }

private:
    std::uint64_t taskBytes_;
    std::size_t mostTasks_;
    std::vector<MapTask> tasks_;
};

/// Asked now and then, with the bytes of the file that were read; false ends it with Cancelled.
using GoOnScan = std::function<bool(std::uint64_t bytes)>;

/// Nothing where the borders cannot be told.
using MaybeStretches = Result<std::optional<std::vector<MapTask>>>;

/// Of a plain table (docs/scale.md, 9). Nothing where it has a quote, a NUL byte or a lone carriage return
/// anywhere: what these mean cannot be told without reading what lies before. Errors: Read, Cancelled.
MaybeStretches tableStretches(const InputSpec& spec, ByteSource& source, const StretchRules& rules,
                              const GoOnScan& goOn);

/// Of a plain packet capture, by the headers of its records. Nothing where a frame may be several rows
/// (Tunnels::Each) and read chunks count, or of a pcapng file with so many interfaces that the reader counts
/// them. A damaged record is in the last stretch, whose reader tells of it. Errors: those of FrameReader;
/// Cancelled.
MaybeStretches captureStretches(const InputSpec& spec, std::unique_ptr<ByteSource> source,
                                const StretchRules& rules, const GoOnScan& goOn);

} // namespace packetloom
