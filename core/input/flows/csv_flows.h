// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/csv_tokenizer.h"
#include "core/input/flows/flow_fields.h"
#include "core/input/flows/flow_table_format.h"

#include <string>
#include <vector>

namespace packetloom {

/// The names of the columns by the first line of a CSV table: bare, in lower case. Empty when that line is
/// not whole, or has a quote within.
std::vector<std::string> columnNamesOf(std::string_view head);
/// Whether one of the names is there.
bool hasAny(const std::vector<std::string>& columns, std::initializer_list<std::string_view> names);

/// A table of flows in CSV form with a line of names. Rows that repeat that line (files were joined) are
/// passed; a row that begins with `trailer` ends the table.
class CsvFlows final : public FlowSource
{
public:
    CsvFlows(FlowTableBytes bytes, const FlowRules& rules, std::string_view trailer = {});

    Step next(FlowRow& row) override;
    [[nodiscard]] FlowDoubts doubts() const override { return interpreter_.doubts(); }
    void note(FlowDoubt doubt) { interpreter_.note(doubt); }

private:
    void takeHeader(const CsvRow& csv);
    Step failedHere();

    FlowRules rules_;
    std::string_view trailer_;
    CsvTokenizer tokenizer_;
    FlowInterpreter interpreter_;
    std::vector<std::string> columns_;
    std::array<std::size_t, flowFieldCount> places_{}; ///< index into columns_; its size for none
    bool atHeader_ = true;
};

} // namespace packetloom
