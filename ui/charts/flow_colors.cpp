// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/flow_colors.h"

#include <QCoreApplication>
#include <QPalette>
#include <array>

namespace packetloom {
namespace {

struct Pair
{
    QRgb light, dark;
};

// Establishing in blues, data in greens, closing in oranges, what went wrong in reds and purples; each at 3:1
// at least against what charts are drawn on (theme_contrast_test).
constexpr std::array<Pair, packetClassCount> classColors{{
    {0xff0072b2, 0xff4da3dd}, // SYN
    {0xff288bcc, 0xff8fd0f5}, // SYN+ACK
    {0xff7c868e, 0xff8a969e}, // ACK
    {0xff009068, 0xff2fc79b}, // PSH
    {0xffb07500, 0xfff2b83a}, // FIN
    {0xffd55e00, 0xfff0813a}, // RST
    {0xffc0609a, 0xffe39bc4}, // other TCP
    {0xff8c8650, 0xff8a866a}, // not TCP
}};
constexpr std::array<Pair, flowOutcomeCount> outcomeColors{{
    {0xff009068, 0xff2fc79b}, // graceful
    {0xffd55e00, 0xfff0813a}, // abortive
    {0xff288bcc, 0xff8fd0f5}, // open
    {0xff6a3d9a, 0xffa98ad6}, // invalid SYN+ACK
    {0xffc0609a, 0xffe39bc4}, // invalid ACK
    {0xff882255, 0xffc86a98}, // RST during the handshake
    {0xffb07500, 0xfff2b83a}, // no SYN+ACK
    {0xff857300, 0xfff0e442}, // no ACK
    {0xff7c868e, 0xff8a969e}, // unclosed
}};

QColor chosen(const Pair& pair, bool dark)
{
    return QColor::fromRgb(dark ? pair.dark : pair.light);
}

} // namespace

QColor packetClassColor(PacketClass which, bool dark)
{
    return chosen(classColors[static_cast<std::size_t>(which)], dark);
}

QColor flowOutcomeColor(FlowOutcome which, bool dark)
{
    return chosen(outcomeColors[static_cast<std::size_t>(which)], dark);
}

QString packetClassName(PacketClass which)
{
    switch (which) {
    case PacketClass::Syn:
        return QStringLiteral("SYN");
    case PacketClass::SynAck:
        return QStringLiteral("SYN+ACK");
    case PacketClass::Ack:
        return QStringLiteral("ACK");
    case PacketClass::Push:
        return QStringLiteral("PSH");
    case PacketClass::Fin:
        return QStringLiteral("FIN");
    case PacketClass::Rst:
        return QStringLiteral("RST");
    case PacketClass::OtherTcp:
        return QCoreApplication::translate("FlowColors", "other TCP");
    case PacketClass::NotTcp:
        return QCoreApplication::translate("FlowColors", "not TCP");
    }
    return {};
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

} // namespace packetloom
