// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/recent_files.h"

#include <QAbstractButton>
#include <QWidget>
#include <filesystem>
#include <vector>

class QBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace packetloom {

/// A large button: a symbol, what it does, and a sentence about it.
class StartCard final : public QAbstractButton
{
    Q_OBJECT

public:
    StartCard(const QIcon& icon, const QString& title, const QString& sentence, QWidget* parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QFont titleFont() const;

    QString sentence_;
};

/// What is seen while nothing is open: the ways in, and what was open last.
class StartPage final : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    /// The card of the sample is there only where there is one.
    void setSample(bool any);

signals:
    void capturesWanted();
    void datasetWanted();
    void sessionWanted();
    void jobWanted();
    void sampleWanted();
    void recentWanted(const packetloom::RecentFile& file);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fillRecent();

    QBoxLayout* cards_;
    StartCard* sample_;
    QWidget* recent_;
    QVBoxLayout* recentLinks_;
};

/// What is seen while captures are open and were not analyzed: what there is, and what to do next.
class ReadyPage final : public QWidget
{
    Q_OBJECT

public:
    explicit ReadyPage(QWidget* parent = nullptr);

    /// `ready` is false where something at the left is not as it must be.
    void setCaptures(const std::vector<std::filesystem::path>& captures, bool filtered, bool ready);

signals:
    void analysisWanted();

private:
    QLabel* title_;
    QLabel* names_;
    QLabel* next_;
    QPushButton* analyze_;
};

} // namespace packetloom
