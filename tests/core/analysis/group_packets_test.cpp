// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/group_query.h"
#include "core/analysis/group_text.h"
#include "core/analysis/packet_query.h"
#include "core/analysis/row_flows.h"
#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "tests/core/analysis/plain_groups.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Groups of packets, against a model that is slow and plain.
class GroupPacketsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void agreesWithThePlainModel_data();
    void agreesWithThePlainModel();
    void filtersLeaveTheGroup_data();
    void filtersLeaveTheGroup();
    void furtherFlagsHaveNoFilter();
    void sparklinesHaveAllPackets();
    void nothingInNothingOut();
    void stopAbandons();

private:
    TestFolder folder_;
    std::shared_ptr<const Analysis> analysis_;
};

namespace {

std::shared_ptr<const Analysis> analyzed(const TestFolder& folder, const std::string& text)
{
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    options.temporaryFolder = folder.path();
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    return analysis ? *analysis : nullptr;
}

/// Connections, and packets of all kinds between few addresses, more than a block of the spool.
std::string traffic()
{
    std::mt19937 random(11);
    const auto upTo = [&](std::size_t n) { return random() % n; };
    const std::vector<std::string> addresses{"10.0.0.1", "10.0.0.2",    "10.0.1.9", "192.168.7.7",
                                             "17",       "2001:db8::1", "fe80::5",  "host-x"};
    const std::vector<int> ports{0, 22, 80, 443, 53, 40000, 65535};
    const std::vector<int> protocols{6, 6, 6, 17, 1, 132, 99};
    std::string text = conversations(200);
    for (int i = 0; i < 4000; ++i) {
        const auto number = [](auto n) { return std::to_string(n); };
        const auto protocol = protocols[upTo(protocols.size())];
        text += number(captureStart + std::int64_t{i} * 5000 - (upTo(50) == 0 ? 3'000'000 : 0)) + ',' +
                addresses[upTo(addresses.size())] + ',' + addresses[upTo(addresses.size())] + ',' +
                number(ports[upTo(ports.size())]) + ',' + number(ports[upTo(ports.size())]) + ',' +
                (upTo(40) == 0 ? std::string() : number(upTo(256))) + ",1,2," +
                number(int(upTo(1500)) - 100) + ',' + (upTo(30) == 0 ? std::string() : number(protocol)) +
                '\n';
    }
    return text;
}

std::vector<std::string> valuesOf(const Analysis& analysis, const Packet& packet, std::uint32_t flow,
                                  GroupKey key, const GroupSteps& steps)
{
    const std::string source(analysis.addresses.text(packet.source)),
        destination(analysis.addresses.text(packet.destination));
    const auto either = [](const std::string& a, const std::string& b) {
        return a == b ? std::vector{a} : std::vector{a, b};
    };
    const auto one = [](std::string_view text) { return std::vector{std::string(text)}; };
    const bool ofFlow = flow != RowFlows::none;
    switch (key) {
    case GroupKey::Source:
        return {source};
    case GroupKey::Destination:
        return {destination};
    case GroupKey::Address:
        return either(source, destination);
    case GroupKey::SourceSubnet:
        return {plainSubnet(source, steps)};
    case GroupKey::DestinationSubnet:
        return {plainSubnet(destination, steps)};
    case GroupKey::Subnet:
        return either(plainSubnet(source, steps), plainSubnet(destination, steps));
    case GroupKey::Pair:
        return {packet.source < packet.destination ? source + " <-> " + destination
                                                   : destination + " <-> " + source};
    case GroupKey::SourcePort:
        return {std::to_string(packet.sourcePort)};
    case GroupKey::DestinationPort:
        return {std::to_string(packet.destinationPort)};
    case GroupKey::Port:
        return either(std::to_string(packet.sourcePort), std::to_string(packet.destinationPort));
    case GroupKey::Protocol: {
        if (!packet.hasProtocol)
            return {""};
        const auto name = ipProtocolName(packet.protocol);
        return {name.empty() ? std::to_string(packet.protocol) : std::string(name)};
    }
    case GroupKey::Service: {
        const bool ports =
            packet.hasProtocol && (packet.protocol == 6 || packet.protocol == 17 || packet.protocol == 132);
        std::vector<std::string> names;
        for (const auto port : {packet.sourcePort, packet.destinationPort}) {
            const std::string name(ports ? serviceName(port) : std::string_view());
            if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
        return names.empty() ? std::vector<std::string>{""} : names;
    }
    case GroupKey::State:
        return ofFlow ? one(stateName(analysis.flows.state(flow))) : std::vector<std::string>();
    case GroupKey::Close:
        return ofFlow ? one(closeTypeName(analysis.flows.closeType(flow))) : std::vector<std::string>();
    case GroupKey::Reason:
        return ofFlow ? one(invalidReasonName(analysis.flows.invalidReason(flow)))
                      : std::vector<std::string>();
    case GroupKey::Flags:
        return {packet.isTcp() ? std::string(FlagTypeName(packet.flags).text()) : std::string()};
    case GroupKey::Time: {
        const std::int64_t rest = packet.timestamp % steps.sliceWidth;
        return {std::to_string(packet.timestamp - (rest < 0 ? rest + steps.sliceWidth : rest))};
    }
    }
    return {};
}

std::vector<AddressId> peersOf(const Analysis& analysis, const Packet& packet, const GroupQuery& query,
                               const std::string& first, const std::string& second)
{
    const auto of = [&](GroupKey key, const std::string& value) -> std::vector<AddressId> {
        const std::string source(analysis.addresses.text(packet.source));
        switch (endOf(key)) {
        case KeyEnd::Source:
            return {packet.destination};
        case KeyEnd::Destination:
            return {packet.source};
        case KeyEnd::Either:
            return {value == (key == GroupKey::Address ? source : plainSubnet(source, query.steps))
                        ? packet.destination
                        : packet.source};
        case KeyEnd::None:
            break;
        }
        return {};
    };
    if (const auto peers = of(query.by, first); !peers.empty())
        return peers;
    if (query.thenBy) {
        if (const auto peers = of(*query.thenBy, second); !peers.empty())
            return peers;
    }
    return {packet.source, packet.destination};
}

QStringList plainly(const Analysis& analysis, const GroupQuery& query)
{
    const auto rows = selectPackets(analysis, query.narrowing);
    const auto flows = rowFlowsOf(analysis);
    if (!rows || !flows)
        return {QStringLiteral("an error")};
    std::vector<std::uint32_t> flowOf(analysis.spool.packets());
    if (!(*flows)->read(0, flowOf))
        return {QStringLiteral("an error")};
    std::map<std::pair<std::string, std::string>, PlainGroup> groups;
    const auto walked = analysis.spool.forEach({}, [&](const SpooledPacket& spooled) {
        if (!rows->has(spooled.row))
            return true;
        const Packet& packet = spooled.packet;
        const auto values = [&](GroupKey key) {
            return valuesOf(analysis, packet, flowOf[spooled.row], key, query.steps);
        };
        for (const auto& first : values(query.by)) {
            for (const auto& second : query.thenBy ? values(*query.thenBy) : std::vector<std::string>{""}) {
                PlainGroup& group = groups[{first, second}];
                ++group.packets;
                group.bytes += packet.length;
                for (const auto peer : peersOf(analysis, packet, query, first, second))
                    group.peers.insert(peer);
                group.ports.insert(packet.destinationPort);
                group.first = std::min(group.first, packet.timestamp);
                group.last = std::max(group.last, packet.timestamp);
            }
        }
        return true;
    });
    if (!walked)
        return {QStringLiteral("an error")};
    return linesOf(groups);
}

void everyKey()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    for (std::size_t i = 0; i < groupKeyCount; ++i) {
        const std::string name(groupKeyName(static_cast<GroupKey>(i)));
        QTest::newRow(name.c_str()) << static_cast<int>(i) << -1;
        for (const auto second : {GroupKey::Subnet, GroupKey::Port, GroupKey::Flags, GroupKey::Close}) {
            if (static_cast<GroupKey>(i) != second)
                QTest::newRow((name + "," + std::string(groupKeyName(second))).c_str())
                    << static_cast<int>(i) << static_cast<int>(second);
        }
    }
}

GroupQuery queryOf(int first, int second)
{
    GroupQuery query;
    query.packets = true;
    query.by = static_cast<GroupKey>(first);
    if (second >= 0)
        query.thenBy = static_cast<GroupKey>(second);
    query.steps.sliceWidth = 1'000'000;
    return query;
}

} // namespace

void GroupPacketsTest::initTestCase()
{
    analysis_ = analyzed(folder_, traffic());
    QVERIFY(analysis_);
    QVERIFY(analysis_->spool.blocks() > 2);
}

void GroupPacketsTest::agreesWithThePlainModel_data()
{
    everyKey();
}

void GroupPacketsTest::agreesWithThePlainModel()
{
    QFETCH(int, first);
    QFETCH(int, second);
    auto query = queryOf(first, second);
    for (const char* const filter : {"", "src == 10.0.0.0/8 or len > 1000", "close == graceful"}) {
        query.narrowing.filter.reset();
        query.narrowing.interval.reset();
        if (*filter)
            query.narrowing.filter = filterOf(filter, FilterSubject::Packets);
        else
            query.narrowing.interval = {captureStart - 1'000'000, captureStart + 8'000'000};
        const auto table = groupPackets(*analysis_, query);
        QVERIFY(table);
        QVERIFY((*table)->ofPackets());
        QCOMPARE(groupsAsText(**table, analysis_->addresses), plainly(*analysis_, query));
    }
}

void GroupPacketsTest::filtersLeaveTheGroup_data()
{
    everyKey();
}

void GroupPacketsTest::filtersLeaveTheGroup()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const auto table = groupPackets(*analysis_, queryOf(first, second));
    QVERIFY(table && (*table)->size() > 0);
    std::size_t said = 0;
    for (std::size_t i = 0; i < (*table)->size() && said < 40; ++i) {
        const auto filter = groupFilter(**table, i, analysis_->addresses);
        if (!filter)
            continue; // packets without flags, or names of flags that are no bits
        ++said;
        const auto found = selectPackets(*analysis_, {.filter = filterOf(*filter, FilterSubject::Packets)});
        QVERIFY(found);
        QVERIFY2(found->size() == (**table)[i].packets, filter->c_str());
    }
    QVERIFY(said > 0);
}

// "SYN" is the type of both; a filter would find the one without the ninth bit alone.
void GroupPacketsTest::furtherFlagsHaveNoFilter()
{
    const TestFolder folder;
    const auto analysis =
        analyzed(folder, captureHeader() + captureRow(captureStart, "10.0.0.1", "10.0.0.2", 2) +
                             captureRow(captureStart, "10.0.0.1", "10.0.0.2", 258));
    const auto table = groupPackets(*analysis, queryOf(static_cast<int>(GroupKey::Flags), -1));
    QCOMPARE((*table)->size(), std::size_t{1});
    QCOMPARE(groupValueText((*table)->value(0, 0), analysis->addresses), std::string("SYN"));
    QVERIFY(!groupFilter(**table, 0, analysis->addresses));
}

void GroupPacketsTest::sparklinesHaveAllPackets()
{
    const auto table = groupPackets(*analysis_, queryOf(static_cast<int>(GroupKey::Protocol), -1));
    Sparkline all{};
    for (std::size_t i = 0; i < (*table)->size(); ++i) {
        const auto bars = (*table)->sparkline(i);
        for (std::size_t slice = 0; slice < sparkSlices; ++slice)
            all[slice] += bars[slice];
    }
    Sparkline expected{};
    QVERIFY(analysis_->spool.forEach({}, [&](const SpooledPacket& packet) {
        ++expected[sparkSlice((*table)->span(), packet.packet.timestamp)];
        return true;
    }));
    QCOMPARE(all, expected);
    QCOMPARE((*table)->counted(), analysis_->spool.packets());
}

void GroupPacketsTest::nothingInNothingOut()
{
    const TestFolder folder;
    const auto analysis = analyzed(folder, captureHeader());
    for (std::size_t i = 0; i < groupKeyCount; ++i) {
        const auto table = groupPackets(*analysis, queryOf(static_cast<int>(i), -1));
        QVERIFY(table);
        QCOMPARE((*table)->size(), std::size_t{0});
    }
}

void GroupPacketsTest::stopAbandons()
{
    const std::atomic<bool> stop{true};
    const auto table = groupPackets(*analysis_, queryOf(0, -1), &stop);
    QVERIFY(!table && table.error().code == Errc::Cancelled);
    const auto answer = answerGroups(*analysis_, queryOf(0, -1), {GroupColumn::Packets, true}, 3);
    QVERIFY(answer);
    QCOMPARE(answer->rows.size(), std::size_t{3});
    // Put into another order, they are not made anew.
    const auto again = answerGroups(*analysis_, queryOf(0, -1), {GroupColumn::Bytes, true}, 3, answer->table);
    QCOMPARE(again->table, answer->table);
}

QTEST_GUILESS_MAIN(GroupPacketsTest)
#include "group_packets_test.moc"
