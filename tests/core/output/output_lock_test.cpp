// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"
#include "core/support/file_lock.h"
#include "core/support/file_sync.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <filesystem>
#include <optional>
#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// Two runs that want one folder, and what a run that died left there.
class OutputLockTest : public QObject
{
    Q_OBJECT

private slots:
    void oneRunAtATime();
    void anotherFolderIsFree();
    void aDeadRunsLockLocksNothing();
    void nothingIsWrittenToWhatStandsAtTheLocksName_data();
    void nothingIsWrittenToWhatStandsAtTheLocksName();
    void theLockOfAnotherUser();
    void aHolderThatDidNotSayItsName();
    void leftoversAreSweptUp();
    void leftoversOfOthersStay();
    void whatOnlyLooksLikeALeftoverStays_data();
    void whatOnlyLooksLikeALeftoverStays();
    void aLeftoverWithAnInputStays();
    void anOldDatasetThatWasMovedAwayComesBack();
    void namesAreExchangedAtOnce();
    void stoppedWhileItIsWrittenToTheDisk();
};

namespace {

const std::string manifest = R"({"version": "2.0", "format": "chunked"})";

Result<OutputFolder> check(const fs::path& target)
{
    return OutputFolder::check(target, ReplacePolicy::Datasets, {});
}

} // namespace

void OutputLockTest::oneRunAtATime()
{
    const TestFolder folder;
    auto first = check(folder / "out"), second = check(folder / "out");
    QVERIFY(first && second);
    QVERIFY(first->create());
    const auto refused = second->create();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::InUse);
    QVERIFY(refused.error().file == folder / "out");
    const auto holder = QString::fromStdString(refused.error().detail);
    QVERIFY2(holder.startsWith(QStringLiteral("process %1 on ").arg(QCoreApplication::applicationPid())),
             qPrintable(holder));
    static_cast<void>(folder.write(first->path().filename().string() + "/packets.csv", "whole"));
    QVERIFY(first->publish()); // the refused one did no harm
    QCOMPARE(contentOf(folder / "out/packets.csv"), std::string("whole"));
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
    auto third = check(folder / "out2");
    QVERIFY(third && third->create());
}

void OutputLockTest::anotherFolderIsFree()
{
    const TestFolder folder;
    auto first = check(folder / "a"), second = check(folder / "ab");
    QVERIFY(first->create());
    QVERIFY(second->create());
}

void OutputLockTest::aDeadRunsLockLocksNothing()
{
    const TestFolder folder;
    static_cast<void>(folder.write(".out.packetloom-lock", "process 1 on elsewhere"));
    {
        auto output = check(folder / "out");
        QVERIFY(output->create());
        QVERIFY(!FileLock::take(folder / ".out.packetloom-lock"));
    }
    QVERIFY(folder.names().empty());
    QVERIFY(FileLock::take(folder / "other"));
}

void OutputLockTest::nothingIsWrittenToWhatStandsAtTheLocksName_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char* const kind : {"text", "long text", "nearly a lock", "folder"})
        QTest::newRow(kind) << QByteArray(kind);
#ifdef Q_OS_UNIX
    for (const char* const kind : {"link", "link to a lock", "dangling link", "link to a folder", "hard link",
                                   "hard link to a lock", "pipe"})
        QTest::newRow(kind) << QByteArray(kind);
#endif
}

void OutputLockTest::nothingIsWrittenToWhatStandsAtTheLocksName()
{
    QFETCH(QByteArray, kind);
    const TestFolder folder;
    const auto name = folder / ".out.packetloom-lock";
    const std::string holder = "process 1 on elsewhere", thesis = "a thesis";
    const auto file = folder.write("elsewhere/t.txt", kind.endsWith("a lock") ? holder : thesis);
    const auto before = contentOf(file);
    if (kind == "text")
        folder.write(".out.packetloom-lock", thesis);
    else if (kind == "long text")
        folder.write(".out.packetloom-lock", holder + std::string(5000, 'x'));
    else if (kind == "nearly a lock")
        folder.write(".out.packetloom-lock", holder + "\n");
    else if (kind == "folder")
        fs::create_directory(name);
#ifdef Q_OS_UNIX
    else if (kind.startsWith("hard link"))
        fs::create_hard_link(file, name);
    else if (kind == "pipe")
        QCOMPARE(::mkfifo(name.c_str(), 0600), 0);
    else
        fs::create_symlink(kind == "dangling link"      ? folder / "elsewhere/none"
                           : kind == "link to a folder" ? folder / "elsewhere"
                                                        : file,
                           name);
#endif
    const auto kindBefore = entryOf(name).kind;
    const auto names = folder.names();
    {
        auto output = check(folder / "out");
        const auto refused = output->create();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::NotALock);
        QCOMPARE(refused.error().file.filename(), name.filename());
    }
    QCOMPARE(folder.names(), names);
    QCOMPARE(entryOf(name).kind, kindBefore);
    QCOMPARE(contentOf(file), before);
    if (kind == "text")
        QCOMPARE(contentOf(name), thesis);
    QVERIFY(!fs::exists(folder / "elsewhere/none"));
}

void OutputLockTest::theLockOfAnotherUser()
{
#ifdef Q_OS_UNIX
    if (::geteuid() != 0)
        QSKIP("only root can give a file away");
    const TestFolder folder;
    const auto file = folder.write(".out.packetloom-lock", "process 1 on elsewhere");
    QCOMPARE(::chown(file.c_str(), 12345, 12345), 0);
    auto output = check(folder / "out");
    QCOMPARE(output->create().error().code, Errc::NotALock);
    QCOMPARE(contentOf(file), std::string("process 1 on elsewhere"));
#endif
}

void OutputLockTest::aHolderThatDidNotSayItsName()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto file = folder.write(".out.packetloom-lock", "");
    const int holder = ::open(file.c_str(), O_RDWR);
    QVERIFY(holder >= 0 && ::flock(holder, LOCK_EX) == 0);
    const auto refused = check(folder / "out")->create();
    ::close(holder);
    QCOMPARE(refused.error().code, Errc::InUse);
    QVERIFY(refused.error().detail.empty());
#endif
}

void OutputLockTest::leftoversAreSweptUp()
{
    const TestFolder folder;
    static_cast<void>(folder.write(".out.packetloom-new-17-1/packets.csv", "half"));
    static_cast<void>(folder.write(".out.packetloom-old-17-2/manifest.json", manifest));
    static_cast<void>(folder.write("out/manifest.json", manifest)); // it was put in place
    auto output = check(folder / "out");
    QVERIFY(output->create());
    QCOMPARE(folder.names(),
             (std::vector<std::string>{".out.packetloom-lock", output->path().filename().string(), "out"}));
}

void OutputLockTest::leftoversOfOthersStay()
{
    const TestFolder folder;
    static_cast<void>(folder.write(".out2.packetloom-new-17-1/packets.csv", "of another target"));
    static_cast<void>(folder.write(".out.packetloom/x", "no name of ours"));
    static_cast<void>(folder.write("out.packetloom-new-1-1/x", "not hidden"));
    const auto before = folder.names();
    {
        auto output = check(folder / "out");
        QVERIFY(output->create());
    }
    QCOMPARE(folder.names(), before);
}

void OutputLockTest::whatOnlyLooksLikeALeftoverStays_data()
{
    QTest::addColumn<QByteArray>("file"); // in the folder
    QTest::addColumn<QByteArray>("named");
    const auto row = [](const char* file, const char* named) {
        QTest::newRow(file) << QByteArray(file) << QByteArray(named);
    };
    row("thesis.txt", "thesis.txt");
    row("flows/thesis.txt", "flows/thesis.txt");
    row("flows/chunk_1.json", "flows/chunk_1.json");
    row("flows/chunk_000001.json", "flows/chunk_000001.json");
    row("ips/photos/a.jpg", "ips/photos");
    row("indices/.git/HEAD", "indices/.git");
    row("packets.csv/a", "packets.csv");
    row(".packetloom-1x.tmp", ".packetloom-1x.tmp");
    row("flows/.packetloom-1.tmp", "flows/.packetloom-1.tmp");
}

void OutputLockTest::whatOnlyLooksLikeALeftoverStays()
{
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, named);
    const TestFolder folder;
    for (const std::string name : {".out.packetloom-new-17-1/", ".out.packetloom-old-17-1/"}) {
        folder.write(name + "ips/ip_stats.json", "{}");
        folder.write(name + file.toStdString(), "mine");
    }
    folder.write(".out.packetloom-new-17-2", "a file");
    folder.write(".out.packetloom-new-17/packets.csv", "no name of ours");
    folder.write(".out.packetloom-new-17-1a/packets.csv", "no name of ours");
#ifdef Q_OS_UNIX
    folder.write("elsewhere/packets.csv", "mine");
    fs::create_directory_symlink(folder / "elsewhere", folder / ".out.packetloom-new-17-3");
#endif
    const auto before = folder.names();
    {
        auto output = check(folder / "out");
        QVERIFY(output->create());
        const auto& left = output->leftovers();
        const auto told = std::find_if(left.begin(), left.end(), [](const Error& error) {
            return error.file.filename() == ".out.packetloom-new-17-1";
        });
        QVERIFY(told != left.end());
        QCOMPARE(told->code, Errc::Exists);
        QCOMPARE(fs::path(told->detail).generic_string(), named.toStdString());
    }
    QCOMPARE(folder.names(), before);
    for (const std::string name : {".out.packetloom-new-17-1/", ".out.packetloom-old-17-1/"})
        QCOMPARE(contentOf(folder / (name + file.toStdString())), std::string("mine"));
#ifdef Q_OS_UNIX
    QCOMPARE(contentOf(folder / "elsewhere/packets.csv"), std::string("mine"));
    if (::geteuid() == 0) {
        const TestFolder others;
        const auto half = others.write(".out.packetloom-new-17-1/packets.csv", "of another user");
        QCOMPARE(::chown(half.parent_path().c_str(), 12345, 12345), 0);
        auto output = check(others / "out");
        QVERIFY(output->create());
        QCOMPARE(output->leftovers().size(), std::size_t{1});
        QVERIFY(fs::exists(half));
    }
#endif
}

void OutputLockTest::aLeftoverWithAnInputStays()
{
    for (const bool linked : {false, true}) { // another way to it
        const TestFolder folder;
        const auto capture = folder.write(".out.packetloom-new-17-1/packets.csv", "a capture");
        std::vector<fs::path> inputs{capture};
        if (linked) {
            inputs = {folder / "capture.csv"};
            fs::create_hard_link(capture, inputs.front());
#ifdef Q_OS_WIN
            continue; // where files have no numbers that are asked for
#endif
        }
        auto output = OutputFolder::check(folder / "out", ReplacePolicy::Anything, inputs);
        QVERIFY(output && output->create());
        QVERIFY(fs::exists(capture));
        QCOMPARE(output->leftovers().size(), std::size_t{1});
    }
}

void OutputLockTest::anOldDatasetThatWasMovedAwayComesBack()
{
    const TestFolder folder;
    static_cast<void>(folder.write(".out.packetloom-old-17-2/manifest.json", manifest));
    static_cast<void>(folder.write(".out.packetloom-new-17-3/manifest.json", manifest + " "));
    {
        auto output = check(folder / "out");
        QVERIFY(output->create());
        QCOMPARE(contentOf(folder / "out/manifest.json"), manifest);
    } // not published
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
    QCOMPARE(contentOf(folder / "out/manifest.json"), manifest);
}

void OutputLockTest::namesAreExchangedAtOnce()
{
    const TestFolder folder;
    static_cast<void>(folder.write("a/x", "1"));
    static_cast<void>(folder.write("b/y", "2"));
    if (exchangeNames(folder / "a", folder / "b")) {
        QCOMPARE(contentOf(folder / "b/x"), std::string("1"));
        QCOMPARE(contentOf(folder / "a/y"), std::string("2"));
    }
    QVERIFY(!exchangeNames(folder / "a", folder / "none"));
    QVERIFY(fs::exists(folder / "a"));
}

void OutputLockTest::stoppedWhileItIsWrittenToTheDisk()
{
    const TestFolder folder;
    static_cast<void>(folder.write("out/manifest.json", manifest));
    {
        auto output = check(folder / "out");
        QVERIFY(output->create());
        static_cast<void>(folder.write(output->path().filename().string() + "/packets.csv", "new"));
        const auto stopped = output->publish([] { return false; });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, Errc::Cancelled);
    }
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
    QCOMPARE(contentOf(folder / "out/manifest.json"), manifest);
}

QTEST_APPLESS_MAIN(OutputLockTest)
#include "output_lock_test.moc"
