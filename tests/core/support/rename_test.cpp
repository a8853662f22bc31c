// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/folder.h"
#include "tests/support/test_folder.h"

#include <QTest>

#ifndef _WIN32
#include "core/support/folder_posix.h"
#endif

#include <atomic>
#include <thread>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Names are given over nothing, by whatever the file system can.
class RenameTest : public QObject
{
    Q_OBJECT

private slots:
    void overNothingAlone_data();
    void overNothingAlone();
    void ofSeveralAtOnceOneWins_data();
    void ofSeveralAtOnceOneWins();
};

namespace {

using Rename = std::error_code (*)(const std::filesystem::path&, const std::filesystem::path&);

void eachWay()
{
    QTest::addColumn<bool>("byLinks");
    QTest::newRow("as the system can") << false;
#ifndef _WIN32
    QTest::newRow("by links") << true;
#endif
}

Rename wayOf([[maybe_unused]] bool byLinks)
{
#ifndef _WIN32
    if (byLinks)
        return renameToNewByLinks;
#endif
    return renameToNew;
}

} // namespace

void RenameTest::overNothingAlone_data()
{
    eachWay();
}

void RenameTest::overNothingAlone()
{
    QFETCH(bool, byLinks);
    const auto rename = wayOf(byLinks);
    const TestFolder folder;
    const auto from = folder.write("from", "new"), there = folder.write("there", "old");
    QVERIFY(rename(from, there));
    QCOMPARE(contentOf(there), std::string("old"));
    QCOMPARE(contentOf(from), std::string("new"));
    QVERIFY(!rename(from, folder / "to"));
    QCOMPARE(contentOf(folder / "to"), std::string("new"));
    QVERIFY(!std::filesystem::exists(from));
    QVERIFY(rename(from, folder / "another")); // there is none any more
    folder.write("work/a", "a");
    folder.write("done/b", "b");
    QVERIFY(rename(folder / "work", folder / "done"));
    QVERIFY(!rename(folder / "work", folder / "also done"));
    QVERIFY(folder.names() == (std::vector<std::string>{"also done", "done", "there", "to"}));
}

void RenameTest::ofSeveralAtOnceOneWins_data()
{
    eachWay();
}

void RenameTest::ofSeveralAtOnceOneWins()
{
    QFETCH(bool, byLinks);
    const auto rename = wayOf(byLinks);
    const TestFolder folder;
    constexpr int rounds = 100, several = 4;
    for (int round = 0; round < rounds; ++round) {
        const auto to = folder / ("to" + std::to_string(round));
        std::vector<std::filesystem::path> from;
        for (int i = 0; i < several; ++i)
            from.push_back(folder.write("from" + std::to_string(i), std::to_string(i)));
        std::atomic<int> waiting{several}, won{0}, winner{-1};
        std::vector<std::thread> threads;
        for (int i = 0; i < several; ++i)
            threads.emplace_back([&, i] {
                for (--waiting; waiting > 0;)
                    std::this_thread::yield();
                if (!rename(from[static_cast<std::size_t>(i)], to)) {
                    ++won;
                    winner = i;
                }
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(won.load(), 1);
        QCOMPARE(contentOf(to), std::to_string(winner.load()));
    }
}

QTEST_APPLESS_MAIN(RenameTest)
#include "rename_test.moc"
