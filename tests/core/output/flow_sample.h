// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/reference/reference_machine.h"
#include "core/output/timearcs_v2/flow_json.h"
#include "tests/support/test_folder.h"

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom::test {

/// A flow between a client and a server, and what the writer makes of it.
class Sample
{
public:
    Sample(std::string_view client, std::int64_t clientPort, std::string_view server, std::int64_t serverPort)
    {
        flow.number = 7;
        flow.key = {{addresses.intern(client), clientPort}, {addresses.intern(server), serverPort}};
    }
    void add(bool fromServer, std::int64_t bits, std::int64_t sequence, std::int64_t acknowledgment,
             std::int64_t length)
    {
        const auto number = static_cast<std::int64_t>(packets.size());
        packets.push_back({1000 + 10 * number, sequence, acknowledgment, length, {bits}, fromServer});
        flow.packets = packets;
    }
    void addHandshake()
    {
        add(false, 2, 100, 0, 0);
        add(true, 18, 300, 101, 0);
        add(false, 16, 101, 301, 0);
    }
    void write()
    {
        const TestFolder folder;
        FlowJson json(addresses);
        BufferedWriter flowOut, indexOut;
        flowOut.open(folder / "flow");
        indexOut.open(folder / "index");
        const auto& life = machine.judge(flow);
        json.writeFlow(flow, life, flowOut);
        json.writeIndexEntry(flow, life, {"chunk_00003.json", 42}, indexOut);
        if (!flowOut.close() || !indexOut.close())
            return;
        flowText = QByteArray::fromStdString(contentOf(folder / "flow"));
        indexText = QByteArray::fromStdString(contentOf(folder / "index"));
        object = QJsonDocument::fromJson(flowText).object();
        entry = QJsonDocument::fromJson(indexText).object();
    }

    AddressTable addresses;
    ReferenceMachine machine;
    std::vector<FlowPacket> packets;
    CompletedFlow flow;
    QByteArray flowText, indexText;
    QJsonObject object, entry;
};

inline Sample usualSample()
{
    return {"10.0.0.9", 40000, "10.0.0.10", 80};
}

/// The keys of an object that is written at `depth` blanks, in their order.
inline QByteArrayList keysAt(const QByteArray& text, int depth)
{
    QByteArrayList keys;
    const QByteArray indent = QByteArray(depth, ' ') + '"';
    for (const auto& line : text.split('\n')) {
        if (line.startsWith(indent))
            keys << line.mid(indent.size(), line.indexOf('"', indent.size()) - indent.size());
    }
    return keys;
}

} // namespace packetloom::test
