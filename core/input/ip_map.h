// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace packetloom {

/// A larger file is not read: twenty million addresses fit, and a capture given by mistake is refused at
/// once.
inline constexpr std::uint64_t ipMapLimit = std::uint64_t{1} << 30;

/// The table of integer address ids: a JSON object {"address": id}.
class IpMap
{
public:
    /// It may be a pipe. Errors: Open, Read, IsDirectory, MapSyntax, MapShape, MapValue, MapTooLarge,
    /// Cancelled.
    static Result<IpMap> load(const std::filesystem::path& path, const StopEvent* stop = nullptr);
    static Result<IpMap> parse(std::string json, const std::filesystem::path& path = {},
                               const StopEvent* stop = nullptr);

    /// The address of an id; where several share it, the last one of the file (as the reference's reversed
    /// table).
    [[nodiscard]] std::optional<std::string_view> address(std::int64_t id) const;
    [[nodiscard]] bool knows(std::string_view address) const { return ids_.contains(std::string(address)); }
    [[nodiscard]] std::size_t size() const { return ids_.size(); }

private:
    std::unordered_map<std::string, std::int64_t> ids_;
    std::unordered_map<std::int64_t, std::string_view>
        addresses_; ///< texts live in ids_, whose nodes do not move
};

} // namespace packetloom
