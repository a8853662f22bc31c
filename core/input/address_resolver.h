// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/row_filter.h"
#include "core/input/address_decoder.h"
#include "core/model/packet_batch.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Turns the address references of batches into addresses and applies the filters. One thread, batches
/// in file order: addresses are numbered in order of appearance, whoever parsed the rows.
class AddressResolver
{
public:
    /// `decoder` must outlive the resolver, and so must `rows`, which says of whole packets whether they are
    /// wanted; may be null.
    AddressResolver(AddressDecoder& decoder, FilterEnds ends, RowFilter* rows = nullptr)
        : decoder_(decoder), ends_(ends), rows_(rows)
    {
    }

    /// Packets and rejects that the filter leaves out are taken out of the batch: those rows are neither. So
    /// are packets beyond the first `most`; without a filter of rows their addresses are not even looked at.
    void resolve(PacketBatch& batch, std::uint64_t most = ~std::uint64_t{0});

private:
    AddressDecoder::Address addressOf(AddressId reference, const AddressFields& fields);
    AddressDecoder::Address addressOfNew(std::size_t number, const AddressFields& fields);

    AddressDecoder& decoder_;
    FilterEnds ends_;
    RowFilter* rows_;
    std::vector<std::uint8_t> hits_;
    /// Keeps those of the batch that the filter of rows matches.
    void keepMatching(PacketBatch& batch);
    [[nodiscard]] bool canMatch(AddressId source, AddressId destination);
    /// Looks up the next texts of the batch.
    void look(const AddressFields& fields);

    std::vector<std::optional<AddressDecoder::Address>> texts_; ///< of the batch at hand, as far as known
    std::vector<AddressTable::Wanted> wanted_;
    std::vector<std::size_t> wantedTexts_; ///< whose those are
    std::size_t looked_ = 0;               ///< texts before this one were looked up
};

} // namespace packetloom
