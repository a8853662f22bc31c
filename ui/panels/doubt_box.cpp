// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/doubt_box.h"

#include "core/support/path_text.h"
#include "ui/messages.h"
#include "ui/problem_messages.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <utility>

namespace packetloom {

DoubtBox::DoubtBox(QWidget* parent) : QFrame(parent)
{
    setFrameShape(QFrame::StyledPanel);
    text_ = new QLabel;
    text_->setTextFormat(Qt::PlainText);
    text_->setWordWrap(true);
    text_->setAccessibleName(tr("What is doubtful of a capture"));
    grid_ = new QGridLayout;
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(text_);
    layout->addLayout(grid_);
    hide();
}

void DoubtBox::tell(const std::filesystem::path& file, const InputProblem& problem, const InputSpec& spec,
                    const QStringList& header)
{
    text_->setText(QChar(0x26A0) + QLatin1Char(' ') +
                   tr("%1: %2").arg(shownText(pathText(file.filename()), 60), problemMessage(problem)));
    for (auto* const button : std::exchange(buttons_, {})) {
        button->hide(); // it may be what was pressed
        button->deleteLater();
    }
    const auto add = [this](const QString& label, auto pressed) {
        auto* const button = new QPushButton(label);
        connect(button, &QPushButton::clicked, this, pressed);
        const auto place = static_cast<int>(buttons_.size()); // two beside each other: the panel is narrow
        grid_->addWidget(button, place / 2, place % 2);
        button->show(); // the box may be there already
        buttons_.push_back(button);
        return button;
    };
    for (const InputCure& cure : curesOf(problem, spec, header))
        add(cure.label, [this, file, cure] { emit cureWanted(file, cure); });
    if (!problem.blocks())
        add(tr("It is right so"), [this, file, code = problem.code] {
            emit ignored(file, code);
        })->setToolTip(tr("Do not say this of the file any more"));
    show();
}

} // namespace packetloom
