"""Many rows in one statement, several times faster than by building objects' SQL.

A sweep of a whole night writes over a thousand rows twice; Django's bulk_create spends longer on
composing that SQL than the database does on running it (bench/ measures it). PostgreSQL takes
all rows as one JSON document; SQLite, which needs no journey to a server, a prepared statement.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def bulk_insert(model: type[Model], objects: Sequence[Any]) -> None:
    """Insert rows: all fields but the primary key, which the database gives.

    objects have the fields' values as attributes (a foreign key's under its `_id` name).
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    table, names = _quoted(model._meta.db_table), _names(fields)
    if connection.vendor == "postgresql":
        values = f"SELECT {names} FROM {_recordset(fields)}"  # noqa: S608
    else:
        values = f"VALUES ({', '.join(['%s'] * len(fields))})"
    _run(f"INSERT INTO {table} ({names}) {values}", fields, objects)


def bulk_update(model: type[Model], objects: Sequence[Any], names: Sequence[str]) -> None:
    """Write these fields of rows that the database has, told by the attribute of their key."""
    chosen = set(names)
    fields = [field for field in model._meta.concrete_fields if field.name in chosen]
    key = next(field for field in model._meta.concrete_fields if field.primary_key)
    table, row_key = _quoted(model._meta.db_table), _quoted(key.column)
    columns = [_quoted(field.column) for field in fields]
    if connection.vendor == "postgresql":
        settings = ", ".join(f"{column} = given.{column}" for column in columns)
        statement = (
            f"UPDATE {table} SET {settings} FROM {_recordset([*fields, key])} "  # noqa: S608
            f"WHERE {table}.{row_key} = given.{row_key}"
        )
    else:
        settings = ", ".join(f"{column} = %s" for column in columns)
        statement = f"UPDATE {table} SET {settings} WHERE {row_key} = %s"  # noqa: S608
    _run(statement, [*fields, key], objects)


def _run(statement: str, fields: Sequence[Field], objects: Sequence[Any]) -> None:
    if not objects:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [{f.column: getattr(one, f.attname) for f in fields} for one in objects]
            cursor.execute(statement, [json.dumps(rows, cls=_Encoder)])
        else:
            columns = [_column(field, objects) for field in fields]
            cursor.executemany(statement, list(zip(*columns, strict=True)))


class _Encoder(DjangoJSONEncoder):
    """Django's, but for times, which it cuts to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _recordset(fields: Sequence[Field]) -> str:
    """The rows of a JSON document as a table named `given`."""
    columns = (f"{_quoted(field.column)} {field.rel_db_type(connection)}" for field in fields)
    return f"json_to_recordset(%s::json) AS given({', '.join(columns)})"


def _column(field: Field, objects: Sequence[Any]) -> list[Any]:
    """The values of one field as SQLite takes them."""
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


def _names(fields: Sequence[Field]) -> str:
    return ", ".join(_quoted(field.column) for field in fields)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
