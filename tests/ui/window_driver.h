// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/session.h"
#include "tests/support/test_folder.h"
#include "ui/main_window.h"

#include <QAction>
#include <filesystem>
#include <vector>

namespace packetloom::test {

/// The real window with the real jobs behind it, and hands to use it. Widgets are found by what a screen
/// reader says, actions by their text.
class WindowDriver
{
public:
    static constexpr int patience = 60'000; ///< milliseconds

    /// Settings of the user's own stay out of it; call before the first window is made.
    static void useSettingsOfItsOwn(const QString& name);

    WindowDriver();

    [[nodiscard]] MainWindow& window() { return window_; }
    [[nodiscard]] Session& session() { return session_; }
    /// The latest that was shown; null again after forget().
    [[nodiscard]] const AnalysisPtr& analysis() const { return analysis_; }
    void forget() { analysis_.reset(); }

    template <class Widget>
    [[nodiscard]] Widget* named(const QString& accessibleName) const
    {
        for (auto* const widget : window_.findChildren<Widget*>()) {
            if (widget->accessibleName() == accessibleName)
                return widget;
        }
        qFatal("no widget is called %s", qPrintable(accessibleName));
    }
    [[nodiscard]] QAction* action(const QString& text) const;
    /// A button with this text that can be seen.
    void press(const QString& text) const;
    /// Whether a label with just this text can be seen.
    [[nodiscard]] bool shows(const QString& text) const;
    /// By the name that it is saved under.
    void showPage(const QString& name);
    void drop(const std::vector<std::filesystem::path>& paths);
    /// Analyzes what is open and waits; false when nothing came.
    [[nodiscard]] bool analyze();
    /// What a table shows, a line a row, cells joined by |.
    [[nodiscard]] QStringList table(const QString& accessibleName) const;

private:
    MainWindow window_;
    Session session_;
    AnalysisPtr analysis_;
};

} // namespace packetloom::test
