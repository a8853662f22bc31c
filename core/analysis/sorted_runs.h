// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_reading.h"
#include "core/support/file.h"

#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// Sorted runs of one flow's packets, merged. What lies in memory can be moved to a nameless file.
class SortedRuns
{
public:
    using Visit = std::function<bool(std::span<const FlowRow>)>;

    SortedRuns(const FlowSpan& place, const std::filesystem::path& folder) : place_(place), folder_(folder) {}

    /// A run in order; not empty.
    void add(std::vector<FlowRow> run);
    /// Takes what is earlier than `horizon` (all, where there is none) and visits it in order, in batches.
    /// False when `visit` said so, or after a failure().
    bool take(std::optional<std::int64_t> horizon, const Visit& visit);
    /// All that is in memory becomes one run in the file. Errors: those of writing.
    Result<void> spill();
    /// Packets in memory that can be spilled.
    [[nodiscard]] std::size_t held() const { return held_; }
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

private:
    /// A block in the file.
    struct Block
    {
        std::uint64_t offset = 0;
        std::uint32_t bytes = 0, rows = 0;
    };
    struct Run
    {
        std::vector<FlowRow> rows; ///< of a run in the file: those of the block at hand
        std::size_t at = 0;
        std::vector<Block> blocks; ///< that follow, the next one last
        bool spilled = false;

        [[nodiscard]] const FlowRow& head() const { return rows[at]; }
    };

    bool step(std::vector<FlowRow>& batch);
    bool refill(Run& run);
    Result<Block> write(std::span<const FlowRow> rows);

    const FlowSpan& place_;
    const std::filesystem::path& folder_;
    std::vector<std::unique_ptr<Run>> heap_; ///< by head, the earliest first
    std::size_t held_ = 0;
    File file_;
    std::uint64_t fileSize_ = 0;
    std::vector<std::uint8_t> packed_;
    std::optional<Error> failure_;
};

} // namespace packetloom
