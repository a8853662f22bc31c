// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"

#include <QElapsedTimer>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace packetloom;
using namespace packetloom::test;

/// Closing the window while it works asks first, and then leaves nothing behind.
class ClosingTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void withoutWorkItClosesAtOnce();
    void duringWorkItAsks_data();
    void duringWorkItAsks();
    void workThatEndsMeanwhileIsNotAskedAbout();

private:
    /// Presses the button with this text in the question that comes next; none: lets it stand.
    void whenAsked(const QString& button);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
    QByteArray temporary_; ///< TMPDIR as it was
    QStringList asked_;    ///< the questions' texts
    bool cancelIsDefault_ = false;
    QElapsedTimer answered_;
};

namespace {

constexpr int patience = WindowDriver::patience;
// The aim is a second; a test on a busy machine, under sanitizers, must not fail for being slow.
constexpr int soon = 5'000;

} // namespace

void ClosingTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("ClosingTest"));
}

void ClosingTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    std::filesystem::create_directory(*folder_ / "temporary");
    temporary_ = qgetenv("TMPDIR");
    qputenv("TMPDIR", QByteArray::fromStdString((*folder_ / "temporary").string()));
    driver_ = std::make_unique<WindowDriver>();
    asked_.clear();
}

void ClosingTest::cleanup()
{
    temporary_.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", temporary_);
    driver_.reset();
    folder_.reset();
}

void ClosingTest::whenAsked(const QString& button)
{
    QTimer::singleShot(0, &driver_->window(), [this, button] {
        auto* const question = driver_->window().findChild<QMessageBox*>();
        QVERIFY(question && question->isVisible());
        asked_ << question->text() << question->informativeText();
        cancelIsDefault_ = question->defaultButton() == question->button(QMessageBox::Cancel) &&
                           question->escapeButton() == question->button(QMessageBox::Cancel);
        for (const auto* const label : question->findChildren<QLabel*>())
            QVERIFY(label->text().isEmpty() || label->textFormat() == Qt::PlainText);
        for (auto* const candidate : question->buttons()) {
            if (candidate->text().remove(QLatin1Char('&')) == button) {
                answered_.start();
                candidate->click();
                return;
            }
        }
        QVERIFY(button.isEmpty());
    });
}

void ClosingTest::withoutWorkItClosesAtOnce()
{
    driver_->drop({folder_->write("in.csv", conversations(10))});
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->window().close());
    QVERIFY(!driver_->window().isVisible());
}

void ClosingTest::duringWorkItAsks_data()
{
    QTest::addColumn<bool>("exporting");
    QTest::newRow("analysis") << false;
    QTest::newRow("export") << true;
}

void ClosingTest::duringWorkItAsks()
{
    QFETCH(bool, exporting);
    // One text under many names: a capture that lasts, without the time to write it.
    std::vector<std::filesystem::path> inputs{folder_->write("in.csv", conversations(20'000))};
    for (int i = 0; i < 100; ++i) {
        inputs.push_back(*folder_ / ("in" + std::to_string(i) + ".csv"));
        std::filesystem::create_hard_link(inputs.front(), inputs.back());
    }
    const auto before = folder_->names();
    std::uint64_t rows = 0;
    driver_->drop(inputs);
    connect(&driver_->session().jobs(), &Jobs::progressed, this,
            [&](const LiveProgress& progress) { rows = progress.counters.rows; });
    if (exporting)
        emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    else
        driver_->action("Analyze")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(rows > 0, patience);

    whenAsked("Cancel");
    QVERIFY(!driver_->window().close());
    QCOMPARE(asked_.size(), 2);
    QCOMPARE(asked_[0], QString("Stop the work and close?"));
    QVERIFY2(asked_[1].contains(exporting ? "A dataset is being exported to" : "being analyzed"),
             qPrintable(asked_[1]));
    QVERIFY(cancelIsDefault_);
    QVERIFY(driver_->window().isVisible());
    const auto then = rows;
    QTRY_VERIFY_WITH_TIMEOUT(rows > then, patience); // it goes on

    QVERIFY(driver_->session().jobs().running() != Jobs::Kind::None);
    whenAsked("Stop and close");
    QVERIFY(driver_->window().close());
    QVERIFY(!driver_->window().isVisible());
    driver_.reset(); // waits for the workers, as the program does
    const auto elapsed = answered_.elapsed();
    qInfo("gone after %lld ms", static_cast<long long>(elapsed));
    QVERIFY(elapsed < soon);
    QCOMPARE(folder_->names(), before);
    QVERIFY(std::filesystem::is_empty(*folder_ / "temporary"));
}

// What was asked about is over: the window stays, with the result in it.
void ClosingTest::workThatEndsMeanwhileIsNotAskedAbout()
{
    driver_->drop({folder_->write("in.csv", conversations(100))});
    driver_->action("Analyze")->trigger();
    whenAsked({});
    QVERIFY(!driver_->window().close());
    QCOMPARE(asked_.size(), 2);
    QVERIFY(driver_->window().isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 100, patience);
    QVERIFY(driver_->window().close()); // and now there is nothing to ask
    QCOMPARE(asked_.size(), 2);
}

QTEST_MAIN(ClosingTest)
#include "closing_test.moc"
