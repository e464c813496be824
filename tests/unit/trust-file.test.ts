/** Goal: a trust file says of every log how far its key is to be believed, and what contradicts it is told from what does not. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { forkOf } from '../../src/exporting/proved-file.ts';
import { type AllStationKeys, fingerprintsOf, parseTrustFile, trustFileText } from '../../src/exporting/trust-file.ts';
import { checkpointText, rawPublicKey, signNote } from '../../src/formats/signed-note.ts';
import { originOf } from '../../src/formats/tree-origin.ts';

const made = Array.from({ length: 6 }, () => generateKeyPairSync('ed25519'));
const raw = made.map(({ publicKey }) => rawPublicKey(publicKey));
const [oldLog, oldLeaf, newLog, newLeaf, exportKey, oldExport] = raw as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const root = (byte: number): Buffer => Buffer.alloc(32, byte);

function noteOf(log: number, size: number): string {
  const { privateKey } = made[log] as (typeof made)[number];
  const origin = originOf(raw[log] as Buffer);
  return signNote(checkpointText({ origin, size, root: root(size) }), origin, privateKey, raw[log] as Buffer);
}

const keys = (closed: 'routine' | 'compromised' | undefined): AllStationKeys => ({
  logs: [
    { log: 0, logKey: oldLog, leafKey: oldLeaf, firstSequence: 0, closed },
    { log: 1, logKey: newLog, leafKey: newLeaf, firstSequence: 12, closed: undefined },
  ],
  exportKey,
  earlierExportKeys: [{ key: oldExport, isWithdrawn: closed === 'compromised' }],
});

const trustOf = (closed: 'routine' | 'compromised' | undefined) =>
  parseTrustFile(trustFileText(keys(closed), 's-1', [noteOf(0, 12), noteOf(2, 5)]));

describe('a trust file', () => {
  it('has every key, log and checkpoint', () => {
    const trust = trustOf('routine');
    expect([...trust.logs]).toEqual([oldLog.toString('hex'), newLog.toString('hex')]);
    expect([...trust.leaves]).toEqual([oldLeaf.toString('hex'), newLeaf.toString('hex')]);
    expect([...trust.exports]).toEqual([exportKey.toString('hex'), oldExport.toString('hex')]);
    expect(trust.checkpoints.map(({ size }) => size)).toEqual([12, 5]);
    expect(trust.standingOf(originOf(oldLog))).toEqual({ firstSequence: 0, state: 'ended' });
    expect(trust.standingOf(originOf(newLog))).toEqual({ firstSequence: 12, state: 'going' });
    expect(trust.standingOf('another')).toEqual({ firstSequence: 0, state: 'going' });
  });

  it('does not believe a withdrawn export key', () => {
    const trust = trustOf('compromised');
    expect([...trust.exports]).toEqual([exportKey.toString('hex')]);
    expect([...trust.withdrawnExports]).toEqual([oldExport.toString('hex')]);
  });

  it('prints first what signs now, then the keys of logs that have ended', () => {
    expect(fingerprintsOf(keys('routine')).map(({ role, endedLog }) => [role, endedLog])).toEqual([
      ['export', undefined],
      ['log', undefined],
      ['leaf', undefined],
      ['log', 0],
      ['leaf', 0],
    ]);
  });

  it.each(['span', 'span x', `span ${originOf(oldLog)} 01 going`, `span ${originOf(oldLog)} 1 gone`, 'withdrawn x'])(
    'with the line "%s" is none',
    (line) => expect(() => parseTrustFile(`${trustFileText(keys('routine'), 's-1', [])}${line}\n`)).toThrow(),
  );
});

describe('a checkpoint of the old log, which ended with 12 records', () => {
  it.each([
    [undefined, 12, 12, []],
    [undefined, 12, 9, ['log-forked']],
    [undefined, 8, 8, []],
    [undefined, 20, 20, []],
    ['routine', 12, 12, []],
    ['routine', 12, 9, ['log-forked']],
    ['routine', 8, 8, []],
    ['routine', 20, 20, ['log-forked']],
    ['compromised', 12, 12, []],
    ['compromised', 12, 9, ['log-forked']],
    ['compromised', 8, 8, ['key-untrusted']],
    ['compromised', 20, 20, ['log-forked']],
  ] as const)('closed %s, size %i, root %i: %j', (closed, size, rootByte, wanted) => {
    const checkpoint = { origin: originOf(oldLog), size, root: root(rootByte) };
    expect(forkOf(checkpoint, 'checkpoint', trustOf(closed)).map(({ code }) => code)).toEqual(wanted);
  });
});
