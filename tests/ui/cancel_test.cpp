// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/messages.h"

#include <QElapsedTimer>
#include <QTest>
#include <algorithm>
#include <functional>
#include <map>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Cancel at moments that nobody chose: whatever the work was at, nothing is left of it. Environment:
/// PACKETLOOM_CANCEL_MOMENTS (a few), PACKETLOOM_CANCEL_SEED (1).
class CancelTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void atAnyMoment_data();
    void atAnyMoment();

private:
    [[nodiscard]] bool idle() const { return driver_->session().jobs().running() == Jobs::Kind::None; }

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
    QByteArray temporary_; ///< TMPDIR as it was
};

namespace {

constexpr int patience = WindowDriver::patience;
constexpr int settled = 1000; ///< milliseconds

int number(const char* name, int otherwise)
{
    bool given = false;
    const int value = qEnvironmentVariableIntValue(name, &given);
    return given ? value : otherwise;
}

/// How many entries a folder of /proc has: open files, threads. 0 where there is none.
std::ptrdiff_t held(const char* folder)
{
    std::error_code none;
    return std::distance(std::filesystem::directory_iterator(folder, none),
                         std::filesystem::directory_iterator{});
}

/// What is in a folder, and where it leads, for a failure's text.
QString listed(const std::filesystem::path& folder)
{
    QString text;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        text += QStringLiteral(" ") + shownPath(entry.path().filename()) + QStringLiteral(">") +
                shownPath(read_symlink(entry.path(), none));
    return text;
}

} // namespace

void CancelTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("CancelTest"));
}

void CancelTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    std::filesystem::create_directory(*folder_ / "temporary");
    temporary_ = qgetenv("TMPDIR");
    qputenv("TMPDIR", QByteArray::fromStdString((*folder_ / "temporary").string()));
    driver_ = std::make_unique<WindowDriver>();
}

void CancelTest::cleanup()
{
    driver_.reset();
    temporary_.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", temporary_);
    folder_.reset();
}

void CancelTest::atAnyMoment_data()
{
    QTest::addColumn<QString>("work");
    for (const char* work : {"analysis", "export of captures", "export of a preview", "export of flows",
                             "export of a preview's flows", "opening a dataset"})
        QTest::newRow(work) << work;
}

void CancelTest::atAnyMoment()
{
    QFETCH(QString, work);
    std::vector<std::filesystem::path> inputs;
    for (const char* const name : {"a.csv", "b.csv", "c.csv"})
        inputs.push_back(folder_->write(name, conversations(4'000)));
    const auto set = *folder_ / "set";
    MainWindow& window = driver_->window();
    driver_->drop(inputs);
    const bool ofFlows = work.endsWith(QLatin1String("flows"));
    const auto content = [&] {
        return ofFlows ? std::map<std::string, std::string>{{"", contentOf(set)}} : datasetContent(set);
    };
    std::map<std::string, std::string> whole;
    std::function<void()> start;
    if (work == QLatin1String("analysis")) {
        start = [&] { driver_->action("Analyze")->trigger(); };
    } else if (work == QLatin1String("opening a dataset")) {
        Options options;
        options.inputs = inputs;
        QVERIFY(convert(options, set, [](const Progress&) { return true; }));
        start = [&] { driver_->drop({set}); };
    } else {
        if (work.startsWith(QLatin1String("export of a preview")))
            QVERIFY(driver_->analyze());
        start = [&] { emit window.exportWanted(window.options(), set); };
        if (ofFlows)
            start = [&] {
                emit window.flowExportWanted(window.options(), {.format = outputFormatNamed("conn-log"),
                                                                .rules = {},
                                                                .filter = {},
                                                                .flows = {},
                                                                .file = set});
            };
    }
    const bool writes = work.startsWith(QLatin1String("export"));

    // Once to the end: how long it takes, and what it holds then.
    QElapsedTimer took;
    took.start();
    start();
    QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
    const auto whileItLasts = std::max<qint64>(took.elapsed(), 2);
    if (writes) {
        QVERIFY2(window.message().startsWith("Exported"), qPrintable(window.message()));
        whole = content();
        std::filesystem::remove_all(set);
    }
    QTest::qWait(settled); // charts are drawn, and what is checked in the background is closed
    const auto names = folder_->names();
    const auto files = held("/proc/self/fd");
    const auto threads = held("/proc/self/task");

    std::minstd_rand random(static_cast<unsigned>(number("PACKETLOOM_CANCEL_SEED", 1)));
    std::uniform_int_distribution<qint64> moment(0, whileItLasts);
    const int moments = number("PACKETLOOM_CANCEL_MOMENTS", 6);
    int stopped = 0;
    for (int i = 0; i < moments; ++i) {
        start();
        QVERIFY(!idle());
        QTest::qWait(static_cast<int>(moment(random)));
        if (driver_->action("Cancel")->isEnabled())
            driver_->action("Cancel")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(idle(), patience);
        stopped += window.message().startsWith("Stopped") ? 1 : 0;
        if (writes && !window.message().startsWith("Stopped")) { // too late for that
            QVERIFY2(window.message().startsWith("Exported"), qPrintable(window.message()));
            QVERIFY(content() == whole);
            std::filesystem::remove_all(set);
        }
        QVERIFY2(folder_->names() == names, qPrintable(window.message() + listed(folder_->path())));
        if (work == QLatin1String("export of captures") ||
            work == QLatin1String("export of flows")) // the others may hold the preview there
            QVERIFY(std::filesystem::is_empty(*folder_ / "temporary"));
    }
    qInfo("%d of %d were stopped within %lld ms", stopped, moments, static_cast<long long>(whileItLasts));
    QVERIFY(stopped > 0);
#ifdef Q_OS_LINUX
    QTest::qWait(settled);
    QVERIFY2(held("/proc/self/fd") == files, qPrintable(listed("/proc/self/fd")));
    QVERIFY2(held("/proc/self/task") <= threads + 2, "threads are left"); // but for idle ones of Qt's pool
#endif
    driver_.reset();
    QVERIFY(std::filesystem::is_empty(*folder_ / "temporary"));
}

QTEST_MAIN(CancelTest)
#include "cancel_test.moc"
