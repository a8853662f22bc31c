// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture_facts.h"
#include "core/input/input_spec.h"
#include "core/support/result.h"

#include <QDialog>
#include <vector>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QTableWidget;

namespace packetloom {

/// Asks how a table is to be read: what is between its fields, what its columns are and what its times count,
/// over the first rows. Whatever is chosen is tried at once: it asks for an inspection and shows what came of
/// it.
class MappingDialog final : public QDialog
{
    Q_OBJECT

public:
    MappingDialog(const InputSpec& spec, const CaptureFacts& facts, QWidget* parent);

    /// As it is chosen now.
    [[nodiscard]] InputSpec spec() const;
    /// The answer to inspectionWanted(); one about another choice is not looked at.
    void setFacts(const InputSpec& spec, const Result<CaptureFacts>& facts);

signals:
    void inspectionWanted(const packetloom::InputSpec& spec);

private:
    void show(const CaptureFacts& facts);
    void showRows(const CaptureFacts& facts);
    void showStatus(const CaptureFacts& facts);
    void fillSaved();
    void takeSaved(int index);
    void save();
    void tryIt();
    [[nodiscard]] std::string mapping() const;

    InputSpec spec_;
    QStringList header_;
    QComboBox* delimiter_;
    QCheckBox* noHeader_;
    QComboBox* unit_;
    QLineEdit* begin_;
    QComboBox* saved_;
    QTableWidget* table_;
    std::vector<QComboBox*> roles_; ///< by column of the table
    QLabel* status_;
    QDialogButtonBox* buttons_;
    bool showing_ = false; ///< what changes is not the user's doing
};

} // namespace packetloom
