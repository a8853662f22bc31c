// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "tests/support/capture_text.h"
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
