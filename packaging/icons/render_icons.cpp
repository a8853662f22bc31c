// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom-render-icons DRAWING.svg FOLDER: writes packetloom-SIZE.png, packetloom.ico (Windows) and
// packetloom.icns (macOS). Qt can write no file with several sizes, and the tools that can are different ones
// on each system.

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QSvgRenderer>
#include <QtEndian>
#include <cstdio>

namespace {

QImage drawn(QSvgRenderer& drawing, int size)
{
    QImage image(size, size, QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    drawing.render(&painter);
    painter.end();
    return image;
}

QByteArray png(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

template <class Number>
void little(QByteArray& out, Number number)
{
    number = qToLittleEndian(number);
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// The older form of a picture in an ICO file, which every reader knows: a BMP without its file header, twice
/// as high for a mask of one bit a pixel that stays empty, as alpha says it all.
QByteArray bitmap(const QImage& image)
{
    const int size = image.width();
    const int maskLine = (size + 31) / 32 * 4;
    QByteArray out;
    little<quint32>(out, 40);
    little<qint32>(out, size);
    little<qint32>(out, 2 * size);
    little<quint16>(out, 1);
    little<quint16>(out, 32);
    little<quint32>(out, 0);
    little<quint32>(out, static_cast<quint32>(size * size * 4 + maskLine * size));
    out.append(QByteArray(16, '\0'));
    for (int y = size - 1; y >= 0; --y) {
        for (int x = 0; x < size; ++x)
            little<quint32>(out, image.pixel(x, y));
    }
    out.append(QByteArray(qsizetype{maskLine} * size, '\0'));
    return out;
}

QByteArray windowsIcon(QSvgRenderer& drawing)
{
    const QList<int> sizes{16, 24, 32, 48, 64, 256};
    QByteArray directory, pictures;
    little<quint16>(directory, 0);
    little<quint16>(directory, 1);
    little<quint16>(directory, static_cast<quint16>(sizes.size()));
    for (const int size : sizes) {
        const auto image = drawn(drawing, size);
        const auto bytes = size == 256 ? png(image) : bitmap(image);
        directory.append(static_cast<char>(size)); // 256 is 0
        directory.append(static_cast<char>(size));
        little<quint16>(directory, 0);
        little<quint16>(directory, 1);
        little<quint16>(directory, 32);
        little<quint32>(directory, static_cast<quint32>(bytes.size()));
        little<quint32>(directory, static_cast<quint32>(6 + 16 * sizes.size() + pictures.size()));
        pictures += bytes;
    }
    return directory + pictures;
}

QByteArray appleIcon(QSvgRenderer& drawing)
{
    struct Kind
    {
        const char* type;
        int size;
    };
    QByteArray out;
    const auto big = [&](qsizetype number) {
        const auto bytes = qToBigEndian(static_cast<quint32>(number));
        out.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
    };
    out.append("icns\0\0\0\0", 8);
    // Those with @2x in Apple's documents are the same pictures under another type.
    for (const auto& [type, size] :
         {Kind{"ic11", 32}, Kind{"ic12", 64}, Kind{"ic07", 128}, Kind{"ic13", 256}, Kind{"ic08", 256},
          Kind{"ic14", 512}, Kind{"ic09", 512}, Kind{"ic10", 1024}}) {
        const auto bytes = png(drawn(drawing, size));
        out.append(type, 4);
        big(bytes.size() + 8);
        out += bytes;
    }
    const auto whole = qToBigEndian(static_cast<quint32>(out.size()));
    out.replace(4, 4, reinterpret_cast<const char*>(&whole), 4);
    return out;
}

bool write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: packetloom-render-icons DRAWING.svg FOLDER\n", stderr);
        return 2;
    }
    QSvgRenderer drawing(QString::fromLocal8Bit(argv[1]));
    const QString folder = QString::fromLocal8Bit(argv[2]) + QLatin1String("/packetloom");
    bool good = drawing.isValid() && QDir().mkpath(QString::fromLocal8Bit(argv[2]));
    for (const int size : {16, 24, 32, 48, 64, 128, 256, 512})
        good = good && write(folder + QStringLiteral("-%1.png").arg(size), png(drawn(drawing, size)));
    good = good && write(folder + QLatin1String(".icns"), appleIcon(drawing)) &&
           write(folder + QLatin1String(".ico"), windowsIcon(drawing)); // last: the build looks for it
    if (!good)
        std::fputs("packetloom-render-icons: failed\n", stderr);
    return good ? 0 : 1;
}
