/**
 * The JieLi DV16 driver against a recorder that answers the protocol: identity in GBK, password, clock, card, disk mode,
 * and what it says when the recorder refuses.
 */
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { JieLiDv16 } from '../../src/dock/usb/jieli-dv16.ts';
import { SimulatedDv16, type SimulatedDv16Options } from '../../src/simulator/simulated-dv16.ts';

function field(text: string, length: number): Buffer {
  const bytes = iconv.encode(text, 'gbk');
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
}

const info = Buffer.concat([
  field('TA00716', 8),
  field('JX0227', 7),
  field('张建国', 33),
  field('140525', 13),
  field('一大队', 33),
]);

function plugIn(more: Partial<SimulatedDv16Options> = {}): { recorder: SimulatedDv16; driver: JieLiDv16 } {
  const recorder = new SimulatedDv16({
    idCode: 'JLDV16',
    info,
    password: '000000',
    cardPresent: true,
    recording: false,
    batteryPercent: 87,
    resolution: { width: 1920, height: 1080 },
    ...more,
  });
  const driver = new JieLiDv16(async ({ command, data }) => recorder.send(command, data ?? new Uint8Array()));
  return { recorder, driver };
}

describe('the DV16 driver', () => {
  test('reads who the recorder is, Chinese in GBK', async () => {
    const { driver } = plugIn();
    expect(await driver.identify()).toEqual({
      idCode: 'JLDV16',
      serial: 'TA00716',
      officer: 'JX0227',
      officerName: '张建国',
      unitCode: '140525',
      unitName: '一大队',
    });
    expect(await driver.condition()).toEqual({
      batteryPercent: 87,
      card: 'present',
      resolution: { width: 1920, height: 1080 },
    });
  });

  test('an empty record gives nothing, not empty words', async () => {
    const { driver } = plugIn({ info: new Uint8Array(94), idCode: '' });
    const identity = await driver.identify();
    expect(Object.values(identity)).toEqual([null, null, null, null, null, null]);
  });

  test('unlocks with one of the configured passwords; with none it says what to do', async () => {
    const { driver } = plugIn({ password: '12345678' });
    await driver.unlock(['000000', '12345678']);
    await expect(driver.unlock(['000000'])).rejects.toMatchObject({ code: 'recorder-password-wrong' });
    await expect(driver.unlock(['000000'])).rejects.not.toThrow('12345678');
  });

  test('sets the clock in the form that the recorder takes', async () => {
    const { recorder, driver } = plugIn();
    await driver.setClock('2026-11-20T23:59:58');
    expect(recorder.clock).toEqual(Uint8Array.of(0xea, 0x07, 11, 20, 23, 59, 58));
  });

  test('enters disk mode; without a card or while recording it says the next step', async () => {
    const ready = plugIn();
    await ready.driver.enterDiskMode();
    expect(ready.recorder.inDiskMode).toBe(true);
    await expect(plugIn({ cardPresent: false }).driver.enterDiskMode()).rejects.toMatchObject({
      code: 'recorder-card-missing',
    });
    const busy = plugIn({ recording: true });
    await expect(busy.driver.enterDiskMode()).rejects.toMatchObject({ code: 'recorder-still-recording' });
    expect(busy.recorder.inDiskMode).toBe(false);
  });

  test('writes the officer, and refuses what does not fit', async () => {
    const { recorder, driver } = plugIn();
    const identity = await driver.identify();
    await driver.writeOfficer({ ...identity, officer: 'JX0301', officerName: '陈志强' });
    expect(await driver.identify()).toMatchObject({ officer: 'JX0301', officerName: '陈志强', serial: 'TA00716' });
    const before = recorder.info;
    await expect(driver.writeOfficer({ ...identity, officer: '1234567' })).rejects.toMatchObject({
      code: 'recorder-text-too-long',
    });
    expect(recorder.info).toBe(before);
  });
});
