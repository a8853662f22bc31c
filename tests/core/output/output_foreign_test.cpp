// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"
#include "core/support/path_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <filesystem>
#include <string>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// What is no dataset's, in the folder that a dataset goes to: at any depth, before and while it is made.
class OutputForeignTest : public QObject
{
    Q_OBJECT

private slots:
    void chunksOfTheManifestAlone_data();
    void chunksOfTheManifestAlone();
    void itIsRefused_data() { places(); }
    void itIsRefused();
    void insistedOnItStays_data() { places(); }
    void insistedOnItStays();
    void itCameMeanwhile_data() { places(); }
    void itCameMeanwhile();
    void itCameMeanwhileAndStays();
    void whatIsNoDatasetAtAll_data();
    void whatIsNoDatasetAtAll();
    void aTargetThatCameMeanwhile();

private:
    static void places();
};

namespace {

const std::string manifest = R"({"format": "chunked", "total_chunks": 2, "converter": {}})";
constexpr auto onlyDatasets = ReplacePolicy::Datasets;
constexpr auto anything = ReplacePolicy::Anything;

void writeDataset(const TestFolder& folder, const std::string& name)
{
    folder.write(name + "/manifest.json", manifest);
    for (const char* const file :
         {"packets.csv", "flows/flows_index.json", "flows/chunk_00000.json", "flows/chunk_00001.json",
          "ips/ip_stats.json", "ips/flag_stats.json", "ips/unique_ips.json", "indices/bins.json"})
        folder.write(name + '/' + file, "old");
}

/// Written as the writer does it.
void writeNew(const TestFolder& folder, const OutputFolder& output)
{
    const auto working = output.path().filename().string();
    folder.write(working + "/manifest.json", manifest);
    for (const char* const file :
         {"packets.csv", "flows/flows_index.json", "flows/chunk_00000.json", "ips/ip_stats.json",
          "ips/flag_stats.json", "ips/unique_ips.json", "indices/bins.json"})
        folder.write(working + '/' + file, "new");
}

/// What is no dataset's: a file, or a folder with a file in it, or another kind of thing.
void put(const fs::path& path, const QByteArray& kind)
{
    fs::create_directories(path.parent_path());
    if (kind == "file" || kind == "folder") {
        fs::create_directories(kind == "folder" ? path / "deep" : path.parent_path());
        QFile file(kind == "folder" ? path / "deep/a" : path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
    }
#ifdef Q_OS_UNIX
    else if (kind == "link")
        fs::create_symlink("/etc/hostname", path);
    else
        QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
#endif
}

std::string contentAt(const fs::path& path, const QByteArray& kind)
{
    if (kind == "file" || kind == "folder")
        return contentOf(kind == "folder" ? path / "deep/a" : path);
    return fs::is_symlink(path) ? "link" : fs::is_fifo(path) ? "pipe" : "gone";
}

} // namespace

// `forced`: whether it may stay; not where a file of the dataset must go.
void OutputForeignTest::places()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<bool>("mayStay");
    const auto row = [](const char* entry, const char* kind, bool mayStay) {
        QTest::addRow("%s, a %s", entry, kind) << QByteArray(entry) << QByteArray(kind) << mayStay;
    };
    for (const char* const kind : {"file", "folder", "link", "pipe"}) {
#ifdef Q_OS_WIN
        if (std::string_view(kind) == "link" || std::string_view(kind) == "pipe")
            continue;
#endif
        for (const char* const entry : {"notes.txt", ".mine", "more", "flows/thesis.txt", "ips/photos",
                                        "indices/.git", "flows/chunk_2.json", "flows/chunk_000001.json"})
            row(entry, kind, true);
        row("flows/chunk_00002.json", kind, false); // beyond those that the manifest knows
        if (std::string_view(kind) == "file")
            continue;
        row("packets.csv", kind, false);
        row("flows/chunk_00001.json", kind, false);
        row("ips/ip_stats.json", kind, false);
        if (std::string_view(kind) != "folder")
            row("indices", kind, false);
    }
    row("flows", "file", false);
}

void OutputForeignTest::chunksOfTheManifestAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("chunks"); // that are the dataset's
    QTest::newRow("ours") << QByteArray(R"({"format": "chunked", "total_chunks": 2, "converter": {}})") << 2;
    QTest::newRow("another order") << QByteArray(
                                          R"({"converter": {}, "total_chunks": 2, "format": "chunked"})")
                                   << 2;
    QTest::newRow("no number") << QByteArray(R"({"format": "chunked", "total_chunks": "2", "converter": 1})")
                               << 0;
    QTest::newRow("below 0") << QByteArray(R"({"format": "chunked", "total_chunks": -1, "converter": 1})")
                             << 0;
    QTest::newRow("the reference's") << QByteArray(R"({"format": "chunked", "total_chunks": 2})") << 4;
}

void OutputForeignTest::chunksOfTheManifestAlone()
{
    QFETCH(QByteArray, text);
    QFETCH(int, chunks);
    for (int there = 0; there <= 4; ++there) {
        const TestFolder folder;
        folder.write("out/manifest.json", text.toStdString());
        for (int i = 0; i < there; ++i)
            folder.write("out/flows/chunk_0000" + std::to_string(i) + ".json", "[]");
        const auto output = OutputFolder::check(folder / "out", onlyDatasets, {});
        QCOMPARE(output.has_value(), there <= chunks);
        if (!output)
            QCOMPARE(fs::path(output.error().detail).generic_string(),
                     "flows/chunk_0000" + std::to_string(chunks) + ".json");
    }
}

void OutputForeignTest::itIsRefused()
{
    QFETCH(QByteArray, entry);
    QFETCH(QByteArray, kind);
    const TestFolder folder;
    writeDataset(folder, "out");
    QVERIFY(OutputFolder::check(folder / "out", onlyDatasets, {}));
    const auto place = folder / ("out/" + entry.toStdString());
    fs::remove_all(place);
    put(place, kind);
    const auto output = OutputFolder::check(folder / "out", onlyDatasets, {});
    QVERIFY(!output);
    QCOMPARE(output.error().code, Errc::Exists);
    QCOMPARE(fs::path(output.error().detail).generic_string(), entry.toStdString());
    QCOMPARE(output.error().file, folder / "out");
}

void OutputForeignTest::insistedOnItStays()
{
    QFETCH(QByteArray, entry);
    QFETCH(QByteArray, kind);
    QFETCH(bool, mayStay);
    const TestFolder folder;
    writeDataset(folder, "out");
    const auto place = folder / ("out/" + entry.toStdString());
    fs::remove_all(place);
    put(place, kind);
    const auto before = contentAt(place, kind);
    auto output = OutputFolder::check(folder / "out", anything, {});
    QCOMPARE(output.has_value(), mayStay);
    if (!mayStay) {
        QCOMPARE(output.error().code, Errc::InTheWay);
        QCOMPARE(fs::path(output.error().detail).generic_string(), entry.toStdString());
        return;
    }
    QVERIFY(output->create());
    writeNew(folder, *output);
    QVERIFY(output->publish());
    QCOMPARE(contentAt(place, kind), before);
    QCOMPARE(contentOf(folder / "out/packets.csv"), std::string("new"));
    QVERIFY(!fs::exists(folder / "out/flows/chunk_00001.json")); // of the older one
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
    QVERIFY(output->leftovers().empty());
}

void OutputForeignTest::itCameMeanwhile()
{
    QFETCH(QByteArray, entry);
    QFETCH(QByteArray, kind);
    const TestFolder folder;
    writeDataset(folder, "out");
    const auto place = folder / ("out/" + entry.toStdString());
    {
        auto output = OutputFolder::check(folder / "out", onlyDatasets, {});
        QVERIFY(output && output->create());
        writeNew(folder, *output);
        fs::remove_all(place);
        put(place, kind);
        const auto refused = output->publish();
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::FolderChanged);
        QCOMPARE(fs::path(refused.error().detail).filename(), place.filename());
        QCOMPARE(refused.error().file.filename().string(), std::string("out.finished"));
    }
    QVERIFY(contentAt(place, kind) != "gone");
    if (entry != "packets.csv")
        QCOMPARE(contentOf(folder / "out/packets.csv"), std::string("old"));
    QCOMPARE(contentOf(folder / "out.finished/packets.csv"), std::string("new"));
    QCOMPARE(folder.names(), (std::vector<std::string>{"out", "out.finished"}));
}

void OutputForeignTest::itCameMeanwhileAndStays()
{
    const TestFolder folder;
    writeDataset(folder, "out");
    auto output = OutputFolder::check(folder / "out", anything, {});
    QVERIFY(output && output->create());
    writeNew(folder, *output);
    put(folder / "out/flows/photos", "folder");
    put(folder / "out/notes.txt", "file");
    QVERIFY(output->publish());
    QCOMPARE(contentOf(folder / "out/flows/photos/deep/a"), std::string("mine"));
    QCOMPARE(contentOf(folder / "out/notes.txt"), std::string("mine"));
    QCOMPARE(contentOf(folder / "out/packets.csv"), std::string("new"));
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
}

void OutputForeignTest::whatIsNoDatasetAtAll_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no manifest") << QByteArray();
    QTest::newRow("another manifest") << QByteArray(R"({"format": "v3"})");
    QTest::newRow("a manifest that is no JSON") << QByteArray("chunked");
}

// Nothing says that its files are a dataset's, whatever their names are.
void OutputForeignTest::whatIsNoDatasetAtAll()
{
    QFETCH(QByteArray, text);
    const TestFolder folder;
    if (!text.isEmpty())
        folder.write("out/manifest.json", text.toStdString());
    folder.write("out/packets.csv", "mine");
    QCOMPARE(OutputFolder::check(folder / "out", onlyDatasets, {}).error().code, Errc::Exists);
    QCOMPARE(OutputFolder::check(folder / "out", anything, {}).error().code, Errc::InTheWay);
    QCOMPARE(contentOf(folder / "out/packets.csv"), std::string("mine"));
}

void OutputForeignTest::aTargetThatCameMeanwhile()
{
    for (const char* const kind : {"file", "folder"}) {
        const TestFolder folder;
        {
            auto output = OutputFolder::check(folder / "out", onlyDatasets, {});
            QVERIFY(output && output->create());
            writeNew(folder, *output);
            put(folder / "out", kind);
            QCOMPARE(output->publish().error().code, Errc::FolderChanged);
        }
        QCOMPARE(contentAt(folder / "out", kind), std::string("mine"));
        QCOMPARE(contentOf(folder / "out.finished/packets.csv"), std::string("new"));
    }
}

QTEST_APPLESS_MAIN(OutputForeignTest)
#include "output_foreign_test.moc"
