// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/json_elements.h"

namespace packetloom {
namespace {

constexpr std::size_t deepest = 512; // far below what parsers refuse

bool isBlank(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

} // namespace

JsonElements::JsonElements(std::unique_ptr<ByteSource> source, Shape shape, std::filesystem::path file,
                           Limits limits)
    : source_(std::move(source)),
      shape_(shape),
      file_(std::move(file)),
      limits_(limits),
      block_(limits.blockBytes)
{
}

JsonElements::Step JsonElements::step(bool keep)
{
    if (finished_)
        return *finished_;
    const bool array = shape_ == Shape::Array;
    const char close = array ? ']' : '}';
    keep_ = keep;
    piece_.clear();
    pieceBytes_ = elementBytes_ = 0;
    auto c = skipBlanks();
    bool first = false;
    if (!entered_) {
        if (!c && !finished_)
            return failed("it is empty");
        otherShape_ = c && *c != (array ? '[' : '{');
        if (otherShape_)
            return failed(array ? "it is not an array" : "it is not an object");
        entered_ = first = true;
    }
    if (c && !first && *c != ',' && *c != close)
        return failed("a comma is missing");
    if (c && (first || *c == ',')) {
        ++at_;
        c = skipBlanks();
        if (c && (*c == ',' || *c == '}' || *c == ']') && !(first && *c == close))
            return failed("an element is missing");
    }
    if (!c)
        return cutOff();
    if (*c == close)
        return finish();
    elementByte_ = position();
    if (!(array ? takeValue() : takeMember()))
        return finished_ ? *finished_ : cutOff();
    pieceBytes_ = piece_.size();
    piece_.append(padding, '\0');
    return Step::Element;
}

// At the closing bracket of the whole.
JsonElements::Step JsonElements::finish()
{
    ++at_;
    if (skipBlanks())
        return failed("there is text behind its end");
    if (!finished_)
        finished_ = Step::End;
    return *finished_;
}

JsonElements::Step JsonElements::failed(std::string detail)
{
    error_ =
        Error{.code = Errc::DatasetSyntax, .detail = std::move(detail), .file = file_, .byte = position()};
    finished_ = Step::Failed;
    return Step::Failed;
}

JsonElements::Step JsonElements::cutOff()
{
    return finished_ ? *finished_ : failed("it is cut off");
}

// Whether there is a byte at at_; false at the end of the file, and after an error.
bool JsonElements::fill()
{
    if (at_ < have_)
        return true;
    if (sourceEnded_ || finished_)
        return false;
    blockByte_ += have_;
    at_ = have_ = 0;
    auto n = source_->read(block_);
    if (!n) {
        error_ = std::move(n).error();
        error_.file = file_;
        finished_ = Step::Failed;
        return false;
    }
    have_ = *n;
    sourceEnded_ = have_ == 0;
    return have_ > 0;
}

std::optional<char> JsonElements::skipBlanks()
{
    while (fill()) {
        for (; at_ < have_; ++at_) {
            if (!isBlank(block_[at_]))
                return block_[at_];
        }
    }
    return std::nullopt;
}

bool JsonElements::takeMember()
{
    if (block_[at_] != '"') {
        failed("a key is missing");
        return false;
    }
    if (!keepRun("{") || !takeString())
        return false;
    const auto colon = skipBlanks();
    if (colon && *colon != ':')
        failed("a colon is missing");
    if (colon != ':')
        return false;
    ++at_;
    const auto value = skipBlanks();
    if (value && (*value == ',' || *value == '}' || *value == ']'))
        failed("a value is missing");
    return value && !finished_ && keepRun(":") && takeValue() && keepRun("}");
}

bool JsonElements::takeValue()
{
    const char c = block_[at_];
    if (c == '"')
        return takeString();
    return c == '{' || c == '[' ? takeContainer() : takeWord();
}

bool JsonElements::takeString()
{
    bool begun = false, escaped = false;
    return take([&](char c) {
        if (escaped)
            escaped = false;
        else if (c == '\\')
            escaped = true;
        else if (c == '"') {
            if (begun)
                return Verdict::EndAfter;
            begun = true;
        }
        return Verdict::GoOn;
    });
}

bool JsonElements::takeContainer()
{
    bool inString = false, escaped = false;
    open_.clear();
    return take([&](char c) {
        if (inString) {
            if (escaped)
                escaped = false;
            else if (c == '\\')
                escaped = true;
            else if (c == '"')
                inString = false;
            return Verdict::GoOn;
        }
        switch (c) {
        case '"':
            inString = true;
            break;
        case '{':
        case '[':
            if (open_.size() == deepest)
                return failed("it is nested too deeply"), Verdict::EndBefore;
            open_.push_back(c == '{' ? '}' : ']');
            break;
        case '}':
        case ']':
            if (open_.back() != c)
                return failed("a bracket is missing"), Verdict::EndBefore;
            open_.pop_back();
            if (open_.empty())
                return Verdict::EndAfter;
            break;
        default:
            break;
        }
        return Verdict::GoOn;
    });
}

// A number, or true, false, null: whether it is one is seen by the parser.
bool JsonElements::takeWord()
{
    return take([](char c) {
        return isBlank(c) || c == ',' || c == ']' || c == '}' ? Verdict::EndBefore : Verdict::GoOn;
    });
}

// Takes bytes until `ends` says so; false when the file ends before, or after an error.
template <class Ends>
bool JsonElements::take(Ends ends)
{
    while (fill()) {
        const std::size_t begin = at_;
        auto verdict = Verdict::GoOn;
        while (at_ < have_ && verdict == Verdict::GoOn) {
            verdict = ends(block_[at_]);
            at_ += verdict == Verdict::EndBefore ? 0 : 1;
        }
        if (finished_ || !keepRun({block_.data() + begin, at_ - begin}))
            return false;
        if (verdict != Verdict::GoOn)
            return true;
    }
    return false;
}

bool JsonElements::keepRun(std::string_view run)
{
    elementBytes_ += run.size();
    if (!keep_)
        return true;
    if (elementBytes_ > limits_.elementBytes) {
        failed("an element is larger than " + std::to_string(limits_.elementBytes) + " bytes");
        return false;
    }
    piece_.append(run);
    return true;
}

} // namespace packetloom
