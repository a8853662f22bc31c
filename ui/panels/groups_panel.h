// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_query.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

class QLabel;
class QMenu;
class QModelIndex;
class QStackedWidget;

namespace packetloom {

class GroupChoice;
class GroupTableModel;
class TableView;

/// What flows or packets have in common: a table of groups by one or two keys. Asks for them (groupsWanted),
/// as long as it is seen; shows what it is given, and says which filter would leave a group.
class GroupsPanel final : public QWidget
{
    Q_OBJECT

public:
    explicit GroupsPanel(QWidget* parent = nullptr);

    /// Null empties the panel.
    void setAnalysis(const std::shared_ptr<const Analysis>& analysis);
    /// What is looked at of the analysis.
    void setNarrowing(const Narrowing& narrowing);
    /// The reply to a question; one of another analysis is passed over.
    void setGroups(const std::shared_ptr<const Analysis>& analysis, const Result<GroupAnswer>& groups);
    /// Counts the values of one key, the most frequent first.
    void groupBy(bool packets, GroupKey key);
    /// Keys, steps and order, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    /// `known`: the same groups in another order, null for none.
    void groupsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                      const packetloom::GroupQuery& query, const packetloom::GroupOrder& order,
                      const std::shared_ptr<const packetloom::GroupTable>& known);
    /// To narrow what is seen: a filter in the language of docs/filters.md.
    void narrowWanted(const QString& filter);
    /// The same, and the flows or the packets of the group are to be seen.
    void flowsWanted(const QString& filter);
    void packetsWanted(const QString& filter);
    /// viewState() says something else now.
    void viewChanged();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void ask();
    void askAgain();
    void sortBy(const GroupOrder& order);
    void choose(bool packets, GroupKey by, std::optional<GroupKey> thenBy, GroupColumn sortBy);
    void choiceChanged();
    void showColumns(const GroupTable& table);
    void showCount(const GroupTable& table);
    void showHint(const QString& text);
    [[nodiscard]] QString filterOf(const QModelIndex& index) const;
    void show(const QModelIndex& index);
    void addRowActions(QMenu* menu, const QModelIndex& index);

    std::shared_ptr<const Analysis> analysis_;
    Narrowing narrowing_;
    GroupOrder order_;
    std::shared_ptr<const GroupTable> known_; ///< what is shown, as long as it answers the question
    bool wanted_ = false;                     ///< the next time that the panel is seen
    QTimer slow_;                             ///< until it is said that an answer takes its time
    GroupChoice* choice_;
    QStackedWidget* pages_;
    QLabel* hint_;
    TableView* table_;
    GroupTableModel* groups_;
    QList<int> empty_; ///< columns that are hidden because they would be empty, not because people hid them
};

} // namespace packetloom
