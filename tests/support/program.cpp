// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/program.h"

#include "core/support/path_text.h"

#include <QProcess>

namespace packetloom::test {

ProgramRun runProgram(const QStringList& arguments, const QByteArray& input)
{
    QProcess process;
    process.start(QStringLiteral(PACKETLOOM_CLI), arguments);
    process.write(input);
    process.closeWriteChannel();
    ProgramRun run;
    if (!process.waitForFinished(120'000)) {
        process.kill();
        process.waitForFinished();
    } else if (process.exitStatus() == QProcess::NormalExit) {
        run.status = process.exitCode();
    }
    run.output = process.readAllStandardOutput().toStdString();
    run.errors = process.readAllStandardError().toStdString();
    return run;
}

QString shown(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

} // namespace packetloom::test
