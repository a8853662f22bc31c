// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <fstream>

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// Captures that somebody else writes to while they are read.
class ChangedInputTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void untouched();
    void grows();
    void shrinks();
    void isRewritten();
    void isReplaced();
    void isRemoved();

private:
    /// Converts, and does something to the capture at the first beat.
    Result<ConversionSummary> convertWhile(const std::function<void()>& change);
    [[nodiscard]] std::vector<Warning::Kind> warnings(const ConversionSummary& summary) const;

    std::unique_ptr<TestFolder> folder_;
    fs::path capture_;
};

void ChangedInputTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    capture_ = folder_->write("in.csv", conversations(3000));
}

Result<ConversionSummary> ChangedInputTest::convertWhile(const std::function<void()>& change)
{
    Options options;
    options.inputs = {capture_};
    options.blockSize = 4096;
    options.threads = 1; // so that the first beat comes before all is read ahead
    bool changed = false;
    return convert(options, *folder_ / "out", [&](const Progress&) {
        if (!std::exchange(changed, true))
            change();
        return true;
    });
}

std::vector<Warning::Kind> ChangedInputTest::warnings(const ConversionSummary& summary) const
{
    std::vector<Warning::Kind> kinds;
    for (const auto& warning : summary.totals.warnings) {
        if (warning.error.file == capture_)
            kinds.push_back(warning.kind);
    }
    return kinds;
}

void ChangedInputTest::untouched()
{
    const auto summary = convertWhile([] {});
    QVERIFY(summary);
    QVERIFY(summary->totals.warnings.empty());
    QCOMPARE(summary->totals.rows.kept, std::uint64_t{3000 * packetsPerConversation});
}

void ChangedInputTest::grows()
{
    const auto summary = convertWhile([&] {
        std::ofstream(capture_, std::ios::binary | std::ios::app)
            << captureRow(captureStart + 1'000'000'000, "1.1.1.1", "2.2.2.2", 2);
    });
    QVERIFY(summary);
    QVERIFY(warnings(*summary) == std::vector{Warning::Kind::InputGrew});
    QVERIFY(summary->totals.rows.kept >= std::uint64_t{3000 * packetsPerConversation});
}

void ChangedInputTest::shrinks()
{
    const auto summary = convertWhile([&] { fs::resize_file(capture_, fs::file_size(capture_) - 30'000); });
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::InputShrank);
    QVERIFY(summary.error().file == capture_);
    QCOMPARE(folder_->names(), std::vector<std::string>{"in.csv"});
}

void ChangedInputTest::isRewritten()
{
    const auto summary = convertWhile([&] {
        std::fstream file(capture_, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(-5, std::ios::end);
        file.put('7');
        file.close();
        fs::last_write_time(capture_, fs::last_write_time(capture_) + std::chrono::seconds(2));
    });
    QVERIFY(summary);
    QVERIFY(warnings(*summary) == std::vector{Warning::Kind::InputRewritten});
}

// Windows lets nobody rename or remove what is open; there is nothing to be told of there.
void ChangedInputTest::isReplaced()
{
#ifndef Q_OS_WIN
    const auto other = folder_->write("other.csv", conversations(2));
    const auto summary = convertWhile([&] { fs::rename(other, capture_); });
    QVERIFY(summary);
    QVERIFY(warnings(*summary) == std::vector{Warning::Kind::InputReplaced});
    QCOMPARE(summary->totals.rows.kept, std::uint64_t{3000 * packetsPerConversation}); // all of the old one
#endif
}

void ChangedInputTest::isRemoved()
{
#ifndef Q_OS_WIN
    const auto summary = convertWhile([&] { fs::remove(capture_); });
    QVERIFY(summary);
    QVERIFY(warnings(*summary) == std::vector{Warning::Kind::InputReplaced});
    QCOMPARE(summary->totals.rows.kept, std::uint64_t{3000 * packetsPerConversation});
#endif
}

QTEST_APPLESS_MAIN(ChangedInputTest)
#include "changed_input_test.moc"
