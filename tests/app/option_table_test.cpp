// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"
#include "app/cli_messages.h"
#include "app/session_file.h"
#include "core/run/option_table.h"
#include "core/run/preflight.h"
#include "core/support/path_text.h"
#include "tests/support/test_folder.h"
#include "ui/command_line.h"
#include "ui/option_spelling.h"
#include "ui/option_words.h"
#include "ui/panels/options_panel.h"

#include <QSet>
#include <QSettings>
#include <QTest>
#include <type_traits>

using namespace packetloom;
using namespace packetloom::test;

/// Walks the table of options through every place that options go: one that a place forgot fails here.
class OptionTableTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyMemberIsInTheTable();
    void keysAndNamesAreDifferent();
    void theDefaultIsAllowed_data() { options(); }
    void theDefaultIsAllowed();
    void theCommandLineUnderstandsIt_data() { options(); }
    void theCommandLineUnderstandsIt();
    void theCommandLineExplainsIt_data() { options(); }
    void theCommandLineExplainsIt();
    void theCommandLineKeepsToItsBounds_data() { options(); }
    void theCommandLineKeepsToItsBounds();
    void theCopiedCommandHasIt_data() { options(); }
    void theCopiedCommandHasIt();
    void aSessionKeepsIt_data() { options(); }
    void aSessionKeepsIt();
    void theWindowKeepsIt_data() { options(); }
    void theWindowKeepsIt();
    void itIsAnotherCaptureIfFlowsChange_data() { options(); }
    void tunnelsAreKept();
    void itIsAnotherCaptureIfFlowsChange();
    void endsDoNotCountWithoutAFilter();

private:
    static void options();

    const TestFolder settings_;
};

namespace {

const std::filesystem::path here = "/captures/of today";

/// Where every option counts.
Options usual()
{
    Options options;
    options.inputs = {"a.csv"};
    options.addressFilter = "10.0.0.1";
    options.flowsBy = FlowsBy::Exact; // only then its times count
    return options;
}

/// Another one than in usual().
OptionValue anotherOf(OptionId id)
{
    return std::visit(
        [&](const auto& value) -> OptionValue {
            using Value = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, bool>)
                return !value;
            else if constexpr (std::is_same_v<Value, std::int64_t>)
                return value + 7 * spellingOf(id).unit;
            else if constexpr (std::is_same_v<Value, std::optional<std::int64_t>>)
                return Value(-5);
            else if constexpr (std::is_same_v<Value, FilterEnds>)
                return FilterEnds::Both;
            else if constexpr (std::is_same_v<Value, Tunnels>)
                return Tunnels::Each;
            else if constexpr (std::is_same_v<Value, FlowsBy>)
                return value == FlowsBy::Exact ? FlowsBy::Reference : FlowsBy::Exact;
            else if constexpr (std::is_same_v<Value, TimeUnit>)
                return TimeUnit::Nanoseconds;
            else if constexpr (std::is_same_v<Value, Delimiter>)
                return Delimiter::Semicolon;
            else if constexpr (std::is_same_v<Value, JsonStyle>)
                return JsonStyle::Compact;
            else
                return Value("-other"); // as an option looks
        },
        valueOf(usual(), id));
}

Options withAnother(OptionId id)
{
    auto options = usual();
    setValue(options, id, anotherOf(id));
    return options;
}

/// The first option that is not the same in both.
QString difference(const Options& a, const Options& b)
{
    if (a.inputs != b.inputs)
        return QStringLiteral("inputs");
    for (const auto& entry : optionTable) {
        if (valueOf(a, entry.id) != valueOf(b, entry.id))
            return QString::fromStdString(std::string(entry.key));
    }
    return {};
}

ParsedArguments parsed(const QString& line)
{
    std::vector<std::string> words;
    for (const auto& word : line.split(QLatin1Char(' ')))
        words.push_back(word.toStdString());
    words.erase(words.begin()); // the program
    return parseArguments(words);
}

} // namespace

void OptionTableTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("PacketloomTests"));
    QCoreApplication::setApplicationName(QStringLiteral("OptionTableTest"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString(pathText(settings_.path())));
}

void OptionTableTest::options()
{
    QTest::addColumn<OptionId>("id");
    for (const auto& entry : optionTable)
        QTest::newRow(std::string(entry.key).c_str()) << entry.id;
}

// This does not compile when Options has a member more: then it belongs into the table, or on the list of
// those that are not in it.
void OptionTableTest::everyMemberIsInTheTable()
{
    const Options options;
    const auto& [inputs, reading, specs, ipMap, addressFilter, filterEnds, window, filter, maxRecords,
                 flowsPerChunk, readChunkRows, flowTimeoutSeconds, flowsBy, exact, attackContext, style,
                 skipMissing, skipBroken, replaceAnything, threads, memoryLimit, blockSize, temporaryFolder] =
        options;
    std::size_t members = 0;
    const auto count = [&](const auto&... each) { members = sizeof...(each); };
    const auto& [file, tunnels, verifyChecksums, ownIpMap, columns, timeUnit, timeBase, delimiter, noHeader] =
        reading;
    const auto& [attempt, linger, partialClose, tcpInactivity, udpInactivity, icmpInactivity, otherInactivity,
                 checksumsCount] = exact;
    count(ipMap, tunnels, verifyChecksums, columns, timeUnit, timeBase, delimiter, noHeader, addressFilter,
          filterEnds, window.start, window.end, filter, maxRecords, flowsPerChunk, readChunkRows,
          flowTimeoutSeconds, attackContext, style, flowsBy, attempt, linger, partialClose, tcpInactivity,
          udpInactivity, icmpInactivity, otherInactivity, skipMissing, skipBroken, replaceAnything, threads,
          memoryLimit);
    QCOMPARE(members, optionCount);
    QVERIFY(inputs.empty() && specs.empty() && file.empty() && ownIpMap.empty() && blockSize > 0 &&
            temporaryFolder.empty() && !checksumsCount);
    for (const auto& entry : optionTable) { // each by another member
        for (const auto& other : optionTable)
            QCOMPARE(entry.member == other.member, entry.id == other.id);
    }
}

void OptionTableTest::keysAndNamesAreDifferent()
{
    QSet<QString> keys, names, labels;
    for (const auto& entry : optionTable) {
        keys << QString::fromStdString(std::string(entry.key));
        names << QString::fromStdString(optionWord(entry.id));
        labels << optionLabel(entry.id);
    }
    for (const auto& texts : {keys, names, labels})
        QCOMPARE(std::size_t(texts.size()), optionCount);
    QVERIFY(!labels.contains(QString()));
}

void OptionTableTest::theDefaultIsAllowed()
{
    QFETCH(OptionId, id);
    QVERIFY(!outOfBounds(Options()));
    QVERIFY(!outOfBounds(withAnother(id)));
    QVERIFY(anotherOf(id) != valueOf(usual(), id));
    QCOMPARE(difference(usual(), withAnother(id)), QString::fromStdString(std::string(entryOf(id).key)));
}

void OptionTableTest::theCommandLineUnderstandsIt()
{
    QFETCH(OptionId, id);
    const std::vector<std::string> before{"--preview", "--data",   "a.csv", "--filter-ips",
                                          "10.0.0.1",  "--engine", "exact"};
    const auto with = [&](const OptionValue& value) {
        auto words = before;
        const auto word = optionWord(id);
        if (const auto* const number = std::get_if<std::int64_t>(&value))
            words.insert(words.end(), {word, std::to_string(*number / spellingOf(id).unit)});
        else if (const auto* const time = std::get_if<std::optional<std::int64_t>>(&value))
            words.insert(words.end(), {word, std::to_string(time->value())});
        else if (const auto* const ends = std::get_if<FilterEnds>(&value))
            words.insert(words.end(), {word, wordOf(*ends)});
        else if (const auto* const tunnels = std::get_if<Tunnels>(&value))
            words.insert(words.end(), {word, wordOf(*tunnels)});
        else if (const auto* const engine = std::get_if<FlowsBy>(&value))
            words.insert(words.end(), {word, wordOf(*engine)});
        else if (const auto* const unit = std::get_if<TimeUnit>(&value))
            words.insert(words.end(), {word, wordOf(*unit)});
        else if (const auto* const delimiter = std::get_if<Delimiter>(&value))
            words.insert(words.end(), {word, wordOf(*delimiter)});
        else if (const auto* const text = std::get_if<std::string>(&value))
            words.push_back(word + '=' + *text);
        else if (const auto* const path = std::get_if<std::filesystem::path>(&value))
            words.push_back(word + '=' + path->string());
        else
            words.push_back(word); // a flag
        return parseArguments(words);
    };
    const auto said = with(anotherOf(id));
    QVERIFY2(said.arguments, said.output.c_str());
    QCOMPARE(difference(said.arguments->options, withAnother(id)), QString());

    const auto value = defaultOf(id);
    const bool canBeSaid = std::holds_alternative<std::int64_t>(value) ||
                           std::holds_alternative<FilterEnds>(value) ||
                           std::holds_alternative<Tunnels>(value) || std::holds_alternative<FlowsBy>(value) ||
                           std::holds_alternative<TimeUnit>(value) ||
                           std::holds_alternative<Delimiter>(value); // no flag, no empty text
    const auto asUsual = canBeSaid ? with(value) : parseArguments(before);
    QVERIFY2(asUsual.arguments, asUsual.output.c_str());
    auto expected = usual();
    if (canBeSaid)
        setValue(expected, id, value); // which need not be that of usual()
    QCOMPARE(difference(asUsual.arguments->options, expected), QString());
}

void OptionTableTest::theCommandLineExplainsIt()
{
    QFETCH(OptionId, id);
    const auto help = QString::fromStdString(parseArguments({"--help"}).output);
    QVERIFY2(help.contains(QStringLiteral("  %1 ").arg(QString::fromStdString(optionWord(id)))),
             qPrintable(help));
}

void OptionTableTest::theCommandLineKeepsToItsBounds()
{
    QFETCH(OptionId, id);
    if (!std::holds_alternative<std::int64_t>(defaultOf(id)))
        return;
    const auto& entry = entryOf(id);
    const auto unit = spellingOf(id).unit;
    const auto parse = [&](std::int64_t number) {
        return parseArguments({"--preview", "--data", "a.csv", optionWord(id), std::to_string(number)});
    };
    for (const auto good : {entry.least / unit, entry.most / unit}) {
        const auto said = parse(good);
        QVERIFY2(said.arguments, said.output.c_str());
        QCOMPARE(std::get<std::int64_t>(valueOf(said.arguments->options, id)), good * unit);
    }
    std::vector<std::int64_t> bad{entry.least / unit - 1};
    if (entry.most < std::numeric_limits<std::int64_t>::max())
        bad.push_back(entry.most / unit + 1);
    for (const auto number : bad) {
        const auto said = parse(number);
        QVERIFY(!said.arguments);
        QCOMPARE(said.exitStatus, 2);
        QVERIFY2(said.output.find(optionWord(id) + " must be ") != std::string::npos, said.output.c_str());
    }
    // Whoever asks the engine without a command line is told the same.
    auto options = usual();
    if (id == OptionId::Threads || id == OptionId::MemoryLimit)
        setValue(options, id, entry.most + 1); // they have no sign
    else
        setValue(options, id, entry.least - 1);
    const auto plan = preflight(options);
    QVERIFY(!plan);
    QCOMPARE(plan.error().code, Errc::Option);
    QCOMPARE(std::get<OptionId>(plan.error().facts), id);
    QVERIFY2(errorText(plan.error()).starts_with(optionWord(id) + " must be "),
             errorText(plan.error()).c_str());
}

void OptionTableTest::theCopiedCommandHasIt()
{
    QFETCH(OptionId, id);
    const auto before = commandLine(usual(), "out");
    QVERIFY(parsed(before).arguments);
    QCOMPARE(difference(parsed(before).arguments->options, usual()), QString());
    const auto line = commandLine(withAnother(id), "out");
    QVERIFY(line != before);
    const auto said = parsed(line);
    QVERIFY2(said.arguments, qPrintable(line + QString::fromStdString(said.output)));
    QCOMPARE(difference(said.arguments->options, withAnother(id)), QString());
}

void OptionTableTest::aSessionKeepsIt()
{
    QFETCH(OptionId, id);
    auto options = withAnother(id);
    options.inputs = {here / "a.csv"};
    if (id == OptionId::IpMap)
        options.ipMap = here / "map.json";
    const auto session =
        sessionFromJson(sessionToJson({.dataset = {}, .options = options, .view = {}}, here), here);
    QVERIFY(session);
    if (!entryOf(id).ofSession)
        setValue(options, id, defaultOf(id));
    QCOMPARE(difference(session->options, options), QString());
}

void OptionTableTest::theWindowKeepsIt()
{
    QFETCH(OptionId, id);
    if (!entryOf(id).ofSession || id == OptionId::IpMap)
        return; // no filter and no option of its panel
    OptionsPanel panel;
    panel.setOptions(withAnother(id));
    auto options = usual();
    panel.apply(options);
    QCOMPARE(difference(options, withAnother(id)), QString());
    // And the panel begins with the defaults.
    OptionsPanel fresh;
    Options first;
    fresh.apply(first);
    QCOMPARE(difference(first, Options()), QString());
}

// From one run of the program to the next; also what versions before kept, which knew two ways.
void OptionTableTest::tunnelsAreKept()
{
    const auto tunnels = [] {
        Options options;
        OptionsPanel().apply(options);
        return options.reading.tunnels;
    };
    for (const auto kept : {Tunnels::Each, Tunnels::Outer, Tunnels::Inner}) {
        OptionsPanel panel;
        Options options;
        options.reading.tunnels = kept;
        panel.setOptions(options);
        panel.saveSettings();
        QCOMPARE(tunnels(), kept);
    }
    const auto key = QSettings().allKeys().filter(QStringLiteral("tunnels"));
    QCOMPARE(key.size(), 1);
    for (const bool outer : {true, false}) {
        QSettings().setValue(key.first(), outer);
        QCOMPARE(tunnels(), outer ? Tunnels::Outer : Tunnels::Inner);
    }
    QSettings().setValue(key.first(), QStringLiteral("neither"));
    QCOMPARE(tunnels(), Tunnels::Inner);
    QSettings().clear();
}

void OptionTableTest::itIsAnotherCaptureIfFlowsChange()
{
    QFETCH(OptionId, id);
    QVERIFY(sameCapture(usual(), usual()));
    QCOMPARE(sameCapture(usual(), withAnother(id)), entryOf(id).changes != Changes::Flows);
    QCOMPARE(sameCapture(withAnother(id), usual()), entryOf(id).changes != Changes::Flows);
    auto others = usual();
    others.inputs.push_back("b.csv");
    QVERIFY(!sameCapture(usual(), others));
    others = usual();
    others.specs.push_back({.file = "a.csv", .tunnels = Tunnels::Outer});
    QVERIFY(!sameCapture(usual(), others));
}

void OptionTableTest::endsDoNotCountWithoutAFilter()
{
    Options either, both;
    both.filterEnds = FilterEnds::Both;
    QVERIFY(sameCapture(either, both));
    QVERIFY(!commandLine(both, "out").contains(QStringLiteral("--filter-ends")));
}

QTEST_MAIN(OptionTableTest)
#include "option_table_test.moc"
