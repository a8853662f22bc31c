// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"
#include "core/input/address_decoder.h"
#include "core/input/bytes/byte_source.h"
#include "core/input/csv/column_map.h"
#include "core/input/csv/csv_tokenizer.h"
#include "core/input/csv/row_interpreter.h"
#include "core/input/csv/table_layout.h"
#include "core/model/packet.h"
#include "core/model/packet_batch.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace packetloom {

struct ReadRow
{
    RowFate fate = RowFate::Kept;
    bool pastWindow = false; ///< filtered, and its timestamp lies behind the end of the time window
    std::uint64_t line = 0;
    Packet packet;           ///< when kept
    RejectReason reason{};   ///< when rejected
    std::string_view column; ///< when rejected for a value: the column's name
    std::string_view raw;    ///< the row's beginning as it stands in the file; until the next call
};

/// What makes packets out of rows, shared by all files of a run.
struct PacketRules
{
    TimeWindow window;
    AddressDecoder* addresses = nullptr;
    FilterEnds ends = FilterEnds::Either;
    /// Believe a column flag_type, which only datasets have, about flags that are not those of a packet.
    bool flagTypes = false;
};

/// Reads one capture file: header, then packets (docs/reading.md, 5 to 22).
class PacketReader
{
public:
    /// Opens the file and reads its header. `stop`, which must outlive the reader, ends what waits for a
    /// pipe. Errors: those of openByteSource() and whyNoText(), Header, Inflate, Read, Cancelled.
    static Result<std::unique_ptr<PacketReader>> open(const std::filesystem::path& path,
                                                      std::size_t blockSize, const StopEvent* stop = nullptr);
    /// The same with a source of the file that was opened already, of whatever layout. The one above reads
    /// the reference's CSV and nothing else.
    static Result<std::unique_ptr<PacketReader>> open(const std::filesystem::path& path,
                                                      std::unique_ptr<ByteSource> source,
                                                      std::size_t blockSize, TableLayout layout);

    /// The next row that is not blank.
    CsvTokenizer::Step next(const PacketRules& rules, ReadRow& row);

    enum class Piece : std::uint8_t {
        Text, ///< plain rows, to be read by a BlockParser
        Rows, ///< rows that had to be read with care; they are in the batch, but for bytesOnDisk
        End,
        Failed, ///< see error(), whose line is not right: it happened where the last piece ended
    };
    /// The next piece of the file, thousands of rows. `block` and `batch` are overwritten. Not to be mixed
    /// with next().
    Piece nextPiece(const TimeWindow& window, TextBlock& block, PacketBatch& batch);
    /// After Step::Failed or Piece::Failed.
    [[nodiscard]] Error error() const;
    /// After open(): about how many rows a file of this many bytes on disk has, by its beginning.
    [[nodiscard]] std::uint64_t expectedRows(std::uint64_t bytes) const;
    /// How many lines the header took.
    [[nodiscard]] std::uint64_t headerLines() const { return headerLines_; }

    [[nodiscard]] const ColumnMap& columns() const { return columns_; }
    [[nodiscard]] const TableLayout& layout() const { return layout_; }
    [[nodiscard]] bool hasFlagTypes() const { return flagTypeField_.has_value(); }
    [[nodiscard]] const ByteSource& source() const { return *source_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    PacketReader(std::filesystem::path path, std::unique_ptr<ByteSource> source, std::size_t blockSize,
                 TableLayout layout);
    Result<void> readHeader();
    void beginRows(const ColumnMap& columns);
    template <class Fields>
    void interpret(const Fields& fields, const PacketRules& rules, ReadRow& row);
    bool readRows(const TimeWindow& window, PacketBatch& batch);

    std::filesystem::path path_;
    std::unique_ptr<ByteSource> source_;
    TableLayout layout_;
    CsvTokenizer tokenizer_;
    ColumnMap columns_;
    std::uint64_t headerLines_ = 0;
    std::uint64_t pieceLine_ = 0; ///< the tokenizer's line where the last piece ended
    bool ended_ = false;
    std::optional<std::size_t> flagTypeField_; ///< where packets.csv says what its flags are
};

} // namespace packetloom
