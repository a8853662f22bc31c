// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpacker.h"

#include "core/input/bytes/unpackers.h"

namespace packetloom {

std::unique_ptr<Unpacker> makeUnpacker(Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return makeGzipUnpacker();
    case Compression::Zip:
        return makeZipUnpacker();
#ifdef PACKETLOOM_ZSTD
    case Compression::Zstd:
        return makeZstdUnpacker();
#endif
#ifdef PACKETLOOM_XZ
    case Compression::Xz:
        return makeXzUnpacker();
#endif
#ifdef PACKETLOOM_LZ4
    case Compression::Lz4:
        return makeLz4Unpacker();
#endif
#ifdef PACKETLOOM_BZIP2
    case Compression::Bzip2:
        return makeBzip2Unpacker();
#endif
    default:
        return nullptr;
    }
}

} // namespace packetloom
