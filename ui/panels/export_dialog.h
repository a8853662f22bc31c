// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QDialog>
#include <cstdint>
#include <filesystem>
#include <optional>

class QCheckBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace packetloom {

/// Asks for the dataset's folder. Says what will happen to what is there, before it happens.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `packets`: what the preview holds, when it is what will be written; then the inputs need not be read
    /// again, and what the dataset takes is known before.
    ExportDialog(const QString& folder, std::optional<std::uint64_t> packets, bool compact, QWidget* parent);

    [[nodiscard]] std::filesystem::path folder() const;
    [[nodiscard]] QString folderText() const;
    /// JSON without white space.
    [[nodiscard]] bool compact() const;

private:
    void browse();
    void check();
    void checkSpace();
    void tryAccept();

    QLineEdit* folder_;
    std::optional<std::uint64_t> packets_;
    QLabel* state_;
    QLabel* space_;
    QCheckBox* compact_;
    QDialogButtonBox* buttons_;
};

} // namespace packetloom
