// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"
#include "core/support/file.h"
#include "core/support/path_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace packetloom;
using namespace packetloom::test;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

const std::string datasetManifest = R"({"version": "2.0", "format": "chunked"})";

void writeDataset(const TestFolder& folder, const std::string& name)
{
    folder.write(name + "/manifest.json", datasetManifest);
    folder.write(name + "/packets.csv", "old packets");
    folder.write(name + "/flows/chunk_00000.json", "[]");
    folder.write(name + "/flows/chunk_00001.json", "[]");
}

Result<OutputFolder> check(const fs::path& target, ReplacePolicy policy = ReplacePolicy::Datasets,
                           const std::vector<fs::path>& inputs = {})
{
    return OutputFolder::check(target, policy, inputs);
}

/// Creates, writes one file, publishes.
Result<void> writeNew(OutputFolder& folder)
{
    if (auto created = folder.create(); !created)
        return created;
    auto file = File::create(folder.path() / "packets.csv");
    if (!file)
        return std::move(file).error();
    return folder.publish();
}

/// Relative names of all there is below a folder, with the content of files.
std::map<std::string, std::string> everythingIn(const fs::path& folder)
{
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        all[pathText(entry.path().lexically_relative(folder).generic_u8string())] =
            entry.is_regular_file() ? contentOf(entry.path()) : std::string();
    return all;
}

} // namespace

class OutputFolderTest : public QObject
{
    Q_OBJECT

private slots:
    void checkingOnlyLooks();
    void aMissingFolder_data();
    void aMissingFolder();
    void anEmptyFolder();
    void missingParentsGoAgain();
    void aFilledParentStays();
    void whereItIsWritten();
    void replacesOnlyAtTheEnd();
    void withoutPublishNothingChanges();
    void aFailedPublishPutsTheOldOneBack();
    void closedWhileItIsWritten();
    void keepsModeAndOwner();
    void isAsOpenAsAnyNewFolder();
    void aRunDoesNotRemoveWhatIsPutIntoItsFolder();
    void movedFromIsHarmless();
    void nowhereToWrite();
    void aReadOnlyParent();
};

void OutputFolderTest::checkingOnlyLooks()
{
    const TestFolder folder;
    writeDataset(folder, "old");
    const auto before = everythingIn(folder.path());
    QVERIFY(check(folder / "a/b/c"));
    QVERIFY(check(folder / "old"));
    QVERIFY(check(folder / "old", ReplacePolicy::Anything));
    QVERIFY(everythingIn(folder.path()) == before);
}

void OutputFolderTest::aMissingFolder_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("reached");
    QTest::newRow("beside others") << QByteArray("out") << QByteArray("out");
    QTest::newRow("slash at the end") << QByteArray("out/") << QByteArray("out");
    QTest::newRow("missing parents") << QByteArray("a/b/out") << QByteArray("a/b/out");
    QTest::newRow("missing parents, slash") << QByteArray("a/b/out/") << QByteArray("a/b/out");
    QTest::newRow("dots") << QByteArray("a/../x/./out") << QByteArray("x/out");
    QTest::newRow("no ASCII") << QByteArray("h\xc3\xb6st/\xf0\x9f\x98\x80")
                              << QByteArray("h\xc3\xb6st/\xf0\x9f\x98\x80");
}

void OutputFolderTest::aMissingFolder()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, reached);
    const TestFolder folder;
    {
        auto output = check(folder.path() / pathFromText(name.toStdString()));
        QVERIFY(output);
        QVERIFY(writeNew(*output));
    }
    const auto target = folder.path() / pathFromText(reached.toStdString());
    QVERIFY((everythingIn(target) == std::map<std::string, std::string>{{"packets.csv", ""}}));
    QCOMPARE(static_cast<int>(std::distance(fs::directory_iterator(target.parent_path()), {})), 1);
}

void OutputFolderTest::anEmptyFolder()
{
    const TestFolder folder;
    fs::create_directory(folder / "out");
    auto output = check(folder / "out");
    QVERIFY(output);
    QVERIFY(writeNew(*output));
    QVERIFY((everythingIn(folder.path()) ==
             std::map<std::string, std::string>{{"out", ""}, {"out/packets.csv", ""}}));
}

void OutputFolderTest::missingParentsGoAgain()
{
    const TestFolder folder;
    fs::create_directory(folder / "a");
    {
        auto output = check(folder / "a/b/c/out");
        QVERIFY(output);
        QVERIFY(output->create());
        QVERIFY(File::create(output->path() / "packets.csv"));
        fs::create_directory(output->path() / "flows");
        QVERIFY(fs::exists(folder / "a/b/c"));
        QVERIFY(!fs::exists(folder / "a/b/c/out"));
    }
    QVERIFY((everythingIn(folder.path()) ==
             std::map<std::string, std::string>{{"a", ""}})); // which was there before
}

void OutputFolderTest::aFilledParentStays()
{
    const TestFolder folder;
    {
        auto output = check(folder / "a/b/out");
        QVERIFY(output && output->create());
        folder.write("a/mine.txt", "mine"); // someone else's, meanwhile
    }
    QVERIFY((everythingIn(folder.path()) ==
             std::map<std::string, std::string>{{"a", ""}, {"a/mine.txt", "mine"}}));
}

void OutputFolderTest::whereItIsWritten()
{
    const TestFolder folder;
    auto one = check(folder / "out"), two = check(folder / "other");
    QVERIFY(one && two && one->create() && two->create());
    const auto base = fs::canonical(folder.path());
    QCOMPARE(one->target(), base / "out");
    QCOMPARE(one->path().parent_path(), base); // beside the target, so that a rename is enough
    QVERIFY(pathText(one->path().filename()).starts_with('.'));
    QVERIFY(one->path() != two->path()); // two runs do not meet
    QVERIFY(fs::is_empty(one->path()));
}

void OutputFolderTest::replacesOnlyAtTheEnd()
{
    const TestFolder folder;
    writeDataset(folder, "out");
    const auto old = everythingIn(folder / "out");
    auto output = check(folder / "out");
    QVERIFY(output && output->create());
    QVERIFY(File::create(output->path() / "packets.csv"));
    QVERIFY(everythingIn(folder / "out") == old);
    QVERIFY(output->publish());
    QVERIFY((everythingIn(folder.path()) ==
             std::map<std::string, std::string>{{"out", ""}, {"out/packets.csv", ""}}));
}

void OutputFolderTest::withoutPublishNothingChanges()
{
    const TestFolder folder;
    writeDataset(folder, "out");
    const auto before = everythingIn(folder.path());
    {
        auto output = check(folder / "out");
        QVERIFY(output && output->create());
        QVERIFY(File::create(output->path() / "packets.csv"));
    }
    QVERIFY(everythingIn(folder.path()) == before);
}

void OutputFolderTest::aFailedPublishPutsTheOldOneBack()
{
    const TestFolder folder;
    writeDataset(folder, "out");
    const auto before = everythingIn(folder.path());
    {
        auto output = check(folder / "out");
        QVERIFY(output && output->create());
        fs::remove_all(output->path()); // someone cleaned up
        const auto published = output->publish();
        QVERIFY(!published);
        QCOMPARE(published.error().code, Errc::Write);
        QVERIFY(!published.error().detail.empty());
    }
    QVERIFY(everythingIn(folder.path()) == before);
}

void OutputFolderTest::closedWhileItIsWritten()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    auto output = check(folder / "out");
    QVERIFY(output && output->create());
    QCOMPARE(entryOf(output->path()).mode & 0777U, 0700U); // the one that it replaces may be, too
#endif
}

void OutputFolderTest::keepsModeAndOwner()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    writeDataset(folder, "out");
    fs::permissions(folder / "out", fs::perms::owner_all);
    fs::permissions(folder / "out/flows", fs::perms::owner_all | fs::perms::group_read);
    fs::permissions(folder / "out/flows/chunk_00000.json", fs::perms(0644));
    fs::permissions(folder / "out/packets.csv", fs::perms::owner_read | fs::perms::owner_write);
    fs::permissions(folder / "out/manifest.json", fs::perms::owner_read);
    constexpr uid_t other = 12345;
    constexpr gid_t group = 23456;
    const bool root = ::geteuid() == 0; // nobody else can give away
    for (const char* const name :
         {"out", "out/flows", "out/packets.csv", "out/manifest.json", "out/flows/chunk_00000.json"})
        QVERIFY(!root || ::chown((folder / name).c_str(), other, group) == 0);
    auto output = check(folder / "out");
    QVERIFY(output && output->create());
    const auto working = output->path().filename().string();
    folder.write(working + "/packets.csv", "new");
    folder.write(working + "/flows/chunk_00000.json", "new");
    fs::create_directory(output->path() / "ips");
    QVERIFY(output->publish());
    QCOMPARE(contentOf(folder / "out/packets.csv"), "new"s);
    QCOMPARE(entryOf(folder / "out").mode, 0700U);
    QCOMPARE(entryOf(folder / "out/flows").mode, 0740U);
    QCOMPARE(entryOf(folder / "out/packets.csv").mode, 0600U);
    QCOMPARE(entryOf(folder / "out/flows/chunk_00000.json").mode, 0644U); // as the one before
    for (const char* const name :
         {"out", "out/flows", "out/ips", "out/packets.csv", "out/flows/chunk_00000.json"}) {
        QCOMPARE(entryOf(folder / name).owner, root ? other : ::geteuid());
        QVERIFY(!root || entryOf(folder / name).group == group);
    }
#endif
}

void OutputFolderTest::isAsOpenAsAnyNewFolder()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    fs::create_directory(folder / "usual");
    auto output = check(folder / "out");
    QVERIFY(output && output->create() && output->publish());
    QCOMPARE(entryOf(folder / "out").mode, entryOf(folder / "usual").mode);
#endif
}

void OutputFolderTest::aRunDoesNotRemoveWhatIsPutIntoItsFolder()
{
    const TestFolder folder;
    std::string working;
    {
        auto output = check(folder / "out");
        QVERIFY(output && output->create());
        working = output->path().filename().string();
        folder.write(working + "/packets.csv", "half");
        folder.write(working + "/flows/thesis.txt", "mine");
    }
    QVERIFY((everythingIn(folder / working) ==
             std::map<std::string, std::string>{{"flows", ""}, {"flows/thesis.txt", "mine"}}));
}

void OutputFolderTest::movedFromIsHarmless()
{
    const TestFolder folder;
    std::optional<Result<OutputFolder>> first(check(folder / "a/out"));
    QVERIFY(*first && (*first)->create());
    const auto working = (*first)->path();
    {
        OutputFolder second(**std::move(first));
        QCOMPARE(second.path(), working);
        first.reset(); // ends before the second
        QVERIFY(fs::exists(working));
        QVERIFY(second.publish());
    }
    QCOMPARE(folder.names(), std::vector{"a"s});
    QVERIFY(fs::is_directory(folder / "a/out"));
}

void OutputFolderTest::nowhereToWrite()
{
    const TestFolder folder;
    folder.write("file", "mine");
    auto output = check(folder / "file/out"); // seen early or late, depending on the system
    const auto failed = output ? output->create() : Result<void>(output.error());
    QVERIFY(!failed);
    QVERIFY(failed.error().code == Errc::Write || failed.error().code == Errc::Open);
    QVERIFY(!failed.error().detail.empty());
    QVERIFY((everythingIn(folder.path()) == std::map<std::string, std::string>{{"file", "mine"}}));
}

void OutputFolderTest::aReadOnlyParent()
{
#ifdef Q_OS_UNIX
    if (::geteuid() == 0)
        return; // nothing is read-only to root
    const TestFolder folder;
    fs::create_directory(folder / "closed");
    fs::permissions(folder / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    for (const char* const name : {"closed/out", "closed/a/out"}) {
        auto output = check(folder / name);
        QVERIFY(output);
        const auto created = output->create();
        QVERIFY(!created);
        QCOMPARE(created.error().code, Errc::Write);
        QVERIFY(!created.error().detail.empty());
    }
    QVERIFY(fs::is_empty(folder / "closed"));
    fs::permissions(folder / "closed", fs::perms::owner_all);
#endif
}

QTEST_APPLESS_MAIN(OutputFolderTest)
#include "output_folder_test.moc"
