/** What serial and card say together: the whole table. */
import { expect, test } from 'vitest';
import { type RecorderStanding, recorderFindings } from '../../src/domain/recorder-standing-policy.ts';

const known: RecorderStanding = {
  serial: 'TA00716',
  isSerialShared: false,
  isRegistered: true,
  volumes: ['1A2B-3C4D'],
  volumesBefore: ['1A2B-3C4D'],
  serialsBefore: new Map([['1A2B-3C4D', 'TA00716']]),
};

test.each<[string, Partial<RecorderStanding>, readonly string[]]>([
  ['the recorder with its card', {}, []],
  ['for the first time', { volumesBefore: [], serialsBefore: new Map() }, []],
  ['without a list of recorders', { isRegistered: null }, []],
  ['not in the list', { isRegistered: false }, ['recorder-not-registered']],
  ['not in the list, with a serial that many share', { isRegistered: false, isSerialShared: true }, []],
  ['with another card', { volumes: ['5E6F-7A8B'] }, ['card-changed']],
  ['with another card, and no list', { isRegistered: null, volumes: ['5E6F-7A8B'] }, ['card-changed']],
  ['not in the list, with another card', { isRegistered: false, volumes: ['5E6F-7A8B'] }, ['recorder-not-registered']],
  [
    'with the card of another recorder',
    { volumesBefore: ['5E6F-7A8B'], serialsBefore: new Map([['1A2B-3C4D', 'TA00999']]) },
    ['card-changed', 'card-of-another-recorder'],
  ],
  [
    'a card of another recorder under a shared serial',
    { isSerialShared: true, serialsBefore: new Map([['1A2B-3C4D', 'TA00999']]) },
    ['card-of-another-recorder'],
  ],
  ['one of two cards changed', { volumes: ['1A2B-3C4D', '5E6F-7A8B'] }, ['card-changed']],
  ['lost', { state: 'lost' }, ['lost-recorder-docked']],
  ['in repair', { state: 'repair' }, ['repair-recorder-docked']],
  ['scrapped', { state: 'scrapped' }, ['scrapped-recorder-docked']],
  ['in service', { state: 'in-service' }, []],
  ['lost, under a shared serial', { state: 'lost', isSerialShared: true }, []],
  ['a card without an id', { volumes: [''] }, []],
  ['ids that a tool left blank', { volumes: ['0000-0000'], serialsBefore: new Map([['0000-0000', 'X']]) }, []],
])('%s', (_name, more, codes) => {
  expect(recorderFindings({ ...known, ...more }).map(({ code }) => code)).toEqual(codes);
});

test('says which card came with whom', () => {
  const findings = recorderFindings({ ...known, serialsBefore: new Map([['1A2B-3C4D', 'TA00999']]) });
  expect(findings[0]?.detail).toBe('volume 1A2B-3C4D came with TA00999 last time, now with TA00716');
});
