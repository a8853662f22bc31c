// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/flow_key.h"
#include "core/shard/packed_address.h"
#include "core/shard/quick_bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

// The ends of a block's flows. An address is a number in the block, whose texts stand before its flows; of a
// port nothing is said where it is that of the last flow which the address was an end of, or that of the last
// flow at all (a scan's).

namespace detail {

// Before an end: 0 where its address is a new one, else its number and one; and how its port is told.
inline constexpr unsigned samePort = 0, shortPort = 1, longPort = 2, lastPort = 3, portMask = 3, endShift = 2;
inline constexpr std::int64_t noPort = -1;

} // namespace detail

class BlockEndsOut
{
public:
    static constexpr std::size_t longestEnd = 2 * longestVarint;

    /// `addresses` has those of all ends, and outlives it.
    explicit BlockEndsOut(const AddressTable& addresses) : addresses_(addresses) {}

    /// Of a flow the lower end, then the higher one. Room for longestEnd must be there.
    void put(QuickOut& out, const Endpoint& end, bool isHigh)
    {
        using namespace detail;
        const auto [found, isNew] = numbers_.try_emplace(index(end.address), numbers_.size());
        if (isNew) {
            texts_.add(addresses_.text(end.address));
            ports_.push_back(noPort);
        }
        std::int64_t& last = ports_[static_cast<std::size_t>(found->second)];
        const unsigned how = last == end.port                    ? samePort
                             : last_[isHigh ? 1 : 0] == end.port ? lastPort
                             : fits16(end.port)                  ? shortPort
                                                                 : longPort;
        out.count((isNew ? 0 : found->second + 1) << endShift | how);
        if (how == shortPort)
            out.two(static_cast<unsigned>(end.port));
        else if (how == longPort)
            out.number(end.port);
        last = last_[isHigh ? 1 : 0] = end.port;
    }
    /// The texts of the block.
    void putTexts(BytesOut& out) const { texts_.putTo(out); }
    [[nodiscard]] std::size_t textBytes() const { return texts_.size(); }
    void clear()
    {
        numbers_.clear();
        texts_.clear();
        ports_.clear();
        last_ = {detail::noPort, detail::noPort};
    }

private:
    const AddressTable& addresses_;
    tsl::robin_map<std::uint32_t, std::uint64_t> numbers_; ///< by AddressId
    AddressesOut texts_;
    std::vector<std::int64_t> ports_;
    std::array<std::int64_t, 2> last_{detail::noPort, detail::noPort};
};

class BlockEndsIn
{
public:
    /// Of another block, which begins with its texts. `addresses` receives them.
    void begin(BytesIn& block, AddressTable& addresses)
    {
        ids_.clear();
        ports_.clear();
        last_ = {detail::noPort, detail::noPort};
        internAddresses(block, addresses, ids_);
    }
    /// False for what is none.
    bool take(QuickIn& in, Endpoint& end, bool isHigh)
    {
        using namespace detail;
        const std::uint64_t code = in.count();
        auto number = static_cast<std::size_t>(code >> endShift);
        if (number == 0) {
            number = ports_.size();
            ports_.push_back(noPort);
        } else {
            --number;
        }
        if (number >= ports_.size() || number >= ids_.size())
            return false;
        std::int64_t& port = ports_[number];
        if ((code & portMask) == shortPort)
            port = in.two();
        else if ((code & portMask) == longPort)
            port = in.number();
        else if ((code & portMask) == lastPort)
            port = last_[isHigh ? 1 : 0];
        last_[isHigh ? 1 : 0] = port;
        end = {ids_[number], port};
        return true;
    }

private:
    std::vector<AddressId> ids_;
    std::vector<std::int64_t> ports_; ///< of those that were told
    std::array<std::int64_t, 2> last_{detail::noPort, detail::noPort};
};

} // namespace packetloom
