// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/json_fields.h"
#include "core/output/timearcs_v2/json_writer.h"
#include "core/run/options.h"
#include "core/support/text_buffer.h"

namespace packetloom {

/// All of OptionId in an object, by OptionEntry::key. Choices are the numbers of their values.
void writeOptions(JsonWriter<TextBuffer>& json, const Options& options);
void readOptions(JsonFields& fields, Options& options);

/// How one input is read, as the members of an object that is open.
void writeSpec(JsonWriter<TextBuffer>& json, const InputSpec& spec);
InputSpec readSpec(JsonFields& fields);

} // namespace packetloom
