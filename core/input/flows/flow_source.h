// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/flows/flow_record.h"
#include "core/support/result.h"

#include <memory>

namespace packetloom {

/// The flows of another tool's table, row by row in file order. One thread.
class FlowSource
{
public:
    enum class Step : std::uint8_t { Row, End, Failed };

    /// `bytes` must be at its beginning.
    explicit FlowSource(std::unique_ptr<ByteSource> bytes) : bytes_(std::move(bytes)) {}
    FlowSource(const FlowSource&) = delete;
    FlowSource& operator=(const FlowSource&) = delete;
    virtual ~FlowSource() = default;

    /// The next row, kept or rejected; lines that are none (comments, headers, totals) are passed.
    virtual Step next(FlowRow& row) = 0;
    /// After Step::Failed: why it cannot be read on. Without the file's name.
    [[nodiscard]] const Error& error() const { return error_; }
    /// After Step::End.
    [[nodiscard]] virtual FlowDoubts doubts() const = 0;
    /// Where it comes from: how much was read, and what happened to the file.
    [[nodiscard]] const ByteSource& bytes() const { return *bytes_; }

protected:
    [[nodiscard]] ByteSource& source() { return *bytes_; }
    Step failed(Error error)
    {
        error_ = std::move(error);
        return Step::Failed;
    }

private:
    std::unique_ptr<ByteSource> bytes_;
    Error error_;
};

} // namespace packetloom
