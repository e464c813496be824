/**
 * Goal: by descriptors of devices that exist (ids and strings as in usb.ids and lsusb listings) the shipped table tells
 * recorders from everything else, says "unknown" rather than guess, and a serial is chosen in the stated order.
 */
import { describe, expect, test } from 'vitest';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import {
  type CardFacts,
  judgeInterfaces,
  matchesText,
  type RecorderFacts,
  type RecorderTable,
  recogniseRecorder,
} from '../../src/domain/recorder-recognition.ts';
import { chooseSerial, type SerialEvidence } from '../../src/domain/recorder-serial.ts';

const table = loadRecorderTable();
const storage = { interfaceClass: 0x08 };
const keyboard = { interfaceClass: 0x03 };
const vendor = { interfaceClass: 0xff };
const emptyCard: CardFacts = { label: '', folders: [], rootFiles: [], namedFiles: 0 };
const recordings: CardFacts = { ...emptyCard, folders: ['DCIM', 'DCIM/100MEDIA'], namedFiles: 3 };

const facts = (changes: Partial<RecorderFacts>): RecorderFacts => ({
  vendorId: 0x0781,
  productId: 0x5567,
  manufacturer: null,
  product: null,
  interfaces: [storage],
  disks: [{ vendor: 'SanDisk', model: 'Cruzer Blade' }],
  cards: [],
  isRegistered: false,
  ...changes,
});

describe('the shipped table', () => {
  const jieli = { disks: [{ vendor: 'DV16', model: 'DEVICE V1.00' }] };
  const genesys = { vendorId: 0x05e3, productId: 0x0749, manufacturer: 'Generic', product: 'USB3.0 Card Reader' };
  const cases: readonly (readonly [string, Partial<RecorderFacts>, string])[] = [
    ['JieLi by its inquiry, before its card is there', jieli, 'jieli-dv16 500'],
    ['JieLi whose inquiry was not padded', { disks: [{ vendor: 'DV16 DEV', model: 'ICE V1.00' }] }, 'jieli-dv16 500'],
    [
      'JieLi with a card of recordings: the special driver has more marks',
      { ...jieli, cards: [recordings] },
      'jieli-dv16 500',
    ],
    [
      'Ambarella before disk mode',
      { vendorId: 0x4255, productId: 1, interfaces: [vendor], disks: [] },
      'ambarella 500',
    ],
    [
      'Ambarella in disk mode is a plain card',
      { vendorId: 0x4255, productId: 1, cards: [recordings] },
      'mass-storage 90',
    ],
    ['a Genesys card reader with a recorder card', { ...genesys, cards: [recordings] }, 'mass-storage 90'],
    ['police folders', { cards: [{ ...emptyCard, folders: ['Police', 'Police/Video'] }] }, 'mass-storage 50'],
    ['an identity file', { cards: [{ ...emptyCard, rootFiles: ['STATION_BIND.INI'] }] }, 'mass-storage 60'],
    ['recordings without a known folder', { cards: [{ ...emptyCard, namedFiles: 1 }] }, 'mass-storage 60'],
    ['an empty card of a registered recorder', { cards: [emptyCard], isRegistered: true }, 'mass-storage 60'],
    ['an empty card of nobody', { cards: [emptyCard] }, 'unknown'],
    ['a stick with documents', { cards: [{ ...emptyCard, folders: ['Documents'], rootFiles: ['a.pdf'] }] }, 'unknown'],
    [
      'a vendor device that is no recorder',
      { vendorId: 0x0403, productId: 0x6001, interfaces: [vendor], disks: [] },
      'unknown',
    ],
  ];
  test.each(cases)('%s', (name, changes, expected) => {
    const found = recogniseRecorder(facts(changes), table);
    const text = found.kind === 'recorder' ? `${found.model} ${found.score}` : found.kind;
    expect(text, name).toBe(expected);
  });
});

describe('conflicts', () => {
  const twoVendors: RecorderTable = {
    acceptScore: 50,
    placeholderSerials: [],
    recorders: [
      {
        id: 'one',
        name: 'One',
        driver: 'one',
        marks: [
          { usbId: '1D6B:0104', score: 60 },
          { product: '*Body*', score: 20 },
        ],
      },
      {
        id: 'two',
        name: 'Two',
        driver: 'two',
        marks: [
          { usbId: '1d6b:0104', score: 60 },
          { product: 'PTZ*', score: 20 },
        ],
      },
    ],
  };
  const gadget = { vendorId: 0x1d6b, productId: 0x0104 };

  test('two models with the same ids and nothing else are ambiguous, not guessed', () => {
    expect(recogniseRecorder(facts(gadget), twoVendors)).toEqual({
      kind: 'ambiguous',
      models: ['one', 'two'],
      score: 60,
    });
  });

  test('a string decides between them', () => {
    const found = recogniseRecorder(facts({ ...gadget, product: 'X1 body camera' }), twoVendors);
    expect(found).toMatchObject({ kind: 'recorder', model: 'one', score: 80 });
  });

  test('below the limit the nearest is named and nothing more', () => {
    expect(recogniseRecorder(facts({}), table)).toEqual({ kind: 'unknown', nearest: 'mass-storage', score: 20 });
  });
});

test('interfaces: only storage may live; a keyboard beside it is a finding, alone it is no recorder', () => {
  expect(judgeInterfaces([storage])).toMatchObject({ storage: [storage], finding: null });
  expect(judgeInterfaces([storage, keyboard])).toEqual({
    storage: [storage],
    foreign: [keyboard],
    quiet: [],
    finding: 'composite-device',
  });
  expect(judgeInterfaces([keyboard])).toMatchObject({ storage: [], finding: 'not-a-recorder' });
  for (const interfaceClass of [0x01, 0x02, 0x07, 0x09, 0x0a, 0x0b, 0x0e, 0xe0, 0xef]) {
    expect(judgeInterfaces([{ interfaceClass }]).finding).toBe('not-a-recorder');
    expect(judgeInterfaces([storage, { interfaceClass }]).finding).toBe('composite-device');
  }
  // Android recorders show MTP and ADB beside storage: neither gets a driver, and neither is suspicious.
  expect(judgeInterfaces([storage, { interfaceClass: 0x06 }, vendor])).toMatchObject({
    storage: [storage],
    finding: null,
  });
  expect(judgeInterfaces([]).finding).toBe('not-a-recorder');
});

test('matching of texts: whole, ignoring case, stars in linear time', () => {
  for (const [pattern, text, expected] of [
    ['DCIM', 'dcim', true],
    ['DCIM', 'DCIM2', false],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['*b*d*', 'abcde', true],
    ['*d*b*', 'abcde', false],
    ['a**c', 'abc', true],
  ] as const) {
    expect(matchesText(pattern, text), `${pattern} ${text}`).toBe(expected);
  }
  expect(matchesText(`${'*a'.repeat(60)}b`, 'a'.repeat(200))).toBe(false);
  expect(matchesText('*', null)).toBe(false);
});

describe('the serial', () => {
  const choose = (said: SerialEvidence['said'], registered: readonly string[] = []) =>
    chooseSerial({
      said,
      placeholders: table.placeholderSerials,
      isRegistered: (serial) => registered.includes(serial),
    });
  const cases: readonly (readonly [string, SerialEvidence['said'], readonly string[], string])[] = [
    ['protocol before USB', { protocol: ['P000001'], usb: ['U000001'] }, [], 'P000001 protocol'],
    ['USB before label', { usb: ['U000001'], label: ['L000001'], names: ['N000001'] }, [], 'U000001 usb'],
    ['identity file before label', { 'identity-file': ['I000001'], label: ['L000001'] }, [], 'I000001 identity-file'],
    ['label before names', { label: ['TA00716'], names: ['N000001'] }, [], 'TA00716 label'],
    ['names last', { names: ['TA00716', 'TA00716'] }, [], 'TA00716 names'],
    ['labels of any card are no serials', { label: ['CAM01'], names: ['TA00716'] }, [], 'TA00716 names'],
    ['names that disagree say nothing', { names: ['TA00716', 'TA00717'] }, [], 'undefined none'],
    [
      'a registered one before a bridge chip',
      { usb: ['058F63666485'], names: ['TA00716'] },
      ['TA00716'],
      'TA00716 names',
    ],
    [
      'protocol even before a registered one',
      { protocol: ['P000001'], usb: ['TA00716'] },
      ['TA00716'],
      'P000001 protocol',
    ],
    [
      'a factory number only where there is no other',
      { usb: ['0123456789ABCDEF'], label: ['TA00716'] },
      [],
      'TA00716 label',
    ],
    ['what cannot be a serial', { usb: ['bad\ufffdserial', '../../x', ''] }, [], 'undefined none'],
    ['nothing', {}, [], 'undefined none'],
  ];
  test.each(cases)('%s', (_name, said, registered, expected) => {
    const { serial, basis } = choose(said, registered);
    expect(`${serial} ${basis}`).toBe(expected);
  });

  test('zeros and factory numbers are kept, and said to be placeholders', () => {
    expect(choose({ protocol: ['0000000'] })).toEqual({ serial: '0000000', basis: 'protocol', isPlaceholder: true });
    expect(choose({ usb: ['000000000001'] })).toMatchObject({ isPlaceholder: true });
    expect(choose({ usb: ['0000001'] })).toMatchObject({ isPlaceholder: false });
  });
});
