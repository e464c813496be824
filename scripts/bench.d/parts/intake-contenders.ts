/**
 * Who takes part in the intake bench, how each is called, and what its result proves. A peer is called as its users
 * call it, so the peers prove less than we do, and differently: a ratio is only worth what `proves` says beside it.
 */

export interface Proof {
  /** Digests of each file that are there afterwards. */
  readonly digests: readonly string[];
  /** Where the copy was read again and compared: on the disk, in the page cache (which proves nothing of the disk). */
  readonly readBack: 'disk' | 'page cache' | 'none';
  /** When the program returns, would a power cut leave the copies? */
  readonly durable: 'each file' | 'all at the end' | 'no';
  /** What somebody else can check later. */
  readonly record: string;
  readonly says: string;
}

export interface Contender {
  /** For `--peers`. */
  readonly id: string;
  readonly name: string;
  /** Bash. SOURCE is a flat folder of files, TARGET an empty folder, EVIDOCK our command line. */
  readonly script: string;
  readonly proves: Proof;
}

export const ours: Contender = {
  id: 'evidock',
  name: 'evidock ingest',
  script: '"$EVIDOCK" ingest "$SOURCE" --data "$TARGET/data" --json',
  proves: {
    digests: ['sha256', 'sm3', 'fs-verity'],
    readBack: 'disk',
    durable: 'each file',
    record: 'inventory and seals in a signed ledger, probe facts, an index',
    says: 'The copy as read from the disk is what was read from the source; a missing or altered file shows later.',
  },
};

const perFile = (command: string): string =>
  `mkdir "$TARGET/copy"\nfor file in "$SOURCE"/*; do\n  name=\${file##*/}\n  ${command}\ndone`;

export const peers: readonly Contender[] = [
  {
    id: 'cp',
    name: 'cp + sync',
    script: 'cp -r "$SOURCE" "$TARGET/copy"\nsync -f "$TARGET"',
    proves: {
      digests: [],
      readBack: 'none',
      durable: 'all at the end',
      record: 'none',
      says: 'Nothing about the bytes; that the kernel reported no error.',
    },
  },
  {
    id: 'dc3dd',
    name: 'dc3dd sha256',
    script: perFile('dc3dd if="$file" of="$TARGET/copy/$name" hash=sha256 log="$TARGET/log"'),
    proves: {
      digests: ['sha256'],
      readBack: 'none',
      durable: 'no',
      record: 'plain log',
      says: 'The digest of what was read from the source; the copy is not looked at and not synced.',
    },
  },
  {
    id: 'dc3dd-hof',
    name: 'dc3dd sha256 of both',
    script: perFile('dc3dd if="$file" hof="$TARGET/copy/$name" hash=sha256 log="$TARGET/log"'),
    proves: {
      digests: ['sha256'],
      readBack: 'page cache',
      durable: 'no',
      record: 'plain log',
      says: 'The copy as the page cache has it is what was read; what reached the disk is not known, nothing is synced.',
    },
  },
  {
    id: 'rclone',
    name: 'rclone copy + check',
    script: 'rclone --config "" copy "$SOURCE" "$TARGET/copy"\nrclone --config "" check "$SOURCE" "$TARGET/copy"',
    proves: {
      digests: [],
      readBack: 'page cache',
      durable: 'no',
      record: 'none',
      says: 'Source and copy have equal MD5 as the page cache has them, twice; nothing is kept and nothing is synced.',
    },
  },
  {
    id: 'sha256sum',
    name: 'cp + sync + sha256sum',
    script: [
      'cp -r "$SOURCE" "$TARGET/copy"',
      'sync -f "$TARGET"',
      '(cd "$SOURCE" && sha256sum -- *) >"$TARGET/sums"',
      '(cd "$TARGET/copy" && sha256sum --check --quiet "$TARGET/sums")',
    ].join('\n'),
    proves: {
      digests: ['sha256'],
      readBack: 'page cache',
      durable: 'all at the end',
      record: 'list of digests',
      says: 'Source and copy are equal as the page cache has them; the source is read twice and may differ in between.',
    },
  },
];

export const programs: Readonly<Record<string, readonly string[]>> = {
  coreutils: ['cp', '--version'],
  dc3dd: ['dc3dd', '--version'],
  rclone: ['rclone', '--config', '', 'version'],
  hyperfine: ['hyperfine', '--version'],
};
