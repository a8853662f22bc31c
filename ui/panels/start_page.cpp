// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/start_page.h"

#include "ui/icons.h"
#include "ui/messages.h"
#include "ui/window_style.h"

#include <QEvent>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {
namespace {

constexpr int inside = 12, pictureSize = 28, cardWidth = 190, leastCardWidth = 130;
constexpr int besideEachOther = 440; // pixels: below that cards stand above each other
constexpr std::size_t mostRecent = 5;

QLabel* heading(const QString& text)
{
    auto* const label = new QLabel(text);
    auto font = label->font();
    font.setPointSizeF(font.pointSizeF() * 1.5);
    label->setFont(font);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel* paragraph(const QString& text)
{
    auto* const label = new QLabel(text);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignCenter);
    label->setTextFormat(Qt::PlainText);
    return label;
}

} // namespace

StartCard::StartCard(const QIcon& icon, const QString& title, const QString& sentence, QWidget* parent)
    : QAbstractButton(parent), sentence_(sentence)
{
    setText(title);
    setIcon(icon);
    setToolTip(sentence);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    auto policy = QSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QFont StartCard::titleFont() const
{
    auto bold = font();
    bold.setBold(true);
    return bold;
}

QSize StartCard::sizeHint() const
{
    return {cardWidth, heightForWidth(cardWidth)};
}

QSize StartCard::minimumSizeHint() const
{
    return {leastCardWidth, pictureSize + 2 * inside};
}

int StartCard::heightForWidth(int width) const
{
    const QRect room(0, 0, std::max(width - 2 * inside, 40), 1000);
    const int title =
        QFontMetrics(titleFont()).boundingRect(room, Qt::TextWordWrap | Qt::AlignHCenter, text()).height();
    const int text =
        fontMetrics().boundingRect(room, Qt::TextWordWrap | Qt::AlignHCenter, sentence_).height();
    return inside + pictureSize + 8 + title + 4 + text + inside;
}

void StartCard::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool lit = underMouse() || isDown();
    const auto highlight = WindowStyle::ring(palette());
    painter.setBrush(palette().color(lit ? QPalette::AlternateBase : QPalette::Base));
    painter.setPen(QPen(hasFocus() || lit ? highlight : WindowStyle::edge(palette()), hasFocus() ? 2 : 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
    painter.setPen(palette().color(QPalette::Text));
    icon().paint(&painter, QRect((width() - pictureSize) / 2, inside, pictureSize, pictureSize));
    QRect room = rect().adjusted(inside, inside + pictureSize + 8, -inside, -4);
    painter.setFont(titleFont());
    QRect used;
    painter.drawText(room, Qt::TextWordWrap | Qt::AlignHCenter | Qt::AlignTop, text(), &used);
    room.setTop(used.bottom() + 4);
    painter.setFont(font());
    painter.drawText(room, Qt::TextWordWrap | Qt::AlignHCenter | Qt::AlignTop, sentence_);
}

// Space is Qt's, and Return is what one tries first.
void StartCard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

bool StartCard::event(QEvent* event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

StartPage::StartPage(QWidget* parent) : QWidget(parent)
{
    auto* const captures =
        new StartCard(symbolIcon(Symbol::Open), tr("Open captures…"),
                      tr("pcap, pcapng or CSV, plain or compressed. Or drop files anywhere here."));
    auto* const opened =
        new StartCard(symbolIcon(Symbol::OpenDataset), tr("Open dataset or session…"),
                      tr("Look at a folder that was exported before, or go on where you were."));
    sample_ = new StartCard(symbolIcon(Symbol::Sample), tr("Open sample capture"),
                            tr("A small synthetic capture with its IP map, to look around."));
    sample_->hide();
    cards_ = new QHBoxLayout;
    cards_->setSpacing(12);
    for (auto* const card : {captures, opened, sample_}) {
        card->setMaximumWidth(320);
        cards_->addWidget(card, 1);
    }
    recent_ = new QWidget;
    auto* const recentLayout = new QVBoxLayout(recent_);
    recentLayout->setSpacing(2);
    recentLayout->addWidget(paragraph(tr("Opened recently")));
    recentLinks_ = new QVBoxLayout;
    recentLinks_->setSpacing(0);
    recentLayout->addLayout(recentLinks_);

    auto* const centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addLayout(cards_, 20);
    centred->addStretch(1);
    auto* const layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(heading(tr("What would you like to look at?")));
    layout->addWidget(paragraph(tr("Nothing is written before you export.")));
    layout->addSpacing(12);
    layout->addLayout(centred);
    layout->addSpacing(8);
    layout->addWidget(recent_);
    layout->addStretch(3);

    connect(captures, &QAbstractButton::clicked, this, &StartPage::capturesWanted);
    connect(sample_, &QAbstractButton::clicked, this, &StartPage::sampleWanted);
    connect(opened, &QAbstractButton::clicked, this, [this, opened] {
        auto* const menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(symbolIcon(Symbol::OpenDataset), tr("Dataset (a folder)…"), this,
                        &StartPage::datasetWanted);
        menu->addAction(symbolIcon(Symbol::Open), tr("Session (a file)…"), this, &StartPage::sessionWanted);
        menu->addAction(tr("Job for a cluster (a folder)…"), this, &StartPage::jobWanted);
        menu->popup(opened->mapToGlobal(QPoint(0, opened->height())));
    });
    fillRecent();
}

void StartPage::setSample(bool any)
{
    sample_->setVisible(any);
}

void StartPage::showEvent(QShowEvent* event)
{
    fillRecent();
    QWidget::showEvent(event);
}

void StartPage::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    cards_->setDirection(width() < besideEachOther ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void StartPage::fillRecent()
{
    while (auto* const item = recentLinks_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto files = recentFiles();
    for (std::size_t i = 0; i < std::min(files.size(), mostRecent); ++i) {
        const auto path = shownPath(files[i].path);
        auto* const link = new QPushButton;
        link->setFlat(true);
        link->setText(fontMetrics().elidedText(QString(path).replace(QLatin1Char('&'), QLatin1String("&&")),
                                               Qt::ElideMiddle, 420));
        link->setToolTip(Qt::convertFromPlainText(path));
        link->setAccessibleName(tr("Open %1").arg(path));
        connect(link, &QPushButton::clicked, this, [this, file = files[i]] { emit recentWanted(file); });
        recentLinks_->addWidget(link, 0, Qt::AlignHCenter);
    }
    recent_->setVisible(!files.empty());
}

ReadyPage::ReadyPage(QWidget* parent) : QWidget(parent)
{
    title_ = heading(QString());
    names_ = paragraph(QString());
    next_ = paragraph(QString());
    analyze_ = new QPushButton(symbolIcon(Symbol::Analyze), tr("Analyze now"));
    analyze_->setAutoDefault(true); // Return presses it
    analyze_->setToolTip(tr("Read the captures and show what an export would hold (Ctrl+R)"));
    auto font = analyze_->font();
    font.setPointSizeF(font.pointSizeF() * 1.25);
    font.setBold(true);
    analyze_->setFont(font);
    analyze_->setIconSize({22, 22});
    analyze_->setMinimumHeight(analyze_->fontMetrics().height() + 22);
    auto* const row = new QHBoxLayout;
    row->addStretch();
    row->addWidget(analyze_);
    row->addStretch();
    auto* const layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addWidget(title_);
    layout->addWidget(names_);
    layout->addSpacing(12);
    layout->addLayout(row);
    layout->addSpacing(8);
    layout->addWidget(next_);
    layout->addStretch(3);
    connect(analyze_, &QPushButton::clicked, this, &ReadyPage::analysisWanted);
}

void ReadyPage::setCaptures(const std::vector<std::filesystem::path>& captures, bool filtered, bool ready)
{
    constexpr std::size_t most = 6;
    title_->setText(captures.size() == 1 ? tr("One capture is open")
                                         : tr("%1 captures are open").arg(shownNumber(captures.size())));
    QStringList names;
    for (std::size_t i = 0; i < std::min(captures.size(), most); ++i)
        names << shownPath(captures[i].filename());
    if (captures.size() > most)
        names << tr("and %1 more").arg(shownNumber(captures.size() - most));
    names_->setText(names.join(QLatin1Char('\n')));
    analyze_->setEnabled(ready);
    next_->setText(!ready ? tr("Something at the left is not as it must be: see its mark there.")
                   : filtered
                       ? tr("The filters at the left say which packets are read. Nothing is written before "
                            "you export.")
                       : tr("All of it is read; the filters at the left can narrow it. Nothing is written "
                            "before you export."));
}

} // namespace packetloom
