// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/cell.h"

#include "core/support/text_format.h"
#include "core/support/utf8.h"

#include <QStringList>
#include <algorithm>
#include <type_traits>

namespace packetloom {
namespace {

template <class... F>
struct Overloaded : F...
{
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

QString qtText(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

std::string_view fullText(const HostileText& text)
{
    return text.full.empty() ? text.shown : text.full;
}

// printable() leaves these: separators of lines, marks of direction and width, tags
bool isInvisible(std::uint32_t codePoint)
{
    switch (QChar::category(char32_t{codePoint})) {
    case QChar::Other_Format:
    case QChar::Other_Control:
    case QChar::Other_PrivateUse:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

QString hexBytes(std::string_view bytes)
{
    QString text;
    for (const char byte : bytes)
        text += QStringLiteral("\\x%1").arg(static_cast<unsigned char>(byte), 2, 16, QLatin1Char('0'));
    return text;
}

// A sum as a number where that is exact.
QVariant rawSum(const WideSum& sum)
{
    return sum.fits64() ? QVariant(qlonglong{sum.clamped()})
                        : QVariant(QString::fromStdString(sum.decimal()));
}

} // namespace

QString visibleText(std::string_view text, qsizetype most)
{
    QString shown;
    while (!text.empty()) {
        const auto piece = decodeUtf8(text);
        const auto bytes = text.substr(0, piece.length);
        const QString next =
            piece.valid && isInvisible(piece.codePoint) ? hexBytes(bytes) : qtText(printable(bytes));
        if (shown.size() + next.size() > most)
            return shown + QChar(0x2026);
        shown += next;
        text.remove_prefix(piece.length);
    }
    return shown;
}

QString wholeText(std::string_view text)
{
    return isUtf8(text) ? qtText(text) : qtText(printable(text));
}

QString plainToolTip(const QString& text)
{
    constexpr qsizetype lineLength = 100;
    QStringList lines;
    for (qsizetype at = 0; at < text.size();) {
        auto length = std::min(lineLength, text.size() - at);
        if (text.at(at + length - 1).isHighSurrogate())
            ++length;
        lines += text.mid(at, length).toHtmlEscaped();
        at += length;
    }
    if (lines.isEmpty())
        return {};
    return QStringLiteral("<qt>%1</qt>").arg(lines.join(QStringLiteral("<br>")));
}

QString shownCell(const Cell& cell)
{
    return std::visit(Overloaded{
                          [](std::monostate) { return QString(); },
                          [](std::uint64_t number) { return qtText(grouped(number)); },
                          [](std::int64_t number) { return qtText(grouped(WideSum(number))); },
                          [](const WideSum& sum) { return qtText(grouped(sum)); },
                          [](const Identifier& id) { return QString::number(id.number); },
                          [](const Instant& time) { return qtText(utcTime(time.microseconds)); },
                          [](const TimeSpan& span) {
                              return qtText(span.exact ? exactSeconds(span.microseconds)
                                                       : duration(span.microseconds));
                          },
                          [](const TimeStep& step) {
                              const auto size = static_cast<std::uint64_t>(step.microseconds);
                              return step.microseconds < 0 ? QChar(0x2212) + qtText(exactSeconds(~size + 1))
                                                           : qtText(exactSeconds(size));
                          },
                          [](const Share& share) { return qtText(percent(share.part, share.whole)); },
                          [](const HostileText& text) { return visibleText(text.shown); },
                          [](const Words& words) { return words.shown; },
                      },
                      cell);
}

QVariant rawCell(const Cell& cell)
{
    return std::visit(Overloaded{
                          [](std::monostate) { return QVariant(QString()); },
                          [](std::uint64_t number) { return QVariant(qulonglong{number}); },
                          [](std::int64_t number) { return QVariant(qlonglong{number}); },
                          [](const WideSum& sum) { return rawSum(sum); },
                          [](const Identifier& id) { return QVariant(qlonglong{id.number}); },
                          [](const Instant& time) { return QVariant(qlonglong{time.microseconds}); },
                          [](const TimeSpan& span) { return QVariant(qulonglong{span.microseconds}); },
                          [](const TimeStep& step) { return QVariant(qlonglong{step.microseconds}); },
                          [](const Share& share) {
                              return QVariant(share.whole == 0 ? 0.0
                                                               : static_cast<double>(share.part) /
                                                                     static_cast<double>(share.whole));
                          },
                          [](const HostileText& text) { return QVariant(wholeText(fullText(text))); },
                          [](const Words& words) { return QVariant(words.raw); },
                      },
                      cell);
}

QString cellToolTip(const Cell& cell)
{
    if (const auto* text = std::get_if<HostileText>(&cell))
        return plainToolTip(visibleText(fullText(*text), toolTipCharacters));
    if (const auto* words = std::get_if<Words>(&cell))
        return plainToolTip(words->tip);
    return {};
}

bool cellLess(const Cell& a, const Cell& b)
{
    if (a.index() != b.index())
        return a.index() < b.index();
    return std::visit(
        [&b]<class T>(const T& x) {
            const T& y = std::get<T>(b);
            if constexpr (std::is_same_v<T, Share>)
                return x.part < y.part; // of the same whole
            else if constexpr (std::is_same_v<T, HostileText> || std::is_same_v<T, Words>)
                return x.shown < y.shown;
            else
                return x < y;
        },
        a);
}

} // namespace packetloom
