// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/shard/exact/exact_flow_file.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace packetloom {

/// Puts flows, which come in the order of their ends, into the order of their places. What does not fit into
/// the memory waits in sorted temporary files.
class FlowSorter
{
public:
    static constexpr std::size_t mostBytes = std::size_t{48} << 20;

    /// Files are made in `folder`. `goOn` is asked now and then.
    FlowSorter(std::filesystem::path folder, AddressTable& addresses, std::function<bool()> goOn,
               std::size_t most = mostBytes)
        : folder_(std::move(folder)), addresses_(addresses), goOn_(std::move(goOn)), most_(most)
    {
    }
    FlowSorter(const FlowSorter&) = delete;
    FlowSorter& operator=(const FlowSorter&) = delete;
    ~FlowSorter();

    void add(const ExactFlow& flow);
    [[nodiscard]] std::optional<Error> failure() const { return error_; }
    /// All of them. Errors: Read, Write, NoSpace, Cancelled.
    Result<void> finish(ExactFlowWriter& file);

private:
    struct Packed
    {
        ExactPlace place;
        std::size_t offset, size; ///< in bytes_
    };
    Result<void> writeTo(ExactFlowWriter& file);
    void spill();

    std::filesystem::path folder_;
    AddressTable& addresses_;
    std::function<bool()> goOn_;
    std::size_t most_;
    std::vector<std::uint8_t> bytes_;
    std::vector<Packed> flows_;
    std::vector<std::filesystem::path> files_;
    std::optional<Error> error_;
};

} // namespace packetloom
