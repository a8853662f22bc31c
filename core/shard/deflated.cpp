// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/deflated.h"

#include "core/shard/packed_bytes.h"

#include <new>
#include <zlib.h>

namespace packetloom {
namespace {

constexpr std::uint64_t mostBytes = std::uint64_t{1} << 30; ///< far more than a block has

} // namespace

void deflateInto(std::string_view bytes, std::string& to)
{
    BytesOut head;
    head.count(bytes.size());
    const std::size_t before = head.size();
    auto size = compressBound(static_cast<uLong>(bytes.size()));
    to.resize(before + size);
    head.bytes().copy(to.data(), before);
    // It fails for want of memory alone.
    if (compress2(reinterpret_cast<Bytef*>(to.data() + before), &size,
                  reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uLong>(bytes.size()),
                  Z_BEST_SPEED) != Z_OK)
        throw std::bad_alloc();
    to.resize(before + size);
}

bool inflateInto(std::string_view packed, std::string& to, std::size_t slack)
{
    BytesIn in(packed);
    const std::uint64_t bytes = in.count();
    const auto rest = in.rest();
    if (in.bad() || bytes > mostBytes)
        return false;
    to.resize(static_cast<std::size_t>(bytes) + slack);
    auto size = static_cast<uLongf>(bytes);
    const int result =
        uncompress(reinterpret_cast<Bytef*>(to.data()), &size, reinterpret_cast<const Bytef*>(rest.data()),
                   static_cast<uLong>(rest.size()));
    if (result == Z_MEM_ERROR)
        throw std::bad_alloc();
    return result == Z_OK && size == bytes;
}

} // namespace packetloom
