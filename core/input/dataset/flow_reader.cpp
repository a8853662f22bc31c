// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/flow_reader.h"

#include "core/input/dataset/dataset_elements.h"
#include "core/input/dataset/dataset_file.h"
#include "core/input/dataset/flow_words.h"
#include "core/input/dataset/json_fields.h"

#include <algorithm>

namespace packetloom {
namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;

/// Reads one flow object. A problem sticks; the rest then reads as nothing.
class FlowObject
{
public:
    FlowObject(const object& flow, const StoredFlowEnds& ends) : fields_(flow, problem_), ends_(ends) {}

    StoredFlow read()
    {
        StoredFlow flow;
        FlowLife& life = flow.life;
        flow.number = known(flowNumber(fields_.text("id")), "id");
        life.state = known(flowStateNamed(fields_.text("state")), "state");
        readPhases();
        life.establishmentComplete = fields_.boolean("establishmentComplete");
        life.dataTransferStarted = fields_.boolean("dataTransferStarted");
        life.closingStarted = fields_.boolean("closingStarted");
        life.closeType = known(closeTypeNamed(fields_.textOrNull("closeType").value_or("")), "closeType");
        flow.totalPackets = fields_.count("totalPackets");
        life.totalBytes = fields_.wide("totalBytes");
        life.invalidReason =
            known(invalidReasonNamed(fields_.textOrNull("invalidReason").value_or("")), "invalidReason");
        expectsSequence_ = fields_.wideOrNull("expectedSeqNum").has_value();
        const auto invalid = packetOrNull("invalidPacket"), syn = packetOrNull("synPacket"),
                   synAck = packetOrNull("synAckPacket");
        readPackets(flow.packets);
        life.ongoing = fields_.booleanIfAny("ongoing");
        flow.byTimeout = fields_.booleanIfAny("completed_by_timeout");
        if (!problem().empty())
            return flow;
        life.listedPackets = flow.packets.size();
        life.establishment = placed(establishment_, flow.packets);
        life.dataTransfer = placed(dataTransfer_, flow.packets);
        life.closing = placed(closing_, flow.packets);
        life.invalidPacket = placed(invalid, flow.packets);
        life.syn = placed(syn, flow.packets);
        life.synAck = placed(synAck, flow.packets);
        if (expectsSequence_)
            life.expectedSequenceFrom = life.synAck;
        return flow;
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    struct Step
    {
        FlowPacket packet;
        PacketRole role{};
    };

    template <class T>
    T known(std::optional<T> value, std::string_view key)
    {
        if (!value)
            fields_.unfit(key, "an unknown word");
        return value.value_or(T{});
    }

    FlowPacket packetFrom(const object& json, std::string_view where)
    {
        JsonFields fields = fields_.in(json);
        FlowPacket packet;
        packet.timestamp = fields.integer("timestamp");
        const EndText source{fields.text("src_ip"), 0}, destination{fields.text("dst_ip"), 0};
        const auto sourcePort = fields.integer("src_port"), destinationPort = fields.integer("dst_port");
        packet.flags.bits = fields.integer("flags");
        packet.flags.origin = originOf(fields.text("flag_type"), packet.flags);
        packet.sequence = fields.integer("seq_num");
        packet.acknowledgment = fields.integer("ack_num");
        packet.length = fields.integer("length");
        const auto from = [&](const EndText& a, const EndText& b) {
            return source.address == a.address && sourcePort == a.port && destination.address == b.address &&
                   destinationPort == b.port;
        };
        packet.fromHigh = !from(ends_.low, ends_.high);
        if (packet.fromHigh && !from(ends_.high, ends_.low))
            fields_.unfit(where, "wrong: a packet is of another flow");
        return packet;
    }

    std::optional<FlowPacket> packetOrNull(std::string_view key)
    {
        const auto json = fields_.objectOrNull(key);
        return json ? std::optional(packetFrom(*json, key)) : std::nullopt;
    }

    template <class Take>
    void forEachObject(std::optional<array> list, std::string_view key, const Take& take)
    {
        if (!list)
            return;
        for (auto element : *list) {
            object json;
            if (element.get_object().get(json) != simdjson::SUCCESS)
                return fields_.unfit(key, "wrong: an element is no object");
            take(json);
            if (!problem().empty())
                return;
        }
    }

    void readPhases()
    {
        const auto json = fields_.object("phases");
        if (!json)
            return;
        JsonFields phases = fields_.in(*json);
        for (auto [key, steps] :
             {std::pair{"establishment", &establishment_}, std::pair{"dataTransfer", &dataTransfer_},
              std::pair{"closing", &closing_}}) {
            forEachObject(phases.array(key), key, [this, steps = steps](const object& element) {
                JsonFields fields = fields_.in(element);
                Step step;
                if (const auto packet = fields.object("packet"))
                    step.packet = packetFrom(*packet, "phases");
                const auto role = packetRoleNamed(fields.text("phase"));
                if (!role)
                    fields.unfit("phase", "an unknown word");
                step.role = role.value_or(PacketRole{});
                steps->push_back(step);
            });
        }
    }

    void readPackets(std::vector<FlowPacket>& packets)
    {
        forEachObject(fields_.array("packets"), "packets",
                      [&](const object& json) { packets.push_back(packetFrom(json, "packets")); });
        if (packets.empty())
            fields_.unfit("packets", "empty");
    }

    // A phase's packets are some of the flow's, in their order.
    std::vector<PhasePacket> placed(const std::vector<Step>& steps, const std::vector<FlowPacket>& packets)
    {
        std::vector<PhasePacket> phase;
        phase.reserve(steps.size());
        auto at = packets.begin();
        for (const Step& step : steps) {
            at = std::find(at, packets.end(), step.packet);
            if (at == packets.end()) {
                fields_.unfit("phases", "wrong: a packet is not among the flow's");
                break;
            }
            phase.push_back({static_cast<std::size_t>(at - packets.begin()), step.role});
            ++at;
        }
        return phase;
    }

    std::optional<std::size_t> placed(const std::optional<FlowPacket>& packet,
                                      const std::vector<FlowPacket>& packets)
    {
        if (!packet)
            return std::nullopt;
        const auto at = std::find(packets.begin(), packets.end(), *packet);
        if (at == packets.end()) {
            fields_.unfit("packets", "wrong: one that is named is not among them");
            return std::nullopt;
        }
        return static_cast<std::size_t>(at - packets.begin());
    }

    std::string problem_;
    JsonFields fields_; ///< of the flow; all others report to it
    const StoredFlowEnds& ends_;
    std::vector<Step> establishment_, dataTransfer_, closing_;
    bool expectsSequence_ = false;
};

bool samePackets(const std::vector<PhasePacket>& a, const std::vector<PhasePacket>& b,
                 const std::vector<FlowPacket>& packets)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](const PhasePacket& x, const PhasePacket& y) {
                          return x.role == y.role && packets[x.packet] == packets[y.packet];
                      });
}

bool samePacket(std::optional<std::size_t> a, std::optional<std::size_t> b,
                const std::vector<FlowPacket>& packets)
{
    return a.has_value() == b.has_value() && (!a || packets[*a] == packets[*b]);
}

// Of equal packets the file does not tell which one is meant. The judge does, where it is the one that made
// the flow.
void tellEqualPacketsApart(StoredFlow& flow, FlowJudge& judge)
{
    FlowLife life = judge.judge({.number = flow.number, .key = {}, .packets = flow.packets});
    const FlowLife& told = flow.life;
    const auto& packets = flow.packets;
    if (life.state != told.state || life.closeType != told.closeType ||
        life.invalidReason != told.invalidReason || life.listedPackets != told.listedPackets ||
        life.establishmentComplete != told.establishmentComplete ||
        life.dataTransferStarted != told.dataTransferStarted || life.closingStarted != told.closingStarted ||
        life.ongoing != told.ongoing || !samePacket(life.syn, told.syn, packets) ||
        !samePacket(life.synAck, told.synAck, packets) ||
        !samePacket(life.invalidPacket, told.invalidPacket, packets) ||
        life.expectedSequenceFrom.has_value() != told.expectedSequenceFrom.has_value() ||
        !samePackets(life.establishment, told.establishment, packets) ||
        !samePackets(life.dataTransfer, told.dataTransfer, packets) ||
        !samePackets(life.closing, told.closing, packets))
        return;
    life.totalBytes = told.totalBytes; // of all packets, listed or not
    flow.life = std::move(life);
}

} // namespace

Result<StoredFlow> readStoredFlow(const std::filesystem::path& file, std::uint64_t place,
                                  const StoredFlowEnds& ends, FlowJudge& judge)
{
    auto opened = openDatasetElements(file, JsonElements::Shape::Array);
    if (!opened)
        return std::move(opened).error();
    JsonElements& elements = **opened;
    auto step = JsonElements::Step::Element;
    for (std::uint64_t i = 0; i < place && step == JsonElements::Step::Element; ++i)
        step = elements.skip();
    if (step == JsonElements::Step::Element)
        step = elements.next();
    if (step == JsonElements::Step::Failed)
        return elements.error();
    if (step == JsonElements::Step::End)
        return datasetMismatch(file, "it has no flow " + std::to_string(place));
    JsonParser parser;
    const auto json = parser.object(elements.text());
    if (!json)
        return datasetSyntax(file, "an element is no object", elements.byte());
    FlowObject reader(*json, ends);
    StoredFlow flow = reader.read();
    if (!reader.problem().empty())
        return datasetSyntax(file, reader.problem(), elements.byte());
    tellEqualPacketsApart(flow, judge);
    return flow;
}

} // namespace packetloom
