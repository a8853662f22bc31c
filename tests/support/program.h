// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <filesystem>
#include <string>

namespace packetloom::test {

/// How a run of packetloom-cli ended.
struct ProgramRun
{
    int status = -1; ///< the exit status; -1 after a crash or when it had to be killed
    std::string output;
    std::string errors;
};

/// Runs packetloom-cli (PACKETLOOM_CLI) to its end, at most two minutes. `input` goes to its standard input.
ProgramRun runProgram(const QStringList& arguments, const QByteArray& input = {});

QString shown(const std::filesystem::path& path);

} // namespace packetloom::test
