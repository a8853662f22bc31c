// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/output/flow_sample.h"

#include <QJsonArray>
#include <QTest>
#include <limits>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

class FlowJsonTest : public QObject
{
    Q_OBJECT

private slots:
    void keysInOrder();
    void aWholeFlow();
    void phases();
    void aPacket();
    void withoutAnInitiator();
    void invalid();
    void timedOut();
    void beyond64Bits();
    void isReusedFromFlowToFlow();
};

void FlowJsonTest::keysInOrder()
{
    auto sample = usualSample();
    sample.addHandshake();
    sample.flow.byTimeout = true;
    sample.write();
    const QByteArrayList expected{"id",
                                  "key",
                                  "initiator",
                                  "responder",
                                  "initiatorPort",
                                  "responderPort",
                                  "state",
                                  "phases",
                                  "establishmentComplete",
                                  "dataTransferStarted",
                                  "closingStarted",
                                  "closeType",
                                  "startTime",
                                  "endTime",
                                  "totalPackets",
                                  "totalBytes",
                                  "invalidReason",
                                  "expectedSeqNum",
                                  "expectedAckNum",
                                  "invalidPacket",
                                  "synPacket",
                                  "synAckPacket",
                                  "packets",
                                  "ongoing",
                                  "completed_by_timeout"};
    QCOMPARE(keysAt(sample.flowText, 4), expected);
    QVERIFY(sample.flowText.startsWith("  {\n    \"id\": \"flow_000007\",\n    \"key\": "));
    QVERIFY(sample.flowText.endsWith(
        "\n    ],\n    \"ongoing\": true,\n    \"completed_by_timeout\": true\n  }"));
    // An element of an array that is written in Python's layout, to the last blank.
    const auto inPython = QJsonDocument::fromJson("[\n" + sample.flowText + "\n]");
    QVERIFY(inPython.isArray());
    QVERIFY(!sample.flowText.contains(" \n") && !sample.flowText.contains("[\n    ]"));
}

void FlowJsonTest::aWholeFlow()
{
    auto sample = usualSample();
    sample.addHandshake();
    sample.add(false, 24, 101, 301, 10);
    sample.add(true, 17, 301, 111, 0);
    sample.write();
    const auto& flow = sample.object;
    QCOMPARE(flow["id"].toString(), "flow_000007");
    QCOMPARE(flow["key"].toString(), "10.0.0.10:80-10.0.0.9:40000"); // '1' is before '9'
    QCOMPARE(flow["initiator"].toString(), "10.0.0.9");
    QCOMPARE(flow["responder"].toString(), "10.0.0.10");
    QCOMPARE(flow["initiatorPort"].toInteger(), 40000);
    QCOMPARE(flow["responderPort"].toInteger(), 80);
    QCOMPARE(flow["state"].toString(), "closed");
    QCOMPARE(flow["establishmentComplete"], QJsonValue(true));
    QCOMPARE(flow["dataTransferStarted"], QJsonValue(true));
    QCOMPARE(flow["closingStarted"], QJsonValue(true));
    QCOMPARE(flow["closeType"].toString(), "graceful");
    QCOMPARE(flow["startTime"].toInteger(), 1000);
    QCOMPARE(flow["endTime"].toInteger(), 1040);
    QCOMPARE(flow["totalPackets"].toInteger(), 5);
    QCOMPARE(flow["totalBytes"].toInteger(), 10);
    QVERIFY(flow["invalidReason"].isNull());
    QCOMPARE(flow["expectedSeqNum"].toInteger(), 301);
    QCOMPARE(flow["expectedAckNum"].toInteger(), 101);
    QVERIFY(flow["invalidPacket"].isNull());
    const auto packets = flow["packets"].toArray();
    QCOMPARE(packets.size(), 5);
    QCOMPARE(flow["synPacket"], packets[0]);
    QCOMPARE(flow["synAckPacket"], packets[1]);
    QVERIFY(!flow.contains("ongoing"));
    QVERIFY(!flow.contains("completed_by_timeout"));
}

void FlowJsonTest::phases()
{
    auto sample = usualSample();
    sample.addHandshake();
    sample.add(false, 24, 101, 301, 10);
    sample.add(true, 17, 301, 111, 0);
    sample.write();
    const auto phases = sample.object["phases"].toObject();
    const auto packets = sample.object["packets"].toArray();
    const auto check = [&](const char* name, const std::vector<qsizetype>& numbers,
                           const QStringList& words) {
        const auto phase = phases[QLatin1String(name)].toArray();
        bool same = phase.size() == static_cast<qsizetype>(numbers.size());
        for (qsizetype i = 0; same && i < phase.size(); ++i) {
            const auto object = phase[i].toObject();
            same = object.size() == 3 && object["packet"] == packets[numbers[static_cast<std::size_t>(i)]] &&
                   object["phase"].toString() + ": " + object["description"].toString() == words[i];
        }
        return same;
    };
    QCOMPARE(phases.size(), 3);
    QVERIFY(
        check("establishment", {0, 1, 2},
              {"syn: Connection Request", "syn_ack: Connection Acceptance", "ack: Connection Established"}));
    QVERIFY(check("dataTransfer", {3}, {"data: Data Transfer"}));
    QVERIFY(check("closing", {4}, {"fin: Close Request"}));
    QCOMPARE(keysAt(sample.flowText, 6).first(3),
             (QByteArrayList{"establishment", "dataTransfer", "closing"}));
    QCOMPARE(keysAt(sample.flowText, 10).first(3), (QByteArrayList{"packet", "phase", "description"}));
}

void FlowJsonTest::aPacket()
{
    auto sample = usualSample();
    sample.add(true, 18, 300, 101, -4);
    sample.write();
    QVERIFY(sample.flowText.contains(R"(    "packets": [
      {
        "timestamp": 1000,
        "src_ip": "10.0.0.10",
        "dst_ip": "10.0.0.9",
        "src_port": 80,
        "dst_port": 40000,
        "flags": 18,
        "flag_type": "SYN+ACK",
        "seq_num": 300,
        "ack_num": 101,
        "length": -4,
        "protocol": 6
      }
    ])"));
    QVERIFY(sample.flowText.contains("    \"synAckPacket\": {\n      \"timestamp\": 1000,\n"));
    QVERIFY(sample.flowText.contains("          \"packet\": {\n            \"timestamp\": 1000,\n"));
    QVERIFY(sample.flowText.contains(
        "            \"protocol\": 6\n          },\n          \"phase\": \"syn_ack\","));
    QVERIFY(sample.flowText.contains("      \"dataTransfer\": [],\n      \"closing\": []\n    },\n"));
}

void FlowJsonTest::withoutAnInitiator()
{
    auto sample = usualSample();
    sample.add(false, 16, 1, 2, 3);
    sample.write();
    for (const char* const key :
         {"initiator", "responder", "initiatorPort", "responderPort", "closeType", "invalidReason",
          "expectedSeqNum", "expectedAckNum", "invalidPacket", "synPacket", "synAckPacket"}) {
        QVERIFY2(sample.object.contains(QLatin1String(key)), key);
        QVERIFY2(sample.object[QLatin1String(key)].isNull(), key);
    }
    QCOMPARE(sample.object["state"].toString(), "new");
    QCOMPARE(sample.entry["ongoing"], QJsonValue(false)); // the index has it always
    QVERIFY(!sample.object.contains("ongoing"));
    QVERIFY(sample.entry["initiator"].isNull());
}

void FlowJsonTest::invalid()
{
    auto sample = usualSample();
    sample.add(true, 2, 100, 0, 0); // the initiator is who sent the SYN
    sample.add(false, 18, 300, 999, 5);
    sample.add(true, 16, 101, 301, 7);
    sample.write();
    const auto& flow = sample.object;
    QCOMPARE(flow["initiator"].toString(), "10.0.0.10");
    QCOMPARE(flow["initiatorPort"].toInteger(), 80);
    QCOMPARE(flow["responder"].toString(), "10.0.0.9");
    QCOMPARE(flow["responderPort"].toInteger(), 40000);
    QCOMPARE(flow["state"].toString(), "invalid");
    QCOMPARE(flow["closeType"].toString(), "invalid");
    QCOMPARE(flow["invalidReason"].toString(), "invalid_synack");
    QCOMPARE(flow["packets"].toArray().size(), 2); // up to the one that made it invalid
    QCOMPARE(flow["invalidPacket"], flow["packets"].toArray()[1]);
    QCOMPARE(flow["totalPackets"].toInteger(), 3); // but all of them count
    QCOMPARE(flow["totalBytes"].toInteger(), 12);
    QCOMPARE(flow["endTime"].toInteger(), 1020);
    QVERIFY(flow["expectedSeqNum"].isNull());
}

void FlowJsonTest::timedOut()
{
    auto sample = usualSample();
    sample.add(false, 16, 1, 2, 3);
    sample.flow.byTimeout = true;
    sample.write();
    QCOMPARE(sample.object["completed_by_timeout"], QJsonValue(true));
    QVERIFY(sample.flowText.endsWith("\n    ],\n    \"completed_by_timeout\": true\n  }"));
    QVERIFY(!sample.entry.contains("completed_by_timeout"));
}

void FlowJsonTest::beyond64Bits()
{
    auto sample = usualSample();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    sample.add(false, 2, most, 0, most);
    sample.add(true, 16, 1, 2, most);
    sample.write();
    QVERIFY(sample.flowText.contains("\"expectedAckNum\": 9223372036854775808,\n"));
    QVERIFY(sample.flowText.contains("\"totalBytes\": 18446744073709551614,\n"));
    QVERIFY(sample.indexText.contains("\"totalBytes\": 18446744073709551614,\n"));
    QVERIFY(sample.flowText.contains("\"seq_num\": 9223372036854775807,\n"));
}

void FlowJsonTest::isReusedFromFlowToFlow()
{
    const TestFolder folder;
    auto sample = usualSample();
    sample.addHandshake();
    sample.write();
    FlowJson json(sample.addresses);
    BufferedWriter out;
    out.open(folder / "other");
    const std::vector<FlowPacket> other{{5, 1, 2, 3, {16}, true}};
    CompletedFlow flow{
        9, {{sample.addresses.intern("x"), 1}, {sample.addresses.intern("y"), 2}}, other, true};
    json.writeFlow(flow, sample.machine.judge(flow), out);
    QVERIFY(out.close());
    out.open(folder / "usual");
    json.writeFlow(sample.flow, sample.machine.judge(sample.flow), out);
    QVERIFY(out.close());
    QCOMPARE(QByteArray::fromStdString(contentOf(folder / "usual")), sample.flowText);
}

QTEST_APPLESS_MAIN(FlowJsonTest)
#include "flow_json_test.moc"
