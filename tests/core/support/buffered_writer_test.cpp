// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/buffered_writer.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace packetloom;
using namespace packetloom::test;
using namespace std::string_literals;

class BufferedWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void pieces_data();
    void pieces();
    void numbers();
    void fromFileToFile();
    void openEndsTheFileBefore();
    void refusesAnExistingFile();
    void theErrorSticks();
    void aFailedWriteIsReported();
    void withoutAFile();
    void emptyPieces();
};

void BufferedWriterTest::pieces_data()
{
    QTest::addColumn<int>("capacity");
    for (const int capacity : {0, 1, 63, 64, 65, 100, 128, 4096, 1 << 20})
        QTest::addRow("%d", capacity) << capacity;
}

// Whatever the pieces and wherever they meet the buffer's end, the file is their sequence.
void BufferedWriterTest::pieces()
{
    QFETCH(int, capacity);
    const TestFolder folder;
    std::mt19937_64 random(3);
    BufferedWriter writer(static_cast<std::size_t>(capacity));
    writer.open(folder / "a");
    std::string expected;
    const auto piece = [&](std::size_t size) {
        std::string text;
        for (std::size_t i = 0; i < size; ++i)
            text.push_back(static_cast<char>('a' + (expected.size() + i) % 26));
        return text;
    };
    for (int i = 0; i < 3000; ++i) {
        switch (random() % 4) {
        case 0: {
            const char c = static_cast<char>(random());
            writer.append(c);
            expected.push_back(c);
            break;
        }
        case 1: {
            const auto number = static_cast<std::int64_t>(random()) >> random() % 64;
            writer.append(number);
            expected += std::to_string(number);
            break;
        }
        default: {
            const auto text = piece(random() % (i % 100 == 0 ? 1000 : 40));
            writer.append(text);
            expected += text;
        }
        }
        QCOMPARE(writer.bytesWritten(), std::uint64_t{expected.size()});
    }
    QVERIFY(!writer.failed());
    QVERIFY(writer.isOpen());
    QVERIFY(writer.close());
    QVERIFY(!writer.isOpen());
    QVERIFY(contentOf(folder / "a") == expected);
    QCOMPARE(writer.bytesWritten(), std::uint64_t{expected.size()});
}

void BufferedWriterTest::numbers()
{
    const TestFolder folder;
    BufferedWriter writer(1);
    writer.open(folder / "a");
    writer.append(0);
    writer.append(' ');
    writer.append(std::numeric_limits<std::int64_t>::min());
    writer.append(' ');
    writer.append(std::numeric_limits<std::int64_t>::max());
    writer.append(' ');
    writer.append(std::numeric_limits<std::uint64_t>::max());
    writer.append(' ');
    writer.append(std::numeric_limits<std::int32_t>::min());
    writer.append(' ');
    writer.append(std::int8_t{-128});
    QVERIFY(writer.close());
    QCOMPARE(contentOf(folder / "a"),
             "0 -9223372036854775808 9223372036854775807 18446744073709551615 -2147483648 -128"s);
}

void BufferedWriterTest::fromFileToFile()
{
    const TestFolder folder;
    BufferedWriter writer(64);
    const std::string text(200, 'x');
    for (int i = 0; i < 5; ++i) {
        const auto size = static_cast<std::size_t>(i) * 50;
        writer.open(folder / std::to_string(i));
        QVERIFY(writer.isOpen());
        writer.append(std::string_view(text).substr(0, size));
        QVERIFY(writer.close());
        QCOMPARE(contentOf(folder / std::to_string(i)), text.substr(0, size));
    }
    QCOMPARE(writer.bytesWritten(), std::uint64_t{500});
}

void BufferedWriterTest::openEndsTheFileBefore()
{
    const TestFolder folder;
    BufferedWriter writer(64);
    writer.open(folder / "a");
    writer.append("first");
    writer.open(folder / "b");
    writer.append("second");
    QCOMPARE(writer.bytesWritten(), std::uint64_t{11});
    QVERIFY(writer.close());
    QCOMPARE(contentOf(folder / "b"), "second"s);
    QCOMPARE(contentOf(folder / "a"), "first"s);
}

void BufferedWriterTest::refusesAnExistingFile()
{
    const TestFolder folder;
    const auto path = folder.write("a", "mine");
    BufferedWriter writer(64);
    writer.open(path);
    QVERIFY(writer.failed());
    QVERIFY(!writer.isOpen());
    QCOMPARE(writer.error().code, Errc::Write);
    QCOMPARE(writer.error().file, path);
    writer.append(std::string(1000, 'x')); // dropped
    const auto closed = writer.close();
    QVERIFY(!closed);
    QCOMPARE(closed.error().code, Errc::Write);
    QCOMPARE(contentOf(path), "mine"s);
}

void BufferedWriterTest::theErrorSticks()
{
    const TestFolder folder;
    BufferedWriter writer(64);
    writer.open(folder / "none" / "a");
    for (int i = 0; i < 1000; ++i) {
        writer.append("text");
        writer.append('c');
        writer.append(i);
    }
    QVERIFY(writer.failed());
    QCOMPARE(writer.error().file, folder / "none" / "a");
    QVERIFY(!writer.close());
    QVERIFY(!writer.close()); // until the next open()
    writer.open(folder / "b");
    QVERIFY(!writer.failed());
    writer.append("fresh");
    QVERIFY(writer.close());
    QCOMPARE(contentOf(folder / "b"), "fresh"s);
}

// A file that may not grow stands for a disk that is full.
void BufferedWriterTest::aFailedWriteIsReported()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    BufferedWriter writer(64);
    writer.open(folder / "a");
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit small = before;
    small.rlim_cur = 1000;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string text(100, 'x');
    for (int i = 0; i < 50; ++i)
        writer.append(text);
    const bool failed = writer.failed();
    const auto closed = writer.close();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(failed);
    QVERIFY(!closed);
    QCOMPARE(closed.error().code, Errc::Write);
    QVERIFY(!closed.error().detail.empty());
    QCOMPARE(closed.error().file, folder / "a");
    QCOMPARE(contentOf(folder / "a"), std::string(1000, 'x')); // what there was room for, and nothing twice
    QVERIFY(!writer.isOpen());
    writer.open(folder / "b");
    writer.append("again");
    QVERIFY(writer.close());
    QCOMPARE(contentOf(folder / "b"), "again"s);
#endif
}

void BufferedWriterTest::withoutAFile()
{
    BufferedWriter writer(64);
    QVERIFY(!writer.isOpen());
    QVERIFY(!writer.failed());
    QVERIFY(writer.close());
    QCOMPARE(writer.bytesWritten(), std::uint64_t{0});
}

// The empty address is a view without a pointer.
void BufferedWriterTest::emptyPieces()
{
    const TestFolder folder;
    BufferedWriter writer(64);
    writer.open(folder / "a");
    writer.append("a");
    writer.append("");
    writer.append(std::string_view());
    writer.append("b");
    QCOMPARE(writer.bytesWritten(), std::uint64_t{2});
    QVERIFY(writer.close());
    QCOMPARE(contentOf(folder / "a"), "ab"s);
}

QTEST_APPLESS_MAIN(BufferedWriterTest)
#include "buffered_writer_test.moc"
