/**
 * Goal: a station changes its keys and everything stays true: programs that nobody here wrote verify records and tiles
 * of the log before and of the log after, a bag over both is proved, witnesses go over to the new log, mirrors, receipts
 * and deletions know both, and an auditor with yesterday's keys is told what they still prove.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOfOpenSsh } from '../../src/formats/open-ssh-key.ts';
import { parseVerifierKey } from '../../src/formats/signed-note.ts';
import { ProofSource } from '../../src/ledger/proof-source.ts';
import { flipByte } from '../support/checked-store.ts';
import { evidock, type JsonLine, jsonLines, type RunningCli, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import {
  freePort,
  goReads,
  missingGo,
  missingSigsum,
  sigsumKey,
  sigsumVerify,
  startProgram,
  startSigsumWitness,
} from '../support/sigsum-programs.ts';
import { logFolders, recordsOf, storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
const at = (...names: string[]): string => join(folder, ...names);
const data = at('data');
const mirror = at('mirror');
const consent = ['--purpose', '诉讼', '--applicant', '张三', '--approved-by', '李四'];
const noSigsum = missingSigsum();
const noGo = missingGo();
for (const reason of [noSigsum, noGo]) if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`);
const running: RunningCli[] = [];

/** Of the docking before and after the change. */
const receipts: string[] = [];
let oldClip: JsonLine;
let newClip: JsonLine;

const done = async (words: readonly string[], how: typeof evidock = evidockHere): Promise<string> => {
  const { code, stdout, stderr } = await how(words);
  expect(code, `${words.join(' ')}: ${stdout}${stderr}`).toBe(0);
  return stdout;
};
const run = (...words: string[]): Promise<string> => done([...words, '--data', data]);

let cards = 0;

async function takeIn(into = data): Promise<JsonLine | undefined> {
  cards += 1;
  const card = at(`card${cards}`);
  mkdirSync(card);
  for (let clip = 0; clip < 3; clip += 1)
    writeFileSync(join(card, `c${clip}.mp4`), Buffer.alloc(6000, `card ${cards}, clip ${clip}`));
  const { code, ended, stderr } = await ingestHere(card, into);
  expect(code, stderr).toBe(0);
  return ended;
}

async function receiptOf(ended: JsonLine | undefined): Promise<string> {
  const [receipt] = jsonLines(await run('receipt', String(ended?.docking), '--json'));
  return String(receipt?.text);
}

beforeAll(async () => {
  for (const name of [data, mirror]) mkdirSync(name);
  writeFileSync(join(data, 'config.yaml'), `vault: { mirrors: ['${mirror}'] }\nledger: { sm2: true }\n`);
  receipts.push(await receiptOf(await takeIn()));
  oldClip = (await clipsHere(data))[0] as JsonLine;
  await run('mirrors', 'add', mirror);
  await run('mirrors', 'sync');
  await run('export', '--clip', String(oldClip.clip), '--out', at('bag-before'), ...consent);
  await run('trust', '--out', at('trust-before'));
  cpSync(data, at('before'), { recursive: true });
  const change = ['keys', 'change', '--approved-by', '李四', '--reason', '年度更换', '--export-key', '--data', data];
  await done(change, evidock);
  receipts.push(await receiptOf(await takeIn()));
  newClip = (await clipsHere(data)).at(-1) as JsonLine;
  // A record about a clip of the old log in the new one.
  await run('restrict', 'clip', String(oldClip.clip), '--reason', '核实');
  await run('restrict', 'clip', String(oldClip.clip), '--reason', '核实完毕', '--lift');
  await run('export', '--clip', String(oldClip.clip), '--clip', String(newClip.clip), '--out', at('bag'), ...consent);
  await run('trust', '--out', at('trust'));
}, 120_000);

afterAll(async () => {
  for (const one of running) {
    one.child.kill('SIGTERM');
    await one.result;
  }
  removeFolder(folder);
});

interface Judged {
  readonly code: number | null;
  readonly lines: JsonLine[];
}

/** Here; as a process, with `evidock`, for each verdict once. */
const verify = async (path: string, trust: string, how: typeof evidock = evidockHere): Promise<Judged> => {
  const { code, stdout } = await how(['verify', path, '--trust', at(trust), '--json']);
  return { code, lines: jsonLines(stdout) };
};

const sh = (script: string, cwd: string): { code: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
  return { code: status, text: `${stdout}${stderr}` };
};

/** A log of the data folder as its files have it. */
function logAt(log: number): { source: ProofSource; ledger: string; logKey: string; lines: Buffer[] } {
  const ledger = logFolders(data)[log] as string;
  const vkey = parseVerifierKey(readFileSync(join(ledger, 'keys/log.vkey'), 'utf8'));
  const leafKey = keyOfOpenSsh(readFileSync(join(ledger, 'keys/leaf.pub'), 'utf8'));
  if (vkey === undefined || leafKey === undefined) throw new Error('no keys');
  const keys = { origin: vkey.name, logKey: vkey.rawKey, leafKey, witnessKeys: [], log };
  const text = readFileSync(join(ledger, 'records/000000.jsonl'), 'utf8');
  const lines = text.split('\n').slice(0, -1);
  return {
    source: new ProofSource(data, keys),
    ledger,
    logKey: vkey.rawKey.toString('hex'),
    lines: lines.map((line) => Buffer.from(`${line}\n`)),
  };
}

describe('programs that nobody here wrote', () => {
  test.skipIf(noSigsum !== undefined)(
    'sigsum-verify proves every record in its log, and not with the other keys',
    async () => {
      for (const log of [0, 1]) {
        const { source, ledger, logKey, lines } = logAt(log);
        const policy = `log ${logKey}\nquorum none\n`;
        const ask = (record: Uint8Array, proof: string, keys = ledger): boolean =>
          sigsumVerify({ folder, record, proof, policy, leafKeyFile: join(keys, 'keys/leaf.pub') });
        for (const [index, line] of lines.entries()) {
          const { text = '' } = (await source.proofOf(index)) ?? {};
          expect(ask(line, text), `log ${log}, record ${index}`).toBe(true);
          if (index === 0) expect(ask(line, text, logFolders(data)[1 - log])).toBe(false);
        }
        expect(lines.length).toBeGreaterThan(8);
      }
    },
  );

  test.skipIf(noGo !== undefined)(
    'Go’s tlog and note read tiles and checkpoint of both logs',
    () => {
      for (const log of [0, 1]) {
        const { ledger, lines } = logAt(log);
        expect(goReads(at('go'), ledger)).toEqual({ size: lines.length, records: lines.length });
      }
    },
    120_000,
  );

  test.skipIf(noSigsum !== undefined)(
    'sigsum-verify proves what evidock proof prints, for a clip of either log',
    async () => {
      for (const [log, clip] of [oldClip, newClip].entries()) {
        const proof = await run('proof', String(clip.clip), '--form', 'sigsum');
        const record = Buffer.from(await run('proof', String(clip.clip), '--form', 'record'));
        const { ledger, logKey } = logAt(log);
        const policy = `log ${logKey}\nquorum none\n`;
        expect(sigsumVerify({ folder, record, proof, policy, leafKeyFile: join(ledger, 'keys/leaf.pub') })).toBe(true);
      }
    },
  );

  test('sh verify.sh, sha256sum and openssl agree with the bag over both logs', () => {
    const bag = at('bag');
    expect(
      sh('sha256sum --strict -c manifest-sha256.txt && sha256sum --strict -c tagmanifest-sha256.txt', bag).code,
    ).toBe(0);
    const own = sh('sh verify.sh', bag);
    expect(own.code, own.text).toBe(0);
    const sm2 = '-sigopt distid:1234567812345678 -signature checkpoint.sm2 checkpoint';
    expect(sh(`openssl dgst -sm3 -verify sm2.pem ${sm2}`, bag).code).toBe(0);
  });

  test.skipIf(noSigsum !== undefined)('sigsum-verify proves every record of the bag with the keys of its log', () => {
    const bag = at('bag');
    const names = readdirSync(join(bag, 'data/records')).map((name) => name.replace('.json', ''));
    const hashOf = (text: string): string => /^log=(.*)$/m.exec(text)?.[1] ?? '';
    const first = hashOf(readFileSync(join(bag, 'proofs/0.sigsum'), 'utf8'));
    let ended = 0;
    for (const seq of names) {
      const isEnded = hashOf(readFileSync(join(bag, `proofs/${seq}.sigsum`), 'utf8')) === first;
      ended += isEnded ? 1 : 0;
      const keys = isEnded ? 'logs/0/' : '';
      const asked = `sigsum-verify -k ${keys}leaf.pub -p ${keys}policy proofs/${seq}.sigsum < data/records/${seq}.json`;
      expect(sh(asked, bag).code, seq).toBe(0);
    }
    expect(ended).toBeGreaterThan(3);
    expect(names.length - ended).toBeGreaterThan(3);
  });
});

describe('an auditor', () => {
  test('with the keys of today or of before the change proves the bag, both proofs and the whole ledger', async () => {
    for (const [log, clip] of [oldClip, newClip].entries())
      writeFileSync(at(`${log}.tlog-proof`), await run('proof', String(clip.clip)));
    for (const trust of ['trust', 'trust-before']) {
      expect(await verify(at('bag'), trust, evidock), trust).toMatchObject({
        code: 0,
        lines: [{ what: 'bag', clips: 2 }],
      });
      for (const path of [data, join(data, 'ledger'), join(data, 'ledger/logs/1')])
        expect((await verify(path, trust)).code, `${path} ${trust}`).toBe(0);
      expect((await verify(at('bag-before'), trust)).code, trust).toBe(0);
      expect((await verify(at('0.tlog-proof'), trust)).code, trust).toBe(0);
    }
    expect((await verify(at('1.tlog-proof'), 'trust', evidock)).code).toBe(0);
    // A lone proof carries nothing that leads from the old keys to the new ones.
    expect(await verify(at('1.tlog-proof'), 'trust-before', evidock)).toMatchObject({ code: 13 });
  });

  test('sees the keys of both logs, and verify.sh takes their fingerprints', async () => {
    const asked = ['keys', 'list', '--json', '--data', data];
    const [list] = jsonLines(await done(asked, evidock));
    const logs = list?.logs as JsonLine[];
    expect(logs.map(({ folder: name, closed }) => [name, closed])).toEqual([
      ['ledger', 'routine'],
      ['ledger/logs/1', null],
    ]);
    const prints = list?.fingerprints as { role: string; fingerprint: string; endedLog?: number }[];
    expect(prints.map(({ role, endedLog }) => [role, endedLog])).toEqual([
      ['export', undefined],
      ['log', undefined],
      ['leaf', undefined],
      ['log', 0],
      ['leaf', 0],
    ]);
    const all = prints.map(({ fingerprint }) => fingerprint).join(' ');
    expect(sh(`sh verify.sh ${all}`, at('bag')).code).toBe(0);
    expect(sh(`sh verify.sh ${all}x`, at('bag')).code).toBe(1);
    for (const text of [await run('handover'), readFileSync(at('bag/VERIFY.txt'), 'utf8')])
      for (const { fingerprint } of prints) expect(text).toContain(fingerprint);
  });

  test.each(['logs/0/checkpoint', 'logs/0/leaf.pub', 'logs/0/log.vkey', 'proofs/0.sigsum', 'data/records/0.json'])(
    'one changed byte in %s is named by ours and by verify.sh',
    async (file) => {
      const copy = at('harmed');
      cpSync(at('bag'), copy, { recursive: true });
      flipByte(join(copy, file), 40);
      const ours = await verify(copy, 'trust');
      expect([10, 11]).toContain(ours.code);
      expect(ours.lines.some((line) => String(line.file).includes(file))).toBe(true);
      const theirs = sh('sh verify.sh', copy);
      expect([theirs.code, theirs.text.includes(file)]).toEqual([1, true]);
      rmSync(copy, { recursive: true });
    },
  );

  test('a bag with the log before taken out, or that of another station put in, is not proved', async () => {
    const copy = at('mixed');
    cpSync(at('bag'), copy, { recursive: true });
    rmSync(join(copy, 'logs'), { recursive: true });
    expect([10, 11]).toContain((await verify(copy, 'trust')).code);
    cpSync(at('bag/logs'), join(copy, 'logs'), { recursive: true });
    await takeIn(at('other'));
    for (const name of ['log.vkey', 'log.pub', 'leaf.pub'])
      cpSync(at('other/ledger/keys', name), join(copy, 'logs/0', name));
    const { code, lines } = await verify(copy, 'trust');
    expect(code).toBe(11);
    expect(lines.map((line) => line.code)).toEqual(expect.arrayContaining(['checkpoint-wrong', 'record-unproved']));
  });

  test('two ends of one log are a fork: another end that its key signed is found out', async () => {
    // The old key goes on signing, as a thief would have it: a longer old log.
    const stolen = at('stolen');
    cpSync(at('before'), stolen, { recursive: true });
    await takeIn(stolen);
    const clip = (await clipsHere(stolen)).at(-1)?.clip as string;
    await done(['export', '--clip', clip, '--out', at('bag-stolen'), ...consent, '--data', stolen]);
    const forged = await verify(at('bag-stolen'), 'trust', evidock);
    expect(forged.code).toBe(14);
    expect(forged.lines[0]).toMatchObject({ code: 'log-forked', file: 'checkpoint' });
    expect((await verify(stolen, 'trust')).code).toBe(14);
    expect((await verify(at('bag-stolen'), 'trust-before')).code).toBe(0);
  });
});

describe('the rest of the station', () => {
  test('mirrors go on, and are proved by themselves', async () => {
    await run('mirrors', 'sync');
    expect(logFolders(mirror)).toHaveLength(2);
    expect((await verify(mirror, 'trust')).code).toBe(0);
    await run('fsck', '--mirrors');
  });

  test('receipts of both logs are still good, and a changed one is not', async () => {
    for (const receipt of receipts) await run('receipt', 'check', receipt);
    const [, newer = ''] = receipts;
    const other = `${newer.slice(0, -1)}${newer.endsWith('X') ? 'Y' : 'X'}`;
    const again = await evidockHere(['receipt', 'check', other, '--data', data]);
    expect(again.code).not.toBe(0);
  });

  test('rebuild gives the same registry, and the store is sound', async () => {
    const before = await run('clips', '--json');
    await run('rebuild');
    expect(await run('clips', '--json')).toBe(before);
    expect(await storeTroubles(data)).toEqual([]);
  });

  test('a clip of the old log is lawfully deleted; every proof holds', async () => {
    const words = ['--rule', '期限届满', '--reason', '到期', '--requested-by', '张三', '--approved-by', '李四'];
    await run('delete', 'clip', String(oldClip.clip), ...words, '--override');
    expect(readFileSync(join(data, 'ledger/documents/000000.jsonl'), 'utf8')).toContain('"erasedBy"');
    await run('mirrors', 'sync');
    await run('fsck', '--mirrors');
    await run('rebuild');
    await run('fsck');
    expect((await verify(data, 'trust')).code).toBe(0);
    writeFileSync(at('deleted.tlog-proof'), await run('proof', String(oldClip.clip)));
    expect((await verify(at('deleted.tlog-proof'), 'trust')).code).toBe(0);
  });

  test('keys are not changed without a second person, nor while an alarm is open', async () => {
    for (const words of [[], ['--approved-by', ' '], ['--approved-by', '李四', '--reason', ' ']])
      expect((await evidockHere(['keys', 'change', ...words, '--data', data])).code).toBe(2);
    const set = at('set-back');
    cpSync(data, set, { recursive: true });
    rmSync(join(set, 'ledger'), { recursive: true });
    cpSync(at('before/ledger'), join(set, 'ledger'), { recursive: true });
    for (const name of readdirSync(set).filter((one) => one.startsWith('registry.db'))) rmSync(join(set, name));
    cpSync(at('before/registry.db'), join(set, 'registry.db'));
    const refused = await evidock(['keys', 'change', '--approved-by', '李四', '--data', set]);
    expect([refused.code, refused.stderr.includes('ledger-rolled-back')]).toEqual([1, true]);
    const alarms = jsonLines((await evidockHere(['alarm', 'list', '--data', set, '--json'])).stdout);
    expect(alarms).toMatchObject([{ kind: 'ledger-rolled-back' }]);
    const words = ['--by', '李静', '--reason', '误用旧备份', '--data', set];
    await done(['alarm', 'acknowledge', String(alarms[0]?.alarm), ...words]);
    await done(['keys', 'change', '--approved-by', '李四', '--data', set]);
  });

  test('the new log alone set back is an alarm', async () => {
    const set = at('new-set-back');
    cpSync(data, set, { recursive: true });
    cpSync(join(set, 'ledger/logs/1'), at('log-1-before'), { recursive: true });
    await takeIn(set);
    rmSync(join(set, 'ledger/logs/1'), { recursive: true });
    renameSync(at('log-1-before'), join(set, 'ledger/logs/1'));
    const alarms = jsonLines((await evidockHere(['alarm', 'list', '--data', set, '--json'])).stdout);
    expect(alarms.map(({ kind }) => kind)).toContain('ledger-rolled-back');
  });
});

describe('a key that was compromised', () => {
  test('proves only what the last checkpoint of its log covers, and leads to no other key', async () => {
    const given = at('given-up');
    cpSync(at('before'), given, { recursive: true });
    const reason = ['--approved-by', '李四', '--reason', 'compromised', '--export-key'];
    const changed = await evidock(['keys', 'change', ...reason, '--data', given], { env: { LANG: 'zh_CN.UTF-8' } });
    expect(changed.code, changed.stderr).toBe(0);
    expect(changed.stderr).toContain('已记为泄露');
    const clip = (await clipsHere(given))[0]?.clip as string;
    await done(['export', '--clip', clip, '--out', at('bag-given-up'), ...consent, '--data', given]);
    await done(['trust', '--out', at('trust-given-up'), '--data', given]);
    expect(await verify(at('bag-given-up'), 'trust-given-up')).toMatchObject({ code: 0 });
    expect((await verify(given, 'trust-given-up')).code).toBe(0);
    // With the keys of before nothing leads to the new ones.
    const old = await verify(at('bag-given-up'), 'trust-before');
    expect([old.code, JSON.stringify(old.lines).includes('compromised')]).toEqual([13, true]);
    expect((await verify(given, 'trust-before')).code).toBe(13);
    // A bag of before leads to an earlier checkpoint, and is signed with the old export key: neither counts any more.
    const before = await verify(at('bag-before'), 'trust-given-up');
    expect(before.code).toBe(13);
    expect(before.lines.map(({ file }) => file)).toEqual(expect.arrayContaining(['checkpoint', 'allowed_signers']));
    await done(['fsck', '--data', given]);
  });
});

describe('witnesses', () => {
  const policyOf = (line: string): void => {
    writeFileSync(at('policy'), `${line}\nquorum w1\n`);
    writeFileSync(at('witnessed/config.yaml'), `web: { port: 0 }\nledger: { policyFile: ${at('policy')} }\n`);
  };
  const witnessed = at('witnessed');
  const ask = async (): Promise<{ code: number | null; line: JsonLine | undefined }> => {
    const { code, stdout } = await evidockHere(['witness', 'ask', '--data', witnessed, '--json']);
    return { code, line: jsonLines(stdout)[0] };
  };

  test('ours signs the end of the old log, and the new one once it knows the key', async () => {
    await takeIn(witnessed);
    const made = await done(['witness', 'init', '--data', at('witness'), '--name', 'witness.example/w1']);
    const known = readFileSync(join(witnessed, 'ledger/keys/log.vkey'), 'utf8');
    writeFileSync(at('witness/logs'), known);
    const start = async (): Promise<string> => {
      const process = startEvidock(['witness', '--data', at('witness'), '--listen', '127.0.0.1:0']);
      running.push(process);
      let said = '';
      process.child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
      await process.said('runs at ');
      return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    };
    const line = made.split('\n')[1]?.replace('witness.example/w1', 'w1') ?? '';
    policyOf(`${line} ${await start()}`);
    expect((await ask()).code).toBe(0);
    const changed = await evidock(['keys', 'change', '--approved-by', '李四', '--data', witnessed, '--json']);
    expect(changed.code, changed.stderr).toBe(0);
    expect(jsonLines(changed.stdout)).toMatchObject([{ logs: [{ cosignatures: 1 }, { cosignatures: 0 }] }]);
    const [continued] = recordsOf(witnessed).filter(({ type }) => type === 'log-continued');
    expect(JSON.stringify(continued?.body.continues)).toContain('witness.example/w1');
    // A log that it was never told of: the witness says so, and the station shows it.
    expect(await ask()).toMatchObject({ code: 1, line: { trouble: 'HTTP 404' } });
    running[0]?.child.kill('SIGTERM');
    await running[0]?.result;
    const next = readFileSync(join(witnessed, 'ledger/logs/1/keys/log.vkey'), 'utf8');
    writeFileSync(at('witness/logs'), known + next);
    policyOf(`${line} ${await start()}`);
    expect(await ask()).toMatchObject({ code: 0, line: { trouble: null } });
    await takeIn(witnessed);
    expect((await ask()).code).toBe(0);
    const head = readFileSync(join(witnessed, 'ledger/logs/1/cosigned-checkpoint'), 'utf8');
    expect(head).toContain('witness.example/w1');
    await done(['fsck', '--data', witnessed]);
  }, 120_000);

  test('by stick: the end of the old log and the new log are signed in one trip', async () => {
    const offline = at('offline');
    const stick = at('stick');
    const told = (...words: string[]): Promise<string> => done(words);
    await takeIn(offline);
    const made = await told('witness', 'init', '--data', at('office'), '--name', 'witness.example/w1');
    writeFileSync(at('office-policy'), `${made.split('\n')[1]?.replace('witness.example/w1', 'w1')}\nquorum w1\n`);
    writeFileSync(join(offline, 'config.yaml'), `ledger: { policyFile: ${at('office-policy')} }\n`);
    // One trip is under way while the keys are changed.
    await told('witness', 'carry', '--out', stick, '--data', offline);
    const known = readFileSync(join(offline, 'ledger/keys/log.vkey'), 'utf8');
    writeFileSync(at('office/logs'), known);
    await told('witness', 'sign', stick, '--data', at('office'));
    await told('keys', 'change', '--approved-by', '李四', '--data', offline);
    expect(await told('witness', 'take', stick, '--data', offline)).toBe('w1\n');
    expect(readFileSync(join(offline, 'ledger/cosigned-checkpoint'), 'utf8')).toContain('witness.example/w1');
    rmSync(stick, { recursive: true });

    await takeIn(offline);
    await told('witness', 'carry', '--out', stick, '--data', offline);
    expect(readdirSync(stick)).toContain('log-0');
    // The witness knows the old log only: it signs its end, and the answer for the new one is missing.
    expect((await evidockHere(['witness', 'sign', stick, '--data', at('office')])).code).toBe(1);
    writeFileSync(at('office/logs'), known + readFileSync(join(offline, 'ledger/logs/1/keys/log.vkey'), 'utf8'));
    await told('witness', 'sign', stick, '--data', at('office'));
    await told('witness', 'take', stick, '--data', offline);
    for (const log of ['ledger', 'ledger/logs/1'])
      for (const file of ['checkpoint', 'cosigned-checkpoint'])
        expect(readFileSync(join(offline, log, file), 'utf8'), `${log} ${file}`).toContain('witness.example/w1');
    rmSync(stick, { recursive: true });
    await told('witness', 'carry', '--out', stick, '--data', offline);
    expect(readdirSync(stick)).not.toContain('log-0');
    await told('fsck', '--data', offline);
  }, 60_000);

  test.skipIf(noSigsum !== undefined)(
    'sigsum-witness signs the new log, and sigsum-monitor follows it',
    async () => {
      const key = sigsumKey(at('W'));
      const witness = await startSigsumWitness(folder, key.path, join(witnessed, 'ledger/logs/1/keys/log.pub'));
      writeFileSync(at('policy'), `witness w1 ${key.hex} ${witness.url}\nquorum w1\n`);
      const port = await freePort();
      writeFileSync(
        at('witnessed/config.yaml'),
        `web: { port: ${port} }\nledger: { policyFile: ${at('policy')} }\nlog: { level: warn }\n`,
      );
      const station = startEvidock(['run', '--data', witnessed]);
      running.push(station);
      await station.said('The station runs: ');
      try {
        expect((await ask()).code).toBe(0);
        const hash = (log: string): string =>
          parseVerifierKey(readFileSync(join(witnessed, log, 'keys/log.vkey'), 'utf8'))?.rawKey.toString('hex') ?? '';
        const follow = async (log: string, path: string): Promise<void> => {
          const address = `http://127.0.0.1:${port}/${path}`;
          writeFileSync(at('monitor-policy'), `log ${hash(log)} ${address}\nquorum none\n`);
          const size = readFileSync(join(witnessed, log, 'checkpoint'), 'utf8').split('\n')[1];
          const words = ['-i', '2s', '--diagnostics', 'debug', '-p', at('monitor-policy')];
          const monitor = startProgram('sigsum-monitor', [...words, join(witnessed, log, 'keys/leaf.pub')]);
          await monitor.waitFor(`total processed ${size}\n`, 60_000).finally(() => monitor.end());
        };
        await follow('ledger/logs/1', 'log');
        await follow('ledger/logs/1', 'log/1');
        await follow('ledger', 'log/0');
        expect((await fetch(`http://127.0.0.1:${port}/log/2/checkpoint`)).status).toBe(404);
      } finally {
        station.child.kill('SIGTERM');
        await station.result;
        await witness.end();
      }
    },
    180_000,
  );
});
