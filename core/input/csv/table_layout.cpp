// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/table_layout.h"

namespace packetloom {

ColumnMap TableLayout::translated() const
{
    std::array<bool, columnCount> present{};
    for (std::size_t i = 0; i < columnCount; ++i)
        present[i] = !fields[i].empty();
    if (info) {
        for (const auto column : {Column::SourcePort, Column::DestinationPort, Column::Flags,
                                  Column::Sequence, Column::Acknowledgment, Column::Length, Column::Protocol})
            present[static_cast<std::size_t>(column)] = true;
    }
    if (!tcpFields.empty() || !udpFields.empty())
        present[static_cast<std::size_t>(Column::Protocol)] = true;
    return ColumnMap::ofTranslated(present, fieldCount);
}

} // namespace packetloom
