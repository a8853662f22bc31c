// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/charts/histogram_chart.h"
#include "ui/panels/chip.h"
#include "ui/panels/distributions_panel.h"

#include <QComboBox>
#include <QLabel>
#include <QTableView>
#include <QTest>
#include <memory>
#include <qcustomplot.h>
#include <string>

namespace packetloom::test {

/// 60 flows of 1 ms to 3,600 ms, to three ports; and 40 of a single packet.
inline std::string traffic()
{
    std::string text = captureHeader();
    const auto row = [&](std::int64_t time, int from, int port, int length) {
        auto line = captureRow(captureStart + time, "10.0.0." + std::to_string(from), "10.9.0.1",
                               TcpFlags::syn, 1, 0, length);
        const std::string ports = ",40000,80,";
        line.replace(line.find(ports), ports.size(), ",40000," + std::to_string(port) + ",");
        text += line;
    };
    for (int i = 1; i <= 60; ++i) {
        const int port = i % 3 == 0 ? 443 : i % 3 == 1 ? 80 : 22;
        row(i * 10'000'000, i, port, 60);
        row(i * 10'000'000 + std::int64_t{i} * i * 1000, i, port, 60 + i);
    }
    for (int i = 101; i <= 140; ++i)
        row(i * 10'000'000, i, 80, 60);
    return text;
}

/// The page Distributions of the real window, and hands to use it.
class DistributionsHands
{
protected:
    void analyze(const std::string& text);
    void showSample();
    void choose(const char* box, const char* text);
    [[nodiscard]] DistributionsPanel& panel() const { return driver_->window().distributions(); }
    [[nodiscard]] HistogramChart* chart(int i = 0) const { return panel().charts().at(i); }
    [[nodiscard]] bool waitForAnswer() const
    {
        return QTest::qWaitFor([this] { return panel().distribution() != nullptr; }, WindowDriver::patience);
    }
    /// Empty where it says what can be done.
    [[nodiscard]] QString readout() const
    {
        const auto text =
            panel().findChild<QLabel*>(QStringLiteral("readout"), Qt::FindDirectChildrenOnly)->text();
        return text.startsWith(QStringLiteral("Click a bar")) ? QString() : text;
    }
    static void drag(HistogramChart* chart, int first, int last);
    [[nodiscard]] QStringList chips() const;
    [[nodiscard]] int flowsShown() const { return driver_->named<QTableView>("Flows")->model()->rowCount(); }

    void begin()
    {
        folder_ = std::make_unique<TestFolder>();
        driver_ = std::make_unique<WindowDriver>();
        driver_->window().resize(1240, 800);
    }
    void end()
    {
        driver_.reset();
        folder_.reset();
    }

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

inline void DistributionsHands::analyze(const std::string& text)
{
    driver_->drop({folder_->write("in.csv", text)});
    QVERIFY(driver_->analyze());
    driver_->action(QStringLiteral("Distributions"))->trigger();
}

inline void DistributionsHands::showSample()
{
    analyze(traffic());
    QVERIFY(waitForAnswer());
}

inline void DistributionsHands::choose(const char* box, const char* text)
{
    auto* const combo = driver_->named<QComboBox>(QString::fromLatin1(box));
    const int index = combo->findText(QString::fromUtf8(text));
    QVERIFY(index >= 0);
    combo->setCurrentIndex(index);
}

inline void DistributionsHands::drag(HistogramChart* chart, int first, int last)
{
    auto* const plot = chart->plot();
    plot->replot(); // what was changed has its place then
    const auto at = [&](int bin) { return QPoint(qRound(chart->middleOf(bin)), plot->height() / 2); };
    QTest::mousePress(plot, Qt::LeftButton, {}, at(first));
    QTest::mouseMove(plot, at((first + last) / 2));
    QTest::mouseMove(plot, at(last));
    QTest::mouseRelease(plot, Qt::LeftButton, {}, at(last));
}

inline QStringList DistributionsHands::chips() const
{
    QStringList texts;
    for (const auto* const chip : driver_->window().findChildren<Chip*>()) {
        if (chip->isVisible())
            texts << chip->text();
    }
    return texts;
}

} // namespace packetloom::test
