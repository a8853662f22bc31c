// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/statistics_reader.h"

#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/json_fields.h"

namespace packetloom {
namespace {

// The only member of a piece of an object: its key and its value.
Result<void> forEachMember(
    const std::filesystem::path& file, const ReadBeat& goOn,
    const std::function<Result<void>(std::string_view, simdjson::ondemand::value, std::uint64_t)>& visit)
{
    JsonParser parser;
    return forEachElement(file, JsonElements::Shape::Object, goOn,
                          [&](const JsonElements& element) -> Result<void> {
                              auto object = parser.object(element.text());
                              if (!object)
                                  return datasetSyntax(file, "a member cannot be read", element.byte());
                              for (auto field : *object) {
                                  std::string_view key;
                                  simdjson::ondemand::value value;
                                  if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
                                      field.value().get(value) != simdjson::SUCCESS)
                                      break;
                                  return visit(key, value, element.byte());
                              }
                              return datasetSyntax(file, "a member cannot be read", element.byte());
                          });
}

} // namespace

Result<void> readUniqueAddresses(const std::filesystem::path& file, const ReadBeat& goOn,
                                 const std::function<Result<void>(std::string_view)>& visit)
{
    JsonParser parser;
    return forEachElement(file, JsonElements::Shape::Array, goOn,
                          [&](const JsonElements& element) -> Result<void> {
                              const auto text = parser.string(element.text());
                              if (!text)
                                  return datasetSyntax(file, "an element is no text", element.byte());
                              return visit(*text);
                          });
}

Result<void>
readAddressStats(const std::filesystem::path& file, const ReadBeat& goOn,
                 const std::function<Result<void>(std::string_view, const AddressCounters&)>& visit)
{
    return forEachMember(file, goOn, [&](std::string_view address, auto value, auto byte) -> Result<void> {
        simdjson::ondemand::object object;
        if (value.get_object().get(object) != simdjson::SUCCESS)
            return datasetSyntax(file, "a member is no object", byte);
        std::string problem;
        JsonFields fields(object, problem);
        AddressCounters counters;
        counters.sentPackets = fields.count("sent_packets");
        counters.receivedPackets = fields.count("recv_packets");
        counters.sentBytes = fields.wide("sent_bytes");
        counters.receivedBytes = fields.wide("recv_bytes");
        counters.firstTimestamp = fields.integer("first_ts");
        counters.lastTimestamp = fields.integer("last_ts");
        if (!problem.empty())
            return datasetSyntax(file, std::move(problem), byte);
        return visit(address, counters);
    });
}

Result<void> readFlagStats(const std::filesystem::path& file, const ReadBeat& goOn,
                           const std::function<Result<void>(std::string_view, std::uint64_t)>& visit)
{
    return forEachMember(file, goOn, [&](std::string_view name, auto value, auto byte) -> Result<void> {
        std::uint64_t packets = 0;
        if (value.get_uint64().get(packets) != simdjson::SUCCESS)
            return datasetSyntax(file, "a member is no count of 64 bits", byte);
        return visit(name, packets);
    });
}

Result<std::vector<TimeBin>> readBins(const std::filesystem::path& file, const ReadBeat& goOn)
{
    std::vector<TimeBin> bins;
    JsonParser parser;
    auto read = forEachElement(file, JsonElements::Shape::Array, goOn,
                               [&](const JsonElements& element) -> Result<void> {
                                   const auto object = parser.object(element.text());
                                   if (!object)
                                       return datasetSyntax(file, "an element is no object", element.byte());
                                   std::string problem;
                                   JsonFields fields(*object, problem);
                                   TimeBin bin;
                                   bin.start = fields.wide("start").clamped(); // a border may lie behind all
                                   bin.end = fields.wide("end").clamped();     // 64 bits, computed in doubles
                                   bin.packets = fields.count("count");
                                   if (!problem.empty())
                                       return datasetSyntax(file, std::move(problem), element.byte());
                                   bins.push_back(bin);
                                   return {};
                               });
    if (!read)
        return std::move(read).error();
    return bins;
}

} // namespace packetloom
