// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/flow_key.h"
#include "core/model/flow_life.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetloom {

/// The enumerator that a dataset's word stands for; an empty text (null in JSON) is `None` where there is
/// one.
template <class Enum>
std::optional<Enum> enumeratorNamed(std::string_view word, std::size_t count,
                                    std::string_view (*nameOf)(Enum))
{
    for (std::size_t i = 0; i < count; ++i) {
        if (nameOf(static_cast<Enum>(i)) == word)
            return static_cast<Enum>(i);
    }
    return std::nullopt;
}

inline std::optional<FlowState> flowStateNamed(std::string_view word)
{
    return enumeratorNamed(word, flowStateCount, stateName);
}
inline std::optional<CloseType> closeTypeNamed(std::string_view word)
{
    return enumeratorNamed(word, closeTypeCount, closeTypeName);
}
inline std::optional<InvalidReason> invalidReasonNamed(std::string_view word)
{
    return enumeratorNamed(word, invalidReasonCount, invalidReasonName);
}
inline std::optional<PacketRole> packetRoleNamed(std::string_view word)
{
    return enumeratorNamed(word, packetRoleCount, roleName);
}
/// The N of "flow_N".
std::optional<std::uint64_t> flowNumber(std::string_view id);

/// The "key" of a flow: "ip:port-ip:port", the two ends in the order whose text is the smaller one by bytes.
std::string flowKeyText(const AddressTable& addresses, const FlowKey& key);

} // namespace packetloom
