// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// What stands where in the main window, and its menus.

#include "ui/charts/timeline_chart.h"
#include "ui/command_line.h"
#include "ui/filter_messages.h"
#include "ui/icons.h"
#include "ui/main_window.h"
#include "ui/panels/addresses_panel.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/dataset_panel.h"
#include "ui/panels/distributions_panel.h"
#include "ui/panels/engines_panel.h"
#include "ui/panels/flags_panel.h"
#include "ui/panels/flows_panel.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/options_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/progress_strip.h"
#include "ui/panels/quality_panel.h"
#include "ui/panels/rows_panel.h"
#include "ui/panels/start_page.h"
#include "ui/theme.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QFrame>
#include <QGroupBox>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

namespace packetloom {
namespace {

QGroupBox* group(const QString& title, QWidget* content)
{
    auto* const box = new QGroupBox(title);
    auto* const layout = new QVBoxLayout(box);
    layout->setContentsMargins(8, 6, 8, 8);
    layout->addWidget(content);
    return box;
}

} // namespace

QWidget* MainWindow::startPage()
{
    start_ = new StartPage;
    connect(start_, &StartPage::capturesWanted, captures_, &CapturePanel::chooseCaptures);
    connect(start_, &StartPage::datasetWanted, this, &MainWindow::chooseDataset);
    connect(start_, &StartPage::sessionWanted, this, &MainWindow::chooseSession);
    connect(start_, &StartPage::jobWanted, this, &MainWindow::chooseJob);
    connect(start_, &StartPage::sampleWanted, this, &MainWindow::openSample);
    connect(start_, &StartPage::recentWanted, this, &MainWindow::openRecent);
    return start_;
}

QWidget* MainWindow::readyPage()
{
    ready_ = new ReadyPage;
    connect(ready_, &ReadyPage::analysisWanted, this, &MainWindow::requestAnalysis);
    return ready_;
}

void MainWindow::showReady()
{
    const auto now = options();
    const bool filtered = !now.addressFilter.empty() || now.window.start || now.window.end;
    ready_->setCaptures(now.inputs, filtered, analyze_->isEnabled());
}

// Captures and filters may be folded away, and are by themselves where there is no room beside them.
void MainWindow::makeSideAction()
{
    sideShown_ = new QAction(symbolIcon(Symbol::SidePanel), tr("&Side panel"), this);
    sideShown_->setCheckable(true);
    sideShown_->setChecked(true);
    sideShown_->setShortcut(Qt::Key_F9);
    sideShown_->setToolTip(tr("Show the captures and filters at the left, or fold them away (F9)"));
    connect(sideShown_, &QAction::toggled, side_, &QWidget::setVisible);
    connect(sideShown_, &QAction::triggered, this, [this](bool on) {
        if (!narrow_)
            sideWanted_ = on;
    });
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    constexpr int roomForBoth = 720; // pixels
    QMainWindow::resizeEvent(event);
    const bool narrow = width() < roomForBoth;
    if (std::exchange(narrow_, narrow) != narrow && sideShown_)
        sideShown_->setChecked(!narrow && sideWanted_);
}

void MainWindow::makeLayout()
{
    captures_ = new CapturePanel;
    filters_ = new OptionsPanel;
    dataset_ = new DatasetPanel;
    datasetBox_ = group(tr("Dataset"), dataset_);
    datasetBox_->hide();
    auto* const side = new QWidget;
    auto* const sideLayout = new QVBoxLayout(side);
    sideLayout->setContentsMargins(6, 6, 2, 6);
    sideLayout->addWidget(datasetBox_);
    sideLayout->addWidget(group(tr("Capture"), captures_), 1);
    sideLayout->addWidget(group(tr("Filters"), filters_));
    auto* const scroll = new QScrollArea;
    scroll->setWidget(side);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(250);
    side_ = scroll;

    overview_ = new OverviewPanel;
    flow_ = new FlowView;
    flows_ = new FlowsPanel(flow_);
    groups_ = new GroupsPanel;
    distributions_ = new DistributionsPanel;
    packets_ = new PacketsPanel;
    addresses_ = new AddressesPanel;
    flags_ = new FlagsPanel;
    rows_ = new RowsPanel;
    quality_ = new QualityPanel;
    engines_ = new EnginesPanel;
    tabs_ = new QTabWidget;
    tabs_->setDocumentMode(true);
    const auto addTab = [this](QWidget* panel, const QString& name, const QString& title, Symbol symbol) {
        panel->setObjectName(name); // by which it is saved
        tabs_->addTab(panel, symbolIcon(symbol), title);
    };
    addTab(overview_, QStringLiteral("overview"), tr("Overview"), Symbol::Overview);
    addTab(flows_, QStringLiteral("flows"), tr("Flows"), Symbol::Flows);
    addTab(groups_, QStringLiteral("groups"), tr("Groups"), Symbol::Groups);
    addTab(packets_, QStringLiteral("packets"), tr("Packets"), Symbol::Packets);
    addTab(addresses_, QStringLiteral("addresses"), tr("Addresses"), Symbol::Addresses);
    addTab(flags_, QStringLiteral("flags"), tr("Flags"), Symbol::Flags);
    addTab(rows_, QStringLiteral("rows"), tr("Rows"), Symbol::Rows);
    addTab(quality_, QStringLiteral("quality"), tr("Quality"), Symbol::Quality);
    addTab(engines_, QStringLiteral("engines"), tr("Engines"), Symbol::Engines);
    addTab(distributions_, QStringLiteral("distributions"), tr("Distributions"), Symbol::Distributions);
    pages_ = new QStackedWidget;
    pages_->addWidget(startPage());
    pages_->addWidget(tabs_);
    pages_->addWidget(readyPage());

    recovery_ = new MessageBar;
    elsewhere_ = new MessageBar;
    messages_ = new MessageBar;
    narrowing_ = new NarrowingBar;
    stale_ = new QFrame;
    stale_->setFrameShape(QFrame::StyledPanel);
    stale_->hide();
    staleText_ = new QLabel;
    staleText_->setWordWrap(true);
    auto* const again = new QPushButton(tr("Analyze again"));
    connect(again, &QPushButton::clicked, this, [this] { analyze_->trigger(); });
    auto* const staleRow = new QHBoxLayout(stale_);
    staleRow->setContentsMargins(6, 2, 6, 2);
    staleRow->addWidget(staleText_, 1);
    staleRow->addWidget(again);
    progress_ = new ProgressStrip;
    auto* const right = new QWidget;
    auto* const rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(2, 6, 6, 2);
    rightLayout->addWidget(recovery_);
    rightLayout->addWidget(elsewhere_);
    rightLayout->addWidget(messages_);
    rightLayout->addWidget(stale_);
    rightLayout->addWidget(narrowing_);
    rightLayout->addWidget(pages_, 1);
    splitter_ = new QSplitter;
    splitter_->addWidget(scroll);
    splitter_->addWidget(right);
    splitter_->setStretchFactor(1, 1);
    splitter_->setSizes({280, 960});
    splitter_->setChildrenCollapsible(false);
    auto* const central = new QWidget;
    auto* const layout = new QVBoxLayout(central);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(splitter_, 1);
    layout->addWidget(progress_);
    setCentralWidget(central);
}

void MainWindow::connectPanels()
{
    connect(captures_, &CapturePanel::changed, this, &MainWindow::optionsChanged);
    connect(captures_, &CapturePanel::chosen, this, &MainWindow::openWanted);
    connect(captures_, &CapturePanel::inspectionWanted, this, &MainWindow::inspectionWanted);
    connect(captures_, &CapturePanel::comparisonWanted, this, &MainWindow::comparisonWanted);
    connect(filters_, &OptionsPanel::changed, this, &MainWindow::optionsChanged);
    connect(filters_, &OptionsPanel::addressListWanted, this, &MainWindow::addressListWanted);
    connect(dataset_, &DatasetPanel::closeWanted, this, [this] { showAnalysis(nullptr); });
    connect(progress_, &ProgressStrip::cancelRequested, this, [this] { cancel_->trigger(); });
    connect(overview_, &OverviewPanel::brushed, narrowing_, &NarrowingBar::setInterval);
    connect(narrowing_, &NarrowingBar::changed, this, &MainWindow::narrow);
    connect(narrowing_, &NarrowingBar::captureFilterWanted, this, &MainWindow::takeCaptureFilter);
    connect(narrowing_, &NarrowingBar::wholeCaptureWanted, filters_, &OptionsPanel::clearFilters);
    connect(overview_, &OverviewPanel::outcomeActivated, this,
            [this](FlowOutcome outcome) { showFlowsOf(filterFor(outcome)); });
    connect(overview_, &OverviewPanel::invalidActivated, this, [this] { showFlowsOf(filterForInvalid()); });
    connect(overview_, &OverviewPanel::serviceActivated, this,
            [this](const QString& service) { showFlowsOf(filterFor(FilterField::Service, service)); });
    connect(overview_->timeline(), &TimelineChart::stretchesWanted, this, &MainWindow::stretchesWanted);
    connect(overview_->timeline(), &TimelineChart::timelineWanted, this, &MainWindow::timelineWanted);
    connect(flows_, &FlowsPanel::queryChanged, this, [this](const FlowQuery& query) {
        if (analysis_)
            emit flowsWanted(analysis_, query);
    });
    connect(groups_, &GroupsPanel::groupsWanted, this, &MainWindow::groupsWanted);
    connect(groups_, &GroupsPanel::narrowWanted, narrowing_, &NarrowingBar::addFilter);
    connect(groups_, &GroupsPanel::packetsWanted, this, [this](const QString& filter) {
        narrowing_->addFilter(filter);
        tabs_->setCurrentWidget(packets_);
    });
    connect(groups_, &GroupsPanel::flowsWanted, this, &MainWindow::showFlowsOf);
    connect(engines_, &EnginesPanel::enginesWanted, this, &MainWindow::enginesWanted);
    connect(engines_, &EnginesPanel::flowWanted, this, &MainWindow::goToFlow);
    connect(engines_, &EnginesPanel::flowsWanted, this, &MainWindow::showFlowsOf);
    connect(flows_, &FlowsPanel::countWanted, this, [this](GroupKey key) {
        groups_->groupBy(false, key);
        tabs_->setCurrentWidget(groups_);
    });
    connect(packets_, &PacketsPanel::countWanted, this, [this](GroupKey key) {
        groups_->groupBy(true, key);
        tabs_->setCurrentWidget(groups_);
    });
    connect(groups_, &GroupsPanel::viewChanged, this, &MainWindow::stateChanged);
    connect(distributions_, &DistributionsPanel::narrowWanted, narrowing_, &NarrowingBar::addFilter);
    connect(distributions_, &DistributionsPanel::viewChanged, this, &MainWindow::stateChanged);
    connect(flows_, &FlowsPanel::flowActivated, flow_, &FlowView::setFlow);
    connect(flows_, &FlowsPanel::flowLeft, flow_, [this] { flow_->setFlow(std::nullopt); });
    connect(flows_, &FlowsPanel::windowWanted, this, &MainWindow::openFlowWindow);
    connect(flow_, &FlowView::windowWanted, this, &MainWindow::openFlowWindow);
    connect(flow_, &FlowView::viewChanged, this, &MainWindow::stateChanged);
    connect(flows_, &FlowsPanel::narrowWanted, narrowing_, &NarrowingBar::addFilter);
    connect(packets_, &PacketsPanel::timeWanted, this, &MainWindow::showTime);
    connect(packets_, &PacketsPanel::flowWanted, this, &MainWindow::goToFlow);
    connect(packets_, &PacketsPanel::narrowWanted, narrowing_, &NarrowingBar::addFilter);
    connect(addresses_, &AddressesPanel::addressesWanted, this, &MainWindow::addressesWanted);
    connect(addresses_, &AddressesPanel::pairsWanted, this, &MainWindow::pairsWanted);
    connect(addresses_, &AddressesPanel::addressChosen, this, [this](const std::string& address) {
        showFlowsOf(filterFor(FilterField::Address, QString::fromStdString(address)));
    });
    connect(
        addresses_, &AddressesPanel::pairChosen, this, [this](const std::string& a, const std::string& b) {
            showFlowsOf(filterFor(FilterField::Address, QString::fromStdString(a)) + QLatin1String(" and ") +
                        filterFor(FilterField::Address, QString::fromStdString(b)));
        });
    connect(addresses_, &AddressesPanel::filterWanted, filters_, &OptionsPanel::addAddress);
    connect(flows_, &FlowsPanel::filterWanted, filters_, &OptionsPanel::addAddress);
    connect(flows_, &FlowsPanel::timeWanted, this, &MainWindow::showTime);
    connect(tabs_, &QTabWidget::currentChanged, this, &MainWindow::stateChanged);
    connect(flows_, &FlowsPanel::queryChanged, this, &MainWindow::stateChanged);
    connect(flows_, &FlowsPanel::flowActivated, this, &MainWindow::stateChanged);
    connect(addresses_, &AddressesPanel::addressesWanted, this, &MainWindow::stateChanged);
    connect(overview_, &OverviewPanel::viewChanged, this, [this] {
        if (!busy_) // a growing timeline is not looked at in one way or another
            emit stateChanged();
    });
}

void MainWindow::makeFileActions()
{
    open_ = new QAction(symbolIcon(Symbol::Open), tr("&Open captures…"), this);
    open_->setShortcut(QKeySequence::Open);
    open_->setToolTip(tr("Add captures: pcap, pcapng or CSV, plain or gzip (%1)")
                          .arg(open_->shortcut().toString(QKeySequence::NativeText)));
    openDataset_ = new QAction(symbolIcon(Symbol::OpenDataset), tr("Open &dataset…"), this);
    openDataset_->setShortcut(Qt::CTRL | Qt::Key_D);
    openDataset_->setToolTip(tr("Look at a folder that was exported before (Ctrl+D)"));
    saveSession_ = new QAction(symbolIcon(Symbol::Save), tr("&Save session…"), this);
    saveSession_->setShortcut(QKeySequence::Save);

    auto* const file = menuBar()->addMenu(tr("&File"));
    file->addActions({open_, openDataset_, openJob_});
    recent_ = file->addMenu(tr("Open &recent"));
    recent_->setObjectName(QStringLiteral("recent"));
    file->addAction(tr("Choose &IP map…"), captures_, &CapturePanel::chooseIpMap);
    file->addSeparator();
    file->addAction(tr("Open sess&ion…"), this, &MainWindow::chooseSession);
    file->addAction(saveSession_);
    file->addAction(tr("Open se&lection…"), this, &MainWindow::chooseSelection);
    closeAll_ = file->addAction(tr("&Close all"), this, &MainWindow::closeAll);
    closeAll_->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_W);
    file->addSeparator();
    file->addAction(tr("&Quit"), this, &QWidget::close)->setShortcut(QKeySequence::Quit);

    connect(recent_, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    connect(open_, &QAction::triggered, captures_, &CapturePanel::chooseCaptures);
    connect(openDataset_, &QAction::triggered, this, &MainWindow::chooseDataset);
    connect(saveSession_, &QAction::triggered, this, &MainWindow::chooseSessionToSave);
}

void MainWindow::makeActions()
{
    makeClusterActions();
    makeFileActions();
    analyze_ = new QAction(symbolIcon(Symbol::Analyze), tr("&Analyze"), this);
    analyze_->setShortcut(Qt::CTRL | Qt::Key_R);
    analyze_->setToolTip(tr("Read the captures and show what an export would hold (Ctrl+R)"));
    cancel_ = new QAction(symbolIcon(Symbol::Cancel), tr("&Cancel"), this);
    cancel_->setShortcut(Qt::Key_Escape);
    cancel_->setToolTip(tr("Stop what is running (Esc)"));
    export_ = new QAction(symbolIcon(Symbol::Export), tr("&Export…"), this);
    export_->setShortcut(Qt::CTRL | Qt::Key_E);
    export_->setToolTip(tr("Write a dataset, or the flows as a file (Ctrl+E)"));
    copyCommand_ = new QAction(symbolIcon(Symbol::CopyCommand), tr("Copy co&mmand"), this);
    copyCommand_->setToolTip(tr("Copy the packetloom-cli line that makes the same dataset"));
    auto* const run = menuBar()->addMenu(tr("&Run"));
    run->addActions({analyze_, cancel_, export_, cluster_, copyCommand_});

    auto* const view = menuBar()->addMenu(tr("&View"));
    for (int i = 0; i < tabs_->count(); ++i) {
        auto* const show = view->addAction(tabs_->tabIcon(i), tabs_->tabText(i), this,
                                           [this, i] { tabs_->setCurrentIndex(i); });
        if (i < 10) // the tenth by 0
            show->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + (i + 1) % 10)));
    }
    view->addSeparator();
    makeSideAction();
    view->addAction(sideShown_);
    auto* const themes = view->addMenu(tr("&Theme"));
    auto* const themeGroup = new QActionGroup(this);
    for (const auto& [theme, name] :
         {std::pair(Theme::System, tr("As the &system")), std::pair(Theme::Light, tr("&Light")),
          std::pair(Theme::Dark, tr("&Dark"))}) {
        auto* const action = themes->addAction(name, this, [chosen = theme] { applyTheme(chosen); });
        action->setCheckable(true);
        action->setChecked(rememberedTheme() == theme);
        themeGroup->addAction(action);
    }
    auto* const help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&Manual"), this, &MainWindow::showManual)->setShortcut(QKeySequence::HelpContents);
    help->addAction(tr("&About Packetloom"), this, &MainWindow::about);
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt);

    auto* const find = new QAction(this);
    find->setShortcut(QKeySequence::Find);
    addAction(find);
    auto* const bar = addToolBar(tr("Main"));
    bar->setObjectName(QStringLiteral("main"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize({18, 18});
    bar->addAction(sideShown_);
    qobject_cast<QToolButton*>(bar->widgetForAction(sideShown_))->setToolButtonStyle(Qt::ToolButtonIconOnly);
    bar->addActions({open_, openDataset_});
    bar->addSeparator();
    bar->addActions({analyze_, cancel_});
    bar->addSeparator();
    bar->addActions({export_, copyCommand_});
    auto* const exports = qobject_cast<QToolButton*>(bar->widgetForAction(export_));
    exports->setPopupMode(QToolButton::MenuButtonPopup);
    exports->addAction(cluster_);

    connect(analyze_, &QAction::triggered, this, &MainWindow::requestAnalysis);
    connect(export_, &QAction::triggered, this, &MainWindow::chooseExport);
    connect(copyCommand_, &QAction::triggered, this, [this] {
        copyCommand(commandLine(options(), {}));
        showNote(tr("The packetloom-cli line that makes the same dataset is on the clipboard."));
    });
    connect(find, &QAction::triggered, narrowing_, &NarrowingBar::focusLine);
    connect(cancel_, &QAction::triggered, this, [this] {
        progress_->setCancelling(analysis_ == nullptr);
        emit cancelWanted();
    });
}

} // namespace packetloom
