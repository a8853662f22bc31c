// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom: the desktop program.

#include "app/session.h"
#include "core/support/build_text.h"
#include "core/support/path_text.h"
#include "core/support/standard_stream.h"
#include "core/support/stop_signals.h"
#include "core/support/version.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <memory>
#include <string_view>

namespace {

/// A folder that comes with the program, by a file of it: beside the program, where it is installed, or in
/// the source tree. Empty where there is none.
QString bundledFolder(const QString& name, const QString& file, const QString& inSource)
{
    const auto here = QCoreApplication::applicationDirPath();
    for (const auto& place :
         {QStringLiteral("/") + name, QStringLiteral("/../share/packetloom/") + name,
          QStringLiteral("/../Resources/") + name, QStringLiteral("/../../../") + inSource}) {
        const auto folder = here + place;
        if (QFileInfo::exists(folder + QLatin1Char('/') + file))
            return QFileInfo(folder).canonicalFilePath();
    }
    return {};
}

/// What runs the tasks of jobs: the program beside this one, and the scripts for clusters.
packetloom::JobPrograms jobPrograms()
{
    using packetloom::pathFromText;
    packetloom::JobPrograms programs;
    auto cli = QStringLiteral("/packetloom-cli");
#ifdef Q_OS_WIN
    cli += QStringLiteral(".exe");
#endif
    if (const QFileInfo beside(QCoreApplication::applicationDirPath() + cli); beside.isExecutable())
        programs.cli = pathFromText(beside.absoluteFilePath().toStdString());
    programs.drivers =
        pathFromText(bundledFolder(QStringLiteral("cluster"), QStringLiteral("slurm/packetloom-slurm"),
                                   QStringLiteral("packaging/cluster"))
                         .toStdString());
    return programs;
}

/// Help and version, asked for alone, are texts, for terminals without a display too.
std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv)
{
    const std::string_view word = argc == 2 ? argv[1] : "";
    if (word == "--help" || word == "-h" || word == "--version" || word == "-v")
        return std::make_unique<QCoreApplication>(argc, argv);
    return std::make_unique<QApplication>(argc, argv);
}

} // namespace

int main(int argc, char** argv)
{
    using packetloom::pathFromText;
    packetloom::holdStandardStreams(); // before anything is opened
    static packetloom::StopEvent stop; // for as long as signals may come
    packetloom::catchStopSignals(stop);
    const auto application = makeApplication(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Packetloom"));
    QApplication::setApplicationName(QStringLiteral("Packetloom"));
    QApplication::setApplicationVersion(
        QStringLiteral(PACKETLOOM_VERSION " (build %1, Qt %2)")
            .arg(QLatin1String(packetloom::buildText()), QLatin1String(qVersion())));

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Opens packet captures, previews their flows and exports datasets."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption map(
        QStringLiteral("ip-map"),
        QCoreApplication::translate("main", "JSON file that names integer address ids."),
        QStringLiteral("file"));
    const QCommandLineOption analyze(QStringLiteral("analyze"),
                                     QCoreApplication::translate("main", "Analyze the captures at once."));
    parser.addOptions({map, analyze});
    parser.addPositionalArgument(
        QStringLiteral("captures"),
        QCoreApplication::translate("main",
                                    "Captures (pcap, pcapng or CSV, plain or gzip); a dataset's folder; "
                                    "a table of flows; a session."),
        QStringLiteral("[files...]"));
    parser.process(*application);
    if (!qobject_cast<QApplication*>(application.get()))
        return 0; // not reached: process() has said what was asked for

    QGuiApplication::setDesktopFileName(QStringLiteral(PACKETLOOM_ID));
    QGuiApplication::setWindowIcon(packetloom::applicationIcon());

    packetloom::applyTheme(packetloom::rememberedTheme());
    packetloom::MainWindow window;
    packetloom::Session session(window);
    window.setJobPrograms(jobPrograms());
    if (const auto sample = bundledFolder(QStringLiteral("sample"), QStringLiteral("capture.csv.gz"),
                                          QStringLiteral("resources/sample"));
        !sample.isEmpty())
        window.setSample(pathFromText((sample + QStringLiteral("/capture.csv.gz")).toStdString()),
                         pathFromText((sample + QStringLiteral("/ip_map.json")).toStdString()));
    application->installEventFilter(&session);
    // Told to end from outside, it asks nothing: jobs are stopped, and leave nothing behind.
    std::unique_ptr<QSocketNotifier> told;
    if (stop.descriptor() >= 0) {
        told = std::make_unique<QSocketNotifier>(stop.descriptor(), QSocketNotifier::Read);
        QObject::connect(told.get(), &QSocketNotifier::activated, &session, [&] {
            told->setEnabled(false);
            session.endedFromOutside();
            QCoreApplication::exit(128 + packetloom::caughtStopSignal());
        });
    }
    window.show();
    if (const auto data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation); !data.isEmpty())
        session.keepIn(pathFromText((data + QStringLiteral("/recovery")).toStdString()));
    std::vector<std::filesystem::path> paths;
    for (const auto& name : parser.positionalArguments())
        paths.push_back(pathFromText(QFileInfo(name).absoluteFilePath().toStdString()));
    if (!paths.empty())
        session.open(paths);
    if (parser.isSet(map)) // after a session, so that it counts
        window.setIpMap(pathFromText(QFileInfo(parser.value(map)).absoluteFilePath().toStdString()));
    if (parser.isSet(analyze))
        window.requestAnalysis();
    return QApplication::exec();
}
