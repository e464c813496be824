/**
 * Goal: with what a kernel makes of hostile cards (here a folder that lies as the kernel lies) and the card's raw bytes,
 * the station seals every clip under its own name with its own digest, names what it cannot have, and never takes a card
 * that went away or reads otherwise each time for whole. The kernel's own part is the laboratory's (hostile-station).
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import type { RawSource } from '../../src/dock/usb/card-reader/card-bytes.ts';
import { CardError } from '../../src/domain/card-reading.ts';
import type { DockedRecorder, TakeControl } from '../../src/domain/dock.ts';
import { takeRecorder } from '../../src/station/take-recorder.ts';
import { Station } from '../../src/station.ts';
import { LedgerView } from '../lab/usb/ledger-view.ts';
import { imageSource, readerOf } from '../support/card-files.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { type ExfatFile, makeExfatImage } from '../support/exfat-writer.ts';
import { storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

let drawn = 0;
let place: string;
beforeEach(() => {
  drawn += 1;
  place = join(folder, `trial-${drawn}`);
  mkdirSync(place);
});

/** The folder that stands for the mount: what the kernel would show. */
function asKernelShows(files: { readonly [path: string]: string | Buffer }): string {
  const root = join(place, 'mounted');
  mkdirSync(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

function card(files: readonly ExfatFile[]): string {
  const image = join(place, 'card.img');
  makeExfatImage(image, files, 4 * 1024 * 1024);
  return image;
}

interface Taken {
  readonly outcome: string;
  /** `path digest-of` of what is sealed; ` *` when it was read past the kernel. */
  readonly sealed: readonly string[];
  readonly findings: readonly string[];
  readonly details: readonly string[];
  readonly complete: boolean | undefined;
  readonly outcomes: readonly string[];
}

async function take(root: string, source: RawSource, times = 1): Promise<Taken> {
  const dataFolder = join(place, 'data');
  mkdirSync(dataFolder);
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  const station = await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
  const nothing = (): void => undefined;
  const control: TakeControl = {
    signal: new AbortController().signal,
    ...{ onStarted: nothing, onProgress: nothing, onFinishing: nothing, onStopped: nothing, onClearing: nothing },
  };
  const recorder: DockedRecorder = {
    ...{ kind: 'usb', slot: '1', generation: '1', serial: 'TA00716', recorderBasis: 'usb', root: Buffer.from(root) },
    cardReaders: [readerOf(source)],
  };
  let outcome = '';
  try {
    for (let time = 0; time < times; time += 1) {
      const { sealed, held, failed } = await takeRecorder(
        { intake: station.intake, rereadHeld: 'always' },
        recorder,
        control,
      );
      outcome = `sealed ${sealed}, held ${held}, failed ${failed}`;
    }
  } catch (error) {
    outcome = String((error as { code?: string }).code);
  } finally {
    await station.close();
  }
  expect(await storeTroubles(dataFolder)).toEqual([]);
  expect(readdirSync(join(dataFolder, 'vault/incoming'))).toEqual([]);
  return { outcome, ...saidBy(new LedgerView(dataFolder)) };
}

function saidBy(ledger: LedgerView): Omit<Taken, 'outcome'> {
  const docking = ledger.dockings.at(-1);
  const findings = ledger.ofType('finding-raised').filter(({ body }) => body.docking === docking?.docking);
  return {
    sealed: ledger
      .ofType('clip-sealed')
      .map((record) => {
        const document = ledger.documentsOf(record)[0] as { path: string; readBy?: string };
        return `${document.path} ${record.body.sha256}${document.readBy === 'fallback-reader' ? ' *' : ''}`;
      })
      .sort(),
    findings: docking?.findings ?? [],
    details: findings.flatMap((record) => ledger.documentsOf(record).map(({ detail }) => String(detail))),
    complete: ledger.ofType('inventory-listed').at(-1)?.body.complete as boolean | undefined,
    outcomes: [...(docking?.outcomes ?? [])].map((pair) => pair.join(' ')),
  };
}

const digest = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const file = (name: string, content: string | Buffer) => ({ name, content: Buffer.from(content as string) });

test('case twins: neither is read through the kernel, which opens one for both; again docked, both are held', async () => {
  const [one, two] = [randomBytes(9000), randomBytes(9000)];
  const image = card([file('twin.mp4', one), file('TWIN.mp4', two), file('other.mp4', 'other')]);
  const root = asKernelShows({ 'twin.mp4': one, 'TWIN.mp4': one, 'other.mp4': 'other' });
  const taken = await take(root, imageSource(image), 2);
  expect(taken.outcome).toBe('sealed 0, held 3, failed 0');
  expect(taken.sealed).toEqual(
    [`TWIN.mp4 ${digest(two)} *`, `other.mp4 ${digest('other')}`, `twin.mp4 ${digest(one)} *`].sort(),
  );
  expect(taken.findings).toEqual(['card-read-past-kernel']);
  expect(taken.details).toEqual(['2 files, because of: twin 2']);
  expect(taken.complete).toBe(true);
});

test('what hides behind a slash is read past the kernel, what lies beside it by its name', async () => {
  const [hidden, plain] = [randomBytes(70_000), randomBytes(5000)];
  const image = card([
    { name: 'DCIM', files: [file('b/Clip.mp4', hidden), file('plain.mp4', plain), file('.', 'dot')] },
    { name: 'seen', files: [file('seen.mp4', 'seen')] },
  ]);
  // It shows nothing of the hidden names; what is plain opens by its name.
  const root = asKernelShows({ 'DCIM/plain.mp4': plain, 'seen/seen.mp4': 'seen' });
  const taken = await take(root, imageSource(image));
  expect(taken.outcome).toBe('sealed 4, held 0, failed 0');
  expect(taken.sealed).toEqual(
    [
      `DCIM/\\xff002e ${digest('dot')} *`,
      `DCIM/b\\xff002fClip.mp4 ${digest(hidden)} *`,
      `DCIM/plain.mp4 ${digest(plain)}`,
      `seen/seen.mp4 ${digest('seen')}`,
    ].sort(),
  );
  expect(taken.complete).toBe(true);
});

test('a root of which the kernel shows nothing is taken from the card', async () => {
  const clip = randomBytes(6000);
  const image = card([file('b/Clip.mp4', clip), file('plain.mp4', 'plain')]);
  // It shows nothing, and nothing opens below it.
  const root = asKernelShows({});
  const taken = await take(root, imageSource(image));
  expect(taken.sealed).toEqual([`b\\xff002fClip.mp4 ${digest(clip)} *`, `plain.mp4 ${digest('plain')} *`].sort());
  expect(taken.details).toEqual(['2 files, because of: slash 1, unopenable 1']);
});

test('what only the kernel lists is taken and named, and the inventory is not complete', async () => {
  const image = card([file('a.mp4', 'a')]);
  const taken = await take(asKernelShows({ 'a.mp4': 'a', 'ghost.mp4': 'ghost' }), imageSource(image));
  expect(taken.outcome).toBe('sealed 2, held 0, failed 0');
  expect(taken.findings).toEqual(['card-listing-differs', 'inventory-incomplete']);
  expect(taken.details[0]).toContain('ghost.mp4');
  expect(taken.complete).toBe(false);
});

test('a file whose chain of clusters breaks fails by name, with a finding, and the others are sealed', async () => {
  const image = card([{ ...file('b/roken.mp4', randomBytes(20_000)), scattered: true }, file('a/good.mp4', 'good')]);
  const bytes = readFileSync(image);
  const table = bytes.readUInt32LE(80) * 2 ** (bytes[108] as number);
  const first = bytes.readUInt32LE(96) + 1;
  // The end of the chain, after the first of its clusters.
  bytes.writeUInt32LE(0xffffffff, table + first * 4);
  writeFileSync(image, bytes);
  const taken = await take(asKernelShows({}), imageSource(image));
  expect(taken.outcome).toBe('sealed 1, held 0, failed 1');
  expect(taken.findings).toEqual(['card-read-past-kernel', 'card-entry-unreachable']);
  expect(taken.details[1]).toContain('b\\xff002froken.mp4');
});

test('a card that gives other bytes at each reading is not sealed from', async () => {
  const image = card([file('x/y.mp4', randomBytes(30_000)), file('a.mp4', 'a')]);
  const source = imageSource(image);
  const bytes = readFileSync(image);
  const heap = bytes.readUInt32LE(88) * 2 ** (bytes[108] as number);
  const clip = heap + (bytes.readUInt32LE(96) - 1) * 4096;
  let reads = 0;
  const doubtful: RawSource = async (offset, length) => {
    const piece = await source(offset, length);
    reads += 1;
    if (offset >= clip && offset < clip + 30_000) piece.bytes[0] = reads & 0xff;
    return piece;
  };
  const taken = await take(asKernelShows({ 'a.mp4': 'a' }), doubtful);
  expect(taken.outcome).toBe('sealed 1, held 0, failed 1');
  expect(taken.findings).toContain('card-entry-unreachable');
  expect(taken.sealed).toEqual([`a.mp4 ${digest('a')}`]);
});

test('a card that goes away while it is checked has no inventory, at whatever read', async () => {
  const image = card([file('a.mp4', 'a'), { name: 'DCIM', files: [file('b.mp4', 'b')] }]);
  // What a pulled card looks like to vfat: empty, and no error.
  const root = asKernelShows({});
  for (const last of [0, 1, 3]) {
    const source = imageSource(image);
    const going: RawSource = async (offset, length) => {
      if (source.reads >= last) throw new CardError('card-gone', 'it went away');
      return source(offset, length);
    };
    place = join(place, String(last));
    mkdirSync(place);
    const taken = await take(root, going);
    expect(taken.outcome).toBe('source-missing');
    expect(taken.complete).toBeUndefined();
  }
});

test('a card that the raw reader does not know is what the kernel says, with the finding that nobody checked it', async () => {
  const image = join(place, 'noise.img');
  writeFileSync(image, randomBytes(65_536));
  const handle = openSync(image, 'r+');
  writeSync(handle, Buffer.alloc(512), 0, 512, 0);
  const taken = await take(asKernelShows({ 'a.mp4': 'a' }), imageSource(image));
  expect(taken.outcome).toBe('sealed 1, held 0, failed 0');
  expect(taken.findings).toEqual(['card-check-failed']);
  expect(taken.complete).toBe(true);
});
