// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/look_up.h"
#include "core/analysis/packet_query.h"

#include <QObject>
#include <QThreadPool>
#include <memory>
#include <vector>

namespace packetloom {

using PacketRowsPtr = std::shared_ptr<const PacketRows>;

/// Questions about the packets of an analysis. Pages, which are there in a moment, have a thread of their
/// own: whoever scrolls does not wait for what takes longer. The destructor abandons all and waits.
class PacketLookups final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PacketLookups)

public:
    using AnalysisPtr = std::shared_ptr<const Analysis>;

    explicit PacketLookups(QObject* parent = nullptr);
    ~PacketLookups() override;

    /// What was asked is not wanted any more.
    void abandon();
    /// Of each but readPage(), a later call replaces an earlier one that is not done.
    void select(const AnalysisPtr& analysis, const Narrowing& narrowing);
    void findFlows(const AnalysisPtr& analysis);
    /// See PacketPages.
    void findPlace(const AnalysisPtr& analysis, const PacketRowsPtr& rows, qint64 time);
    void readPage(const AnalysisPtr& analysis, const PacketRowsPtr& rows, int first, int count);

signals:
    void selected(const std::shared_ptr<const packetloom::Analysis>& analysis,
                  const packetloom::Result<packetloom::PacketRowsPtr>& rows);
    void flowsFound(const std::shared_ptr<const packetloom::Analysis>& analysis,
                    const packetloom::Result<packetloom::RowFlowsPtr>& flows);
    void placeFound(const packetloom::PacketRowsPtr& rows,
                    const packetloom::Result<std::optional<std::uint64_t>>& place);
    /// `withFlows`: they were known already.
    void pageRead(const packetloom::PacketRowsPtr& rows, int first,
                  const packetloom::Result<std::vector<packetloom::PacketView>>& page, bool withFlows);

private:
    /// What the thread of the pages keeps; its own alone.
    struct Reader
    {
        std::weak_ptr<const Analysis> of; ///< nothing is kept of an analysis that has gone
        std::unique_ptr<PacketPages> pages;

        PacketPages& on(const AnalysisPtr& analysis);
    };

    QThreadPool pages_;     ///< one thread
    QThreadPool questions_; ///< two: flows take longest, and rows need not wait for them
    std::shared_ptr<Reader> reader_ = std::make_shared<Reader>();
    LookUp selectLookUp_, flowsLookUp_, placeLookUp_;
};

} // namespace packetloom
