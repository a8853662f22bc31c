// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_file.h"
#include "core/output/target/output_sweep.h"
#include "tests/support/test_folder.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif
#include <filesystem>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// A file that appears whole or not at all.
class OutputFileTest : public QObject
{
    Q_OBJECT

private slots:
    void appearsWhenItIsPublished();
    void leavesNothingWithoutThat();
    void whatIsThereIsKept();
    void whatIsThereIsReplaced();
    void whatComesMeanwhileIsKept();
    void whatCanBeNoFile();
    void anInputIsNoOutput();
    void linksAreFollowed();
    void leftoversAreSweptUp();
    void oneAtATime();
    void aFolderThatIsNotThere();
};

namespace {

Result<OutputFile> open(const fs::path& target, bool replace = false,
                        const std::vector<fs::path>& inputs = {})
{
    auto file = OutputFile::check(target, replace, inputs);
    if (!file)
        return file;
    if (auto created = file->create(); !created)
        return std::move(created).error();
    return file;
}

} // namespace

void OutputFileTest::appearsWhenItIsPublished()
{
    const TestFolder folder;
    auto file = open(folder / "out");
    QVERIFY(file);
    QVERIFY(file->write("one"));
    QVERIFY(file->write("two"));
    QVERIFY(!fs::exists(folder / "out"));
    QVERIFY(file->publish());
    QCOMPARE(file->bytes(), 6u);
    QCOMPARE(contentOf(folder / "out"), std::string("onetwo"));
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
}

void OutputFileTest::leavesNothingWithoutThat()
{
    const TestFolder folder;
    {
        auto file = open(folder / "out");
        QVERIFY(file && file->write("half of it"));
        QCOMPARE(folder.names().size(), 2u); // the lock and the hidden file
        auto moved = *std::move(file);
        QVERIFY(moved.write("more"));
    }
    QVERIFY(folder.names().empty());
}

void OutputFileTest::whatIsThereIsKept()
{
    const TestFolder folder;
    const auto target = folder.write("out", "old");
    const auto refused = OutputFile::check(target, false, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::FileExists);
    QCOMPARE(refused.error().file, target);
}

void OutputFileTest::whatIsThereIsReplaced()
{
    const TestFolder folder;
    const auto target = folder.write("out", "old");
#ifdef Q_OS_UNIX
    QCOMPARE(::chmod(target.c_str(), 0640), 0);
#endif
    auto file = open(target, true);
    QVERIFY(file && file->write("new"));
    QCOMPARE(contentOf(target), std::string("old"));
    QVERIFY(file->publish());
    QCOMPARE(contentOf(target), std::string("new"));
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
#ifdef Q_OS_UNIX
    QCOMPARE(static_cast<unsigned>(fs::status(target).permissions()), 0640u);
#endif
}

void OutputFileTest::whatComesMeanwhileIsKept()
{
    const TestFolder folder;
    auto file = open(folder / "out");
    QVERIFY(file && file->write("new"));
    folder.write("out", "another's");
    const auto published = file->publish();
    QVERIFY(!published);
    QCOMPARE(published.error().code, Errc::FileExists);
    QCOMPARE(contentOf(folder / "out"), std::string("another's"));
    auto second = open(folder / "second", true);
    QVERIFY(second && second->write("new"));
    fs::create_directory(folder / "second");
    QCOMPARE(second->publish().error().code, Errc::NotAFile);
}

void OutputFileTest::whatCanBeNoFile()
{
    const TestFolder folder;
    for (const bool replace : {false, true}) {
        const auto isFolder = OutputFile::check(folder.path(), replace, {});
        QVERIFY(!isFolder);
        QCOMPARE(isFolder.error().code, Errc::NotAFile);
        QCOMPARE(std::get<FileKind>(isFolder.error().facts), FileKind::Folder);
        QCOMPARE(OutputFile::check(folder / "new/", replace, {}).error().code, Errc::NotAFile);
#ifdef Q_OS_UNIX
        const auto pipe = folder / "pipe";
        QVERIFY(replace || ::mkfifo(pipe.c_str(), 0600) == 0);
        QCOMPARE(std::get<FileKind>(OutputFile::check(pipe, replace, {}).error().facts), FileKind::Pipe);
        const auto device = OutputFile::check("/dev/null", replace, {});
        QCOMPARE(device.error().code, Errc::NotAFile);
        QCOMPARE(std::get<FileKind>(device.error().facts), FileKind::Device);
#endif
    }
}

void OutputFileTest::anInputIsNoOutput()
{
    const TestFolder folder;
    const auto input = folder.write("in.pcap", "capture");
    std::error_code error;
    fs::create_hard_link(input, folder / "same", error);
    for (const char* const name : {"in.pcap", "./in.pcap", "same"}) {
        if (std::string(name) == "same" && error)
            continue;
        const auto refused = OutputFile::check(folder / name, true, std::vector{input});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::OutputIsInput);
        QCOMPARE(refused.error().detail, pathText(input));
    }
}

void OutputFileTest::linksAreFollowed()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto real = folder.write("deep/real", "old");
    fs::create_symlink(real, folder / "link");
    auto file = open(folder / "link", true);
    QVERIFY(file && file->write("new") && file->publish());
    QCOMPARE(contentOf(real), std::string("new"));
    QVERIFY(fs::is_symlink(folder / "link"));
    fs::create_symlink(folder / "nowhere", folder / "dangling");
    for (const bool replace : {false, true}) {
        const auto refused = OutputFile::check(folder / "dangling", replace, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::DanglingLink);
    }
#endif
}

void OutputFileTest::leftoversAreSweptUp()
{
    const TestFolder folder;
    const auto left = unfinishedName(folder / "out").filename();
    folder.write(pathText(left), "half of it");
    folder.write(pathText(unfinishedName(folder / "other").filename()), "of another's run");
    fs::create_directory(unfinishedName(folder / "out")); // of a dataset, which its own run looks after
    auto file = open(folder / "out");
    QVERIFY(file && file->write("whole") && file->publish());
    QVERIFY(!fs::exists(folder / pathText(left)));
    QCOMPARE(folder.names().size(), 3u);
}

void OutputFileTest::oneAtATime()
{
    const TestFolder folder;
    auto file = open(folder / "out");
    QVERIFY(file);
    const auto second = open(folder / "out");
    QVERIFY(!second);
    QCOMPARE(second.error().code, Errc::InUse);
    QCOMPARE(second.error().file, folder / "out");
}

void OutputFileTest::aFolderThatIsNotThere()
{
    const TestFolder folder;
    const auto refused = open(folder / "deep/out");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Write);
    QVERIFY(folder.names().empty());
}

QTEST_GUILESS_MAIN(OutputFileTest)
#include "output_file_test.moc"
