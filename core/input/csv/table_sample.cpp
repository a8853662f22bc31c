// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/table_sample.h"

#include "core/filter/ip_network.h"
#include "core/input/csv/cell_text.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/input/csv/time_text.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace packetloom {
namespace {

class TextSource final : public ByteSource
{
public:
    explicit TextSource(std::string_view text) : text_(text) {}
    Result<std::size_t> read(std::span<char> into) override
    {
        const std::size_t n = std::min(into.size(), text_.size() - used_);
        if (n > 0)
            std::memcpy(into.data(), text_.data() + used_, n);
        used_ += n;
        return n;
    }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return used_; }

private:
    std::string_view text_;
    std::size_t used_ = 0;
};

} // namespace

TableSample sampleOf(std::string_view head, const CsvDialect& dialect)
{
    TableSample sample;
    // The last row of a full head goes on behind it.
    if (head.size() >= headBytes) {
        const auto end = head.find_last_of("\r\n");
        sample.whole = end != std::string_view::npos;
        head = head.substr(0, sample.whole ? end + 1 : 0);
    }
    TextSource source(head);
    CsvTokenizer tokenizer(source, std::max<std::size_t>(head.size(), 1), CsvTokenizer::defaultMaxRowBytes,
                           dialect);
    CsvRow row;
    while (sample.rows.size() + sample.unsplit < sampledRows &&
           tokenizer.next(row) == CsvTokenizer::Step::Row) {
        if (row.problem == RowProblem::None)
            sample.rows.emplace_back(row.fields.begin(), row.fields.end());
        else
            ++sample.unsplit;
        if (sample.rows.size() == 1 && sample.unsplit == 0)
            tokenizer.expectFields(0);
    }
    return sample;
}

CommonWidth commonWidth(const TableSample& sample)
{
    std::map<std::size_t, std::size_t> rowsOf;
    for (const auto& row : sample.rows)
        ++rowsOf[row.size()];
    CommonWidth common;
    for (const auto& [fields, rows] : rowsOf) {
        if (rows >= common.rows)
            common = {fields, rows};
    }
    return common;
}

TimeUnit ColumnContent::unit() const
{
    const auto best = std::max_element(times.begin(), times.end());
    return mostly(*best) ? static_cast<TimeUnit>(best - times.begin()) : TimeUnit::Sniffed;
}

ColumnContent contentOf(const std::vector<std::vector<std::string>>& rows, std::size_t column)
{
    ColumnContent content;
    for (const auto& row : rows) {
        if (column >= row.size())
            continue;
        const auto cell = withoutBlanks(row[column]);
        if (cell.empty())
            continue;
        ++content.filled;
        content.addresses += IpAddress::parse(oneOf(cell, Tunnels::Outer)).has_value();
        const Number number = parseNumber(cell);
        content.ports += number.kind == Number::Kind::Integer && number.whole >= 0 && number.whole <= 65535;
        content.decimals += number.usable() && cell.find('.') != std::string_view::npos;
        if (const auto unit = unitOf(cell))
            ++content.times[static_cast<std::size_t>(*unit)];
    }
    return content;
}

bool isValue(std::string_view cell)
{
    const auto text = withoutBlanks(cell);
    return !text.empty() && (parseAnyNumber(text).usable() || IpAddress::parse(text).has_value() ||
                             parseDateTime(text).usable());
}

} // namespace packetloom
