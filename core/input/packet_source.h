// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/time_window.h"
#include "core/input/bytes/byte_source.h"
#include "core/model/packet_batch.h"
#include "core/support/result.h"
#include "core/support/task_pool.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <typeindex>
#include <unordered_map>

namespace packetloom {

/// The packets of an input, batch by batch in file order. One thread at a time.
class PacketSource
{
public:
    PacketSource() = default;
    PacketSource(const PacketSource&) = delete;
    PacketSource& operator=(const PacketSource&) = delete;
    virtual ~PacketSource() = default;

    /// The next batch, its addresses not resolved; null at the end. Errors: those of reading; the line is
    /// that of the row that could not be read.
    virtual Result<std::shared_ptr<PacketBatch>> next() = 0;
    /// Lines before the batch that next() gave last.
    [[nodiscard]] virtual std::uint64_t linesBefore() const = 0;
    /// After the end: what happened to the file meanwhile.
    [[nodiscard]] virtual InputChange change() const = 0;
    /// After the end: why it came before that of the file, and what came before is good.
    [[nodiscard]] virtual std::optional<Error> endedEarly() const { return std::nullopt; }
    /// What its lines are.
    [[nodiscard]] virtual RowUnit unit() const { return RowUnit::Line; }
    /// After the end: see ByteSource::ignoredFrom().
    [[nodiscard]] virtual std::optional<std::uint64_t> ignoredFrom() const = 0;
};

/// What the sources of one run share.
class SourceContext
{
public:
    /// `pool` must outlive it. `details` are those that batches shall have, as far as the input knows them.
    explicit SourceContext(TaskPool& pool, Details details = {}) : pool_(pool), details_(details) {}

    [[nodiscard]] TaskPool& pool() const { return pool_; }
    [[nodiscard]] Details details() const { return details_; }
    /// What the sources of a format keep from file to file: theirs alone, made when it is first asked for.
    template <class Memory>
    [[nodiscard]] Memory& memory()
    {
        auto& held = memory_[typeid(Memory)];
        if (!held)
            held = std::make_shared<Memory>();
        return *static_cast<Memory*>(held.get());
    }

private:
    TaskPool& pool_;
    Details details_;
    std::unordered_map<std::type_index, std::shared_ptr<void>> memory_;
};

/// An input that was recognised and whose beginning was read and found good.
class OpenedInput
{
public:
    OpenedInput() = default;
    OpenedInput(const OpenedInput&) = delete;
    OpenedInput& operator=(const OpenedInput&) = delete;
    virtual ~OpenedInput() = default;

    /// About how many packets a file of this many bytes on disk has, by its beginning.
    [[nodiscard]] virtual std::uint64_t expectedPackets(std::uint64_t bytes) const = 0;
    /// Its packets, but for those that lie outside the window. Once. `context` must outlive the source.
    virtual std::unique_ptr<PacketSource> packets(const TimeWindow& window, SourceContext& context) = 0;
};

} // namespace packetloom
