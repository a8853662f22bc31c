// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/inspect.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

class InspectTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsTheFacts();
    void seesIdsAndAbsentColumns();
    void passesOverBadRows();
    void aBrokenEndDoesNotMatter();
    void saysWhatIsWrong();
    void leavesAPipeAlone();
};

void InspectTest::tellsTheFacts()
{
    const TestFolder folder;
    const auto gzip = gzipMember(conversations(50));
    const auto facts = inspectCapture({.file = folder.write("in.csv", gzip)});
    QVERIFY(facts);
    QCOMPARE(facts->bytes, gzip.size());
    QCOMPARE(facts->format, std::string_view("csv"));
    QCOMPARE(facts->compression, Compression::Gzip);
    QCOMPARE(facts->columns.size(), columnCount);
    QCOMPARE(facts->columns.front(), std::string("timestamp"));
    QVERIFY(facts->absent.empty());
    QCOMPARE(facts->firstRows.size(), inspectedRows);
    QCOMPARE(facts->firstRows[0][1], std::string("10.0.0.1"));
    QCOMPARE(facts->firstTimestamp, std::optional<std::int64_t>(captureStart + 100));
    QVERIFY(!facts->addressIds);
}

void InspectTest::seesIdsAndAbsentColumns()
{
    const TestFolder folder;
    const auto facts =
        inspectCapture({.file = folder.write("in.csv", "note,dst_ip,src_ip,timestamp,flags\nx,1,2,3.5,2\n")});
    QVERIFY(facts);
    QVERIFY(facts->addressIds);
    QCOMPARE(facts->absent,
             (std::vector<Column>{Column::SourcePort, Column::DestinationPort, Column::Sequence,
                                  Column::Acknowledgment, Column::Length, Column::Protocol}));
    QCOMPARE(facts->firstTimestamp, std::optional<std::int64_t>(3));
}

void InspectTest::passesOverBadRows()
{
    const TestFolder folder;
    const auto facts =
        inspectCapture({.file = folder.write("in.csv", "timestamp,src_ip,dst_ip\nbad\n\nsoon,a,b\n7,a,b\n")});
    QVERIFY(facts);
    QCOMPARE(facts->firstRows.size(), 2u);
    QCOMPARE(facts->firstTimestamp, std::optional<std::int64_t>(7));
}

void InspectTest::aBrokenEndDoesNotMatter()
{
    const TestFolder folder;
    auto gzip = gzipMember(conversations(5000));
    gzip.resize(gzip.size() / 2);
    const auto facts = inspectCapture({.file = folder.write("in.csv.gz", gzip)});
    QVERIFY(facts);
    QCOMPARE(facts->firstRows.size(), inspectedRows);
}

void InspectTest::saysWhatIsWrong()
{
    const TestFolder folder;
    const auto codeOf = [](const Result<CaptureFacts>& facts) {
        return facts ? Errc::Internal : facts.error().code;
    };
    QCOMPARE(codeOf(inspectCapture({.file = folder / "missing"})), Errc::Open);
    QCOMPARE(codeOf(inspectCapture({.file = folder.path()})), Errc::IsDirectory);
    QCOMPARE(codeOf(inspectCapture({.file = folder.write("a", "")})), Errc::Empty);
    QCOMPARE(codeOf(inspectCapture({.file = folder.write("b", "\n\n")})), Errc::Empty);
    const auto unknown = inspectCapture({.file = folder.write("c", "x,y\n1,2\n")});
    QVERIFY(unknown && unknown->blocked()); // a run says Header; here is what is in it
    QCOMPARE(unknown->columns, (std::vector<std::string>{"x", "y"}));
    QCOMPARE(codeOf(inspectCapture({.file = folder.write("d", "\x1f\x8b\x08")})), Errc::InflateEnd);
    QVERIFY(inspectCapture(
        {.file = folder.write("e", "timestamp,src_ip,dst_ip")})); // a header alone is a capture
}

void InspectTest::leavesAPipeAlone()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto path = folder / "pipe";
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    const auto facts = inspectCapture({.file = path});
    QVERIFY(facts);
    QCOMPARE(facts->kind, FileKind::Pipe);
    QVERIFY(facts->columns.empty());
    QCOMPARE(inspectCapture({.file = "/dev/null"})->kind, FileKind::Device);
#endif
}

QTEST_APPLESS_MAIN(InspectTest)
#include "inspect_test.moc"
