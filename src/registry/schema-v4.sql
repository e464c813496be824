-- Registry, version 4: people, recorders, cases and coverage. Each room has its own part of this file.

-- What is new is worked out from the records: the projection is emptied, and opening the station replays the ledger.
DELETE FROM links;
DELETE FROM clearing_request_clips;
DELETE FROM clearing_requests;
DELETE FROM clearings;
DELETE FROM inventory_parts;
DELETE FROM clocks;
DELETE FROM clock_settings;
DELETE FROM export_clips;
DELETE FROM exports;
DELETE FROM export_keys;
DELETE FROM alarms;
DELETE FROM restricted_clips;
DELETE FROM deleted_clips;
DELETE FROM deletion_places;
DELETE FROM deletions;
DELETE FROM scrubs;
DELETE FROM damaged_originals;
DELETE FROM original_checks;
DELETE FROM mirror_copies;
DELETE FROM mirrors;
DELETE FROM findings;
DELETE FROM inventory;
DELETE FROM clips;
DELETE FROM originals;
DELETE FROM dockings;
DELETE FROM sources;
DELETE FROM records;
UPDATE applied SET next_seq = 0;

-- == People: subjects and their versions ==============================================================================
DROP TABLE versions;
DROP TABLE import_missing;
DROP TABLE imports;

CREATE TABLE imports (
  import TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('officers', 'recorders', 'assignments', 'cases', 'complaints')),
  effective_from TEXT NOT NULL,
  file_sha256 TEXT NOT NULL,
  file_name TEXT,
  file_bytes INTEGER NOT NULL,
  -- Whether the file was the whole list: then who is not in it is asked about.
  is_whole INTEGER NOT NULL CHECK (is_whole IN (0, 1)),
  rows INTEGER NOT NULL,
  added INTEGER,
  changed INTEGER,
  unchanged INTEGER,
  missing INTEGER,
  started_at TEXT NOT NULL,
  actor TEXT NOT NULL,
  started_seq INTEGER NOT NULL,
  -- Null while an import is under way: what it brings counts only when it has ended.
  ended_seq INTEGER,
  undone_seq INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_open ON imports (started_seq) WHERE ended_seq IS NULL;

CREATE TABLE import_missing (
  import TEXT NOT NULL REFERENCES imports (import),
  key TEXT NOT NULL,
  -- The file names it in a row that could not be taken.
  unread INTEGER NOT NULL CHECK (unread IN (0, 1)),
  PRIMARY KEY (import, key)
) STRICT, WITHOUT ROWID;

-- What holds about a subject from a day on. `seq` is when it became known (the end of its import, null while that is
-- under way), `undone_seq` when it stopped counting. `origin`: whose statement it is, an import or `r<seq>` of a single
-- record; `brought_by`: what wrote it down, which may be a later one that speaks in the name of an earlier import.
CREATE TABLE versions (
  kind TEXT NOT NULL CHECK (kind IN ('units', 'officers', 'recorders', 'assignments', 'cases', 'complaints')),
  key TEXT NOT NULL,
  effective_from TEXT NOT NULL,
  origin TEXT NOT NULL,
  brought_by TEXT NOT NULL,
  seq INTEGER,
  undone_seq INTEGER,
  facts TEXT NOT NULL,
  PRIMARY KEY (kind, key, effective_from, origin)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_day ON versions (kind, effective_from);
CREATE INDEX versions_under_way ON versions (brought_by) WHERE seq IS NULL;
CREATE INDEX versions_by_seq ON versions (kind, seq);
CREATE INDEX assignments_by_serial ON versions (json_extract(facts, '$.serial')) WHERE kind = 'assignments';
CREATE INDEX assignments_by_certificate ON versions (json_extract(facts, '$.certificateNo')) WHERE kind = 'assignments';
CREATE INDEX officers_by_person ON versions (json_extract(facts, '$.person')) WHERE kind = 'officers';

-- What was answered about certificates that a whole roster did not name.
CREATE TABLE roster_answers (
  seq INTEGER PRIMARY KEY,
  certificate_no TEXT NOT NULL,
  answer TEXT NOT NULL CHECK (answer IN ('left', 'stays')),
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX roster_answers_by_certificate ON roster_answers (certificate_no, seq);

-- == Recorders: check-outs, claims ====================================================================================
CREATE TABLE checkouts (
  checkout TEXT PRIMARY KEY,
  recorder TEXT NOT NULL,
  certificate_no TEXT NOT NULL,
  -- When it was handed out; `out_seq` is when that became known.
  out_at TEXT NOT NULL,
  out_seq INTEGER NOT NULL,
  -- Null while it is out.
  returned_at TEXT,
  returned_seq INTEGER,
  return_basis TEXT CHECK (return_basis IN ('by-hand', 'docking', 'next-check-out')),
  -- From then on it never was.
  withdrawn_seq INTEGER,
  -- What the self-check said, as JSON.
  checks TEXT NOT NULL,
  even_so TEXT,
  CHECK ((returned_at IS NULL) = (returned_seq IS NULL) AND (returned_at IS NULL) = (return_basis IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX checkouts_by_recorder ON checkouts (recorder, out_at);
CREATE INDEX checkouts_by_certificate ON checkouts (certificate_no, out_at);
CREATE INDEX checkouts_open ON checkouts (out_at) WHERE returned_seq IS NULL AND withdrawn_seq IS NULL;

-- What driver and card said at the last docking that told it.
CREATE TABLE recorder_conditions (
  recorder TEXT PRIMARY KEY,
  docking TEXT NOT NULL,
  volumes INTEGER NOT NULL,
  battery_percent INTEGER,
  free_bytes INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
  seq INTEGER PRIMARY KEY,
  clip TEXT NOT NULL,
  certificate_no TEXT NOT NULL,
  statement TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX claims_by_clip ON claims (clip, seq);
CREATE INDEX claims_by_certificate ON claims (certificate_no, seq);

-- == Cases: countdowns, complaints ====================================================================================

-- == Linking ==========================================================================================================
-- What people and the station said about a clip and a case or an officer, never overwritten: the newest that is not a
-- rejection holds (`link_now`). `number`: certificate, or key of a case; empty where a person said that there is none.
DROP TABLE links;
CREATE TABLE links (
  seq INTEGER PRIMARY KEY,
  clip TEXT NOT NULL,
  target TEXT NOT NULL CHECK (target IN ('case', 'officer')),
  action TEXT NOT NULL CHECK (action IN ('linked', 'unlinked', 'rejected', 'settled')),
  number TEXT NOT NULL,
  basis TEXT NOT NULL,
  reason TEXT,
  score INTEGER,
  -- As JSON; null where a person gave none but words.
  reasons TEXT
) STRICT;
CREATE INDEX links_by_clip ON links (clip, target, seq);
CREATE INDEX links_by_number ON links (target, number);
CREATE VIEW link_now AS SELECT l.* FROM links l WHERE l.action <> 'rejected' AND l.seq =
  (SELECT max(m.seq) FROM links m WHERE m.clip = l.clip AND m.target = l.target AND m.action <> 'rejected');
-- Passes of the station over clips without a decision: what was known before `through_seq` was looked at.
CREATE TABLE link_passes (seq INTEGER PRIMARY KEY, through_seq INTEGER NOT NULL) STRICT;
-- By what cases are found: every number, officer and month, day and plate that some version of a case ever had. It may
-- name a case too many; whoever asks looks at the version that counts.
CREATE TABLE case_index (
  facet TEXT NOT NULL CHECK (facet IN ('number', 'officer', 'day', 'plate')),
  value TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (facet, value, key)
) STRICT, WITHOUT ROWID;
-- By when a clip is put in order: see domain/linking-clip-time.ts. Numbers of the name, as said and as compared.
ALTER TABLE clips ADD COLUMN occurred_at TEXT NOT NULL DEFAULT '';
ALTER TABLE clips ADD COLUMN name_sequence INTEGER;
ALTER TABLE clips ADD COLUMN case_fold TEXT;
CREATE INDEX clips_by_occurrence ON clips (occurred_at, sealed_seq);
CREATE INDEX clips_by_recorder ON clips (recorder, occurred_at) WHERE recorder IS NOT NULL;
CREATE INDEX clips_by_case_fold ON clips (case_fold) WHERE case_fold IS NOT NULL;
CREATE INDEX clips_by_probe ON clips (probed_seq) WHERE probed_seq IS NOT NULL;
CREATE INDEX imports_undone ON imports (undone_seq) WHERE undone_seq IS NOT NULL;

-- == Self-check =======================================================================================================
CREATE TABLE act_reviews (
  seq INTEGER PRIMARY KEY,
  review TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  -- Of the case; null for a clip without one. `act` is the ref of an act, or `clip` says which clip was looked at.
  case_key TEXT,
  act TEXT,
  clip TEXT,
  document TEXT NOT NULL,
  CHECK ((act IS NULL) <> (clip IS NULL))
) STRICT;
CREATE INDEX act_reviews_by_case ON act_reviews (case_key) WHERE case_key IS NOT NULL;
CREATE INDEX act_reviews_by_clip ON act_reviews (clip) WHERE clip IS NOT NULL;

-- == Keeping: retention, holds, deletion runs =========================================================================
-- What a person said of a clip last, beside the mark that its device made (clips.important).
CREATE TABLE clip_marks (
  clip TEXT PRIMARY KEY REFERENCES clips (clip),
  seq INTEGER NOT NULL,
  important INTEGER NOT NULL CHECK (important IN (0, 1)),
  category TEXT,
  marked_at TEXT NOT NULL,
  reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
  hold TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('case', 'complaint', 'review', 'litigation', 'discipline', 'transfer', 'other')),
  number TEXT NOT NULL,
  placed_at TEXT NOT NULL,
  placed_seq INTEGER NOT NULL,
  placed_by TEXT NOT NULL,
  reason TEXT,
  received_on TEXT,
  answer_by TEXT,
  case_number TEXT,
  officer TEXT,
  recorded_from TEXT,
  recorded_until TEXT,
  complaint TEXT,
  released_at TEXT,
  released_seq INTEGER,
  released_by TEXT,
  release_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX holds_standing ON holds (placed_seq) WHERE released_seq IS NULL;

-- Clips that a hold names one by one; those of its case and officer are worked out.
CREATE TABLE hold_clips (
  hold TEXT NOT NULL REFERENCES holds (hold),
  clip TEXT NOT NULL,
  PRIMARY KEY (hold, clip)
) STRICT, WITHOUT ROWID;
CREATE INDEX hold_clips_by_clip ON hold_clips (clip);

CREATE TABLE deletion_runs (
  run TEXT PRIMARY KEY,
  as_of TEXT NOT NULL,
  proposed_at TEXT NOT NULL,
  proposed_seq INTEGER NOT NULL,
  proposed_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- `proposing`: its last part is missing, so it never counts.
  state TEXT NOT NULL CHECK (state IN ('proposing', 'proposed', 'approved', 'ended', 'cancelled')),
  approved_at TEXT,
  approved_seq INTEGER,
  approved_by TEXT,
  closed_at TEXT,
  closed_seq INTEGER,
  closed_by TEXT,
  close_reason TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE deletion_run_clips (
  run TEXT NOT NULL REFERENCES deletion_runs (run),
  clip TEXT NOT NULL,
  rule TEXT NOT NULL,
  title TEXT NOT NULL,
  clause TEXT NOT NULL,
  last_day TEXT NOT NULL,
  outcome TEXT CHECK (outcome IN ('deleted', 'kept')),
  -- Why it stays, as JSON.
  reasons TEXT,
  PRIMARY KEY (run, clip)
) STRICT, WITHOUT ROWID;

-- A recorder may bring a deleted clip again: it is known by where it came from and its digest.
DROP TABLE deleted_clips;
CREATE TABLE deleted_clips (
  clip TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  deletion TEXT NOT NULL REFERENCES deletions (deletion),
  -- Which docking had handed it in: its receipt goes on naming the clip.
  docking TEXT NOT NULL REFERENCES dockings (docking),
  source TEXT NOT NULL,
  bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_clips_by_deletion ON deleted_clips (deletion);
CREATE INDEX deleted_clips_by_docking ON deleted_clips (docking);
CREATE INDEX deleted_clips_by_source ON deleted_clips (source, bytes);

-- == Coverage: reports that were handed in, baselines =================================================================
CREATE TABLE coverage_baselines (
  profile TEXT NOT NULL,
  -- Empty for all units.
  unit TEXT NOT NULL,
  as_of TEXT NOT NULL,
  -- A later import of the same day replaces an earlier one, which stays.
  seq INTEGER NOT NULL,
  population INTEGER NOT NULL,
  covered INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_sha256 TEXT,
  PRIMARY KEY (profile, unit, as_of, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage_reports (
  report TEXT PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  reported_at TEXT NOT NULL,
  profile TEXT NOT NULL,
  month TEXT NOT NULL,
  as_of TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  population INTEGER NOT NULL,
  covered INTEGER NOT NULL,
  figures_sha256 TEXT NOT NULL,
  list_sha256 TEXT NOT NULL,
  -- Null when the document was lawfully erased.
  details TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_reports_by_figures ON coverage_reports (figures_sha256);
CREATE INDEX coverage_reports_by_list ON coverage_reports (list_sha256);

-- The last look of each profile.
CREATE TABLE coverage_checks (
  profile TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  as_of TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  population INTEGER NOT NULL,
  covered INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage_alerts (
  alert TEXT PRIMARY KEY,
  seq INTEGER NOT NULL UNIQUE,
  raised_at TEXT NOT NULL,
  kind TEXT NOT NULL,
  profile TEXT NOT NULL,
  as_of TEXT NOT NULL,
  count INTEGER NOT NULL,
  details TEXT,
  ended_at TEXT,
  -- What became of sending it: `waiting` counts as the queue.
  delivery TEXT NOT NULL CHECK (delivery IN ('none', 'waiting', 'sent', 'not-sent')),
  delivered_at TEXT,
  status TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX coverage_alerts_open ON coverage_alerts (profile) WHERE ended_at IS NULL;
CREATE INDEX coverage_alerts_waiting ON coverage_alerts (seq) WHERE delivery = 'waiting';
-- Whose recorder was docked since the coverage cache last looked.
CREATE INDEX dockings_by_end ON dockings (ended_seq) WHERE ended_seq IS NOT NULL;

-- == Drawing: closed lists of a month, draws, follow-ups ==============================================================
CREATE TABLE drawing_lists (
  list TEXT PRIMARY KEY,
  month TEXT NOT NULL,
  count INTEGER NOT NULL,
  percent INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  closed_at TEXT NOT NULL,
  seq INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- Written before their list is closed; those of a list that never was count nowhere.
CREATE TABLE drawing_cases (
  list TEXT NOT NULL,
  key TEXT NOT NULL,
  -- Null when the case was lawfully deleted.
  case_key TEXT,
  number TEXT,
  PRIMARY KEY (list, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX drawing_cases_by_case ON drawing_cases (case_key);

CREATE TABLE drawing_rounds (
  list TEXT NOT NULL REFERENCES drawing_lists (list),
  round INTEGER NOT NULL,
  -- The record that the seed must come after.
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  seed_from TEXT NOT NULL CHECK (seed_from IN ('witness', 'public')),
  details TEXT,
  drawn_seq INTEGER,
  drawn_at TEXT,
  seed_sha256 TEXT,
  size INTEGER,
  result TEXT,
  PRIMARY KEY (list, round)
) STRICT, WITHOUT ROWID;
CREATE INDEX drawing_rounds_waiting ON drawing_rounds (seq) WHERE drawn_seq IS NULL;

CREATE TABLE case_follow_ups (
  seq INTEGER PRIMARY KEY,
  list TEXT NOT NULL REFERENCES drawing_lists (list),
  key TEXT NOT NULL,
  at TEXT NOT NULL,
  case_key TEXT,
  -- Null when the case was lawfully deleted.
  details TEXT
) STRICT;
CREATE INDEX case_follow_ups_by_list ON case_follow_ups (list);
CREATE INDEX case_follow_ups_by_case ON case_follow_ups (case_key);
