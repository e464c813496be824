/**
 * Goal: positions that recorders write are read exactly, in every form of ISO 6709, NMEA and GPX that they use; and
 * whatever else stands there, nothing that lies on no globe comes out, nothing is thrown, and nothing takes long.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readIso6709 } from '../../src/domain/geo-position.ts';
import { trackFacts } from '../../src/domain/track-positions.ts';

describe('ISO 6709', () => {
  test.each([
    ['+35.4868+112.4138+820.5/', 35.4868, 112.4138],
    ['+35.4868+112.4138/', 35.4868, 112.4138],
    ['+35.4868+112.4138', 35.4868, 112.4138],
    ['+35.4868+112.4138+820.5CRSWGS_84/', 35.4868, 112.4138],
    ['-33.8568+151.2153/悉尼', -33.8568, 151.2153],
    ['+5.1000-9.2000+1.000000/', 5.1, -9.2],
    ['+3529.208+11224.828/', 35.4868, 112.4138],
    ['+352912.48+1122449.68/', 35.4868, 112.4138],
    ['+90-180/', 90, -180],
    ['+00.0000+112.4138/', 0, 112.4138],
    ['-00.00000001+112.4138/', 0, 112.4138],
  ])('%s', (text, latitude, longitude) => {
    const place = readIso6709(text);
    expect(place?.latitude).toBeCloseTo(latitude, 6);
    expect(place?.longitude).toBeCloseTo(longitude, 6);
    expect(Object.is(place?.latitude, -0)).toBe(false);
  });

  test.each([
    '',
    '/',
    '35.4868+112.4138/',
    '+35.4868 +112.4138/',
    '+90.1+112.4138/',
    '+35.4868+180.1/',
    // No fix.
    '+00.0000+000.0000/',
    '+35.4868',
    '+3560.0+11224.8/',
    '+352960+1122449/',
    '+354+112/',
    '+35.4868+1124/',
    '+NaN+NaN/',
    '+1e1+1e1/',
    `+${'9'.repeat(5000)}+1/`,
    `+35.${'4'.repeat(5000)}+112/`,
    '../../etc/passwd',
  ])('%s says nothing', (text) => {
    expect(readIso6709(text)).toBeUndefined();
  });
});

const rmc = '$GPRMC,020000.00,A,3529.2080,N,11224.8280,E,0.5,84.4,040826,,,A*63';
const check = (content: string): string =>
  `$${content}*${Array.from(content)
    .reduce((sum, letter) => sum ^ letter.charCodeAt(0), 0)
    .toString(16)
    .padStart(2, '0')}`;
const nmea = (...lines: string[]) => {
  const text = lines.join('\r\n');
  return trackFacts({ container: 'nmea', head: text, tail: text });
};
const gpx = (text: string) => trackFacts({ container: 'gpx', head: text, tail: text });
const here = { latitude: 35.4868, longitude: 112.4138 };

describe('NMEA', () => {
  test('the first and last fix that has a date; sentences without a fix are passed over', () => {
    const facts = nmea(
      check('GPRMC,015900.00,V,,,,,,,040826,,,N'),
      check('GPGGA,020000.00,3529.2080,N,11224.8280,E,1,09,0.9,702.5,M,-24.0,M,,'),
      check('GNRMC,020000.00,A,3529.2080,N,11224.8280,E,0.5,84.4,040826,,,A'),
      check('BDRMC,030000.500,A,3530.0000,S,11300.0000,W,0.5,84.4,040826,,,A'),
      check('GPRMC,030001.00,V,,,,,,,040826,,,N'),
    );
    expect(facts).toEqual({
      first: { ...here, at: '2026-08-04T02:00:00.000Z' },
      last: { latitude: -35.5, longitude: -113, at: '2026-08-04T03:00:00.000Z' },
    });
  });

  test('without a date it says where, not when', () => {
    expect(nmea('$GPGGA,020000.00,3529.2080,N,11224.8280,E,1,09,0.9,,,,,,')).toEqual({ first: here, last: here });
    expect(nmea('$GPRMC,020000.00,A,3529.2080,N,11224.8280,E,0.5,84.4,060180,,,A')?.first?.at).toMatch(/^2080/);
    expect(nmea('$GPRMC,256199.00,A,3529.2080,N,11224.8280,E,0.5,84.4,310226,,,A')).toEqual({
      first: here,
      last: here,
    });
  });

  test.each([
    ['a wrong check sum', rmc.replace(/..$/, '00')],
    ['a place on no globe', '$GPRMC,020000.00,A,9529.2080,N,11224.8280,E,0.5,84.4,040826,,,A'],
    ['minutes beyond 60', '$GPRMC,020000.00,A,3560.2080,N,11224.8280,E,0.5,84.4,040826,,,A'],
    ['no hemisphere', '$GPRMC,020000.00,A,3529.2080,,11224.8280,,0.5,84.4,040826,,,A'],
    ['no fix', '$GPGGA,020000.00,3529.2080,N,11224.8280,E,0,09,0.9,,,,,,'],
    ['zeros', '$GPRMC,020000.00,A,0000.0000,N,00000.0000,E,0.5,84.4,040826,,,A'],
    ['another sentence', '$GPGSV,3529.2080,N,11224.8280,E'],
  ])('%s says nothing', (_, line) => {
    expect(nmea(line)).toBeUndefined();
  });

  test('an end without a fix is left out', () => {
    const without = '$GPRMC,,V,,,,,,,,,,N';
    expect(trackFacts({ container: 'nmea', head: without, tail: rmc.replace(/\*..$/, '') })).toEqual({
      last: { ...here, at: '2026-08-04T02:00:00.000Z' },
    });
    expect(trackFacts({ container: 'nmea', head: rmc.replace(/\*..$/, ''), tail: without })?.last).toBeUndefined();
  });
});

describe('GPX', () => {
  test('points of a track with their own times, whatever stands between them', () => {
    const facts = gpx(`<?xml version="1.0"?><gpx version="1.1"><metadata><time>2020-01-01T00:00:00Z</time></metadata>
      <trk><name>巡查</name><trkseg>
      <trkpt lat="35.4868" lon="112.4138"><ele>820</ele><time>2026-08-04T10:00:00+08:00</time></trkpt>
      <trkpt lon='112.5' lat='95'><time>2026-08-04T02:30:00Z</time></trkpt>
      <trkpt
         lon = '-112.5'
         lat = '-35.5'><time>2026-08-04T03:00:00.25Z</time></trkpt></trkseg></trk></gpx>`);
    expect(facts).toEqual({
      first: { ...here, at: '2026-08-04T02:00:00.000Z' },
      last: { latitude: -35.5, longitude: -112.5, at: '2026-08-04T03:00:00.250Z' },
    });
  });

  test('a point without a time does not take that of the next', () => {
    const facts = gpx('<gpx><wpt lat="35.4868" lon="112.4138"/><time>2026-08-04T02:00:00Z</time></gpx>');
    expect(facts).toEqual({ first: here, last: here });
  });

  test.each([
    '<gpx><trkpt lat="1e1" lon="2"/></gpx>',
    '<gpx><trkpt lat="NaN" lon="112"/></gpx>',
    '<gpx><trkpt lat="35"/></gpx>',
    '<!DOCTYPE gpx [<!ENTITY a "35">]><gpx><trkpt lat="&a;" lon="112"/></gpx>',
    '<gpx><trkpt xlat="35" xlon="112"/></gpx>',
  ])('%s says nothing', (text) => {
    expect(gpx(text)).toBeUndefined();
  });
});

test('other tracks are left to others', () => {
  expect(trackFacts({ container: 'json', head: rmc, tail: rmc })).toBeUndefined();
});

test('no text brings out a place on no globe, or an exception', () => {
  const pieces = fc.constantFrom(
    ...[
      '$GP',
      'RMC,',
      'GGA,',
      'A,',
      '3529.2,',
      'N,',
      '11224.8,',
      'E,',
      '99',
      '-',
      '+',
      '.',
      ',',
      '*',
      '\r\n',
      '/',
      '1',
    ],
    ...['<trkpt ', 'lat="', 'lon="', '"', '>', '<time>', '2026-08-04T02:00:00Z', '</time>', '0', '\0', '中'],
  );
  const text = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (head, tail) => {
      const tracks = ['nmea', 'gpx'].map((container) => trackFacts({ container, head, tail }));
      for (const place of [readIso6709(head), ...tracks.flatMap((track) => [track?.first, track?.last])]) {
        if (place === undefined) continue;
        expect(Math.abs(place.latitude)).toBeLessThanOrEqual(90);
        expect(Math.abs(place.longitude)).toBeLessThanOrEqual(180);
      }
    }),
    { numRuns: 2000 },
  );
});

test('what is made to be slow is not', () => {
  const hostile = [
    '<'.repeat(128_000),
    '<trkpt '.repeat(18_000),
    `<trkpt ${' '.repeat(120_000)}>`,
    `<trkpt lat="1" lon="1"><time>${' '.repeat(120_000)}`,
    '$GPRMC,'.repeat(18_000),
    `$GPRMC,${','.repeat(120_000)}`,
    '<trkpt lat="35" lon="112">'.repeat(5000),
    '\r\n'.repeat(64_000),
  ];
  const began = performance.now();
  for (const head of hostile) for (const container of ['nmea', 'gpx']) trackFacts({ container, head, tail: 'x' });
  expect(performance.now() - began).toBeLessThan(5000);
});
