// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/capture_interface.h"
#include "core/input/capture/layer.h"
#include "core/support/result.h"
#include "core/support/stable_array.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace packetloom {

/// Of a frame so many bytes are looked at; what follows is passed over, so that no length makes memory grow.
inline constexpr std::size_t mostFrameBytes = std::size_t{128} << 10;

/// A frame in a FrameBlock.
struct Frame
{
    static constexpr std::uint32_t noInterface = ~std::uint32_t{0};

    std::uint64_t time = 0;                ///< in the units of its interface
    std::uint32_t offset = 0;              ///< of its first byte in the block
    std::uint32_t captured = 0;            ///< bytes in the block
    std::uint32_t wireBytes = 0;           ///< that it had on the wire
    std::uint32_t interface = noInterface; ///< number of its CaptureInterface
    std::uint32_t record = 0;              ///< of the first byte of its record in the block
};

/// A record that tells how those behind it are read: a section header of pcapng, or an interface of the
/// section.
struct FrameContext
{
    std::uint64_t begin = 0, end = 0; ///< in the (decompressed) file; it was read up to its end, or is cut
    bool anew = false;                ///< a section header: those before count no more
};

/// A piece of a capture file with the frames that lie in it.
struct FrameBlock
{
    std::unique_ptr<std::uint8_t[]> bytes;
    std::size_t size = 0, capacity = 0;
    std::uint64_t fileOffset = 0; ///< of its first byte in the (decompressed) file
    std::vector<Frame> frames;
    std::vector<FrameContext> contexts; ///< before its frames and between them

    [[nodiscard]] Layer layer() const { return Layer({bytes.get(), size}); }
    [[nodiscard]] Layer frame(const Frame& frame) const
    {
        return layer().from(frame.offset).first(frame.captured);
    }
};

/// Finds the records in a capture file, whatever the format. One thread; interfaces() may be read meanwhile
/// by those who were told of the number.
class RecordWalker
{
public:
    RecordWalker() = default;
    RecordWalker(const RecordWalker&) = delete;
    RecordWalker& operator=(const RecordWalker&) = delete;
    virtual ~RecordWalker() = default;

    struct Walked
    {
        std::size_t used = 0;        ///< bytes that are done with
        std::uint64_t skip = 0;      ///< so many more that nobody needs follow them
        bool skipsFrame = false;     ///< those are of the last frame
        std::optional<Error> damage; ///< nothing can be read behind what was used; byte is relative
    };
    /// Adds the frames of all records that are whole in block.layer().from(at). The first bytes of a record
    /// that were not used are wanted again, with more behind them.
    virtual Walked walk(FrameBlock& block, std::size_t at) = 0;

    [[nodiscard]] const StableArray<CaptureInterface>& interfaces() const { return interfaces_; }

protected:
    StableArray<CaptureInterface> interfaces_;
};

/// The walker for a file that begins so, which is told by its magic number and of which pcapng's begins with
/// its section header, pcap's behind the file header of `headerBytes`. Null for a file that is none. Errors:
/// CaptureCut (the header is not whole), CaptureVersion.
struct WalkerOf
{
    std::unique_ptr<RecordWalker> walker;
    std::size_t headerBytes = 0;
};
Result<WalkerOf> recordWalkerOf(Layer head);
/// Whether a file that begins so is a capture.
bool isCapture(Layer head);

} // namespace packetloom
