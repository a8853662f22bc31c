// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QDialog>
#include <filesystem>

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
    /// `fromPreview`: the inputs need not be read again.
    ExportDialog(const QString& folder, bool fromPreview, bool compact, QWidget* parent);

    [[nodiscard]] std::filesystem::path folder() const;
    [[nodiscard]] QString folderText() const;
    /// JSON without white space.
    [[nodiscard]] bool compact() const;

private:
    void browse();
    void check();
    void tryAccept();

    QLineEdit* folder_;
    QLabel* state_;
    QCheckBox* compact_;
    QDialogButtonBox* buttons_;
};

} // namespace packetloom
