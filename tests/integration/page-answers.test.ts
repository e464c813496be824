// Goal: the filters of the clip list find what the list shows: a finding is a finding, whether sealing, the probe or
// linking found it. A real station without a roster, real files.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { AuditDesk } from '../../src/station/audit-desk.ts';
import { PageAnswers } from '../../src/station/page-answers.ts';
import type { PreviewDesk } from '../../src/station/preview-desk.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const folder = makeDiskFolder();
let station: Station;
let pages: PageAnswers;

beforeAll(async () => {
  const card = join(folder, 'card');
  mkdirSync(card);
  const sentence = '2026-05-10 08:00:00 REC START\r\n'.repeat(40);
  // The officer of the first stands in no roster; the second names nobody; the third is not what its name says.
  for (const name of ['TA00716_JX0227_20260510080000.LOG', 'notes.log', 'picture.jpg']) {
    writeFileSync(join(card, name), `${sentence}${name}\r\n`);
  }
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  station = await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
  await station.intake.ingest(
    {
      kind: 'ingest',
      root: Buffer.from(card),
      recorder: 'TA00716',
      recorderBasis: 'given',
      rereadHeld: 'never',
      actor: systemActor,
      awaitsProbe: true,
    },
    { signal: new AbortController().signal, onEvent: () => undefined, onProgress: () => undefined },
  );
  const previews = { waiting: 0, file: () => undefined } as unknown as PreviewDesk;
  const slots = { views: () => [], problems: () => [], onChange: () => () => undefined };
  pages = new PageAnswers({
    context: station.context,
    people: station.people,
    dockings: station.dockings,
    receipts: station.receipts,
    audit: new AuditDesk(station.context, station),
    coverage: station.coverageAnswers,
    previews,
    alarms: station.alarms,
    slots,
    readBack: 'direct',
    demo: false,
  });
});

afterAll(async () => {
  await station.close();
  removeFolder(folder);
});

function found(more: Partial<Parameters<PageAnswers['clips']>[0]>) {
  const none = { kind: undefined, day: undefined, search: undefined, lacking: undefined };
  return pages.clips({ page: 1, pageSize: 50, ...none, ...more });
}

test('clips with findings are those that show one, of linking as well', () => {
  const { rows } = found({});
  expect(rows).toHaveLength(3);
  const shown = rows.filter(({ findings }) => findings.length > 0).map(({ path }) => path);
  expect(shown).toContain('TA00716_JX0227_20260510080000.LOG');
  expect(shown).toContain('picture.jpg');
  const filtered = found({ lacking: 'finding' });
  expect(filtered.rows.map(({ path }) => path)).toEqual(shown);
  expect(filtered.total).toBe(shown.length);
});

test('clips without an officer or case are those that show none, and pages of them count on', () => {
  expect(
    found({ lacking: 'officer' })
      .rows.map(({ path }) => path)
      .sort(),
  ).toEqual(['notes.log', 'picture.jpg']);
  expect(found({ lacking: 'case' }).total).toBe(3);
  const second = found({ lacking: 'case', page: 2, pageSize: 2 });
  expect([second.rows.length, second.total]).toEqual([1, 3]);
});

test('the auditor is shown the signed head, the keys, and what is missing', async () => {
  const view = await pages.audit.view();
  await station.checkpoint();
  expect((await pages.audit.view()).checkpoint).toBe(await station.checkpoint());
  expect([view.records, view.keys.map(({ role }) => role)]).toEqual([station.counts().records, ['log', 'leaf']]);
  expect([view.witnesses, view.stamps]).toEqual([[], []]);
  expect(view.places).toEqual([{ folder: null, scrubbedAt: null, behind: 0, damaged: 0, isPresent: true }]);
});
