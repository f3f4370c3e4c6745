# SPDX-License-Identifier: EUPL-1.2
"""Several statements at once are carried out as if one after the other, on either database."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, insert, literal, select
from sqlalchemy.exc import IntegrityError

from store.database import WRITES
from store.schema import pseudonyms
from store.store import Store
from store.together import Ask, together
from tests.store.drafts import rows

ADD = insert(pseudonyms)
FIND = select(pseudonyms.c.subject, literal("gevonden")).where(pseudonyms.c.hmac == bindparam("person"))
ONE, TWO, THREE = ({"hmac": name * 64, "subject": name.upper() * 32} for name in "abc")


def found(name: str) -> Ask:
    return Ask(FIND, {"person": name * 64})


def test_each_gives_its_own_rows_and_what_is_read_holds_what_was_written_before(store: Store) -> None:
    with store.engine.execution_options(**WRITES).begin() as connection:
        given = together(connection, found("a"), Ask(ADD, ONE), found("a"), Ask(ADD, [TWO, THREE]), found("c"))
    assert [[tuple(row) for row in one] for one in given] == [[], [], [("A" * 32, "gevonden")], [], [("C" * 32, "gevonden")]]
    assert rows(store.engine, pseudonyms) == [ONE, TWO, THREE]


def test_where_one_fails_nothing_after_it_is_done_and_the_last_commits_nothing(store: Store) -> None:
    with pytest.raises(IntegrityError) as refused, store.engine.execution_options(**WRITES).begin() as connection:
        together(connection, Ask(ADD, ONE), Ask(ADD, [TWO, ONE]), Ask(ADD, THREE), last=True)
    assert ONE["subject"] not in str(refused.value)
    assert rows(store.engine, pseudonyms) == []


def test_after_the_last_nothing_is_left_to_commit_in_postgresql(store: Store) -> None:
    with store.engine.execution_options(**WRITES).connect() as connection, connection.begin() as transaction:
        together(connection, Ask(ADD, ONE), last=True)
        transaction.rollback()
    assert rows(store.engine, pseudonyms) == ([ONE] if store.engine.dialect.name == "postgresql" else [])
