// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <string>
#include <string_view>

namespace packetloom::test {

/// One gzip member. With `flushEvery` > 0 the deflate stream is flushed after so many bytes of text, which
/// changes where its blocks end.
std::string gzipMember(std::string_view text, std::size_t flushEvery = 0);

} // namespace packetloom::test
