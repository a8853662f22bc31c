// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"
#include "core/run/options.h"
#include "tests/golden/golden_case.h"

#include <QTest>

Q_DECLARE_METATYPE(packetloom::test::GoldenCase)

namespace packetloom::test {

/// Every recorded case as a row of a test's data: QFETCH(GoldenCase, golden).
inline void addGoldenRows()
{
    QTest::addColumn<GoldenCase>("golden");
    const auto cases = goldenCases(QStringLiteral(PACKETLOOM_GOLDEN_DIR));
    QVERIFY2(cases.size() >= 98, "the recorded cases are not all there");
    for (const auto& golden : cases)
        QTest::newRow(qPrintable(golden.name)) << golden;
}

/// What an analysis or a conversion of a case is made with, in its folder.
inline Options optionsOf(const GoldenCase& golden)
{
    auto words = golden.arguments;
    words.emplace_back("--preview");
    auto options = parseArguments(words).arguments->options;
    options.replaceAnything = true; // the cases follow each other in one folder, also those without a row
    return options;
}

} // namespace packetloom::test
