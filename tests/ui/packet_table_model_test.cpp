// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/ui/model_text.h"
#include "ui/models/packet_table_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The packets of one flow.
class PacketTableModelTest : public QObject
{
    Q_OBJECT

private slots:
    void wholeConnection();
    void theInvalidPacketIsNamed();
    void aResetIsNoFault();
    void sortsAndFindsPackets();
    void clears();
};

namespace {

void show(PacketTableModel& model, const std::shared_ptr<const Analysis>& analysis, std::size_t flow = 0)
{
    model.setFlow(readFlow(*analysis, flow).value(), analysis);
}

} // namespace

void PacketTableModelTest::wholeConnection()
{
    const TestFolder folder;
    PacketTableModel model;
    const QAbstractItemModelTester watch(&model);
    show(model, analysisOf(folder, conversations(1)));
    QCOMPARE(headersOf(model), (QStringList{"No.", "Time", "Since start", "Direction", "Flags", "Sequence",
                                            "Acknowledgment", "Length", "Phase", "Meaning"}));
    QVERIFY(!headersOf(model, Qt::ToolTipRole).contains(QString()));
    const QString there = QString::fromUtf8("10.0.0.1:1024 \u2192 10.9.0.1:80"),
                  back = QString::fromUtf8("10.9.0.1:80 \u2192 10.0.0.1:1024"),
                  second = "2009-11-03 13:23:35.000";
    QCOMPARE(
        rowsOf(model),
        (QStringList{
            "1|" + second + "100 UTC|0.000000 s|" + there + "|SYN|1,000|0|0|establishment|connection request",
            "2|" + second + "200 UTC|0.000100 s|" + back +
                "|SYN+ACK|5,000|1,001|0|establishment|connection acceptance",
            "3|" + second + "300 UTC|0.000200 s|" + there +
                "|ACK|1,001|5,001|0|establishment|connection established",
            "4|" + second + "400 UTC|0.000300 s|" + there +
                "|PSH+ACK|1,001|5,001|400|data transfer|data transfer",
            "5|" + second + "500 UTC|0.000400 s|" + back + "|FIN+ACK|5,001|1,401|0|closing|close request",
            "6|" + second + "600 UTC|0.000500 s|" + there + "|FIN+ACK|1,401|5,002|0|closing|close request"}));
    QCOMPARE(
        rowsOf(model, TableModel::RawRole)[3],
        QString("4|1257254615000400|300|10.0.0.1:1024 -> 10.9.0.1:80|PSH+ACK|1001|5001|400|data transfer|"
                "data transfer"));
    QCOMPARE(columnOf(model, 0, PacketTableModel::PhaseRole), (QStringList{"1", "1", "1", "2", "3", "3"}));
}

void PacketTableModelTest::theInvalidPacketIsNamed()
{
    const TestFolder folder;
    PacketTableModel model;
    const std::string a = "2001:db8::1", b = "10.0.0.2<b>";
    std::string text = captureHeader() + captureRow(1, a, b, 2, 100, 0) + captureRow(2, a, b, 18, 100, 7) +
                       captureRow(3, a, b, 16, 101, 8);
    show(model, analysisOf(folder, text));
    QCOMPARE(columnOf(model, PacketTableModel::Meaning),
             (QStringList{"connection request", "makes the flow invalid: invalid SYN+ACK",
                          "after the packet that made the flow invalid"}));
    QCOMPARE(columnOf(model, 0, PacketTableModel::InvalidatesRole), (QStringList{"false", "true", "false"}));
    QCOMPARE(model.index(0, PacketTableModel::Direction).data().toString(),
             QString::fromUtf8("[2001:db8::1]:40000 \u2192 10.0.0.2<b>:80"));
    QVERIFY(!model.index(0, PacketTableModel::Direction).data(Qt::ToolTipRole).toString().contains("<b>"));

    text = captureHeader() + captureRow(1, a, b, 2, 100, 0) + captureRow(2, a, b, 4, 100, 7);
    show(model, analysisOf(folder, text));
    QCOMPARE(columnOf(model, PacketTableModel::Meaning),
             (QStringList{"connection request",
                          "connection aborted; makes the flow invalid: RST during handshake"}));
}

void PacketTableModelTest::aResetIsNoFault()
{
    const TestFolder folder;
    PacketTableModel model;
    show(model, analysisOf(folder, captureHeader() + captureRow(1, "a", "b", 4)));
    QCOMPARE(columnOf(model, PacketTableModel::Meaning), QStringList{"connection aborted"});
    QCOMPARE(columnOf(model, 0, PacketTableModel::InvalidatesRole), QStringList{"false"});
}

void PacketTableModelTest::sortsAndFindsPackets()
{
    const TestFolder folder;
    PacketTableModel model;
    const QAbstractItemModelTester watch(&model);
    const auto analysis = analysisOf(folder, conversations(1));
    show(model, analysis);
    const auto sorted = [&](int column, Qt::SortOrder order = Qt::AscendingOrder) {
        model.sort(column, order);
        return columnOf(model, PacketTableModel::Number).join(QString());
    };
    QCOMPARE(sorted(PacketTableModel::Number, Qt::DescendingOrder), QString("654321"));
    QCOMPARE(sorted(PacketTableModel::Time), QString("123456"));
    QCOMPARE(sorted(PacketTableModel::SinceStart, Qt::DescendingOrder), QString("654321"));
    QCOMPARE(sorted(PacketTableModel::Direction), QString("134625"));
    QCOMPARE(sorted(PacketTableModel::Flags), QString("356412")); // ACK, FIN+ACK, PSH+ACK, SYN, SYN+ACK
    QCOMPARE(sorted(PacketTableModel::Sequence), QString("134625"));
    QCOMPARE(sorted(PacketTableModel::Acknowledgment), QString("125346"));
    QCOMPARE(sorted(PacketTableModel::PhaseName, Qt::DescendingOrder), QString("564123"));
    QCOMPARE(sorted(PacketTableModel::Meaning, Qt::DescendingOrder), QString("564321"));
    QCOMPARE(sorted(PacketTableModel::Length, Qt::DescendingOrder), QString("412356"));
    QCOMPARE(model.packetAt(0), 3u);
    QCOMPARE(model.rowOf(0), 1);
    QCOMPARE(model.rowOf(6), -1);
    show(model, analysis); // the order stays
    QCOMPARE(model.packetAt(0), 3u);
    QCOMPARE(sorted(-1, Qt::DescendingOrder), QString("123456"));
}

void PacketTableModelTest::clears()
{
    const TestFolder folder;
    PacketTableModel model;
    const QAbstractItemModelTester watch(&model);
    QCOMPARE(model.rowCount(), 0);
    model.sort(PacketTableModel::Time);
    show(model, analysisOf(folder, conversations(1)));
    model.clear();
    QCOMPARE(model.rowCount(), 0);
    QVERIFY(model.flow().packets.empty());
}

QTEST_GUILESS_MAIN(PacketTableModelTest)
#include "packet_table_model_test.moc"
