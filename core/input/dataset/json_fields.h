// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/wide_sum.h"

#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace packetloom {

/// The members of a JSON object by name, typed. The first one of the whole text that is missing or of another
/// type is the problem; after it every member of every object in the text reads as nothing, because the
/// parser may not be asked again after some errors. Members in the order of the text are found fastest, and
/// each may be read once.
class JsonFields
{
public:
    /// `problem` must outlive it, and be empty or that of the object around this one.
    JsonFields(simdjson::ondemand::object object, std::string& problem) : object_(object), problem_(problem)
    {
    }

    std::uint64_t count(std::string_view key);
    std::int64_t integer(std::string_view key);
    /// An integer of up to 127 bits.
    WideSum wide(std::string_view key);
    std::optional<WideSum> wideOrNull(std::string_view key);
    bool boolean(std::string_view key);
    /// Valid as long as the parser's text.
    std::string_view text(std::string_view key);
    std::optional<std::string_view> textOrNull(std::string_view key);
    std::optional<std::int64_t> integerOrNull(std::string_view key);
    /// False when the member is not there.
    bool booleanIfAny(std::string_view key);
    /// Any text with the bytes that escapeJson() wrote for what is not UTF-8.
    std::optional<std::string> bytesOrNull(std::string_view key);
    std::optional<simdjson::ondemand::object> object(std::string_view key);
    std::optional<simdjson::ondemand::object> objectOrNull(std::string_view key);
    std::optional<simdjson::ondemand::array> array(std::string_view key);
    std::optional<simdjson::ondemand::array> arrayOrNull(std::string_view key);
    [[nodiscard]] bool has(std::string_view key);

    [[nodiscard]] bool intact() const { return problem_.empty(); }
    /// The same for an object within this one.
    [[nodiscard]] JsonFields in(simdjson::ondemand::object object) const { return {object, problem_}; }
    /// Reports a value that the caller cannot use.
    void unfit(std::string_view key, std::string_view wanted);

private:
    std::optional<simdjson::ondemand::value> findIfAny(std::string_view key);
    std::optional<simdjson::ondemand::value> find(std::string_view key);
    std::optional<simdjson::ondemand::value> findUnlessNull(std::string_view key);
    template <class T>
    T get(std::string_view key, std::string_view wanted);

    simdjson::ondemand::object object_;
    std::string& problem_;
};

/// Parses one piece of JSON text after the other with the same memory.
class JsonParser
{
public:
    /// `text` must be followed by JsonElements::padding readable bytes, and both it and the parser outlive
    /// what comes out. Nothing for anything but an object (or a string, or an array).
    std::optional<simdjson::ondemand::object> object(std::string_view text);
    std::optional<std::string_view> string(std::string_view text);

private:
    bool iterate(std::string_view text);

    simdjson::ondemand::parser parser_;
    simdjson::ondemand::document document_;
};

/// The value of a JSON string between its quotes; lone surrogates U+DC80 to U+DCFF are the bytes that they
/// stand for (see escapeJson()). Nothing for a malformed one.
std::optional<std::string> unescapedJson(std::string_view raw);

} // namespace packetloom
