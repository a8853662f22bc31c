// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"

#include <functional>
#include <string>
#include <string_view>

namespace packetloom {

/// What the options that narrow are in the language of filters: the list of addresses, which ends must be in
/// it, and the time window; empty where they say nothing. The list must be one that AddressFilter takes;
/// `addressOf` gives the address of an id. Two things are wider in the language: an address is the same in
/// another spelling or another case, and times are whole microseconds.
std::string optionFilter(std::string_view addresses, FilterEnds ends, const TimeWindow& window,
                         const std::function<std::string(std::string_view id)>& addressOf);

/// A text between quotes, as a value of a filter.
std::string quotedValue(std::string_view text);

} // namespace packetloom
