// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/output_folder.h"
#include "core/support/file_lock.h"
#include "core/support/file_sync.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <filesystem>
#include <optional>

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
    void leftoversAreSweptUp();
    void leftoversOfOthersStay();
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
    static_cast<void>(folder.write(first->path().filename().string() + "/new.txt", "whole"));
    QVERIFY(first->publish()); // the refused one did no harm
    QCOMPARE(contentOf(folder / "out/new.txt"), std::string("whole"));
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
        static_cast<void>(folder.write(output->path().filename().string() + "/new.txt", "new"));
        const auto stopped = output->publish([] { return false; });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().code, Errc::Cancelled);
    }
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
    QCOMPARE(contentOf(folder / "out/manifest.json"), manifest);
}

QTEST_APPLESS_MAIN(OutputLockTest)
#include "output_lock_test.moc"
