// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_folder.h"
#include "core/support/path_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#ifdef Q_OS_UNIX
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#include <filesystem>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* chunked = R"({"format": "chunked"})";

Result<OutputFolder> check(const fs::path& target, const std::vector<fs::path>& inputs = {})
{
    return OutputFolder::check(target, ReplacePolicy::Anything, inputs); // what no policy permits
}

} // namespace

/// Where no dataset may go, whatever the user insists on.
class OutputPlaceTest : public QObject
{
    Q_OBJECT

private slots:
    void aFileInThePlace();
    void anInputInside_data();
    void anInputInside();
    void anInputThroughALink();
    void theTargetThroughALink();
    void theRootAndMountPoints();
    void theHomeFolder();
    void theCurrentFolder();
    void aLinkToNothing();
    void aManifestThatIsAPipe();
    void whatIsADataset_data();
    void whatIsADataset();
};

void OutputPlaceTest::aFileInThePlace()
{
    const TestFolder folder;
    const auto file = folder.write("out", "mine");
    for (const auto policy : {ReplacePolicy::Datasets, ReplacePolicy::Anything}) {
        const auto output = OutputFolder::check(file, policy, {});
        QVERIFY(!output);
        QCOMPARE(output.error().code, Errc::NotAFolder);
        QCOMPARE(output.error().file, file);
    }
    QCOMPARE(contentOf(file), std::string("mine"));
}

void OutputPlaceTest::anInputInside_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<bool>("inside");
    QTest::newRow("in it") << QByteArray("out/a.csv") << true;
    QTest::newRow("deep in it") << QByteArray("out/flows/more/a.csv") << true;
    QTest::newRow("with dots") << QByteArray("other/../out/a.csv") << true;
    QTest::newRow("beside it") << QByteArray("a.csv") << false;
    QTest::newRow("in a folder beside it") << QByteArray("other/a.csv") << false;
    QTest::newRow("in a folder whose name goes on") << QByteArray("out2/a.csv") << false;
    QTest::newRow("out of it with dots") << QByteArray("out/../a.csv") << false;
}

void OutputPlaceTest::anInputInside()
{
    QFETCH(QByteArray, input);
    QFETCH(bool, inside);
    const TestFolder folder;
    for (const char* const file : {"out/a.csv", "out/flows/more/a.csv", "a.csv", "other/a.csv", "out2/a.csv"})
        folder.write(file, "");
    const auto path = folder.path() / pathFromText(input.toStdString());
    for (const char* const target : {"out", "out/", "other/../out"}) {
        const auto output = check(folder / target, {folder / "a.csv", path});
        QCOMPARE(output.has_value(), !inside);
        if (!output) {
            QCOMPARE(output.error().code, Errc::InputInOutput);
            QCOMPARE(output.error().detail, pathText(path)); // as it was written
        }
    }
}

void OutputPlaceTest::anInputThroughALink()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    folder.write("out/a.csv", "");
    fs::create_symlink(folder / "out/a.csv", folder / "link.csv");
    fs::create_directory_symlink(folder / "out", folder / "linked");
    for (const char* const input : {"link.csv", "linked/a.csv"}) {
        const auto output = check(folder / "out", {folder / input});
        QVERIFY(!output);
        QCOMPARE(output.error().code, Errc::InputInOutput);
        QCOMPARE(output.error().detail, pathText(folder / input));
    }
#endif
}

void OutputPlaceTest::theTargetThroughALink()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    folder.write("real/manifest.json", chunked);
    folder.write("real/packets.csv", "");
    fs::create_directory_symlink(folder / "real", folder / "out");
    const auto refused = check(folder / "out", {folder / "real/packets.csv"});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::InputInOutput);
    auto output = check(folder / "out");
    QVERIFY(output);
    QCOMPARE(output->target(), fs::canonical(folder / "real"));
    QVERIFY(output->create() && output->publish());
    QVERIFY(fs::is_symlink(folder / "out")); // the link stays a link
    QVERIFY(fs::is_empty(folder / "real"));
    QCOMPARE(folder.names(), (std::vector<std::string>{"out", "real"}));
#endif
}

void OutputPlaceTest::theRootAndMountPoints()
{
#ifdef Q_OS_UNIX
    const auto root = check("/");
    QVERIFY(!root);
    QCOMPARE(root.error().code, Errc::RootFolder);
#endif
#ifdef Q_OS_LINUX
    const auto mounted = check("/proc"); // there is no other that every system has
    QVERIFY(!mounted);
    QCOMPARE(mounted.error().code, Errc::MountPoint);
#endif
}

void OutputPlaceTest::theHomeFolder()
{
    const TestFolder folder;
    const char* const variable = QSysInfo::productType() == QLatin1String("windows") ? "USERPROFILE" : "HOME";
    const auto before = qgetenv(variable);
    fs::create_directories(folder / "above/home/out");
    qputenv(variable, QByteArray::fromStdString((folder / "above/home").string()));
    for (const char* const name : {"above/home", "above", "above/home/out/..", "above/home/."})
        QCOMPARE(check(folder / name).error().code, Errc::HomeFolder);
    QVERIFY(check(folder / "above/home/out"));
#ifdef Q_OS_UNIX
    fs::create_directory_symlink(folder / "above", folder / "link");
    for (const char* const name : {"link", "link/home"})
        QCOMPARE(check(folder / name).error().code, Errc::HomeFolder);
    qputenv(variable, QByteArray::fromStdString((folder / "link/home").string())); // itself through one
    QCOMPARE(check(folder / "above").error().code, Errc::HomeFolder);
    qunsetenv(variable);
    const auto* const user = ::getpwuid(::getuid()); // what the system says without it
    if (user && fs::is_directory(user->pw_dir))
        QCOMPARE(check(user->pw_dir).error().code, Errc::HomeFolder);
#endif
    qputenv(variable, before);
}

void OutputPlaceTest::theCurrentFolder()
{
    const TestFolder folder;
    const auto before = fs::current_path();
    fs::create_directories(folder / "above/here/out");
    fs::current_path(folder / "above/here");
    for (const char* const name : {".", "..", "./", "out/.."})
        QCOMPARE(check(name).error().code, Errc::CurrentFolder);
    QCOMPARE(check(folder / "above").error().code, Errc::CurrentFolder);
    QVERIFY(check("out"));
    fs::current_path(before);
    QVERIFY(check(folder / "above"));
}

void OutputPlaceTest::aLinkToNothing()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    fs::create_symlink("nowhere", folder / "out");
    const auto refused = check(folder / "out");
    QCOMPARE(refused.error().code, Errc::DanglingLink);
    QCOMPARE(refused.error().detail, std::string("nowhere"));
    QCOMPARE(folder.names(), std::vector<std::string>{"out"});
#endif
}

void OutputPlaceTest::aManifestThatIsAPipe()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    fs::create_directory(folder / "out");
    QCOMPARE(::mkfifo((folder / "out/manifest.json").c_str(), 0600), 0);
    QVERIFY(!isDataset(folder / "out")); // and comes back
    QCOMPARE(OutputFolder::check(folder / "out", ReplacePolicy::Datasets, {}).error().code, Errc::Exists);
    const auto forced = check(folder / "out");
    QCOMPARE(forced.error().code, Errc::InTheWay);
    QCOMPARE(forced.error().detail, std::string("manifest.json"));
#endif
}

void OutputPlaceTest::whatIsADataset_data()
{
    QTest::addColumn<QByteArray>("manifest");
    QTest::addColumn<bool>("yes");
    const auto row = [](const char* name, const char* manifest, bool yes) {
        QTest::newRow(name) << QByteArray(manifest) << yes;
    };
    row("the format alone", chunked, true);
    row("the format behind others", R"({"version": "2.0", "x": {"format": "y"}, "format": "chunked"})", true);
    row("another format", R"({"format": "single"})", false);
    row("a longer word", R"({"format": "chunked2"})", false);
    row("in another object", R"({"x": {"format": "chunked"}})", false);
    row("no text", R"({"format": 1})", false);
    row("no format", "{}", false);
    row("no object", R"(["format", "chunked"])", false);
    row("a text", R"("chunked")", false);
    row("no JSON", "format: chunked", false);
    row("empty", "", false);
    row("cut off", R"({"version": "2.0", "for)", false);
}

void OutputPlaceTest::whatIsADataset()
{
    QFETCH(QByteArray, manifest);
    QFETCH(bool, yes);
    const TestFolder folder;
    QVERIFY(!isDataset(folder.path()));
    QVERIFY(!isDataset(folder / "none"));
    folder.write("manifest.json", manifest.toStdString());
    QCOMPARE(isDataset(folder.path()), yes);
    fs::create_directories(folder / "other/manifest.json");
    QVERIFY(!isDataset(folder / "other"));
}

QTEST_APPLESS_MAIN(OutputPlaceTest)
#include "output_place_test.moc"
