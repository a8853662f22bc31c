// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packets_pass.h"

#include "core/input/csv/packet_reader.h"
#include "core/input/dataset/dataset_file.h"
#include "core/stats/packet_totals.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::uint64_t rowsPerTick = 512;
constexpr std::size_t blockSize = std::size_t{256} << 10;

/// One walk through packets.csv.
class PacketsPass
{
public:
    PacketsPass(const std::filesystem::path& file, Analysis& analysis, FlowAssignment& flows,
                ProgressMeter& meter)
        : file_(file),
          analysis_(analysis),
          flows_(flows),
          meter_(meter),
          bytesBefore_(meter.progress().bytesDone),
          decoder_(noMap_, nullptr, analysis.addresses),
          seen_(analysis.addresses.size())
    {
        decoder_.takeVerbatim();
    }

    Result<void> run()
    {
        if (auto there = checkDatasetFile(file_); !there)
            return there;
        auto opened = PacketReader::open(file_, blockSize);
        if (!opened)
            return unusable(std::move(opened).error());
        PacketReader& reader = **opened;
        for (std::size_t i = 0; i < columnCount; ++i) {
            const auto column = static_cast<Column>(i);
            if (!reader.columns().has(column))
                return mismatch("there is no column " + std::string(columnName(column)), 1);
        }
        if (!reader.hasFlagTypes())
            return mismatch("there is no column flag_type", 1);
        const PacketRules rules{.window = {}, .addresses = &decoder_, .flagTypes = true};
        ReadRow row;
        for (;;) {
            const auto step = reader.next(rules, row);
            if (step == CsvTokenizer::Step::Failed)
                return unusable(reader.error());
            if (step == CsvTokenizer::Step::End)
                break;
            if (row.fate != RowFate::Kept)
                return mismatch("the row is malformed: " + std::string(rejectReasonKey(row.reason)),
                                row.line);
            if (auto taken = take(row); !taken)
                return taken;
            if (totals_.packets % rowsPerTick == 0 && !tick(reader))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        tick(reader);
        if (auto spooled = analysis_.spool.finish(); !spooled)
            return spooled;
        return checkTotals();
    }

private:
    [[nodiscard]] Error mismatch(std::string what, std::uint64_t line = 0) const
    {
        return datasetMismatch(file_, std::move(what), line);
    }
    // It is there and can be opened; whatever else is wrong with it, it is not the table that we wrote.
    [[nodiscard]] Error unusable(Error error) const
    {
        if (error.code == Errc::Open || error.code == Errc::Read)
            return error;
        return mismatch("it is not the table of the packets", error.line);
    }

    Result<void> take(const ReadRow& row)
    {
        const Packet& packet = row.packet;
        if (!see(packet.source) || !see(packet.destination))
            return mismatch("unique_ips.json does not have its address", row.line);
        if (totals_.packets == analysis_.totals.rows.kept)
            return mismatch("\"total_packets\" of manifest.json is less", row.line);
        analysis_.spool.add(packet);
        const std::uint64_t number = totals_.packets;
        totals_.add(packet);
        if (packet.isTcp())
            analysis_.pairs.add(packet, number);
        analysis_.byClass.add(packet.timestamp, static_cast<std::size_t>(classify(packet)), packet.length);
        if (analysis_.firstRows.size() < keptPreviewRows)
            analysis_.firstRows.push_back({0, row.line, packet});
        switch (flows_.take(packet, number)) {
        case FlowAssignment::Fate::InFlow:
            analysis_.byOutcome.add(packet.timestamp,
                                    static_cast<std::size_t>(analysis_.flows.outcome(flows_.flow())),
                                    packet.length);
            break;
        case FlowAssignment::Fate::NoFlow:
            break;
        case FlowAssignment::Fate::Unfit:
            return mismatch(flows_.problem(), row.line);
        }
        return {};
    }

    // False for an address that the dataset has not announced.
    bool see(AddressId id)
    {
        if (!analysis_.addressStats.has(id))
            return false;
        if (!seen_[index(id)]) {
            seen_[index(id)] = true;
            ++addresses_;
        }
        return true;
    }

    bool tick(const PacketReader& reader)
    {
        Progress& progress = meter_.progress();
        progress.bytesDone = std::min(bytesBefore_ + reader.source().bytesOnDisk(), progress.bytesTotal);
        progress.rows = progress.packets = totals_.packets;
        progress.flows = flows_.openedFlows();
        progress.openFlows = flows_.openFlows();
        progress.addresses = analysis_.addressStats.unique().size();
        return meter_.tick(flows_.growth(rowsPerTick) + analysis_.pairs.growth(rowsPerTick));
    }

    Result<void> checkTotals()
    {
        const RunTotals& totals = analysis_.totals;
        if (totals_.packets != totals.rows.kept)
            return mismatch("\"total_packets\" of manifest.json is more");
        if (totals_.tcpPackets != totals.tcpPackets)
            return mismatch("\"tcp_packets\" of manifest.json is another number");
        if (totals_.firstTimestamp != totals.firstTimestamp || totals_.lastTimestamp != totals.lastTimestamp)
            return mismatch("\"time_range\" of manifest.json is another one");
        if (addresses_ != totals.uniqueAddresses)
            return mismatch("unique_ips.json has more addresses");
        if (!flows_.finish())
            return mismatch(flows_.problem());
        return {};
    }

    const std::filesystem::path& file_;
    Analysis& analysis_;
    FlowAssignment& flows_;
    ProgressMeter& meter_;
    std::uint64_t bytesBefore_;
    const IpMap noMap_;
    AddressDecoder decoder_;
    std::vector<bool> seen_; ///< by address: those of unique_ips.json, which are all that may come
    std::uint64_t addresses_ = 0;
    PacketTotals totals_;
};

} // namespace

Result<void> readDatasetPackets(const std::filesystem::path& file, Analysis& analysis, FlowAssignment& flows,
                                ProgressMeter& meter)
{
    return PacketsPass(file, analysis, flows, meter).run();
}

} // namespace packetloom
