// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/flow_capture.h"

#include "core/input/capture/frame_batch.h"
#include "core/input/capture/frame_reader.h"
#include "core/input/input_format.h"
#include "core/output/capture_file.h"
#include "core/output/target/output_file.h"
#include "core/support/guard.h"

#include <algorithm>
#include <string_view>

namespace packetloom {
namespace {

/// The packets of a flow in the order of the capture, one after the other.
class FlowPacketsInOrder
{
public:
    FlowPacketsInOrder(const PacketSpool& spool, const FlowTable& flows, std::size_t flow)
        : spool_(spool),
          reader_(spool),
          key_(flows.key(flow)),
          firstRow_(flows.firstRow(flow)),
          lastRow_(flows.lastRow(flow)),
          block_(static_cast<std::size_t>(firstRow_ / PacketSpool::blockRows))
    {
    }

    /// Whether there is one more.
    Result<bool> next()
    {
        for (;;) {
            const auto packets = reader_.packets();
            for (; at_ < packets.size(); ++at_) {
                const std::uint64_t row = reader_.firstRow() + at_;
                if (row > lastRow_)
                    return false;
                if (row < firstRow_ || !packets[at_].isTcp() || !(FlowKey::of(packets[at_]) == key_))
                    continue;
                packet_ = FlowPacket::of(packets[at_++]);
                return true;
            }
            if (block_ >= spool_.blocks())
                return false;
            if (auto loaded = reader_.load(block_++, PacketSpool::AllColumns & ~PacketSpool::Extras); !loaded)
                return std::move(loaded).error();
            at_ = 0;
        }
    }
    [[nodiscard]] const FlowPacket& packet() const { return packet_; }

private:
    const PacketSpool& spool_;
    PacketSpool::Reader reader_;
    const FlowKey key_;
    const std::uint64_t firstRow_, lastRow_;
    std::size_t block_, at_ = 0;
    FlowPacket packet_;
};

/// Inputs of which rows of a flow may come, by their index.
std::vector<std::size_t> inputsOf(const CaptureAnalysis& analysis, std::size_t flow)
{
    const auto& totals = analysis.totals.inputs;
    std::uint64_t all = 0;
    for (const InputTotals& input : totals)
        all += input.rows.kept;
    // Where only some of what was read is looked at, rows do not tell which file they are of.
    const bool known = all == analysis.spool.packets();
    std::vector<std::size_t> inputs;
    std::uint64_t row = 0;
    for (std::size_t i = 0; i < totals.size() && i < analysis.options.inputs.size(); ++i) {
        const std::uint64_t end = row + totals[i].rows.kept;
        const bool has =
            !known || (row <= analysis.flows.lastRow(flow) && end > analysis.flows.firstRow(flow));
        row = end;
        if (has && !totals[i].frames.linkTypes().empty() &&
            fileKind(analysis.options.inputs[i]) == FileKind::Regular)
            inputs.push_back(i);
    }
    return inputs;
}

/// One walk through the inputs.
class FlowFrames
{
public:
    FlowFrames(const CaptureAnalysis& analysis, std::size_t flow, CaptureFileWriter& writer,
               const FlowCaptureProgress& progress)
        : analysis_(analysis),
          flow_(flow),
          wanted_(analysis.spool, analysis.flows, flow),
          writer_(writer),
          progress_(progress)
    {
        const FlowKey key = analysis.flows.key(flow);
        low_ = {analysis.addresses.text(key.low.address), key.low.port};
        high_ = {analysis.addresses.text(key.high.address), key.high.port};
    }

    Result<std::uint64_t> run()
    {
        auto more = wanted_.next();
        if (!more)
            return std::move(more).error();
        more_ = *more;
        const auto inputs = inputsOf(analysis_, flow_);
        for (const std::size_t input : inputs) {
            const auto stamp = fileStamp(analysis_.options.inputs[input]);
            bytesTotal_ += stamp ? stamp->size : 0;
        }
        for (const std::size_t input : inputs) {
            if (!more_)
                break;
            if (auto read = readInput(specOf(analysis_.options, analysis_.options.inputs[input])); !read)
                return std::move(read).error();
        }
        return written_;
    }

private:
    struct End
    {
        std::string_view address;
        std::int64_t port = 0;
    };

    Result<void> readInput(const InputSpec& spec)
    {
        auto source = openByteSource(spec.file, analysis_.options.blockSize);
        if (!source)
            return std::move(source).error();
        auto reader = FrameReader::open(spec.file, *std::move(source), analysis_.options.blockSize);
        if (!reader)
            return std::move(reader).error();
        const FrameRules rules{
            .window = {}, .tunnels = spec.tunnels, .details = {}, .verifyChecksums = false};
        while (more_) {
            auto got = (*reader)->next(block_);
            if (!got) // what was read of a broken input was read of it before, too
                return analysis_.options.skipBroken ? Result<void>() : std::move(got).error();
            if (!*got)
                break;
            batch_.clear();
            readFrames(block_, (*reader)->interfaces(), rules, batch_);
            if (auto taken = takeFrames((*reader)->interfaces()); !taken)
                return taken;
            const double done = static_cast<double>(bytesBefore_ + (*reader)->source().bytesOnDisk());
            if (progress_ &&
                !progress_(bytesTotal_ == 0 ? 1.0 : std::min(1.0, done / static_cast<double>(bytesTotal_))))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        bytesBefore_ += (*reader)->source().bytesOnDisk();
        return {};
    }

    Result<void> takeFrames(const StableArray<CaptureInterface>& interfaces)
    {
        for (std::size_t i = 0; i < batch_.packets.size() && more_; ++i) {
            const auto found = asFlowPacket(batch_.packets[i]);
            if (!found || *found != wanted_.packet())
                continue;
            const Frame& frame = block_.frames[batch_.places[i].row];
            if (auto added = writer_.add(block_, frame, interfaces[frame.interface]); !added)
                return added;
            ++written_;
            auto more = wanted_.next();
            if (!more)
                return std::move(more).error();
            more_ = *more;
        }
        return {};
    }

    // Addresses of a batch are texts of its own.
    [[nodiscard]] std::optional<FlowPacket> asFlowPacket(const Packet& packet) const
    {
        if (!packet.isTcp())
            return std::nullopt;
        const auto is = [&](AddressId address, std::int64_t port, const End& end) {
            return port == end.port &&
                   batch_.fields.text(index(address) & ~AddressFields::textBit) == end.address;
        };
        const bool fromLow = is(packet.source, packet.sourcePort, low_) &&
                             is(packet.destination, packet.destinationPort, high_);
        if (!fromLow && !(is(packet.source, packet.sourcePort, high_) &&
                          is(packet.destination, packet.destinationPort, low_)))
            return std::nullopt;
        FlowPacket found = FlowPacket::of(packet);
        found.fromHigh = !fromLow;
        return found;
    }

    const CaptureAnalysis& analysis_;
    const std::size_t flow_;
    FlowPacketsInOrder wanted_;
    bool more_ = false; ///< wanted_.packet() is to be found
    CaptureFileWriter& writer_;
    const FlowCaptureProgress& progress_;
    End low_, high_;
    FrameBlock block_;
    PacketBatch batch_;
    std::uint64_t written_ = 0, bytesTotal_ = 0, bytesBefore_ = 0;
};

} // namespace

bool hasFrames(const Analysis& analysis, std::size_t flow)
{
    const auto* const capture = analysis.capture();
    return capture && flow < analysis.flows.size() && !inputsOf(*capture, flow).empty();
}

Result<FlowCapture> writeFlowCapture(const CaptureAnalysis& analysis, std::size_t flow,
                                     const std::filesystem::path& target, bool replace,
                                     const FlowCaptureProgress& progress)
{
    return guarded([&]() -> Result<FlowCapture> {
        auto file = OutputFile::check(target, replace, filesRead(analysis.options));
        if (!file)
            return std::move(file).error();
        if (auto created = file->create(); !created)
            return std::move(created).error();
        CaptureFileWriter writer(*file);
        auto written = FlowFrames(analysis, flow, writer, progress).run();
        if (!written)
            return std::move(written).error();
        if (auto finished = writer.finish(); !finished)
            return std::move(finished).error();
        const std::uint64_t bytes = file->bytes();
        if (auto published = file->publish(); !published)
            return std::move(published).error();
        return FlowCapture{.written = *written, .expected = analysis.flows.packets(flow), .bytes = bytes};
    });
}

} // namespace packetloom
