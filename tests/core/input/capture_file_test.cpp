// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_batch.h"
#include "core/input/capture/frame_reader.h"
#include "core/input/capture/pcapng_walker.h"
#include "core/input/input_format.h"
#include "core/support/process_memory.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/gzip_text.h"
#include "tests/support/memory_source.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

/// The frames of pcap and pcapng files, wherever blocks of reading end, and what is said of broken files.
class CaptureFileTest : public QObject
{
    Q_OBJECT

private slots:
    void everyKindOfPcap_data();
    void everyKindOfPcap();
    void sectionsAndInterfaces();
    void simplePacketsAreCutByTheSnapLength();
    void otherBlocksArePassedOver();
    void packetsOfUnknownInterfacesAreRejected();
    void cutAnywhere_data();
    void cutAnywhere();
    void headersOfFiles();
    void damageEndsTheReading_data();
    void damageEndsTheReading();
    void longFramesAndBlocksTakeNoMemory();
    void aMillionInterfaces();
    void tooManyInterfaces();
    void framesAreExpected();
};

namespace {

/// What was read: "time captured/wire linktype" of each frame, and how it ended.
struct Seen
{
    std::vector<std::string> frames;
    std::optional<Error> early;

    friend bool operator==(const Seen& a, const Seen& b)
    {
        const auto ends = [](const Seen& s) {
            return s.early ? std::tuple(s.early->code, s.early->line, s.early->byte, s.early->detail)
                           : std::tuple(Errc::Cancelled, std::uint64_t{0}, std::uint64_t{0}, std::string());
        };
        return a.frames == b.frames && ends(a) == ends(b);
    }
};

Seen readAll(const std::string& bytes, std::size_t blockSize)
{
    Seen seen;
    auto reader = FrameReader::open("in.pcap", std::make_unique<MemorySource>(bytes), blockSize);
    if (!reader) {
        seen.early = reader.error();
        return seen;
    }
    FrameBlock block;
    for (;;) {
        const auto more = (*reader)->next(block);
        if (!more)
            qFatal("reading fails");
        if (!*more)
            break;
        for (const Frame& frame : block.frames) {
            std::string text = "?";
            if (frame.interface != Frame::noInterface) {
                const auto& interface = (*reader)->interfaces()[frame.interface];
                const auto time = captureTime(frame.time, interface);
                text = (time ? std::to_string(time->microseconds) : "never") + ' ' +
                       std::to_string(interface.linkType);
            }
            text += ' ' + std::to_string(frame.captured) + '/' + std::to_string(frame.wireBytes) + ' ';
            const Layer bytesOfFrame = block.frame(frame);
            text.append(reinterpret_cast<const char*>(bytesOfFrame.data()),
                        std::min<std::size_t>(bytesOfFrame.size(), 8));
            seen.frames.push_back(text);
        }
    }
    seen.early = (*reader)->endedEarly();
    return seen;
}

/// The same whatever the size of blocks.
Seen readAll(const std::string& bytes)
{
    const auto seen = readAll(bytes, 1 << 20);
    for (const std::size_t blockSize : {1u, 2u, 7u, 16u, 61u, 300u, 4096u}) {
        if (!(readAll(bytes, blockSize) == seen))
            qFatal("blocks of %zu bytes give something else", blockSize);
    }
    return seen;
}

std::vector<std::string> list(std::initializer_list<const char*> texts)
{
    return {texts.begin(), texts.end()};
}

} // namespace

void CaptureFileTest::everyKindOfPcap_data()
{
    QTest::addColumn<bool>("big");
    QTest::addColumn<bool>("nano");
    QTest::newRow("microseconds, little endian") << false << false;
    QTest::newRow("microseconds, big endian") << true << false;
    QTest::newRow("nanoseconds, little endian") << false << true;
    QTest::newRow("nanoseconds, big endian") << true << true;
}

void CaptureFileTest::everyKindOfPcap()
{
    QFETCH(bool, big);
    QFETCH(bool, nano);
    PcapFile file(113, big ? Endian::Big : Endian::Little,
                  nano ? PcapFile::Fraction::Nano : PcapFile::Fraction::Micro);
    file.add(1, nano ? 2999 : 2, "abc")
        .add(0xffffffff, nano ? 999'999'999 : 999'999, "", 1500)
        .add(3, 0, "d", 70000);
    const auto seen = readAll(file.bytes());
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames,
             list({"1000002 113 3/3 abc", "4294967295999999 113 0/1500 ", "3000000 113 1/70000 d"}));
}

void CaptureFileTest::sectionsAndInterfaces()
{
    PcapngFile file(Endian::Big);
    file.interface(1).interface(101, 96, file.option(9, "\x09"));
    file.enhanced(1, 5999, "abcde", 70).enhanced(0, 6, "fg").obsolete(1, 7000, "h");
    file.section(Endian::Little);
    file.interface(113, 0,
                   file.option(2, "eth0") + file.option(9, "\x8a") + file.option(14, file.u64(100)) +
                       file.u32(0));
    file.enhanced(0, 1536, "i");
    file.interface(0);
    file.enhanced(1, 8, "j");
    const auto seen = readAll(file.bytes());
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames,
             list({"5 101 5/70 abcde", "6 1 2/2 fg", "7 101 1/1 h", "101500000 113 1/1 i", "8 0 1/1 j"}));
}

void CaptureFileTest::simplePacketsAreCutByTheSnapLength()
{
    PcapngFile file;
    file.interface(1, 3);
    file.simple("abc", 9).simple("ab", 2).simple("abcdefgh", 8);
    file.section(Endian::Big);
    file.interface(101).simple("abcde", 5);
    const auto seen = readAll(file.bytes());
    QCOMPARE(seen.frames, list({"0 1 3/9 abc", "0 1 2/2 ab", "0 1 3/8 abc", "0 101 5/5 abcde"}));
}

void CaptureFileTest::otherBlocksArePassedOver()
{
    PcapngFile file;
    file.block(4, zeros(100)).interface(1).block(5, zeros(8)).block(0x80000bad, std::string(5000, 'x'));
    file.enhanced(0, 1, "a").block(10, "secret").block(0, {}).enhanced(0, 2, "b").block(5, zeros(20));
    const auto seen = readAll(file.bytes());
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames, list({"1 1 1/1 a", "2 1 1/1 b"}));
}

void CaptureFileTest::packetsOfUnknownInterfacesAreRejected()
{
    PcapngFile file;
    file.enhanced(0, 1, "early")
        .interface(1)
        .enhanced(1, 2, "other")
        .enhanced(0xffffffff, 2, "far")
        .simple("a", 1);
    file.section(Endian::Little).simple("late", 4);
    QCOMPARE(readAll(file.bytes()).frames,
             list({"? 5/5 early", "? 5/5 other", "? 3/3 far", "0 1 1/1 a", "? 4/4 late"}));
}

void CaptureFileTest::cutAnywhere_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<int>("header");
    QTest::newRow("pcap") << PcapFile().add(1, 0, "first").add(2, 0, "second").add(3, 0, "third").bytes()
                          << 24;
    PcapngFile file;
    file.interface(1).enhanced(0, 1, "first").enhanced(0, 2, "second").enhanced(0, 3, "third");
    QTest::newRow("pcapng") << file.bytes() << 28;
}

// Every cut keeps what came before it, and only a cut between packets goes unnoticed.
void CaptureFileTest::cutAnywhere()
{
    QFETCH(std::string, bytes);
    QFETCH(int, header);
    const auto whole = readAll(bytes).frames;
    QCOMPARE(whole.size(), 3u);
    int unnoticed = 0;
    for (std::size_t size = 4; size < bytes.size(); ++size) {
        const auto seen = readAll(bytes.substr(0, size), 16);
        QVERIFY(seen.frames.size() < 3);
        QVERIFY(std::equal(seen.frames.begin(), seen.frames.end(), whole.begin()));
        if (!seen.early) {
            ++unnoticed;
            continue;
        }
        QCOMPARE(seen.early->code, Errc::CaptureCut);
        QCOMPARE(seen.early->unit, RowUnit::Packet);
        if (size >= static_cast<std::size_t>(header))
            QCOMPARE(seen.early->line, seen.frames.size() + 1);
        QVERIFY(seen.early->byte <= size);
    }
    QCOMPARE(unnoticed, header == 24 ? 3 : 4); // behind each header, and behind two packets
}

void CaptureFileTest::headersOfFiles()
{
    const auto error = [](std::string bytes) { return readAll(bytes, 64).early; };
    auto pcap = PcapFile().bytes();
    QVERIFY(!error(pcap));
    QCOMPARE(error(pcap.substr(0, 23))->code, Errc::CaptureCut);
    QCOMPARE(error(pcap.substr(0, 23))->line, 0u);
    pcap[4] = 9;
    QCOMPARE(error(pcap)->code, Errc::CaptureVersion);
    QCOMPARE(error(pcap)->detail, std::string("9.4"));
    auto pcapng = PcapngFile().bytes();
    QVERIFY(!error(pcapng));
    pcapng[12] = 2;
    QCOMPARE(error(pcapng)->code, Errc::CaptureVersion);
    // The lengths of old files are in the other order, and what is known of checksums stands above the link
    // type.
    auto old = PcapFile(0xf4000001).bytes();
    old[6] = 3;
    old += le32(1) + le32(0) + le32(60) + le32(2) + "ab";
    QCOMPARE(readAll(old).frames, list({"1000000 1 2/60 ab"}));
    // A longer record header.
    std::string modified = hex("34 cd b2 a1") + PcapFile().bytes().substr(4);
    modified += le32(1) + le32(0) + le32(2) + le32(2) + zeros(8) + "ab";
    QCOMPARE(readAll(modified).frames, list({"1000000 1 2/2 ab"}));
}

void CaptureFileTest::damageEndsTheReading_data()
{
    QTest::addColumn<std::string>("good");
    QTest::addColumn<std::string>("bad");
    const auto pcap = PcapFile().add(1, 0, "ok").bytes();
    const auto pcapHeader = [](std::uint32_t captured) { return zeros(8) + le32(captured) + le32(captured); };
    QTest::newRow("a record of 4 GiB") << pcap << pcapHeader(0xffffffff) + zeros(100);
    QTest::newRow("a record of 256 KiB and a byte") << pcap << pcapHeader(262145) + zeros(100);
    PcapngFile file;
    file.interface(1).enhanced(0, 1, "ok");
    const auto& pcapng = file.bytes();
    QTest::newRow("a block of 0 bytes") << pcapng << le32(6) + le32(0) + zeros(100);
    QTest::newRow("a block of 11 bytes") << pcapng << le32(99) + le32(11) + zeros(100);
    QTest::newRow("a packet block without a packet") << pcapng << le32(6) + le32(28) + zeros(100);
    QTest::newRow("a packet block of 4 GiB") << pcapng << le32(6) + le32(0xfffffffc) + zeros(100);
    QTest::newRow("a packet longer than its block")
        << pcapng << le32(6) + le32(36) + zeros(12) + le32(5) + le32(5) + zeros(100);
    QTest::newRow("a packet of 4 GiB in a block")
        << pcapng << le32(6) + le32(36) + zeros(12) + le32(0xffffffff) + le32(5) + zeros(100);
    QTest::newRow("a simple packet block that is too short") << pcapng << le32(3) + le32(12) + zeros(100);
    QTest::newRow("an interface that is too short") << pcapng << le32(1) + le32(16) + zeros(100);
    QTest::newRow("a section of no byte order") << pcapng << hex("0a 0d 0d 0a 1c 00 00 00") + zeros(100);
    QTest::newRow("a section that is too short")
        << pcapng << hex("0a 0d 0d 0a 0c 00 00 00 4d 3c 2b 1a") + zeros(100);
}

void CaptureFileTest::damageEndsTheReading()
{
    QFETCH(std::string, good);
    QFETCH(std::string, bad);
    const auto seen = readAll(good + bad);
    QCOMPARE(seen.frames.size(), 1u);
    QVERIFY(seen.early);
    QCOMPARE(seen.early->code, Errc::CaptureRecord);
    QCOMPARE(seen.early->line, 2u);
    QCOMPARE(seen.early->byte, good.size());
}

void CaptureFileTest::longFramesAndBlocksTakeNoMemory()
{
    // What is kept of a frame is enough for any header; the next one is found all the same.
    const std::string large(300'000, 'x');
    PcapFile file(1, Endian::Little, PcapFile::Fraction::Micro, 0x7fffffff);
    file.add(1, 0, large).add(2, 0, "b");
    auto seen = readAll(file.bytes(), 4096);
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames, list({"1000000 1 131072/300000 xxxxxxxx", "2000000 1 1/1 b"}));
    QVERIFY(readAll(file.bytes(), 1 << 20) == seen);
    seen = readAll(file.bytes().substr(0, file.bytes().size() - 30), 4096);
    QCOMPARE(seen.frames.size(), 1u);
    QCOMPARE(seen.early->line, 1u); // inside the first one, whose beginning is good
    PcapngFile ng;
    ng.interface(1).enhanced(0, 1, large).block(77, large + large).enhanced(0, 2, "b");
    seen = readAll(ng.bytes(), 4096);
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames, list({"1 1 131072/300000 xxxxxxxx", "2 1 1/1 b"}));
    // Blocks that nobody needs may have any length.
    seen = readAll(PcapngFile().addRaw(le32(77) + le32(0xfffffffc) + zeros(5000)).bytes(), 4096);
    QVERIFY(seen.frames.empty());
    QCOMPARE(seen.early->code, Errc::CaptureCut);
}

void CaptureFileTest::aMillionInterfaces()
{
    PcapngFile file;
    const auto one = PcapngFile().interface(1).bytes().substr(file.bytes().size());
    std::string many;
    for (int i = 0; i < 1'000'000; ++i)
        many += one;
    file.addRaw(many).enhanced(999'999, 1, "a").enhanced(1'000'000, 2, "b");
    const auto before = residentBytes();
    const auto seen = readAll(file.bytes(), 1 << 16);
    QVERIFY(!seen.early);
    QCOMPARE(seen.frames, list({"1 1 1/1 a", "? 1/1 b"}));
    QVERIFY(residentBytes() < before + (std::uint64_t{100} << 20)); // of which the file is 20 MB, twice
}

void CaptureFileTest::tooManyInterfaces()
{
    PcapngFile same;
    const auto one = PcapngFile().interface(1).bytes().substr(same.bytes().size());
    std::string many;
    for (std::size_t i = 0; i <= PcapngWalker::mostInterfaces; ++i)
        many += one;
    same.addRaw(many);
    auto seen = readAll(same.bytes(), 1 << 16);
    QCOMPARE(seen.early->code, Errc::CaptureInterfaces);
    QCOMPARE(seen.early->detail, std::to_string(PcapngWalker::mostInterfaces));
    PcapngFile different;
    for (std::size_t i = 0; i <= PcapngWalker::mostDifferent; ++i)
        different.interface(1, static_cast<std::uint32_t>(i));
    seen = readAll(different.bytes(), 1 << 16);
    QCOMPARE(seen.early->code, Errc::CaptureInterfaces);
    // Those of one section are not those of the next.
    PcapngFile sections;
    for (int i = 0; i < 1000; ++i)
        sections.section(i % 2 ? Endian::Big : Endian::Little).interface(1).enhanced(0, 1, "a");
    QCOMPARE(readAll(sections.bytes(), 1 << 16).frames.size(), 1000u);
}

void CaptureFileTest::framesAreExpected()
{
    PcapFile file;
    for (int i = 0; i < 1000; ++i)
        file.add(1, 0, std::string(84, 'x'));
    const TestFolder folder;
    const auto expected = [&](const std::string& bytes) {
        const auto opened = openInput({.file = folder.write("in", bytes)}, 4096);
        return opened ? (*opened)->expectedPackets(bytes.size()) : 0;
    };
    QCOMPARE(expected(file.bytes()), 999u); // the header counts as frames, too
    const auto packed = expected(gzipMember(file.bytes()));
    QVERIFY(packed > 500 && packed < 2000);
}

QTEST_GUILESS_MAIN(CaptureFileTest)
#include "capture_file_test.moc"
