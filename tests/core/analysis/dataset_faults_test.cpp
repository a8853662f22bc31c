// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/dataset_check.h"
#include "core/support/path_text.h"
#include "tests/core/analysis/dataset_sample.h"

#include <QTest>
#include <atomic>
#include <thread>

#ifndef _WIN32
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

/// A dataset that is damaged, or made to harm: an error that names the file, never a crash or a hang.
class DatasetFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { sample_.restoreAll(); }
    void noDataset();
    void wholeFiles_data() { filesAsRows(); }
    void wholeFiles();
    void truncated_data() { filesAsRows(); }
    void truncated();
    void chunkFilesAreCheckedAll();
    void randomDamage();
    void stopsAtEveryBeat();
    void exceptionsBecomeErrors();

private:
    static void filesAsRows();
    /// Opens; the test goes on when the error is one of `codes` and names `file`.
    void fails(const std::string& file, const std::vector<Errc>& codes) const;

    const DatasetSample sample_;
};

namespace {

const std::vector<Errc> damaged{Errc::DatasetSyntax, Errc::DatasetMismatch};

} // namespace

void DatasetFaultsTest::fails(const std::string& file, const std::vector<Errc>& codes) const
{
    const auto result = openDataset(sample_.path(), keepGoing);
    QVERIFY2(!result, file.c_str());
    const Error& error = result.error();
    QVERIFY2(std::find(codes.begin(), codes.end(), error.code) != codes.end(), error.detail.c_str());
    QCOMPARE(error.file, sample_.path() / file);
    QVERIFY(error.code == Errc::NotADataset || !error.detail.empty());
}

void DatasetFaultsTest::filesAsRows()
{
    QTest::addColumn<QString>("name");
    for (const char* name :
         {"manifest.json", "packets.csv", "flows/flows_index.json", "flows/chunk_00001.json",
          "ips/ip_stats.json", "ips/flag_stats.json", "ips/unique_ips.json", "indices/bins.json"})
        QTest::newRow(name) << name;
}

void DatasetFaultsTest::noDataset()
{
    for (const auto& [name, text] : std::map<std::string, std::string>{
             {"empty", ""}, {"other", R"({"format": "web app", "version": 3})"}, {"nothing", "{}"}}) {
        std::filesystem::create_directory(sample_.folder() / name);
        if (!text.empty())
            static_cast<void>(sample_.folder().write(name + "/manifest.json", text));
        const auto result = openDataset(sample_.folder() / name, keepGoing);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::NotADataset);
        QCOMPARE(result.error().file, sample_.folder() / name);
    }
    for (const auto& path : {sample_.folder() / "no folder", sample_.folder() / "in.csv"}) {
        const auto result = openDataset(path, keepGoing);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::NotADataset);
    }
}

void DatasetFaultsTest::wholeFiles()
{
    QFETCH(QString, name);
    const auto file = name.toStdString();
    const bool chunk = file.starts_with("flows/chunk");
    const auto path = sample_.path() / file;
    std::filesystem::remove(path);
    if (file == "manifest.json") {
        const auto result = openDataset(sample_.path(), keepGoing);
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::NotADataset);
    } else {
        fails(file, {Errc::DatasetMismatch});
    }
    std::filesystem::create_directory(path);
    fails(file, {Errc::DatasetMismatch});
    std::filesystem::remove(path);
#ifndef _WIN32
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0); // nobody writes to it: opening it would take for ever
    fails(file, {Errc::DatasetMismatch});
    std::filesystem::remove(path);
#endif
    for (const std::string& text :
         {std::string(), std::string(" \n"), std::string("garbage"), std::string("null"), std::string("7"),
          std::string("\"text\""), std::string("[[]]"), std::string("[{}, 1]"), std::string("{\"a\": []}"),
          std::string("[null]"), std::string("\0\0\0\0", 4), std::string("\x1f\x8b\x08"),
          std::string("\xff\xfe[\0", 4), std::string(100000, '['), std::string(100000, '{'),
          "[" + std::string(100000, '"')}) {
        sample_.write(file, text);
        if (!chunk) {
            const auto result = openDataset(sample_.path(), keepGoing);
            QVERIFY2(!result, text.substr(0, 20).c_str());
            QVERIFY(result.error().code == Errc::DatasetSyntax ||
                    result.error().code == Errc::DatasetMismatch ||
                    (file == "manifest.json" && result.error().code == Errc::NotADataset));
            if (result.error().code != Errc::NotADataset)
                QCOMPARE(result.error().file, path);
            continue;
        }
        const auto dataset = openDataset(sample_.path(), keepGoing); // flows are read when wanted
        QVERIFY(dataset);
        for (const std::size_t flow : {2u, 3u}) {
            const auto detail = readFlow(**dataset, flow);
            QVERIFY2(!detail, text.substr(0, 20).c_str());
            QVERIFY(detail.error().code == Errc::DatasetSyntax ||
                    detail.error().code == Errc::DatasetMismatch);
            QCOMPARE(detail.error().file, path);
        }
        QVERIFY(readFlow(**dataset, 0));
    }
}

void DatasetFaultsTest::truncated()
{
    QFETCH(QString, name);
    const auto file = name.toStdString();
    const auto& text = sample_.files().at(file);
    const bool csv = file == "packets.csv";
    for (std::size_t cut = 0; cut < text.size(); cut += 1 + text.size() / 97) {
        // a table may lack its last line end
        const std::size_t left = csv ? std::min(cut, text.size() - 2) : cut;
        sample_.write(file, text.substr(0, left));
        if (file.starts_with("flows/chunk")) {
            const auto dataset = openDataset(sample_.path(), keepGoing);
            QVERIFY(dataset);
            const auto detail = readFlow(**dataset, 3); // the last one in it
            QVERIFY(!detail || left == text.size() - 1);
            if (!detail)
                QCOMPARE(detail.error().file, sample_.path() / file);
            continue;
        }
        fails(file, damaged);
    }
    if (csv)
        return;
    sample_.write(file, text.substr(0, text.size() - 1));
    if (!file.starts_with("flows/chunk"))
        fails(file, damaged);
    sample_.write(file, text + "]");
    if (!file.starts_with("flows/chunk"))
        fails(file, damaged);
}

void DatasetFaultsTest::chunkFilesAreCheckedAll()
{
    const auto damageOf = [&] {
        const auto dataset = openDataset(sample_.path(), keepGoing);
        return dataset ? checkChunkFiles(**dataset) : DatasetDamage();
    };
    const auto sound = damageOf();
    QVERIFY(sound.checked >= 3);
    QCOMPARE(sound.damaged, std::size_t{0});
    const std::string name = "flows/chunk_00001.json";
    const auto& text = sample_.files().at(name);
    const auto cut = text.find('}', text.size() / 2);
    for (const auto& broken :
         {std::string(), std::string("[]"), std::string("[null, {}]"), text.substr(0, cut), text + "]",
          text.substr(0, text.size() - 4), "[{}," + text.substr(1)}) {
        sample_.write(name, broken);
        const auto damage = damageOf();
        QCOMPARE(damage.checked, sound.checked);
        QVERIFY2(damage.damaged == 1, broken.substr(0, 20).c_str());
        QCOMPARE(damage.first.front().file, sample_.path() / name);
    }
    const std::atomic<bool> stop{true};
    sample_.restoreAll();
    const auto dataset = openDataset(sample_.path(), keepGoing);
    QVERIFY(dataset);
    QCOMPARE(checkChunkFiles(**dataset, &stop).checked, std::size_t{0});
}

// Whatever a byte is changed to: an error, or a dataset whose flows can be asked for.
void DatasetFaultsTest::randomDamage()
{
    std::uint64_t seed = 7;
    const auto random = [&](std::size_t end) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        return static_cast<std::size_t>((seed >> 33) % end);
    };
    constexpr std::string_view bytes = "\"\\{}[],:0919-.eEtn \n\xff\x80x\0";
    std::size_t errors = 0;
    constexpr int rounds = 1500;
    for (int round = 0; round < rounds; ++round) {
        auto file = sample_.files().begin();
        std::advance(file, static_cast<std::ptrdiff_t>(random(sample_.files().size())));
        std::string text = file->second;
        for (std::size_t i = 0, count = 1 + random(3); i < count; ++i) {
            const auto at = random(text.size());
            switch (random(3)) {
            case 0:
                text[at] = bytes[random(bytes.size())];
                break;
            case 1:
                text.erase(at, 1 + random(20));
                break;
            default:
                text.insert(at, text.substr(random(text.size()), 1 + random(20)));
            }
            if (text.empty())
                text = " ";
        }
        sample_.write(file->first, text);
        const auto dataset = openDataset(sample_.path(), keepGoing);
        if (!dataset) {
            ++errors;
            QVERIFY(!dataset.error().file.empty());
            QVERIFY(dataset.error().code != Errc::Internal);
        } else {
            for (std::size_t i = 0; i < (*dataset)->flows.size(); ++i) {
                const auto detail = readFlow(**dataset, i);
                QVERIFY(detail || !detail.error().file.empty());
            }
        }
        sample_.restore(file->first);
    }
    QVERIFY(errors > rounds / 4);
}

void DatasetFaultsTest::stopsAtEveryBeat()
{
    int beats = 0;
    Progress last;
    const auto all = openDataset(sample_.path(), [&](const Progress& now) {
        ++beats;
        if (now.bytesDone < last.bytesDone || now.phase < last.phase || now.bytesDone > now.bytesTotal)
            return false;
        last = now;
        return true;
    });
    QVERIFY(all);
    QVERIFY(beats >= 7);
    QCOMPARE(last.bytesDone, last.bytesTotal);
    QCOMPARE(last.phase, Phase::Finishing);
    QCOMPARE(last.rows, (*all)->totals.rows.kept);
    QCOMPARE(last.flows, (*all)->totals.flows);
    for (int stopAt = 1; stopAt <= beats; ++stopAt) {
        int beat = 0;
        const auto stopped = openDataset(sample_.path(), [&](const Progress&) { return ++beat < stopAt; });
        if (stopped) // a beat by the clock was not due this time
            continue;
        QCOMPARE(stopped.error().code, Errc::Cancelled);
        QCOMPARE(beat, stopAt);
    }
    // in the middle of a file too, when it is large
    Options options;
    options.inputs = {sample_.folder().write("large.csv", conversations(600))};
    QVERIFY(convert(options, sample_.folder() / "large", keepGoing));
    const auto slow = [](const Progress&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(41));
        return true;
    };
    int slowBeats = 0;
    QVERIFY(
        openDataset(sample_.folder() / "large", [&](const Progress& now) { return ++slowBeats, slow(now); }));
    QVERIFY(slowBeats > 12);
    for (int stopAt = 1; stopAt <= slowBeats; stopAt += 1 + stopAt / 2) {
        int beat = 0;
        const auto stopped = openDataset(sample_.folder() / "large",
                                         [&](const Progress& now) { return slow(now) && ++beat < stopAt; });
        QVERIFY(!stopped || beat < stopAt);
        if (!stopped)
            QCOMPARE(stopped.error().code, Errc::Cancelled);
    }
}

void DatasetFaultsTest::exceptionsBecomeErrors()
{
    const auto result = openDataset(sample_.path(), [](const Progress&) -> bool { throw std::bad_alloc(); });
    QVERIFY(!result);
    QCOMPARE(result.error().code, Errc::Internal);
}

QTEST_APPLESS_MAIN(DatasetFaultsTest)
#include "dataset_faults_test.moc"
