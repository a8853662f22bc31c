// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How long the window takes with very many flows: from the wish (a tab, a title that is clicked, a text in
// the filter line) to the picture. Prints a table of medians in milliseconds.
//
//   packetloom-window-bench [--flows N] [--runs N]          (default: 1000000 flows, 5 runs)

#include "core/analysis/flow_query.h"
#include "tests/ui/window_driver.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// As many flows as rows, from 5,000 addresses, of several outcomes.
std::filesystem::path writeCapture(const TestFolder& folder, int flows)
{
    const auto path = folder / "flows.csv";
    std::ofstream out(path, std::ios::binary);
    out << "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";
    for (int i = 0; i < flows; ++i) {
        const int client = static_cast<int>(std::uint64_t{2654435761} * static_cast<unsigned>(i) % 5000);
        out << 1735689600000000 + std::int64_t{i} * 37 << ",10." << client / 250 << '.' << client % 250
            << ".7,192.0.2." << i % 200 << ',' << 1024 + i % 60000 << ',' << 1 + i / 60000 << ','
            << (i % 3 == 0   ? 2
                : i % 3 == 1 ? 4
                             : 17)
            << ',' << i << ",0," << i % 1500 << ",6\n";
    }
    return path;
}

double median(std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

/// Milliseconds from `wish` until `done` holds and what it changed is painted.
double measured(MainWindow& window, const std::function<void()>& wish, const std::function<bool()>& done)
{
    QElapsedTimer clock;
    clock.start();
    wish();
    while (!done()) {
        if (clock.hasExpired(WindowDriver::patience))
            qFatal("the window does not answer");
        QApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    window.repaint();
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    const QCommandLineOption flowsOption("flows", "Flows in the table.", "N", "1000000");
    const QCommandLineOption runsOption("runs", "Repetitions.", "N", "5");
    parser.addOptions({flowsOption, runsOption});
    parser.process(application);
    const int flows = parser.value(flowsOption).toInt(), runs = parser.value(runsOption).toInt();
    if (flows < 1 || runs < 1)
        return 2;

    WindowDriver::useSettingsOfItsOwn("WindowBench");
    const TestFolder folder;
    WindowDriver driver;
    driver.drop({writeCapture(folder, flows)});
    if (!driver.analyze())
        return 1;
    auto& window = driver.window();
    auto* const tabs = window.findChild<QTabWidget*>();
    auto* const table = driver.named<QTableView>("Flows");
    auto* const filter = driver.named<QLineEdit>("Filter what is seen");
    bool answered = false;
    QObject::connect(&driver.session().jobs(), &Jobs::flowsSelected, &window, [&] { answered = true; });
    const auto whenAnswered = [&] { return answered; };
    const auto report = [&](const QString& what, const std::function<double()>& once) {
        std::vector<double> times;
        for (int i = 0; i < runs; ++i)
            times.push_back(once());
        std::printf("%-28s %8.1f ms  (worst %.1f)\n", qPrintable(what), median(times),
                    *std::max_element(times.begin(), times.end()));
        std::fflush(stdout);
    };
    std::printf("%d flows, median of %d\n", table->model()->rowCount(), runs);
    report("open the tab", [&] {
        tabs->setCurrentIndex(0);
        QApplication::processEvents();
        return measured(
            window, [&] { tabs->setCurrentIndex(1); }, [] { return true; });
    });
    for (int column = 0; column < flowColumnCount; ++column) {
        const auto title = table->model()->headerData(column, Qt::Horizontal).toString();
        bool descending = false;
        report("sort by " + title, [&] {
            answered = false;
            descending = !descending;
            return measured(
                window,
                [&] { table->sortByColumn(column, descending ? Qt::DescendingOrder : Qt::AscendingOrder); },
                whenAnswered);
        });
    }
    // Sorted by a text column, which is the most that a filter has to keep in order; the rest of 150 ms that
    // the filter line waits for further typing is part of it.
    answered = false;
    measured(
        window, [&] { table->sortByColumn(int(FlowColumn::Source), Qt::AscendingOrder); }, whenAnswered);
    for (const auto* const text :
         {"10.3.0.0/16", ":80", "graceful", "192.0.2.7 and bytes > 1k and not graceful", "flow_000123"}) {
        report(QStringLiteral("filter by \"%1\"").arg(QLatin1String(text)), [&] {
            if (!filter->text().isEmpty()) { // an empty line that is cleared asks for nothing
                answered = false;
                measured(
                    window, [&] { filter->clear(); }, whenAnswered);
            }
            answered = false;
            return measured(
                window, [&] { filter->setText(text); }, whenAnswered);
        });
    }
    return 0;
}
