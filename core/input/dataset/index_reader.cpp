// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/index_reader.h"

#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/flow_words.h"
#include "core/input/dataset/json_fields.h"

#include <charconv>
#include <limits>

namespace packetloom {
namespace {

template <class Enum>
Enum enumerator(std::optional<Enum> named, std::string_view key, JsonFields& fields)
{
    if (!named)
        fields.unfit(key, "an unknown word");
    return named.value_or(Enum{});
}

// In the order of the members in the file.
IndexEntry entryOf(JsonFields& fields)
{
    IndexEntry entry;
    const auto number = flowNumber(fields.text("id"));
    if (!number)
        fields.unfit("id", "no flow_N");
    entry.number = number.value_or(0);
    entry.key = fields.text("key");
    const auto initiator = fields.textOrNull("initiator"), responder = fields.textOrNull("responder");
    const auto initiatorPort = fields.integerOrNull("initiatorPort"),
               responderPort = fields.integerOrNull("responderPort");
    if (initiator && responder && initiatorPort && responderPort) {
        entry.initiator = EndText{*initiator, *initiatorPort};
        entry.responder = EndText{*responder, *responderPort};
    } else if (initiator || responder || initiatorPort || responderPort) {
        fields.unfit("initiator", "not known in all its parts");
    }
    entry.state = enumerator(flowStateNamed(fields.text("state")), "state", fields);
    entry.closeType =
        enumerator(closeTypeNamed(fields.textOrNull("closeType").value_or("")), "closeType", fields);
    entry.start = fields.integer("startTime");
    entry.end = fields.integer("endTime");
    entry.packets = fields.count("totalPackets");
    entry.bytes = fields.wide("totalBytes");
    entry.establishmentComplete = fields.boolean("establishmentComplete");
    entry.dataTransferStarted = fields.boolean("dataTransferStarted");
    entry.closingStarted = fields.boolean("closingStarted");
    entry.invalidReason = enumerator(invalidReasonNamed(fields.textOrNull("invalidReason").value_or("")),
                                     "invalidReason", fields);
    entry.ongoing = fields.boolean("ongoing");
    entry.chunkFile = fields.text("chunk_file");
    const auto chunkIndex = fields.count("chunk_index");
    entry.chunkIndex = static_cast<std::uint32_t>(chunkIndex);
    if (chunkIndex > std::numeric_limits<std::uint32_t>::max())
        fields.unfit("chunk_index", "too large");
    if (!isPlainFileName(entry.chunkFile))
        fields.unfit("chunk_file", "no plain file name");
    if (entry.packets == 0)
        fields.unfit("totalPackets", "0");
    if (entry.end < entry.start)
        fields.unfit("endTime", "before the start");
    return entry;
}

} // namespace

bool isPlainFileName(std::string_view name)
{
    using namespace std::string_view_literals;
    return !name.empty() && name != "." && name != ".." &&
           name.find_first_of("/\\:\0"sv) == std::string_view::npos; // a colon: drives and streams of Windows
}

Result<void> readFlowIndex(const std::filesystem::path& file, const ReadBeat& goOn,
                           const std::function<Result<void>(const IndexEntry&)>& visit)
{
    JsonParser parser;
    return forEachElement(file, JsonElements::Shape::Array, goOn,
                          [&](const JsonElements& element) -> Result<void> {
                              const auto object = parser.object(element.text());
                              if (!object)
                                  return datasetSyntax(file, "an element is no object", element.byte());
                              std::string problem;
                              JsonFields fields(*object, problem);
                              const IndexEntry entry = entryOf(fields);
                              if (!problem.empty())
                                  return datasetSyntax(file, std::move(problem), element.byte());
                              return visit(entry);
                          });
}

} // namespace packetloom
