// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/process_memory.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

class ProcessMemoryTest : public QObject
{
    Q_OBJECT

private slots:
    void residentMemoryFollowsUse();
    void noMoreThanTheMachineHas();
    void groups_data();
    void groups();
};

void ProcessMemoryTest::residentMemoryFollowsUse()
{
    const std::uint64_t before = residentBytes();
    if (before == 0)
        QSKIP("the system does not say");
    constexpr std::size_t bytes = std::size_t{64} << 20;
    const std::vector<char> used(bytes, 'x');
    QVERIFY(residentBytes() > before + bytes / 2);
    QCOMPARE(used.back(), 'x');
}

void ProcessMemoryTest::noMoreThanTheMachineHas()
{
    QVERIFY(usableMemoryBytes() <= physicalMemoryBytes());
    QVERIFY(usableMemoryBytes() > 0 || physicalMemoryBytes() == 0);
}

void ProcessMemoryTest::groups_data()
{
    QTest::addColumn<std::string>("groups");
    QTest::addColumn<QStringList>("limits"); ///< "file=content", below /sys/fs/cgroup
    QTest::addColumn<quint64>("bytes");
    const auto row = [](const char* name, const char* groups, const QStringList& limits, quint64 bytes) {
        QTest::newRow(name) << std::string(groups) << limits << bytes;
    };
    row("nothing there", "", {}, 0);
    row("version 2", "0::/user.slice/a.scope\n", {"user.slice/a.scope/memory.max=104857600\n"}, 104857600);
    row("no limit", "0::/user.slice\n", {"user.slice/memory.max=max\n"}, 0);
    row("a group around it has less", "0::/a/b/c\n",
        {"a/b/c/memory.max=3000\n", "a/b/memory.max=max\n", "a/memory.max=2000\n"}, 2000);
    row("the innermost has less", "0::/a/b\n", {"a/b/memory.max=500\n", "a/memory.max=2000\n"}, 500);
    row("a container that sees its own group as the top", "0::/\n", {"memory.max=7000\n"}, 7000);
    row("a container that does not see its path", "0::/system.slice/docker-1.scope\n", {"memory.max=7000\n"},
        7000);
    row("a group outside of the view", "0::/../../x\n", {"memory.max=7000\n", "x/memory.max=5\n"}, 7000);
    row("version 1", "11:cpu,cpuacct:/x\n5:memory:/docker/1\n0::/other\n",
        {"memory/docker/1/memory.limit_in_bytes=4096000\n",
         "memory/memory.limit_in_bytes=9223372036854771712\n"},
        4096000);
    row("version 1 with others", "5:cpuset,memory,pids:/g\n", {"memory/g/memory.limit_in_bytes=4096000\n"},
        4096000);
    row("not version 1 of another controller", "5:memorystick:/g\n",
        {"memory/g/memory.limit_in_bytes=4096000\n"}, 0);
    row("both", "5:memory:/g\n0::/h\n",
        {"memory/g/memory.limit_in_bytes=9000\n", "unified/h/memory.max=8000\n"}, 8000);
    row("not what is expected", "x\n::\n0:\n\n0::\n", {"memory.max=hello\n"}, 0);
    row("a name with a colon", "0::/a:b\n", {"a:b/memory.max=1234\n"}, 1234);
}

void ProcessMemoryTest::groups()
{
    QFETCH(std::string, groups);
    QFETCH(QStringList, limits);
    QFETCH(quint64, bytes);
#ifdef _WIN32
    if (groups.find("a:b") != groups.npos)
        QSKIP("no such names");
#endif
    const TestFolder root;
    if (!groups.empty())
        root.write("proc/self/cgroup", groups);
    for (const auto& limit : limits) {
        const auto parts = limit.split('=');
        root.write("sys/fs/cgroup/" + parts[0].toStdString(), parts[1].toStdString());
    }
    QCOMPARE(controlGroupMemoryBytes(root.path()), bytes);
}

QTEST_APPLESS_MAIN(ProcessMemoryTest)
#include "process_memory_test.moc"
