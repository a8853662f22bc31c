// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/run_result.h"

#include <QTest>

#include <cstddef>
#include <utility>

namespace packetloom::test {

/// What is told of the rows beside the output, of tasks and of one run. A check that fails fails the test.
inline void checkSameReport(const RunTotals& want, const RunTotals& got)
{
    QCOMPARE(got.rows, want.rows);
    QCOMPARE(got.flows, want.flows);
    QVERIFY(got.rejectedBy == want.rejectedBy);
    QVERIFY(got.notIpBy == want.notIpBy);
    QCOMPARE(got.firstRejected.size(), want.firstRejected.size());
    for (std::size_t i = 0; i < want.firstRejected.size(); ++i) {
        QCOMPARE(got.firstRejected[i].input, want.firstRejected[i].input);
        QCOMPARE(got.firstRejected[i].line, want.firstRejected[i].line);
        QCOMPARE(got.firstRejected[i].reason, want.firstRejected[i].reason);
        QCOMPARE(got.firstRejected[i].raw, want.firstRejected[i].raw);
    }
    QCOMPARE(got.inputs.size(), want.inputs.size());
    for (std::size_t i = 0; i < want.inputs.size(); ++i) {
        const InputTotals &a = got.inputs[i], &b = want.inputs[i];
        QCOMPARE(a.rows, b.rows);
        QVERIFY(a.rejectedBy == b.rejectedBy);
        QVERIFY(a.notIpBy == b.notIpBy);
        for (const auto& [left, right] : {std::pair(a.order.packets(), b.order.packets()),
                                          std::pair(a.order.outOfOrder(), b.order.outOfOrder()),
                                          std::pair(a.order.largestStepBack(), b.order.largestStepBack()),
                                          std::pair(a.order.largestGap(), b.order.largestGap()),
                                          std::pair(a.order.repeated(), b.order.repeated())})
            QCOMPARE(left, right);
        QCOMPARE(a.order.gapStart(), b.order.gapStart());
        QCOMPARE(a.order.earliest(), b.order.earliest());
        QCOMPARE(a.order.latest(), b.order.latest());
        QVERIFY(a.frames.linkTypes() == b.frames.linkTypes());
        QVERIFY(a.frames.counts() == b.frames.counts());
        QCOMPARE(a.frames.frames(), b.frames.frames());
        QVERIFY(a.frames.seenAgain() <= b.frames.seenAgain()); // within a stretch
        QCOMPARE(a.frames.checksumsVerified(), b.frames.checksumsVerified());
        QCOMPARE(a.incomplete.has_value(), b.incomplete.has_value());
        QCOMPARE(a.incomplete ? a.incomplete->byte : 0, b.incomplete ? b.incomplete->byte : 0);
        QCOMPARE(a.leftOut, b.leftOut);
    }
    QCOMPARE(got.warnings.size(), want.warnings.size());
    for (std::size_t i = 0; i < want.warnings.size(); ++i) {
        const Warning &a = got.warnings[i], &b = want.warnings[i];
        QCOMPARE(a.kind, b.kind);
        QCOMPARE(a.kept, b.kept);
        QCOMPARE(a.error.code, b.error.code);
        QCOMPARE(a.error.detail, b.error.detail);
        QCOMPARE(a.error.file, b.error.file);
        QCOMPARE(a.error.line, b.error.line);
        QCOMPARE(a.error.byte, b.error.byte);
        QCOMPARE(a.error.unit, b.error.unit);
    }
}

} // namespace packetloom::test
