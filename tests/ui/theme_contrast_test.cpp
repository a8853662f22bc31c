// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/packet_class.h"
#include "ui/charts/flow_colors.h"
#include "ui/charts/trace_colors.h"
#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/window_style.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QLineEdit>
#include <QMetaEnum>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace packetloom;

/// WCAG 2.1, level AA, of both themes: by their colours, and by what is drawn.
class ThemeContrastTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void ratiosAreThoseOfTheStandard();
    void textCanBeRead_data();
    void textCanBeRead();
    void controlsCanBeSeen_data();
    void controlsCanBeSeen();
    void focusCanBeSeen_data();
    void focusCanBeSeen();
    void chartsCanBeSeen_data();
    void chartsCanBeSeen();
    void symbolsFollowTheTheme();

private:
    QTemporaryDir settings_;
};

namespace {

constexpr double forText = 4.5, forControls = 3;

void themes()
{
    QTest::addColumn<int>("theme");
    QTest::newRow("light") << int(Theme::Light);
    QTest::newRow("dark") << int(Theme::Dark);
    QTest::newRow("system") << int(Theme::System);
}

QByteArray told(const char* what, double ratio)
{
    return QByteArray(what) + ": " + QByteArray::number(ratio, 'f', 2);
}

/// The best that a pixel of a picture stands out against a colour.
double strongest(const QImage& image, const QRect& part, const QColor& against)
{
    double best = 1;
    for (int y = part.top(); y <= part.bottom(); ++y) {
        for (int x = part.left(); x <= part.right(); ++x)
            best = std::max(best, contrastRatio(image.pixelColor(x, y), against));
    }
    return best;
}

QImage pictureOf(QWidget& widget)
{
    QImage image(widget.size(), QImage::Format_RGB32);
    image.fill(QApplication::palette().color(QPalette::Window));
    widget.render(&image, {}, {}, QWidget::DrawChildren);
    return image;
}

} // namespace

void ThemeContrastTest::initTestCase()
{
    QApplication::setOrganizationName(QStringLiteral("PacketloomTest"));
    QApplication::setApplicationName(QStringLiteral("ThemeContrastTest"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings_.path());
}

void ThemeContrastTest::ratiosAreThoseOfTheStandard()
{
    QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
    QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01); // a known one
    QCOMPARE(readable(Qt::black, Qt::white, Qt::white, 4.5), QColor(Qt::black));
    QVERIFY(contrastRatio(readable(Qt::white, Qt::black, Qt::white, 4.5), Qt::white) >= 4.5);
}

void ThemeContrastTest::textCanBeRead_data()
{
    themes();
}

void ThemeContrastTest::textCanBeRead()
{
    QFETCH(int, theme);
    const auto palette = paletteOf(static_cast<Theme>(theme));
    struct Pair
    {
        QPalette::ColorRole text, ground;
    };
    const Pair pairs[] = {
        {QPalette::WindowText, QPalette::Window},       {QPalette::Text, QPalette::Base},
        {QPalette::Text, QPalette::AlternateBase},      {QPalette::ButtonText, QPalette::Button},
        {QPalette::ToolTipText, QPalette::ToolTipBase}, {QPalette::HighlightedText, QPalette::Highlight},
        {QPalette::PlaceholderText, QPalette::Base},    {QPalette::PlaceholderText, QPalette::Window}};
    for (const auto& [text, ground] : pairs) {
        const double ratio = contrastRatio(palette.color(text), palette.color(ground));
        QVERIFY2(ratio >= forText, told(QMetaEnum::fromType<QPalette::ColorRole>().valueToKey(text), ratio));
    }
    if (theme != int(Theme::System)) { // links of the desktop are the desktop's
        for (const auto ground : {QPalette::Base, QPalette::Window})
            QVERIFY(contrastRatio(palette.color(QPalette::Link), palette.color(ground)) >= forText);
    }
    // What is not available need not be read, but here it can.
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        const double ratio =
            contrastRatio(palette.color(QPalette::Disabled, role), palette.color(QPalette::Window));
        QVERIFY2(ratio >= forControls, told("disabled", ratio));
    }
}

void ThemeContrastTest::controlsCanBeSeen_data()
{
    themes();
}

void ThemeContrastTest::controlsCanBeSeen()
{
    QFETCH(int, theme);
    applyTheme(static_cast<Theme>(theme));
    const auto window = QApplication::palette().color(QPalette::Window);
    const auto seen = [&](QWidget& widget, const QRect& part) {
        return strongest(pictureOf(widget), part, window);
    };
    QCheckBox check;
    check.resize(check.sizeHint());
    double ratio = seen(check, check.rect());
    QVERIFY2(ratio >= forControls, told("check box", ratio));
    const auto empty = pictureOf(check);
    check.setChecked(true);
    QVERIFY(pictureOf(check) != empty);
    ratio = seen(check, check.rect());
    QVERIFY2(ratio >= forControls, told("ticked check box", ratio));
    QRadioButton radio;
    radio.resize(radio.sizeHint());
    ratio = seen(radio, radio.rect());
    QVERIFY2(ratio >= forControls, told("radio button", ratio));
    // The edges: the leftmost two columns, where there is no text.
    QLineEdit line;
    QPushButton button;
    QComboBox box;
    for (QWidget* const widget : std::initializer_list<QWidget*>{&line, &button, &box}) {
        widget->resize(120, 28);
        ratio = seen(*widget, QRect(0, 10, 3, 8));
        QVERIFY2(ratio >= forControls, told(widget->metaObject()->className(), ratio));
    }
}

void ThemeContrastTest::focusCanBeSeen_data()
{
    themes();
}

// A ring of another colour, two pixels wide, that itself stands out.
void ThemeContrastTest::focusCanBeSeen()
{
    QFETCH(int, theme);
    applyTheme(static_cast<Theme>(theme));
    QWidget window;
    QPushButton button(&window);
    QLineEdit line(&window);
    button.setGeometry(10, 10, 100, 28);
    line.setGeometry(10, 50, 100, 28);
    window.resize(120, 90);
    window.show();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    line.setFocus(Qt::TabFocusReason);
    const auto resting = pictureOf(button);
    button.setFocus(Qt::TabFocusReason);
    const auto focused = pictureOf(button);
    QVERIFY(resting != focused);
    const double ratio = contrastRatio(focused.pixelColor(1, 14), window.palette().color(QPalette::Window));
    QVERIFY2(ratio >= forControls, told("focus ring", ratio));
}

void ThemeContrastTest::chartsCanBeSeen_data()
{
    themes();
}

void ThemeContrastTest::chartsCanBeSeen()
{
    QFETCH(int, theme);
    const auto palette = paletteOf(static_cast<Theme>(theme));
    const auto base = palette.color(QPalette::Base), window = palette.color(QPalette::Window);
    const bool dark = isDark(palette);
    for (const auto& ground : {base, window}) {
        for (std::size_t i = 0; i < packetClassCount; ++i) {
            const auto which = static_cast<PacketClass>(i);
            const double ratio = contrastRatio(packetClassColor(which, dark), ground);
            QVERIFY2(ratio >= forControls, told(qPrintable(packetClassName(which)), ratio));
        }
        for (std::size_t i = 0; i < flowOutcomeCount; ++i) {
            const double ratio = contrastRatio(flowOutcomeColor(static_cast<FlowOutcome>(i), dark), ground);
            QVERIFY2(ratio >= forControls, told(qPrintable(QString::number(i)), ratio));
        }
        for (std::size_t i = 0; i < traceInkCount; ++i) {
            const double ratio = contrastRatio(traceColor(static_cast<TraceInk>(i), dark), ground);
            QVERIFY2(ratio >= forControls, told(qPrintable(QString::number(i)), ratio));
        }
    }
    for (const auto letters : {TraceInk::Segment, TraceInk::Retransmission, TraceInk::OutOfOrder}) {
        const double ratio = contrastRatio(traceColor(letters, dark), base);
        QVERIFY2(ratio >= forText, told("letters", ratio));
    }
}

void ThemeContrastTest::symbolsFollowTheTheme()
{
    for (const auto theme : {Theme::Light, Theme::Dark}) {
        applyTheme(theme);
        const auto ground = QApplication::palette().color(QPalette::Button);
        for (int i = 0; i < symbolCount; ++i) {
            QImage image(24, 24, QImage::Format_RGB32);
            image.fill(ground);
            QPainter painter(&image);
            symbolIcon(static_cast<Symbol>(i)).paint(&painter, image.rect());
            painter.end();
            QVERIFY2(strongest(image, image.rect(), ground) >= forText, QByteArray::number(i));
            QVERIFY(!symbolIcon(static_cast<Symbol>(i)).pixmap(16).isNull());
        }
    }
}

QTEST_MAIN(ThemeContrastTest)
#include "theme_contrast_test.moc"
