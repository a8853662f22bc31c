// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"
#include "core/input/csv/column_map.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/input/csv/delimiter_scan.h"
#include "core/input/csv/table_layout.h"
#include "core/model/packet_batch.h"

namespace packetloom {

/// Reads the rows of a text block, which has no quotes (CsvTokenizer::takePlain()): the fast way through a
/// capture. Blocks do not depend on each other, so any number of parsers may work on them side by side. A
/// parser is used again from block to block.
class BlockParser
{
public:
    /// Adds the block's rows to `batch`, which is empty. `columns` are those of the layout.
    void parse(const TextBlock& block, const ColumnMap& columns, const TimeWindow& window, PacketBatch& batch,
               const TableLayout& layout = {});

private:
    template <bool Quoted, class FieldsOf>
    void parseRows(const TextBlock& block, const ColumnMap& columns, const TimeWindow& window,
                   PacketBatch& batch, char quote, const FieldsOf& fieldsOf);

    DelimiterIndex index_;
};

} // namespace packetloom
