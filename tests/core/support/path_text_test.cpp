// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/path_text.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class PathTextTest : public QObject
{
    Q_OBJECT

private slots:
    void bothWays_data();
    void bothWays();
    void namesAreUtf8OnDisk();
    void bytesThatAreNoText();
};

void PathTextTest::bothWays_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* const text : {"", "a", "a/b.csv", "/", "../x", "two words", "quo\"te", "h\xc3\xb6st.csv",
                                   "\xe2\x82\xac/\xf0\x9f\x98\x80.gz", "trailing/"})
        QTest::addRow("'%s'", text) << QByteArray(text);
}

void PathTextTest::bothWays()
{
    QFETCH(QByteArray, text);
    const auto path = pathFromText(text.toStdString());
    QCOMPARE(QByteArray::fromStdString(pathText(path)), text);
    QCOMPARE(path.empty(), text.isEmpty());
}

// What Qt, which always speaks Unicode, sees of a file that was named through a path.
void PathTextTest::namesAreUtf8OnDisk()
{
    const TestFolder folder;
    const std::string name = "h\xc3\xb6st \xf0\x9f\x98\x80.csv";
    folder.write(name, "x");
    QCOMPARE(folder.names(), std::vector{name});
    const QDir dir(QString::fromStdString(pathText(folder.path())));
    QCOMPARE(dir.entryList(QDir::Files), QStringList{QString::fromStdString(name)});
    QCOMPARE(pathText((folder / name).filename()), name);
}

// On Unix a name is bytes, and comes back as it was.
void PathTextTest::bytesThatAreNoText()
{
#ifdef Q_OS_UNIX
    QCOMPARE(pathText(pathFromText("a\xff\xfe")), std::string("a\xff\xfe"));
    QCOMPARE(pathFromText("a\xff").native(), std::string("a\xff"));
#endif
}

QTEST_APPLESS_MAIN(PathTextTest)
#include "path_text_test.moc"
