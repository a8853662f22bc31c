// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/service_name.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

struct Service
{
    std::int64_t port;
    std::string_view name;
};

// By port.
constexpr std::array services{
    Service{7, "echo"},
    Service{9, "discard"},
    Service{13, "daytime"},
    Service{19, "chargen"},
    Service{20, "ftp-data"},
    Service{21, "ftp"},
    Service{22, "ssh"},
    Service{23, "telnet"},
    Service{25, "smtp"},
    Service{37, "time"},
    Service{43, "whois"},
    Service{49, "tacacs"},
    Service{53, "domain"},
    Service{67, "bootps"},
    Service{68, "bootpc"},
    Service{69, "tftp"},
    Service{79, "finger"},
    Service{80, "http"},
    Service{88, "kerberos"},
    Service{110, "pop3"},
    Service{111, "sunrpc"},
    Service{113, "ident"},
    Service{119, "nntp"},
    Service{123, "ntp"},
    Service{135, "epmap"},
    Service{137, "netbios-ns"},
    Service{138, "netbios-dgm"},
    Service{139, "netbios-ssn"},
    Service{143, "imap"},
    Service{161, "snmp"},
    Service{162, "snmptrap"},
    Service{179, "bgp"},
    Service{194, "irc"},
    Service{389, "ldap"},
    Service{427, "svrloc"},
    Service{443, "https"},
    Service{445, "microsoft-ds"},
    Service{464, "kpasswd"},
    Service{465, "submissions"},
    Service{500, "isakmp"},
    Service{502, "modbus"},
    Service{512, "exec"},
    Service{513, "login"},
    Service{514, "syslog"},
    Service{515, "printer"},
    Service{520, "router"},
    Service{543, "klogin"},
    Service{546, "dhcpv6-client"},
    Service{547, "dhcpv6-server"},
    Service{548, "afp"},
    Service{554, "rtsp"},
    Service{587, "submission"},
    Service{631, "ipp"},
    Service{636, "ldaps"},
    Service{853, "domain-s"},
    Service{873, "rsync"},
    Service{989, "ftps-data"},
    Service{990, "ftps"},
    Service{993, "imaps"},
    Service{995, "pop3s"},
    Service{1080, "socks"},
    Service{1194, "openvpn"},
    Service{1433, "ms-sql-s"},
    Service{1521, "oracle"},
    Service{1701, "l2tp"},
    Service{1723, "pptp"},
    Service{1812, "radius"},
    Service{1883, "mqtt"},
    Service{1900, "ssdp"},
    Service{2049, "nfs"},
    Service{3128, "squid"},
    Service{3306, "mysql"},
    Service{3389, "ms-wbt-server"},
    Service{4500, "ipsec-nat-t"},
    Service{5060, "sip"},
    Service{5061, "sips"},
    Service{5222, "xmpp-client"},
    Service{5353, "mdns"},
    Service{5355, "llmnr"},
    Service{5432, "postgresql"},
    Service{5900, "rfb"},
    Service{6379, "redis"},
    Service{6667, "ircu"},
    Service{8080, "http-alt"},
    Service{8443, "https-alt"},
    Service{8883, "secure-mqtt"},
    Service{11211, "memcache"},
    Service{27017, "mongodb"},
};
static_assert(std::is_sorted(services.begin(), services.end(),
                             [](const auto& a, const auto& b) { return a.port < b.port; }));

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

std::string_view serviceName(std::int64_t port)
{
    const auto found =
        std::lower_bound(services.begin(), services.end(), port,
                         [](const Service& service, std::int64_t p) { return service.port < p; });
    return found != services.end() && found->port == port ? found->name : std::string_view();
}

std::optional<std::int64_t> servicePort(std::string_view name)
{
    const auto found = std::find_if(services.begin(), services.end(), [&](const Service& service) {
        return std::equal(name.begin(), name.end(), service.name.begin(), service.name.end(),
                          [](char a, char b) { return lower(a) == b; });
    });
    return found != services.end() ? std::optional(found->port) : std::nullopt;
}

} // namespace packetloom
