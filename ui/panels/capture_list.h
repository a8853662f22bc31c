// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/inspect.h"

#include <QHash>
#include <QListWidget>
#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
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
    /// How the files are to be read that are not read as what is in them says.
    [[nodiscard]] std::vector<InputSpec> specs() const;
    [[nodiscard]] InputSpec spec(const std::filesystem::path& path) const;
    /// From now on it is read so; an inspection is asked for.
    void setSpec(const InputSpec& spec);
    /// The IP map of these files alone; with an empty one, that of all counts for them.
    void setIpMap(const std::vector<std::filesystem::path>& files, const std::filesystem::path& map);
    /// The answer to inspectionWanted(); one about a file that is not there any more, or is read in another
    /// way now, is not looked at.
    void setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts);
    /// What is known of a file; null for nothing.
    [[nodiscard]] std::shared_ptr<const CaptureFacts> facts(const std::filesystem::path& path) const;
    /// Of a table: the names in its first row.
    [[nodiscard]] QStringList header(const std::filesystem::path& path) const;
    /// What a file has against the others and against the IP map.
    void setTogether(const std::filesystem::path& path, const std::vector<InputProblem>& problems);
    /// Marks a file that was left out of a run, or not read to its end, until it is read in another way.
    void setIncomplete(const std::filesystem::path& path, const QString& why);
    void clearIncomplete();
    /// Whether every file is one that can be read, as far as is known; false without files.
    [[nodiscard]] bool allReadable() const;
    /// What is doubtful of the selected file, or else of the first one of which something is.
    struct Doubt
    {
        std::filesystem::path file;
        InputProblem problem;
    };
    [[nodiscard]] std::optional<Doubt> doubt() const;
    /// The user knows better.
    void ignore(const std::filesystem::path& path, ProblemCode code);
    void remove(const std::filesystem::path& path);

    void removeSelected();
    /// The one that is selected, earlier or later.
    void moveSelected(int by);
    /// By first timestamp; files whose first timestamp is not known come last.
    void sortByTime();

signals:
    void changed();
    void inspectionWanted(const packetloom::InputSpec& spec);
    /// Somebody wants to say what the columns of a table are.
    void mappingWanted(const std::filesystem::path& path);
    /// Somebody wants to choose the IP map of these files alone.
    void ipMapWanted(const std::vector<std::filesystem::path>& paths);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Row
    {
        QListWidgetItem* item = nullptr;
        InputSpec spec{};
        std::shared_ptr<const CaptureFacts> facts{};
        std::vector<InputProblem> together{};
        std::set<ProblemCode> ignored{};
    };

    void addRow(const std::filesystem::path& path);
    [[nodiscard]] std::vector<std::filesystem::path> selectedFiles() const;
    [[nodiscard]] const Row* rowOf(const std::filesystem::path& path) const;
    [[nodiscard]] static std::vector<InputProblem> problemsOf(const Row& row);
    void showFacts(const InputSpec& spec, const Result<CaptureFacts>& facts);
    void showFactsSoFar();
    void showRow(const std::filesystem::path& path, const Row& row);
    void updateNames();
    static void updateText(QListWidgetItem* item);

    QHash<QString, Row> rows_; ///< by file
    std::vector<std::pair<InputSpec, Result<CaptureFacts>>> factsToShow_;
    QTimer showing_;
};

} // namespace packetloom
