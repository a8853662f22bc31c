// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/session_file.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

class SessionFileTest : public QObject
{
    Q_OBJECT

private slots:
    void comesBackAsItWas();
    void pathsMoveWithTheFolder();
    void pathsUpFromALink();
    void whatIsMissingIsAsUsual();
    void wrongMembersAreNamed_data();
    void wrongMembersAreNamed();
    void selectionFillsTheFilters();
    void selectionWithPlaceholders();
    void selectionsOfAnyShape_data();
    void selectionsOfAnyShape();
    void filesElsewhereAreKnown_data();
    void filesElsewhereAreKnown();
    void kindsAreToldApart();
    void cutAnywhereItIsAnError();
    void tunnelsAreWords();
};

namespace {

const std::filesystem::path here = "/cases/one";

SessionFile full()
{
    SessionFile session;
    Options& options = session.options;
    options.inputs = {here / "a.csv", here / "day 2" / "b.csv.gz", "/elsewhere/c.csv"};
    options.ipMap = here / "map.json";
    options.specs = {
        {.file = here / "a.csv", .ipMap = here / "maps" / "a.json"},
        {.file = "/elsewhere/c.csv", .ipMap = "/elsewhere/c.json", .timeUnit = TimeUnit::Seconds}};
    options.addressFilter = "10.0.0.1,2001:db8::/32,17";
    options.filterEnds = FilterEnds::Both;
    options.window = {.start = -5, .end = std::numeric_limits<std::int64_t>::max()};
    options.maxRecords = 7;
    options.flowTimeoutSeconds = 0;
    options.readChunkRows = 9;
    options.flowsPerChunk = 11;
    options.attackContext = "scan \"x\"";
    session.view = {{"tab", 3}, {"filter", "http"}};
    return session;
}

bool same(const Options& a, const Options& b)
{
    return a.inputs == b.inputs && a.specs == b.specs && a.ipMap == b.ipMap &&
           a.addressFilter == b.addressFilter && a.filterEnds == b.filterEnds &&
           a.window.start == b.window.start && a.window.end == b.window.end && a.maxRecords == b.maxRecords &&
           a.flowTimeoutSeconds == b.flowTimeoutSeconds && a.readChunkRows == b.readChunkRows &&
           a.flowsPerChunk == b.flowsPerChunk && a.attackContext == b.attackContext;
}

} // namespace

void SessionFileTest::comesBackAsItWas()
{
    const auto session = full();
    const auto back = sessionFromJson(sessionToJson(session, here), here);
    QVERIFY(back);
    QVERIFY(same(back->options, session.options));
    QCOMPARE(back->view, session.view);
    QVERIFY(back->dataset.empty());

    SessionFile ofDataset;
    ofDataset.dataset = "/data/set";
    const auto set = sessionFromJson(sessionToJson(ofDataset, here), here);
    QVERIFY(set);
    QVERIFY(set->dataset == ofDataset.dataset);
    QVERIFY(same(set->options, Options{}));
}

// A colleague gets the folder with captures and session under another name.
void SessionFileTest::pathsMoveWithTheFolder()
{
    const auto json = sessionToJson(full(), here);
    QVERIFY(!json.contains("/cases/one"));
    const std::filesystem::path there = "/home/colleague/case";
    const auto back = sessionFromJson(json, there);
    QVERIFY(back);
    QVERIFY(back->options.inputs == std::vector<std::filesystem::path>(
                                        {there / "a.csv", there / "day 2" / "b.csv.gz", "/elsewhere/c.csv"}));
    QVERIFY(back->options.ipMap == there / "map.json");
    QVERIFY(back->options.specs.at(0).ipMap == there / "maps" / "a.json");
    QVERIFY(back->options.specs.at(0).file == back->options.inputs.at(0));
}

// What is above a folder that a link leads to is not what is above the link.
void SessionFileTest::pathsUpFromALink()
{
    const TestFolder folder;
    const auto meant = folder.write("disk/a.csv", "the capture");
    folder.write("case/a.csv", "another one");
    folder.write("a.csv", "a third");
    std::filesystem::create_directories(folder / "disk/day");
    std::error_code error;
    std::filesystem::create_directory_symlink(folder / "disk/day", folder / "case/days", error);
    if (error)
        QSKIP("no links here");
    const auto read = [](const char* input, const std::filesystem::path& beside) {
        const auto session = sessionFromJson(
            QByteArray(R"({"packetloom_session": 1, "captures": [")") + input + "\"]}", beside);
        return session && session->options.inputs.size() == 1 ? session->options.inputs.front()
                                                              : std::filesystem::path();
    };
    QVERIFY(std::filesystem::equivalent(read("days/../a.csv", folder / "case"), meant));
    QVERIFY(std::filesystem::equivalent(read("../a.csv", folder / "case/days"), meant));
    QCOMPARE(read("./a.csv", folder / "case"), folder / "case/a.csv");
    SessionFile session;
    session.options.inputs = {folder / "case/days/../a.csv"};
    const auto back = sessionFromJson(sessionToJson(session, folder / "case"), folder / "case");
    QVERIFY(back && std::filesystem::equivalent(back->options.inputs.at(0), meant));
}

void SessionFileTest::whatIsMissingIsAsUsual()
{
    const auto session = sessionFromJson(R"({"packetloom_session": 1})", here);
    QVERIFY(session);
    QVERIFY(same(session->options, Options{}));
    QVERIFY(session->view.isEmpty());
}

void SessionFileTest::wrongMembersAreNamed_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("member");
    const auto row = [](const char* name, const char* members, const char* member) {
        QTest::newRow(name) << QByteArray(R"({"packetloom_session": 1, )") + members + '}' << QString(member);
    };
    row("captures", R"("captures": {"a": 1})", "captures");
    row("a capture", R"("captures": ["a", 1])", "captures");
    row("map", R"("ip_map": 3)", "ip_map");
    row("filters", R"("filters": "x")", "filters");
    row("time", R"("filters": {"time_start_us": "noon"})", "filters.time_start_us");
    row("time beyond 64 bits", R"("filters": {"time_end_us": 1e300})", "filters.time_end_us");
    row("both ends", R"("filters": {"both_ends": 1})", "filters.both_ends");
    row("negative timeout", R"("options": {"flow_timeout_seconds": -1})", "options.flow_timeout_seconds");
    row("zero chunk", R"("options": {"read_chunk_rows": 0})", "options.read_chunk_rows");
    row("label", R"("options": {"label": []})", "options.label");
    QTest::newRow("later version") << QByteArray(R"({"packetloom_session": 2})") << "packetloom_session";
    QTest::newRow("something else") << QByteArray(R"({"a": 2})") << "packetloom_session";
}

void SessionFileTest::wrongMembersAreNamed()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, member);
    const auto session = sessionFromJson(json, here);
    QVERIFY(!session);
    QVERIFY(session.error().code == Errc::JsonShape);
    QCOMPARE(QString::fromStdString(session.error().detail), member);
}

void SessionFileTest::selectionFillsTheFilters()
{
    const auto options = selectionFromJson(R"({
        "selection": {"arcs": 150, "ips": ["1.2.3.4"]},
        "command_line": "...",
        "filter_parameters": {
            "data_files": ["day1.csv", "/abs/day2.csv.gz"], "ip_map": "full_ip_map.json",
            "filter_ips": "1.2.3.4,5.6.7.8",
            "filter_time_start": 1257254652674641, "filter_time_end": 1257254699999999.5,
            "attack_context": "ddos"}})",
                                           here);
    QVERIFY(options);
    QVERIFY(options->inputs == std::vector<std::filesystem::path>({here / "day1.csv", "/abs/day2.csv.gz"}));
    QVERIFY(options->ipMap == here / "full_ip_map.json");
    QCOMPARE(options->addressFilter, std::string("1.2.3.4,5.6.7.8"));
    QVERIFY(options->window.start == 1257254652674641);
    QVERIFY(options->window.end == 1257254699999999);
    QCOMPARE(options->attackContext, std::string("ddos"));
}

void SessionFileTest::selectionWithPlaceholders()
{
    const auto options = selectionFromJson(R"({"filter_parameters": {
        "data_files": "<INPUT_CSV_FILES>", "ip_map": "<IP_MAP_JSON>", "filter_ips": ["a", "b"],
        "filter_time_start": "1257254652674641", "filter_time_end": null, "attack_context": null}})",
                                           here);
    QVERIFY(options);
    QVERIFY(options->inputs.empty());
    QVERIFY(options->ipMap.empty());
    QCOMPARE(options->addressFilter, std::string("a,b"));
    QVERIFY(options->window.start == 1257254652674641);
    QVERIFY(!options->window.end);
    QVERIFY(options->attackContext.empty());
}

void SessionFileTest::selectionsOfAnyShape_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("syntax");
    QTest::newRow("empty") << QByteArray() << true;
    QTest::newRow("not JSON") << QByteArray("filter_ips: a") << true;
    QTest::newRow("an array") << QByteArray("[1]") << true;
    QTest::newRow("deep") << QByteArray(5000, '[') << true;
    QTest::newRow("no parameters") << QByteArray(R"({"selection": {}})") << false;
    QTest::newRow("parameters of another kind") << QByteArray(R"({"filter_parameters": []})") << false;
    QTest::newRow("a time of another kind")
        << QByteArray(R"({"filter_parameters": {"filter_time_start": {}}})") << false;
}

void SessionFileTest::selectionsOfAnyShape()
{
    QFETCH(const QByteArray, json);
    QFETCH(const bool, syntax);
    const auto options = selectionFromJson(json, here);
    QVERIFY(!options);
    QVERIFY(options.error().code == (syntax ? Errc::JsonSyntax : Errc::JsonShape));
}

void SessionFileTest::filesElsewhereAreKnown_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<bool>("elsewhere");
    for (const char* const file :
         {R"(\\server\share\a.csv)", "//server/share/a.csv", R"(\/server/share/a.csv)",
          R"(/\server\share\a.csv)", R"(\\?\UNC\server\share\a.csv)", "//?/UNC/server/share/a.csv",
          R"(\??\UNC\server\share\a.csv)", R"(\\.\UNC\server\share\a.csv)",
          R"(\\server@SSL\DavWWWRoot\a.csv)", "//", "///a.csv"})
        QTest::newRow(file) << file << true;
    for (const char* const file : {"", "/", "a.csv", "/a.csv", "../a.csv", R"(C:\a.csv)", R"(\a.csv)",
                                   "C://a.csv", "a//b.csv", R"(.\\a.csv)", "?\?/a.csv", R"(\??)"})
        QTest::newRow(file[0] ? file : "empty") << file << false;
}

void SessionFileTest::filesElsewhereAreKnown()
{
    QFETCH(QString, file);
    QFETCH(bool, elsewhere);
    const auto expected = elsewhere ? QStringList{file} : QStringList();
    const auto found = [](const QJsonObject& json) { return filesElsewhere(QJsonDocument(json).toJson()); };
    const QJsonObject one{{"packetloom_session", 1}};
    for (const char* const member : {"dataset", "ip_map"}) {
        auto session = one;
        session[QLatin1String(member)] = file;
        QCOMPARE(found(session), expected);
    }
    auto session = one;
    session["captures"] = QJsonArray{"a.csv", file, "b.csv"};
    QCOMPARE(found(session), expected);
    session = one;
    session["reading_by_file"] =
        QJsonArray{QJsonObject{{"capture", "a.csv"}}, QJsonObject{{"capture", "b.csv"}, {"ip_map", file}}};
    QCOMPARE(found(session), expected);
    QCOMPARE(found({{"filter_parameters", QJsonObject{{"data_files", QJsonArray{"a.csv", file}}}}}),
             expected);
    QCOMPARE(found({{"filter_parameters", QJsonObject{{"data_files", file}}}}), expected);
    QCOMPARE(found({{"filter_parameters", QJsonObject{{"ip_map", file}}}}), expected);
    QCOMPARE(filesElsewhere("not JSON"), QStringList());
}

void SessionFileTest::kindsAreToldApart()
{
    QCOMPARE(jsonKind(sessionToJson(full(), here)), JsonKind::Session);
    QCOMPARE(jsonKind(R"({"selection": {}, "filter_parameters": {}})"), JsonKind::Selection);
    QCOMPARE(jsonKind(R"({"10.0.0.1": 1})"), JsonKind::Other);
    QCOMPARE(jsonKind("not JSON"), JsonKind::Other);
}

void SessionFileTest::cutAnywhereItIsAnError()
{
    const auto json = sessionToJson(full(), here).trimmed();
    for (qsizetype length = 0; length < json.size(); ++length)
        QVERIFY2(!sessionFromJson(json.left(length), here), qPrintable(QString::number(length)));
}

void SessionFileTest::tunnelsAreWords()
{
    for (const auto tunnels : {Tunnels::Inner, Tunnels::Outer, Tunnels::Each}) {
        SessionFile session;
        session.options.reading.tunnels = tunnels;
        const auto back = sessionFromJson(sessionToJson(session, here), here);
        QVERIFY(back);
        QCOMPARE(back->options.reading.tunnels, tunnels);
    }
    const auto read = [](const QJsonValue& tunnels) {
        auto session = QJsonDocument::fromJson(sessionToJson({}, here)).object();
        auto reading = session["reading"].toObject();
        if (!reading.contains("tunnels"))
            qFatal("it is elsewhere");
        reading["tunnels"] = tunnels;
        session["reading"] = reading;
        return sessionFromJson(QJsonDocument(session).toJson(), here);
    };
    QCOMPARE(read(true)->options.reading.tunnels, Tunnels::Outer); // as it once was
    QCOMPARE(read(false)->options.reading.tunnels, Tunnels::Inner);
    for (const auto& wrong : {QJsonValue("both"), QJsonValue(2)}) {
        const auto session = read(wrong);
        QVERIFY(!session && session.error().code == Errc::JsonShape);
        QVERIFY(session.error().detail.ends_with("tunnels"));
    }
}

QTEST_GUILESS_MAIN(SessionFileTest)
#include "session_file_test.moc"
