// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/address_resolver.h"
#include "core/input/csv/packet_stream.h"

#include <QString>
#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace packetloom::test {

inline constexpr std::array<unsigned, 3> poolThreads{1, 2, 8};

struct ReadPacket
{
    std::uint64_t row = 0, line = 0;
    Packet packet; ///< whose addresses are compared by their texts
    std::string source, destination;

    friend bool operator==(const ReadPacket& a, const ReadPacket& b)
    {
        const Packet &p = a.packet, &q = b.packet;
        return a.row == b.row && a.line == b.line && a.source == b.source && a.destination == b.destination &&
               p.timestamp == q.timestamp && p.sourcePort == q.sourcePort &&
               p.destinationPort == q.destinationPort && p.sequence == q.sequence &&
               p.acknowledgment == q.acknowledgment && p.length == q.length && p.protocol == q.protocol &&
               p.hasProtocol == q.hasProtocol && p.flags == q.flags;
    }
};

struct ReadReject
{
    std::uint64_t row = 0, line = 0;
    RejectReason reason{};
    std::string column, raw;

    friend bool operator==(const ReadReject&, const ReadReject&) = default;
};

/// Everything that reading a capture tells.
struct Reading
{
    std::vector<ReadPacket> packets;
    std::vector<ReadReject> rejects;
    std::uint64_t rows = 0, filtered = 0;
    std::vector<std::uint64_t> pastWindow; ///< rows
    bool firstPastRight = true;
    std::optional<Error> error;
    std::vector<std::string> addresses; ///< in the order of their numbers

    /// The texts of so many are promised, and no more.
    void addReject(ReadReject reject)
    {
        if (rejects.size() >= keptRejectedRows)
            reject.raw.clear();
        rejects.push_back(std::move(reject));
    }
};

struct Rules
{
    TimeWindow window;
    std::optional<AddressFilter> filter;
    FilterEnds ends = FilterEnds::Either;
};

inline IpMap someMap()
{
    auto map = IpMap::parse(R"({"10.0.0.1": 1, "10.0.0.17": 17, "10.1.0.9": 123456, "fe80::1": 1234567})");
    if (!map)
        qFatal("the map cannot be read");
    return *std::move(map);
}

/// All readings of one run of the program share what pools and streams share.
class Reader
{
public:
    Reading rowByRow(const std::filesystem::path& file, std::size_t blockSize, const Rules& rules)
    {
        AddressTable table;
        AddressDecoder decoder(map_, rules.filter ? &*rules.filter : nullptr, table);
        const PacketRules packetRules{rules.window, &decoder, rules.ends};
        Reading reading;
        auto reader = open(file, blockSize);
        if (!reader)
            qFatal("the capture cannot be opened");
        ReadRow row;
        for (;; ++reading.rows) {
            const auto step = (*reader)->next(packetRules, row);
            if (step != CsvTokenizer::Step::Row) {
                if (step == CsvTokenizer::Step::Failed)
                    reading.error = (*reader)->error();
                return reading;
            }
            if (row.pastWindow)
                reading.pastWindow.push_back(reading.rows);
            if (row.fate == RowFate::Kept)
                reading.packets.push_back({reading.rows, row.line, row.packet,
                                           std::string(table.text(row.packet.source)),
                                           std::string(table.text(row.packet.destination))});
            else if (row.fate == RowFate::Rejected)
                reading.addReject(
                    {reading.rows, row.line, row.reason, std::string(row.column), std::string(row.raw)});
            else
                ++reading.filtered;
        }
    }

    /// `expected` knows which rows lie behind the window.
    Reading blockByBlock(const std::filesystem::path& file, std::size_t blockSize, unsigned threads,
                         const Rules& rules, const Reading& expected)
    {
        AddressTable table;
        AddressDecoder decoder(map_, rules.filter ? &*rules.filter : nullptr, table);
        AddressResolver resolver(decoder, rules.ends);
        Reading reading;
        auto reader = open(file, blockSize);
        if (!reader)
            qFatal("the capture cannot be opened");
        PacketStream stream(*std::move(reader), rules.window, pool(threads), buffers_);
        for (;;) {
            auto next = stream.next();
            if (!next)
                reading.error = next.error();
            if (!next || !*next)
                break;
            PacketBatch& batch = **next;
            resolver.resolve(batch);
            const auto past =
                std::lower_bound(expected.pastWindow.begin(), expected.pastWindow.end(), reading.rows);
            const bool any = past != expected.pastWindow.end() && *past < reading.rows + batch.rows;
            reading.firstPastRight =
                reading.firstPastRight &&
                (any ? reading.rows + batch.firstPastWindow == *past : batch.firstPastWindow == batch.none);
            for (std::size_t i = 0; i < batch.packets.size(); ++i) {
                const Packet& packet = batch.packets[i];
                reading.packets.push_back({reading.rows + batch.places[i].row,
                                           stream.linesBefore() + batch.places[i].line + 1, packet,
                                           std::string(table.text(packet.source)),
                                           std::string(table.text(packet.destination))});
            }
            for (const auto& reject : batch.rejects)
                reading.addReject({reading.rows + reject.place.row,
                                   stream.linesBefore() + reject.place.line + 1, reject.reason,
                                   std::string(reject.column), reject.raw});
            reading.rows += batch.rows;
        }
        reading.filtered = reading.rows - reading.packets.size() - reading.rejects.size();
        for (std::uint32_t i = 0; i < table.size(); ++i)
            reading.addresses.emplace_back(table.text(AddressId{i}));
        return reading;
    }

    TaskPool& pool(unsigned threads) { return threads == 1 ? one_ : threads == 2 ? two_ : eight_; }
    PacketStream::Buffers& buffers() { return buffers_; }

    TableLayout layout; ///< of the captures to come; at first the reference's

private:
    [[nodiscard]] Result<std::unique_ptr<PacketReader>> open(const std::filesystem::path& file,
                                                             std::size_t blockSize) const
    {
        if (layout.reference)
            return PacketReader::open(file, blockSize);
        auto source = openByteSource(file, blockSize);
        if (!source)
            return std::move(source).error();
        return PacketReader::open(file, *std::move(source), blockSize, layout);
    }

    IpMap map_ = someMap();
    PacketStream::Buffers buffers_;
    TaskPool one_{1}, two_{2}, eight_{8};
};

/// What is different; nothing when all is well.
inline QString difference(const Reading& expected, const Reading& got)
{
    const auto first = [](const auto& a, const auto& b) {
        const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
        return x != a.end()   ? QStringLiteral("line %1").arg(x->line)
               : y != b.end() ? QStringLiteral("line %1, which there should not be").arg(y->line)
                              : QString();
    };
    if (const auto place = first(expected.packets, got.packets); !place.isEmpty())
        return QStringLiteral("packet of ") + place;
    if (const auto place = first(expected.rejects, got.rejects); !place.isEmpty())
        return QStringLiteral("rejected row of ") + place;
    if (expected.rows != got.rows || expected.filtered != got.filtered)
        return QStringLiteral("%1 rows, %2 filtered").arg(got.rows).arg(got.filtered);
    if (!got.firstPastRight)
        return QStringLiteral("first row behind the window");
    if (expected.error.has_value() != got.error.has_value())
        return QStringLiteral("error");
    if (expected.error &&
        (expected.error->code != got.error->code || expected.error->line != got.error->line ||
         expected.error->byte != got.error->byte || expected.error->file != got.error->file))
        return QStringLiteral("error in line %1, not %2").arg(got.error->line).arg(expected.error->line);
    return {};
}

/// Reads `file` in all ways; what is different, if anything.
inline QString differences(Reader& reader, const std::filesystem::path& file,
                           const std::vector<std::size_t>& blockSizes, const Rules& rules)
{
    for (const std::size_t blockSize : blockSizes) {
        const auto expected = reader.rowByRow(file, blockSize, rules);
        std::vector<std::string> addresses;
        for (const unsigned threads : poolThreads) {
            const auto got = reader.blockByBlock(file, blockSize, threads, rules, expected);
            const auto where = QStringLiteral(", blocks of %1, %2 threads").arg(blockSize).arg(threads);
            if (const auto what = difference(expected, got); !what.isEmpty())
                return what + where;
            if (threads == poolThreads.front())
                addresses = got.addresses;
            else if (got.addresses != addresses)
                return QStringLiteral("other address numbers") + where;
        }
    }
    return {};
}

} // namespace packetloom::test
