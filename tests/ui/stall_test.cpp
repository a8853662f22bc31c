// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/window_driver.h"

#include "tests/support/generator/generator.h"

#include <QElapsedTimer>
#include <QTabWidget>
#include <QTest>
#include <QTimer>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// The window must answer while it works. A watchdog in the event loop measures its longest pause.
///
/// The aim is 50 ms with 10 million rows in a release build on a machine of its own:
///     PACKETLOOM_STALL_ROWS=10000000 PACKETLOOM_STALL_LIMIT_MS=50 stall_test
/// As a part of the suite, with slow builds on shared machines, it is smaller and only catches work that is
/// done in the event loop.
class StallTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn("StallTest"); }
    void theWindowAnswersWhileItAnalyzes();
};

namespace {

int fromEnvironment(const char* name, int usual)
{
    bool given = false;
    const int value = qEnvironmentVariableIntValue(name, &given);
    return given ? value : usual;
}

class Watchdog
{
public:
    Watchdog()
    {
        timer_.setTimerType(Qt::PreciseTimer);
        timer_.setInterval(interval);
        QObject::connect(&timer_, &QTimer::timeout,
                         [this] { worst_ = std::max(worst_, clock_.restart() - interval); });
        clock_.start();
        timer_.start();
    }
    /// The longest pause since the last call, in milliseconds.
    qint64 takeWorst() { return std::exchange(worst_, 0); }

private:
    static constexpr int interval = 5;
    QTimer timer_;
    QElapsedTimer clock_;
    qint64 worst_ = 0;
};

} // namespace

void StallTest::theWindowAnswersWhileItAnalyzes()
{
    const int rows = fromEnvironment("PACKETLOOM_STALL_ROWS", 200'000);
    const int limit = fromEnvironment("PACKETLOOM_STALL_LIMIT_MS", 700);
    const TestFolder folder;
    generator::GeneratorOptions wanted;
    wanted.rows = static_cast<std::uint64_t>(rows);
    QVERIFY(generator::generateFiles(wanted, folder / "in.csv", folder / "map.json").error.empty());
    WindowDriver driver;
    driver.drop({folder / "in.csv", folder / "map.json"});
    QTest::qWait(300);
    Watchdog watchdog;
    QTest::qWait(100);
    watchdog.takeWorst();
    QVERIFY(driver.analyze());
    const auto analyzing = watchdog.takeWorst();
    QTest::qWait(1000); // the first look at the tables
    const auto showing = watchdog.takeWorst();
    auto* const tabs = driver.window().findChild<QTabWidget*>();
    for (int i = 0; i < tabs->count(); ++i) {
        tabs->setCurrentIndex(i);
        QTest::qWait(300);
    }
    const auto turning = watchdog.takeWorst();
    qInfo("%d rows, %zu flows: longest pause while analyzing %lld ms, showing %lld ms, turning pages %lld ms",
          rows, driver.analysis()->flows.size(), static_cast<long long>(analyzing),
          static_cast<long long>(showing), static_cast<long long>(turning));
    QVERIFY2(std::max({analyzing, showing, turning}) <= limit, "the event loop was held up");
}

QTEST_MAIN(StallTest)
#include "stall_test.moc"
