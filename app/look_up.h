// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/guard.h"

#include <QObject>
#include <QThreadPool>
#include <QtConcurrentRun>
#include <atomic>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace packetloom {

/// Set to abandon the latest question of one kind.
using LookUp = std::shared_ptr<std::atomic<bool>>;

/// Works on a thread of `pool` and tells the answer, a Result, in that of `receiver`. The answer comes out of
/// the event loop always, also where it was there at once: QFuture::then() would tell it to whoever is still
/// asking. An exception must become the answer: the future would keep it to itself. `receiver` must wait for
/// the pool before it goes.
template <class Work, class Tell>
void askOn(QThreadPool& pool, QObject* receiver, Work work, Tell tell)
{
    using Answer = std::invoke_result_t<Work>;
    // Made beforehand: there may be no memory to be had for an answer that says so.
    auto answer = std::make_shared<std::optional<Answer>>();
    static_cast<void>(QtConcurrent::run(
        &pool, [receiver, work = std::move(work), tell = std::move(tell), answer = std::move(answer)] {
            answer->emplace(guarded(work));
            QMetaObject::invokeMethod(
                receiver, [tell, answer] { tell(**answer); }, Qt::QueuedConnection);
        }));
}

/// As askOn(), unless the question was asked again since.
template <class Work, class Tell>
void lookUpOn(QThreadPool& pool, QObject* receiver, LookUp& latest, Work work, Tell tell)
{
    if (latest)
        *latest = true;
    latest = std::make_shared<std::atomic<bool>>(false);
    askOn(
        pool, receiver, [work = std::move(work), abandon = latest] { return work(abandon.get()); },
        [tell = std::move(tell), abandon = latest](const auto& answer) {
            if (!*abandon)
                tell(answer);
        });
}

} // namespace packetloom
