// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/inspect.h"

#include <QHash>
#include <QMap>
#include <QTimer>
#include <QWidget>
#include <filesystem>
#include <vector>

class QLabel;
class QListWidget;
class QListWidgetItem;
class QToolButton;

namespace packetloom {

/// The captures to read, in order, and the IP map. Says what each file is as soon as it is told
/// (setFacts()); asks for that with inspectionWanted(). Of thousands of files, what is told is shown a few
/// times a second.
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
    void inspectionWanted(const std::filesystem::path& path);

private:
    void addRow(const std::filesystem::path& path);
    void showFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts);
    void showFactsSoFar();
    void removeSelected();
    void moveSelected(int by);
    void updateActions();
    void updateMap();

    QListWidget* list_;
    QToolButton* remove_;
    QToolButton* up_;
    QToolButton* down_;
    QLabel* mapLabel_;
    QLabel* mapHint_;
    QToolButton* clearMap_;
    std::filesystem::path ipMap_;
    QHash<QString, QListWidgetItem*> rows_; ///< by file
    QMap<QString, bool> addressIds_;        ///< by file: it holds ids
    std::vector<std::pair<std::filesystem::path, Result<CaptureFacts>>> factsToShow_;
    QTimer showing_;
};

} // namespace packetloom
