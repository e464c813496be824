-- Registry, version 1: the projection of the ledger. Everything here can be rebuilt from records and documents.

CREATE TABLE applied (
  -- One row: the sequence of the next record to project, written in the same transaction as its effects.
  one INTEGER PRIMARY KEY CHECK (one = 1),
  next_seq INTEGER NOT NULL CHECK (next_seq >= 0)
) STRICT;
INSERT INTO applied VALUES (1, 0);

-- Which record is about what: the custody history of a clip is the rows of its subject.
CREATE TABLE records (
  seq INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  time TEXT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  subject TEXT
) STRICT;
CREATE INDEX records_by_subject ON records (subject, seq) WHERE subject IS NOT NULL;

-- Where clips come from: a recorder, or a folder that someone took files from by hand.
CREATE TABLE sources (
  source TEXT PRIMARY KEY,
  recorder TEXT,
  folder TEXT UNIQUE,
  CHECK ((recorder IS NULL) <> (folder IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE dockings (
  docking TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  source TEXT NOT NULL REFERENCES sources (source),
  recorder_basis TEXT NOT NULL,
  started_at TEXT NOT NULL,
  started_seq INTEGER NOT NULL,
  ended_at TEXT,
  ended_seq INTEGER,
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'cancelled', 'interrupted')),
  inventory_complete INTEGER CHECK (inventory_complete IN (0, 1)),
  files INTEGER,
  bytes INTEGER,
  sealed INTEGER, held INTEGER, skipped INTEGER, refused INTEGER, failed INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX dockings_open ON dockings (state) WHERE state = 'open';

-- The inventory of each docking, and what became of each entry. `outcome` is null while it is not known.
CREATE TABLE inventory (
  docking TEXT NOT NULL REFERENCES dockings (docking),
  path BLOB NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER,
  mtime_ns TEXT,
  outcome TEXT CHECK (outcome IN ('sealed', 'already-held', 'skipped', 'refused', 'failed')),
  reason TEXT,
  clip TEXT,
  PRIMARY KEY (docking, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE originals (
  sha256 TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  sm3 TEXT NOT NULL,
  fsverity TEXT NOT NULL,
  read_back TEXT NOT NULL,
  first_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE clips (
  clip TEXT PRIMARY KEY,
  source TEXT NOT NULL REFERENCES sources (source),
  docking TEXT NOT NULL REFERENCES dockings (docking),
  path BLOB NOT NULL,
  sha256 TEXT NOT NULL REFERENCES originals (sha256),
  bytes INTEGER NOT NULL,
  mtime_ns TEXT NOT NULL,
  recorder TEXT,
  officer TEXT,
  case_number TEXT,
  -- What the name says of the recording time: local text as written, and the instant in the station's time zone.
  recorded_local TEXT,
  recorded_at TEXT,
  important INTEGER NOT NULL CHECK (important IN (0, 1)),
  interrupted INTEGER NOT NULL CHECK (interrupted IN (0, 1)),
  name_pattern TEXT,
  sealed_at TEXT NOT NULL,
  sealed_seq INTEGER NOT NULL UNIQUE,
  -- From the probe; null until it has run.
  kind TEXT CHECK (kind IN ('video', 'audio', 'picture', 'track', 'log', 'other')),
  facts TEXT,
  probed_seq INTEGER,
  UNIQUE (source, path, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX clips_by_original ON clips (sha256);
CREATE INDEX clips_unprobed ON clips (sealed_seq) WHERE probed_seq IS NULL;

-- Findings of intake and probe, about a clip or a docking.
CREATE TABLE findings (
  seq INTEGER NOT NULL,
  number INTEGER NOT NULL,
  code TEXT NOT NULL,
  docking TEXT,
  clip TEXT,
  detail TEXT,
  PRIMARY KEY (seq, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_by_clip ON findings (clip) WHERE clip IS NOT NULL;
