// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// Cuts a file that is one JSON array or object into its elements, as raw text for a parser: memory follows
/// the largest element, not the file. Brackets, strings and commas are checked (RFC 8259); what stands
/// between them is the parser's affair. Blanks of any kind and number are fine. Errors: Read, DatasetSyntax.
class JsonElements
{
public:
    enum class Shape : std::uint8_t { Array, Object };
    enum class Step : std::uint8_t { Element, End, Failed };

    struct Limits
    {
        std::size_t blockBytes = std::size_t{256} << 10; ///< read at once
        std::size_t elementBytes = std::size_t{1} << 30; ///< a larger element is an error
    };
    /// So many readable bytes follow text(): parsers look ahead.
    static constexpr std::size_t padding = 64;

    /// `file` is named in errors.
    JsonElements(std::unique_ptr<ByteSource> source, Shape shape, std::filesystem::path file, Limits limits);
    JsonElements(std::unique_ptr<ByteSource> source, Shape shape, std::filesystem::path file)
        : JsonElements(std::move(source), shape, std::move(file), Limits())
    {
    }

    /// The next element. End only when nothing but blanks follows.
    Step next() { return step(true); }
    /// The same without its text, for elements that are not wanted.
    Step skip() { return step(false); }

    /// Until the next call. Of an object a whole object of one member: {"key": value}.
    [[nodiscard]] std::string_view text() const { return {piece_.data(), pieceBytes_}; }
    /// Where the element begins in the file.
    [[nodiscard]] std::uint64_t byte() const { return elementByte_; }
    [[nodiscard]] std::uint64_t bytesRead() const { return source_->bytesOnDisk(); }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    /// After Step::Failed.
    [[nodiscard]] const Error& error() const { return error_; }
    /// After Step::Failed: whether the file begins like something else than the array or object.
    [[nodiscard]] bool otherShape() const { return otherShape_; }

private:
    enum class Verdict : std::uint8_t { GoOn, EndAfter, EndBefore };

    Step step(bool keep);
    Step finish();
    Step failed(std::string detail);
    Step cutOff();
    bool fill();
    std::optional<char> skipBlanks();
    bool takeMember();
    bool takeValue();
    bool takeString();
    bool takeContainer();
    bool takeWord();
    template <class Ends>
    bool take(Ends ends);
    bool keepRun(std::string_view run);
    [[nodiscard]] std::uint64_t position() const { return blockByte_ + at_; }

    std::unique_ptr<ByteSource> source_;
    Shape shape_;
    std::filesystem::path file_;
    Limits limits_;
    std::vector<char> block_;
    std::size_t at_ = 0, have_ = 0;
    std::uint64_t blockByte_ = 0; ///< where the block begins in the file
    bool sourceEnded_ = false;
    bool entered_ = false;
    bool otherShape_ = false;
    bool keep_ = true;
    std::string piece_;
    std::size_t pieceBytes_ = 0;
    std::size_t elementBytes_ = 0;
    std::uint64_t elementByte_ = 0;
    std::string open_; ///< closing brackets that are still to come, in a container element
    std::optional<Step> finished_;
    Error error_;
};

} // namespace packetloom
