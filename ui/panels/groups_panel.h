// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_query.h"

#include <QJsonObject>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QMenu;
class QModelIndex;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace packetloom {

class GroupTableModel;
class TableView;

/// What flows have in common: a table of groups by one or two keys. Asks for them (groupsWanted), as long as
/// it is seen; shows what it is given, and says which filter would leave a group (narrowWanted).
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
    /// Counts the values of one key, those with most flows first.
    void groupBy(GroupKey key);
    /// Keys, steps and order, for a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);
    void saveColumns() const;

signals:
    /// `known`: the same groups in another order, null for none.
    void groupsWanted(const std::shared_ptr<const packetloom::Analysis>& analysis,
                      const packetloom::GroupQuery& query, const packetloom::GroupOrder& order,
                      const std::shared_ptr<const packetloom::GroupTable>& known);
    /// To be looked at alone: a filter in the language of docs/filters.md.
    void narrowWanted(const QString& filter);
    /// viewState() says something else now.
    void viewChanged();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeChoices();
    QMenu* makeQuestions();
    void connectChoices();
    void ask();
    void askAgain();
    void sortBy(const GroupOrder& order);
    void setKeys(GroupKey by, std::optional<GroupKey> thenBy);
    void choose(GroupKey by, std::optional<GroupKey> thenBy, GroupColumn sortBy);
    [[nodiscard]] GroupQuery query() const;
    void keysChanged();
    void showColumns(const GroupTable& table);
    void showHint(const QString& text);
    [[nodiscard]] QString filterOf(const QModelIndex& index) const;
    void narrow(const QModelIndex& index);
    void addRowActions(QMenu* menu, const QModelIndex& index);

    std::shared_ptr<const Analysis> analysis_;
    Narrowing narrowing_;
    GroupOrder order_;
    std::shared_ptr<const GroupTable> known_; ///< what is shown, as long as it answers the question
    bool wanted_ = false;                     ///< the next time that the panel is seen
    QTimer slow_;                             ///< until it is said that an answer takes its time
    QComboBox* by_;
    QComboBox* thenBy_;
    QSpinBox* prefix4_;
    QSpinBox* prefix6_;
    QComboBox* slice_;
    QPushButton* questions_;
    QLabel* count_;
    QStackedWidget* pages_;
    QLabel* hint_;
    TableView* table_;
    GroupTableModel* groups_;
};

} // namespace packetloom
