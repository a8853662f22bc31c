// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/capture_format.h"

#include "core/input/capture/capture_stream.h"
#include "core/input/capture/frame_batch.h"

#include <algorithm>
#include <string>
#include <utility>

namespace packetloom {
namespace {

Layer layerOf(std::string_view text)
{
    return Layer({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// All but the last, which is a set of bits and nothing to look at.
constexpr auto shownDetails = static_cast<std::size_t>(Detail::Damage);
static_assert(shownDetails + 1 == detailCount);

class CaptureInput final : public OpenedInput
{
public:
    CaptureInput(std::unique_ptr<FrameReader> reader, InputSpec spec)
        : reader_(std::move(reader)), spec_(std::move(spec))
    {
    }

    [[nodiscard]] std::uint64_t expectedPackets(std::uint64_t bytes) const override
    {
        return reader_->expectedFrames(bytes);
    }
    std::unique_ptr<PacketSource> packets(const TimeWindow& window, SourceContext& context) override
    {
        return std::make_unique<CaptureStream>(
            std::move(reader_), FrameRules{window, spec_.tunnels, context.details(), spec_.verifyChecksums},
            context.pool(), context.memory<CaptureStream::Buffers>());
    }

private:
    std::unique_ptr<FrameReader> reader_;
    InputSpec spec_;
};

std::vector<std::string> rowOf(const PacketBatch& batch, std::size_t i)
{
    const Packet& packet = batch.packets[i];
    const auto address = [&](AddressId reference) {
        return std::string(batch.fields.text(index(reference) & ~AddressFields::textBit));
    };
    std::vector<std::string> row{std::to_string(packet.timestamp),
                                 address(packet.source),
                                 address(packet.destination),
                                 std::to_string(packet.sourcePort),
                                 std::to_string(packet.destinationPort),
                                 std::to_string(packet.flags.bits),
                                 std::to_string(packet.sequence),
                                 std::to_string(packet.acknowledgment),
                                 std::to_string(packet.length),
                                 std::to_string(packet.protocol)};
    for (std::size_t detail = 0; detail < shownDetails; ++detail) {
        const std::int64_t number = batch.details.columns[detail][i];
        row.push_back(number == DetailColumns::none ? std::string() : std::to_string(number));
    }
    return row;
}

} // namespace

bool recogniseCapture(std::string_view head)
{
    return isCapture(layerOf(head));
}

Result<std::unique_ptr<OpenedInput>> openPacketCapture(InputBytes bytes)
{
    auto reader = FrameReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize);
    if (!reader)
        return std::move(reader).error();
    return std::unique_ptr<OpenedInput>(
        std::make_unique<CaptureInput>(*std::move(reader), std::move(bytes.spec)));
}

// A capture has no columns of its own: those that its packets will have are shown, what it knows of them
// besides, and the first packets.
Result<void> inspectPacketCapture(InputBytes bytes, CaptureFacts& facts)
{
    auto reader = FrameReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize);
    if (!reader)
        return std::move(reader).error();
    for (std::size_t i = 0; i < columnCount; ++i)
        facts.columns.emplace_back(columnName(static_cast<Column>(i)));
    for (std::size_t i = 0; i < shownDetails; ++i)
        facts.columns.emplace_back(detailName(static_cast<Detail>(i)));
    FrameBlock block;
    auto more = (*reader)->next(block);
    if (!more)
        return std::move(more).error();
    PacketBatch batch;
    readFrames(block, (*reader)->interfaces(), {{}, bytes.spec.tunnels, Details::all()}, batch);
    for (std::size_t i = 0; i < std::min(batch.packets.size(), inspectedRows); ++i)
        facts.firstRows.push_back(rowOf(batch, i));
    if (!batch.packets.empty())
        facts.firstTimestamp = batch.packets.front().timestamp;
    return {};
}

} // namespace packetloom
