// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/json_style.h"
#include "core/support/seconds_text.h"
#include "core/support/text_buffer.h"
#include "core/support/wide_sum.h"

#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// Appends the escaped text of a JSON string without its quotes, as Python's json.dumps writes it: ASCII
/// only, \uXXXX with surrogate pairs. A byte that is not UTF-8 becomes \udcXX (Python's "surrogateescape",
/// for file names).
void escapeJson(std::string_view text, std::string& out);
/// True when escapeJson() would change nothing.
bool isPlainJson(std::string_view text);

/// Writes JSON, by default in the layout of Python's json.dump(indent=2): see docs/dataset.md, 2. The caller
/// keeps the order of calls right: a key before each value of an object.
template <class Out>
class JsonWriter
{
public:
    explicit JsonWriter(Out& out, JsonStyle style = JsonStyle::Indented) : out_(out), style_(style) {}

    void beginObject() { begin('{'); }
    void endObject() { end('}'); }
    void beginArray() { begin('['); }
    void endArray() { end(']'); }

    JsonWriter& key(std::string_view name)
    {
        separate();
        string(name);
        out_.append(afterKey(style_));
        keyWritten_ = true;
        return *this;
    }
    void value(std::string_view text)
    {
        separate();
        string(text);
    }
    void value(const char* text) { value(std::string_view(text)); }
    void value(bool yes) { word(yes ? "true" : "false"); }
    template <std::integral Number>
    requires(!std::same_as<Number, bool>) void value(Number number)
    {
        separate();
        out_.append(number);
    }
    void value(const WideSum& sum)
    {
        separate();
        appendDecimal(out_, sum);
    }
    void null() { word("null"); }
    /// A finite number with three decimals, for seconds.
    void decimal(double number)
    {
        const auto thousandths = std::llround(std::fabs(number) * 1000);
        auto digits = std::to_string(thousandths % 1000);
        digits.insert(0, 3 - digits.size(), '0');
        word((number < 0 && thousandths > 0 ? "-" : "") + std::to_string(thousandths / 1000) + '.' + digits);
    }
    /// Microseconds as a number of seconds with six decimals.
    void seconds(std::int64_t microseconds)
    {
        separate();
        appendSeconds(out_, microseconds);
    }
    template <class T>
    void valueOrNull(const std::optional<T>& optional)
    {
        if (optional)
            value(*optional);
        else
            null();
    }
    template <class T>
    void member(std::string_view name, const T& content)
    {
        key(name).value(content);
    }

private:
    void begin(char bracket)
    {
        separate();
        out_.append(bracket);
        empty_.push_back(true);
    }
    void end(char bracket)
    {
        const bool empty = empty_.back();
        empty_.pop_back();
        if (!empty)
            newLine();
        out_.append(bracket);
    }
    void separate()
    {
        if (keyWritten_ || empty_.empty()) {
            keyWritten_ = false;
            return;
        }
        if (!empty_.back())
            out_.append(',');
        empty_.back() = false;
        newLine();
    }
    void newLine()
    {
        if (style_ == JsonStyle::Compact)
            return;
        out_.append('\n');
        for (std::size_t i = 0; i < empty_.size(); ++i)
            out_.append("  ");
    }
    void word(std::string_view text)
    {
        separate();
        out_.append(text);
    }
    void string(std::string_view text)
    {
        out_.append('"');
        if (isPlainJson(text)) {
            out_.append(text);
        } else {
            escaped_.clear();
            escapeJson(text, escaped_);
            out_.append(std::string_view(escaped_));
        }
        out_.append('"');
    }

    Out& out_;
    JsonStyle style_;
    std::vector<bool> empty_; ///< a level each: nothing in it yet
    bool keyWritten_ = false;
    std::string escaped_;
};

} // namespace packetloom
