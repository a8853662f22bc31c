// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/block_buffer.h"

namespace packetloom::generator {

void BlockBuffer::flush()
{
    if (!stopped_ && used_ > 0)
        stopped_ = !consumer_({buffer_.get(), used_});
    flushed_ += used_;
    used_ = 0;
}

} // namespace packetloom::generator
