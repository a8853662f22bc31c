// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How long the page of packets takes in the window, from the wish to the picture, with the traffic of the
// shape `campus`; and the longest pause of the event loop while rows are copied. Prints medians in
// milliseconds.
//
//   packetloom-packets-window-bench [--rows N] [--runs N] [--copied N]
//                                            (default: 10000000 rows, 20 runs, 1000000 copied rows)

#include "tests/support/generator/generator.h"
#include "tests/support/generator/shapes.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/long_table_view.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// Milliseconds from `wish` until `done` holds and what it changed is painted.
double measured(MainWindow& window, const std::function<void()>& wish, const std::function<bool()>& done)
{
    QElapsedTimer clock;
    clock.start();
    wish();
    while (!done()) {
        if (clock.hasExpired(WindowDriver::patience))
            qFatal("the window does not answer");
        QApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    window.repaint();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

void report(const QString& what, int runs, const std::function<double()>& once)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i)
        times.push_back(once());
    std::sort(times.begin(), times.end());
    std::printf("%-52s %9.1f ms  (worst %.1f)\n", qPrintable(what), times[times.size() / 2], times.back());
    std::fflush(stdout);
}

/// The longest time between two looks at the event loop while something goes on.
double longestPause(const std::function<void()>& wish, const std::function<bool()>& done)
{
    qint64 worst = 0;
    QElapsedTimer clock, all;
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, [&] {
        worst = std::max(worst, clock.nsecsElapsed());
        clock.restart();
    });
    clock.start();
    all.start();
    watch.start(0);
    wish();
    while (!done()) {
        if (all.hasExpired(10 * WindowDriver::patience))
            qFatal("the window does not answer");
        QApplication::processEvents(QEventLoop::AllEvents, 5);
    }
    std::printf("(%.1f s in all) ", static_cast<double>(all.elapsed()) / 1e3);
    return static_cast<double>(worst) / 1e6;
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption rowsOption("rows", "Packets in the capture.", "N", "10000000");
    const QCommandLineOption runsOption("runs", "Repetitions.", "N", "20");
    const QCommandLineOption copiedOption("copied", "Rows that are copied.", "N", "1000000");
    parser.addOptions({rowsOption, runsOption, copiedOption});
    parser.process(application);
    const int runs = parser.value(runsOption).toInt(), copied = parser.value(copiedOption).toInt();
    auto wanted = generator::shapeOptions("campus");
    if (!wanted || runs < 1 || copied < 1)
        return 2;
    wanted->rows = parser.value(rowsOption).toULongLong();

    WindowDriver::useSettingsOfItsOwn("PacketsWindowBench");
    const TestFolder folder;
    if (!generator::generateFiles(*wanted, folder / "campus.csv", folder / "map.json").error.empty())
        return 1;
    WindowDriver driver;
    driver.drop({folder / "campus.csv", folder / "map.json"});
    auto& window = driver.window();
    window.resize(1400, 900);
    if (!driver.analyze())
        return 1;
    auto* const view = window.findChild<LongTableView*>();
    const auto cell = [&](int column) { return view->table()->model()->index(0, column).data().toString(); };
    const auto there = [&] { return view->table()->model()->rowCount() == 0 || !cell(0).isEmpty(); };
    std::printf("%llu packets, %zu flows, median of %d\n",
                static_cast<unsigned long long>(driver.analysis()->spool.packets()),
                driver.analysis()->flows.size(), runs);

    report("first look at the page", 1, [&] {
        return measured(
            window, [&] { driver.showPage("packets"); }, there);
    });
    report("flows are known", 1, [&] {
        return measured(
            window, [] {}, [&] { return rowFlowsIfMade(*driver.analysis()) != nullptr; });
    });
    report("the page after an analysis, the page in front", runs, [&] {
        return measured(
            window, [&] { window.packets().setAnalysis(driver.analysis()); }, there);
    });
    std::mt19937 random(1);
    report("another place", 10 * runs, [&] {
        return measured(
            window, [&] { view->scrollToRow(int(random() % unsigned(driver.analysis()->spool.packets()))); },
            there);
    });
    report("a page on", 10 * runs, [&] {
        return measured(
            window, [&] { QTest::keyClick(view->table(), Qt::Key_PageDown); }, there);
    });
    auto* const filter = driver.named<QLineEdit>("Filter what is seen");
    const auto* const bar = window.findChild<NarrowingBar*>();
    for (const auto* const text :
         {":443", "src == 17 or dst == 4711", "proto == udp", "graceful and bytes > 100k"}) {
        // The 150 ms that the line waits for further typing are part of it.
        report(QStringLiteral("filter by \"%1\"").arg(QLatin1String(text)), std::min(runs, 5), [&] {
            bool answered = false;
            const auto watching =
                QObject::connect(&driver.session().jobs().packets(), &PacketLookups::selected, &window,
                                 [&] { answered = bar->filterText() == filter->text(); });
            const auto done = [&] { return answered && there(); };
            const double time = measured(
                window, [&] { filter->setText(text); }, done);
            answered = false;
            measured(
                window, [&] { filter->clear(); }, done);
            QObject::disconnect(watching);
            return time;
        });
    }
    view->setCurrentRow(0);
    QApplication::clipboard()->clear();
    report("longest pause while rows are copied", 1, [&] {
        return longestPause(
            [&] {
                view->setCurrentRow(0);
                view->chooseTo(copied - 1);
                QTest::keyClick(view->table(), Qt::Key_C, Qt::ControlModifier);
            },
            [] { return !QApplication::clipboard()->text().isEmpty(); });
    });
    return 0;
}
