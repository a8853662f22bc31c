// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/stretch.h"

#include "core/input/input_format.h"
#include "tests/core/shard/any_captures.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Stretches of a file, read one by one, have what the whole file has: rows, places and how it ends.
class StretchTest : public QObject
{
    Q_OBJECT

private slots:
    void plainCaptures_data();
    void plainCaptures();
    void anyCapture();
    void cutAnywhere();
    void whatAStretchIsReadWith();
    void interfacesAllOver();
    void tables_data();
    void tables();
    void oneTask_data();
    void oneTask();
    void aScanCanBeStopped();
};

namespace {

/// Everything that reading tells, a line a row.
struct Told
{
    std::vector<std::string> rows;
    std::string end;

    friend bool operator==(const Told&, const Told&) = default;
};

void read(Result<std::unique_ptr<OpenedInput>> opened, Told& told)
{
    if (!opened) {
        told.end = "not opened";
        return;
    }
    TaskPool pool(1);
    SourceContext context(pool);
    const auto source = (*opened)->packets({}, context);
    for (;;) {
        const auto batch = source->next();
        if (!batch)
            qFatal("reading fails");
        if (!*batch)
            break;
        std::vector<std::string> rows((*batch)->rows, "none");
        const auto line = [&](std::uint32_t of) {
            return std::to_string(source->linesBefore() + of + 1) + ' ';
        };
        for (std::size_t i = 0; i < (*batch)->packets.size(); ++i) {
            const Packet& packet = (*batch)->packets[i];
            rows[(*batch)->places[i].row] =
                line((*batch)->places[i].line) + std::to_string(packet.timestamp) + ' ' +
                std::to_string(packet.sourcePort) + ' ' + std::to_string(packet.length);
        }
        for (const auto& reject : (*batch)->rejects)
            rows[reject.place.row] = line(reject.place.line) + "rejected " +
                                     std::to_string(static_cast<int>(reject.reason)) + ' ' + reject.raw;
        for (const auto& other : (*batch)->others)
            rows[other.row] = "other " + std::to_string(static_cast<int>(other.kind));
        told.rows.insert(told.rows.end(), rows.begin(), rows.end());
    }
    if (const auto early = source->endedEarly())
        told.end = std::to_string(static_cast<int>(early->code)) + ' ' + std::to_string(early->line) + ' ' +
                   std::to_string(early->byte) + ' ' + early->detail;
}

const GoOnScan goOn = [](std::uint64_t) { return true; };

std::vector<MapTask> stretches(const InputSpec& spec, std::uint64_t chunkRows, std::uint64_t taskBytes)
{
    const auto found = stretchesOf(spec, {.input = 3, .chunkRows = chunkRows, .taskBytes = taskBytes}, goOn);
    if (!found)
        qFatal("the scan fails");
    return *found;
}

/// That all stretches together are the whole, and each begins with a read chunk. How many there are.
std::size_t checkStretches(const InputSpec& spec, std::uint64_t chunkRows, std::uint64_t taskBytes,
                           std::size_t blockSize)
{
    Told whole, joined;
    read(openInput(spec, 1 << 20), whole);
    const auto tasks = stretches(spec, chunkRows, taskBytes);
    std::uint64_t before = 0;
    for (const auto& task : tasks) {
        if (task.input != 3 || task.begin != before || joined.rows.size() % chunkRows != 0 ||
            !joined.end.empty())
            qFatal("a stretch begins where none does");
        if (task.end > 0 && task.end - task.begin < taskBytes)
            qFatal("a stretch is too short");
        before = task.end;
        read(openStretch(spec, task, blockSize), joined);
    }
    if (before != 0 || !(joined == whole))
        qFatal("%zu stretches with %zu rows (%s) are not the file with %zu rows (%s)", tasks.size(),
               joined.rows.size(), joined.end.c_str(), whole.rows.size(), whole.end.c_str());
    return tasks.size();
}

} // namespace

void StretchTest::plainCaptures_data()
{
    QTest::addColumn<bool>("big");
    QTest::addColumn<bool>("nano");
    for (const bool big : {false, true}) {
        for (const bool nano : {false, true})
            QTest::addRow("%s endian, %s", big ? "big" : "little", nano ? "nanoseconds" : "microseconds")
                << big << nano;
    }
}

void StretchTest::plainCaptures()
{
    QFETCH(bool, big);
    QFETCH(bool, nano);
    const TestFolder folder;
    PcapFile file(1, big ? Endian::Big : Endian::Little,
                  nano ? PcapFile::Fraction::Nano : PcapFile::Fraction::Micro);
    const auto check = [&](std::size_t frames) {
        const InputSpec spec{.file = folder.write("a.pcap", file.bytes())};
        QCOMPARE(checkStretches(spec, 1, 1, 100), std::max<std::size_t>(frames, 1));
        QCOMPARE(checkStretches(spec, 4, 1, 7), std::max<std::size_t>((frames + 3) / 4, 1));
        QCOMPARE(checkStretches(spec, 500'000, 1, 1 << 20), std::size_t{1});
        QVERIFY(checkStretches(spec, 1, 300, 1 << 20) <= (frames + 3) / 4 + 1);
    };
    check(0);
    for (std::size_t frames = 1; frames <= 12; ++frames) {
        file.add(static_cast<std::uint32_t>(frames), 5, ethernet(0x0800, tcpPacket()));
        check(frames);
    }
}

void StretchTest::anyCapture()
{
    const TestFolder folder;
    std::mt19937_64 random(11);
    std::size_t cut = 0;
    for (int i = 0; i < 400; ++i) {
        AnyCaptures captures(random);
        const InputSpec spec{.file = folder.write("any", captures.any(1 + captures.below(60)))};
        for (const std::uint64_t chunkRows : {1u, 3u, 20u})
            cut += checkStretches(spec, chunkRows, 1 + captures.below(500), 1 + captures.below(300)) - 1;
    }
    QVERIFY(cut > 2000);
}

void StretchTest::cutAnywhere()
{
    const TestFolder folder;
    PcapFile pcap;
    PcapngFile pcapng;
    pcapng.interface(1);
    for (unsigned i = 0; i < 4; ++i) {
        const auto frame = ethernet(0x0800, tcpPacket()).substr(0, 36 + i);
        pcap.add(i, 0, frame);
        pcapng.enhanced(0, i, frame).block(4, zeros(8));
    }
    for (const std::string& whole : {pcap.bytes(), pcapng.bytes()}) {
        for (std::size_t length = 48; length < whole.size(); ++length)
            checkStretches({.file = folder.write("cut", whole.substr(0, length))}, 1, 1, 50);
    }
}

void StretchTest::whatAStretchIsReadWith()
{
    const TestFolder folder;
    PcapngFile file;
    const auto frame = ethernet(0x0800, tcpPacket());
    const auto size = [&] { return std::uint64_t{file.bytes().size()}; };
    std::vector<MapTask> expected;
    const auto begins = [&](std::vector<ByteRange> head) {
        if (!expected.empty())
            expected.back().end = size();
        expected.push_back({.input = 3,
                            .begin = expected.empty() ? 0 : size(),
                            .end = 0,
                            .head = std::move(head),
                            .linesBefore = expected.size()});
    };
    file.interface(1, 0, file.option(9, "\x09"));
    begins({});
    file.enhanced(0, 1, frame);
    begins({{0, 28 + 32}});
    file.enhanced(0, 2, frame).block(4, zeros(40));
    const auto late = size();
    file.interface(12);
    begins({{0, 28 + 32}, {late, late + 20}});
    file.enhanced(1, 3, tcpPacket());
    const auto section = size();
    file.section(Endian::Big).block(5, zeros(8));
    const auto own = size();
    file.interface(1);
    begins({{section, section + 28}, {own, own + 20}});
    file.enhanced(0, 4, frame);
    const InputSpec spec{.file = folder.write("a.pcapng", file.bytes())};
    QVERIFY(stretches(spec, 1, 1) == expected);
    checkStretches(spec, 1, 1, 30);

    PcapFile pcap(1, Endian::Big);
    pcap.add(1, 2, frame).add(3, 4, frame);
    const auto tasks = stretches({.file = folder.write("a.pcap", pcap.bytes())}, 1, 1);
    QVERIFY((tasks.back() ==
             MapTask{.input = 3, .begin = 24 + 16 + 54, .end = 0, .head = {{0, 24}}, .linesBefore = 1}));
}

// As many as a stretch would have to be read with, there is no cut; a new section has none of them.
void StretchTest::interfacesAllOver()
{
    const TestFolder folder;
    PcapngFile file;
    const auto frame = ethernet(0x0800, tcpPacket());
    for (std::uint32_t i = 0; i < 200; ++i)
        file.interface(1).enhanced(i, i, frame);
    file.section(Endian::Little).interface(1);
    for (std::uint64_t i = 0; i < 10; ++i)
        file.enhanced(0, i, frame);
    const InputSpec spec{.file = folder.write("a.pcapng", file.bytes())};
    QCOMPARE(checkStretches(spec, 1, 1, 1 << 20), std::size_t{63 + 1 + 10});
}

void StretchTest::tables_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("noHeader");
    QTest::addColumn<bool>("cut");
    const auto row = [](int i) {
        return QByteArray::fromStdString(captureRow(captureStart + i, "10.0.0.1", "10.0.0.2", 16));
    };
    const auto header = QByteArray::fromStdString(captureHeader());
    QByteArray rows, returns, blanks;
    for (int i = 0; i < 20; ++i) {
        rows += row(i);
        returns += row(i).chopped(1) + "\r\n";
        blanks += row(i) + (i % 3 == 0 ? "\n \t\n" : "");
    }
    QTest::newRow("lines") << header + rows << false << true;
    QTest::newRow("no last line end") << (header + rows).chopped(1) << false << true;
    QTest::newRow("CR LF") << header.chopped(1) + "\r\n" + returns << false << true;
    QTest::newRow("blank lines, also before the header") << "\n\n" + header + blanks << false << true;
    QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + header + rows << false << true;
    QTest::newRow("a blank line behind the mark") << "\xEF\xBB\xBF\n" + header + rows << false << true;
    QTest::newRow("no header") << rows << true << true;
    QTest::newRow("a mark within a table without header") << rows + "\xEF\xBB\xBF" + rows << true << false;
    QTest::newRow("lone CR") << header + rows + "1,2\r3\n" << false << false;
    QTest::newRow("a quote") << header + rows + "\"1\",2\n" << false << false;
    QTest::newRow("malformed rows") << header + "short\n" + rows + "soon,a,b,1,2,3,4,5,6,6\n" + rows << false
                                    << true;
}

void StretchTest::tables()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, noHeader);
    QFETCH(bool, cut);
    const TestFolder folder;
    InputSpec spec{.file = folder.write("a.csv", text.toStdString())};
    spec.noHeader = noHeader;
    if (noHeader)
        spec.columns = "timestamp=1,src_ip=2,dst_ip=3,src_port=4,dst_port=5,flags=6,length=9,protocol=10";
    for (const std::uint64_t chunkRows : {1u, 2u, 7u}) {
        for (const std::uint64_t bytes : {1u, 150u})
            QCOMPARE(checkStretches(spec, chunkRows, bytes, 100) > 1, cut);
    }
}

void StretchTest::oneTask_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("each");
    PcapFile file;
    for (unsigned i = 0; i < 10; ++i)
        file.add(i, 0, ethernet(0x0800, tcpPacket()));
    QTest::newRow("compressed") << QByteArray::fromStdString(gzipMember(file.bytes())) << false;
    QTest::newRow("a frame is several rows") << QByteArray::fromStdString(file.bytes()) << true;
    QTest::newRow("compressed table") << QByteArray::fromStdString(gzipMember(conversations(4))) << false;
}

void StretchTest::oneTask()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, each);
    const TestFolder folder;
    InputSpec spec{.file = folder.write("a", bytes.toStdString())};
    spec.tunnels = each ? Tunnels::Each : Tunnels::Inner;
    const auto tasks = stretches(spec, 2, 1);
    QCOMPARE(tasks.size(), std::size_t{1});
    QVERIFY(tasks.front().isWhole());
    QCOMPARE(stretches(spec, 1, 1).size() > 1, each); // where any row may be the first
}

void StretchTest::aScanCanBeStopped()
{
    const TestFolder folder;
    PcapFile file;
    file.add(1, 0, ethernet(0x0800, tcpPacket()));
    for (const std::string& bytes : {file.bytes(), conversations(2)}) {
        const auto stopped =
            stretchesOf({.file = folder.write("a", bytes)}, {}, [](std::uint64_t) { return false; });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, Errc::Cancelled);
    }
}

QTEST_APPLESS_MAIN(StretchTest)
#include "stretch_test.moc"
