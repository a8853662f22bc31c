// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace packetloom::test {

/// Random captures out of everything that a row may hold and that is read in more than one way: numbers of
/// all lengths, ids and addresses, words for a missing value, quotes, broken rows.
class CaptureRows
{
public:
    explicit CaptureRows(std::uint64_t seed) : random_(seed) {}

    /// With all columns, or with some, in this or any order, among others.
    std::vector<std::string> header()
    {
        std::vector<std::string> names{"timestamp", "src_ip",  "dst_ip",  "src_port", "dst_port",
                                       "flags",     "seq_num", "ack_num", "length",   "protocol"};
        switch (below(5)) {
        case 0:
            std::shuffle(names.begin(), names.end(), random_);
            break;
        case 1:
            names = {"dst_ip", "timestamp", "protocol", "src_ip"};
            break;
        case 2:
            names.insert(names.begin() + static_cast<std::ptrdiff_t>(below(names.size())), "note");
            names.insert(names.begin() + static_cast<std::ptrdiff_t>(below(names.size())), "timestamp");
            names.emplace_back("");
            break;
        default:
            break;
        }
        return names;
    }

    /// `oddity` is how many in 1000 fields and rows are not as they should be.
    std::string text(const std::vector<std::string>& header, std::size_t rows, unsigned oddity)
    {
        oddity_ = oddity;
        std::string text = below(8) == 0 ? "\xEF\xBB\xBF" : "";
        const std::string lineEnd = pick({"\n", "\n", "\r\n", "\r"});
        for (std::size_t i = 0; i < header.size(); ++i)
            text += (i > 0 ? "," : "") + header[i];
        text += lineEnd;
        for (std::size_t row = 0; row < rows; ++row) {
            if (odd())
                text += oddLine();
            for (std::size_t i = 0; i < header.size(); ++i)
                text += (i > 0 ? "," : "") + maybeQuoted(field(header[i]));
            if (odd())
                text += pick({",", ",,9", "\"", "x\"y", "\r", " "});
            text += odd() ? pick({"\n", "\r\n", "\r"}) : lineEnd;
        }
        if (below(4) == 0)
            text.pop_back(); // the last row may end with the file
        return text;
    }

    /// So many in 1000 fields that are as they should be are quoted.
    void quote(unsigned share) { quoted_ = share; }

    std::uint64_t below(std::uint64_t n) { return random_() % n; }

private:
    bool odd() { return below(1000) < oddity_; }
    std::string pick(const std::vector<std::string>& list) { return list[below(list.size())]; }

    std::string oddLine()
    {
        using namespace std::string_literals;
        return pick({"\n", "\r\n", "  \n", "\t \r\n", "1,2\n", ",,,,,,,,,\n", "1000,a,b,1,2,3,4,5,6,6,7\n",
                     "\"", "1,\"a,b\n", "x\"\n", "1000,a\0,b,1,2,16,4,5,60,6\n"s, "\"a\"\"b\",\"c\nd\"\n"});
    }
    std::string maybeQuoted(const std::string& field)
    {
        if (!odd())
            return below(1000) < quoted_ ? "\"" + field + "\"" : field;
        return below(4) == 0 ? "\"" + field + pick({",", "\n", "\"\"", "\r\n"}) + "\"" : "\"" + field + "\"";
    }
    std::string field(const std::string& column)
    {
        if (column == "timestamp")
            return odd() ? pick({"",
                                 "soon",
                                 "inf",
                                 "nan",
                                 "NaN",
                                 "9223372036854775808",
                                 " 1257254615000000",
                                 "1257254615000000.5",
                                 "-7",
                                 "1e15",
                                 "12572546150000001",
                                 "+1257254615000000",
                                 "-9223372036854775808",
                                 "00001257254615000000",
                                 "1257254615.25",
                                 "1257254615.123456",
                                 "1257254615.1234567",
                                 "1257254615.123456000",
                                 "0.5",
                                 ".5",
                                 "5.",
                                 "1257254615,5",
                                 "1257254615.12345x",
                                 "7"})
                         : std::to_string(1'257'254'615'000'000 + below(1000) * 1000);
        if (column == "src_ip" || column == "dst_ip")
            return odd() ? pick({"",
                                 "NA",
                                 "17.0",
                                 "-17.0",
                                 "h\xf6st",
                                 "\xff",
                                 "00017",
                                 "000",
                                 "0",
                                 "17.5",
                                 " 17",
                                 "1234567",
                                 "123456",
                                 "9999999",
                                 "nan",
                                 "\xc3\xb6",
                                 "10.0.0.1\x80",
                                 "1e2",
                                 "99999999999999999999999",
                                 std::string(70, 'a')})
                         : address();
        if (column == "protocol")
            return odd() ? pick({"", "tcp", "UDP", " icmp\t", "6.0", "xyz", "99999999999999999999", "-1",
                                 "null"})
                         : pick({"6", "6", "17", "1"});
        if (column == "note" || column.empty())
            return pick({"", "n", "a longer note with blanks"});
        if (!odd())
            return number(below(7));
        return pick({"",
                     "x",
                     "NaN",
                     "2.75",
                     "-5",
                     "1e3",
                     "9223372036854775807",
                     "9223372036854775808",
                     "-9223372036854775809",
                     "18446744073709551616",
                     " 80",
                     "80 ",
                     "inf",
                     "0x10",
                     "0x0012",
                     "0x",
                     "0x1G",
                     "0x123456789",
                     number(8),
                     number(9),
                     number(16),
                     number(17),
                     number(18),
                     number(19)});
    }
    std::string address()
    {
        const auto n = std::to_string(below(12));
        switch (below(5)) {
        case 0:
            return std::to_string(1 + below(20));
        case 1:
            return "10.1.0." + n;
        case 2:
            return "2001:db8::" + n;
        default:
            return "10.0.0." + n;
        }
    }
    std::string number(std::size_t digits)
    {
        std::string text(digits, '0');
        for (char& c : text)
            c = static_cast<char>('0' + below(10));
        return digits == 0 ? "0" : text;
    }

    std::mt19937_64 random_;
    unsigned oddity_ = 0, quoted_ = 0;
};

} // namespace packetloom::test
