"""Many rows in one statement, several times faster than by building objects' SQL.

A sweep of a whole night writes over a thousand rows twice; Django's bulk_create spends longer on
composing that SQL than the database does on running it (bench/ measures it). PostgreSQL takes
whole columns as arrays; SQLite, which needs no journey to a server, a prepared statement.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def bulk_insert(model: type[Model], objects: Sequence[Any]) -> None:
    """Insert rows: all fields but the primary key, which the database gives.

    objects have the fields' values as attributes (a foreign key's under its `_id` name).
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    table, names = _quoted(model._meta.db_table), [_quoted(field.column) for field in fields]
    if connection.vendor == "postgresql":
        values = f"SELECT * FROM unnest({_arrays(fields)})"  # noqa: S608
    else:
        values = f"VALUES ({', '.join(['%s'] * len(fields))})"
    _run(f"INSERT INTO {table} ({', '.join(names)}) {values}", fields, objects)


def bulk_update(model: type[Model], objects: Sequence[Any], names: Sequence[str]) -> None:
    """Write these fields of rows that the database has, told by the attribute of their key."""
    chosen = set(names)
    fields = [field for field in model._meta.concrete_fields if field.name in chosen]
    key = next(field for field in model._meta.concrete_fields if field.primary_key)
    table, columns = _quoted(model._meta.db_table), [_quoted(field.column) for field in fields]
    if connection.vendor == "postgresql":
        given = ", ".join([*columns, "row_key"])
        settings = ", ".join(f"{column} = given.{column}" for column in columns)
        statement = (
            f"UPDATE {table} SET {settings} "  # noqa: S608
            f"FROM unnest({_arrays([*fields, key])}) AS given({given}) "
            f"WHERE {table}.{_quoted(key.column)} = given.row_key"
        )
    else:
        settings = ", ".join(f"{column} = %s" for column in columns)
        statement = f"UPDATE {table} SET {settings} WHERE {_quoted(key.column)} = %s"  # noqa: S608
    _run(statement, [*fields, key], objects)


def _run(statement: str, fields: Sequence[Field], objects: Sequence[Any]) -> None:
    if not objects:
        return
    columns = [_column(field, objects) for field in fields]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(statement, columns)
        else:
            cursor.executemany(statement, list(zip(*columns, strict=True)))


def _arrays(fields: Sequence[Field]) -> str:
    return ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)


def _column(field: Field, objects: Sequence[Any]) -> list[Any]:
    """The values of one field as the database takes them."""
    name = field.attname
    values = [getattr(one, name) for one in objects]
    kind = field.get_internal_type()
    if kind == "JSONField":
        return [json.dumps(value) for value in values]
    if kind == "DateTimeField":
        # The connection behind the proxy, which is looked up anew at each use.
        database = connections[DEFAULT_DB_ALIAS]
        # A night has few distinct times, and each is converted at some cost.
        known = {value: field.get_db_prep_save(value, database) for value in set(values)}
        return [known[value] for value in values]
    return values


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
