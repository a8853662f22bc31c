// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/packed_address.h"

#include "core/filter/ip_network.h"

#include <algorithm>
#include <span>

namespace packetloom {
namespace {

constexpr unsigned kindBits = 2, kindMask = 3;
constexpr std::size_t ipv4Bytes = 4, ipv6Bytes = 16;

// Most of all addresses are these, and what makes them of the bytes again writes no other text.
bool takeIpv4(std::string_view text, std::array<char, ipv4Bytes>& bytes)
{
    constexpr unsigned most = 255, mostDigits = 3;
    std::size_t at = 0;
    for (std::size_t i = 0; i < ipv4Bytes; ++i) {
        if (i > 0 && (at == text.size() || text[at++] != '.'))
            return false;
        const std::size_t begin = at;
        unsigned number = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && at - begin < mostDigits; ++at)
            number = number * 10 + static_cast<unsigned>(text[at] - '0');
        if (at == begin || number > most || (text[begin] == '0' && at - begin > 1))
            return false;
        bytes[i] = static_cast<char>(static_cast<unsigned char>(number));
    }
    return at == text.size();
}

} // namespace

void AddressesOut::note(Kind kind)
{
    ++count_;
    if (runs_.empty() || runs_.back().second != kind)
        runs_.emplace_back(0, kind);
    ++runs_.back().first;
}

void AddressesOut::add(std::string_view text)
{
    if (std::array<char, ipv4Bytes> bytes; takeIpv4(text, bytes)) {
        note(Ipv4);
        bytes_.raw({bytes.data(), bytes.size()});
        return;
    }
    if (text.find(':') != std::string_view::npos) {
        if (const auto ip = IpAddress::parse(text); ip && ip->length == ipv6Bytes) {
            AddressesIn::Room room;
            const std::span bytes(ip->bytes.data(), ipv6Bytes);
            if (std::string_view(room.data(), writeIpText(bytes, room)) == text) {
                note(Ipv6);
                bytes_.raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
                return;
            }
        }
    }
    note(Text);
    bytes_.text(text);
}

void AddressesOut::putTo(BytesOut& out) const
{
    out.count(runs_.size());
    for (const auto& [length, kind] : runs_)
        out.count(length << kindBits | kind);
    out.raw(bytes_.bytes());
}

void AddressesOut::clear()
{
    bytes_.clear();
    runs_.clear();
    count_ = 0;
}

AddressesIn::AddressesIn(BytesIn& in) : bytes_(in)
{
    for (std::uint64_t runs = bytes_.count(); runs > 0 && !bytes_.bad(); --runs) {
        runs_.push_back(bytes_.count());
        left_ += runs_.back() >> kindBits;
    }
    if (bytes_.bad())
        left_ = 0;
    if (left_ > 0)
        leftOfRun_ = runs_.front() >> kindBits;
}

std::string_view AddressesIn::next(Room& room)
{
    while (leftOfRun_ == 0 && run_ + 1 < runs_.size())
        leftOfRun_ = runs_[++run_] >> kindBits;
    --leftOfRun_;
    --left_;
    const std::uint64_t kind = runs_[run_] & kindMask;
    const auto bytes = kind >= AddressesOut::Text   ? bytes_.text()
                       : kind == AddressesOut::Ipv4 ? bytes_.raw(ipv4Bytes)
                                                    : bytes_.raw(ipv6Bytes);
    if (bytes_.bad())
        left_ = 0;
    if (kind >= AddressesOut::Text || bytes_.bad())
        return bytes;
    return {room.data(),
            writeIpText({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, room)};
}

void AddressesIn::skipAll()
{
    while (left_ > 0 && !bytes_.bad()) {
        const std::uint64_t kind = runs_[run_] & kindMask;
        if (kind < AddressesOut::Text)
            bytes_.raw(leftOfRun_ * (kind == AddressesOut::Ipv4 ? ipv4Bytes : ipv6Bytes));
        for (; kind >= AddressesOut::Text && leftOfRun_ > 0 && !bytes_.bad(); --leftOfRun_)
            bytes_.text();
        if (++run_ == runs_.size())
            break;
        leftOfRun_ = runs_[run_] >> kindBits;
    }
    left_ = 0;
}

// What the table needs of memory is fetched for many at once.
void internAddresses(BytesIn& in, AddressTable& addresses, std::vector<AddressId>& ids)
{
    constexpr std::size_t ahead = 32;
    std::array<AddressesIn::Room, ahead> rooms;
    std::array<AddressTable::Wanted, ahead> wanted;
    AddressesIn list(in);
    while (list.left() > 0) {
        std::size_t count = 0;
        for (; count < ahead && list.left() > 0; ++count) {
            wanted[count].text = list.next(rooms[count]);
            wanted[count].hash = addressTextKey()(wanted[count].text);
        }
        const auto some = std::span(wanted).first(count);
        addresses.find(some);
        for (const auto& one : some)
            ids.push_back(one.id ? *one.id : addresses.intern(one.text, one.hash));
    }
    list.finish(in);
}

} // namespace packetloom
