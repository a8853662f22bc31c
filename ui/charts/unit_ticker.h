// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <qcustomplot.h>

namespace packetloom {

/// A number with digit groups and so many decimals: "-1,234.50".
QString groupedDecimal(double number, int decimals);

/// Ticks of an axis that counts one unit and shows another (microseconds as seconds), with digit groups and
/// as many decimals as tell two ticks apart.
class UnitTicker : public QCPAxisTicker
{
public:
    /// So much of what the axis counts is 1 of what is shown.
    explicit UnitTicker(double unit = 1) : unit_(unit) {}
    void setUnit(double unit) { unit_ = unit; }
    /// What is counted is never less than one of it, such as bytes.
    void setWhole(bool whole) { whole_ = whole; }

protected:
    double getTickStep(const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;
    /// Of the ticks that are made.
    [[nodiscard]] int decimals() const;

private:
    double unit_;
    double step_ = 1;
    bool whole_ = false;
};

/// Sequence numbers of TCP as they stand in packets: the axis counts from the initial one, and they begin
/// anew behind 2^32 - 1 (RFC 9293, 3.4).
class SequenceTicker final : public UnitTicker
{
public:
    SequenceTicker() { setWhole(true); }
    /// -1: relative numbers.
    void setInitial(std::int64_t initial) { initial_ = initial; }

protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar formatChar, int precision) override;

private:
    std::int64_t initial_ = -1;
};

/// A relative number as it stands in packets.
std::uint32_t absoluteSequence(std::int64_t initial, std::int64_t relative);

} // namespace packetloom
