// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/output_format.h"
#include "core/shard/outlook.h"

#include <QDialog>
#include <QList>
#include <QString>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace packetloom {

/// Asks into which tasks an export is cut, and where the job is to be. Suggests by the size of the inputs,
/// which it asks for together with what stands at the place, and can be accepted when that was told.
class ClusterDialog final : public QDialog
{
    Q_OBJECT

public:
    /// Something that can be exported.
    struct Content
    {
        QString words;     ///< what it is
        QString refusal{}; ///< why it cannot be cut into tasks; empty where it can
    };

    /// What it can be exported as.
    struct Offer
    {
        const OutputFormat* format = nullptr;
        QList<Content> contents; ///< at least one, and as many in each offer; the first is chosen
    };

    /// `offers`: at least one; the first is chosen. `place`: where the job is to be.
    ClusterDialog(const QList<Offer>& offers, const QString& place, bool compact, QWidget* parent);

    void chooseFormat(qsizetype offer);
    /// Index into the offers.
    [[nodiscard]] qsizetype format() const;
    /// Index into its contents.
    [[nodiscard]] qsizetype content() const;
    [[nodiscard]] std::filesystem::path folder() const;
    [[nodiscard]] QString folderText() const;
    [[nodiscard]] std::size_t shards() const;
    /// As JobPlan::taskBytes.
    [[nodiscard]] std::uint64_t taskBytes() const;
    /// JSON without white space; of a dataset.
    [[nodiscard]] bool compact() const;
    /// Asks about the place that is there now; by itself whenever it is another one.
    void inspect();
    /// The answer; one about another place than the one that is there now is not looked at.
    void showOutlook(const std::filesystem::path& folder, const JobOutlook& outlook);

signals:
    void inspectionWanted(const std::filesystem::path& folder);

private:
    void makeContents(QVBoxLayout* layout);
    void makeForm(QVBoxLayout* layout, const QString& place);
    void browse();
    void showFormat();
    void showPlace();
    void showTasks();
    void fit();

    QList<Offer> offers_;
    QComboBox* formats_;
    QButtonGroup* choice_;
    QLabel* only_; ///< in place of a choice of one
    QLabel* refusal_;
    QLineEdit* folder_;
    QPushButton* browse_;
    QLabel* state_;
    QSpinBox* shards_;
    QLabel* shardsHint_;
    QSpinBox* taskSize_; ///< megabytes
    QLabel* tasks_;
    QCheckBox* compact_;
    QDialogButtonBox* buttons_;
    std::optional<JobOutlook> outlook_; ///< of the place that is there now
    bool shardsChosen_ = false;         ///< by the user: what is suggested does not count any more
};

} // namespace packetloom
