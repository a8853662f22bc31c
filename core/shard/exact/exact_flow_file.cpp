// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/exact_flow_file.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/shard/packed_address.h"
#include "core/support/zigzag.h"

namespace packetloom {
namespace {

constexpr std::size_t blockBytes = std::size_t{64} << 10;

} // namespace

// By the number in the block, whose texts stand before its flows.
AddressId ExactFlowWriter::numberOf(AddressId id)
{
    const auto [found, added] = numbers_.try_emplace(index(id), static_cast<std::uint32_t>(numbers_.size()));
    if (added)
        putAddress(texts_, addresses_.text(id));
    return AddressId{found->second};
}

void ExactFlowWriter::add(ExactFlow flow)
{
    if (flows_.size() + texts_.size() >= blockBytes)
        endBlock();
    if (count_++ == 0)
        first_ = placeOf(flow);
    for (auto* const end : {&flow.key.low, &flow.key.high})
        end->address = numberOf(end->address);
    const std::size_t before = flows_.size();
    packExactFlow(flow, flows_);
    lengths_.count(flows_.size() - before);
}

void ExactFlowWriter::endBlock()
{
    if (count_ > 0) {
        block_.clear();
        block_.count(numbers_.size());
        block_.raw(texts_.bytes());
        block_.raw(lengths_.bytes());
        block_.raw({reinterpret_cast<const char*>(flows_.data()), flows_.size()});
        file_.add(0, block_.bytes(), {count_, zigzag(first_.first, 0), first_.second});
    }
    numbers_.clear();
    texts_.clear();
    lengths_.clear();
    flows_.clear();
    count_ = 0;
}

Result<void> ExactFlowWriter::finish()
{
    endBlock();
    return file_.finish();
}

Result<std::unique_ptr<ExactFlowReader>>
ExactFlowReader::open(const std::filesystem::path& path, const BlockFileName& name, AddressTable& addresses)
{
    auto file = BlockReader::open(path, name);
    if (!file)
        return std::move(file).error();
    std::unique_ptr<ExactFlowReader> reader(new ExactFlowReader(*std::move(file), addresses));
    for (const auto& block : reader->file_.blocks())
        reader->blocks_.push_back({{unzigzag(block.tags[1], 0), block.tags[2]}, block.tags[0]});
    return reader;
}

Result<void> ExactFlowReader::readBlock()
{
    const std::size_t block = next_++;
    const auto payload = file_.read(file_.blocks()[block], bytes_);
    if (!payload)
        return payload.error();
    BytesIn in(*payload);
    ids_.clear();
    AddressRoom room;
    for (std::uint64_t texts = in.count(); texts > 0 && !in.bad(); --texts)
        ids_.push_back(addresses_.intern(takeAddress(in, room)));
    left_ = blocks_[block].flows;
    lengths_.clear();
    std::uint64_t all = 0;
    for (std::uint64_t i = 0; i < left_ && !in.bad(); ++i) {
        lengths_.push_back(in.count());
        all += lengths_.back();
    }
    if (in.bad() || all != in.rest().size())
        return file_.damaged("a block is none");
    at_ = reinterpret_cast<const std::uint8_t*>(in.rest().data());
    return {};
}

Result<const ExactFlow*> ExactFlowReader::next()
{
    if (left_ == 0) {
        if (next_ == blocks_.size())
            return static_cast<const ExactFlow*>(nullptr);
        if (auto read = readBlock(); !read)
            return std::move(read).error();
    }
    flow_ = unpackExactFlow(at_);
    at_ += lengths_[lengths_.size() - left_];
    --left_;
    for (auto* const end : {&flow_.key.low, &flow_.key.high}) {
        if (index(end->address) >= ids_.size())
            return file_.damaged("a block is none");
        end->address = ids_[index(end->address)];
    }
    return static_cast<const ExactFlow*>(&flow_);
}

} // namespace packetloom
