"""Many rows in one statement sent many times: several times faster than building objects' SQL.

A sweep of a whole night writes over a thousand rows twice; Django's bulk_create spends longer on
composing that SQL than the database does on running it (bench/ measures it).
"""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def bulk_insert(model: type[Model], objects: Sequence[Model]) -> None:
    """Insert objects, all fields but the primary key, which the database gives."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    _run(statement, fields, objects)


def bulk_update(model: type[Model], objects: Sequence[Model], names: Sequence[str]) -> None:
    """Write these fields of objects that the database has."""
    fields = [model._meta.get_field(name) for name in names]
    key = model._meta.pk
    assert key is not None  # noqa: S101 - every model has one
    assignments = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    statement = (
        f"UPDATE {_quoted(model._meta.db_table)} SET {assignments} "  # noqa: S608
        f"WHERE {_quoted(key.column)} = %s"
    )
    _run(statement, [*fields, key], objects)


def _run(statement: str, fields: Sequence[Field], objects: Sequence[Model]) -> None:
    if not objects:
        return
    columns = [_column(field, objects) for field in fields]
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*columns, strict=True)))


def _column(field: Field, objects: Sequence[Model]) -> list[Any]:
    """The values of one field as the database takes them."""
    name = field.attname
    if field.get_internal_type() in _TAKEN_AS_THEY_ARE:
        return [getattr(one, name) for one in objects]
    # The connection behind the proxy, which is looked up anew at each use.
    database = connections[DEFAULT_DB_ALIAS]
    if field.get_internal_type() == "DateTimeField":
        # A night has few distinct times, and each is converted at some cost.
        known: dict[Any, Any] = {None: None}
        for value in {getattr(one, name) for one in objects} - {None}:
            known[value] = field.get_db_prep_save(value, database)
        return [known[getattr(one, name)] for one in objects]
    return [field.get_db_prep_save(getattr(one, name), database) for one in objects]


_TAKEN_AS_THEY_ARE = frozenset(
    {
        "BigAutoField",
        "BooleanField",
        "CharField",
        "ForeignKey",
        "PositiveBigIntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "TextField",
    }
)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
