// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/map_facts.h"

#include "core/shard/job_trouble.h"
#include "core/shard/task_folder.h"

namespace packetloom {
namespace {

enum Kind : std::uint64_t { factsKind = 1, chunksKind, timesKind, addressesKind };
constexpr std::size_t blockBytes = std::size_t{64} << 10, chunksABlock = 4096;

/// What is told of an address. Of floods and scans most have one packet.
enum Counters : std::uint64_t { NoTcp, OneSent, OneReceived, AnyPackets };

Counters kindOf(const std::optional<AddressCounters>& tcp)
{
    if (!tcp)
        return NoTcp;
    const auto isOne = [&](std::uint64_t packets, const WideSum& bytes, std::uint64_t others,
                           const WideSum& otherBytes) {
        return packets == 1 && others == 0 && bytes.fits64() && bytes.clamped() >= 0 &&
               otherBytes == WideSum(0) && tcp->firstTimestamp == tcp->lastTimestamp;
    };
    if (isOne(tcp->sentPackets, tcp->sentBytes, tcp->receivedPackets, tcp->receivedBytes))
        return OneSent;
    if (isOne(tcp->receivedPackets, tcp->receivedBytes, tcp->sentPackets, tcp->sentBytes))
        return OneReceived;
    return AnyPackets;
}

template <class Counts>
void putCounts(BytesOut& out, const Counts& counts)
{
    out.count(counts.size());
    for (const auto count : counts)
        out.count(count);
}

template <class Counts>
bool takeCounts(BytesIn& in, Counts& counts)
{
    if (in.count() != counts.size())
        return false;
    for (auto& count : counts)
        count = in.count();
    return true;
}

void put(BytesOut& out, const RowCounts& rows)
{
    for (const auto count : {rows.read, rows.kept, rows.filtered, rows.rejected, rows.notIp})
        out.count(count);
}

void take(BytesIn& in, RowCounts& rows)
{
    for (auto* const count : {&rows.read, &rows.kept, &rows.filtered, &rows.rejected, &rows.notIp})
        *count = in.count();
}

void put(BytesOut& out, const MapFacts& facts)
{
    put(out, facts.rows);
    putCounts(out, facts.rejectedBy);
    putCounts(out, facts.notIpBy);
    out.count(facts.tcpPackets);
    out.count(facts.packetsBytes);
    out.count(facts.packetsSum);
    for (const auto& time : {facts.firstTime, facts.lastTime}) {
        out.count(time ? 1 : 0);
        out.number(time.value_or(0));
    }
    out.count(facts.flags.size());
    for (const auto& flag : facts.flags) {
        out.text(flag.name);
        out.count(flag.packets);
    }
    out.count(facts.firstRejected.size());
    for (const auto& row : facts.firstRejected) {
        out.count(row.line);
        out.count(static_cast<unsigned>(row.unit));
        out.count(static_cast<unsigned>(row.reason));
        out.text(row.column);
        out.text(row.raw);
    }
    out.count(facts.warnings.size());
    for (const auto& warning : facts.warnings) {
        out.count(static_cast<unsigned>(warning.kind));
        out.count(warning.kept);
        out.count(static_cast<unsigned>(warning.error.code));
        out.text(warning.error.detail);
        out.count(warning.error.byte);
        out.count(warning.error.line);
        out.count(static_cast<unsigned>(warning.error.unit));
        const auto* const compression = std::get_if<Compression>(&warning.error.facts);
        out.count(compression ? 1 + static_cast<unsigned>(*compression) : 0);
    }
    put(out, facts.input);
}

bool take(BytesIn& in, MapFacts& facts)
{
    take(in, facts.rows);
    if (!takeCounts(in, facts.rejectedBy) || !takeCounts(in, facts.notIpBy))
        return false;
    facts.tcpPackets = in.count();
    facts.packetsBytes = in.count();
    facts.packetsSum = static_cast<std::uint32_t>(in.count());
    for (auto* const time : {&facts.firstTime, &facts.lastTime}) {
        const bool known = in.count() != 0;
        const auto number = in.number();
        if (known)
            *time = number;
    }
    for (std::uint64_t left = in.count(); left > 0 && !in.bad(); --left) {
        std::string name(in.text());
        facts.flags.push_back({std::move(name), in.count()});
    }
    for (std::uint64_t left = in.count(); left > 0 && !in.bad(); --left) {
        RejectedRow row;
        row.line = in.count();
        row.unit = static_cast<RowUnit>(in.count());
        row.reason = static_cast<RejectReason>(in.count());
        row.column = in.text();
        row.raw = in.text();
        facts.firstRejected.push_back(std::move(row));
    }
    for (std::uint64_t left = in.count(); left > 0 && !in.bad(); --left) {
        Warning warning;
        warning.kind = static_cast<Warning::Kind>(in.count());
        warning.kept = in.count();
        warning.error.code = static_cast<Errc>(in.count());
        warning.error.detail = in.text();
        warning.error.byte = in.count();
        warning.error.line = in.count();
        warning.error.unit = static_cast<RowUnit>(in.count());
        if (const auto compression = in.count(); compression > 0)
            warning.error.facts = static_cast<Compression>(compression - 1);
        facts.warnings.push_back(std::move(warning));
    }
    return take(in, facts.input) && in.atEnd();
}

} // namespace

BlockFileName mapFileName(const Job& job, std::size_t task, std::string_view file)
{
    return {job.id, TaskId{TaskKind::Map, task}.name() + ' ' + std::string(file)};
}

MapFactsWriter::MapFactsWriter(const std::filesystem::path& folder, const BlockFileName& name)
    : file_(folder / mapFactsFile, name)
{
}

void MapFactsWriter::time(std::int64_t timestamp)
{
    times_.number(timestamp, lastTime_);
    lastTime_ = timestamp;
    if (times_.size() >= blockBytes)
        endTimes();
}

void MapFactsWriter::endTimes()
{
    if (!times_.empty())
        file_.add(timesKind, times_.bytes());
    times_.clear();
    lastTime_ = 0;
}

void MapFactsWriter::address(const MapAddress& address)
{
    texts_.add(address.text);
    const Counters kind = kindOf(address.tcp);
    counters_.count(kind);
    if (kind != NoTcp) {
        const AddressCounters& tcp = *address.tcp;
        if (kind == AnyPackets) {
            counters_.count(tcp.sentPackets);
            counters_.count(tcp.receivedPackets);
            counters_.sum(tcp.sentBytes);
            counters_.sum(tcp.receivedBytes);
            counters_.number(tcp.lastTimestamp, tcp.firstTimestamp);
        } else {
            const WideSum& bytes = kind == OneSent ? tcp.sentBytes : tcp.receivedBytes;
            counters_.count(static_cast<std::uint64_t>(bytes.clamped()));
        }
        counters_.number(tcp.firstTimestamp, lastFirst_);
        lastFirst_ = tcp.firstTimestamp;
    }
    if (texts_.size() + counters_.size() >= blockBytes)
        endAddresses();
}

void MapFactsWriter::endAddresses()
{
    if (texts_.count() > 0) {
        BytesOut block;
        texts_.putTo(block);
        block.raw(counters_.bytes());
        file_.add(addressesKind, block.bytes());
    }
    texts_.clear();
    counters_.clear();
    lastFirst_ = 0;
}

Result<void> MapFactsWriter::finish(const MapFacts& facts)
{
    endTimes();
    endAddresses();
    BytesOut out;
    for (std::size_t i = 0; i < facts.chunks.size(); ++i) {
        const MapChunk& chunk = facts.chunks[i];
        out.count(chunk.rows);
        out.count(chunk.kept);
        out.count((chunk.newest ? 1u : 0u) | (chunk.pastWindow ? 2u : 0u));
        out.number(chunk.newest.value_or(0));
        if (i + 1 == facts.chunks.size() || (i + 1) % chunksABlock == 0) {
            file_.add(chunksKind, out.bytes());
            out.clear();
        }
    }
    put(out, facts);
    file_.add(factsKind, out.bytes());
    return file_.finish();
}

Result<MapFactsReader> MapFactsReader::open(const std::filesystem::path& folder, const BlockFileName& name)
{
    auto file = BlockReader::open(folder / mapFactsFile, name);
    if (!file)
        return std::move(file).error();
    return MapFactsReader(*std::move(file));
}

Result<void> MapFactsReader::forEachBlock(std::uint64_t kind,
                                          const std::function<Result<void>(BytesIn&)>& each) const
{
    std::string bytes;
    for (const auto& block : file_.blocks()) {
        if (block.kind != kind)
            continue;
        const auto payload = file_.read(block, bytes);
        if (!payload)
            return payload.error();
        BytesIn in(*payload);
        if (auto done = each(in); !done)
            return done;
        if (in.bad())
            return file_.damaged("a block is none");
    }
    return {};
}

Result<MapFacts> MapFactsReader::facts() const
{
    MapFacts facts;
    bool good = false;
    auto read = forEachBlock(factsKind, [&](BytesIn& in) -> Result<void> {
        good = take(in, facts);
        return {};
    });
    if (read && !good)
        return file_.damaged("it tells nothing");
    if (read)
        read = forEachBlock(chunksKind, [&](BytesIn& in) -> Result<void> {
            while (!in.atEnd()) {
                MapChunk chunk;
                chunk.rows = in.count();
                chunk.kept = in.count();
                const auto bits = in.count();
                const auto newest = in.number();
                if ((bits & 1) != 0)
                    chunk.newest = newest;
                chunk.pastWindow = (bits & 2) != 0;
                facts.chunks.push_back(chunk);
            }
            return {};
        });
    if (!read)
        return std::move(read).error();
    return facts;
}

Result<void> MapFactsReader::forEachTime(const std::function<bool(std::int64_t)>& each) const
{
    return forEachBlock(timesKind, [&](BytesIn& in) -> Result<void> {
        for (std::int64_t time = 0; !in.atEnd();) {
            time = in.number(time);
            if (!in.bad() && !each(time))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        return {};
    });
}

Result<void> MapFactsReader::forEachAddress(const std::function<bool(const MapAddress&)>& each) const
{
    return forEachBlock(addressesKind, [&](BytesIn& block) -> Result<void> {
        // Texts stand before all counters: they are read side by side.
        AddressesIn texts(block), passed(block);
        AddressesIn::Room room;
        passed.skipAll();
        BytesIn in(block);
        passed.finish(in);
        std::int64_t lastFirst = 0;
        while (texts.left() > 0 && !in.bad()) {
            MapAddress address;
            address.text = texts.next(room);
            if (const auto kind = in.count(); kind != NoTcp) {
                AddressCounters counters;
                std::uint64_t afterFirst = 0;
                if (kind == AnyPackets) {
                    counters.sentPackets = in.count();
                    counters.receivedPackets = in.count();
                    counters.sentBytes = in.sum();
                    counters.receivedBytes = in.sum();
                    afterFirst = in.count();
                } else {
                    const WideSum bytes(static_cast<std::int64_t>(in.count()));
                    (kind == OneSent ? counters.sentPackets : counters.receivedPackets) = 1;
                    (kind == OneSent ? counters.sentBytes : counters.receivedBytes) = bytes;
                }
                counters.firstTimestamp = lastFirst = in.number(lastFirst);
                counters.lastTimestamp = unzigzag(afterFirst, counters.firstTimestamp);
                address.tcp = counters;
            }
            if (!in.bad() && !each(address))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        }
        if (in.bad() || !in.atEnd())
            return file_.damaged("a block is none");
        block = in;
        return {};
    });
}

} // namespace packetloom
