-- The coverage cache: verdicts of everybody over all days, worked out from the registry and the profiles. It is nobody's
-- truth: whatever is doubtful about it, it is thrown away and made anew. It holds names and certificate numbers, so it
-- is removed when a person is lawfully forgotten.

CREATE TABLE cache (
  -- One row. `digest`: profiles, posts, days and this program's form of the cache; `revision`: what of the registry is in it.
  one INTEGER PRIMARY KEY CHECK (one = 1),
  digest TEXT NOT NULL,
  revision TEXT NOT NULL,
  known_at INTEGER NOT NULL,
  first_officers TEXT,
  first_recorders TEXT,
  first_assignments TEXT,
  persons INTEGER NOT NULL
) STRICT;

-- People in pieces of a few hundred, in the orders in which lists are read: 0 by unit and certificate, 1 by certificate,
-- 2 by name and certificate. `first` is the least key that belongs to it; `unit` is empty but in order 0.
CREATE TABLE blocks (
  block INTEGER PRIMARY KEY,
  ordering INTEGER NOT NULL CHECK (ordering IN (0, 1, 2)),
  unit TEXT NOT NULL,
  first TEXT NOT NULL
) STRICT;

-- One person's verdict under each profile, the same from a day until (left out) another. Day numbers; in `codes` a
-- character for each profile, and one for the number of the post; in `since` seven digits for each profile: where the
-- verdict is a gap, the first day from which it is one without a break, counted from a million days before 1970.
CREATE TABLE spans (
  span INTEGER PRIMARY KEY,
  unit_block INTEGER NOT NULL,
  certificate_block INTEGER NOT NULL,
  name_block INTEGER NOT NULL,
  person TEXT NOT NULL,
  certificate TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  until_day INTEGER NOT NULL,
  codes TEXT NOT NULL,
  since TEXT NOT NULL
) STRICT;

-- The people of each unit's block as columns of numbers, for each year in which something changes: what lists of some
-- units in an order of their own are counted from, see people-columns.ts.
CREATE TABLE people (
  block INTEGER NOT NULL,
  year INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (block, year)
) STRICT;

-- Posts that the table of the configuration does not know; 0 is every post that it knows.
CREATE TABLE posts (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  post TEXT NOT NULL UNIQUE
) STRICT;

-- Counts by block and verdict, see tallies.ts. The last `profile` counts posts.
CREATE TABLE tallies (
  profile INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  month INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (profile, chunk, month)
) STRICT, WITHOUT ROWID;

-- Whose certificate it is, so that a change finds everybody whom it touches.
CREATE TABLE certificates (
  certificate TEXT PRIMARY KEY,
  person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
