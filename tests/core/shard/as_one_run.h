// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/run_result.h"
#include "core/support/result.h"
#include "tests/support/same_report.h"
#include "tests/support/shard_run.h"

#include <QTest>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

// What tests have in common that compare tasks with one run, over many random cases.

namespace packetloom::test {

/// The rows of such a test: a number each, to begin random numbers with.
inline void addRandomCases()
{
    QTest::addColumn<int>("seed");
    const int cases = qEnvironmentVariableIsSet("PACKETLOOM_SHARD_CASES")
                          ? qEnvironmentVariableIntValue("PACKETLOOM_SHARD_CASES")
                          : 40; // each waits for the disk many times
    for (int i = 0; i < cases; ++i)
        QTest::addRow("%d", i) << i;
}

/// Up to 9 parts and 4 merges, and one of these sizes of map tasks.
inline ShardCut anyCut(std::mt19937_64& random, std::initializer_list<std::uint64_t> taskBytes)
{
    ShardCut cut;
    cut.shards = 1 + random() % 9;
    cut.merges = 1 + random() % 4;
    cut.taskBytes = *(taskBytes.begin() + random() % taskBytes.size());
    return cut;
}

/// Whether one run and tasks both came to an end: with their reports alike where that was an output, refused
/// in the same words otherwise. A check that fails fails the test.
template <class Summary>
void checkAsOneRun(const Result<Summary>& one, const Result<Summary>& tasks)
{
    if (!one) {
        QVERIFY(!tasks);
        QCOMPARE(tasks.error().code, one.error().code);
        QCOMPARE(tasks.error().detail, one.error().detail);
        QCOMPARE(tasks.error().file, one.error().file);
        QCOMPARE(tasks.error().stage, one.error().stage);
        return;
    }
    QVERIFY2(tasks, tasks ? "" : tasks.error().detail.c_str());
    const RunTotals &want = one->totals, &got = tasks->totals;
    checkSameReport(want, got);
    QCOMPARE(got.tcpPackets, want.tcpPackets);
    QCOMPARE(got.uniqueAddresses, want.uniqueAddresses);
    QCOMPARE(got.firstTimestamp, want.firstTimestamp);
    QCOMPARE(got.lastTimestamp, want.lastTimestamp);
}

} // namespace packetloom::test
