-- Registry, version 2: people, recorders, assignments and cases by effective date; links made by hand; what an import
-- folder held when it was taken in.

ALTER TABLE dockings ADD COLUMN listing TEXT;

CREATE TABLE imports (
  import TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('officers', 'recorders', 'assignments', 'cases')),
  effective_from TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  rows INTEGER NOT NULL,
  started_seq INTEGER NOT NULL,
  -- Null while an import is under way: what it brings counts only when it has ended.
  ended_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_open ON imports (started_seq) WHERE ended_seq IS NULL;

CREATE TABLE import_missing (
  import TEXT NOT NULL REFERENCES imports (import),
  key TEXT NOT NULL,
  PRIMARY KEY (import, key)
) STRICT, WITHOUT ROWID;

-- What holds about a subject from a day on; `seq` is when it became known (the end of its import).
CREATE TABLE versions (
  kind TEXT NOT NULL CHECK (kind IN ('officers', 'recorders', 'assignments', 'cases')),
  key TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  import TEXT NOT NULL REFERENCES imports (import),
  seq INTEGER,
  facts TEXT NOT NULL,
  PRIMARY KEY (kind, key, effective_from, import)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_day ON versions (kind, effective_from);
CREATE INDEX assignments_by_serial ON versions (json_extract(facts, '$.serial')) WHERE kind = 'assignments';

-- Links made by hand, the latest of a clip and kind counting.
CREATE TABLE links (
  seq INTEGER PRIMARY KEY,
  clip TEXT NOT NULL,
  target TEXT NOT NULL CHECK (target IN ('case', 'officer')),
  number TEXT NOT NULL,
  reason TEXT
) STRICT;
CREATE INDEX links_by_clip ON links (clip, target, seq);
