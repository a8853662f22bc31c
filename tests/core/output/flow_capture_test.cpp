// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/flow_capture.h"

#include "core/analysis/analyze.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QProcess>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The packets of one flow as a capture of their own.
class FlowCaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void itsPacketsComeBack_data();
    void itsPacketsComeBack();
    void flowsWithTheSameEndsAreKeptApart();
    void timesAndLinkTypesStay();
    void filtersCount();
    void innerAndOuterPackets();
    void tablesHaveNoFrames();
    void aChangedInputIsTold();
    void itStopsWhenAsked();
    void whatIsThereStays();
    void tsharkReadsIt();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

constexpr unsigned ipType = 0x0800;
constexpr unsigned syn = 2, ack = 16, fin = 1, psh = 8;

/// Frames of connections between two hosts, one after the other on the same ports, among other traffic.
class Frames
{
public:
    void connection(unsigned port, std::uint32_t isn, int segments)
    {
        forth(port, syn, isn, 0);
        back(port, syn | ack, isn + 5000, isn + 1);
        forth(port, ack, isn + 1, isn + 5001);
        for (int i = 0; i < segments; ++i) {
            forth(port, psh | ack, isn + 1 + 10 * static_cast<std::uint32_t>(i), isn + 5001, "0123456789");
            frames.push_back(ethernet(ipType, ipv4({.protocol = 17}, udp(port, 53, "dns"))));
        }
        const auto end = isn + 1 + 10 * static_cast<std::uint32_t>(segments);
        forth(port, fin | ack, end, isn + 5001);
        back(port, fin | ack, isn + 5001, end + 1);
        forth(port, ack, end + 1, isn + 5002);
    }
    std::vector<std::string> frames;

private:
    void forth(unsigned port, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged,
               const std::string& payload = {})
    {
        add({},
            {.sourcePort = port,
             .destinationPort = 80,
             .sequence = sequence,
             .acknowledgment = acknowledged,
             .flags = flags},
            payload);
    }
    void back(unsigned port, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged)
    {
        add({.source = "10.0.0.2", .destination = "10.0.0.1"},
            {.sourcePort = 80,
             .destinationPort = port,
             .sequence = sequence,
             .acknowledgment = acknowledged,
             .flags = flags},
            {});
    }
    void add(const Ip& ip, const Tcp& header, const std::string& payload)
    {
        frames.push_back(ethernet(ipType, ipv4(ip, tcp(header, payload))));
    }
};

std::string pcapOf(const std::vector<std::string>& frames, std::uint32_t second = 1'700'000'000)
{
    PcapFile file;
    for (std::size_t i = 0; i < frames.size(); ++i)
        file.add(second, static_cast<std::uint32_t>(i), frames[i]);
    return file.bytes();
}

std::shared_ptr<const CaptureAnalysis> analysisOf(Options options, const TestFolder& folder)
{
    options.temporaryFolder = folder.path();
    auto made = analyze(options, goOn, Depth::Flows);
    if (!made)
        throw std::runtime_error("the capture cannot be analyzed");
    return std::dynamic_pointer_cast<const CaptureAnalysis>(*made);
}

std::shared_ptr<const CaptureAnalysis> analysisOf(const std::filesystem::path& file, const TestFolder& folder)
{
    Options options;
    options.inputs = {file};
    return analysisOf(options, folder);
}

/// A packet as far as a capture tells it, "time source:port destination:port flags seq ack length".
QStringList packetsOf(const Analysis& analysis, std::optional<std::size_t> flow = {})
{
    QStringList lines;
    const auto walked = analysis.spool.forEach({}, [&](const SpooledPacket& row) {
        const Packet& p = row.packet;
        if (flow && (row.row < analysis.flows.firstRow(*flow) || row.row > analysis.flows.lastRow(*flow) ||
                     !p.isTcp() || !(FlowKey::of(p) == analysis.flows.key(*flow))))
            return true;
        const auto end = [&](AddressId address, std::int64_t port) {
            return QString::fromStdString(std::string(analysis.addresses.text(address))) + QLatin1Char(':') +
                   QString::number(port);
        };
        lines += QStringLiteral("%1 %2 %3 %4 %5 %6 %7 payload %8")
                     .arg(p.timestamp)
                     .arg(end(p.source, p.sourcePort), end(p.destination, p.destinationPort))
                     .arg(p.flags.bits)
                     .arg(p.sequence)
                     .arg(p.acknowledgment)
                     .arg(p.length)
                     .arg(row.extras.payload);
        return true;
    });
    if (!walked)
        throw std::runtime_error("the spool cannot be read");
    return lines;
}

/// What comes back of each flow of an analysis, compared with the flow.
void everyFlowComesBack(const CaptureAnalysis& analysis, const TestFolder& folder)
{
    QVERIFY(analysis.flows.size() > 0);
    for (std::size_t flow = 0; flow < analysis.flows.size(); ++flow) {
        QVERIFY(hasFrames(analysis, flow));
        const auto target = folder / ("flow" + std::to_string(flow) + ".pcapng");
        const auto written = writeFlowCapture(analysis, flow, target, true);
        QVERIFY(written);
        QCOMPARE(written->written, analysis.flows.packets(flow));
        QCOMPARE(written->expected, analysis.flows.packets(flow));
        QCOMPARE(written->bytes, std::filesystem::file_size(target));
        Options again;
        again.inputs = {target};
        again.reading = analysis.options.reading;
        QCOMPARE(packetsOf(*analysisOf(again, folder)), packetsOf(analysis, flow));
    }
}

} // namespace

void FlowCaptureTest::itsPacketsComeBack_data()
{
    QTest::addColumn<bool>("gzip");
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("blockSize");
    QTest::newRow("a file") << false << 1 << 262144;
    QTest::newRow("packed") << true << 1 << 262144;
    QTest::newRow("cut into files") << false << 3 << 262144;
    QTest::newRow("in small blocks") << true << 2 << 64;
}

void FlowCaptureTest::itsPacketsComeBack()
{
    QFETCH(bool, gzip);
    QFETCH(int, files);
    QFETCH(int, blockSize);
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 30);
    sent.connection(40001, 9000, 5);
    Options options;
    options.blockSize = static_cast<std::size_t>(blockSize);
    const std::size_t share = sent.frames.size() / static_cast<std::size_t>(files) + 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(files); ++i) {
        const auto begin = sent.frames.begin() + static_cast<std::ptrdiff_t>(i * share);
        const auto end = static_cast<std::size_t>(sent.frames.end() - begin) > share
                             ? begin + static_cast<std::ptrdiff_t>(share)
                             : sent.frames.end();
        const auto bytes = pcapOf({begin, end}, 1'700'000'000 + static_cast<std::uint32_t>(i));
        options.inputs.push_back(folder.write("in" + std::to_string(i), gzip ? gzipMember(bytes) : bytes));
    }
    everyFlowComesBack(*analysisOf(options, folder), folder);
}

void FlowCaptureTest::flowsWithTheSameEndsAreKeptApart()
{
    const TestFolder folder;
    Frames sent;
    for (std::uint32_t i = 0; i < 3; ++i)
        sent.connection(40000, 1000 + i * 100'000, 4);
    Options options;
    options.readChunkRows = 7; // flows are judged, and end, at the ends of chunks
    options.inputs = {folder.write("in.pcap", pcapOf(sent.frames))};
    const auto analysis = analysisOf(options, folder);
    QVERIFY(analysis->flows.size() > 1);
    everyFlowComesBack(*analysis, folder);
}

void FlowCaptureTest::timesAndLinkTypesStay()
{
    const TestFolder folder;
    PcapngFile file;
    const auto option = [&](unsigned code, const std::string& value) { return file.option(code, value); };
    constexpr unsigned timeResolution = 9, timeOffset = 14, rawIp = 101, ethernetLink = 1;
    file.interface(ethernetLink, 0,
                   option(timeResolution, std::string(1, char(12))) +
                       option(timeOffset, file.u64(1'000'000)));
    file.interface(rawIp, 96, option(timeResolution, std::string(1, char(9))));
    const auto packet = ipv4({}, tcp({.flags = syn}));
    const auto answer = ipv4({.source = "10.0.0.2", .destination = "10.0.0.1"},
                             tcp({.sourcePort = 80, .destinationPort = 40000, .flags = syn | ack}));
    file.enhanced(0, 123'456'789'012'345ULL, ethernet(ipType, packet));
    file.enhanced(1, 1'000'123'456'789'999ULL, answer, 1500);
    const auto analysis = analysisOf(folder.write("in.pcapng", file.bytes()), folder);
    everyFlowComesBack(*analysis, folder);
    QCOMPARE(analysis->flows.size(), 1u);
    const std::string bytes = contentOf(folder / "flow0.pcapng");
    // Times as they were: what is finer than a microsecond, too.
    QVERIFY(bytes.find(le32(static_cast<std::uint32_t>(123'456'789'012'345ULL >> 32)) +
                       le32(static_cast<std::uint32_t>(123'456'789'012'345ULL))) != std::string::npos);
    const auto again = analysisOf(folder / "flow0.pcapng", folder);
    QCOMPARE(again->totals.inputs.front().frames.linkTypes().size(), 2u);
}

void FlowCaptureTest::filtersCount()
{
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 20);
    Options options;
    options.inputs = {folder.write("in.pcap", pcapOf(sent.frames))};
    options.filter = "length > 60 or tcp.flags.fin == 1";
    const auto analysis = analysisOf(options, folder);
    QCOMPARE(analysis->flows.size(), 1u);
    QVERIFY(analysis->flows.packets(0) < 26);
    everyFlowComesBack(*analysis, folder);
}

void FlowCaptureTest::innerAndOuterPackets()
{
    const TestFolder folder;
    std::vector<std::string> frames;
    constexpr unsigned ipInIp = 4;
    for (const unsigned flags : {syn, psh | ack, fin | ack})
        frames.push_back(
            ethernet(ipType, ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = ipInIp},
                                  ipv4({}, tcp({.flags = flags}, "data")))));
    const auto file = folder.write("in.pcap", pcapOf(frames));
    const auto analysis = analysisOf(file, folder);
    QCOMPARE(analysis->flows.size(), 1u);
    everyFlowComesBack(*analysis, folder);
    // The whole frames, with what is around the packets.
    QVERIFY(contentOf(folder / "flow0.pcapng").find(frames[0]) != std::string::npos);
    Options outer;
    outer.inputs = {file};
    outer.reading.tunnels = Tunnels::Outer;
    QCOMPARE(analysisOf(outer, folder)->flows.size(), 0u);
}

void FlowCaptureTest::tablesHaveNoFrames()
{
    const TestFolder folder;
    const auto analysis = analysisOf(
        folder.write("in.csv",
                     "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n"
                     "5,10.0.0.1,10.0.0.2,1,2,2,1,0,60,6\n"),
        folder);
    QCOMPARE(analysis->flows.size(), 1u);
    QVERIFY(!hasFrames(*analysis, 0));
    QVERIFY(!hasFrames(*analysis, 1)); // no such flow
}

void FlowCaptureTest::aChangedInputIsTold()
{
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 20);
    const auto file = folder.write("in.pcap", pcapOf(sent.frames));
    const auto analysis = analysisOf(file, folder);
    sent.frames.resize(10);
    static_cast<void>(folder.write("in.pcap", pcapOf(sent.frames)));
    const auto written = writeFlowCapture(*analysis, 0, folder / "out.pcapng", false);
    QVERIFY(written);
    QVERIFY(written->written > 0 && written->written < written->expected);
    std::filesystem::remove(file);
    const auto failed = writeFlowCapture(*analysis, 0, folder / "none.pcapng", false);
    QVERIFY(!failed || failed->written == 0);
}

void FlowCaptureTest::itStopsWhenAsked()
{
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 2000);
    Options options;
    options.blockSize = 4096;
    options.inputs = {folder.write("in.pcap", pcapOf(sent.frames))};
    const auto analysis = analysisOf(options, folder);
    double last = 0;
    const auto written = writeFlowCapture(*analysis, 0, folder / "out.pcapng", false, [&](double part) {
        last = part;
        return part < 0.5;
    });
    QVERIFY(!written);
    QCOMPARE(written.error().code, Errc::Cancelled);
    QVERIFY(last < 0.6);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.pcap"}); // nothing is left
}

void FlowCaptureTest::whatIsThereStays()
{
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 2);
    const auto file = folder.write("in.pcap", pcapOf(sent.frames));
    const auto analysis = analysisOf(file, folder);
    const auto other = folder.write("other", "mine");
    auto written = writeFlowCapture(*analysis, 0, other, false);
    QVERIFY(!written);
    QCOMPARE(written.error().code, Errc::FileExists);
    written = writeFlowCapture(*analysis, 0, file, true);
    QVERIFY(!written);
    QCOMPARE(written.error().code, Errc::OutputIsInput);
    QCOMPARE(contentOf(other), std::string("mine"));
}

void FlowCaptureTest::tsharkReadsIt()
{
    QProcess process;
    process.start(QStringLiteral("tshark"), {QStringLiteral("--version")});
    if (!process.waitForFinished(60'000) || process.exitCode() != 0)
        QSKIP("there is no tshark");
    const TestFolder folder;
    Frames sent;
    sent.connection(40000, 1000, 20);
    sent.connection(40001, 1000, 3);
    const auto analysis = analysisOf(folder.write("in.pcap", pcapOf(sent.frames)), folder);
    const std::size_t flow = analysis->flows.sourcePort(0) == 40000 ? 0 : 1;
    QVERIFY(writeFlowCapture(*analysis, flow, folder / "out.pcapng", false));
    process.start(QStringLiteral("tshark"),
                  {QStringLiteral("-n"), QStringLiteral("-r"),
                   QString::fromStdString((folder / "out.pcapng").string()), QStringLiteral("-T"),
                   QStringLiteral("fields"), QStringLiteral("-e"), QStringLiteral("frame.time_epoch"),
                   QStringLiteral("-e"), QStringLiteral("tcp.srcport"), QStringLiteral("-e"),
                   QStringLiteral("tcp.len")});
    QVERIFY(process.waitForFinished(60'000));
    const auto lines = process.readAllStandardOutput().split('\n');
    QCOMPARE(lines.size(), 27); // with an empty one
    QCOMPARE(lines[0], QByteArray("1700000000.000000000\t40000\t0"));
    QCOMPARE(lines[1], QByteArray("1700000000.000001000\t80\t0"));
    QCOMPARE(lines[3], QByteArray("1700000000.000003000\t40000\t10"));
}

QTEST_APPLESS_MAIN(FlowCaptureTest)
#include "flow_capture_test.moc"
