// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/inspect.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

class QLabel;
class QToolButton;

namespace packetloom {

class CaptureList;
class DoubtBox;
class MappingDialog;
struct InputCure;

/// The captures to read and the IP map.
class CapturePanel final : public QWidget
{
    Q_OBJECT

public:
    explicit CapturePanel(QWidget* parent = nullptr);

    [[nodiscard]] std::vector<std::filesystem::path> captures() const;
    [[nodiscard]] std::filesystem::path ipMap() const { return ipMap_; }
    /// By which the ids of a capture are read: its own, else that of all.
    [[nodiscard]] std::filesystem::path ipMapOf(const std::filesystem::path& capture) const;
    /// Files that are in the list already are not added again.
    void addCaptures(const std::vector<std::filesystem::path>& paths);
    void setIpMap(const std::filesystem::path& path);
    void clear();
    /// The answer to inspectionWanted().
    void setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts);
    /// How single captures are to be read.
    [[nodiscard]] std::vector<InputSpec> specs() const;
    void setSpecs(const std::vector<InputSpec>& specs);
    /// The answer to comparisonWanted(): what a capture has against the others and the IP map.
    void setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems);
    /// Marks a capture that was left out of a run, or not read to its end; `why` is plain text.
    void setIncomplete(const std::filesystem::path& path, const QString& why);
    void clearIncomplete();
    /// Whether every file is one that can be read, as far as is known.
    [[nodiscard]] bool allReadable() const;

    /// The file dialogs, also for the menu.
    void chooseCaptures();
    void chooseIpMap();
    /// Of some captures alone.
    void chooseOwnIpMap(const std::vector<std::filesystem::path>& captures);

signals:
    void changed();
    /// Files were chosen to be opened: captures, or whatever else they are.
    void chosen(const std::vector<std::filesystem::path>& paths);
    void inspectionWanted(const packetloom::InputSpec& spec);
    /// What is known of the captures, to be compared with each other and with their IP maps.
    void comparisonWanted(const packetloom::KnownInputs& inputs);

private:
    void updateActions();
    void updateMap();
    void updateDoubt();
    void compare();
    [[nodiscard]] QString chosenIpMap(const QString& title);
    void cure(const std::filesystem::path& file, const InputCure& cure);
    void chooseColumns(const std::filesystem::path& file);

    CaptureList* list_;
    QToolButton* remove_;
    QToolButton* up_;
    QToolButton* down_;
    QLabel* mapLabel_;
    QToolButton* clearMap_;
    DoubtBox* doubt_;
    QPointer<MappingDialog> mapping_; ///< while it is open
    QTimer comparing_;                ///< a moment of rest before it is asked
    std::filesystem::path ipMap_;
};

} // namespace packetloom
