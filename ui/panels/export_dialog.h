// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/inspect_target.h"

#include <QDialog>
#include <QList>
#include <QString>
#include <cstdint>
#include <filesystem>
#include <optional>

class QButtonGroup;
class QCheckBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace packetloom {

/// Asks for the dataset's folder. Says what will happen to what is there, before it happens: it asks for what
/// is known of a folder, and can be accepted when that was told.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    /// Something that can be exported.
    struct Content
    {
        QString words; ///< what it is
        /// How many packets at the most, where it is known: then what the dataset takes is known before.
        std::optional<std::uint64_t> packets;
        bool readAgain = false; ///< the captures are read for it
    };

    /// `contents`: at least one; the first is chosen.
    ExportDialog(const QString& folder, const QList<Content>& contents, bool compact, QWidget* parent);

    [[nodiscard]] std::filesystem::path folder() const;
    [[nodiscard]] QString folderText() const;
    /// Index into the contents.
    [[nodiscard]] qsizetype content() const;
    /// JSON without white space.
    [[nodiscard]] bool compact() const;
    /// Asks about the folder that is there now; by itself whenever another one is typed.
    void inspect();
    /// The answer; one about another folder than the one that is there now is not looked at.
    void showTarget(const std::filesystem::path& folder, const TargetFacts& facts);

signals:
    void inspectionWanted(const std::filesystem::path& folder);

private:
    void browse();
    void showContent();
    void showSpace();
    void showNeed();
    void tryAccept();

    QLineEdit* folder_;
    QList<Content> contents_;
    QButtonGroup* choice_;
    QLabel* source_;
    std::optional<OutputState> found_;       ///< where an export is possible
    std::optional<std::uint64_t> available_; ///< bytes
    QLabel* state_;
    QLabel* space_;
    QCheckBox* compact_;
    QDialogButtonBox* buttons_;
};

} // namespace packetloom
