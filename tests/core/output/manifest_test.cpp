// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/manifest_writer.h"
#include "core/support/version.h"
#include "tests/support/test_folder.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

namespace {

QByteArray written(const Manifest& manifest)
{
    const TestFolder folder;
    BufferedWriter out;
    out.open(folder / "manifest.json");
    writeManifest(manifest, out);
    if (!out.close())
        return {};
    return QByteArray::fromStdString(contentOf(folder / "manifest.json"));
}

QJsonObject parsed(const Manifest& manifest)
{
    return QJsonDocument::fromJson(written(manifest)).object();
}

} // namespace

class ManifestTest : public QObject
{
    Q_OBJECT

private slots:
    void whole();
    void nulls();
    void manySources();
    void minutes_data();
    void minutes();
    void addresses_data();
    void addresses();
    void extremes();
    void timesOfWriting();
};

void ManifestTest::whole()
{
    Manifest manifest;
    manifest.created = "2026-01-31T23:59:59.123456";
    manifest.sourceFiles = {"a.csv"};
    manifest.totalPackets = 10;
    manifest.tcpPackets = 9;
    manifest.uniqueAddresses = 3;
    manifest.totalFlows = 2;
    manifest.flowsPerChunk = 200;
    manifest.totalChunks = 1;
    manifest.firstTimestamp = 100;
    manifest.lastTimestamp = 350;
    manifest.attackContext = "a \"scan\"";
    manifest.addressFilter = "10.0.0.1,7";
    manifest.window = {60'000'000, 120'000'001};
    manifest.rows = {20, 10, 7, 3};
    const QByteArray expected = R"({
  "version": "2.0",
  "format": "chunked",
  "created": "2026-01-31T23:59:59.123456",
  "source_file": "a.csv",
  "source_files": [
    "a.csv"
  ],
  "total_packets": 10,
  "tcp_packets": 9,
  "unique_ips": 3,
  "total_flows": 2,
  "flows_per_chunk": 200,
  "total_chunks": 1,
  "time_range": {
    "start": 100,
    "end": 350,
    "duration": 250
  },
  "structure": {
    "packets": "packets.csv",
    "flows_index": "flows/flows_index.json",
    "flow_chunks": "flows/chunk_*.json",
    "time_bins": "indices/bins.json",
    "ip_stats": "ips/ip_stats.json",
    "flag_stats": "ips/flag_stats.json",
    "unique_ips": "ips/unique_ips.json"
  },
  "attack_context": {
    "type": "a \"scan\"",
    "source": "attack_timearcs_selection"
  },
  "filter_applied": {
    "ips": [
      "10.0.0.1",
      "7"
    ],
    "time_start_us": 60000000,
    "time_end_us": 120000001,
    "time_start_minutes": 1,
    "time_end_minutes": 2
  },
  "converter": {
    "name": "packetloom",
    "version": "VERSION",
    "engine": "reference",
    "rows": {
      "read": 20,
      "kept": 10,
      "filtered": 7,
      "rejected": 3
    }
  }
})";
    QCOMPARE(written(manifest), QByteArray(expected).replace("VERSION", PACKETLOOM_VERSION));
}

void ManifestTest::nulls()
{
    const auto manifest = parsed({});
    QVERIFY(manifest.value("source_file").isNull());
    QCOMPARE(manifest.value("source_files").toArray().size(), 0);
    QVERIFY(manifest.value("attack_context").isNull());
    const auto filter = manifest.value("filter_applied").toObject();
    QCOMPARE(filter.size(), 5);
    for (const auto& value : filter)
        QVERIFY(value.isNull());
    QCOMPARE(manifest.value("time_range").toObject().value("duration").toInteger(-1), 0);
}

void ManifestTest::manySources()
{
    Manifest manifest;
    manifest.sourceFiles = {"b.csv", "h\xc3\xb6st\\a.csv.gz", "b.csv"};
    const auto object = parsed(manifest);
    QVERIFY(object.value("source_file").isNull());
    QCOMPARE(object.value("source_files").toArray(),
             (QJsonArray{"b.csv", QString::fromUtf8("h\xc3\xb6st\\a.csv.gz"), "b.csv"}));
}

void ManifestTest::minutes_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QJsonValue>("minutes");
    const auto row = [](qint64 microseconds, const QJsonValue& minutes) {
        QTest::addRow("%lld", static_cast<long long>(microseconds)) << microseconds << minutes;
    };
    row(0, QJsonValue::Null); // 0 counts as none here
    row(1, 0);
    row(59'999'999, 0);
    row(60'000'000, 1);
    row(119'999'999, 1);
    row(-1, -1); // toward minus infinity, as Python's //
    row(-60'000'000, -1);
    row(-60'000'001, -2);
    row(std::numeric_limits<qint64>::max(), qint64{153722867280});
    row(std::numeric_limits<qint64>::min(), qint64{-153722867281});
}

void ManifestTest::minutes()
{
    QFETCH(qint64, microseconds);
    QFETCH(QJsonValue, minutes);
    Manifest manifest;
    manifest.window.start = microseconds;
    auto filter = parsed(manifest).value("filter_applied").toObject();
    QCOMPARE(filter.value("time_start_us").toInteger(-5), microseconds);
    QCOMPARE(filter.value("time_start_minutes"), minutes);
    QVERIFY(filter.value("time_end_us").isNull());
    QVERIFY(filter.value("time_end_minutes").isNull());
    manifest.window = {{}, microseconds};
    filter = parsed(manifest).value("filter_applied").toObject();
    QVERIFY(filter.value("time_start_us").isNull());
    QCOMPARE(filter.value("time_end_us").toInteger(-5), microseconds);
    QCOMPARE(filter.value("time_end_minutes"), minutes);
}

void ManifestTest::addresses_data()
{
    QTest::addColumn<QString>("list");
    QTest::addColumn<QStringList>("entries");
    for (const char* const list : {"10.0.0.1", "a,b", " a , b ", "a,,b", ",a", "a,", ",", "10.0.0.0/8,7"})
        QTest::addRow("'%s'", list) << QString(list) << QString(list).split(',');
}

void ManifestTest::addresses()
{
    QFETCH(QString, list);
    QFETCH(QStringList, entries);
    Manifest manifest;
    manifest.addressFilter = list.toStdString();
    QCOMPARE(parsed(manifest).value("filter_applied").toObject().value("ips").toArray(),
             QJsonArray::fromStringList(entries));
}

void ManifestTest::extremes()
{
    Manifest manifest;
    manifest.firstTimestamp = std::numeric_limits<std::int64_t>::min();
    manifest.lastTimestamp = std::numeric_limits<std::int64_t>::max();
    manifest.totalPackets = std::numeric_limits<std::uint64_t>::max();
    const auto text = written(manifest);
    QVERIFY(text.contains("\"start\": -9223372036854775808,\n    \"end\": 9223372036854775807,\n"
                          "    \"duration\": 18446744073709551615\n"));
    QVERIFY(text.contains("\"total_packets\": 18446744073709551615,"));
}

void ManifestTest::timesOfWriting()
{
    const QRegularExpression shape(
        QRegularExpression::anchoredPattern(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})"));
    for (int i = 0; i < 100; ++i) {
        const auto text = QString::fromStdString(localTimestamp());
        QVERIFY2(shape.match(text).hasMatch(), qPrintable(text));
        QVERIFY2(QDateTime::fromString(text, Qt::ISODateWithMs).isValid(), qPrintable(text));
    }
}

QTEST_APPLESS_MAIN(ManifestTest)
#include "manifest_test.moc"
