// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/inspect.h"

#include <QHash>
#include <QListWidget>
#include <QTimer>
#include <filesystem>
#include <vector>

namespace packetloom {

/// The captures to read, in order: what each of them is, as soon as that is told (setFacts()), which it asks
/// for with inspectionWanted(). Of thousands of files, what is told is shown a few times a second. Files of
/// one name are told apart by their folders.
class CaptureList final : public QListWidget
{
    Q_OBJECT

public:
    explicit CaptureList(QWidget* parent = nullptr);

    [[nodiscard]] std::vector<std::filesystem::path> captures() const;
    /// Files that are in the list already are not added again.
    void addCaptures(const std::vector<std::filesystem::path>& paths);
    void removeAll();
    void setFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts);
    /// Whether every file is one that can be read, as far as is known; false without files.
    [[nodiscard]] bool allReadable() const;
    /// Whether some file holds address ids, as far as is known.
    [[nodiscard]] bool anyAddressIds() const;

    void removeSelected();
    /// The one that is selected, earlier or later.
    void moveSelected(int by);
    /// By first timestamp; files whose first timestamp is not known come last.
    void sortByTime();

signals:
    void changed();
    void inspectionWanted(const std::filesystem::path& path);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addRow(const std::filesystem::path& path);
    void showFacts(const std::filesystem::path& path, const Result<CaptureFacts>& facts);
    void showFactsSoFar();
    void updateNames();
    static void updateText(QListWidgetItem* item);

    QHash<QString, QListWidgetItem*> rows_; ///< by file
    std::vector<std::pair<std::filesystem::path, Result<CaptureFacts>>> factsToShow_;
    QTimer showing_;
};

} // namespace packetloom
