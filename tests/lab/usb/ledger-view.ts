/**
 * What a station's ledger says, read from its plain files without a line of the program: the laboratory's oracle for
 * what was sealed from where, what was listed and not taken, and what was found.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LedgerRecord {
  readonly seq: number;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly body: { readonly [key: string]: unknown };
  readonly documents?: readonly { readonly id: string }[];
}

export interface SealedClip {
  readonly clip: string;
  readonly docking: string;
  readonly recorder: string | null;
  readonly path: string;
  readonly sha256: string;
}

export interface LedgerDocking {
  readonly docking: string;
  readonly slot: string | undefined;
  readonly source: string;
  /** Paths of the files of its inventory. */
  readonly listed: readonly string[];
  readonly sealed: readonly SealedClip[];
  /** Path and outcome of what was listed and not sealed, as far as it says. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** Codes, in the order in which they were raised. */
  readonly findings: readonly string[];
  readonly end: 'ended' | 'cancelled' | 'interrupted' | 'open';
}

export class LedgerView {
  readonly records: readonly LedgerRecord[];
  readonly #documents = new Map<string, { readonly [key: string]: unknown }>();

  constructor(data: string) {
    this.records = lines<LedgerRecord>(join(data, 'ledger/records'));
    for (const { id, body } of lines<{ id: string; body?: { readonly [key: string]: unknown } }>(
      join(data, 'ledger/documents'),
    )) {
      if (body !== undefined) this.#documents.set(id, body);
    }
  }

  ofType(type: string): readonly LedgerRecord[] {
    return this.records.filter((record) => record.type === type);
  }

  /** The bodies of a record's documents. */
  documentsOf({ documents = [] }: LedgerRecord): readonly { readonly [key: string]: unknown }[] {
    return documents.map(({ id }) => this.#documents.get(id)).filter((body) => body !== undefined);
  }

  get clips(): readonly SealedClip[] {
    return this.ofType('clip-sealed').map((record) => {
      const document = this.documentsOf(record)[0] as { path: string; recorder: string | null };
      const { clip, docking, sha256 } = record.body as { clip: string; docking: string; sha256: string };
      return { clip, docking, sha256, recorder: document.recorder, path: document.path };
    });
  }

  get dockings(): readonly LedgerDocking[] {
    const { clips } = this;
    return this.ofType('docking-started').map(({ body }) => {
      const docking = body.docking as string;
      const own = this.records.filter((record) => record.body.docking === docking);
      const entries = (type: string): Entry[] =>
        own
          .filter((record) => record.type === type)
          .flatMap((record) => this.documentsOf(record))
          .flatMap((document) => (document.entries as Entry[] | undefined) ?? []);
      const pathOf = ({ pathHex }: Entry): string => Buffer.from(pathHex, 'hex').toString('utf8');
      return {
        docking,
        slot: body.slot as string | undefined,
        source: body.source as string,
        listed: entries('inventory-listed')
          .filter(({ type }) => type === 'file')
          .map(pathOf),
        sealed: clips.filter((clip) => clip.docking === docking),
        outcomes: new Map(entries('outcomes-listed').map((entry) => [pathOf(entry), entry.outcome ?? ''])),
        findings: own.filter(({ type }) => type === 'finding-raised').map((record) => record.body.code as string),
        end: endOf(own),
      };
    });
  }
}

interface Entry {
  readonly pathHex: string;
  readonly type?: string;
  readonly outcome?: string;
}

function endOf(records: readonly LedgerRecord[]): LedgerDocking['end'] {
  if (records.some(({ type }) => type === 'docking-interrupted')) return 'interrupted';
  const ended = records.find(({ type }) => type === 'docking-ended');
  if (ended === undefined) return 'open';
  return ended.body.cancelled === true ? 'cancelled' : 'ended';
}

/** Every whole line of the files of a folder, in order. */
function lines<T>(folder: string): T[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
