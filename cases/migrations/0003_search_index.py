"""The search of cases on PostgreSQL: an index of two-character pieces.

Two-character words are the usual query in Chinese, and pg_trgm cannot answer them. Pieces need no
word list and split query and text alike; LIKE checks afterwards that they stand side by side.
"""

from django.db import migrations

# One pass over the text: substr() by position would begin at its start for every piece.
FUNCTION = """
CREATE FUNCTION case_pieces(body text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
  SELECT array_to_tsvector(coalesce(array_agg(DISTINCT piece), '{}'))
  FROM (
    SELECT sign || lead(sign) OVER (ORDER BY place) AS piece
    FROM unnest(string_to_array(body, NULL)) WITH ORDINALITY AS signs (sign, place)
  ) AS pieces
  WHERE piece IS NOT NULL
$$
"""
# Without the pending list that would make every so many writes slow.
INDEX = """
CREATE INDEX cases_search ON cases_case USING gin (case_pieces(search_text))
WITH (fastupdate = off)
"""


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(INDEX)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX cases_search")
        schema_editor.execute("DROP FUNCTION case_pieces(text)")


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_initial")]

    operations = [migrations.RunPython(build, remove)]
