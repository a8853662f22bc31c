// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/unpacker.h"

namespace packetloom {

// One a library; which of them there are is said by the build (core/CMakeLists.txt).
std::unique_ptr<Unpacker> makeGzipUnpacker();
std::unique_ptr<Unpacker> makeZipUnpacker();
std::unique_ptr<Unpacker> makeZstdUnpacker();
std::unique_ptr<Unpacker> makeXzUnpacker();
std::unique_ptr<Unpacker> makeLz4Unpacker();
std::unique_ptr<Unpacker> makeBzip2Unpacker();

} // namespace packetloom
