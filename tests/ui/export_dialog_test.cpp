// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/export_dialog.h"

#include "tests/ui/dialog_hands.h"

#include <QComboBox>
#include <QLineEdit>
#include <QRadioButton>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What the question about an export says by itself.
class ExportDialogTest : public QObject
{
    Q_OBJECT

private slots:
    void eachFormatHasItsPlace();
    void whatCannotBeExportedSaysWhy();
};

namespace {

QList<ExportDialog::Offer> offers(const QList<ExportDialog::Content>& contents)
{
    QList<ExportDialog::Offer> all;
    for (const auto& format : outputFormats())
        all << ExportDialog::Offer{&format, contents,
                                   QString::fromStdString("/place/" + std::string(format.id))};
    return all;
}

} // namespace

void ExportDialogTest::eachFormatHasItsPlace()
{
    ExportDialog dialog(offers({{"all", 1'000, false}}), true, nullptr);
    auto* const formats = dialog.findChild<QComboBox*>();
    auto* const place = dialog.findChild<QLineEdit*>();
    QStringList words;
    for (int i = 0; i < formats->count(); ++i)
        words << formats->itemText(i);
    QCOMPARE(words, (QStringList{"Dataset for TimeArcs", "Zeek conn.log", "conn.log as JSON lines"}));
    QStringList asked;
    connect(&dialog, &ExportDialog::inspectionWanted, this,
            [&](const auto& target) { asked << QString::fromStdString(target.generic_string()); });
    QVERIFY(says(dialog, "&Folder for the dataset") && says(dialog, "The dataset will need about"));
    place->setText("/mine");
    formats->setCurrentIndex(1);
    QCOMPARE(place->text(), QString("/place/conn-log"));
    QVERIFY(says(dialog, "&File") && !says(dialog, "The dataset will need about"));
    QVERIFY(says(dialog, "The exact engine tells the flows of the preview's packets"));
    QVERIFY(!exportButton(dialog)->isEnabled());
    dialog.showTarget("/place/conn-log", {.state = OutputState::Missing, .available = 0});
    QVERIFY(exportButton(dialog)->isEnabled() && says(dialog, "The file will be made."));
    dialog.showTarget("/place/conn-log", {.state = OutputState::File, .available = 0});
    QVERIFY(dialog.replaces() && says(dialog, "There is a file of this name. It will be replaced."));
    formats->setCurrentIndex(0);
    QVERIFY(!dialog.replaces() && !exportButton(dialog)->isEnabled());
    QCOMPARE(place->text(), QString("/mine"));
    dialog.chooseFormat(2);
    QCOMPARE(dialog.format(), qsizetype(2));
    QCOMPARE(asked, (QStringList{"/mine", "/place/conn-log", "/mine", "/place/conn-json"}));
}

void ExportDialogTest::whatCannotBeExportedSaysWhy()
{
    ExportDialog dialog(offers({{"seen", {}, false, "It has no such thing."}, {"all", {}, true}}), false,
                        nullptr);
    dialog.chooseFormat(1);
    dialog.showTarget("/place/conn-log", {.state = OutputState::Missing, .available = 0});
    QVERIFY(!exportButton(dialog)->isEnabled() && says(dialog, "It has no such thing."));
    dialog.findChildren<QRadioButton*>()[1]->click();
    QCOMPARE(dialog.content(), qsizetype(1));
    QVERIFY(exportButton(dialog)->isEnabled() && says(dialog, "The captures are read again"));
}

QTEST_MAIN(ExportDialogTest)
#include "export_dialog_test.moc"
