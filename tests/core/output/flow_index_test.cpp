// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/output/flow_sample.h"

#include <QJsonArray>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class FlowIndexTest : public QObject
{
    Q_OBJECT

private slots:
    void theIndexEntry();
    void keyText_data();
    void keyText();
    void numbersOfFlows_data();
    void numbersOfFlows();
};

void FlowIndexTest::theIndexEntry()
{
    auto sample = usualSample();
    sample.addHandshake();
    sample.add(false, 24, 101, 301, 10);
    sample.write();
    QCOMPARE(keysAt(sample.indexText, 4), (QByteArrayList{"id",
                                                          "key",
                                                          "initiator",
                                                          "responder",
                                                          "initiatorPort",
                                                          "responderPort",
                                                          "state",
                                                          "closeType",
                                                          "startTime",
                                                          "endTime",
                                                          "totalPackets",
                                                          "totalBytes",
                                                          "establishmentComplete",
                                                          "dataTransferStarted",
                                                          "closingStarted",
                                                          "invalidReason",
                                                          "ongoing",
                                                          "establishment_packets",
                                                          "data_transfer_packets",
                                                          "closing_packets",
                                                          "chunk_file",
                                                          "chunk_index"}));
    for (const auto& key : sample.entry.keys()) { // what both have is the same
        if (sample.object.contains(key))
            QCOMPARE(sample.entry[key], sample.object[key]);
    }
    QCOMPARE(sample.entry["ongoing"], QJsonValue(true));
    QCOMPARE(sample.entry["establishment_packets"].toInteger(-1), 3);
    QCOMPARE(sample.entry["data_transfer_packets"].toInteger(-1), 1);
    QCOMPARE(sample.entry["closing_packets"].toInteger(-1), 0);
    QCOMPARE(sample.entry["chunk_file"].toString(), "chunk_00003.json");
    QCOMPARE(sample.entry["chunk_index"].toInteger(-1), 42);
    QVERIFY(sample.indexText.startsWith("  {\n") && sample.indexText.endsWith(": 42\n  }"));
}

void FlowIndexTest::keyText_data()
{
    QTest::addColumn<QByteArray>("client");
    QTest::addColumn<qint64>("clientPort");
    QTest::addColumn<QByteArray>("server");
    QTest::addColumn<qint64>("serverPort");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* name, const char* client, qint64 clientPort, const char* server,
                        qint64 serverPort, const char* key) {
        QTest::newRow(name) << QByteArray(client) << clientPort << QByteArray(server) << serverPort
                            << QString::fromUtf8(key);
    };
    row("in order", "a", 1, "b", 2, "a:1-b:2");
    row("turned", "b", 2, "a", 1, "a:1-b:2");
    row("ports as text", "a", 9, "a", 10, "a:10-a:9");
    row("the colon counts", "a", 1, "a!", 1, "a!:1-a:1");
    row("beyond ASCII", "\xf0\x9f\x98\x80", 1, "\xef\xbf\xbd", 1, "\xef\xbf\xbd:1-\xf0\x9f\x98\x80:1");
    row("to be escaped", "b\"", 1, "a\\", 1, "a\\:1-b\":1");
    row("negative port", "a", -1, "b", 1, "a:-1-b:1");
}

void FlowIndexTest::keyText()
{
    QFETCH(QByteArray, client);
    QFETCH(qint64, clientPort);
    QFETCH(QByteArray, server);
    QFETCH(qint64, serverPort);
    QFETCH(QString, key);
    Sample sample(client.toStdString(), clientPort, server.toStdString(), serverPort);
    sample.add(false, 2, 1, 0, 0);
    sample.write();
    QCOMPARE(sample.object["key"].toString(), key);
    QCOMPARE(sample.entry["key"].toString(), key);
    QCOMPARE(sample.object["initiator"].toString(), QString::fromUtf8(client));
    QCOMPARE(sample.object["packets"].toArray()[0].toObject()["dst_ip"].toString(),
             QString::fromUtf8(server));
}

void FlowIndexTest::numbersOfFlows_data()
{
    QTest::addColumn<quint64>("number");
    QTest::addColumn<QString>("id");
    QTest::newRow("first") << quint64{1} << "flow_000001";
    QTest::newRow("last of six digits") << quint64{999'999} << "flow_999999";
    QTest::newRow("seven digits") << quint64{1'000'000} << "flow_1000000";
}

void FlowIndexTest::numbersOfFlows()
{
    QFETCH(quint64, number);
    QFETCH(QString, id);
    auto sample = usualSample();
    sample.flow.number = number;
    sample.add(false, 16, 1, 2, 3);
    sample.write();
    QCOMPARE(sample.object["id"].toString(), id);
    QCOMPARE(sample.entry["id"].toString(), id);
}

QTEST_APPLESS_MAIN(FlowIndexTest)
#include "flow_index_test.moc"
