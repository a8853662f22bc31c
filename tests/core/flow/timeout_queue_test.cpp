// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/timeout_queue.h"

#include <QTest>
#include <limits>
#include <map>
#include <random>
#include <vector>

using namespace packetloom;

namespace {

/// The same with a sorted container.
class Model
{
public:
    void insert(TimeoutQueue::Slot slot, std::int64_t time)
    {
        times_[slot] = time;
        byTime_.emplace(time, slot);
    }
    void remove(TimeoutQueue::Slot slot)
    {
        for (auto [at, end] = byTime_.equal_range(times_.at(slot)); at != end; ++at) {
            if (at->second == slot) {
                byTime_.erase(at);
                break;
            }
        }
        times_.erase(slot);
    }
    [[nodiscard]] bool has(TimeoutQueue::Slot slot) const { return times_.contains(slot); }
    [[nodiscard]] bool empty() const { return times_.empty(); }
    [[nodiscard]] std::int64_t earliest() const { return byTime_.begin()->first; }
    [[nodiscard]] const std::map<TimeoutQueue::Slot, std::int64_t>& times() const { return times_; }

private:
    std::map<TimeoutQueue::Slot, std::int64_t> times_;
    std::multimap<std::int64_t, TimeoutQueue::Slot> byTime_;
};

} // namespace

class TimeoutQueueTest : public QObject
{
    Q_OBJECT

private slots:
    void empty();
    void sorts();
    void asTheModel_data();
    void asTheModel();
};

void TimeoutQueueTest::empty()
{
    TimeoutQueue queue;
    QVERIFY(queue.empty());
    queue.insert(5, 10); // slots need not come in order
    QVERIFY(!queue.empty());
    QCOMPARE(queue.first(), 5u);
    QCOMPARE(queue.time(5), std::int64_t{10});
    queue.remove(5);
    QVERIFY(queue.empty());
    queue.insert(5, -10);
    QCOMPARE(queue.time(5), std::int64_t{-10});
}

void TimeoutQueueTest::sorts()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    const std::vector<std::int64_t> times{5, most, -3, least, 0, 5, 1, most, -3, least};
    TimeoutQueue queue;
    for (std::uint32_t slot = 0; slot < times.size(); ++slot)
        queue.insert(slot, times[slot]);
    std::vector<std::int64_t> taken;
    while (!queue.empty()) {
        taken.push_back(times[queue.first()]);
        QCOMPARE(queue.time(queue.first()), taken.back());
        queue.remove(queue.first());
    }
    QCOMPARE(taken, (std::vector<std::int64_t>{least, least, -3, -3, 0, 1, 5, 5, most, most}));
}

void TimeoutQueueTest::asTheModel_data()
{
    QTest::addColumn<quint32>("slotCount");
    QTest::addColumn<quint64>("distinctTimes");
    QTest::newRow("few slots") << 4u << quint64{10};
    QTest::newRow("many equal times") << 200u << quint64{3};
    QTest::newRow("any times") << 200u << ~quint64{0};
    QTest::newRow("many slots") << 5000u << quint64{100000};
}

void TimeoutQueueTest::asTheModel()
{
    QFETCH(quint32, slotCount);
    QFETCH(quint64, distinctTimes);
    std::mt19937_64 random(8);
    TimeoutQueue queue;
    Model model;
    for (int step = 0; step < 60000; ++step) {
        const auto slot = static_cast<TimeoutQueue::Slot>(random() % slotCount);
        const auto time = static_cast<std::int64_t>(random() % distinctTimes);
        if (!model.has(slot)) {
            queue.insert(slot, time);
            model.insert(slot, time);
        } else if (random() % 3 == 0) {
            queue.update(slot, time);
            model.remove(slot);
            model.insert(slot, time);
        } else {
            queue.remove(slot);
            model.remove(slot);
        }
        QCOMPARE(queue.empty(), model.empty());
        if (!model.empty()) {
            QVERIFY(model.has(queue.first()));
            QCOMPARE(queue.time(queue.first()), model.earliest());
        }
    }
    for (const auto& [slot, time] : model.times())
        QCOMPARE(queue.time(slot), time);
    for (; !queue.empty(); queue.remove(queue.first())) {
        QCOMPARE(queue.time(queue.first()), model.earliest());
        model.remove(queue.first());
    }
    QVERIFY(model.empty());
}

QTEST_APPLESS_MAIN(TimeoutQueueTest)
#include "timeout_queue_test.moc"
