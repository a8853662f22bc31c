// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"

#include <QListWidget>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Sessions and selections that name files on other computers: nothing there is looked at before the user
/// agrees.
class ElsewhereTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void asksFirst_data();
    void asksFirst();
    void refusedStaysUntouched();
    void ownFilesNeedNoQuestion();

private:
    [[nodiscard]] bool asks() const { return driver_->shows(question_); }
    void lookFor(const QString& file);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
    int inspected_ = 0;
    QString question_;
};

void ElsewhereTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("ElsewhereTest"));
}

void ElsewhereTest::init()
{
    driver_.reset();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    inspected_ = 0;
    connect(&driver_->window(), &MainWindow::inspectionWanted, this, [this] { ++inspected_; });
}

void ElsewhereTest::lookFor(const QString& file)
{
    question_ =
        QStringLiteral("%1 names files on another computer: //nowhere.invalid/share/a.csv. Opening it "
                       "may log you on there, which tells that computer your name and lets it try your "
                       "password. Nothing of it has been looked at yet.")
            .arg(file);
}

void ElsewhereTest::asksFirst_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("session") << "case.packetloom" << QByteArray(R"({"packetloom_session": 1,
                                 "captures": ["//nowhere.invalid/share/a.csv"], "filters": {"addresses": "10.0.0.1"}})");
    QTest::newRow("selection") << "selection.json" << QByteArray(R"({"filter_parameters":
                                 {"data_files": "//nowhere.invalid/share/a.csv", "filter_ips": "10.0.0.1"}})");
}

void ElsewhereTest::asksFirst()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, json);
    lookFor(name);
    driver_->drop({folder_->write(name.toStdString(), json.toStdString())});
    QVERIFY(asks());
    driver_->window().showNote("something else"); // the question stays
    QVERIFY(asks());
    QCOMPARE(inspected_, 0);
    QVERIFY(driver_->window().options().inputs.empty());
    QVERIFY(driver_->window().options().addressFilter.empty());
    driver_->press("Open it");
    QVERIFY(!asks());
    QCOMPARE(driver_->window().options().addressFilter, std::string("10.0.0.1"));
    QCOMPARE(inspected_, name == "case.packetloom" ? 1 : 0); // a selection looks whether they are there
}

void ElsewhereTest::refusedStaysUntouched()
{
    lookFor("case.packetloom");
    driver_->drop({folder_->write("case.packetloom", R"({"packetloom_session": 1,
        "captures": ["//nowhere.invalid/share/a.csv"]})")});
    QVERIFY(asks());
    driver_->press("Do not open");
    QVERIFY(!asks());
    QTest::qWait(50);
    QCOMPARE(inspected_, 0);
    QVERIFY(driver_->window().options().inputs.empty());
}

void ElsewhereTest::ownFilesNeedNoQuestion()
{
    lookFor("case.packetloom");
    driver_->drop({folder_->write("case.packetloom", R"({"packetloom_session": 1, "captures": ["a.csv"]})")});
    QVERIFY(!asks());
    QCOMPARE(inspected_, 1);
}

QTEST_MAIN(ElsewhereTest)
#include "elsewhere_test.moc"
