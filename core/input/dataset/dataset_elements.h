// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/json_elements.h"

namespace packetloom {

/// The elements of a dataset's file. Errors: those of openDatasetFile().
Result<std::unique_ptr<JsonElements>> openDatasetElements(const std::filesystem::path& file,
                                                          JsonElements::Shape shape);

/// Asked now and then with the bytes of the file that are read; false = stop.
using ReadBeat = std::function<bool(std::uint64_t bytesRead)>;

/// Visits every element of the file; an error of `visit` ends it. Errors also: those of JsonElements,
/// Cancelled.
Result<void> forEachElement(const std::filesystem::path& file, JsonElements::Shape shape,
                            const ReadBeat& goOn,
                            const std::function<Result<void>(const JsonElements&)>& visit);

} // namespace packetloom
