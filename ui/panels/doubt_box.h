// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/input_cures.h"

#include <QFrame>
#include <filesystem>
#include <vector>

class QGridLayout;
class QLabel;
class QPushButton;

namespace packetloom {

/// Says what is doubtful of a capture, and offers what can be done about it.
class DoubtBox final : public QFrame
{
    Q_OBJECT

public:
    explicit DoubtBox(QWidget* parent = nullptr);

    /// Shows it; `spec` is how the file is read now, `header` that of a table.
    void tell(const std::filesystem::path& file, const InputProblem& problem, const InputSpec& spec,
              const QStringList& header);

signals:
    void cureWanted(const std::filesystem::path& file, const packetloom::InputCure& cure);
    /// The user knows better.
    void ignored(const std::filesystem::path& file, packetloom::ProblemCode code);

private:
    QLabel* text_;
    QGridLayout* grid_;
    std::vector<QPushButton*> buttons_; ///< of the cures
};

} // namespace packetloom
