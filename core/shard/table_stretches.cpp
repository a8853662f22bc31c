// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/csv_sniffer.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/shard/stretch_list.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace packetloom {
namespace {

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

/// Finds the borders of rows in a table that has none of what makes them hard to find.
class RowScan
{
public:
    RowScan(const CsvDialect& dialect, const StretchRules& rules)
        : dialect_(dialect), chunkRows_(rules.chunkRows), list_(rules), headerAhead_(dialect.header)
    {
    }

    /// False when it is no such table.
    bool add(std::string_view block)
    {
        if (at_ == 0 && block.starts_with(byteOrderMark)) {
            at_ += byteOrderMark.size();
            block.remove_prefix(byteOrderMark.size());
        }
        for (const char c : {dialect_.quote, '"', '\0'}) {
            if (std::memchr(block.data(), c, block.size()))
                return false;
        }
        if (lastWasReturn_ && !block.empty() && block.front() != '\n')
            return false;
        for (auto at = block.find('\r'); at != std::string_view::npos; at = block.find('\r', at + 1)) {
            if (at + 1 < block.size() && block[at + 1] != '\n')
                return false;
        }
        lastWasReturn_ = !block.empty() && block.back() == '\r';
        while (!block.empty()) {
            const auto end = block.find('\n');
            const auto line = block.substr(0, end);
            // A stretch that begins with a byte order mark would be read without it.
            if (!dialect_.header && lineBytes_ == 0 && rows_ > 0 && line.starts_with(byteOrderMark.front()))
                return false;
            lineBytes_ += line.size();
            if (lineBytes_ >= CsvTokenizer::defaultMaxRowBytes)
                return false;
            filled_ = filled_ || !isBlank(line);
            at_ += line.size();
            if (end == std::string_view::npos)
                break;
            ++at_;
            block.remove_prefix(end + 1);
            endLine();
        }
        return true;
    }
    [[nodiscard]] bool tooMany() const { return list_.tooMany(); }
    std::vector<MapTask> take() { return list_.take(at_); }

private:
    [[nodiscard]] bool isBlank(std::string_view line) const
    {
        return std::ranges::all_of(
            line, [&](char c) { return c != dialect_.delimiter && (c == ' ' || c == '\t' || c == '\r'); });
    }
    void endLine()
    {
        ++lines_;
        lineBytes_ = 0;
        if (!std::exchange(filled_, false))
            return;
        if (std::exchange(headerAhead_, false)) {
            headerBytes_ = at_;
            headerLines_ = lines_;
            return;
        }
        if (++rows_ % chunkRows_ != 0 || !list_.isFull(at_))
            return;
        std::vector<ByteRange> head;
        if (headerBytes_ > 0)
            head.push_back({0, headerBytes_});
        list_.cut(at_, lines_ - headerLines_, std::move(head));
    }

    CsvDialect dialect_;
    std::uint64_t chunkRows_;
    StretchList list_;
    bool headerAhead_;
    std::uint64_t at_ = 0, lines_ = 0, rows_ = 0, lineBytes_ = 0;
    std::uint64_t headerBytes_ = 0, headerLines_ = 0;
    bool filled_ = false; ///< the line at hand is a row
    bool lastWasReturn_ = false;
};

} // namespace

MaybeStretches tableStretches(const InputSpec& spec, ByteSource& source, const StretchRules& rules,
                              const GoOnScan& goOn)
{
    const auto table = sniffTable(source.head(), spec);
    if (!table)
        return std::optional<std::vector<MapTask>>();
    RowScan scan(table->layout.dialect, rules);
    std::vector<char> block(std::size_t{1} << 20);
    for (;;) {
        const auto got = source.read(block);
        if (!got)
            return got.error();
        if (*got == 0)
            break;
        if (!scan.add({block.data(), *got}))
            return std::optional<std::vector<MapTask>>();
        if (scan.tooMany())
            break;
        if (!goOn(source.bytesOnDisk()))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    return std::optional(scan.take());
}

} // namespace packetloom
