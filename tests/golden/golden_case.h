// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

namespace packetloom::test {

/// A recorded run of the reference: its inputs and arguments, and the dataset that it wrote.
struct GoldenCase
{
    QString name;   ///< "hand/normal_close"
    QString folder; ///< where its inputs are; runs have it as the working directory
    /// For parseArguments(), without the output folder.
    std::vector<std::string> arguments;

    /// A whole dataset, or a file of checksums.
    [[nodiscard]] QString expected() const;
};

/// All cases below `root`, which has a folder for each kind.
std::vector<GoldenCase> goldenCases(const QString& root);

/// What differs between a dataset and the expected one, a line each; empty when they are the same. Files are
/// compared byte for byte, the manifest as JSON without the time and the program that wrote it. `expected` is
/// a dataset, or a file of lines "sha256  path" (the manifest's sum is that of its normal form).
QStringList datasetDifferences(const QString& actual, const QString& expected);

} // namespace packetloom::test
