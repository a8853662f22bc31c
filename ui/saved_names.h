// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QStringList>
#include <QVariant>

namespace packetloom {

/// Which of `names` was saved; -1 for none. What is chosen of a list is saved by its name, so that it is
/// still the same one when the list is in another order or longer; earlier versions saved the number of
/// its place, which is understood as well.
inline int savedIndex(const QStringList& names, const QVariant& saved)
{
    if (const auto index = names.indexOf(saved.toString()); index >= 0)
        return static_cast<int>(index);
    bool isNumber = false;
    const int number = saved.toInt(&isNumber);
    return isNumber && number >= 0 && number < names.size() ? number : -1;
}

} // namespace packetloom
