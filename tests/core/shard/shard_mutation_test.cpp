// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/exact_reduce.h"
#include "core/shard/exact/line_merge.h"
#include "core/shard/flow_file.h"
#include "core/shard/map_facts.h"
#include "core/shard/merge_facts.h"
#include "tests/core/shard/planned_job.h"
#include "tests/core/shard/rewritten_blocks.h"
#include "tests/support/frame_bytes.h"

#include <QTest>

#include <array>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Files between tasks whose checksums are right and whose content is not: a task tells, or makes of it what
/// it says; it never leaves the bytes, takes memory without end, or loses a flow.
class ShardMutationTest : public QObject
{
    Q_OBJECT

private slots:
    void anyMutation_data();
    void anyMutation();
    void fewerFlowsAreTold_data();
    void fewerFlowsAreTold();
};

namespace {

using Random = std::mt19937_64;

/// Conversations of one packet, of few and of many, side by side; some packets come late.
std::string anyCapture(Random& random)
{
    PcapFile file;
    const auto add = [&](int millisecond, const std::string& frame) {
        const int at = millisecond - (random() % 20 == 0 ? 400 : 0);
        file.add(static_cast<std::uint32_t>(1'600'000'000 + at / 1000),
                 static_cast<std::uint32_t>(at % 1000 * 1000), frame);
    };
    constexpr int steps = 600;
    for (int step = 0; step < steps; ++step) {
        const auto conversation =
            static_cast<unsigned>(step % 3 == 0 ? 1000 + static_cast<std::uint64_t>(step) : random() % 8);
        const bool answers = random() % 2 == 0;
        Ip ip{.source = "10.0.0.1", .destination = "10.0.1." + std::to_string(conversation % 200)};
        Tcp tcp{.sourcePort = 20'000 + conversation,
                .sequence = static_cast<std::uint32_t>(1000 + step * 10),
                .acknowledgment = static_cast<std::uint32_t>(random() % 4000)};
        constexpr std::array<unsigned, 6> flags{0x02, 0x12, 0x10, 0x18, 0x10, 0x11};
        tcp.flags = flags[random() % flags.size()];
        if (answers) {
            std::swap(ip.source, ip.destination);
            std::swap(tcp.sourcePort, tcp.destinationPort);
        }
        const std::string payload(random() % 60, 'x');
        if (random() % 9 == 0)
            ip.protocol = 17;
        add(1000 + step * 50,
            ethernet(0x0800, ipv4(ip, ip.protocol == 17 ? udp(tcp.sourcePort, tcp.destinationPort, payload)
                                                        : test::tcp(tcp, payload))));
    }
    return file.bytes();
}

class Tasks
{
public:
    explicit Tasks(const char* output)
        : job_(planned(folder_, optionsOf(folder_), {.format = outputFormatNamed(output)}))
    {
        fixSeed();
        allTasks(job_);
        flows_ = mergedFlows();
    }

    [[nodiscard]] const Job& job() const { return job_; }
    [[nodiscard]] bool exact() const { return job_.output.needsExactFlows(); }
    [[nodiscard]] std::uint64_t flows() const { return flows_; }
    [[nodiscard]] std::filesystem::path flowsPath(std::size_t shard) const
    {
        return taskFolder(job_, {TaskKind::Reduce, shard}) / (exact() ? exactFlowsFile : flowsFile);
    }
    [[nodiscard]] BlockFileName flowsName(std::size_t shard) const
    {
        return exact() ? exactFlowsName(job_, shard) : flowFileName(job_, shard);
    }
    [[nodiscard]] std::filesystem::path partsPath() const
    {
        return taskFolder(job_, {TaskKind::Map, 0}) / mapPartsFile;
    }
    [[nodiscard]] BlockFileName partsName() const { return mapFileName(job_, 0, mapPartsFile); }

    Result<void> merge()
    {
        removeTasks("merge");
        return runMergeTask(job_, 0, 1, plainContext);
    }
    Result<void> reduceAndMerge()
    {
        removeTasks("reduce");
        for (std::size_t i = 0; i < job_.shards; ++i) {
            if (auto done = runReduceTask(job_, i, plainContext); !done)
                return done;
        }
        return merge();
    }
    [[nodiscard]] std::uint64_t mergedFlows() const
    {
        if (!exact())
            return readMergeFacts(job_, 0, 1)->flows;
        return readLineFacts(job_, 0, 1)->flows;
    }

private:
    static Options optionsOf(const TestFolder& folder)
    {
        Random random(1);
        Options options;
        options.inputs = {folder.write("a.pcap", anyCapture(random)),
                          folder.write("b.pcap", anyCapture(random))};
        options.readChunkRows = 300;
        options.flowsPerChunk = 50;
        return options;
    }
    /// So that the same flows are in a part each time.
    void fixSeed()
    {
        auto text = contentOf(job_.folder / "job.json");
        const auto seed = std::to_string(job_.seed);
        const auto at = text.find(seed, text.find("\"seed\""));
        folder_.write("job/job.json", text.replace(at, seed.size(), "5"));
        job_ = *readJob(job_.folder);
        if (job_.seed != 5)
            throw std::runtime_error("no seed");
    }
    void removeTasks(const char* kind)
    {
        for (const auto& entry : std::filesystem::directory_iterator(job_.folder / kind))
            std::filesystem::remove_all(entry.path());
    }

    TestFolder folder_;
    Job job_;
    std::uint64_t flows_ = 0;
};

std::uint64_t anyNumber(Random& random, std::uint64_t number)
{
    switch (random() % 4) {
    case 0:
        return random();
    case 1:
        return 0;
    case 2:
        return number + 1 + random() % 5;
    default:
        return number - 1 - random() % 5;
    }
}

void mutate(std::vector<HeldBlock>& blocks, Random& random)
{
    const std::size_t place = random() % blocks.size();
    HeldBlock& block = blocks[place];
    switch (random() % 8) {
    case 0:
        block.payload.resize(random() % (block.payload.size() + 1));
        return;
    case 1: {
        auto& tag = block.tags[random() % block.tags.size()];
        tag = anyNumber(random, tag);
        return;
    }
    case 2:
        blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(place));
        return;
    case 3:
        block.payload.insert(random() % (block.payload.size() + 1), 1 + random() % 9,
                             static_cast<char>(random()));
        return;
    default:
        for (std::uint64_t changes = 1 + random() % 3; changes > 0 && !block.payload.empty(); --changes) {
            auto& byte = block.payload[random() % block.payload.size()];
            byte = static_cast<char>(
                random() % 2 == 0 ? random() : static_cast<unsigned char>(byte) ^ 1U << random() % 8);
        }
    }
}

void kinds()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<bool>("ofMap");
    for (const char* const output : {"timearcs-v2", "conn-json"}) {
        QTest::addRow("%s, parts", output) << output << true;
        QTest::addRow("%s, flows", output) << output << false;
    }
}

} // namespace

void ShardMutationTest::anyMutation_data()
{
    kinds();
}

void ShardMutationTest::anyMutation()
{
    QFETCH(QString, output);
    QFETCH(bool, ofMap);
    Tasks tasks(output.toUtf8().constData());
    QVERIFY(tasks.flows() > 100);
    const auto path = ofMap ? tasks.partsPath() : tasks.flowsPath(0);
    const auto name = ofMap ? tasks.partsName() : tasks.flowsName(0);
    const auto good = blocksOf(path, name);
    Random random(2);
    int told = 0;
    constexpr int mutations = 300;
    for (int i = 0; i < mutations; ++i) {
        auto blocks = good;
        mutate(blocks, random);
        writeBlocks(path, name, blocks);
        const auto done = ofMap ? tasks.reduceAndMerge() : tasks.merge();
        if (!done) {
            QVERIFY2(troubleOf(done) == JobTrouble::Damaged, qPrintable(QString::number(i)));
            ++told;
        } else if (!ofMap && blocks.size() == good.size()) {
            QCOMPARE(tasks.mergedFlows(), tasks.flows());
        }
    }
    QVERIFY2(told > mutations / 4, qPrintable(QString::number(told)));
    QVERIFY2(told < mutations, qPrintable(QString::number(told))); // a sequence number is as good as another
    writeBlocks(path, name, good);
    QVERIFY(ofMap ? tasks.reduceAndMerge() : tasks.merge());
    QCOMPARE(tasks.mergedFlows(), tasks.flows());
}

void ShardMutationTest::fewerFlowsAreTold_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("dataset") << "timearcs-v2";
    QTest::newRow("lines") << "conn-json";
}

void ShardMutationTest::fewerFlowsAreTold()
{
    QFETCH(QString, output);
    Tasks tasks(output.toUtf8().constData());
    const auto good = blocksOf(tasks.flowsPath(0), tasks.flowsName(0));
    const std::size_t tag = tasks.exact() ? 0 : 1;
    QVERIFY(good.front().tags[tag] > 5);
    for (const std::uint64_t fewer : {std::uint64_t{1}, std::uint64_t{5}, ~std::uint64_t{0}}) {
        auto blocks = good;
        blocks.front().tags[tag] -= fewer;
        writeBlocks(tasks.flowsPath(0), tasks.flowsName(0), blocks);
        QCOMPARE(troubleOf(tasks.merge()), JobTrouble::Damaged);
    }
    auto blocks = good;
    blocks.insert(blocks.begin() + 1, blocks.front()); // one that has no flows
    blocks[1].tags[tag] = 0;
    writeBlocks(tasks.flowsPath(0), tasks.flowsName(0), blocks);
    QCOMPARE(troubleOf(tasks.merge()), JobTrouble::Damaged);
}

QTEST_APPLESS_MAIN(ShardMutationTest)
#include "shard_mutation_test.moc"
