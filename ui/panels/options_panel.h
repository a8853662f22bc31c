// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/option_table.h"

#include <QWidget>
#include <filesystem>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace packetloom {

class CaptureFilterLine;

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
    /// Packets must match this one, too.
    void addFilter(const QString& filter);
    /// Everything is to be read: addresses, times and a limit of rows go.
    void clearFilters();
    /// See Options::skipBroken.
    void setSkipBroken(bool skip);
    /// A list as it may be typed, from a file.
    void setAddresses(const QString& list);
    /// How flows are made and written is remembered; filters are not, they would be easily overlooked.
    void saveSettings() const;

signals:
    void changed();
    void addressListWanted(const std::filesystem::path& file);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void check();
    void chooseAddressList();
    void restoreDefaults();
    void restoreSettings();
    QSpinBox* number(OptionId id);

    QPlainTextEdit* addresses_;
    QComboBox* ends_;
    QLabel* addressProblem_;
    QLineEdit* from_;
    QLineEdit* to_;
    QLabel* timeProblem_;
    CaptureFilterLine* filter_;
    QToolButton* more_;
    QWidget* engine_;
    struct NumberBox
    {
        OptionId id;
        QSpinBox* box;
    };
    std::vector<NumberBox> numbers_;
    QComboBox* flowsBy_;
    QComboBox* tunnels_;
    QCheckBox* checksums_;
    QCheckBox* skipBroken_;
    QLineEdit* label_;
    QPushButton* defaults_;
    bool valid_ = true;
};

} // namespace packetloom
