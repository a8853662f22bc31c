// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_reader.h"

#include "core/input/capture/pcap_walker.h"

#include <algorithm>
#include <cstring>

namespace packetloom {
namespace {

void makeRoom(FrameBlock& block, std::size_t bytes)
{
    if (block.capacity - block.size >= bytes)
        return;
    const std::size_t capacity = std::max(block.size + bytes, block.capacity + block.capacity / 2);
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (block.size > 0)
        std::memcpy(larger.get(), block.bytes.get(), block.size);
    block.bytes = std::move(larger);
    block.capacity = capacity;
}

} // namespace

Result<std::unique_ptr<FrameReader>> FrameReader::open(const std::filesystem::path& path,
                                                       std::unique_ptr<ByteSource> source,
                                                       std::size_t blockSize)
{
    constexpr std::size_t fileHeader = PcapWalker::headerBytes;
    std::unique_ptr<FrameReader> reader(
        new FrameReader(path, std::move(source), std::max<std::size_t>(blockSize, 1)));
    reader->estimate(reader->source_->head());
    FrameBlock head;
    while (head.size < fileHeader) {
        if (!reader->readMore(head))
            break;
    }
    if (reader->failed_)
        return *reader->failed_;
    auto walker = recordWalkerOf(head.layer());
    if (!walker)
        return reader->ofFile(std::move(walker).error());
    reader->walker_ = std::move(walker->walker);
    reader->rest_.assign(head.bytes.get() + walker->headerBytes, head.bytes.get() + head.size);
    reader->headerBytes_ = walker->headerBytes;
    reader->restOffset_ = walker->headerBytes;
    return reader;
}

// False at the end of the file, also where it cannot be read any further.
bool FrameReader::readMore(FrameBlock& block)
{
    makeRoom(block, blockSize_);
    auto* const into = reinterpret_cast<char*>(block.bytes.get() + block.size);
    auto read = source_->read({into, blockSize_});
    if (!read)
        failed_ = ofFile(std::move(read).error()); // told behind the frames that are there
    std::size_t fresh = read ? *read : 0;
    if (fresh == 0) {
        ended_ = true;
        return false;
    }
    if (skip_ > 0) {
        const std::size_t skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, fresh));
        std::memmove(into, into + skipped, fresh - skipped);
        fresh -= skipped;
        skip_ -= skipped;
        block.fileOffset += skipped; // nothing lies before what is skipped
    }
    block.size += fresh;
    return true;
}

// Of bytes that were unpacked wrongly no packet is to blame: whether they were is told farther on.
bool FrameReader::packingIsDamaged(FrameBlock& block)
{
    if (source_->compression() != Compression::None) {
        const auto used = block.size;
        while (!failed_ && readMore(block))
            block.size = used;
    }
    ended_ = true;
    return failed_ && failed_->code != Errc::InflateEnd;
}

Result<bool> FrameReader::next(FrameBlock& block)
{
    block.frames.clear();
    block.contexts.clear();
    block.size = 0;
    block.fileOffset = restOffset_;
    makeRoom(block, rest_.size() + blockSize_);
    std::copy(rest_.begin(), rest_.end(), block.bytes.get());
    block.size = rest_.size();
    std::size_t walked = 0;
    while (block.frames.empty() && !ended_) {
        readMore(block);
        const auto step = walker_->walk(block, walked);
        if (step.damage) {
            frames_ += block.frames.size();
            const auto place = block.fileOffset + walked + step.damage->byte;
            if (packingIsDamaged(block))
                return block.frames.empty() ? Result<bool>(*failed_) : true;
            endEarly(*step.damage, place);
            return !block.frames.empty();
        }
        walked += step.used;
        if (step.skip > 0) {
            skip_ = step.skip;
            skipsFrame_ = step.skipsFrame;
        }
        if (block.frames.empty()) { // what lies before it is done with
            std::memmove(block.bytes.get(), block.bytes.get() + walked, block.size - walked);
            block.size -= walked;
            block.fileOffset += walked;
            walked = 0;
        }
    }
    frames_ += block.frames.size();
    rest_.assign(block.bytes.get() + walked, block.bytes.get() + block.size);
    restOffset_ = block.fileOffset + walked;
    // Compression that is cut off ends the file as it would end by itself.
    const bool packingCut = failed_ && failed_->code == Errc::InflateEnd;
    if (ended_ && !early_ && (!failed_ || packingCut)) {
        if (!rest_.empty() || skip_ > 0)
            endEarly({.code = Errc::CaptureCut,
                      .detail = {},
                      .file = {},
                      .facts = packingCut ? failed_->facts : ErrorFacts()},
                     restOffset_);
        else
            early_ = failed_; // if so, behind a whole packet: there is none to be named
    }
    if (block.frames.empty() && failed_ && !early_)
        return *failed_;
    return !block.frames.empty();
}

void FrameReader::endEarly(Error error, std::uint64_t byte)
{
    const bool inLastFrame = skip_ > 0 && skipsFrame_;
    ended_ = true;
    rest_.clear();
    skip_ = 0;
    early_ = ofFile(std::move(error));
    early_->line = frames_ + (inLastFrame ? 0 : 1);
    early_->byte = byte;
}

Error FrameReader::ofFile(Error error) const
{
    error.file = path_;
    error.unit = RowUnit::Packet;
    return error;
}

void FrameReader::estimate(std::string_view head)
{
    const Layer bytes({reinterpret_cast<const std::uint8_t*>(head.data()), head.size()});
    auto walker = recordWalkerOf(bytes);
    if (!walker)
        return;
    FrameBlock block;
    makeRoom(block, head.size() + 1);
    std::copy_n(bytes.data(), bytes.size(), block.bytes.get());
    block.size = bytes.size();
    const auto walked = walker->walker->walk(block, walker->headerBytes);
    const double used =
        static_cast<double>(walker->headerBytes + walked.used) + static_cast<double>(walked.skip);
    const double packed =
        source_->compression() == Compression::None
            ? 1.0
            : static_cast<double>(source_->bytesOnDisk()) / static_cast<double>(head.size());
    if (used > 0 && packed > 0)
        framesAByte_ = static_cast<double>(block.frames.size()) / used / packed;
}

std::uint64_t FrameReader::expectedFrames(std::uint64_t bytes) const
{
    return static_cast<std::uint64_t>(framesAByte_ * static_cast<double>(bytes));
}

} // namespace packetloom
