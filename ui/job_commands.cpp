// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/job_commands.h"

#include "ui/shell_words.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>

namespace packetloom {
namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("JobCommands", text);
}

QString joined(const QStringList& words)
{
    return words.join(QLatin1Char(' '));
}

/// "packetloom-cli shard VERB --job JOB".
QString shard(const char* verb, const JobCommands& wanted)
{
    return joined({shellQuoted(wanted.programs.cli), QStringLiteral("shard"), QLatin1String(verb),
                   QStringLiteral("--job"), shellQuoted(wanted.job.folder)});
}

/// What finish is told: where to.
QString result(const JobCommands& wanted)
{
    if (wanted.job.output.format->isFolder())
        return QStringLiteral(" --output-dir ") + shellQuoted(wanted.place);
    return QStringLiteral(" --output ") + shellQuoted(wanted.place) +
           (wanted.replace ? QStringLiteral(" --force") : QString());
}

QString mergesOf(const JobCommands& wanted)
{
    return wanted.merges > 1 ? QStringLiteral(" --of %1").arg(wanted.merges) : QString();
}

// -q: the job's path is one word for the shell that parallel starts, too.
QString parallelLine(const char* verb, std::size_t tasks, const QString& more, const JobCommands& wanted)
{
    return QStringLiteral("seq 0 %1 | parallel -q %2%3 --threads 1 --quiet --task {}")
        .arg(tasks - 1)
        .arg(shard(verb, wanted), more);
}

QString parallelLines(const JobCommands& wanted)
{
    return QStringList{parallelLine("map", wanted.job.tasks.size(), {}, wanted),
                       parallelLine("reduce", wanted.job.shards, {}, wanted),
                       parallelLine("merge", wanted.merges, mergesOf(wanted), wanted),
                       shard("finish", wanted) + result(wanted)}
        .join(QLatin1String(" &&\n"));
}

/// Where the scripts are (packaging/cluster); empty where they are not, or none is needed.
std::filesystem::path scriptOf(JobStarter starter, const JobPrograms& programs)
{
    if (programs.drivers.empty())
        return {};
    switch (starter) {
    case JobStarter::ThisMachine:
        return {};
    case JobStarter::Slurm:
        return programs.drivers / "slurm" / "packetloom-slurm";
    case JobStarter::Snakemake:
        return programs.drivers / "snakemake" / "Snakefile";
    case JobStarter::Parallel:
        return programs.drivers / "parallel" / "packetloom-parallel";
    case JobStarter::Dask:
        break;
    }
    return programs.drivers / "dask" / "packetloom_dask.py";
}

} // namespace

QString nameOf(JobStarter starter)
{
    switch (starter) {
    case JobStarter::ThisMachine:
        return tr("This machine alone");
    case JobStarter::Slurm:
        return QStringLiteral("Slurm");
    case JobStarter::Snakemake:
        return QStringLiteral("Snakemake");
    case JobStarter::Parallel:
        return QStringLiteral("GNU parallel");
    case JobStarter::Dask:
        break;
    }
    return QStringLiteral("Dask");
}

QString idOf(JobStarter starter)
{
    switch (starter) {
    case JobStarter::ThisMachine:
        return QStringLiteral("here");
    case JobStarter::Slurm:
        return QStringLiteral("slurm");
    case JobStarter::Snakemake:
        return QStringLiteral("snakemake");
    case JobStarter::Parallel:
        return QStringLiteral("parallel");
    case JobStarter::Dask:
        break;
    }
    return QStringLiteral("dask");
}

QString aboutStarter(JobStarter starter)
{
    switch (starter) {
    case JobStarter::ThisMachine:
        return tr(
            "Does all tasks on this machine, as many at once as it has threads, and then makes what the "
            "job is for. For a first try.");
    case JobStarter::Slurm:
        return tr(
            "Submits an array of jobs for each kind of task, each after the one before. Options of sbatch "
            "(--partition, --time, --mem) go before the two dashes.");
    case JobStarter::Snakemake:
        return tr("Runs the tasks as rules of a Snakefile: here, or with --profile on a cluster.");
    case JobStarter::Parallel:
        return tr("Runs the tasks with GNU parallel: here, or with its option --sshloginfile on other "
                  "machines.");
    case JobStarter::Dask:
        break;
    }
    return tr(
        "Runs the tasks on the workers of Dask: here, or with --scheduler ADDRESS on those of a cluster.");
}

QString commandsFor(JobStarter starter, const JobCommands& wanted)
{
    const auto script = scriptOf(starter, wanted.programs);
    if (script.empty() && starter != JobStarter::ThisMachine && starter != JobStarter::Parallel)
        return {};
    const auto job = shellQuoted(wanted.job.folder), cli = shellQuoted(wanted.programs.cli),
               merges = QString::number(wanted.merges);
    switch (starter) {
    case JobStarter::ThisMachine:
        return shard("run", wanted) + mergesOf(wanted) + result(wanted);
    case JobStarter::Parallel:
        if (script.empty())
            return parallelLines(wanted);
        [[fallthrough]];
    case JobStarter::Slurm:
        return QStringLiteral("PACKETLOOM_CLI=%1 %2 -m %3 %4 --%5")
            .arg(cli, shellQuoted(script), merges, job, result(wanted));
    case JobStarter::Snakemake:
        return QStringLiteral("snakemake -s %1 --cores all --config job=%2 cli=%3 merges=%4 finish=%5")
            .arg(shellQuoted(script), job, cli, merges, shellQuoted(result(wanted).trimmed().toStdString()));
    case JobStarter::Dask:
        break;
    }
    return QStringLiteral("python3 %1 --cli %2 --merges %3 %4 --%5")
        .arg(shellQuoted(script), cli, merges, job, result(wanted));
}

QString nextCommand(const JobStatus& status, const JobCommands& wanted)
{
    const auto next = std::ranges::find_if(
        status.tasks, [](const TaskStatus& task) { return task.state != TaskState::Done; });
    if (next == status.tasks.end())
        return shard("finish", wanted) + result(wanted);
    const TaskId& task = next->id;
    const char* const verb = task.kind == TaskKind::Map      ? "map"
                             : task.kind == TaskKind::Reduce ? "reduce"
                                                             : "merge";
    return shard(verb, wanted) + QStringLiteral(" --task %1").arg(task.number) +
           (task.kind == TaskKind::Merge ? mergesOf(wanted) : QString());
}

} // namespace packetloom
