// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/capture_filter_line.h"

#include "core/filter/capture_filter.h"
#include "ui/filter_completer.h"
#include "ui/filter_messages.h"
#include "ui/option_words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace packetloom {

CaptureFilterLine::CaptureFilterLine(QWidget* parent) : QWidget(parent)
{
    line_ = new QLineEdit;
    line_->setObjectName(QStringLiteral("captureFilter"));
    line_->setPlaceholderText(tr("tcp.port == 443 and not 10.0.0.1"));
    line_->setAccessibleName(optionLabel(OptionId::Filter));
    line_->setToolTip(optionTip(OptionId::Filter));
    line_->setClearButtonEnabled(true);
    new FilterCompleter(line_, FilterSubject::Packets);
    problem_ = new QLabel;
    problem_->setTextFormat(Qt::PlainText);
    problem_->setWordWrap(true);
    problem_->hide();
    auto* const title = new QLabel(tr("F&ilter"));
    title->setBuddy(line_);
    auto* const row = new QHBoxLayout;
    row->addWidget(title);
    row->addWidget(line_, 1);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addLayout(row);
    layout->addWidget(problem_);
    connect(line_, &QLineEdit::textChanged, this, &CaptureFilterLine::check);
}

QString CaptureFilterLine::text() const
{
    return line_->text().trimmed();
}

void CaptureFilterLine::setText(const QString& text)
{
    line_->setText(text);
}

void CaptureFilterLine::check()
{
    const auto parsed = parseCaptureFilter(line_->text().toStdString());
    const auto* const problem = std::get_if<FilterProblem>(&parsed);
    markFilter(line_, problem);
    valid_ = problem == nullptr;
    problem_->setText(problem ? QChar(0x26A0) + QStringLiteral(" ") + filterProblemMessage(*problem)
                              : QString());
    problem_->setVisible(problem != nullptr);
    emit changed();
}

} // namespace packetloom
