// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/paper.h"

#include "ui/charts/timeline_chart.h"
#include "ui/messages.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QImage>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>
#ifdef PACKETLOOM_WITH_SVG
#include <QSvgGenerator>
#endif
#include <utility>

namespace packetloom {
namespace {

constexpr int margin = 16; // pixels of 1/96 inch, as all of these
constexpr int space = 8;
constexpr int density = 96, points = 72; // an inch
constexpr int sharpness = 2;             // of PNG

/// The lines, and what is painted below them.
class Sheet
{
public:
    Sheet(const Paper& paper, QStringList lines) : paper_(paper), lines_(std::move(lines)), size_(paper.size)
    {
        title_ = text_ = paper.font;
        title_.setPixelSize(18);
        title_.setBold(true);
        text_.setPixelSize(13);
        lineHeight_ = QFontMetrics(text_).lineSpacing();
        head_ = margin + QFontMetrics(title_).lineSpacing() +
                int(std::max<qsizetype>(lines_.size() - 1, 0)) * lineHeight_ + space;
    }

    [[nodiscard]] QSize size() const { return {size_.width() + 2 * margin, size_.height() + head_ + margin}; }

    void paint(QPainter& painter) const
    {
        const auto palette = paletteOf(Theme::Light);
        painter.fillRect(QRect({}, size()), palette.color(QPalette::Base));
        painter.setPen(palette.color(QPalette::Text));
        int top = margin;
        for (const auto& line : lines_) {
            const QFont& font = top == margin ? title_ : text_;
            const QFontMetrics metrics(font);
            painter.setFont(font);
            painter.drawText(margin, top + metrics.ascent(),
                             metrics.elidedText(line, Qt::ElideMiddle, size_.width()));
            top += metrics.lineSpacing();
        }
        painter.save();
        paper_.paint(painter, QRect({margin, head_}, size_));
        painter.restore();
    }

private:
    const Paper& paper_;
    QStringList lines_;
    QSize size_;
    QFont title_, text_;
    int lineHeight_ = 0, head_ = 0;
};

/// No writer of SVG takes controls out, which XML does not have.
QStringList withoutControls(QStringList lines)
{
    for (auto& line : lines) {
        for (auto& character : line) {
            if (character.category() == QChar::Other_Control)
                character = QLatin1Char('?');
        }
    }
    return lines;
}

bool paintPdf(const Sheet& sheet, const QString& title, QIODevice& file)
{
    QPdfWriter pdf(&file);
    pdf.setTitle(title);
    pdf.setCreator(QStringLiteral("Packetloom"));
    pdf.setResolution(density);
    const QSizeF paper = QSizeF(sheet.size()) * points / density;
    pdf.setPageSize(QPageSize(paper, QPageSize::Point, {}, QPageSize::ExactMatch));
    pdf.setPageMargins({});
    QPainter painter;
    if (!painter.begin(&pdf))
        return false;
    sheet.paint(painter);
    return painter.end();
}

bool paintPng(const Sheet& sheet, QIODevice& file)
{
    QImage image(sheet.size() * sharpness, QImage::Format_RGB32);
    image.setDevicePixelRatio(sharpness);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    sheet.paint(painter);
    painter.end();
    return image.save(&file, "PNG");
}

#ifdef PACKETLOOM_WITH_SVG
bool paintSvg(const Sheet& sheet, const QString& title, QIODevice& file)
{
    QSvgGenerator svg;
    svg.setOutputDevice(&file);
    svg.setTitle(title.toHtmlEscaped()); // it writes it as it is
    svg.setSize(sheet.size());
    svg.setViewBox(QRect({}, sheet.size()));
    svg.setResolution(density);
    QPainter painter;
    if (!painter.begin(&svg))
        return false;
    sheet.paint(painter);
    return painter.end();
}
#endif

} // namespace

QString pictureKinds()
{
    return TimelineChart::fileKinds();
}

QString savePaper(const Paper& paper, const QStringList& lines, const QString& path)
{
    const auto shown = withoutControls(lines);
    const Sheet sheet(paper, shown);
    const auto title = shown.value(0);
    const auto is = [&](QLatin1String ending) { return path.endsWith(ending, Qt::CaseInsensitive); };
    QSaveFile file(path);
    bool saved = file.open(QIODevice::WriteOnly);
    if (saved && is(QLatin1String(".pdf")))
        saved = paintPdf(sheet, title, file);
#ifdef PACKETLOOM_WITH_SVG
    else if (saved && is(QLatin1String(".svg")))
        saved = paintSvg(sheet, title, file);
#endif
    else if (saved)
        saved = paintPng(sheet, file);
    if (!saved)
        file.cancelWriting();
    return saved && file.commit()
               ? QString()
               : QCoreApplication::translate("packetloom::Paper", "%1 could not be written.")
                     .arg(shownText(path.toStdString()));
}

} // namespace packetloom
