// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/inspect.h"

#include <QWidget>
#include <filesystem>
#include <vector>

class QLabel;
class QToolButton;

namespace packetloom {

class CaptureList;

/// The captures to read and the IP map.
class CapturePanel final : public QWidget
{
    Q_OBJECT

public:
    explicit CapturePanel(QWidget* parent = nullptr);

    [[nodiscard]] std::vector<std::filesystem::path> captures() const;
    [[nodiscard]] std::filesystem::path ipMap() const { return ipMap_; }
    /// Files that are in the list already are not added again.
    void addCaptures(const std::vector<std::filesystem::path>& paths);
    void setIpMap(const std::filesystem::path& path);
    void clear();
    void setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts);
    /// Whether every file is one that can be read, as far as is known.
    [[nodiscard]] bool allReadable() const;

    /// The file dialogs, also for the menu.
    void chooseCaptures();
    void chooseIpMap();

signals:
    void changed();
    /// Files were chosen to be opened: captures, or whatever else they are.
    void chosen(const std::vector<std::filesystem::path>& paths);
    void inspectionWanted(const std::filesystem::path& path);

private:
    void updateActions();
    void updateMap();

    CaptureList* list_;
    QToolButton* remove_;
    QToolButton* up_;
    QToolButton* down_;
    QLabel* mapLabel_;
    QLabel* mapHint_;
    QToolButton* clearMap_;
    std::filesystem::path ipMap_;
};

} // namespace packetloom
