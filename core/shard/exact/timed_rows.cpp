// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/timed_rows.h"

#include "core/shard/exact/time_runs.h"
#include "core/shard/job_trouble.h"
#include "core/support/zigzag.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

namespace packetloom {
namespace {

BlockFileName joinedName(std::size_t number)
{
    return {"", "joined runs " + std::to_string(number)};
}

void append(PartRows& to, const PartRows& from, std::size_t begin, std::size_t end)
{
    const auto add = [&](auto& all, const auto& some) {
        all.insert(all.end(), some.begin() + static_cast<std::ptrdiff_t>(begin),
                   some.begin() + static_cast<std::ptrdiff_t>(end));
    };
    add(to.packets, from.packets);
    add(to.extras, from.extras);
    add(to.rows, from.rows);
}

} // namespace

/// A run that is being read; its row at hand.
class TimedRows::Open
{
public:
    Open(TimedRun run, AddressTable& addresses)
        : run_(std::move(run)),
          file_(BlockReader::ofKnownBlocks(run_.file)),
          decoder_(addresses, PartPackets::OfAll)
    {
    }

    /// False at the end.
    Result<bool> load()
    {
        for (at_ = 0; block_ < run_.blocks.size();) {
            const auto payload = file_.read(run_.blocks[block_++], bytes_, PartDecoder::slack);
            if (!payload)
                return payload.error();
            if (!decoder_.decode(*payload, rows_))
                return file_.damaged("a block is none");
            leaveOut();
            count_ = rows_.rows.size();
            if (count_ > 0)
                return true;
        }
        return false;
    }
    Result<bool> advance() { return ++at_ < count_ ? Result<bool>(true) : load(); }

    [[nodiscard]] std::pair<std::int64_t, std::uint64_t> place() const
    {
        return {rows_.packets[at_].timestamp, rows_.rows[at_]};
    }
    /// Adds the row at hand and those behind it that lie in memory and before that time.
    void takeBefore(std::optional<std::int64_t> time, PartRows& rows)
    {
        const auto begin = rows_.packets.begin() + static_cast<std::ptrdiff_t>(at_);
        const auto end = time ? std::find_if(begin, rows_.packets.end(),
                                             [&](const Packet& packet) { return packet.timestamp >= *time; })
                              : rows_.packets.end();
        const auto behind =
            std::max<std::size_t>(static_cast<std::size_t>(end - rows_.packets.begin()), at_ + 1);
        if (rows.rows.empty() && at_ == 0 && behind == rows_.rows.size()) { // mostly, where runs are long
            std::swap(rows, rows_);
            at_ = behind - 1;
            return;
        }
        append(rows, rows_, at_, behind);
        at_ = behind - 1;
    }

private:
    // What does not count, and numbers among all.
    void leaveOut()
    {
        if (std::ranges::all_of(rows_.rows, [&](std::uint64_t row) { return row < run_.rows; })) {
            for (std::uint64_t& row : rows_.rows)
                row += run_.firstRow;
            return;
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
            if (rows_.rows[i] >= run_.rows)
                continue;
            rows_.packets[kept] = rows_.packets[i];
            rows_.extras[kept] = rows_.extras[i];
            rows_.rows[kept] = rows_.rows[i] + run_.firstRow;
            ++kept;
        }
        rows_.packets.resize(kept);
        rows_.extras.resize(kept);
        rows_.rows.resize(kept);
    }

    TimedRun run_;
    BlockReader file_;
    PartDecoder decoder_;
    PartRows rows_;
    std::string bytes_;
    std::size_t block_ = 0, at_ = 0;
    std::size_t count_ = 0; ///< of rows_, also where they were given away
};

std::vector<TimedRun> runsOf(const BlockReader& file, std::uint64_t part)
{
    std::vector<TimedRun> runs;
    std::optional<std::uint64_t> last;
    for (const BlockEntry& block : file.blocks()) {
        if (block.kind != part)
            continue;
        if (last != block.tags[0]) {
            runs.emplace_back().file = file.path();
            runs.back().firstTime = unzigzag(block.tags[1], 0);
        }
        last = block.tags[0];
        runs.back().blocks.push_back(block);
        runs.back().lastTime = std::max(runs.back().firstTime, unzigzag(block.tags[2], 0));
    }
    return runs;
}

std::size_t mostAtOnce(const std::vector<TimedRun>& runs)
{
    std::vector<std::int64_t> begins, ends;
    for (const auto& run : runs) {
        begins.push_back(run.firstTime);
        ends.push_back(run.lastTime);
    }
    std::ranges::sort(begins);
    std::ranges::sort(ends);
    std::size_t most = 0, ended = 0;
    for (std::size_t i = 0; i < begins.size(); ++i) {
        while (ends[ended] < begins[i])
            ++ended;
        most = std::max(most, i + 1 - ended);
    }
    return most;
}

TimedRows::TimedRows(std::vector<TimedRun> runs, AddressTable& addresses, std::filesystem::path folder,
                     std::function<bool()> goOn, std::size_t most)
    : runs_(std::move(runs)),
      addresses_(addresses),
      folder_(std::move(folder)),
      goOn_(std::move(goOn)),
      most_(most)
{
}

TimedRows::~TimedRows()
{
    open_.clear();
    runs_.clear();
    std::error_code ignored;
    for (const auto& file : files_)
        std::filesystem::remove(file, ignored);
}

bool TimedRows::comesLater(const std::unique_ptr<Open>& a, const std::unique_ptr<Open>& b)
{
    return a->place() > b->place();
}

// The first ones in time to one run.
Result<void> TimedRows::joinSome()
{
    std::vector<TimedRun> some(std::make_move_iterator(runs_.end() - static_cast<std::ptrdiff_t>(most_)),
                               std::make_move_iterator(runs_.end()));
    runs_.resize(runs_.size() - most_);
    const auto first = some.front().file;
    const std::size_t number = joined_++;
    const auto path = folder_ / ("joined-" + std::to_string(number));
    files_.push_back(path);
    {
        TimedRows rows(std::move(some), addresses_, folder_, goOn_, most_);
        BlockWriter file(path, joinedName(number));
        TimeRuns run(0, 0);
        PartRows piece;
        for (;;) {
            if (auto read = rows.next(piece); !read)
                return read;
            if (piece.rows.empty())
                break;
            for (std::size_t i = 0; i < piece.rows.size(); ++i)
                run.add(piece.packets[i], piece.extras[i], piece.rows[i], addresses_, file);
            if (file.failed())
                return file.error();
        }
        run.finish(addresses_, file);
        if (auto finished = file.finish(); !finished)
            return finished;
    }
    auto reader = BlockReader::open(path, joinedName(number));
    if (!reader)
        return std::move(reader).error();
    auto joined = runsOf(*reader, 0);
    if (joined.size() > 1)
        return jobError(JobTrouble::Damaged, first, "a run is not in the order of time");
    runs_.insert(runs_.begin(), std::make_move_iterator(joined.begin()),
                 std::make_move_iterator(joined.end()));
    return {};
}

// Those whose time has come.
Result<void> TimedRows::open()
{
    const auto hasCome = [&] {
        return !runs_.empty() && (open_.empty() || runs_.back().firstTime <= open_.front()->place().first);
    };
    while (hasCome()) {
        auto run = std::make_unique<Open>(std::move(runs_.back()), addresses_);
        runs_.pop_back();
        const auto loaded = run->load();
        if (!loaded)
            return loaded.error();
        if (!*loaded)
            continue;
        open_.push_back(std::move(run));
        std::ranges::push_heap(open_, comesLater);
    }
    return {};
}

Result<void> TimedRows::next(PartRows& rows)
{
    rows.packets.clear();
    rows.extras.clear();
    rows.rows.clear();
    if (!std::exchange(prepared_, true)) {
        const auto sort = [&] { std::ranges::sort(runs_, std::greater<>(), &TimedRun::firstTime); };
        sort();
        while (mostAtOnce(runs_) > most_) {
            if (auto joined = joinSome(); !joined)
                return joined;
        }
        sort();
    }
    while (rows.rows.size() < rowsAtOnce) {
        if (auto opened = open(); !opened)
            return opened;
        if (open_.empty())
            break;
        std::ranges::pop_heap(open_, comesLater);
        Open& first = *open_.back();
        std::optional<std::int64_t> until;
        if (!runs_.empty())
            until = runs_.back().firstTime;
        if (open_.size() > 1)
            until = std::min(until.value_or(open_.front()->place().first), open_.front()->place().first);
        first.takeBefore(until, rows);
        const auto more = first.advance();
        if (!more)
            return more.error();
        if (*more)
            std::ranges::push_heap(open_, comesLater);
        else
            open_.pop_back();
    }
    if (!goOn_())
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return {};
}

} // namespace packetloom
