// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <array>
#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#ifdef Q_OS_UNIX
#include <chrono>
#include <sys/stat.h>
#include <thread>
#endif

using namespace packetloom;
using namespace packetloom::test;
using namespace std::string_literals;

namespace {

Result<std::string> readAll(File& file)
{
    std::string text;
    std::array<char, 7> piece;
    for (;;) {
        auto n = file.read(piece);
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            return text;
        text.append(piece.data(), *n);
    }
}

} // namespace

class FileTest : public QObject
{
    Q_OBJECT

private slots:
    void writesAndReads();
    void bytesStayAsTheyAre();
    void createRefusesWhatExists();
    void createNeedsItsFolder();
    void opensWithAReason();
    void aFolderIsNoFile();
    void eachWayIsForItself();
    void movedFromIsClosed();
    void temporaryLeavesNoName();
    void temporaryNeedsItsFolder();
    void readsWhole_data();
    void readsWhole();
    void readWholeReportsWhatOpenReports();
    void readsAPipeWhole();
    void stoppingWakesAReader_data();
    void stoppingWakesAReader();
    void whatIsNoFileIsRefusedUntouched();
};

void FileTest::writesAndReads()
{
    const TestFolder folder;
    const auto path = folder / "a.txt";
    auto made = File::create(path);
    QVERIFY(made);
    QVERIFY(made->isOpen());
    QCOMPARE(made->path(), path);
    QVERIFY(made->write("one "s));
    QVERIFY(made->write(std::string()));
    QVERIFY(made->write(std::string(100'000, 'x')));
    QVERIFY(made->close());
    QVERIFY(!made->isOpen());
    QVERIFY(made->close()); // twice is harmless
    QCOMPARE(contentOf(path), "one " + std::string(100'000, 'x'));

    auto file = File::openForReading(path);
    QVERIFY(file);
    QCOMPARE(*readAll(*file), contentOf(path));
    std::array<char, 4> more;
    QCOMPARE(*file->read(more), std::size_t{0}); // the end stays the end
    QVERIFY(file->rewind());
    QCOMPARE(*file->read(more), std::size_t{4});
    QCOMPARE(std::string(more.data(), more.size()), "one "s);
}

void FileTest::bytesStayAsTheyAre()
{
    const TestFolder folder;
    std::string all = "a\r\nb\n\r\x1a"s;
    for (int byte = 0; byte < 256; ++byte)
        all.push_back(static_cast<char>(byte));
    auto made = File::create(folder / "bin");
    QVERIFY(made && made->write(all) && made->close());
    QCOMPARE(contentOf(folder / "bin"), all);
    auto file = File::openForReading(folder / "bin");
    QVERIFY(file);
    QCOMPARE(*readAll(*file), all);
}

void FileTest::createRefusesWhatExists()
{
    const TestFolder folder;
    const auto path = folder.write("a.txt", "mine");
    const auto made = File::create(path);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Errc::Write);
    QVERIFY(!made.error().detail.empty());
    QCOMPARE(made.error().file, path);
    QCOMPARE(contentOf(path), "mine"s);
}

void FileTest::createNeedsItsFolder()
{
    const TestFolder folder;
    const auto path = folder / "none" / "a.txt";
    const auto made = File::create(path);
    QVERIFY(!made);
    QCOMPARE(made.error().code, Errc::Write);
    QVERIFY(!made.error().detail.empty());
    QVERIFY(folder.names().empty());
}

void FileTest::opensWithAReason()
{
    const TestFolder folder;
    const auto file = File::openForReading(folder / "missing.csv");
    QVERIFY(!file);
    QCOMPARE(file.error().code, Errc::Open);
    QCOMPARE(file.error().detail, std::generic_category().message(ENOENT));
    QCOMPARE(file.error().file, folder / "missing.csv");
    QVERIFY(folder.names().empty()); // looking makes nothing
}

void FileTest::aFolderIsNoFile()
{
    const TestFolder folder;
    const auto file = File::openForReading(folder.path());
    QVERIFY(!file);
    QCOMPARE(file.error().code, Errc::IsDirectory);
    QCOMPARE(file.error().file, folder.path());
}

void FileTest::eachWayIsForItself()
{
    const TestFolder folder;
    auto reading = File::openForReading(folder.write("a.txt", "mine"));
    QVERIFY(reading);
    const auto written = reading->write("yours"s);
    QVERIFY(!written);
    QCOMPARE(written.error().code, Errc::Write);
    QVERIFY(!written.error().detail.empty());
    QCOMPARE(contentOf(folder / "a.txt"), "mine"s);

    auto writing = File::create(folder / "b.txt");
    QVERIFY(writing);
    std::array<char, 4> into;
    const auto read = writing->read(into);
    QVERIFY(!read);
    QCOMPARE(read.error().code, Errc::Read);
    QCOMPARE(read.error().file, folder / "b.txt");
}

void FileTest::movedFromIsClosed()
{
    const TestFolder folder;
    File none;
    QVERIFY(!none.isOpen());
    QVERIFY(none.close());
    auto a = File::create(folder / "a");
    auto b = File::create(folder / "b");
    QVERIFY(a && b);
    File first = *std::move(a);
    QVERIFY(!a->isOpen());
    QVERIFY(a->close());
    File second = *std::move(b);
    QVERIFY(first.write("one"s));
    second = std::move(first); // closes b
    QVERIFY(!first.isOpen());
    QVERIFY(second.isOpen());
    QCOMPARE(second.path(), folder / "a");
    QVERIFY(second.write(" more"s));
    auto* const same = &second;
    second = std::move(*same);
    QVERIFY(second.isOpen());
    QVERIFY(second.close());
    QCOMPARE(contentOf(folder / "a"), "one more"s);
    QCOMPARE(contentOf(folder / "b"), ""s);
}

void FileTest::temporaryLeavesNoName()
{
    const TestFolder folder;
    {
        auto first = File::temporary(folder.path());
        auto second = File::temporary(folder.path());
        QVERIFY(first && second);
#ifdef Q_OS_UNIX
        QVERIFY(folder.names().empty()); // already: whatever ends the program leaves nothing
#endif
        QVERIFY(first->write("first"s) && second->write("second"s));
        QVERIFY(first->rewind() && second->rewind());
        QCOMPARE(*readAll(*first), "first"s);
        QCOMPARE(*readAll(*second), "second"s);
        QVERIFY(first->write("!"s) && first->rewind());
        QCOMPARE(*readAll(*first), "first!"s);
    }
    QVERIFY(folder.names().empty());
}

void FileTest::temporaryNeedsItsFolder()
{
    const TestFolder folder;
    const auto file = File::temporary(folder / "none");
    QVERIFY(!file);
    QCOMPARE(file.error().code, Errc::Write);
    QVERIFY(!file.error().detail.empty());
}

void FileTest::readsWhole_data()
{
    QTest::addColumn<quint64>("size");
    QTest::addColumn<quint64>("limit");
    QTest::addColumn<quint64>("slack");
    QTest::newRow("empty") << quint64{0} << quint64{0} << quint64{0};
    QTest::newRow("empty with slack") << quint64{0} << quint64{10} << quint64{64};
    QTest::newRow("below the limit") << quint64{9} << quint64{10} << quint64{0};
    QTest::newRow("at the limit") << quint64{10} << quint64{10} << quint64{64};
    QTest::newRow("one too many") << quint64{11} << quint64{10} << quint64{64};
    QTest::newRow("far too many") << quint64{200'000} << quint64{10} << quint64{0};
    QTest::newRow("a block") << quint64{65536} << quint64{65536} << quint64{1};
    QTest::newRow("many blocks") << quint64{300'001} << ~quint64{0} << quint64{4096};
    QTest::newRow("one too many blocks") << quint64{131'073} << quint64{131'072} << quint64{4096};
}

void FileTest::readsWhole()
{
    QFETCH(quint64, size);
    QFETCH(quint64, limit);
    QFETCH(quint64, slack);
    const TestFolder folder;
    std::string content;
    for (quint64 i = 0; i < size; ++i)
        content.push_back(static_cast<char>(i * 7 % 251));
    const auto path = folder.write("a", content);
    const auto text = readWhole(path, limit, Errc::MapTooLarge, static_cast<std::size_t>(slack));
    QCOMPARE(text.has_value(), size <= limit);
    if (text) {
        QVERIFY(*text == content);
        QVERIFY(text->capacity() >= text->size() + slack);
    } else {
        QCOMPARE(text.error().code, Errc::MapTooLarge);
        QCOMPARE(text.error().byte, std::uint64_t{size});
        QCOMPARE(text.error().file, path);
    }
}

void FileTest::readWholeReportsWhatOpenReports()
{
    const TestFolder folder;
    QCOMPARE(readWhole(folder / "missing", 10, Errc::MapTooLarge).error().code, Errc::Open);
    QCOMPARE(readWhole(folder.path(), 10, Errc::MapTooLarge).error().code, Errc::IsDirectory);
}

// A pipe has no size to ask for: it is the reading that counts.
void FileTest::readsAPipeWhole()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto path = folder / "pipe";
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    const auto through = [&](std::string_view content, std::uint64_t limit) {
        std::thread writer([&] { // opening waits for the reader, and the reader for this
            std::ofstream(path, std::ios::binary) << content;
        });
        auto file = File::openForReading(path);
        auto text = readWhole(*file, limit, Errc::MapTooLarge, 32);
        writer.join();
        return text;
    };
    const auto text = through("from a pipe", 11);
    QVERIFY(text);
    QCOMPARE(*text, "from a pipe"s);
    QVERIFY(text->capacity() >= text->size() + 32);
    const auto tooLong = through("from a pipe", 10);
    QVERIFY(!tooLong);
    QCOMPARE(tooLong.error().code, Errc::MapTooLarge);
#endif
}

void FileTest::stoppingWakesAReader_data()
{
    QTest::addColumn<bool>("writer");
    QTest::addColumn<bool>("whole");
    QTest::newRow("nobody writes") << false << false;
    QTest::newRow("silence") << true << false;
    QTest::newRow("nobody writes, all of it") << false << true;
    QTest::newRow("silence, all of it") << true << true;
}

void FileTest::stoppingWakesAReader()
{
#ifdef Q_OS_UNIX
    QFETCH(bool, writer);
    QFETCH(bool, whole);
    const TestFolder folder;
    const auto path = folder / "pipe";
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    std::fstream keptOpen;
    if (writer)
        keptOpen.open(path, std::ios::in | std::ios::out);
    for (const int wait : {0, 100}) { // before it waits, and while it does
        StopEvent stop;
        QVERIFY(!stop.requested());
        auto file = File::openForReading(path, &stop); // blocks never
        QVERIFY(file);
        QVERIFY(!file->stamp());
        if (writer)
            keptOpen << "some" << std::flush;
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(wait));
            stop.request();
            stop.request(); // once more does no harm
        });
        const auto text = whole ? readWhole(*file, 1'000, Errc::MapTooLarge) : readAll(*file);
        other.join();
        QVERIFY(!text);
        QCOMPARE(text.error().code, Errc::Cancelled);
        QVERIFY(stop.requested());
    }
#endif
}

void FileTest::whatIsNoFileIsRefusedUntouched()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto path = folder / "pipe";
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    std::filesystem::create_symlink("pipe", folder / "link");
    std::filesystem::create_symlink(folder.write("file", "a"), folder / "good link");
    for (const char* const name : {"pipe", "link"}) {
        QCOMPARE(fileKind(folder / name), std::optional(FileKind::Pipe));
        const auto refused = File::openRegular(folder / name);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::NotRegular);
        QCOMPARE(std::get<FileKind>(refused.error().facts), FileKind::Pipe);
        QCOMPARE(readWhole(folder / name, 10, Errc::MapTooLarge).error().code, Errc::NotRegular);
    }
    QCOMPARE(std::get<FileKind>(File::openRegular("/dev/null").error().facts), FileKind::Device);
    QCOMPARE(fileKind("/dev/null"), std::optional(FileKind::Device));
    QVERIFY(File::openRegular(folder / "good link"));
    QCOMPARE(fileKind(folder.path()), std::optional(FileKind::Folder));
    QVERIFY(!fileKind(folder / "missing"));
#endif
}

QTEST_APPLESS_MAIN(FileTest)
#include "file_test.moc"
