// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QList>
#include <QModelIndexList>
#include <QString>

class QAbstractItemModel;

namespace packetloom {

/// The rows of `indexes` (each once, from the top) as CSV after RFC 4180 with a line of headers; lines end
/// with a line feed. `columns` are the columns to write, in this order: the visible ones as they stand in the
/// view; all when empty. Values come from TableModel::RawRole: numbers without groups, whole texts. A text
/// that a spreadsheet would take for a formula gets an apostrophe in front; a NUL, which ends many a
/// clipboard, becomes \x00.
QString rowsAsCsv(const QAbstractItemModel& model, const QModelIndexList& indexes,
                  const QList<int>& columns = {});

} // namespace packetloom
