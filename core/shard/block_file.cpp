// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/block_file.h"

#include "core/shard/job_trouble.h"
#include "core/shard/packed_bytes.h"

#include <algorithm>
#include <zlib.h>

namespace packetloom {
namespace {

// A payload stands between its size and checksum, four bytes each, and the next one's. The list of blocks is
// the last payload; its place, and this, are the last bytes of the file.
constexpr std::string_view mark = "PLBLOCK1";
constexpr std::size_t headBytesOfBlock = 8, trailerBytes = 8 + 8;

template <std::size_t Bytes>
std::array<char, Bytes> littleEndian(std::uint64_t value)
{
    std::array<char, Bytes> bytes{};
    for (char& byte : bytes) {
        byte = static_cast<char>(value & 0xff);
        value >>= 8;
    }
    return bytes;
}

std::uint64_t fromLittleEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

template <std::size_t Bytes>
std::string_view view(const std::array<char, Bytes>& bytes)
{
    return {bytes.data(), bytes.size()};
}

} // namespace

std::uint32_t crc32Of(std::string_view bytes, std::uint32_t before)
{
    constexpr std::size_t most = std::size_t{1} << 30; // zlib counts in 32 bits
    uLong sum = before;
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, most);
        sum = crc32(sum, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
        bytes.remove_prefix(piece.size());
    }
    return static_cast<std::uint32_t>(sum);
}

BlockWriter::BlockWriter(const std::filesystem::path& path, const BlockFileName& name) : name_(name)
{
    file_.open(path);
}

void BlockWriter::put(std::string_view payload)
{
    file_.append(view(littleEndian<4>(payload.size())));
    file_.append(view(littleEndian<4>(crc32Of(payload))));
    file_.append(payload);
}

void BlockWriter::add(std::uint64_t kind, std::string_view payload, const std::array<std::uint64_t, 3>& tags)
{
    entries_.push_back({kind, tags, file_.bytesWritten() + headBytesOfBlock, payload.size()});
    put(payload);
}

Result<void> BlockWriter::finish()
{
    const std::uint64_t offset = file_.bytesWritten();
    BytesOut list;
    list.text(name_.job);
    list.text(name_.what);
    list.count(entries_.size());
    for (const auto& entry : entries_) {
        list.count(entry.kind);
        for (const auto tag : entry.tags)
            list.count(tag);
        list.count(entry.offset);
        list.count(entry.size);
    }
    put(list.bytes());
    file_.append(view(littleEndian<8>(offset)));
    file_.append(mark);
    return file_.close();
}

Error BlockReader::damaged(std::string what) const
{
    return jobError(JobTrouble::Damaged, path_, std::move(what));
}

std::atomic<int> BlockReader::Kept::count{0};

template <class Use>
auto BlockReader::withFile(const Use& use) const -> decltype(use(std::declval<const File&>()))
{
    if (kept_)
        return use(kept_->file());
    auto file = File::openRegular(path_);
    if (!file)
        return std::move(file).error();
    if (Kept::count.load(std::memory_order_relaxed) >= mostKeptOpen)
        return use(*file);
    kept_ = std::make_unique<Kept>(*std::move(file));
    return use(kept_->file());
}

Result<BlockReader> BlockReader::open(const std::filesystem::path& path, const BlockFileName& name)
{
    BlockReader reader(path);
    if (auto read = reader.withFile([&](const File& file) { return reader.readList(file, name); }); !read)
        return std::move(read).error();
    return reader;
}

Result<void> BlockReader::readList(const File& file, const BlockFileName& name)
{
    const auto stamp = file.stamp();
    if (!stamp || stamp->size < trailerBytes + headBytesOfBlock)
        return damaged("it ends too early");
    std::array<char, trailerBytes> trailer{};
    if (auto got = file.readAt(stamp->size - trailerBytes, trailer); !got)
        return got;
    const std::uint64_t offset = fromLittleEndian(view(trailer).substr(0, 8));
    if (view(trailer).substr(8) != mark || offset > stamp->size - trailerBytes - headBytesOfBlock)
        return damaged("it ends too early");
    std::string bytes;
    const BlockEntry listAt{.kind = 0,
                            .tags = {},
                            .offset = offset + headBytesOfBlock,
                            .size = stamp->size - trailerBytes - headBytesOfBlock - offset};
    const auto list = read(file, listAt, bytes, 0);
    if (!list)
        return list.error();
    BytesIn in(*list);
    if (in.text() != name.job)
        return damaged("it is another job's");
    if (const auto what = in.text(); what != name.what)
        return damaged("it is \"" + std::string(what) + "\", not \"" + name.what + '"');
    const std::uint64_t count = in.count();
    for (std::uint64_t i = 0; i < count && !in.bad(); ++i) {
        BlockEntry entry;
        entry.kind = in.count();
        for (auto& tag : entry.tags)
            tag = in.count();
        entry.offset = in.count();
        entry.size = in.count();
        if (entry.offset < headBytesOfBlock || entry.offset > offset || entry.size > offset - entry.offset)
            return damaged("a block lies outside");
        entries_.push_back(entry);
    }
    if (in.bad() || !in.atEnd())
        return damaged("its list of blocks is none");
    return {};
}

Result<std::string_view> BlockReader::read(const BlockEntry& block, std::string& into,
                                           std::size_t slack) const
{
    return withFile([&](const File& file) { return read(file, block, into, slack); });
}

Result<std::string_view> BlockReader::read(const File& file, const BlockEntry& block, std::string& into,
                                           std::size_t slack) const
{
    const auto size = static_cast<std::size_t>(block.size);
    into.resize(headBytesOfBlock + size + slack);
    if (auto read =
            file.readAt(block.offset - headBytesOfBlock, std::span(into).first(headBytesOfBlock + size));
        !read)
        return std::move(read).error();
    const auto all = std::string_view(into);
    const auto payload = all.substr(headBytesOfBlock, size);
    if (fromLittleEndian(all.substr(0, 4)) != size || fromLittleEndian(all.substr(4, 4)) != crc32Of(payload))
        return damaged("a checksum is wrong");
    return payload;
}

} // namespace packetloom
