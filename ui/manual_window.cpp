// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/manual_window.h"

#include <QAction>
#include <QImage>
#include <QTextBrowser>
#include <QToolBar>
#include <QVBoxLayout>

namespace packetloom {
namespace {

constexpr double pageMargin = 16;
constexpr int pictureWidth = 700; // fits the window as it opens
const auto folder = QStringLiteral("qrc:/manual/");
const auto pictures = QStringLiteral("qrc:/screenshots/");

/// Knows the program's own pages and pictures; no file and no network, whatever a link says.
class Pages final : public QTextBrowser
{
public:
    Pages()
    {
        setOpenExternalLinks(false);
        setSearchPaths({QStringLiteral(":/manual")});
    }

    QVariant loadResource(int type, const QUrl& name) override
    {
        const auto url = source().resolved(name);
        if (type == QTextDocument::ImageResource)
            return picture(url);
        return url.toString().startsWith(folder) ? QTextBrowser::loadResource(type, url) : QVariant();
    }

private:
    [[nodiscard]] QVariant picture(const QUrl& url) const
    {
        if (!url.toString().startsWith(pictures))
            return {};
        QImage image(QLatin1Char(':') + url.path());
        const int width = static_cast<int>(pictureWidth * devicePixelRatioF());
        if (image.width() > width) {
            image = image.scaledToWidth(width, Qt::SmoothTransformation);
            image.setDevicePixelRatio(devicePixelRatioF());
        }
        return image;
    }

protected:
    void doSetSource(const QUrl& name, QTextDocument::ResourceType type) override
    {
        const auto url = source().isEmpty() ? name : source().resolved(name);
        if (url.toString().startsWith(folder))
            QTextBrowser::doSetSource(url, type);
        document()->setDocumentMargin(pageMargin);
    }
};

} // namespace

ManualWindow::ManualWindow(QWidget* parent) : QWidget(parent, Qt::Window)
{
    setWindowTitle(tr("Packetloom manual"));
    text_ = new Pages;
    text_->setAccessibleName(tr("Manual"));
    text_->setFrameShape(QFrame::NoFrame);
    auto* const bar = new QToolBar;
    const auto add = [&](const QString& name, QKeySequence::StandardKey key, auto slot) {
        auto* const action = bar->addAction(name, text_, slot);
        action->setShortcut(key);
        return action;
    };
    auto* const contents = bar->addAction(
        tr("Contents"), this, [this] { text_->setSource(QUrl(folder + QStringLiteral("index.md"))); });
    contents->setToolTip(tr("The first page"));
    auto* const back = add(tr("Back"), QKeySequence::Back, &QTextBrowser::backward);
    auto* const forward = add(tr("Forward"), QKeySequence::Forward, &QTextBrowser::forward);
    back->setEnabled(false);
    forward->setEnabled(false);
    connect(text_, &QTextBrowser::backwardAvailable, back, &QAction::setEnabled);
    connect(text_, &QTextBrowser::forwardAvailable, forward, &QAction::setEnabled);
    auto* const close = new QAction(this);
    close->setShortcuts({QKeySequence(Qt::Key_Escape), QKeySequence::Close});
    connect(close, &QAction::triggered, this, &QWidget::close);
    addAction(close);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(text_, 1);
    resize(780, 640);
    contents->trigger();
}

} // namespace packetloom
