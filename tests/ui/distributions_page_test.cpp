// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/distributions_hands.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QFile>
#include <QImage>
#include <QLineEdit>

using namespace packetloom;
using namespace packetloom::test;

/// The page Distributions beside the others of the window.
class DistributionsPageTest : public QObject, protected DistributionsHands
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { begin(); }
    void cleanup() { end(); }
    void itFollowsWhatNarrows();
    void nothingIsShownUntilItIsCounted();
    void itIsAskedOnlyWhileItIsSeen();
    void aSessionKeepsTheChoice();
    void chartsAreSaved();
    void chartsAreToldToScreenReaders();
    void labelsStandApart();
    void itFitsIntoASmallWindow();
    void withoutFlowsItSaysSo();
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void DistributionsPageTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("DistributionsPageTest"));
}

void DistributionsPageTest::itFollowsWhatNarrows()
{
    showSample();
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    line->setText(QStringLiteral("dport == 443"));
    QTRY_VERIFY_WITH_TIMEOUT(panel().distribution() && panel().distribution()->all.known == 20, patience);
    QVERIFY(driver_->shows(QStringLiteral("20 of 100 flows")));
    QCOMPARE(chart()->histogram().title, QStringLiteral("Duration of the flows that are left"));
    line->setText(QStringLiteral("dport == 1"));
    QTRY_VERIFY_WITH_TIMEOUT(panel().distribution() && panel().distribution()->all.known == 0, patience);
    QCOMPARE(chart()->plot()->accessibleDescription(), QStringLiteral("No flow is left."));
}

void DistributionsPageTest::nothingIsShownUntilItIsCounted()
{
    showSample();
    QVERIFY(!chart()->histogram().flows.isEmpty());
    choose("Quantity whose distribution is shown", "Packets");
    // The answer comes out of the event loop.
    QVERIFY(!panel().distribution());
    QVERIFY(chart()->histogram().flows.isEmpty());
    QVERIFY(!driver_->shows(QStringLiteral("all 100 flows")));
    // An answer of another analysis, or that nobody waits for, is passed over.
    QVERIFY(waitForAnswer());
    const auto shown = panel().distribution();
    panel().setDistribution(driver_->analysis(), std::make_shared<const Distribution>());
    QCOMPARE(panel().distribution(), shown);
}

void DistributionsPageTest::itIsAskedOnlyWhileItIsSeen()
{
    showSample();
    int asked = 0;
    connect(&panel(), &DistributionsPanel::distributionWanted, this, [&] { ++asked; });
    driver_->showPage(QStringLiteral("overview"));
    driver_->named<QLineEdit>("Filter what is seen")->setText(QStringLiteral("dport == 443"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("20 of 100 flows, 40 of 160 packets")), patience);
    QCOMPARE(asked, 0);
    QVERIFY(!panel().distribution());
    driver_->showPage(QStringLiteral("distributions"));
    QCOMPARE(asked, 1);
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().distribution()->all.known, 20U);
}

void DistributionsPageTest::aSessionKeepsTheChoice()
{
    showSample();
    choose("Quantity whose distribution is shown", "Bytes");
    choose("Scale of the quantity", "linear");
    choose("A histogram for each", "Service");
    driver_->press(QStringLiteral("Log &heights"));
    const auto state = driver_->window().viewState();
    QCOMPARE(state.value(QStringLiteral("tab")).toString(), QStringLiteral("distributions"));
    const auto saved = state.value(QStringLiteral("distributions")).toObject();
    QCOMPARE(saved, (QJsonObject{{QStringLiteral("of"), QStringLiteral("bytes")},
                                 {QStringLiteral("scale"), QStringLiteral("linear")},
                                 {QStringLiteral("by"), QStringLiteral("service")},
                                 {QStringLiteral("log_heights"), true}}));
    choose("Quantity whose distribution is shown", "Duration");
    choose("Scale of the quantity", "logarithmic");
    choose("A histogram for each", "nothing");
    driver_->press(QStringLiteral("Log &heights"));
    driver_->window().setViewState(state);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->window().viewState().value(QStringLiteral("distributions")).toObject(), saved);
    QVERIFY(waitForAnswer());
    QCOMPARE(panel().distribution()->quantity, FilterField::Bytes);
    QVERIFY(panel().distribution()->by == GroupKey::Service);
    // What it does not know leaves it as it is.
    auto strange = state;
    strange[QStringLiteral("distributions")] =
        QJsonObject{{QStringLiteral("of"), QStringLiteral("src")}, {QStringLiteral("by"), 7}};
    driver_->window().setViewState(strange);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->window().viewState().value(QStringLiteral("distributions")).toObject(), saved);
}

void DistributionsPageTest::chartsAreSaved()
{
    showSample();
    choose("A histogram for each", "Service");
    QVERIFY(waitForAnswer());
    const auto path = [&](const char* name) {
        return QString::fromStdString((folder_->path() / name).string());
    };
    for (const char* const name : {"charts.png", "charts.pdf"}) {
        QCOMPARE(panel().saveTo(path(name)), QString());
        QVERIFY(QFile(path(name)).size() > 1000);
    }
    const QImage picture(path("charts.png"));
    QVERIFY(picture.width() >= 2400 && picture.height() > 1200);
    QCOMPARE(picture.pixelColor(0, 0), QColor(Qt::white));
    QVERIFY(panel().saveTo(path("no/such/folder.png")).endsWith(QStringLiteral("could not be written.")));
    QVERIFY(!chart()->histogram().flows.isEmpty()); // it is shown as before
}

void DistributionsPageTest::chartsAreToldToScreenReaders()
{
    showSample();
    choose("A histogram for each", "Destination port");
    QVERIFY(waitForAnswer());
    for (auto* const one : panel().charts()) {
        auto* const told = QAccessible::queryAccessibleInterface(one->plot());
        QCOMPARE(told->role(), QAccessible::Chart);
        QCOMPARE(told->text(QAccessible::Name), one->histogram().title);
        QVERIFY(told->text(QAccessible::Description).contains(QStringLiteral("most flows: ")));
        QVERIFY(one->plot()->focusPolicy() & Qt::TabFocus);
    }
    for (auto* const widget : panel().findChildren<QWidget*>()) {
        if (qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractButton*>(widget)) {
            const auto* const button = qobject_cast<QAbstractButton*>(widget);
            if (!qobject_cast<QComboBox*>(widget->parentWidget()) && widget->isVisible())
                QVERIFY(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()));
        }
    }
}

void DistributionsPageTest::labelsStandApart()
{
    showSample();
    choose("A histogram for each", "Service");
    QVERIFY(waitForAnswer());
    for (const QSize size : {QSize(1240, 800), QSize(900, 600)}) {
        driver_->window().resize(size);
        QTRY_VERIFY(chart(1)->width() <= panel().width());
        for (const auto* const one : panel().charts()) {
            auto* const axis = one->plot()->xAxis;
            one->plot()->replot();
            const auto labels = axis->ticker().dynamicCast<QCPAxisTickerText>()->ticks();
            const auto texts = labels.values();
            QVERIFY2(texts.contains(QStringLiteral("0 us")) && texts.contains(QStringLiteral("1 s")) &&
                         texts.contains(QStringLiteral("10 ms")),
                     qPrintable(texts.join(QLatin1Char('|'))));
            const QFontMetrics metrics(one->font());
            double end = 0;
            for (auto label = labels.begin(); label != labels.end(); ++label) {
                const double middle = axis->coordToPixel(label.key());
                const double half = metrics.horizontalAdvance(label.value()) / 2.0;
                QVERIFY2(middle - half > end, qPrintable(texts.join(QLatin1Char('|'))));
                end = middle + half;
            }
        }
        // Small ones have the axes of the large one, which says their names.
        QVERIFY(!chart(0)->plot()->xAxis->label().isEmpty());
        QVERIFY(chart(1)->plot()->xAxis->label().isEmpty());
    }
}

void DistributionsPageTest::itFitsIntoASmallWindow()
{
    showSample();
    choose("A histogram for each", "Source");
    QVERIFY(waitForAnswer());
    driver_->window().resize(900, 600);
    QTRY_COMPARE(driver_->window().size(), QSize(900, 600));
    for (auto* const one : panel().charts()) {
        QTRY_VERIFY(one->width() >= 250 && one->width() <= panel().width());
        QVERIFY(one->height() >= 150);
    }
    // The one below the others can be reached by keyboard, and is then seen.
    auto* const last = panel().charts().constLast()->plot();
    last->setFocus(Qt::TabFocusReason);
    QVERIFY(last->hasFocus());
}

void DistributionsPageTest::withoutFlowsItSaysSo()
{
    analyze(captureHeader() + "1257254615000000,10.0.0.1,10.0.0.2,1,2,0,0,0,60,17\n");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("There are no flows.")), patience);
}

QTEST_MAIN(DistributionsPageTest)
#include "distributions_page_test.moc"
