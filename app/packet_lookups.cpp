// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/packet_lookups.h"

namespace packetloom {

PacketLookups::PacketLookups(QObject* parent) : QObject(parent)
{
    pages_.setMaxThreadCount(1);
    questions_.setMaxThreadCount(2);
}

PacketLookups::~PacketLookups()
{
    abandon();
    pages_.clear();
    questions_.clear();
    pages_.waitForDone();
    questions_.waitForDone();
}

void PacketLookups::abandon()
{
    for (const auto& question : {selectLookUp_, flowsLookUp_, placeLookUp_}) {
        if (question)
            *question = true;
    }
}

PacketPages& PacketLookups::Reader::on(const AnalysisPtr& analysis)
{
    if (!pages || of.lock() != analysis) {
        pages = std::make_unique<PacketPages>(*analysis);
        of = analysis;
    }
    return *pages;
}

void PacketLookups::select(const AnalysisPtr& analysis, const Narrowing& narrowing)
{
    lookUpOn(
        questions_, this, selectLookUp_,
        [analysis, narrowing](StopFlag stop) -> Result<PacketRowsPtr> {
            auto rows = selectPackets(*analysis, narrowing, stop);
            if (!rows)
                return std::move(rows).error();
            return PacketRowsPtr(std::make_shared<PacketRows>(*std::move(rows)));
        },
        [this, analysis](const Result<PacketRowsPtr>& rows) { emit selected(analysis, rows); });
}

void PacketLookups::findFlows(const AnalysisPtr& analysis)
{
    lookUpOn(
        questions_, this, flowsLookUp_, [analysis](StopFlag stop) { return rowFlowsOf(*analysis, stop); },
        [this, analysis](const Result<RowFlowsPtr>& flows) { emit flowsFound(analysis, flows); });
}

void PacketLookups::findPlace(const AnalysisPtr& analysis, const PacketRowsPtr& rows, qint64 time)
{
    lookUpOn(
        pages_, this, placeLookUp_,
        [reader = reader_, analysis, rows, time](StopFlag stop) {
            return reader->on(analysis).placeOfTime(*rows, time, stop);
        },
        [this, rows](const Result<std::optional<std::uint64_t>>& place) { emit placeFound(rows, place); });
}

void PacketLookups::readPage(const AnalysisPtr& analysis, const PacketRowsPtr& rows, int first, int count)
{
    const auto withFlows = std::make_shared<bool>(false);
    askOn(
        pages_, this,
        [reader = reader_, analysis, rows, first, count, withFlows] {
            const auto flows = rowFlowsIfMade(*analysis);
            *withFlows = flows != nullptr;
            return reader->on(analysis).read(*rows, std::uint64_t(first), std::size_t(count), flows.get());
        },
        [this, rows, first, withFlows](const Result<std::vector<PacketView>>& page) {
            emit pageRead(rows, first, page, *withFlows);
        });
}

} // namespace packetloom
