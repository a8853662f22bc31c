// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/golden/golden_case.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMap>

namespace packetloom::test {
namespace {

QByteArray bytesOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

QJsonObject jsonOf(const QByteArray& text)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(text, &error);
    return error.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

/// As Python's json.dumps(indent=1, sort_keys=True) writes it; for the values that a manifest can hold.
QByteArray pythonText(const QJsonValue& value, int depth = 0)
{
    const QByteArray inside = '\n' + QByteArray(depth + 1, ' '), outside = '\n' + QByteArray(depth, ' ');
    QByteArrayList members;
    if (value.isObject()) {
        const auto object = value.toObject(); // sorted by key
        for (auto member = object.begin(); member != object.end(); ++member)
            members << inside + pythonText(member.key()) + ": " + pythonText(member.value(), depth + 1);
        return members.isEmpty() ? "{}" : '{' + members.join(',') + outside + '}';
    }
    if (value.isArray()) {
        for (const auto& element : value.toArray())
            members << inside + pythonText(element, depth + 1);
        return members.isEmpty() ? "[]" : '[' + members.join(',') + outside + ']';
    }
    if (value.isDouble() && value.toVariant().typeId() != QMetaType::LongLong) {
        auto text = QByteArray::number(value.toDouble(), 'g', QLocale::FloatingPointShortest);
        return text.contains('.') ? text : text + ".0";
    }
    // Texts and numbers are the same in Qt's one-line form of an array around them.
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact).chopped(1).sliced(1);
}

/// What is compared of a file.
QByteArray normalForm(const QString& folder, const QString& name)
{
    auto text = bytesOf(folder + QLatin1Char('/') + name);
    if (name != QLatin1String("manifest.json"))
        return text;
    auto manifest = jsonOf(text);
    manifest.remove(QStringLiteral("created"));
    manifest.remove(QStringLiteral("converter"));
    return pythonText(manifest);
}

QByteArray sumOf(const QByteArray& text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

QStringList filesBelow(const QString& folder)
{
    QStringList files;
    QDirIterator iterator(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files << QDir(folder).relativeFilePath(iterator.next());
    files.sort();
    return files;
}

} // namespace

std::vector<GoldenCase> goldenCases(const QString& root)
{
    std::vector<GoldenCase> cases;
    const QDir top(QFileInfo(root).absoluteFilePath());
    QDirIterator iterator(top.path(), {QStringLiteral("case.json")}, QDir::Files,
                          QDirIterator::Subdirectories);
    while (iterator.hasNext()) {
        const QFileInfo file(iterator.next());
        GoldenCase found;
        found.folder = file.absolutePath();
        found.name = top.relativeFilePath(found.folder);
        const auto described = jsonOf(bytesOf(file.filePath()));
        found.arguments.emplace_back("--data");
        for (const auto& name : described[QLatin1String("data")].toArray())
            found.arguments.push_back(name.toString().toStdString());
        for (const auto& argument : described[QLatin1String("args")].toArray())
            found.arguments.push_back(argument.toString().toStdString());
        if (QFile::exists(found.folder + QStringLiteral("/ip_map.json")))
            found.arguments.insert(found.arguments.end(), {"--ip-map", "ip_map.json"});
        cases.push_back(std::move(found));
    }
    return cases;
}

QString GoldenCase::expected() const
{
    const auto dataset = folder + QStringLiteral("/expected");
    return QFileInfo(dataset).isDir() ? dataset : folder + QStringLiteral("/SHA256SUMS");
}

QStringList datasetDifferences(const QString& actual, const QString& expected)
{
    QMap<QString, QByteArray> sums; // of the expected files
    if (QFileInfo(expected).isDir()) {
        for (const auto& name : filesBelow(expected))
            sums.insert(name, sumOf(normalForm(expected, name)));
    } else {
        for (const auto& line : bytesOf(expected).split('\n')) {
            if (const auto gap = line.indexOf("  "); gap > 0)
                sums.insert(QString::fromUtf8(line.sliced(gap + 2)), line.first(gap));
        }
    }
    const QStringList have = filesBelow(actual);
    QStringList differences;
    for (auto file = sums.cbegin(); file != sums.cend(); ++file) {
        if (!have.contains(file.key()))
            differences << QStringLiteral("missing ") + file.key();
        else if (sumOf(normalForm(actual, file.key())) != file.value())
            differences << QStringLiteral("differs ") + file.key();
    }
    const QByteArray headerOnly =
        "timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,protocol\n";
    for (const auto& name : have) {
        // Without rows the reference writes no packets.csv; we write its header (docs/differences.md, 5).
        const bool allowed = name == QLatin1String("packets.csv") && normalForm(actual, name) == headerOnly;
        if (!sums.contains(name) && !allowed)
            differences << QStringLiteral("unexpected ") + name;
    }
    return sums.isEmpty() ? QStringList{QStringLiteral("nothing to compare with")} : differences;
}

} // namespace packetloom::test
