// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/flow_lookups.h"

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds tellEvery{150};
constexpr double permille = 1000;

} // namespace

FlowLookups::FlowLookups(QObject* parent) : QObject(parent)
{
    thread_.setMaxThreadCount(1);
    poll_.setInterval(tellEvery);
    connect(&poll_, &QTimer::timeout, this, [this] { emit progressed(*permille_ / permille); });
}

FlowLookups::~FlowLookups()
{
    abandon();
    thread_.clear();
    thread_.waitForDone();
}

void FlowLookups::abandon()
{
    poll_.stop();
    if (latest_)
        *latest_ = true;
}

void FlowLookups::trace(const AnalysisPtr& analysis, const TraceQuery& query)
{
    permille_ = std::make_shared<std::atomic<int>>(0);
    poll_.start();
    lookUpOn(
        thread_, this, latest_,
        [analysis, query, told = permille_](StopFlag stop) -> Result<FlowTracePtr> {
            auto trace = traceFlow(*analysis, query, [&](double part) {
                told->store(static_cast<int>(part * permille), std::memory_order_relaxed);
                return !stopped(stop);
            });
            if (!trace)
                return std::move(trace).error();
            return FlowTracePtr(std::make_shared<FlowTrace>(*std::move(trace)));
        },
        [this, analysis, query](const Result<FlowTracePtr>& trace) {
            poll_.stop();
            emit traced(analysis, query, trace);
        });
}

} // namespace packetloom
