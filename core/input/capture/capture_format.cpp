// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/capture_format.h"

#include "core/input/capture/capture_stream.h"
#include "core/input/capture/frame_batch.h"

#include <string>
#include <utility>

namespace packetloom {
namespace {

Layer layerOf(std::string_view text)
{
    return Layer({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

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
        return std::make_unique<CaptureStream>(std::move(reader_), window, spec_, context.pool(),
                                               context.memory<CaptureStream::Buffers>());
    }

private:
    std::unique_ptr<FrameReader> reader_;
    InputSpec spec_;
};

std::vector<std::string> rowOf(const Packet& packet, const AddressFields& fields)
{
    const auto address = [&](AddressId reference) {
        return std::string(fields.text(index(reference) & ~AddressFields::textBit));
    };
    return {std::to_string(packet.timestamp),
            address(packet.source),
            address(packet.destination),
            std::to_string(packet.sourcePort),
            std::to_string(packet.destinationPort),
            std::to_string(packet.flags.bits),
            std::to_string(packet.sequence),
            std::to_string(packet.acknowledgment),
            std::to_string(packet.length),
            std::to_string(packet.protocol)};
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

// A capture has no columns of its own: those that its packets will have are shown, and the first of these.
Result<void> inspectPacketCapture(InputBytes bytes, CaptureFacts& facts)
{
    auto reader = FrameReader::open(bytes.spec.file, std::move(bytes.source), bytes.blockSize);
    if (!reader)
        return std::move(reader).error();
    for (std::size_t i = 0; i < columnCount; ++i)
        facts.columns.emplace_back(columnName(static_cast<Column>(i)));
    FrameBlock block;
    auto more = (*reader)->next(block);
    if (!more)
        return std::move(more).error();
    PacketBatch batch;
    FrameReading reading;
    reading.tunnels = bytes.spec.tunnels;
    readFrames(block, (*reader)->interfaces(), {}, reading, batch);
    for (const Packet& packet : batch.packets) {
        if (facts.firstRows.size() == inspectedRows)
            break;
        facts.firstRows.push_back(rowOf(packet, batch.fields));
        if (!facts.firstTimestamp)
            facts.firstTimestamp = packet.timestamp;
    }
    return {};
}

} // namespace packetloom
