// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// Output folders that cannot be used, or that hold what nobody wants to lose.
class BadTargetTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aFile();
    void belowAFile();
    void aFolderOfSomethingElse();
    void aDatasetWithSomethingBesideIt();
    void foreignThingsAtEveryDepth();
    void aLinkAtTheLocksName();
    void theHomeAndTheCurrentFolder();
    void aRunThatKeepsNothing();
    void noTemporaryFolder();
    void theInputsFolder();
    void aFolderThatCannotBeWritten();
    void anEmptyFolderIsFine();

private:
    ProgramRun convertInto(const std::filesystem::path& target, const QStringList& more = {});
    std::unique_ptr<TestFolder> folder_;
};

namespace {

bool says(const ProgramRun& run, const char* text)
{
    return run.errors.find(text) != std::string::npos;
}

} // namespace

void BadTargetTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    static_cast<void>(folder_->write("inputs/in.csv", conversations(3)));
}

ProgramRun BadTargetTest::convertInto(const std::filesystem::path& target, const QStringList& more)
{
    return runProgram(
        QStringList{"--data", shown(*folder_ / "inputs/in.csv"), "--output-dir", shown(target)} + more);
}

void BadTargetTest::aFile()
{
    const auto file = folder_->write("file", "precious");
    const auto run = convertInto(file, {"--force"});
    QCOMPARE(run.status, 2);
    QVERIFY(says(run, "is a file, not a folder"));
    QCOMPARE(contentOf(file), std::string("precious"));
}

void BadTargetTest::belowAFile()
{
    const auto run = convertInto(folder_->write("file", "precious") / "out");
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, "file"), run.errors.c_str());
}

void BadTargetTest::aFolderOfSomethingElse()
{
    const auto photo = folder_->write("photos/a.jpg", "precious");
    const auto run = convertInto(photo.parent_path());
    QCOMPARE(run.status, 2);
    QVERIFY(says(run, "holds something that is not a dataset's (a.jpg)"));
    QVERIFY(says(run, "--force"));
    QCOMPARE(contentOf(photo), std::string("precious"));
    QCOMPARE(convertInto(photo.parent_path(), {"--force"}).status, 0);
    QCOMPARE(contentOf(photo), std::string("precious"));
    QVERIFY(std::filesystem::exists(*folder_ / "photos/manifest.json"));
}

void BadTargetTest::aDatasetWithSomethingBesideIt()
{
    QCOMPARE(convertInto(*folder_ / "out").status, 0);
    QCOMPARE(convertInto(*folder_ / "out").status, 0); // a dataset is replaced
    const auto notes = folder_->write("out/notes.txt", "precious");
    const auto run = convertInto(*folder_ / "out");
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, "notes.txt"), run.errors.c_str());
    QCOMPARE(contentOf(notes), std::string("precious"));
}

void BadTargetTest::foreignThingsAtEveryDepth()
{
    for (const char* const name :
         {"notes.txt", "flows/thesis.txt", "ips/photos/a.jpg", "indices/.git/HEAD"}) {
        std::filesystem::remove_all(*folder_ / "out");
        QCOMPARE(convertInto(*folder_ / "out").status, 0);
        const auto mine = folder_->write(std::string("out/") + name, "precious");
        QCOMPARE(convertInto(*folder_ / "out").status, 2);
        QCOMPARE(convertInto(*folder_ / "out", {"--force"}).status, 0);
        QCOMPARE(contentOf(mine), std::string("precious"));
    }
    std::filesystem::create_directories(*folder_ / "set/packets.csv");
    const auto run = convertInto(*folder_ / "set", {"--force"});
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, "packets.csv stands in this folder"), run.errors.c_str());
}

void BadTargetTest::aLinkAtTheLocksName()
{
#ifdef Q_OS_UNIX
    const auto thesis = folder_->write("t.txt", "thesis");
    std::filesystem::create_symlink(thesis, *folder_ / ".out.packetloom-lock");
    const auto run = convertInto(*folder_ / "out");
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, ".out.packetloom-lock"), run.errors.c_str());
    QCOMPARE(contentOf(thesis), std::string("thesis"));
#endif
}

void BadTargetTest::theHomeAndTheCurrentFolder()
{
    const auto before = std::filesystem::current_path();
    const auto photo = folder_->write("home/here/a.jpg", "precious");
    std::filesystem::current_path(photo.parent_path());
    const auto home = qgetenv("HOME");
    qputenv("HOME", QByteArray::fromStdString((*folder_ / "home").string()));
    for (const char* const name : {".", "..", "../../home"})
        QCOMPARE(convertInto(name, {"--force"}).status, 2);
    std::filesystem::current_path(before);
    QVERIFY(says(convertInto(*folder_ / "home", {"--force"}), "home folder"));
    home.isNull() ? qunsetenv("HOME") : qputenv("HOME", home);
    QCOMPARE(contentOf(photo), std::string("precious"));
}

void BadTargetTest::aRunThatKeepsNothing()
{
    const auto none = QStringList{"--filter-ips", "203.0.113.1"};
    const auto first = convertInto(*folder_ / "fresh", none);
    QCOMPARE(first.status, 0);
    QVERIFY2(says(first, "no row was kept"), first.errors.c_str());
    QCOMPARE(convertInto(*folder_ / "fresh", none).status, 0); // there is nothing to lose
    QCOMPARE(convertInto(*folder_ / "out").status, 0);
    const auto before = datasetContent(*folder_ / "out");
    const auto run = convertInto(*folder_ / "out", none);
    QCOMPARE(run.status, 1);
    QVERIFY2(says(run, "no row was kept"), run.errors.c_str());
    QVERIFY(datasetContent(*folder_ / "out") == before);
    QCOMPARE(folder_->names(), (std::vector<std::string>{"fresh", "inputs", "out"}));
    QCOMPARE(convertInto(*folder_ / "out", none + QStringList{"--force"}).status, 0);
    QVERIFY(datasetContent(*folder_ / "out") != before);
}

void BadTargetTest::noTemporaryFolder()
{
#ifdef Q_OS_UNIX
    const auto before = qgetenv("TMPDIR");
    qputenv("TMPDIR", "/no/such/folder");
    const auto run = runProgram({"--preview", "--data", shown(*folder_ / "inputs/in.csv")});
    before.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", before);
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, "/no/such/folder"), run.errors.c_str());
#endif
}

void BadTargetTest::theInputsFolder()
{
    const auto run = convertInto(*folder_ / "inputs", {"--force"});
    QCOMPARE(run.status, 2);
    QVERIFY(says(run, "would be replaced with it"));
    QVERIFY(std::filesystem::exists(*folder_ / "inputs/in.csv"));
}

void BadTargetTest::aFolderThatCannotBeWritten()
{
#ifdef Q_OS_LINUX
    // /proc takes no new folders from anybody, the superuser included.
    const auto run = convertInto("/proc/packetloom/out");
    QCOMPARE(run.status, 2);
    QVERIFY2(says(run, "/proc"), run.errors.c_str());
#endif
}

void BadTargetTest::anEmptyFolderIsFine()
{
    std::filesystem::create_directory(*folder_ / "out");
    QCOMPARE(convertInto(*folder_ / "out").status, 0);
    QCOMPARE(folder_->names(), (std::vector<std::string>{"inputs", "out"}));
}

QTEST_GUILESS_MAIN(BadTargetTest)
#include "bad_target_test.moc"
