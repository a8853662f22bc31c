// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/golden/golden_case.h"

#include "app/cli_arguments.h"
#include "core/shard/block_file.h"
#include "core/support/path_text.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QTest>

#include <array>

using namespace packetloom;
using namespace packetloom::test;

/// Recorded datasets of the reference, byte for byte, made in tasks.
class GoldenShardTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QDir::setCurrent(start_); }
    void convertsIdentically_data();
    void convertsIdentically();

private:
    const TestFolder folder_;
    const QString start_ = QDir::currentPath();
};

Q_DECLARE_METATYPE(GoldenCase)

void GoldenShardTest::convertsIdentically_data()
{
    QTest::addColumn<GoldenCase>("golden");
    const auto cases = goldenCases(QStringLiteral(PACKETLOOM_GOLDEN_DIR));
    QVERIFY2(cases.size() >= 98, "the recorded cases are not all there");
    for (const auto& golden : cases)
        QTest::newRow(qPrintable(golden.name)) << golden;
}

void GoldenShardTest::convertsIdentically()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    auto words = golden.arguments;
    words.emplace_back("--preview");
    const auto parsed = parseArguments(words);
    QVERIFY2(parsed.arguments, parsed.output.c_str());
    auto options = parsed.arguments->options;
    options.replaceAnything = true; // one folder takes the datasets of all cases, those without a row, too
    std::mt19937_64 random(crc32Of(golden.name.toStdString())); // other cuts a case, the same each time
    constexpr std::array cuts{ShardCut{1, 1, 0}, ShardCut{2, 3, 1}, ShardCut{7, 1, 300},
                              ShardCut{16, 2, 2000}};
    for (int i = 0; i < 2; ++i) { // each task waits for the disk
        const ShardCut& cut = cuts[random() % cuts.size()];
        const auto output = folder_ / "dataset";
        const auto summary = convertInTasks(options, cut, folder_ / "job", output, random);
        QVERIFY2(summary, summary ? "" : summary.error().detail.c_str());
        QCOMPARE(datasetDifferences(QString::fromStdString(pathText(output)), golden.expected()),
                 QStringList());
    }
}

QTEST_APPLESS_MAIN(GoldenShardTest)
#include "golden_shard_test.moc"
