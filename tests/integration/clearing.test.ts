// Goal: clearing removes exactly what was sealed, or read again and found held, in the same docking, and nothing when
// the policy keeps; a card that turns read-only ends in a clear state with the clips sealed. Real station, real files.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dock } from '../../src/domain/dock.ts';
import { clearingCertificatePage } from '../../src/reporting/clearing-certificate-page.ts';
import { imageSource, readerOf } from '../support/card-files.ts';
import { ClearingBench, type ClearingBenchOptions, filesOn } from '../support/clearing-bench.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { makeExfatImage } from '../support/exfat-writer.ts';

const base = 'engine: { kind: portable }\nlog: { level: fatal }\n';
const afterSeal = `${base}clearing: { policy: after-seal }\n`;
const clip = (name: string): string => `DCIM/100/TA00716_JX0227_${name}.MP4`;
const first = clip('20261121080000');
const second = clip('20261121081500');
const third = clip('20261121083000');

let folder: string;
let bench: ClearingBench;
beforeEach(() => {
  folder = makeDiskFolder();
});
afterEach(async () => {
  await bench.close();
  expect(await bench.fsck()).toEqual([]);
  removeFolder(folder);
});

async function open(config: string, more: Partial<ClearingBenchOptions> = {}): Promise<void> {
  bench = await ClearingBench.open({ folder, config, ...more });
}

const threeClips = { [first]: 'one', [second]: 'two two', [third]: 'three' };

describe('after seal', () => {
  test('exactly the sealed files are removed; each deletion stands in the ledger with clip, digest and docking', async () => {
    await open(afterSeal);
    // A skip rule leaves one, a symbolic link is never taken: neither may be touched.
    const card = bench.card('TA00716', { ...threeClips, 'System Volume Information/x.dat': 'windows' });
    symlinkSync('/etc/hostname', join(card, 'link.MP4'));
    const view = await bench.visit('TA00716');
    expect(view).toMatchObject({ state: 'done', mayPull: true, problem: null });
    expect(view.counts).toMatchObject({ sealed: 3, skipped: 2, cleared: 3 });
    expect(filesOn(card)).toEqual(['System Volume Information/x.dat', 'link.MP4']);
    const docking = view.docking as string;
    const sealed = bench.records('clip-sealed');
    const cleared = bench.records('clip-cleared');
    expect(cleared.map(({ subject, body }) => [subject, body.docking, body.sha256, body.recheck]).sort()).toEqual(
      sealed.map(({ subject, body }) => [subject, docking, body.sha256, 'digest']).sort(),
    );
    const plan = bench.entries('clearing-planned');
    expect(plan['link.MP4']?.keep).toBe('not-sealed-now');
    expect(plan[first]?.keep).toBe(null);
    expect(bench.records('clearing-ended')[0]?.body).toMatchObject({
      cleared: 3,
      kept: 2,
      stopped: null,
      flushed: true,
    });
    // The docking had ended, and was signed for, before anything was planned.
    const [ended] = bench.records('docking-ended');
    const [planned] = bench.records('clearing-planned');
    expect(planned?.seq).toBeGreaterThan(ended?.seq ?? Number.NaN);
    expect(cleared[0]?.seq).toBeGreaterThan(planned?.seq ?? Number.NaN);
  });

  test('a held file is read again, here and in the vault, and then cleared', async () => {
    await open(base);
    const card = bench.card('TA00716', threeClips);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 3, cleared: 0 });
    await bench.close();
    await open(afterSeal);
    const view = await bench.visit('TA00716');
    expect(view.counts).toMatchObject({ sealed: 0, held: 3, cleared: 3 });
    expect(filesOn(card)).toEqual([]);
  });

  test('a held file whose original rotted in the vault stays on the recorder', async () => {
    await open(base);
    const card = bench.card('TA00716', { [first]: 'one', [second]: 'two two' });
    await bench.visit('TA00716');
    await bench.close();
    const sha256 = String(bench.records('clip-sealed')[0]?.body.sha256);
    const original = join(folder, 'data/vault/originals', sha256.slice(0, 2), sha256);
    const bytes = readFileSync(original);
    execFileSync('chmod', ['u+w', original]);
    writeFileSync(
      original,
      bytes.map((byte) => byte ^ 1),
    );
    await open(afterSeal);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 2, cleared: 1 });
    expect(filesOn(card)).toHaveLength(1);
    expect(
      Object.values(bench.entries('clearing-planned'))
        .map(({ keep }) => keep)
        .sort(),
    ).toEqual(['original-damaged', null].sort());
    writeFileSync(original, bytes);
  });

  test('a file that changed between docking and deletion stays', async () => {
    const around = (slots: ClearingBench['slots']): Dock => ({
      ...dockOf(slots),
      writable: (recorder, root, work) => {
        const at = join(Buffer.from(root).toString(), second);
        const { atime, mtime } = statSync(at);
        // Same size, same time: only the bytes tell.
        writeFileSync(at, 'TWO two');
        utimesSync(at, atime, mtime);
        return slots.writable(recorder, root, work);
      },
    });
    await open(afterSeal, { around });
    const card = bench.card('TA00716', threeClips);
    utimesSync(join(card, second), 1_700_000_000, 1_700_000_000);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 3, cleared: 2 });
    expect(filesOn(card)).toEqual([second]);
    expect(bench.entries('clearing-kept')[second]).toMatchObject({ reason: 'changed-on-recorder' });
  });

  test('a card with case twins is never written to: deleting one by its name would delete the other', async () => {
    const image = join(folder, 'card.img');
    const file = (name: string) => ({ name, content: Buffer.from(name) });
    makeExfatImage(image, [file('twin.mp4'), file('TWIN.mp4'), file('plain.mp4')], 4 * 1024 * 1024);
    const reader = readerOf(imageSource(image));
    const around = (slots: ClearingBench['slots']): Dock => ({
      ...dockOf(slots),
      writable: (recorder, root, work) => slots.writable(recorder, root, work),
      scan: async () => (await slots.scan()).map((recorder) => ({ ...recorder, cardReaders: [reader] })),
    });
    await open(afterSeal, { around });
    const card = bench.card('TA00716', { 'twin.mp4': 'twin.mp4', 'TWIN.mp4': 'twin.mp4', 'plain.mp4': 'plain.mp4' });
    expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 3, cleared: 0 });
    expect(filesOn(card)).toHaveLength(3);
    const kept = Object.values(bench.entries('clearing-planned')).map(({ keep }) => keep);
    expect(kept).toEqual(['card-doubtful', 'card-doubtful', 'card-doubtful']);
  });

  test('a card that turns read-only ends in attention, says so, and the clips stay sealed', async () => {
    await open(afterSeal, turnsReadOnly(2));
    const card = bench.card('TA00716', threeClips);
    const view = await bench.visit('TA00716');
    expect(view).toMatchObject({ state: 'attention', mayPull: true, problem: 'clearing-card-read-only' });
    expect(view.counts).toMatchObject({ sealed: 3, failed: 0, cleared: 1 });
    expect(filesOn(card)).toEqual([second, third]);
    expect(bench.records('clip-sealed')).toHaveLength(3);
    expect(bench.records('clearing-ended')[0]?.body).toMatchObject({ cleared: 1, kept: 2, stopped: 'EROFS' });
    expect(bench.records('finding-raised').map(({ body }) => body.code)).toEqual(['clearing-failed']);
    const kept = bench.entries('clearing-kept');
    expect(kept[second]).toMatchObject({ reason: 'delete-failed', detail: 'EROFS' });
    expect(kept[third]).toMatchObject({ reason: 'not-reached' });
    // The same card in another reader: the next docking finishes.
    await bench.close();
    await open(afterSeal);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 2, cleared: 2 });
    expect(filesOn(card)).toEqual([]);
  });
});

describe('a clip that is linked to a case', () => {
  const actor = { kind: 'person', id: 'os-user:1000' } as const;
  const consent = (name: string) => ({ name, reason: '记录仪须交回使用', actor });

  /** Clips named after a case: linked to it by their names. */
  const caseNumber = '晋交执罚2026-0231';
  const linked = (time: string): string => `police/video/20261121/${caseNumber}_JX0227_V_20261121_${time}.mp4`;
  const files = { [linked('080000')]: 'one', [linked('081500')]: 'two', [first]: 'not of the case' };

  test('leaves its recorder only when two different people agreed, and the certificate names them', async () => {
    await open(afterSeal);
    const card = bench.card('TA00716', files);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 3, cleared: 1 });
    expect(filesOn(card)).toEqual([linked('080000'), linked('081500')]);
    expect(bench.entries('clearing-planned')[linked('080000')]?.keep).toBe('linked-awaits-approval');

    const { clearings } = bench.station;
    const { request, clips } = await clearings.request({ clips: [], case: caseNumber }, consent('张 伟'));
    expect(clips).toHaveLength(2);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 2, cleared: 0 });
    await expect(clearings.approve(request, consent('张伟'))).rejects.toMatchObject({ code: 'clearing-same-person' });
    await expect(clearings.approve('q-none', consent('李敏'))).rejects.toMatchObject({
      code: 'clearing-request-unknown',
    });
    await clearings.approve(request, consent('李敏'));
    await expect(clearings.approve(request, consent('王强'))).rejects.toMatchObject({
      code: 'clearing-approved-before',
    });
    const view = await bench.visit('TA00716');
    expect(view.counts).toMatchObject({ held: 2, cleared: 2 });
    expect(filesOn(card)).toEqual([]);

    const certificate = await clearings.certificate(view.docking ?? '');
    expect(certificate).toMatchObject({
      recorder: 'TA00716',
      slot: '1',
      policy: 'after-seal',
      state: 'ended',
      stayed: [],
    });
    expect(certificate.cleared.map(({ path }) => path)).toEqual([linked('080000'), linked('081500')]);
    expect(certificate.consents).toMatchObject([{ request, requester: '张 伟', approver: '李敏', clips: 2 }]);
    const page = clearingCertificatePage(certificate, 'Asia/Shanghai').toString();
    for (const text of [
      '清空凭证',
      '张 伟',
      '李敏',
      certificate.cleared[1]?.sha256,
      view.docking,
      certificate.checkpoint?.root,
    ])
      expect(page).toContain(text);
    // Names stand in documents only, never in a record.
    const consents = JSON.stringify(bench.records('clearing-requested', 'clearing-approved'));
    expect(consents).not.toMatch(/张|李|交回/);
  });

  test('held only after the plan was made: it stays, whatever two people agree on, until the hold is released', async () => {
    const clearings = () => bench.station.clearings;
    const hold = { kind: 'litigation', number: '（2026）晋0522行初1号', name: '张伟', actor } as const;
    let held: string | undefined;
    let placed: string | undefined;
    const around = (slots: ClearingBench['slots']): Dock => ({
      ...dockOf(slots),
      // The plan stands in the ledger; nothing was deleted yet.
      writable: async (recorder, root, work) => {
        held = String(bench.records('clip-sealed')[0]?.subject);
        placed ??= (await bench.station.holds.place({ ...hold, clips: [held] })).hold;
        await slots.writable(recorder, root, work);
      },
    });
    await open(afterSeal, { around });
    const card = bench.card('TA00716', { [first]: 'one', [second]: 'two two' });
    expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 2, cleared: 1 });
    const [path = ''] = filesOn(card);
    expect(bench.entries('clearing-kept')[path]).toMatchObject({ reason: 'on-hold' });

    const { request } = await clearings().request({ clips: [held ?? ''] }, consent('张伟'));
    await clearings().approve(request, consent('李敏'));
    expect(bench.station.context.registry.clearing.isApproved(held ?? '')).toBe(true);
    expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 1, cleared: 0 });
    expect(filesOn(card)).toEqual([path]);
    await bench.station.holds.release(placed ?? '', { name: '李敏', reason: '判决生效', actor });
    expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 1, cleared: 1 });
    expect(filesOn(card)).toEqual([]);
  });

  test('a request needs clips that there are', async () => {
    await open(afterSeal);
    const { clearings } = bench.station;
    await expect(clearings.request({ clips: ['c-none'] }, consent('张伟'))).rejects.toMatchObject({
      code: 'clip-unknown',
    });
    const none = clearings.request({ clips: [], case: 'none' }, consent('张伟'));
    await expect(none).rejects.toMatchObject({ code: 'clip-not-on-case' });
  });
});

test('with policy keep nothing on the card changes, not even a time', async () => {
  await open(base);
  const card = bench.card('TA00716', threeClips);
  const before = execFileSync('find', [card, '-printf', '%P %s %T@ %C@\n'], { encoding: 'utf8' });
  const contents = filesOn(card).map((path) => readFileSync(join(card, path), 'utf8'));
  const view = await bench.visit('TA00716');
  expect(view).toMatchObject({ state: 'done' });
  const after = execFileSync('find', [card, '-printf', '%P %s %T@ %C@\n'], { encoding: 'utf8' });
  // Plugging a simulated recorder in moves its folder, which changes that folder's own time.
  const withoutTop = (text: string): string[] => text.split('\n').slice(1).sort();
  expect(withoutTop(after)).toEqual(withoutTop(before));
  expect(filesOn(card).map((path) => readFileSync(join(card, path), 'utf8'))).toEqual(contents);
  expect(bench.records('clearing-planned', 'clearing-ended')).toEqual([]);
});

test('after copies: nothing is cleared while the vault has the only copy', async () => {
  await open(`${base}clearing: { policy: after-copies, copies: 2 }\n`);
  const card = bench.card('TA00716', threeClips);
  expect((await bench.visit('TA00716')).counts).toMatchObject({ sealed: 3, cleared: 0 });
  expect(filesOn(card)).toHaveLength(3);
  expect(bench.entries('clearing-planned')[first]).toMatchObject({ keep: 'too-few-copies' });
});

test('after copies: a mirror counts while its disk is here, and only then', async () => {
  const mirror = join(folder, 'disk');
  mkdirSync(mirror);
  await open(`${base}vault: { mirrors: ["${mirror}"] }\nclearing: { policy: after-copies, copies: 2 }\n`);
  const { mirrors } = bench.station;
  const card = bench.card('TA00716', threeClips);
  await bench.visit('TA00716');
  await mirrors.add(mirror, { kind: 'person', id: 'uid:0' });
  await mirrors.sync({ signal: new AbortController().signal });
  renameSync(mirror, join(folder, 'unplugged'));
  expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 3, cleared: 0 });
  renameSync(join(folder, 'unplugged'), mirror);
  expect((await bench.visit('TA00716')).counts).toMatchObject({ held: 3, cleared: 3 });
  expect(filesOn(card)).toEqual([]);
});

test('a recorder with a factory serial is never cleared', async () => {
  await open(afterSeal);
  const card = bench.card('0000000', threeClips);
  expect((await bench.visit('0000000')).counts).toMatchObject({ sealed: 3, cleared: 0 });
  expect(filesOn(card)).toHaveLength(3);
});

function dockOf(slots: ClearingBench['slots']): Dock {
  return {
    kind: slots.kind,
    slots: slots.slots,
    scan: () => slots.scan(),
    onHint: (listener) => slots.onHint(listener),
    release: (recorder) => slots.release(recorder),
    stop: () => slots.stop(),
  };
}

/** The volume is a bind mount that the kernel makes read-only before the n-th file is deleted, as a failing card does. */
function turnsReadOnly(deletion: number): Pick<ClearingBenchOptions, 'around' | 'aroundEngine'> {
  const mounted = join(folder, 'mounted');
  let looks = 0;
  return {
    around: (slots) => ({
      ...dockOf(slots),
      writable: async (recorder, root, work) => {
        mkdirSync(mounted, { recursive: true });
        execFileSync('mount', ['--bind', Buffer.from(root).toString(), mounted]);
        try {
          await slots.writable(recorder, root, () => work({ root: Buffer.from(mounted) }));
        } finally {
          execFileSync('umount', [mounted]);
        }
      },
    }),
    aroundEngine: (engine) => ({
      name: engine.name,
      copy: (request, control) => engine.copy(request, control),
      probeReadBack: (at) => engine.probeReadBack(at),
      hash: async (request, control) => {
        const result = await engine.hash(request, control);
        if (Buffer.from(request.source.root).toString() !== mounted) return result;
        looks += 1;
        if (looks === deletion) execFileSync('mount', ['-o', 'remount,ro,bind', mounted]);
        return result;
      },
    }),
  };
}
