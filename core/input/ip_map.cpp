// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/ip_map.h"

#include "core/support/file.h"

#include <simdjson.h>
#include <vector>

namespace packetloom {
namespace {

Error mapError(Errc code, std::string detail, const std::filesystem::path& path, std::uint64_t byte = 0)
{
    return Error{.code = code, .detail = std::move(detail), .file = path, .byte = byte};
}

Errc errcFor(simdjson::error_code code)
{
    return code == simdjson::INCORRECT_TYPE || code == simdjson::SCALAR_DOCUMENT_AS_VALUE ? Errc::MapShape
                                                                                          : Errc::MapSyntax;
}

} // namespace

Result<IpMap> IpMap::load(const std::filesystem::path& path, const StopEvent* stop)
{
    auto file = File::openForReading(path, stop);
    if (!file)
        return std::move(file).error();
    auto text = readWhole(*file, ipMapLimit, Errc::MapTooLarge, simdjson::SIMDJSON_PADDING);
    if (!text)
        return std::move(text).error();
    return parse(*std::move(text), path, stop);
}

Result<IpMap> IpMap::parse(std::string text, const std::filesystem::path& path, const StopEvent* stop)
{
    using namespace simdjson;
    if (text.starts_with("\xEF\xBB\xBF"))
        text.erase(0, 3);
    text.reserve(text.size() + SIMDJSON_PADDING);
    const padded_string_view json(text.data(), text.size(), text.capacity());
    const auto where = [&](ondemand::document& document) {
        const char* at = nullptr;
        if (document.current_location().get(at) != SUCCESS || at < json.data() ||
            at > json.data() + json.size())
            return std::uint64_t{0};
        return static_cast<std::uint64_t>(at - json.data());
    };
    ondemand::parser parser;
    ondemand::document document;
    if (const auto error = parser.iterate(json).get(document))
        return mapError(Errc::MapSyntax, error_message(error), path);
    ondemand::object object;
    if (const auto error = document.get_object().get(object))
        return mapError(errcFor(error), error_message(error), path, where(document));

    IpMap map;
    std::vector<const std::string*>
        order; // of first appearance: a repeated key keeps its place, as in the reference
    for (auto field : object) {
        if (stopRequested(stop))
            return mapError(Errc::Cancelled, {}, path);
        std::string_view key;
        ondemand::value value;
        std::int64_t id = 0;
        if (const auto error = field.unescaped_key().get(key))
            return mapError(Errc::MapSyntax, error_message(error), path, where(document));
        const std::string address(key);
        if (const auto error = field.value().get(value))
            return mapError(Errc::MapSyntax, error_message(error), path, where(document));
        if (value.get_int64().get(id) != SUCCESS)
            return mapError(Errc::MapValue, address, path, where(document));
        const auto [entry, added] = map.ids_.insert_or_assign(address, id);
        if (added)
            order.push_back(&entry->first);
    }
    if (document.current_location().error() != OUT_OF_BOUNDS)
        return mapError(Errc::MapSyntax, "text after the object", path, where(document));
    map.addresses_.reserve(order.size());
    for (const auto* address : order) {
        if (stopRequested(stop))
            return mapError(Errc::Cancelled, {}, path);
        map.addresses_.insert_or_assign(map.ids_.find(*address)->second, *address);
    }
    return map;
}

std::optional<std::string_view> IpMap::address(std::int64_t id) const
{
    const auto found = addresses_.find(id);
    if (found == addresses_.end())
        return std::nullopt;
    return found->second;
}

} // namespace packetloom
