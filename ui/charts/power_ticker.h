// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/messages.h"

#include <cmath>
#include <qcustomplot.h>

namespace packetloom {

/// Ticks of a logarithmic axis at powers of ten, as numbers with digit groups.
class PowerTicker final : public QCPAxisTickerLog
{
    QString getTickLabel(double tick, const QLocale& /*locale*/, QChar /*format*/, int /*precision*/) override
    {
        return tick < 0.999 ? QString::number(tick, 'g', 2)
                            : shownNumber(static_cast<std::uint64_t>(std::llround(tick)));
    }
};

} // namespace packetloom
