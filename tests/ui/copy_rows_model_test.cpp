// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/copy_rows.h"

#include "tests/support/capture_text.h"
#include "tests/ui/model_text.h"
#include "ui/models/address_table_model.h"
#include "ui/models/preview_row_model.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Rows as CSV on the clipboard.
class CopyRowsModelTest : public QObject
{
    Q_OBJECT

private slots:
    void rawNumbersInTheColumnsAsked();
    void rowsOnceFromTheTop();
    void fieldsAreQuotedAndNoFormulas_data();
    void fieldsAreQuotedAndNoFormulas();
    void runsAreJoined();
    void inPiecesTheSameText();
};

void CopyRowsModelTest::rawNumbersInTheColumnsAsked()
{
    const TestFolder folder;
    AddressTableModel model;
    model.setAnalysis(
        analysisOf(folder, captureHeader() + captureRow(captureStart, "10.0.0.1", "b", 2, 0, 0, 1234567)));
    QCOMPARE(model.index(0, int(AddressColumn::SentBytes)).data().toString(), QString("1,234,567"));
    const QList<int> columns{int(AddressColumn::SentBytes), int(AddressColumn::Address),
                             int(AddressColumn::FirstSeen)};
    QCOMPARE(rowsAsCsv(model, {model.index(0, 0)}, columns),
             QString("Bytes sent,Address,First seen\n1234567,10.0.0.1,1257254615000000\n"));
    QCOMPARE(
        rowsAsCsv(model, {model.index(1, 0)}),
        QString("Address,Packets,Packets sent,Packets received,Bytes,Bytes sent,Bytes received,First seen,"
                "Last seen\nb,1,0,1,1234567,0,1234567,1257254615000000,1257254615000000\n"));
    QCOMPARE(rowsAsCsv(model, {}, {0}), QString("Address\n"));
}

void CopyRowsModelTest::rowsOnceFromTheTop()
{
    const TestFolder folder;
    AddressTableModel model;
    model.setAnalysis(analysisOf(folder, conversations(2)));
    const QModelIndexList picked{model.index(2, 1), model.index(0, 0), model.index(0, 3), model.index(2, 0)};
    QCOMPARE(rowsAsCsv(model, picked, {0}), QString("Address\n10.0.0.1\n10.0.0.2\n"));
}

void CopyRowsModelTest::fieldsAreQuotedAndNoFormulas_data()
{
    QTest::addColumn<QByteArray>("address"); // as it stands in the capture's CSV
    QTest::addColumn<QString>("field");
    QTest::newRow("plain") << QByteArray("host") << QString("host");
    QTest::newRow("comma") << QByteArray("\"a,b\"") << QString("\"a,b\"");
    QTest::newRow("quote") << QByteArray("\"a\"\"b\"") << QString("\"a\"\"b\"");
    QTest::newRow("line feed") << QByteArray("\"a\nb\"") << QString("\"a\nb\"");
    QTest::newRow("semicolon") << QByteArray("a;=1+1") << QString("\"a;=1+1\"");
    QTest::newRow("formula") << QByteArray("=1+1") << QString("'=1+1");
    QTest::newRow("formula with a comma") << QByteArray("\"=SUM(1,2)\"") << QString("\"'=SUM(1,2)\"");
    QTest::newRow("plus") << QByteArray("+cmd|x") << QString("'+cmd|x");
    QTest::newRow("minus") << QByteArray("-1+2") << QString("'-1+2");
    QTest::newRow("at") << QByteArray("@SUM") << QString("'@SUM");
    QTest::newRow("tab") << QByteArray("\"\t=1\"") << QString("\"'\t=1\"");
    QTest::newRow("a negative number") << QByteArray("-12") << QString("-12");
    QTest::newRow("a number with a fraction") << QByteArray("+1.5e-3") << QString("+1.5e-3");
}

void CopyRowsModelTest::fieldsAreQuotedAndNoFormulas()
{
    QFETCH(QByteArray, address);
    QFETCH(QString, field);
    const TestFolder folder;
    PreviewRowModel model;
    model.setAnalysis(
        analysisOf(folder, captureHeader() + captureRow(1, address.toStdString(), "b", 2, 0, 0, -5)));
    QCOMPARE(rowsAsCsv(model, {model.index(0, 0)}, {PreviewRowModel::Source, PreviewRowModel::Length}),
             "Source,Length\n" + field + ",-5\n");
}

void CopyRowsModelTest::runsAreJoined()
{
    QCOMPARE(rowRuns({}), RowRuns());
    QCOMPARE(rowRuns({{7, 9}, {1, 2}, {3, 3}, {8, 12}, {20, 20}}), (RowRuns{{1, 3}, {7, 12}, {20, 20}}));
    QCOMPARE(rowRuns({{1, 10}, {2, 3}, {5, 5}}), (RowRuns{{1, 10}}));
}

void CopyRowsModelTest::inPiecesTheSameText()
{
    const TestFolder folder;
    AddressTableModel model;
    model.setAnalysis(analysisOf(folder, conversations(3000)));
    QVERIFY(model.rowCount() > 3000);
    QModelIndexList all;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (row < 5 || row > 20)
            all << model.index(row, 0);
    }
    RowCopier copier;
    QString text;
    qint64 rows = 0;
    connect(&copier, &RowCopier::finished, this, [&](const QString& csv, qint64 count) {
        text = csv;
        rows = count;
    });
    for (const QList<int>& columns : {QList<int>(), QList<int>{2, 0}}) {
        text.clear();
        copier.start(model, {{0, 4}, {21, model.rowCount() - 1}}, columns);
        QTRY_VERIFY(!copier.running());
        QCOMPARE(text, rowsAsCsv(model, all, columns));
        QCOMPARE(rows, qint64(all.size()));
    }
}

QTEST_GUILESS_MAIN(CopyRowsModelTest)
#include "copy_rows_model_test.moc"
