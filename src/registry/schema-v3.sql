-- Registry, version 3: clocks, clearing, copies in mirrors, lawful deletion. Tables and columns that a released version 2 lacks.

-- Mirrors (folders on other disks, each with an identity of its own) and the copies of originals that were confirmed there.
CREATE TABLE mirrors (
  mirror TEXT PRIMARY KEY,
  -- Where it was initialised, as text for people; the configuration says where it is now.
  folder TEXT NOT NULL,
  added_at TEXT NOT NULL,
  added_seq INTEGER NOT NULL,
  -- Last sequence of a record that confirmed a copy there, and the file in which its ledger contradicts ours.
  copied_seq INTEGER,
  ledger_differs TEXT
) STRICT, WITHOUT ROWID;

-- `seq`: the record that says that the copy was read back there and is what it must be.
CREATE TABLE mirror_copies (
  mirror TEXT NOT NULL REFERENCES mirrors (mirror),
  sha256 TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (mirror, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX mirror_copies_by_original ON mirror_copies (sha256);

-- What scrubbing knows of each original in each place (`vault`, or a mirror's id): the last good look, and damage.
CREATE TABLE original_checks (
  place TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (place, sha256)
) STRICT, WITHOUT ROWID;
CREATE TABLE damaged_originals (
  place TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  seq INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('altered', 'missing', 'unreadable')),
  -- Damaged 4 KiB blocks as `3, 7-9`; null where they cannot be told.
  blocks TEXT,
  PRIMARY KEY (place, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX damaged_by_original ON damaged_originals (sha256);

-- Scrubs; `last_digest` is where the next one of that place goes on.
CREATE TABLE scrubs (
  place TEXT PRIMARY KEY,
  last_digest TEXT NOT NULL,
  ended_at TEXT,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Lawful deletions: who approved what under which rule; what is still to be done where (`seq` null).
CREATE TABLE deletions (
  deletion TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('clip', 'person')),
  approved_at TEXT NOT NULL,
  approved_seq INTEGER NOT NULL,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  approved_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE deletion_places (
  deletion TEXT NOT NULL REFERENCES deletions (deletion),
  place TEXT NOT NULL,
  seq INTEGER,
  PRIMARY KEY (deletion, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX deletion_places_open ON deletion_places (place) WHERE seq IS NULL;
CREATE TABLE deleted_clips (
  clip TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  deletion TEXT NOT NULL REFERENCES deletions (deletion),
  -- Which docking had handed it in: its receipt goes on naming the clip.
  docking TEXT NOT NULL REFERENCES dockings (docking)
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_clips_by_deletion ON deleted_clips (deletion);
CREATE INDEX deleted_clips_by_docking ON deleted_clips (docking);

-- Clips in the state 'restricted' (限制处理): kept, and neither shown nor played nor exported.
CREATE TABLE restricted_clips (
  clip TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  since TEXT NOT NULL,
  reason TEXT
) STRICT, WITHOUT ROWID;
-- What is new is worked out from the records: the projection is emptied, and opening the station replays the ledger.
DELETE FROM links;
DELETE FROM versions;
DELETE FROM import_missing;
DELETE FROM imports;
DELETE FROM findings;
DELETE FROM inventory;
DELETE FROM clips;
DELETE FROM originals;
DELETE FROM dockings;
DELETE FROM sources;
DELETE FROM records;
UPDATE applied SET next_seq = 0;

-- The inventory is made anew, because SQLite cannot widen a CHECK: `not-taken` is what someone who needed the recorder
-- at once left for the next docking. `clearing` is what was decided about, and became of, the file on the recorder;
-- `planned` for ever means that a clearing was cut off and the file may be gone.
DROP TABLE inventory;
CREATE TABLE inventory (
  docking TEXT NOT NULL REFERENCES dockings (docking),
  path BLOB NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER,
  mtime_ns TEXT,
  outcome TEXT CHECK (outcome IN ('sealed', 'already-held', 'skipped', 'refused', 'failed', 'not-taken')),
  reason TEXT,
  clip TEXT,
  clearing TEXT CHECK (clearing IN ('planned', 'cleared', 'kept')),
  clearing_reason TEXT,
  cleared_seq INTEGER,
  PRIMARY KEY (docking, path)
) STRICT, WITHOUT ROWID;

-- Dockings as pages and receipts tell them: the slot as printed on the housing, everything that the inventory listed,
-- and the volume, by which a card is known again.
ALTER TABLE dockings ADD COLUMN slot TEXT;
ALTER TABLE dockings ADD COLUMN volume_uuid TEXT;
ALTER TABLE dockings ADD COLUMN entries INTEGER;
-- Digests of the inventory's documents, in order: what a receipt's short digest is made of.
CREATE TABLE inventory_parts (
  docking TEXT NOT NULL REFERENCES dockings (docking),
  part INTEGER NOT NULL,
  document_sha256 TEXT NOT NULL,
  PRIMARY KEY (docking, part)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX dockings_by_start ON dockings (started_seq);
CREATE INDEX dockings_by_source ON dockings (source, started_seq);
CREATE INDEX dockings_by_volume ON dockings (volume_uuid, started_seq) WHERE volume_uuid IS NOT NULL;
CREATE INDEX sources_by_recorder ON sources (recorder) WHERE recorder IS NOT NULL;
CREATE INDEX clips_by_docking ON clips (docking);
CREATE INDEX findings_by_docking ON findings (docking, seq, number) WHERE docking IS NOT NULL;
-- What was not taken comes first: 0 not taken, 1 skipped by rule, 2 in the vault.
ALTER TABLE inventory ADD COLUMN detail TEXT;
ALTER TABLE inventory ADD COLUMN standing INTEGER GENERATED ALWAYS AS
  (CASE WHEN outcome IN ('sealed', 'already-held') THEN 2 WHEN outcome = 'skipped' THEN 1 ELSE 0 END) VIRTUAL;
CREATE INDEX inventory_by_standing ON inventory (docking, standing, path);

-- Clearing: what was planned for a docking's files, and how it ended.
CREATE TABLE clearings (
  docking TEXT PRIMARY KEY REFERENCES dockings (docking),
  policy TEXT NOT NULL,
  copies_wanted INTEGER NOT NULL,
  recheck TEXT NOT NULL,
  planned_at TEXT NOT NULL,
  planned_seq INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'interrupted')),
  to_clear INTEGER NOT NULL,
  cleared INTEGER, cleared_bytes INTEGER, kept INTEGER,
  -- Code of what ended it early; null when it went as planned.
  stopped TEXT,
  flushed INTEGER CHECK (flushed IN (0, 1)),
  ended_at TEXT,
  ended_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX clearings_open ON clearings (state) WHERE state = 'open';

-- Two people's agreement to delete a clip from the recorder although it is linked or held.
CREATE TABLE clearing_requests (
  request TEXT PRIMARY KEY,
  requested_seq INTEGER NOT NULL,
  requested_at TEXT NOT NULL,
  -- Null when the name was lawfully erased.
  requester TEXT,
  reason TEXT,
  approved_seq INTEGER,
  approved_at TEXT,
  approver TEXT,
  approval_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE clearing_request_clips (
  request TEXT NOT NULL REFERENCES clearing_requests (request),
  clip TEXT NOT NULL,
  PRIMARY KEY (request, clip)
) STRICT, WITHOUT ROWID;
CREATE INDEX clearing_request_clips_by_clip ON clearing_request_clips (clip);

-- Alarms about the ledger itself; nothing is taken in while one is not acknowledged.
CREATE TABLE alarms (
  alarm INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  evidence TEXT NOT NULL,
  raised_at TEXT NOT NULL,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  reason TEXT
) STRICT;

-- Clocks of recorders: what each docking measured, and each time that a recorder was told.
CREATE TABLE clocks (
  docking TEXT PRIMARY KEY REFERENCES dockings (docking),
  seq INTEGER NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('protocol', 'files', 'none')),
  at_least_ms INTEGER,
  at_most_ms INTEGER
) STRICT, WITHOUT ROWID;
-- `reading` as the record has it, in canonical form; `outcome` is null while it is not known how it ended.
CREATE TABLE clock_settings (
  seq INTEGER PRIMARY KEY,
  slot TEXT NOT NULL,
  recorder TEXT,
  time TEXT NOT NULL,
  reading TEXT,
  local TEXT NOT NULL,
  told_at TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('set', 'failed', 'not-sent')),
  started_at TEXT,
  ended_at TEXT,
  took_ms INTEGER
) STRICT;
CREATE INDEX clock_settings_open ON clock_settings (slot, told_at) WHERE outcome IS NULL;
CREATE INDEX clock_settings_by_recorder ON clock_settings (recorder, time) WHERE recorder IS NOT NULL;
-- The offset of the clip's docking, and when the recording may have begun by the station's clock, beside what it says.
ALTER TABLE clips ADD COLUMN clock_basis TEXT;
ALTER TABLE clips ADD COLUMN clock_at_least_ms INTEGER;
ALTER TABLE clips ADD COLUMN clock_at_most_ms INTEGER;
ALTER TABLE clips ADD COLUMN corrected_earliest TEXT;
ALTER TABLE clips ADD COLUMN corrected_latest TEXT;
CREATE INDEX clips_by_recorded_local ON clips (source, recorded_local) WHERE recorded_local IS NOT NULL;
-- Exports: bags that went out, and which clips they hold. `details` is what the request's document says: basis, names.
CREATE TABLE exports (
  export TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  clips INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  details TEXT,
  requested_at TEXT NOT NULL,
  requested_seq INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'ended', 'refused')),
  ended_at TEXT,
  ended_seq INTEGER,
  -- SHA-256 of the bag's tag manifest: what the bag is known by.
  tag_manifest TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE export_clips (
  export TEXT NOT NULL REFERENCES exports (export),
  clip TEXT NOT NULL,
  PRIMARY KEY (export, clip)
) STRICT, WITHOUT ROWID;
CREATE INDEX export_clips_by_clip ON export_clips (clip);
-- The export key that holds now, and the record that says so.
CREATE TABLE export_keys (
  key TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
