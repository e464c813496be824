/**
 * Goal: on the USB stack of a real kernel, recorders dock, are seen where they sit and come away unharmed, and a
 * keyboard that hides beside a disk gets no driver. A short slice of `scripts/lab usb`; a machine where QEMU cannot
 * run fails it.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolder } from '../../support/disk-folder.ts';
import { runTrial, type Trial } from './run-lab.ts';

const recorders = 4;
let trial: Trial;

beforeAll(async () => {
  trial = await runTrial({ scenario: 'slice', recorders });
}, 600_000);

afterAll(() => {
  if (trial !== undefined) removeFolder(trial.folder);
});

test('the guest boots, judges and powers off by itself', () => {
  expect(trial.machine.ended, trial.words).toBe('by-itself');
  expect(trial.verdict, trial.words).toMatchObject({ verdict: 'passed', failed: [] });
});

test('every recorder is seen with its disk in the socket it was put in, then in another one', () => {
  const seen = trial.steps.filter(({ step }) => step === 'each is seen in its socket, with its disk');
  expect(seen.map(({ ok, places }) => [ok, (places as unknown[]).length])).toEqual([
    [true, recorders],
    [true, recorders],
  ]);
});

test('every card gives the bytes that were put on it, and no image changes', () => {
  const read = trial.steps.filter(({ step }) => step === 'its files have the bytes that were put there');
  expect(read.map(({ ok }) => ok)).toEqual(Array.from({ length: recorders }, () => true));
  expect(trial.steps).toContainEqual(expect.objectContaining({ step: 'no image has changed', ok: true }));
});

test('a keyboard beside a disk gets no driver', () => {
  expect(trial.steps).toContainEqual(expect.objectContaining({ step: 'there is still no input device', ok: true }));
});
