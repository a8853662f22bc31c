// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <unistd.h>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// Mounts at, in and around the folder that a dataset goes to. They are made in a namespace of the test's
/// own, which ends with it.
class OutputMountTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void somethingMounted_data();
    void somethingMounted();
    void itWasMountedMeanwhile();
    void aLeftoverWithAMount();
    void anInputThroughABindMount_data();
    void anInputThroughABindMount();
    void theHomeFolderThroughABindMount();
    void aLowerLayer();
};

namespace {

const std::string manifest = R"({"format": "chunked"})";
constexpr auto onlyDatasets = ReplacePolicy::Datasets;
constexpr auto anything = ReplacePolicy::Anything;

bool bind(const fs::path& what, const fs::path& where)
{
    return ::mount(what.c_str(), where.c_str(), nullptr, MS_BIND, nullptr) == 0;
}

bool writeText(const char* file, const std::string& text)
{
    const int descriptor = ::open(file, O_WRONLY);
    const bool written = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(descriptor);
    return written;
}

/// Unmounted at the end, before its folder is removed.
struct Mounted
{
    fs::path place;
    ~Mounted() { ::umount2(place.c_str(), MNT_DETACH); }
};

} // namespace

// Root, or whoever may be it in a namespace of users.
void OutputMountTest::initTestCase()
{
    const auto user = std::to_string(::geteuid()), group = std::to_string(::getegid());
    if (::geteuid() == 0) {
        QVERIFY2(::unshare(CLONE_NEWNS) == 0, "no mounts are allowed here, so this tries nothing");
    } else {
        QVERIFY2(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0,
                 "no mounts are allowed here, so this tries nothing");
        QVERIFY(writeText("/proc/self/setgroups", "deny"));
        QVERIFY(writeText("/proc/self/uid_map", "0 " + user + " 1"));
        QVERIFY(writeText("/proc/self/gid_map", "0 " + group + " 1"));
    }
    QVERIFY(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0);
}

void OutputMountTest::somethingMounted_data()
{
    QTest::addColumn<QByteArray>("place");
    QTest::addColumn<bool>("sameDisk");
    for (const char* const place :
         {"", "flows", "ips", "mine", "mine/deep/disk", "packets.csv", "notes.txt"}) {
        QTest::addRow("bind mount at out/%s", place) << QByteArray(place) << true;
        if (!QByteArray(place).contains('.'))
            QTest::addRow("another disk at out/%s", place) << QByteArray(place) << false;
    }
}

void OutputMountTest::somethingMounted()
{
    QFETCH(QByteArray, place);
    QFETCH(bool, sameDisk);
    const TestFolder folder;
    folder.write("out/manifest.json", manifest);
    folder.write("out/packets.csv", "old");
    folder.write("elsewhere/chunk_00000.json", "mine"); // even with a name of ours
    const auto where = folder / ("out/" + place.toStdString());
    const bool file = place.contains('.');
    if (file)
        folder.write("out/" + place.toStdString(), "");
    else
        fs::create_directories(where);
    const Mounted mounted{where};
    if (sameDisk) {
        QVERIFY(bind(folder / (file ? "elsewhere/chunk_00000.json" : "elsewhere"), where));
    } else {
        QVERIFY(::mount("tmpfs", where.c_str(), "tmpfs", 0, "size=100k") == 0);
        folder.write("out/" + place.toStdString() + "/chunk_00000.json", "mine");
    }
    for (const auto policy : {onlyDatasets, anything}) {
        const auto output = OutputFolder::check(folder / "out", policy, {});
        QVERIFY(!output);
        QCOMPARE(output.error().code, Errc::MountPoint);
        QCOMPARE(output.error().detail, place.toStdString());
    }
    QCOMPARE(contentOf(file ? where : where / "chunk_00000.json"), std::string("mine"));
}

void OutputMountTest::itWasMountedMeanwhile()
{
    const TestFolder folder;
    folder.write("out/manifest.json", manifest);
    folder.write("out/flows/chunk_00000.json", "old");
    folder.write("elsewhere/chunk_00000.json", "mine");
    const Mounted mounted{folder / "out/flows"};
    {
        auto output = OutputFolder::check(folder / "out", anything, {});
        QVERIFY(output && output->create());
        folder.write(output->path().filename().string() + "/packets.csv", "new");
        QVERIFY(bind(folder / "elsewhere", mounted.place));
        QCOMPARE(output->publish().error().code, Errc::FolderChanged);
    }
    QCOMPARE(contentOf(folder / "elsewhere/chunk_00000.json"), std::string("mine"));
    QCOMPARE(contentOf(folder / "out.finished/packets.csv"), std::string("new"));
}

void OutputMountTest::aLeftoverWithAMount()
{
    const TestFolder folder;
    folder.write("elsewhere/chunk_00000.json", "mine");
    fs::create_directories(folder / ".out.packetloom-new-1-1/flows");
    fs::create_directories(folder / ".out.packetloom-new-1-2");
    const Mounted deep{folder / ".out.packetloom-new-1-1/flows"}, itself{folder / ".out.packetloom-new-1-2"};
    QVERIFY(bind(folder / "elsewhere", deep.place));
    QVERIFY(bind(folder / "elsewhere", itself.place));
    auto output = OutputFolder::check(folder / "out", onlyDatasets, {});
    QVERIFY(output && output->create());
    QCOMPARE(output->leftovers().size(), std::size_t{2});
    QCOMPARE(contentOf(folder / "elsewhere/chunk_00000.json"), std::string("mine"));
}

void OutputMountTest::anInputThroughABindMount_data()
{
    QTest::addColumn<QByteArray>("bound");
    QTest::addColumn<QByteArray>("input");
    QTest::newRow("the folder") << QByteArray("out") << QByteArray("packets.csv");
    QTest::newRow("deep in it") << QByteArray("out") << QByteArray("mine/a.csv");
    QTest::newRow("a folder in it") << QByteArray("out/flows") << QByteArray("chunk_00000.json");
    QTest::newRow("the folder above") << QByteArray("") << QByteArray("out/packets.csv");
    QTest::newRow("a file") << QByteArray("out/packets.csv") << QByteArray("");
}

void OutputMountTest::anInputThroughABindMount()
{
    QFETCH(QByteArray, bound);
    QFETCH(QByteArray, input);
    const TestFolder folder, other;
    folder.write("out/manifest.json", manifest);
    for (const char* const file : {"out/packets.csv", "out/flows/chunk_00000.json", "out/mine/a.csv"})
        folder.write(file, "a capture");
    if (input.isEmpty())
        other.write("place", "");
    else
        fs::create_directory(other / "place");
    const Mounted mounted{other / "place"};
    QVERIFY(bind(folder / bound.toStdString(), mounted.place));
    const std::vector<fs::path> inputs{input.isEmpty() ? mounted.place : mounted.place / input.toStdString()};
    QCOMPARE(contentOf(inputs.front()), std::string("a capture"));
    const auto output = OutputFolder::check(folder / "out", anything, inputs);
    QVERIFY(!output);
    QCOMPARE(output.error().code, Errc::InputInOutput);
    QCOMPARE(output.error().detail, inputs.front().string());
}

void OutputMountTest::theHomeFolderThroughABindMount()
{
    const TestFolder folder, other;
    fs::create_directories(folder / "above/home");
    fs::create_directory(other / "place");
    const Mounted mounted{other / "place"};
    QVERIFY(bind(folder / "above", mounted.place));
    const auto before = qgetenv("HOME");
    qputenv("HOME", QByteArray::fromStdString((other / "place/home").string()));
    const auto output = OutputFolder::check(folder / "above", anything, {});
    qputenv("HOME", before);
    QVERIFY(!output);
    QCOMPARE(output.error().code, Errc::HomeFolder);
}

// Whose folders cannot be renamed: seen before the work.
void OutputMountTest::aLowerLayer()
{
    const TestFolder folder;
    fs::create_directory(folder / "disk");
    const Mounted disk{folder / "disk"};
    QVERIFY(::mount("tmpfs", disk.place.c_str(), "tmpfs", 0, nullptr) == 0);
    folder.write("disk/lower/out/manifest.json", manifest);
    folder.write("disk/lower/out/packets.csv", "old");
    for (const char* const name : {"disk/upper", "disk/work", "disk/merged"})
        fs::create_directory(folder / name);
    const Mounted merged{folder / "disk/merged"};
    const auto layers = "redirect_dir=off,lowerdir=" + (folder / "disk/lower").string() +
                        ",upperdir=" + (folder / "disk/upper").string() +
                        ",workdir=" + (folder / "disk/work").string();
    QVERIFY(::mount("overlay", merged.place.c_str(), "overlay", 0, layers.c_str()) == 0);
    {
        auto output = OutputFolder::check(merged.place / "out", onlyDatasets, {});
        QVERIFY(output);
        const auto refused = output->create();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::NotMovable);
    }
    QCOMPARE(static_cast<int>(std::distance(fs::directory_iterator(merged.place), {})), 1);
    QCOMPARE(contentOf(merged.place / "out/packets.csv"), std::string("old"));
    for (int i = 0; i < 2; ++i) { // a new one there can be, and that can be replaced
        auto output = OutputFolder::check(merged.place / "new", onlyDatasets, {});
        QVERIFY(output && output->create());
        folder.write("disk/merged/" + output->path().filename().string() + "/manifest.json", manifest);
        QVERIFY(output->publish());
        QVERIFY(output->leftovers().empty());
    }
}

QTEST_APPLESS_MAIN(OutputMountTest)
#include "output_mount_test.moc"
