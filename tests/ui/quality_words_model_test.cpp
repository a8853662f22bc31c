// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"
#include "tests/ui/model_text.h"
#include "ui/models/quality_words.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// "Rows read: 6 !", where "!" is for what is doubtful.
QStringList linesOf(const QualitySection& section)
{
    QStringList lines;
    for (const auto& line : section.lines)
        lines << line.what + QStringLiteral(": ") + line.value + QLatin1String(line.doubtful ? " !" : "");
    return lines;
}

std::string row(std::int64_t time)
{
    return captureRow(captureStart + time, "10.0.0.1", "10.0.0.2", 16, 0, 0, 60);
}

} // namespace

class QualityWordsTest : public QObject
{
    Q_OBJECT

private slots:
    void goodInput();
    void badInput();
    void packetCapture();
    void emptyInput();
    void hostileText();
};

void QualityWordsTest::goodInput()
{
    const TestFolder folder;
    const auto sections = qualityOf(*analysisOf(folder, captureHeader() + row(0) + row(10) + row(500'010)));
    QCOMPARE(sections.size(), 1u);
    QCOMPARE(sections[0].name, QStringLiteral("in.csv"));
    QVERIFY(!sections[0].doubtful());
    const QStringList lines{"Rows read: 3",
                            "Kept: 3 (100.0%)",
                            "Rejected: 0 (0.0%)",
                            "First packet: 2009-11-03 13:23:35.000000 UTC",
                            "Last packet: 2009-11-03 13:23:35.500010 UTC",
                            "Time span: 0.500 s",
                            "Out of order: 0 (0.0%)",
                            "Largest step forward: 0.500 s, at 2009-11-03 13:23:35.000010 UTC",
                            "Exact repeats of the packet before: 0 (0.0%)"};
    QCOMPARE(linesOf(sections[0]), lines);
}

void QualityWordsTest::badInput()
{
    const TestFolder folder;
    const auto sections =
        qualityOf(*analysisOf(folder, captureHeader() + row(1'000) + "12,x\n" + row(0) + row(0) +
                                          row(120'000'000) + "y\n" + "z\n" + "last\n"));
    const QStringList lines{"Rows read: 8",
                            "Kept: 4 (50.0%)",
                            "Rejected: 4 (50.0%) !",
                            "… for too few fields: 4 !",
                            "… line 3: 12,x !",
                            "… line 7: y !",
                            "… line 8: z !",
                            "First packet: 2009-11-03 13:23:35.000000 UTC",
                            "Last packet: 2009-11-03 13:25:35.000000 UTC",
                            "Time span: 2:00",
                            "Out of order: 1 (25.0%) !",
                            "Largest step back: 0.001 s !",
                            "Largest step forward: 2:00, at 2009-11-03 13:23:35.000000 UTC !",
                            "Exact repeats of the packet before: 1 (25.0%) !"};
    QCOMPARE(linesOf(sections[0]), lines);
    const QString text = textOf(sections);
    QVERIFY(text.contains(QStringLiteral("in.csv\n  Rows read: 8\n  Kept: 4 (50.0%)\n")));
    QVERIFY(text.endsWith(QStringLiteral("before: 1 (25.0%)\n")));
}

void QualityWordsTest::packetCapture()
{
    PcapngFile file;
    file.interface(1).interface(101).interface(147).interface(113);
    const auto packet = ipv4({.options = {}, .fragment = 0x2000}, tcp({}, "data"));
    const auto tunnel = ipv4({.protocol = 4, .options = {}}, tcpPacket());
    file.enhanced(0, 1, ethernet(0x0800, packet))
        .enhanced(1, 2, packet)
        .enhanced(1, 3, tunnel.substr(0, 50), 60);
    file.enhanced(2, 4, "?").enhanced(1, 5, ipv4({.protocol = 17, .options = {}}, udp(53, 53)));
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.pcapng", file.bytes())};
    options.reading.verifyChecksums = true;
    const auto analysis = analyze(options, [](const Progress&) { return true; });
    QVERIFY(analysis);
    const QStringList wanted{
        "Without an IP packet: 1 (20.0%)",
        "… link types that are not read: 1",
        "Frames of Ethernet: 1",
        "Frames of raw IP: 3",
        "Frames of link type 147: 1",
        "Cut by the snap length: 1 (20.0%)",
        "… within the header behind IP: 1 (20.0%) !",
        "First fragments of IP: 2 (40.0%)",
        "In tunnels: IPv4 in IPv4: 1 (20.0%)",
        "Packets seen again within 1,024: 1 (20.0%) !",
        "Checksums of IPv4 headers: 4 checked, 4 wrong, of which 4 look as the network card was "
        "to fill them in !",
        "Checksums of TCP: 0 checked, 0 wrong",
        "Checksums of UDP: 0 checked, 0 wrong, without one: 1"};
    const auto lines = linesOf(qualityOf(**analysis).at(0));
    QCOMPARE(lines.mid(3, wanted.size()), wanted);
}

void QualityWordsTest::emptyInput()
{
    const TestFolder folder;
    const auto sections = qualityOf(*analysisOf(folder, captureHeader()));
    QVERIFY(sections[0].doubtful());
    QCOMPARE(sections[0].lines[0].value, QStringLiteral("0"));
}

// What stands in a file cannot forge lines of the copied text.
void QualityWordsTest::hostileText()
{
    const TestFolder folder;
    const auto sections = qualityOf(*analysisOf(folder, captureHeader() + row(0) + "a\x1b[2J\x07<b>\n"));
    for (const auto& line : sections[0].lines) {
        QVERIFY(!line.value.contains(QChar(0x1b)));
        QVERIFY(!line.value.contains(QLatin1Char('\n')));
    }
}

QTEST_MAIN(QualityWordsTest)
#include "quality_words_model_test.moc"
