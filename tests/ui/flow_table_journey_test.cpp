// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_table_analysis.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/messages.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/overview_panel.h"

#include <QAction>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QSettings>
#include <QTableView>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Another tool's table of flows, in the window and on the command line.
class FlowTableJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aTableOpensIntoTheViews();
    void viewsOfPacketsSayThatThereAreNone();
    void itCannotBeExported();
    void aMarkedIntervalNarrowsTheAddresses();
    void jsonLinesAreNoIpMap();
    void whatIsAssumedIsSaid();
    void itComesBackWithTheSessionAndTheRecentFiles();
    void amongCapturesItSaysWhatItIs();
    void theCommandLineShowsItToo();

private:
    [[nodiscard]] bool opened() const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

const std::string conn =
    "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\tid.orig_p\t"
    "id.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\torig_pkts\torig_ip_bytes\t"
    "resp_pkts\tresp_ip_bytes\n"
    "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\tssh\t5\tSF\t1000\t100000\t234\t800\n"
    "50\t10.0.0.3\t50000\t10.0.0.1\t443\ttcp\t-\t1.5\tS0\t2\t100\t0\t0\n"
    "200\t10.0.0.2\t5353\t10.0.0.1\t53\tudp\t-\t-\tSF\t1\t60\t1\t90\n";

} // namespace

void FlowTableJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("FlowTableJourneyTest"));
}

void FlowTableJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void FlowTableJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

bool FlowTableJourneyTest::opened() const
{
    return QTest::qWaitFor([this] { return driver_->analysis() && driver_->analysis()->flowTable(); },
                           patience);
}

void FlowTableJourneyTest::aTableOpensIntoTheViews()
{
    driver_->drop({folder_->write("conn.log", conn)});
    QVERIFY(opened());
    QVERIFY(driver_->window().options().inputs.empty());
    QVERIFY(driver_->shows("conn.log"));
    QVERIFY(driver_->shows("1,238")); // packets
    QVERIFY(driver_->shows("1,236")); // of TCP
    QCOMPARE(driver_->window().windowTitle(), QStringLiteral("conn.log – Packetloom"));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 3, patience);
    const auto flows = driver_->table("Flows");
    QVERIFY2(flows[0].contains("|SF|SF: graceful|") && flows[0].contains("|tcp|ssh|"), qPrintable(flows[0]));
    QVERIFY2(flows[1].contains("|S0|") && flows[1].contains("|tcp|https|"), qPrintable(flows[1]));
    QVERIFY2(flows[2].contains("|SF|SF|") && flows[2].contains("|udp|domain|"), qPrintable(flows[2]));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 3, patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Pairs of addresses").size(), 2, patience);
    QVERIFY(driver_->window().message().isEmpty() || !driver_->window().message().contains("conn.log"));

    driver_->press("Close table");
    QCOMPARE(driver_->table("Flows").size(), 0);
}

void FlowTableJourneyTest::viewsOfPacketsSayThatThereAreNone()
{
    driver_->drop({folder_->write("conn.log", conn + "bad row\n")});
    QVERIFY(opened());
    const auto says = [&](const char* tab, const QString& text) {
        driver_->action(QString::fromUtf8(tab))->trigger();
        for (const auto* const label : driver_->window().findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(text))
                return true;
        }
        return false;
    };
    const auto none = QStringLiteral("This is a table of flows: it has no packets.");
    for (const auto* const tab : {"Flows", "Flags", "Rows", "Quality"})
        QVERIFY2(says(tab, none), tab);
    QVERIFY(says("Addresses", "all protocols"));
    QVERIFY(says("Overview", "a flow's packets stand at its start"));
    auto* const stacking = driver_->named<QComboBox>("What the colours of the timeline tell apart");
    QVERIFY(!stacking->isEnabled());

    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 3, patience);
    driver_->action("Flows")->trigger();
    driver_->named<QTableView>("Flows")->selectRow(0);
    QTRY_VERIFY_WITH_TIMEOUT(says("Flows", "flow_000001: 1,234 packets"), patience);
    QVERIFY(says("Flows", none));
    QVERIFY(says("Rows", "4 rows read = 3 kept + 0 filtered + 1 rejected."));
    QCOMPARE(driver_->table("Rows that were left out").size(), 1);
    QVERIFY(driver_->window().message().startsWith("1 of 4 rows"));

    // A capture shows its packets again.
    driver_->drop({folder_->write("in.csv", conversations(5))});
    QVERIFY(driver_->analyze());
    QVERIFY(!says("Flags", none));
    QVERIFY(stacking->isEnabled());
}

void FlowTableJourneyTest::itCannotBeExported()
{
    driver_->drop({folder_->write("in.csv", conversations(5))});
    QVERIFY(driver_->action("Export…")->isEnabled());
    driver_->drop({folder_->write("conn.log", conn)});
    QVERIFY(opened());
    QTRY_VERIFY_WITH_TIMEOUT(driver_->action("Analyze")->isEnabled(), patience);
    QVERIFY(!driver_->action("Export…")->isEnabled());
    QVERIFY(driver_->action("Export…")->toolTip().contains("no packets"));
    QVERIFY(driver_->shows(
        "This is a table of flows. Analyze to see the captures that were opened in the meantime."));
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->action("Export…")->isEnabled());
}

void FlowTableJourneyTest::aMarkedIntervalNarrowsTheAddresses()
{
    driver_->drop({folder_->write("conn.log", conn)});
    QVERIFY(opened());
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{200'000'000}, qint64{300'000'000}));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 2, patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 1, patience);
    driver_->press("Clear all");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 3, patience);

    emit driver_->window().findChild<OverviewPanel*>()->serviceActivated("ssh");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 1, patience);
}

void FlowTableJourneyTest::jsonLinesAreNoIpMap()
{
    driver_->drop({folder_->write(
        "conn.json",
        R"({"ts":1,"id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"tcp","conn_state":"SF"})")});
    QVERIFY(opened());
    QVERIFY(driver_->window().options().ipMap.empty());
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 1, patience);
}

void FlowTableJourneyTest::whatIsAssumedIsSaid()
{
    driver_->drop({folder_->write("ra.csv", "StartTime,Proto,SrcAddr,Sport,DstAddr,Dport,TotPkts,State\n"
                                            "13:23:35.5,tcp,10.0.0.1,1,10.0.0.2,2,7,FIN\n")});
    QVERIFY(opened());
    const auto message = driver_->window().message();
    for (const auto* const part : {"1970-01-01", "which end sent what", "UTC"})
        QVERIFY2(message.contains(QLatin1String(part)), qPrintable(message));
}

void FlowTableJourneyTest::itComesBackWithTheSessionAndTheRecentFiles()
{
    const auto file = folder_->write("conn.log", conn);
    driver_->drop({file});
    QVERIFY(opened());
    QCOMPARE(driver_->window().dataset(), file);
    const auto session = *folder_ / "look.packetloom";
    emit driver_->window().sessionSaveWanted(session);
    driver_ = std::make_unique<WindowDriver>();
    driver_->session().open({session});
    QVERIFY(opened());
    QCOMPARE(driver_->analysis()->flowTable()->file, file);

    driver_ = std::make_unique<WindowDriver>();
    auto* const recent = driver_->window().findChild<QMenu*>("recent");
    emit recent->aboutToShow();
    for (auto* const action : recent->actions()) {
        if (action->text().endsWith("conn.log"))
            action->trigger();
    }
    QVERIFY(opened());

    // In a session a file may have become another one.
    folder_->write("conn.log", "something else\n");
    driver_ = std::make_unique<WindowDriver>();
    driver_->session().open({session});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("no table of flows"), patience);
}

void FlowTableJourneyTest::amongCapturesItSaysWhatItIs()
{
    auto options = driver_->window().options();
    options.inputs = {folder_->write("conn.log", conn)};
    driver_->window().setOptions(options);
    driver_->window().requestAnalysis();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().contains("table of flows (Zeek conn.log)"),
                             patience);
}

void FlowTableJourneyTest::theCommandLineShowsItToo()
{
    const auto file = shown(folder_->write("conn.log", conn + "bad row\n"));
    const auto holds = [](const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    };
    const auto text = runProgram({"--preview", "--data", file});
    QCOMPARE(text.status, 0);
    for (const auto* const part :
         {"Table of flows: Zeek conn.log", "4 read = 3 kept + 0 filtered + 1 rejected",
          "packets     1,238, of them 1,236 TCP", "flows       3", "Busiest addresses (all protocols)",
          "bad row", "Services", "domain"})
        QVERIFY2(holds(text.output, part), text.output.c_str());

    const auto json = runProgram({"--preview", "--json", "--data", file});
    QCOMPARE(json.status, 0);
    const auto said = QJsonDocument::fromJson(QByteArray::fromStdString(json.output)).object();
    QCOMPARE(said["flow_table"].toString(), QStringLiteral("zeek"));
    QCOMPARE(said["total_packets"].toInteger(), 1238);
    QCOMPARE(said["total_flows"].toInteger(), 3);
    QCOMPARE(said["services"].toArray().size(), 3);
    QCOMPARE(said["services"][0]["flows"].toInteger(), 1);
    QCOMPARE(said["rows"]["rejected"].toInteger(), 1);
    QCOMPARE(said["close_types"]["graceful"].toInteger(), 1);

    const auto filtered = runProgram({"--preview", "--data", file, "--filter-ips", "10.0.0.0/8"});
    QVERIFY(filtered.status == 0 && holds(filtered.errors, "filters are not used"));
    const auto converted = runProgram({"--data", file, "--output-dir", shown(*folder_ / "out")});
    QCOMPARE(converted.status, 2);
    QVERIFY2(holds(converted.errors, "this is a table of flows (Zeek conn.log): it has no packets"),
             converted.errors.c_str());
    const auto both =
        runProgram({"--preview", "--data", shown(folder_->write("in.csv", conversations(5))), file});
    QVERIFY(both.status == 2 && holds(both.errors, "table of flows"));
    QCOMPARE(folder_->names(), (std::vector<std::string>{"conn.log", "in.csv"}));
}

QTEST_MAIN(FlowTableJourneyTest)
#include "flow_table_journey_test.moc"
