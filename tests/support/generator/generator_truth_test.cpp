// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// That the truth about a capture is true, and that simulated connections are as hosts make them.

#include "tests/support/generator/shapes.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QTest>
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::generator;

namespace {

struct Made
{
    QStringList rows; ///< of CSV, without the header
    std::string capture;
    QList<QJsonObject> truth;
    GeneratorSummary summary;
};

Made made(const GeneratorOptions& options, bool withTruth = true)
{
    Made result;
    std::string truth;
    const auto into = [](std::string& text) {
        return [&text](std::string_view piece) {
            text += piece;
            return true;
        };
    };
    const auto done =
        generate(options, into(result.capture), {}, withTruth ? TextConsumer(into(truth)) : TextConsumer());
    if (!done.error.empty())
        qFatal("%s", done.error.c_str());
    result.summary = done.summary;
    if (options.format == Format::Csv) {
        result.rows = QString::fromStdString(result.capture).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        result.rows.removeFirst();
    }
    for (const QByteArray& line : QByteArray::fromStdString(truth).split('\n')) {
        if (line.isEmpty())
            continue;
        QJsonParseError error;
        result.truth.push_back(QJsonDocument::fromJson(line, &error).object());
        if (error.error != QJsonParseError::NoError)
            qFatal("%s", line.constData());
    }
    return result;
}

GeneratorOptions shape(std::string_view name, std::uint64_t flows)
{
    auto options = shapeOptions(name).value();
    options.flows = flows;
    options.concurrency = 100;
    return options;
}

qint64 whole(const QJsonObject& flow, const QString& name)
{
    const QJsonValue value = flow.value(name);
    if (!value.isDouble())
        qFatal("no number: %s", qPrintable(name));
    return static_cast<qint64>(value.toDouble());
}

qint64 bothSides(const QJsonObject& flow, const QString& name)
{
    return whole(flow, QStringLiteral("orig_") + name) + whole(flow, QStringLiteral("resp_") + name);
}

qint64 ofAll(const Made& capture, const QString& name)
{
    qint64 sum = 0;
    for (const QJsonObject& flow : capture.truth)
        sum += flow.contains(QStringLiteral("orig_") + name) ? bothSides(flow, name) : 0;
    return sum;
}

/// Both ends and the protocol of a flow, the same in both directions.
QString ends(QString a, const QString& aPort, QString b, const QString& bPort, const QString& protocol)
{
    a += QLatin1Char(' ') + aPort;
    b += QLatin1Char(' ') + bPort;
    return std::min(a, b) + QLatin1Char(' ') + std::max(a, b) + QLatin1Char(' ') + protocol;
}

QString endsOf(const QJsonObject& flow)
{
    return ends(flow.value(QStringLiteral("orig")).toString(),
                QString::number(whole(flow, QStringLiteral("orig_port"))),
                flow.value(QStringLiteral("resp")).toString(),
                QString::number(whole(flow, QStringLiteral("resp_port"))),
                QString::number(whole(flow, QStringLiteral("proto"))));
}

/// A segment of a capture in little-endian pcap.
struct Frame
{
    std::string key; ///< addresses and ports of its sender, then of its receiver
    std::string back;
    std::uint32_t seq = 0, ack = 0, window = 0, payload = 0;
    unsigned flags = 0;
    int scale = -1;
};

std::vector<Frame> segments(const std::string& file)
{
    const auto u8 = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(file.at(at))}; };
    const auto be16 = [&](std::size_t at) { return u8(at) << 8 | u8(at + 1); };
    const auto be32 = [&](std::size_t at) { return be16(at) << 16 | be16(at + 2); };
    std::vector<Frame> all;
    for (std::size_t at = 24; at < file.size();) {
        const std::size_t captured = u8(at + 8) | u8(at + 9) << 8, frame = at + 16;
        at = frame + captured;
        const bool ipv6 = be16(frame + 12) == 0x86DD;
        const std::size_t ip = frame + 14, size = ipv6 ? 16 : 4, addresses = ip + (ipv6 ? 8 : 12);
        if (u8(ip + (ipv6 ? 6 : 9)) != 6)
            continue;
        const std::size_t segment = ip + (ipv6 ? 40 : 20), header = u8(segment + 12) / 16 * 4;
        const std::size_t length = ipv6 ? be16(ip + 4) : be16(ip + 2) - 20;
        Frame f;
        const std::string from = file.substr(addresses, size) + file.substr(segment, 2),
                          to = file.substr(addresses + size, size) + file.substr(segment + 2, 2);
        f.key = from + to;
        f.back = to + from;
        f.seq = be32(segment + 4);
        f.ack = be32(segment + 8);
        f.flags = u8(segment + 13);
        f.window = be16(segment + 14);
        f.payload = static_cast<std::uint32_t>(length - header);
        if ((f.flags & syn) != 0 && header == 28)
            f.scale = static_cast<int>(u8(segment + 27));
        all.push_back(f);
    }
    return all;
}

} // namespace

class GeneratorTruthTest : public QObject
{
    Q_OBJECT

private slots:
    void theCaptureIsTheSameWithIt_data();
    void theCaptureIsTheSameWithIt();
    void itCountsEveryPacketOnce_data();
    void itCountsEveryPacketOnce();
    void lossyHasEveryTrouble();
    void plainHasNone();
    void everyFormatHasTheSameTruth();
    void windowsAreKept();
    void shuffledRowsAreTheSame();
    void flowsThatTheEndCuts();
};

void GeneratorTruthTest::theCaptureIsTheSameWithIt_data()
{
    QTest::addColumn<QString>("name");
    for (const auto& name : shapeNames()) {
        if (name != "collide")
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void GeneratorTruthTest::theCaptureIsTheSameWithIt()
{
    QFETCH(QString, name);
    auto options = shapeOptions(name.toStdString()).value();
    options.rows = 20'000;
    QVERIFY(made(options).capture == made(options, false).capture);
}

void GeneratorTruthTest::itCountsEveryPacketOnce_data()
{
    theCaptureIsTheSameWithIt_data();
}

void GeneratorTruthTest::itCountsEveryPacketOnce()
{
    QFETCH(QString, name);
    auto options = shapeOptions(name.toStdString()).value();
    options.rows = 30'000;
    options.hosts = std::min(options.hosts, 1000U);
    const Made capture = made(options);
    QMap<QString, qint64> told, seen;
    for (const QJsonObject& flow : capture.truth) {
        told[endsOf(flow)] += bothSides(flow, QStringLiteral("packets"));
        QVERIFY(whole(flow, QStringLiteral("first")) <= whole(flow, QStringLiteral("last")));
    }
    for (const QString& row : capture.rows) {
        const QStringList fields = row.split(QLatin1Char(','));
        ++seen[ends(fields[1], fields[3], fields[2], fields[4], fields[9])];
    }
    QCOMPARE(told, seen);
}

void GeneratorTruthTest::lossyHasEveryTrouble()
{
    const Made capture = made(shape("lossy", 4000));
    for (const char* const name : {"rtx_timeout", "rtx_fast", "rtx_recovery", "rtx_unseen", "rtx_needless",
                                   "overtaken", "gaps", "dup_acks", "zero_windows", "probes", "window_full",
                                   "keep_alives", "keep_alive_acks", "window_updates", "twice", "lost"})
        QVERIFY2(ofAll(capture, QLatin1String(name)) > 10, name);

    QSet<QString> closes;
    std::map<QString, qint64> closedAt; // by ends: when the newest flow of these ends was over
    int reused = 0, wrapped = 0, oneSided = 0;
    for (const QJsonObject& flow : capture.truth) {
        closes.insert(flow.value(QStringLiteral("close")).toString());
        QCOMPARE(flow.value(QStringLiteral("cut")).toBool(), false);
        if (whole(flow, QStringLiteral("proto")) != 6)
            continue;
        const qint64 isn = static_cast<qint64>(flow.value(QStringLiteral("resp_isn")).toDouble(0));
        wrapped += isn + whole(flow, QStringLiteral("resp_fresh")) > 0xFFFFFFFF ? 1 : 0;
        oneSided += whole(flow, QStringLiteral("orig_packets")) == 0 ||
                            (whole(flow, QStringLiteral("resp_packets")) == 0 &&
                             flow.value(QStringLiteral("hidden")) == QLatin1String("server"))
                        ? 1
                        : 0;
        if (flow.value(QStringLiteral("reused")).toBool()) {
            ++reused;
            const qint64 pause = whole(flow, QStringLiteral("first")) - closedAt.at(endsOf(flow));
            QVERIFY(pause > 0 && pause < 4'100'000);
        }
        closedAt[endsOf(flow)] = whole(flow, QStringLiteral("last"));
        // What is missing is what was acknowledged and is not there.
        for (const QString& side : {QStringLiteral("orig_"), QStringLiteral("resp_")})
            QVERIFY(whole(flow, side + QStringLiteral("fresh")) <=
                    whole(flow, side + QStringLiteral("payload")));
    }
    QVERIFY2(reused > 50 && wrapped > 20 && oneSided > 50,
             qPrintable(QStringLiteral("%1 %2 %3").arg(reused).arg(wrapped).arg(oneSided)));
    QCOMPARE(closes, (QSet<QString>{"closed", "reset_by_originator", "reset_by_responder",
                                    "half_closed_by_originator", "half_closed_by_responder", "rejected",
                                    "unanswered", "given_up", "half_open", "open", "exchange", "one_way"}));
}

void GeneratorTruthTest::plainHasNone()
{
    const Made capture = made(shape("plain", 2000));
    for (const char* const name : {"rtx_fast", "rtx_recovery", "rtx_unseen", "rtx_needless", "overtaken",
                                   "gaps", "dup_acks", "zero_windows", "probes", "twice", "lost"})
        QCOMPARE(ofAll(capture, QLatin1String(name)), 0);
    for (const QJsonObject& flow : capture.truth) {
        if (whole(flow, QStringLiteral("proto")) != 6 ||
            flow.value(QStringLiteral("hidden")) != QLatin1String("none") ||
            flow.value(QStringLiteral("opening")) != QLatin1String("normal"))
            continue;
        QCOMPARE(bothSides(flow, QStringLiteral("rtx_timeout")), 0);
        // Nothing but a reset leaves a byte unacknowledged.
        if (!flow.value(QStringLiteral("close")).toString().startsWith(QLatin1String("reset")))
            QCOMPARE(bothSides(flow, QStringLiteral("fresh")),
                     bothSides(flow, QStringLiteral("acknowledged")));
        QVERIFY(whole(flow, QStringLiteral("rtt_syn")) > 0 && whole(flow, QStringLiteral("rtt_ack")) > 0);
    }
}

void GeneratorTruthTest::everyFormatHasTheSameTruth()
{
    auto options = shape("lossy", 500);
    const Made csv = made(options);
    options.format = Format::Pcap;
    const Made pcap = made(options);
    QCOMPARE(csv.truth.size(), pcap.truth.size());
    for (qsizetype i = 0; i < csv.truth.size(); ++i) {
        QJsonObject flow = pcap.truth[i];
        if (whole(flow, QStringLiteral("proto")) == 58)
            flow[QStringLiteral("proto")] = 1;
        QCOMPARE(flow, csv.truth[i]);
    }
}

// No window's right edge moves back, no ACK does, and nobody sends beyond the window but a probe.
void GeneratorTruthTest::windowsAreKept()
{
    struct Side
    {
        std::uint32_t edge = 0, acknowledged = 0;
        int scale = -1;
        bool known = false, open = false;
    };
    auto options = shape("lossy", 3000);
    options.format = Format::Pcap;
    std::map<std::string, Side> sides;
    int checked = 0, beyond = 0, probes = 0;
    for (const Frame& f : segments(made(options).capture)) {
        Side& side = sides[f.key];
        if ((f.flags & syn) != 0) {
            side = {0, 0, f.scale, true, false};
            continue;
        }
        if ((f.flags & rst) != 0 || (f.flags & ack) == 0 || !side.known)
            continue;
        const Side& other = sides[f.back];
        const int scale = side.scale >= 0 && other.scale >= 0 ? side.scale : 0;
        const std::uint32_t edge = f.ack + (f.window << scale);
        const auto less = [](std::uint32_t a, std::uint32_t b) {
            return static_cast<std::int32_t>(a - b) < 0;
        };
        // Segments that were overtaken say what was true before.
        if (side.open && f.payload == 0) {
            QVERIFY(!less(edge, side.edge));
            QVERIFY(!less(f.ack, side.acknowledged));
        }
        if (!side.open || less(side.edge, edge))
            side.edge = edge;
        if (!side.open || less(side.acknowledged, f.ack))
            side.acknowledged = f.ack;
        side.open = true;
        if (f.payload > 0 && other.open) {
            ++checked;
            const bool outside = less(other.edge, f.seq + f.payload);
            probes += outside && f.payload == 1 ? 1 : 0;
            beyond += outside && f.payload > 1 ? 1 : 0;
        }
    }
    QVERIFY(checked > 20'000 && probes > 50);
    // Only where the ACK that allowed it was in a segment that the capture missed.
    QVERIFY2(beyond < checked / 1000, qPrintable(QString::number(beyond)));
}

void GeneratorTruthTest::shuffledRowsAreTheSame()
{
    const auto options = shape("lossy", 500);
    Made inOrder = made(options);
    auto shuffledOptions = options;
    shuffledOptions.shuffle = true;
    Made shuffled = made(shuffledOptions);
    auto nearOptions = options;
    nearOptions.lateShare = 1;
    nearOptions.lateMicros = 3000;
    Made near = made(nearOptions);
    QVERIFY(shuffled.truth == inOrder.truth && near.truth == inOrder.truth);
    QVERIFY(shuffled.rows != inOrder.rows && near.rows != inOrder.rows);
    const auto time = [](const QString& row) { return row.section(QLatin1Char(','), 0, 0).toLongLong(); };
    qint64 newest = 0, furthest = 0;
    for (const QString& row : near.rows) {
        newest = std::max(newest, time(row));
        furthest = std::max(furthest, newest - time(row));
    }
    QVERIFY2(furthest > 2000 && furthest <= 3000, qPrintable(QString::number(furthest)));
    qsizetype backward = 0;
    for (qsizetype i = 1; i < shuffled.rows.size(); ++i)
        backward += time(shuffled.rows[i]) < time(shuffled.rows[i - 1]) ? 1 : 0;
    QVERIFY(backward > shuffled.rows.size() * 2 / 5); // half of them
    for (QStringList* rows : {&inOrder.rows, &shuffled.rows, &near.rows})
        std::sort(rows->begin(), rows->end());
    QVERIFY(shuffled.rows == inOrder.rows && near.rows == inOrder.rows);
}

void GeneratorTruthTest::flowsThatTheEndCuts()
{
    auto options = shape("lossy", 0);
    options.rows = 10'000;
    const Made capture = made(options);
    QCOMPARE(capture.rows.size(), 10'000);
    const auto cut = std::count_if(capture.truth.begin(), capture.truth.end(), [](const QJsonObject& flow) {
        return flow.value(QStringLiteral("cut")).toBool();
    });
    QVERIFY2(cut > 30 && cut <= 100, qPrintable(QString::number(cut)));
    // So many conversations, and some of them are two flows: the ports are used again.
    const Made counted = made(shape("lossy", 300));
    QCOMPARE(counted.summary.conversations.back(), 300U);
    QVERIFY(counted.truth.size() >= 300 && counted.truth.size() < 340);
}

QTEST_GUILESS_MAIN(GeneratorTruthTest)
#include "generator_truth_test.moc"
