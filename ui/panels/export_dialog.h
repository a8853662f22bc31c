// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/inspect_target.h"
#include "core/output/output_format.h"

#include <QDialog>
#include <QList>
#include <QString>
#include <cstdint>
#include <filesystem>
#include <optional>

class QButtonGroup;
class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLabel;
class QLineEdit;

namespace packetloom {

/// Asks what is exported, as what, and where to. Says what will happen to what is there, before it happens:
/// it asks for what is known of a place, and can be accepted when that was told.
class ExportDialog final : public QDialog
{
    Q_OBJECT

public:
    /// Something that can be exported.
    struct Content
    {
        QString words; ///< what it is
        /// How many packets at the most, where it is known: then what a dataset takes is known before.
        std::optional<std::uint64_t> packets;
        bool readAgain = false; ///< the captures are read for it
        QString refusal{};      ///< why it cannot be exported as this; empty where it can
    };
    /// What it can be exported as.
    struct Offer
    {
        const OutputFormat* format = nullptr;
        QList<Content> contents; ///< at least one, and as many in each offer; the first is chosen
        QString place;           ///< where to, unless another place is said
    };

    /// What exec() returns where it is to be made on a cluster, which is another dialog's.
    static constexpr int OnCluster = Accepted + 1;

    /// `offers`: at least one; the first is chosen.
    ExportDialog(const QList<Offer>& offers, bool compact, QWidget* parent);

    void chooseFormat(qsizetype offer);
    /// Index into the offers.
    [[nodiscard]] qsizetype format() const;
    /// Index into its contents.
    [[nodiscard]] qsizetype content() const;
    /// The folder or file.
    [[nodiscard]] std::filesystem::path target() const;
    [[nodiscard]] QString targetText() const;
    /// JSON without white space; of a dataset.
    [[nodiscard]] bool compact() const;
    /// Whether something is there that the user lets be replaced; after it was accepted.
    [[nodiscard]] bool replaces() const;
    /// Asks about the place that is there now; by itself whenever it is another one.
    void inspect();
    /// The answer; one about another place than the one that is there now is not looked at.
    void showTarget(const std::filesystem::path& target, const TargetFacts& facts);

signals:
    void inspectionWanted(const std::filesystem::path& target);

private:
    [[nodiscard]] const Offer& offer() const { return offers_[format()]; }
    [[nodiscard]] const Content& chosen() const { return offer().contents[content()]; }
    void makeContents();
    void browse();
    void showFormat();
    void showContent();
    void showSpace();
    void showNeed();
    void updateExport();
    void tryAccept();

    QList<Offer> offers_;
    QList<QString> places_; ///< by offer
    qsizetype shown_ = 0;   ///< the offer whose place is in the line
    QComboBox* formats_;
    QButtonGroup* choice_;
    QLabel* only_; ///< in place of a choice of one
    QLabel* source_;
    QLabel* title_;
    QLineEdit* target_;
    std::optional<OutputState> found_;       ///< where an export is possible
    std::optional<std::uint64_t> available_; ///< bytes
    QLabel* state_;
    QLabel* space_;
    QCheckBox* compact_;
    QDialogButtonBox* buttons_;
};

} // namespace packetloom
