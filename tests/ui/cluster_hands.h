// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/program.h"
#include "tests/support/test_folder.h"
#include "tests/ui/dialog_hands.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/cluster_dialog.h"
#include "ui/panels/job_window.h"

#include <QComboBox>
#include <QLineEdit>
#include <QRadioButton>
#include <QSettings>
#include <QSpinBox>
#include <QTest>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <memory>

namespace packetloom::test {

/// A window whose user exports on a cluster. A check that fails fails the test.
class ClusterHands
{
protected:
    /// A new window and folder for each test.
    void begin()
    {
        QSettings().clear();
        folder_ = std::make_unique<TestFolder>();
        driver_ = std::make_unique<WindowDriver>();
        driver_->window().setJobPrograms({.cli = PACKETLOOM_CLI, .drivers = {}});
    }
    void end()
    {
        driver_.reset();
        folder_.reset();
    }

    /// Opens the dialog and has `use` do something with it.
    void inDialog(const std::function<void(ClusterDialog&)>& use)
    {
        bool used = false;
        QTimer::singleShot(0, &driver_->window(), [&] {
            auto* const dialog = driver_->window().findChild<ClusterDialog*>();
            use(*dialog);
            used = true;
            if (dialog->isVisible()) // it was not accepted
                dialog->reject();
        });
        driver_->action(QStringLiteral("Export on a cluster…"))->trigger();
        QVERIFY(used);
    }
    /// Chooses this place and size, and accepts; the content by its index.
    void plan(const std::filesystem::path& job, int content = 0, int format = 0)
    {
        inDialog([&](ClusterDialog& dialog) {
            dialog.findChild<QComboBox*>()->setCurrentIndex(format);
            if (const auto choices = dialog.findChildren<QRadioButton*>(); !choices.isEmpty())
                choices[content]->click();
            choose(dialog, job, 3, 1);
            QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog)->isEnabled(), patience);
            exportButton(dialog)->click();
        });
        QTRY_VERIFY2_WITH_TIMEOUT(jobWindow(), qPrintable(driver_->window().message()), patience);
    }
    [[nodiscard]] JobWindow* jobWindow() const { return driver_->window().findChild<JobWindow*>(); }
    static void choose(const ClusterDialog& dialog, const std::filesystem::path& job, int shards,
                       int megabytes)
    {
        dialog.findChild<QLineEdit*>()->setText(shown(job));
        const auto sizes = dialog.findChildren<QSpinBox*>();
        sizes[0]->setValue(shards);
        sizes[1]->setValue(megabytes);
    }

    static constexpr int patience = WindowDriver::patience;
    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

} // namespace packetloom::test
