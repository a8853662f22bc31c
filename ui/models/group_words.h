// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_table.h"
#include "core/model/address_table.h"
#include "ui/models/cell.h"

#include <QString>

namespace packetloom {

/// What a key is called, as the title of a column: "Source", "Destination port".
QString groupKeyTitle(GroupKey key);
/// What it means.
QString groupKeyTip(GroupKey key);
/// The value of a group as a cell; `addresses` and the values must live as long as it.
Cell groupValueCell(const GroupValue& value, const AddressTable& addresses);

} // namespace packetloom
