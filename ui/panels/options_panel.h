// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/options.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QSpinBox;
class QToolButton;

namespace packetloom {

/// Filters and options. What cannot be understood is marked where it stands, with the reason.
class OptionsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit OptionsPanel(QWidget* parent = nullptr);

    /// Fills in the filters and options; inputs and map are left as they are.
    void apply(Options& options) const;
    void setOptions(const Options& options);
    /// Nothing is wrong with any field.
    [[nodiscard]] bool valid() const { return valid_; }
    /// Takes a brushed interval over; microseconds since the epoch, inclusive.
    void setTimeWindow(std::int64_t start, std::int64_t end);
    void addAddress(const QString& address);

signals:
    void changed();

private:
    void check();
    QSpinBox* number(int least, int most, int value, const QString& name, const QString& tip);

    QPlainTextEdit* addresses_;
    QLabel* addressProblem_;
    QLineEdit* from_;
    QLineEdit* to_;
    QLabel* timeProblem_;
    QToolButton* more_;
    QWidget* engine_;
    QSpinBox* timeout_;
    QSpinBox* readChunk_;
    QSpinBox* chunk_;
    QSpinBox* maxRecords_;
    QLineEdit* label_;
    bool valid_ = true;
};

} // namespace packetloom
