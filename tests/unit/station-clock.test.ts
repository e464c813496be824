/** Goal: what chrony says of the station's clock is taken over exactly, and anything else counts as nothing said. */
import { describe, expect, it } from 'vitest';
import { readChronyTracking } from '../../src/domain/station-clock.ts';

const line =
  'C0248F97,192.36.143.151,2,1764000000.123456789,0.000012345,-0.000001234,0.000023456,-12.345,0.001,0.067,0.012345678,0.000987654,64.2,Normal';

describe('chrony’s tracking', () => {
  it('gives stratum and seconds as printed', () => {
    expect(readChronyTracking(`${line}\n`)).toEqual({
      source: 'chrony',
      synchronised: true,
      systemTime: '0.000012345',
      rootDelay: '0.012345678',
      rootDispersion: '0.000987654',
      stratum: 2,
    });
  });

  it.each([[line.replace('Normal', 'Not synchronised')], [line.replace(',2,', ',0,')], [line.replace(',2,', ',16,')]])(
    'says when the clock is not synchronised: %s',
    (text) => {
      expect(readChronyTracking(text)?.synchronised).toBe(false);
    },
  );

  it.each([[''], ['506 Cannot talk to daemon'], [`${line},more`], [line.replace('0.000012345', 'x')]])(
    'takes %j for nothing',
    (text) => {
      expect(readChronyTracking(text)).toBeUndefined();
    },
  );
});
