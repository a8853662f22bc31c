// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/column_names.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace packetloom {
namespace {

// Letters and digits in lower case alone. In each list the better names come first; those before the first
// empty one are filled by one kind of packet each, so that all of them count.
using Names = std::span<const std::string_view>;
constexpr std::string_view otherwise{};

constexpr std::array<std::string_view, 23> times{
    otherwise,     "timestamp",    "frametimeepoch", "epochtime", "timeepoch",        "epoch",
    "timestampus", "timestampms",  "timestampns",    "ts",        "frametime",        "frametimeutc",
    "tstamp",      "wscolabstime", "wscolutctime",   "datetime",  "utctime",          "time",
    "wscoltime",   "wscolcltime",  "stime",          "starttime", "frametimerelative"};
constexpr std::array<std::string_view, 16> sources{
    "ipsrc", "ipv6src", "arpsrcprotoipv4", otherwise, "srcip",  "sourceip",    "ipsource",    "srcaddr",
    "saddr", "sip",     "sourceaddress",   "src",     "source", "wscolsource", "wscoldefsrc", "idorigh"};
constexpr std::array<std::string_view, 20> destinations{"ipdst",
                                                        "ipv6dst",
                                                        "arpdstprotoipv4",
                                                        otherwise,
                                                        "dstip",
                                                        "destip",
                                                        "destinationip",
                                                        "ipdestination",
                                                        "ipdest",
                                                        "dstaddr",
                                                        "destaddr",
                                                        "daddr",
                                                        "dip",
                                                        "destinationaddress",
                                                        "dst",
                                                        "dest",
                                                        "destination",
                                                        "wscoldestination",
                                                        "wscoldefdst",
                                                        "idresph"};
constexpr std::array<std::string_view, 9> sourcePorts{
    "tcpsrcport", "udpsrcport", "sctpsrcport", otherwise, "srcport", "sourceport", "sport", "spt", "idorigp"};
constexpr std::array<std::string_view, 12> destinationPorts{
    "tcpdstport",      "udpdstport", "sctpdstport", otherwise, "dstport",    "destport",
    "destinationport", "dport",      "dpt",         "idrespp", "targetport", "wscolcustomdport"};
constexpr std::array<std::string_view, 6> flags{otherwise, "tcpflags", "tcpflagsstr",
                                                "flags",   "tcpflag",  "flag"};
constexpr std::array<std::string_view, 9> sequences{
    otherwise, "tcpseqraw", "seqnum", "seqraw", "tcpseq", "sequencenumber", "seqno", "sequence", "seq"};
constexpr std::array<std::string_view, 11> acknowledgments{
    otherwise, "tcpackraw", "acknum",         "ackraw",          "tcpack", "acknowledgmentnumber",
    "ackno",   "acknumber", "acknowledgment", "acknowledgement", "ack"};
constexpr std::array<std::string_view, 16> lengths{
    otherwise,     "framelen", "length",    "len",        "packetlength", "wscolpacketlength",
    "wscollength", "pktlen",   "packetlen", "packetsize", "framelength",  "iplen",
    "size",        "bytes",    "ipv6plen",  "tcplen"};
constexpr std::array<std::string_view, 12> protocolNames{
    "ipproto",        "ipv6nxt",          otherwise,   "protocol", "proto",         "ipprotocol",
    "protocolnumber", "ipprotocolnumber", "transport", "l4proto",  "wscolprotocol", "protocolname"};
constexpr std::array<std::string_view, 2> infos{"info", "wscolinfo"};
constexpr std::array<std::string_view, 6> onlyTcp{"tcpsrcport",  "tcpdstport", "tcpflags",
                                                  "tcpflagsstr", "tcpseq",     "tcpseqraw"};
constexpr std::array<std::string_view, 2> onlyUdp{"udpsrcport", "udpdstport"};

Names namesOf(Column column)
{
    switch (column) {
    case Column::Timestamp:
        return times;
    case Column::SourceAddress:
        return sources;
    case Column::DestinationAddress:
        return destinations;
    case Column::SourcePort:
        return sourcePorts;
    case Column::DestinationPort:
        return destinationPorts;
    case Column::Flags:
        return flags;
    case Column::Sequence:
        return sequences;
    case Column::Acknowledgment:
        return acknowledgments;
    case Column::Length:
        return lengths;
    case Column::Protocol:
        break;
    }
    return protocolNames;
}

std::string plain(std::string_view name)
{
    std::string letters;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            letters += static_cast<char>(c - 'A' + 'a');
        else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            letters += c;
    }
    return letters;
}

std::optional<std::size_t> find(std::span<const std::string> header, std::string_view name)
{
    const auto found = std::find_if(header.begin(), header.end(),
                                    [&](const std::string& each) { return plain(each) == name; });
    return found == header.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - header.begin()));
}

std::vector<std::size_t> all(std::span<const std::string> header, Names names)
{
    std::vector<std::size_t> found;
    for (const auto name : names) {
        if (const auto column = find(header, name))
            found.push_back(*column);
    }
    return found;
}

} // namespace

std::vector<std::size_t> columnsNamed(Column column, std::span<const std::string> header)
{
    const Names names = namesOf(column);
    const auto border =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), otherwise) - names.begin());
    if (auto alternatives = all(header, names.first(border)); !alternatives.empty())
        return alternatives;
    auto others = all(header, names.subspan(border + 1));
    others.resize(std::min<std::size_t>(others.size(), 1));
    return others;
}

std::optional<std::size_t> infoColumn(std::span<const std::string> header)
{
    const auto found = all(header, infos);
    return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<std::size_t> tcpColumns(std::span<const std::string> header)
{
    return all(header, onlyTcp);
}

std::vector<std::size_t> udpColumns(std::span<const std::string> header)
{
    return all(header, onlyUdp);
}

} // namespace packetloom
