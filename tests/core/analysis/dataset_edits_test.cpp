// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/dataset_sample.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// A dataset with one wrong value: an error, before anything is shown or when the flow is wanted.
class DatasetEditsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { sample_.restoreAll(); }
    void edited_data();
    void edited();
    void aTableWithAnotherRow();
    void brokenChunks_data();
    void brokenChunks();

private:
    const DatasetSample sample_;
};

void DatasetEditsTest::edited_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    const auto rows = [](const char* file, const char* from, std::initializer_list<const char*> changes) {
        for (const char* to : changes)
            QTest::newRow(qPrintable(QStringLiteral("%1: %2 -> %3").arg(file, from, to)))
                << file << from << to;
    };
    const char* const index = "flows/flows_index.json";
    rows(index, R"("chunk_file": "chunk_00001.json")",
         {R"("chunk_file": "../x")", R"("chunk_file": "a/b")", R"("chunk_file": "/etc/passwd")",
          R"("chunk_file": "C:\\x")", R"("chunk_file": "\\\\server\\x")", R"("chunk_file": "..")",
          R"("chunk_file": ".")", R"("chunk_file": "")", R"("chunk_file": "x\u0000")",
          R"("chunk_file": null)", R"("chunk_file": 1)", R"("chunk_file": ["chunk_00001.json"])",
          R"("other": "chunk_00001.json")", R"("chunk_file": "chunk_00000.json")",
          R"("chunk_file": "chunk_00002.json")"});
    rows(index, R"("chunk_index": 1)",
         {R"("chunk_index": -1)", R"("chunk_index": 4294967296)", R"("chunk_index": 18446744073709551616)",
          R"("chunk_index": 1.5)"});
    rows(index, R"("totalPackets": 6)",
         {R"("totalPackets": 5)", R"("totalPackets": 7)", R"("totalPackets": 0)", R"("totalPackets": -6)",
          R"("totalPackets": "6")", R"("totalPackets": 1e3)", R"("totalPackets": 99999999999999999999)",
          R"("totalPackets": 18446744073709551615)", R"("total": 6)"});
    rows(index, R"("totalBytes": )",
         {R"("totalBytes": 9999999999999999999999999999999999999999999)", R"("totalBytes": 1.)",
          R"("totalBytes": -)", R"("totalBytes": x)"});
    rows(index, R"("id": "flow_000002")",
         {R"("id": "flow_000001")", R"("id": "flow_0")", R"("id": "flow_")", R"("id": "flow_9")",
          R"("id": "flow_-2")", R"("id": "flow_18446744073709551618")", R"("id": 2)", R"("id": "flow_2x")"});
    rows(index, R"("initiator": "10.0.0.1")",
         {R"("initiator": null)", R"("initiator": "10.0.0.99")", R"("initiator": "10.0.0.2")",
          R"("initiator": "10.9.0.1")", R"("initiator": "\ud800")", R"("initiator": {})"});
    rows(index, R"("initiatorPort": )", {R"("initiatorPort": 1)", R"("initiatorPort": null, "x": )"});
    rows(index, R"("key": ")", {R"("key": "1)", R"("key": null, "x": ")"});
    rows(index, R"("state": "closed")", {R"("state": "clsd")", R"("state": null)", R"("state": "")"});
    rows(index, R"("establishmentComplete": true)", {R"("establishmentComplete": 1)", R"("a": true)"});
    rows(index, R"("startTime": 1257254615000100)",
         {R"("startTime": 1257254615000101)", R"("startTime": 1257254614999999)",
          R"("startTime": 9223372036854775808)", R"("startTime": 1257254616000000)"});
    rows(index, R"("endTime": 1257254615000600)", {R"("endTime": 1257254615000599)"});
    const char* const manifest = "manifest.json";
    for (const char* key :
         {"total_packets", "tcp_packets", "unique_ips", "total_flows", "flows_per_chunk", "total_chunks",
          "time_range", "filter_applied", "source_files", "kept", "read", "rows", "start", "end"})
        QTest::newRow(qPrintable(QStringLiteral("manifest without ") + QLatin1String(key)))
            << manifest << QStringLiteral("\"%1\":").arg(QLatin1String(key)) << "\"gone\":";
    rows(manifest, R"("total_packets": )",
         {R"("total_packets": -)", R"("total_packets": 1844674407370955161)"});
    rows(manifest, R"("flows_per_chunk": 2)", {R"("flows_per_chunk": 0)"});
    rows(manifest, R"("source_files": [)", {R"("source_files": [1, )", R"("source_files": [[], )"});
    rows(manifest, R"("ips": null)", {R"("ips": "a")", R"("ips": [null])", R"("ips": ["\x"])"});
    rows(manifest, R"("time_end_us": null)", {R"("time_end_us": "x")", R"("time_end_us": 1e400)"});
}

void DatasetEditsTest::edited()
{
    QFETCH(QString, file);
    QFETCH(QString, from);
    QFETCH(QString, to);
    const auto name = file.toStdString();
    sample_.edit(name, from.toStdString(), to.toStdString());
    const auto result = openDataset(sample_.path(), keepGoing);
    QVERIFY(!result);
    QVERIFY2(result.error().code == Errc::DatasetSyntax || result.error().code == Errc::DatasetMismatch,
             result.error().detail.c_str());
    QVERIFY(!result.error().file.empty() && !result.error().detail.empty());
}

void DatasetEditsTest::aTableWithAnotherRow()
{
    const std::string file = "packets.csv";
    const auto& table = sample_.files().at(file);
    const auto line = [&](std::uint64_t number) {
        const auto result = openDataset(sample_.path(), keepGoing);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::DatasetMismatch);
        QCOMPARE(result.error().file, sample_.path() / "packets.csv");
        QCOMPARE(result.error().line, number);
    };
    sample_.write(file,
                  table + "1257254615000009,x,z,1,2,0,NONE,0,0,5,17\n"); // one more than the manifest says
    line(35);
    sample_.write(file, table + "1257254615000009,x,z\n");
    line(35);
    sample_.edit(file, "\n1257254615000100,", "\n1257254615000100x,");
    line(2);
    sample_.edit(file, ",10.0.0.1,", ",10.0.0.77,");
    line(2);
    sample_.edit(file, ",10.0.0.1,", ",10.0.0.2,");
    line(2); // another flow than flow_1
    sample_.edit(file, "\n1257254615000100,", "\n1257254614000000,");
    line(7); // the flow is whole, and began too early
    sample_.edit(file, ",flag_type,", ",flags_type,");
    line(1);
    sample_.edit(file, ",ack_num,", ",acks,");
    line(1);
    sample_.edit(file, ",length,protocol\n", ",length,protocols\n");
    line(1);
}

void DatasetEditsTest::brokenChunks_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    const auto rows = [](const char* from, std::initializer_list<const char*> changes) {
        for (const char* to : changes)
            QTest::newRow(qPrintable(QStringLiteral("%1 -> %2").arg(from, to))) << from << to;
    };
    rows(R"("id": "flow_000001")", {R"("id": "flow_000002")", R"("id": null)"});
    rows(R"("state": "closed")", {R"("state": "aborted")", R"("state": 1)"});
    rows(R"("phases": {)",
         {R"("phases": null, "x": {)", R"("phase": {)", R"("phases": {"establishment": 1, )"});
    rows(R"("packet": {)", {R"("packet": null, "x": {)", R"("pack": {)"});
    rows(R"("phase": "syn")", {R"("phase": "sin")", R"("phase": null)"});
    rows(R"("src_ip": "10.0.0.1")", {R"("src_ip": "10.0.0.9")", R"("src_ip": 1)"});
    rows(R"("timestamp": 1257254615000100)",
         {R"("timestamp": 1)", R"("timestamp": 99999999999999999999)", R"("timestamp": "x")"});
    rows(R"("packets": [)", {R"("packets": [1, )", R"("packets": [], "x": [)", R"("packets": null, "x": [)",
                             R"("packets": [{"timestamp": 1}, )"});
    rows(R"("totalPackets": 6)", {R"("totalPackets": 5)", R"("totalPackets": 7)", R"("totalPackets": -1)"});
    rows(R"("synPacket": {)", {R"("synPacket": [], "x": {)", R"("synPacket": {"timestamp": 1}, "x": {)"});
    rows(R"("expectedSeqNum": )", {R"("expectedSeqNum": "x", "y": )"});
}

void DatasetEditsTest::brokenChunks()
{
    QFETCH(QString, from);
    QFETCH(QString, to);
    const std::string name = "flows/chunk_00000.json";
    sample_.edit(name, from.toStdString(), to.toStdString());
    const auto dataset = openDataset(sample_.path(), keepGoing);
    QVERIFY(dataset);
    const auto detail = readFlow(**dataset, 0);
    QVERIFY(!detail);
    QVERIFY2(detail.error().code == Errc::DatasetSyntax || detail.error().code == Errc::DatasetMismatch,
             detail.error().detail.c_str());
    QCOMPARE(detail.error().file, sample_.path() / name);
    QVERIFY(readFlow(**dataset, 2)); // other chunks are as good as before
}

QTEST_APPLESS_MAIN(DatasetEditsTest)
#include "dataset_edits_test.moc"
