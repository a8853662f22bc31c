// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/engines_panel.h"

#include "core/filter/filter_parser.h"
#include "core/support/text_format.h"
#include "ui/messages.h"
#include "ui/models/engine_models.h"
#include "ui/models/words.h"
#include "ui/panels/table_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <utility>

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds slowAnswer{200};

QLabel* plainLabel()
{
    auto* const label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

/// The flows of a difference by their numbers, in order.
std::vector<std::uint64_t> numbersOf(const ComparedEngines& compared, EngineDifference difference)
{
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = 0; i < compared.comparison->cases(difference); ++i) {
        const EngineCase one = compared.comparison->at(difference, i);
        for (const auto flow : compared.ofReference ? one.reference : one.exact)
            numbers.push_back(compared.ofReference ? compared.reference->number(flow)
                                                   : std::uint64_t{flow} + 1);
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

} // namespace

QString engineFlowsFilter(const ComparedEngines& compared, EngineDifference difference)
{
    constexpr std::size_t longest = longestFilter / 2; // others may stand beside it
    const auto numbers = numbersOf(compared, difference);
    std::string text;
    for (std::size_t i = 0; i < numbers.size() && text.size() < longest;) {
        std::size_t last = i;
        while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1)
            ++last;
        text += (text.empty() ? "" : " ") + std::to_string(numbers[i]);
        if (last > i)
            text += ".." + std::to_string(numbers[last]);
        i = last + 1;
    }
    if (text.empty() || text.size() >= longest)
        return {};
    return QStringLiteral("number in {%1}").arg(QString::fromStdString(text));
}

EnginesPanel::EnginesPanel(QWidget* parent) : QWidget(parent)
{
    summary_ = plainLabel();
    differences_ = new EngineDifferenceModel(this);
    differenceTable_ = new TableView(QStringLiteral("engines"));
    differenceTable_->setModel(differences_);
    differenceTable_->setAccessibleName(tr("Differences of the engines"));
    differenceTable_->setSortingEnabled(true);
    differenceTable_->restoreColumns({QStringLiteral("Reset after an unseen handshake"),
                                      QStringLiteral("1,000,000"), QStringLiteral("1,000,000"),
                                      QStringLiteral("1,000,000"), QStringLiteral("100,000,000"),
                                      QString(90, QLatin1Char('x'))});
    differenceTable_->sortByColumn(EngineDifferenceModel::Cases, Qt::DescendingOrder);
    cases_ = new EngineCaseModel(this);
    caseTable_ = new TableView(QStringLiteral("engine_cases"));
    caseTable_->setModel(cases_);
    caseTable_->setAccessibleName(tr("Cases of the difference"));
    caseTable_->restoreColumns(
        {QStringLiteral("1000000"), QStringLiteral("incomplete, no SYN+ACK"), QStringLiteral("Exact says"),
         QStringLiteral("ShADadtTFfR"), QStringLiteral("1,000,000"), QStringLiteral("1,000,000"),
         QStringLiteral("255.255.255.255"), QStringLiteral("65535"), QStringLiteral("255.255.255.255"),
         QStringLiteral("65535"), QStringLiteral("2009-11-03 13:23:35.000042 UTC")});
    why_ = plainLabel();
    flows_ = new QPushButton(tr("Show these flows"));
    auto* const about = new QHBoxLayout;
    about->addWidget(why_, 1);
    about->addWidget(flows_);
    auto* const below = new QWidget;
    auto* const belowLayout = new QVBoxLayout(below);
    belowLayout->setContentsMargins({});
    belowLayout->addLayout(about);
    belowLayout->addWidget(caseTable_, 1);
    splitter_ = new QSplitter(Qt::Vertical);
    splitter_->addWidget(differenceTable_);
    splitter_->addWidget(below);
    splitter_->setStretchFactor(0, 2);
    splitter_->setStretchFactor(1, 3);
    splitter_->setChildrenCollapsible(false);
    hint_ = plainLabel();
    hint_->setAlignment(Qt::AlignCenter);
    auto* const found = new QWidget;
    auto* const foundLayout = new QVBoxLayout(found);
    foundLayout->setContentsMargins({});
    foundLayout->addWidget(summary_);
    foundLayout->addWidget(splitter_, 1);
    pages_ = new QStackedWidget;
    pages_->addWidget(found);
    pages_->addWidget(hint_);
    auto* const layout = new QVBoxLayout(this);
    layout->addWidget(pages_);

    slow_.setSingleShot(true);
    slow_.setInterval(slowAnswer);
    connect(&slow_, &QTimer::timeout, this, [this] { showHint(tr("Comparing the engines…")); });
    connect(differenceTable_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &EnginesPanel::showDifference);
    connect(flows_, &QPushButton::clicked, this, &EnginesPanel::showFlows);
    connect(caseTable_, &QTableView::doubleClicked, this, &EnginesPanel::openFlow);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto* const enter = new QShortcut(key, caseTable_);
        enter->setContext(Qt::WidgetShortcut);
        connect(enter, &QShortcut::activated, this, [this] { openFlow(caseTable_->currentIndex()); });
    }
    setAnalysis(nullptr);
}

void EnginesPanel::setAnalysis(const std::shared_ptr<const Analysis>& analysis)
{
    if (analysis_)
        emit enginesWanted(nullptr);
    analysis_ = analysis;
    compared_.reset();
    shown_.reset();
    slow_.stop();
    differences_->setAnalysis(nullptr);
    cases_->setAnalysis(nullptr);
    showHint(!analysis_               ? tr("Analyze captures, or open a dataset, to compare the engines.")
             : analysis_->flowTable() ? noPacketsWords()
                                      : QString());
    ask();
}

void EnginesPanel::ask()
{
    const bool asks = analysis_ && !analysis_->flowTable() && !compared_;
    wanted_ = asks && !isVisible();
    if (!asks || wanted_)
        return;
    slow_.start();
    emit enginesWanted(analysis_);
}

void EnginesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (wanted_)
        ask();
}

void EnginesPanel::showHint(const QString& text)
{
    hint_->setText(text);
    pages_->setCurrentWidget(hint_);
}

void EnginesPanel::setCompared(const std::shared_ptr<const Analysis>& analysis,
                               const Result<ComparedEngines>& compared)
{
    if (!analysis_ || analysis != analysis_)
        return;
    slow_.stop();
    if (!compared)
        return showHint(errorMessage(compared.error()));
    compared_ = std::make_shared<const ComparedEngines>(*compared);
    const EngineCounts& agree = compared_->comparison->agree();
    std::uint64_t all = agree.cases;
    for (std::size_t i = 0; i < engineDifferenceCount; ++i)
        all += compared_->comparison->counts(static_cast<EngineDifference>(i)).cases;
    if (all == 0)
        return showHint(tr("There is no TCP flow to compare the engines by."));
    summary_->setText(tr("The reference's rules and the exact engine tell %1 of %2 cases alike (%3): the "
                         "same packets, and outcomes "
                         "that mean the same. The whole capture, whatever is marked or filtered.")
                          .arg(shownNumber(agree.cases), shownNumber(all),
                               QString::fromStdString(percent(agree.cases, all))));
    differences_->setAnalysis(compared_);
    pages_->setCurrentIndex(0);
    splitter_->setVisible(agree.cases != all);
    if (agree.cases != all)
        differenceTable_->setCurrentIndex(differences_->index(0, 0));
}

void EnginesPanel::showDifference(const QModelIndex& index)
{
    if (!index.isValid() || !compared_)
        return;
    const auto difference = differences_->differenceAt(index.row());
    if (shown_ == difference)
        return;
    shown_ = difference;
    why_->setText(engineDifferenceTitle(difference) + QStringLiteral(": ") + engineDifferenceWhy(difference));
    cases_->setAnalysis(
        std::make_shared<const ShownEngineCases>(ShownEngineCases{analysis_, compared_, difference}));
    caseTable_->scrollToTop();
    const bool some = !engineFlowsFilter(*compared_, difference).isEmpty();
    flows_->setEnabled(some);
    flows_->setToolTip(some ? tr("Narrow what is seen to the flows of these cases")
                            : tr("There are too many of them to narrow to, or none that are listed"));
}

void EnginesPanel::openFlow(const QModelIndex& index)
{
    if (!index.isValid() || !cases_->analysis())
        return;
    const auto row = cases_->rows()[static_cast<std::size_t>(index.row())];
    const EngineCase one = cases_->analysis()->at(row);
    const auto flows = compared_->ofReference ? one.reference : one.exact;
    if (!flows.empty())
        emit flowWanted(flows.front());
}

void EnginesPanel::showFlows()
{
    if (shown_ && compared_)
        emit flowsWanted(engineFlowsFilter(*compared_, *shown_));
}

void EnginesPanel::saveColumns() const
{
    differenceTable_->saveColumns();
    caseTable_->saveColumns();
}

} // namespace packetloom
