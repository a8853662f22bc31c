// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace packetloom {

class ByteSource;

/// A larger file is not read: twenty million addresses fit, and a capture given by mistake is refused at
/// once.
inline constexpr std::uint64_t ipMapLimit = std::uint64_t{1} << 30;

/// The table of integer address ids: a JSON object {"address": id}. It is read piece by piece: memory follows
/// the addresses, not the file, and time both, whatever addresses and ids there are.
class IpMap
{
public:
    /// Asked for every block that is read and every few entries, with the bytes that the next entries may
    /// take at once, because a table has to grow; false = stop.
    using GoOn = std::function<bool(std::uint64_t coming)>;

    IpMap();
    IpMap(IpMap&& other) noexcept;
    IpMap& operator=(IpMap&& other) noexcept;
    ~IpMap();

    /// It may be a pipe, which `stop` wakes from waiting. Errors: Open, Read, IsDirectory, MapSyntax,
    /// MapShape, MapValue, MapTooLarge, Cancelled.
    static Result<IpMap> load(const std::filesystem::path& path, const GoOn& goOn = {},
                              const StopEvent* stop = nullptr);
    static Result<IpMap> parse(std::string json, const std::filesystem::path& path = {},
                               const GoOn& goOn = {});

    /// The address of an id; where several share it, the last one of the file (as the reference's reversed
    /// table).
    [[nodiscard]] std::optional<std::string_view> address(std::int64_t id) const;
    [[nodiscard]] bool knows(std::string_view address) const;
    [[nodiscard]] std::size_t size() const;

private:
    struct Tables;
    static Result<IpMap> read(std::unique_ptr<ByteSource> source, const std::filesystem::path& path,
                              const GoOn& goOn);

    std::unique_ptr<Tables> tables_; ///< none for a map without addresses
};

} // namespace packetloom
