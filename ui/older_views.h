// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QJsonObject>

namespace packetloom {

/// What narrows, of a session's view: what it says, or what the words of earlier versions come to, where each
/// page had conditions of its own. As NarrowingBar::viewState().
QJsonObject narrowingOf(const QJsonObject& view);

} // namespace packetloom
