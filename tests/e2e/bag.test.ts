/**
 * Goal: a bag of real footage convinces programs that nobody here wrote, and our own verifier and `verify.sh`; and for
 * each kind of byte that is changed in it both refuse and name it. What may not leave does not, and the ledger says so.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type VerificationFinding, verifyExitCode } from '../../src/domain/verification.ts';
import { verifyBag } from '../../src/exporting/bag-verification.ts';
import { parseTrustFile } from '../../src/exporting/trust-file.ts';
import { makeCard } from '../../src/simulator/footage.ts';
import { FootageScenes } from '../../src/simulator/footage-scenes.ts';
import { evidock, type JsonLine, jsonLines, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { documentsOf, recordsOf, storeTroubles } from '../support/store-check.ts';
import { startTimeStampingAuthority, type TimeStampingAuthority } from '../support/time-stamping-authority.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const bag = join(folder, 'bag');
const trust = join(folder, 'trust.txt');
const words = [
  '--purpose',
  '诉讼',
  '--applicant',
  '张三',
  '--approved-by',
  '李四',
  '--recipient',
  '人民法院',
  '--basis',
  '〔2026〕7号',
];
let authority: TimeStampingAuthority;
let clips: JsonLine[];
let exported: JsonLine;
let fingerprints: readonly { readonly role: string; readonly fingerprint: string }[];

beforeAll(async () => {
  const card = join(folder, 'card');
  await makeCard(new FootageScenes(join(folder, 'scenes')), {
    folder: card,
    serial: 'T000227',
    officer: 'JX0227',
    day: '2026-08-04',
    seed: 5,
    clips: 6,
  });
  // Large enough to be caught in the middle of, and random: nothing can be guessed of it.
  writeFileSync(join(card, 'large.bin'), Buffer.alloc(96 * 1024 * 1024, Buffer.from('现场执法记录仪')));
  authority = await startTimeStampingAuthority(join(folder, 'authority'));
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(
    join(data, 'config.yaml'),
    `ledger: { sm2: true, timeStampUrl: "${authority.url}", timeStampCaFile: "${authority.caFile}" }\n`,
  );
  const taken = await ingestHere(card, data, ['--recorder', 'T000227']);
  expect(taken.code, taken.stderr).toBe(0);
  clips = await clipsHere(data);
  const two = clips.slice(0, 2).flatMap(({ clip }) => ['--clip', clip as string]);
  const result = await evidock(['export', ...two, '--data', data, '--out', bag, ...words, '--json']);
  expect(result.code, result.stderr).toBe(0);
  [exported] = jsonLines(result.stdout) as [JsonLine];
  fingerprints = exported.fingerprints as unknown as typeof fingerprints;
  expect((await evidockHere(['trust', '--data', data, '--out', trust])).code).toBe(0);
}, 180_000);

afterAll(async () => {
  await authority?.end();
  chmodSync(folder, 0o755);
  removeFolder(folder);
});

const sh = (script: string, cwd = bag): { code: number | null; text: string } => {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { cwd, encoding: 'utf8' });
  return { code: status, text: `${stdout}${stderr}` };
};

interface Judged {
  readonly code: number | null;
  readonly lines: JsonLine[];
  readonly text: string;
}

const judgedBy = async (how: typeof evidock, words: readonly string[]): Promise<Judged> => {
  const { code, stdout, stderr } = await how(['verify', ...words, '--json']);
  return { code, lines: jsonLines(stdout), text: stdout + stderr };
};

const verify = (...args: string[]): Promise<Judged> => judgedBy(evidockHere, args);
const verifyAsProcess = (...args: string[]): Promise<Judged> => judgedBy(evidock, args);

test('the custody report lies in the bag as PDF too, and both are in every list', () => {
  const pdf = readFileSync(join(bag, 'data/custody.pdf'));
  expect(pdf.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  // Chinese letters were embedded: without a font of theirs it would be a few thousand bytes of empty boxes.
  expect(pdf.length).toBeGreaterThan(30_000);
  expect(readFileSync(join(bag, 'manifest-sha256.txt'), 'utf8')).toMatch(/ data\/custody\.pdf\n/);
});

test('previews go along when they are asked for, as what they are, and the bag stays good', async () => {
  const [clip] = clips as [JsonLine];
  const preview = join(data, 'preview', clip.clip as string);
  mkdirSync(preview, { recursive: true });
  writeFileSync(join(preview, 'playable.mp4'), readFileSync(join(folder, 'card', clip.path)));
  const out = join(folder, 'with-previews');
  const result = await evidockHere([
    ...['export', '--clip', clip.clip as string, '--data', data, '--out', out, ...words, '--with-previews'],
  ]);
  expect(result.code, result.stderr).toBe(0);
  const name = `data/derived/${clip.clip}.playable.mp4`;
  expect(existsSync(join(out, name))).toBe(true);
  expect(readFileSync(join(out, 'data/custody.html'), 'utf8')).toContain(name);
  expect(readFileSync(join(out, 'prov.json'), 'utf8')).toContain('wasDerivedFrom');
  expect((await verify(out, '--trust', trust)).code).toBe(0);
  expect(sh('sh verify.sh', out).code).toBe(0);
  appendFileSync(join(out, name), 'x');
  expect((await verify(out, '--trust', trust)).code).toBe(11);
});

test.each([
  ['sha256sum', 'sha256sum --strict -c manifest-sha256.txt && sha256sum --strict -c tagmanifest-sha256.txt'],
  ['sha512sum', 'sha512sum --strict -c manifest-sha512.txt'],
  ['cksum -a sm3', 'cksum -a sm3 --strict -c sm3sums.txt'],
  ['hashdeep -a', 'hashdeep -a -v -r -l -k hashdeep.txt data'],
  [
    'ssh-keygen -Y verify',
    'ssh-keygen -Y verify -f allowed_signers -I "$(cut -d " " -f 1 allowed_signers)" -n evidence@station -s tagmanifest-sha256.txt.sshsig < tagmanifest-sha256.txt',
  ],
  ['sh verify.sh', 'sh verify.sh'],
  ['openssl ts -verify', 'openssl ts -verify -data checkpoint -in checkpoint.tsr -CAfile ../authority/ca.pem'],
  [
    'openssl dgst -sm3 -verify (SM2)',
    'openssl dgst -sm3 -verify sm2.pem -sigopt distid:1234567812345678 -signature checkpoint.sm2 checkpoint',
  ],
] as const)('%s agrees with the bag', (_, script) => {
  const { code, text } = sh(script);
  expect(code, text).toBe(0);
});

test.skipIf(spawnSync('sigsum-verify', ['--help']).error !== undefined)(
  'sigsum-verify proves every record of the bag',
  () => {
    for (const name of readdirSync(join(bag, 'data/records'))) {
      const seq = name.replace('.json', '');
      const { code, text } = sh(`sigsum-verify -k leaf.pub -p policy proofs/${seq}.sigsum < data/records/${name}`);
      expect(code, `${name}: ${text}`).toBe(0);
    }
  },
);

test('evidock verify proves it with the keys that came another way, and says 13 without', async () => {
  expect(await verifyAsProcess(bag, '--trust', trust)).toMatchObject({
    code: 0,
    lines: [{ event: 'verified', what: 'bag', clips: 2 }],
  });
  const alone = await verifyAsProcess(bag);
  expect([alone.code, alone.lines[0]?.code]).toEqual([13, 'key-untrusted']);
  expect((await verify(bag, '--only', 'bagit')).code).toBe(0);
  expect(
    (await verify(join(bag, 'data/clips', readdirSync(join(bag, 'data/clips'))[0] as string), '--trust', trust)).code,
  ).toBe(0);
});

test('it needs no data folder and no network: strace sees neither', () => {
  const log = join(folder, 'strace');
  const program = [process.execPath, join(import.meta.dirname, '../../src/main.ts')];
  renameSync(data, `${data}.away`);
  try {
    const args = ['-f', '-e', 'trace=connect,socket,bind', '-o', log, ...program, 'verify', bag, '--trust', trust];
    const { status, stderr } = spawnSync('strace', args, { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(readFileSync(log, 'utf8')).not.toMatch(/AF_INET/);
  } finally {
    renameSync(`${data}.away`, data);
  }
}, 60_000);

test('verify.sh prints fingerprints to compare, and refuses those of another station', () => {
  const plain = sh('sh verify.sh');
  expect(plain.text).toContain('compare with the printed hand-over sheet');
  for (const { fingerprint } of fingerprints) expect(plain.text).toContain(fingerprint);
  const own = fingerprints.find(({ role }) => role === 'export')?.fingerprint;
  const log = fingerprints.find(({ role }) => role === 'log')?.fingerprint;
  expect(sh(`sh verify.sh ${own}`).code).toBe(0);
  expect(sh(`sh verify.sh ${own} ${log}`).code).toBe(0);
  expect(sh(`sh verify.sh ${log}`).code).toBe(1);
  for (const wrong of ['SHA256:', 'x', `${own}x`, "''", `'*'`]) expect(sh(`sh verify.sh ${wrong}`).code, wrong).toBe(1);
  expect(sh('sh bag/verify.sh', folder).code).toBe(0);
});

test('where openssl knows no raw Ed25519 verify.sh says that it did not check, and never 0', () => {
  const fake = join(folder, 'bin');
  mkdirSync(fake);
  writeFileSync(join(fake, 'openssl'), '#!/bin/sh\n[ "$1" = pkeyutl ] && exit 1\nexec /usr/bin/openssl "$@"\n', {
    mode: 0o755,
  });
  const { code, text } = sh(`PATH="${fake}:$PATH" sh verify.sh`);
  expect(code, text).toBe(3);
  expect(text).toContain('NOT CHECKED');
});

/** A copy of the bag to harm. */
function harmed(name: string): string {
  const copy = join(folder, `harm-${name}`);
  cpSync(bag, copy, { recursive: true });
  return copy;
}

const firstOf = (part: string): string => `${part}/${readdirSync(join(bag, part)).sort()[0]}`;

/** In this process, so that a hundred bags take seconds. */
async function judge(copy: string): Promise<{ code: number; lines: readonly VerificationFinding[]; text: string }> {
  const { findings } = await verifyBag(copy, parseTrustFile(readFileSync(trust, 'utf8')));
  return { code: verifyExitCode(findings), lines: findings, text: JSON.stringify(findings) };
}

function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] as number) ^ 1;
  chmodSync(path, 0o644);
  writeFileSync(path, bytes);
}

const flipped: [name: string, fileOf: () => string][] = [
  ['clip', () => firstOf('data/clips')],
  ['record', () => firstOf('data/records')],
  ['document', () => firstOf('data/documents')],
  ['report', () => 'data/custody.html'],
  ['proof', () => firstOf('proofs')],
  ['checkpoint', () => 'checkpoint'],
  ['manifest', () => 'manifest-sha256.txt'],
  ['second-manifest', () => 'manifest-sha512.txt'],
  ['sm3', () => 'sm3sums.txt'],
  ['tag-manifest', () => 'tagmanifest-sha256.txt'],
  ['signature', () => 'tagmanifest-sha256.txt.sshsig'],
  ['key', () => 'leaf.pub'],
  ['signers', () => 'allowed_signers'],
  ['script', () => 'VERIFY.txt'],
];

test.each(flipped)('one changed byte: %s; both refuse and name it', async (name, fileOf) => {
  const copy = harmed(name);
  const file = fileOf();
  flip(join(copy, file));
  const ours = await judge(copy);
  expect([11, 10], ours.text).toContain(ours.code);
  expect(
    ours.lines.some((line) => String(line.file).includes(file)),
    ours.text,
  ).toBe(true);
  const theirs = sh('sh verify.sh', copy);
  expect(theirs.code, theirs.text).toBe(1);
  expect(theirs.text).toContain(file);
  rmSync(copy, { recursive: true });
});

test.each(['data/clips/added.mp4', 'added.txt', '.hidden', 'proofs/999999.sigsum'])(
  'an added file is named by both: %s',
  async (file) => {
    const copy = harmed('added');
    writeFileSync(join(copy, file), 'x');
    const ours = await judge(copy);
    expect(ours.code, ours.text).toBe(11);
    expect(
      ours.lines.some((line) => line.file === file && line.code === 'file-added'),
      ours.text,
    ).toBe(true);
    const theirs = sh('sh verify.sh', copy);
    expect([theirs.code, theirs.text.includes(file)], theirs.text).toEqual([1, true]);
    rmSync(copy, { recursive: true });
  },
);

test('a removed file of each kind is named by both, and a link in its place too', async () => {
  const kinds = ['data/clips', 'data/records', 'data/documents', 'proofs'].map(firstOf);
  for (const file of [
    ...kinds,
    'data/custody.html',
    'allowed_signers',
    'checkpoint',
    'tagmanifest-sha256.txt.sshsig',
    'tagmanifest-sha256.txt',
    'manifest-sha256.txt',
  ]) {
    const copy = harmed('removed');
    rmSync(join(copy, file));
    const ours = await judge(copy);
    expect(ours.code, `${file}: ${ours.text}`).toBe(10);
    expect(
      ours.lines.some((line) => line.file === file),
      `${file}: ${ours.text}`,
    ).toBe(true);
    const theirs = sh('sh verify.sh', copy);
    expect([theirs.code, theirs.text.includes(file)], `${file}: ${theirs.text}`).toEqual([1, true]);
    symlinkSync(join(bag, file), join(copy, file));
    expect((await judge(copy)).code, file).toBe(11);
    expect(sh('sh verify.sh', copy).code, file).toBe(1);
    rmSync(copy, { recursive: true });
  }
}, 180_000);

test('a bag that was signed anew by somebody else is whole, and untrusted', async () => {
  const copy = harmed('resigned');
  appendFileSync(join(copy, 'data/custody.html'), '<!-- added -->');
  const script = `rm -f k k.pub; ssh-keygen -q -t ed25519 -N '' -f k -C x
    s=$(cut -d ' ' -f 1 allowed_signers); echo "$s namespaces=\\"evidence@station\\" $(cut -d ' ' -f 1-2 k.pub) x" > allowed_signers
    for m in manifest-sha256.txt manifest-sha512.txt; do p=$(echo $m | cut -c 10-15)sum; cut -c "$( [ $p = sha256sum ] && echo 67- || echo 131- )" $m | xargs $p > m.new; mv m.new $m; done
    cut -d ' ' -f 3 sm3sums.txt | xargs cksum -a sm3 --untagged > s.new; mv s.new sm3sums.txt
    n=$(cat $(cut -c 67- manifest-sha256.txt) | wc -c); c=$(wc -l < manifest-sha256.txt)
    grep -v Payload-Oxum bag-info.txt > b.new; echo "Payload-Oxum: $n.$c" >> b.new; mv b.new bag-info.txt
    cut -c 67- tagmanifest-sha256.txt | xargs sha256sum > t.new; mv t.new tagmanifest-sha256.txt; rm tagmanifest-sha256.txt.sshsig
    mv k ../k; rm k.pub; ssh-keygen -q -Y sign -f ../k -n evidence@station < tagmanifest-sha256.txt > tagmanifest-sha256.txt.sshsig`;
  const made = sh(script, copy);
  expect(made.code, made.text).toBe(0);
  expect(sh('sh verify.sh', copy)).toMatchObject({ code: 0 });
  const own = fingerprints.find(({ role }) => role === 'export')?.fingerprint;
  expect(sh(`sh verify.sh ${own}`, copy).code).toBe(1);
  const ours = await judge(copy);
  expect([ours.code, ours.lines.map((line) => line.code)], ours.text).toEqual([13, ['key-untrusted']]);
  rmSync(copy, { recursive: true });
});

test('only the documents of these clips go along, and the report names who, what and what cannot be proved', () => {
  const records = recordsOf(data);
  const documents = documentsOf(data);
  const inventory = records.find(({ type }) => type === 'inventory-listed')?.documents?.[0]?.id as string;
  expect(documents.has(inventory)).toBe(true);
  const went = readdirSync(join(bag, 'data/documents')).map((name) => name.replace('.json', ''));
  expect(went).not.toContain(inventory);
  const report = readFileSync(join(bag, 'data/custody.html'), 'utf8');
  for (const text of [
    '张三',
    '李四',
    '人民法院',
    '〔2026〕7号',
    'T000227',
    '原始载体',
    '见证人',
    '文字记录',
    ...clips.slice(0, 2).map(({ sm3 }) => sm3 as string),
  ]) {
    expect(report).toContain(text);
  }
  const others = clips.slice(2).map(({ sha256 }) => sha256 as string);
  for (const sha256 of others) expect(report).not.toContain(sha256);
  for (const text of [report, readFileSync(join(bag, 'VERIFY.txt'), 'utf8')]) {
    expect(text).toContain('不主张适用区块链');
    expect(text).toContain('What happened before the docking');
    expect(text).toContain('A stolen key');
  }
  for (const record of readdirSync(join(bag, 'data/records'))) {
    expect(readFileSync(join(bag, 'data/records', record), 'utf8')).not.toMatch(/张三|李四/);
  }
});

test('the ledger holds request, clips and end with the digest of the tag manifest, and the store stays sound', async () => {
  const about = recordsOf(data).filter(({ subject }) => subject === exported.export);
  expect(about.map(({ type }) => type)).toEqual(['export-requested', 'export-clips', 'export-ended']);
  const digest = sh('sha256sum tagmanifest-sha256.txt').text.slice(0, 64);
  expect(about[2]?.body.tagManifestSha256).toBe(digest);
  expect(await storeTroubles(data)).toEqual([]);
  const before = await evidockHere(['clips', '--data', data, '--json']);
  expect((await evidockHere(['rebuild', '--data', data])).code).toBe(0);
  expect((await evidockHere(['clips', '--data', data, '--json'])).stdout).toBe(before.stdout);
  expect((await evidockHere(['fsck', '--data', data])).code).toBe(0);
}, 60_000);

test('without a second person nothing leaves, and the refusal is recorded', async () => {
  const out = join(folder, 'refused');
  const id = clips[0]?.clip as string;
  for (const more of [[], ['--applicant', '张三', '--approved-by', '张三']]) {
    const result = await evidockHere([
      'export',
      '--clip',
      id,
      '--data',
      data,
      '--out',
      out,
      '--purpose',
      '复议',
      ...more,
    ]);
    expect(result.code, result.stderr).toBe(1);
    expect(result.stderr).toMatch(/export-approver-(missing|is-applicant)/);
  }
  expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false);
  expect(recordsOf(data).filter(({ type }) => type === 'export-refused')).toHaveLength(2);
});

test('a link into the data folder is no place outside of it', async () => {
  const link = join(folder, 'link');
  symlinkSync(data, link);
  const id = clips[0]?.clip as string;
  for (const out of [join(link, 'bag'), join(link, 'not-yet/bag')]) {
    const result = await evidockHere(['export', '--clip', id, '--data', data, '--out', out, ...words]);
    expect([result.code, result.stderr], out).toEqual([1, expect.stringContaining('export-out-inside')]);
  }
});

test('a killed export leaves nothing that looks like a bag, and the same command goes on to one', async () => {
  const out = join(folder, 'large');
  const large = clips.find(({ path }) => path === 'large.bin')?.clip as string;
  const small = clips.find(({ path }) => path !== 'large.bin')?.clip as string;
  const args = ['export', '--clip', small, '--clip', large, '--data', data, '--out', out, ...words, '--json'];
  const started = startEvidock(args);
  while (!existsSync(join(`${out}.part`, 'bag/data/clips'))) await new Promise((resolve) => setTimeout(resolve, 5));
  started.child.kill('SIGKILL');
  await started.result;
  expect(existsSync(out)).toBe(false);
  const other = await evidockHere([...args.slice(0, -1), '--case', 'x', '--json']);
  expect(other.stderr).toContain('export-other-begun');
  const second = await evidock(args);
  expect(second.code, second.stderr).toBe(0);
  expect(jsonLines(second.stdout)[0]).toMatchObject({ event: 'exported', clips: 2, resumed: true });
  expect(existsSync(`${out}.part`)).toBe(false);
  expect((await verify(out, '--trust', trust)).code).toBe(0);
  expect((await evidockHere(args)).stderr).toContain('export-out-taken');
}, 120_000);

test('a ZIP holds the same bag in one folder', async () => {
  const out = join(folder, 'packed');
  const id = clips[0]?.clip as string;
  const result = await evidockHere(['export', '--clip', id, '--data', data, '--out', out, '--zip', ...words]);
  expect(result.code, result.stderr).toBe(0);
  expect(existsSync(out)).toBe(false);
  const unpacked = join(folder, 'unpacked');
  expect(sh(`unzip -q ${out}.zip -d ${unpacked} && ls ${unpacked}`, folder)).toEqual({ code: 0, text: 'packed\n' });
  expect((await verify(join(unpacked, 'packed'), '--trust', trust)).code).toBe(0);
  expect(sh('sh verify.sh', join(unpacked, 'packed')).code).toBe(0);
});

test('a file with its proof beside it is proved alone; a changed file, a changed proof or other keys are not', async () => {
  const clip = clips[1] as JsonLine;
  const file = join(folder, 'alone.mp4');
  cpSync(join(data, 'vault/originals', (clip.sha256 as string).slice(0, 2), clip.sha256 as string), file);
  expect((await verifyAsProcess(file, '--trust', trust)).code).toBe(12);
  const proof = await evidockHere(['proof', clip.clip as string, '--data', data]);
  expect(proof.code, proof.stderr).toBe(0);
  writeFileSync(`${file}.tlog-proof`, proof.stdout);
  await evidockHere(['trust', '--data', data, '--out', trust]);
  expect(await verify(file, '--trust', trust)).toMatchObject({ code: 0 });
  expect((await verify(`${file}.tlog-proof`, '--trust', trust)).code).toBe(0);
  expect((await verify(file)).code).toBe(13);
  flip(file);
  expect((await verifyAsProcess(file, '--trust', trust)).code).toBe(11);
  flip(file);
  flip(`${file}.tlog-proof`);
  expect((await verify(file, '--trust', trust)).code).toBe(12);
  expect((await evidockHere(['proof', '999999', '--data', data])).code).toBe(1);
});

test('a whole ledger is verified; one that was set back behind what the trust file knows has forked', async () => {
  expect((await verify(data, '--trust', trust)).code).toBe(0);
  expect((await verify(join(data, 'ledger'), '--trust', trust)).code).toBe(0);
  const old = join(folder, 'old');
  mkdirSync(old);
  cpSync(join(data, 'ledger'), join(old, 'ledger'), { recursive: true });
  const card = join(folder, 'more');
  mkdirSync(card);
  writeFileSync(join(card, 'x.log'), 'x');
  await ingestHere(card, data);
  await evidockHere(['trust', '--data', data, '--out', trust]);
  const back = await verifyAsProcess(old, '--trust', trust);
  expect([back.code, back.lines[0]?.code], back.text).toEqual([14, 'log-forked']);
  const altered = join(old, 'ledger/records/000000.jsonl');
  flip(altered);
  expect((await verify(old, '--trust', trust)).code).toBe(11);
});

test('an original that is not what was sealed does not leave, and the ledger says so', async () => {
  const { clip, sha256 } = clips[3] as { clip: string; sha256: string };
  const original = join(data, 'vault/originals', sha256.slice(0, 2), sha256);
  flip(original);
  const out = join(folder, 'damaged');
  const result = await evidockHere(['export', '--clip', clip, '--data', data, '--out', out, ...words]);
  expect(result.code, result.stderr).toBe(1);
  expect(result.stderr).toContain('original-altered');
  expect(existsSync(out) || existsSync(`${out}.part`)).toBe(false);
  expect(
    recordsOf(data)
      .filter(({ type }) => type === 'export-refused')
      .at(-1)?.body,
  ).toMatchObject({ reason: 'original-altered', clip });
});
