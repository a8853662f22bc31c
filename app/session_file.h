// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/options.h"
#include "core/support/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>
#include <filesystem>

namespace packetloom {

/// What a session file (.packetloom, JSON) holds: enough for somebody else to see the same thing.
struct SessionFile
{
    std::filesystem::path dataset; ///< an opened dataset or table of flows; then `options` has no inputs
    Options options;
    QJsonObject view; ///< the window's own, see MainWindow::viewState()
};

/// Paths below `folder` (where the file will stand) are written relative to it, so that a session can move
/// together with its captures.
QByteArray sessionToJson(const SessionFile& session, const std::filesystem::path& folder);
/// Errors: JsonSyntax, JsonShape (also for a later format); both without a file name.
Result<SessionFile> sessionFromJson(const QByteArray& json, const std::filesystem::path& folder);

/// What the TimeArcs viewer exports when arcs are brushed: {"selection": {...}, "filter_parameters": {...}}.
/// Of the result the inputs, the IP map, the filters and the label count; what the file does not say is as in
/// default options, and its placeholders ("<INPUT_CSV_FILES>") count as not said. Relative paths are below
/// `folder`. Errors as above.
Result<Options> selectionFromJson(const QByteArray& json, const std::filesystem::path& folder);

/// The files that a session or selection names on other computers (UNC paths: two slashes, of either kind,
/// and a server), as they stand there. Windows logs on to that server, with the user's name and what proves
/// the password, as soon as a program looks whether the file exists: so they are not even looked at before
/// the user agrees. Nothing of a text that is no such document.
QStringList filesElsewhere(const QByteArray& json);

/// What kind of document a JSON file is, by its members.
enum class JsonKind : std::uint8_t { Other, Session, Selection };
JsonKind jsonKind(const QByteArray& json);

/// A session or selection is small; a larger file is something else. It is read in the event loop.
inline constexpr std::uint64_t documentLimit = std::uint64_t{4} << 20;

} // namespace packetloom
