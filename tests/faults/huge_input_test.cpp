// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// Memory does not follow the input's size, not even that of a single line.
class HugeInputTest : public QObject
{
    Q_OBJECT

private slots:
    void aLineOfOneGigabyte_data();
    void aLineOfOneGigabyte();
    void aLargeGzipBomb();
    void cleanupTestCase();

private:
    static std::string compressedGigabyte(const std::string& unit);
};

// Members of a gzip file make one text: a hundred times ten megabytes are one line of a gigabyte.
std::string HugeInputTest::compressedGigabyte(const std::string& unit)
{
    std::string text;
    while (text.size() < 10'000'000)
        text += unit;
    const auto member = gzipMember(text);
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += member;
    return all;
}

void HugeInputTest::aLineOfOneGigabyte_data()
{
    QTest::addColumn<std::string>("unit");
    QTest::addColumn<QString>("reason");
    QTest::newRow("letters") << std::string("x") << QStringLiteral("row_too_long");
    QTest::newRow("commas") << std::string(",") << QStringLiteral("row_too_long");
    QTest::newRow("quotes") << std::string("\"\"") << QStringLiteral("row_too_long");
    QTest::newRow("NUL") << std::string(1, '\0') << QStringLiteral("row_too_long");
}

void HugeInputTest::aLineOfOneGigabyte()
{
    QFETCH(std::string, unit);
    QFETCH(QString, reason);
    const TestFolder folder;
    const auto good = conversations(2);
    const auto file = folder.write("in.csv.gz", gzipMember(good) + compressedGigabyte(unit) +
                                                    gzipMember("\n" + good.substr(captureHeader().size())));
    const auto run = runProgram({"--preview", "--json", "--data", shown(file)});
    QVERIFY2(run.status == 0, run.errors.c_str());
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["rows"].toObject()["kept"].toInteger(), 24);
    QCOMPARE(json["rejected_by"].toObject(), (QJsonObject{{reason, 1}}));
}

void HugeInputTest::aLargeGzipBomb()
{
    const TestFolder folder;
    const auto file = folder.write("in.csv.gz", compressedGigabyte("\n") + gzipMember(conversations(2)));
    const auto run = runProgram({"--preview", "--json", "--data", shown(file)});
    QVERIFY2(run.status == 0, run.errors.c_str());
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
    QCOMPARE(json["rows"].toObject()["read"].toInteger(), 12);
}

void HugeInputTest::cleanupTestCase()
{
#if defined(Q_OS_LINUX) && !PACKETLOOM_SANITIZED
    rusage usage{}; // the largest of the programs that ran above
    QCOMPARE(::getrusage(RUSAGE_CHILDREN, &usage), 0);
    const auto peakKilobytes = usage.ru_maxrss;
    QVERIFY2(peakKilobytes < 50'000, qPrintable(QString::number(peakKilobytes)));
#endif
}

QTEST_GUILESS_MAIN(HugeInputTest)
#include "huge_input_test.moc"
