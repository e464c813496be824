/**
 * Goal: the command line behaves on machines as they are: odd folders, odd users, broken files, wrong arguments. What
 * cannot work says why, with the promised exit code, and never writes where it must not.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evidock, ingest } from '../support/cli.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { asOtherUser, makeOthersFolder, otherUid } from '../support/other-user.ts';
import { storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
const source = join(folder, 'card');

beforeAll(() => {
  mkdirSync(join(source, 'sub'), { recursive: true });
  writeFileSync(join(source, 'a.mp4'), 'a');
  writeFileSync(join(source, 'sub/b.mp4'), 'b');
});

afterAll(() => removeFolder(folder));

describe('arguments', () => {
  const wrong: readonly (readonly string[])[] = [
    [],
    ['no-such-command'],
    ['ingest'],
    ['ingest', 'a', 'b'],
    ['ingest', ''],
    ['ingest', '.', '--data', ''],
    ['ingest', '.', '--data'],
    ['ingest', '.', '--no-such-option'],
    ['ingest', '.', '--recorder', 'two\nlines'],
    ['ingest', '.', '--recorder', ''],
    ['ingest', '.', '--lang', 'fr'],
    ['clips', 'extra'],
    ['checkpoint', '--json=yes'],
  ];
  for (const args of wrong) {
    test(`${JSON.stringify(args)} is a usage error: 2, usage on stderr, nothing on stdout`, async () => {
      const cwd = join(folder, 'empty');
      mkdirSync(cwd, { recursive: true });
      const result = await evidock(args, { cwd, env: { HOME: cwd } });
      expect([result.code, result.stdout]).toEqual([2, '']);
      expect(result.stderr).toContain('Usage: evidock');
      expect(readdirSync(cwd)).toEqual([]);
    });
  }

  test('--help is a result: on stdout, 0, with the exit codes', async () => {
    for (const args of [['--help'], ['ingest', '--help'], ['clips', '--help'], ['rebuild', '--help']]) {
      const { code, stdout, stderr } = await evidock(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: evidock/);
      expect(stdout).toContain('Exit codes:');
    }
  });

  test('relative arguments belong to the caller’s folder, through scripts/evidock too', async () => {
    const config = join(folder, 'relative.yaml');
    writeFileSync(config, 'station:\n  timeZone: Asia/Shanghai\n');
    const args = [
      'ingest',
      './card/',
      '--data',
      'relative',
      '--config',
      'relative.yaml',
      '--recorder',
      'TA00716',
      '--json',
    ];
    const program = [join(checkout, 'scripts/evidock')];
    const result = await evidock(args, { cwd: folder, program });
    expect(result.code, result.stderr).toBe(0);
    const clips = await clipsHere(join(folder, 'relative'));
    expect(clips.map(({ path, recorder }) => [path, recorder]).sort()).toEqual([
      ['a.mp4', 'TA00716'],
      ['sub/b.mp4', 'TA00716'],
    ]);
  });
});

describe('configuration', () => {
  test('every error of it is listed, with 78, and no data folder is made', async () => {
    const config = join(folder, 'bad.yaml');
    writeFileSync(config, 'vault:\n  marginPercent: 200\nintake:\n  parallelFiles: none\nnonsense: 1\n');
    const data = join(folder, 'never-made');
    const result = await ingest(source, data, ['--config', config]);
    expect([result.code, result.stdout]).toEqual([78, '']);
    for (const word of ['marginPercent', 'parallelFiles', 'nonsense']) expect(result.stderr).toContain(word);
    expect(existsSync(data)).toBe(false);
  });

  test('a config.yaml in the data folder that is no YAML ends with 78', async () => {
    const data = join(folder, 'broken-config');
    mkdirSync(data);
    writeFileSync(join(data, 'config.yaml'), 'vault: [unclosed\n\t- :');
    for (const args of [['clips'], ['checkpoint'], ['rebuild'], ['config']]) {
      expect((await evidockHere([...args, '--data', data])).code).toBe(78);
    }
    expect((await ingest(source, data)).code).toBe(78);
    expect(readdirSync(data)).toEqual(['config.yaml']);
  });
});

describe('data folders', () => {
  test('with spaces, Chinese and quotes in the path, and reached through a symbolic link', async () => {
    const real = join(folder, "数据 目录/it's here");
    const link = join(folder, 'link');
    mkdirSync(real, { recursive: true });
    symlinkSync(real, link);
    expect((await ingest(source, `${link}/`)).code).toBe(0);
    expect((await ingestHere(source, real)).ended).toMatchObject({ held: 2, sealed: 0 });
    expect(await storeTroubles(real)).toEqual([]);
  });

  test('a source reached by another name is the same source', async () => {
    const data = join(folder, 'one-source');
    symlinkSync(source, join(folder, 'card-link'));
    await ingestHere(source, data);
    for (const name of [`${source}///`, join(folder, 'card-link'), `${source}/sub/..`]) {
      expect((await ingestHere(name, data)).ended, name).toMatchObject({ held: 2, sealed: 0 });
    }
  });

  test('a source inside the data folder, around it, or the same, is refused before anything is written', async () => {
    const data = join(folder, 'data');
    await ingestHere(source, data);
    const before = await clipsHere(data);
    for (const [from, to] of [
      [data, data],
      [join(data, 'ledger'), data],
      [folder, data],
      ['/', data],
      [source, join(source, 'new')],
      [source, join(source, 'sub/new/deeper')],
    ] as const) {
      const result = await ingestHere(from, to);
      expect([result.code, result.stdout], `${from} ${to}`).toEqual([1, '']);
      expect(result.stderr).toContain('[source-overlaps-data]');
    }
    expect(await clipsHere(data)).toEqual(before);
    expect(readdirSync(source).sort()).toEqual(['a.mp4', 'sub']);
    // A name that only begins alike is another folder.
    mkdirSync(`${data}-2`);
    expect((await ingestHere(`${data}-2`, data)).code).toBe(0);
  });

  test('commands that only read make no folder, and say that there is none', async () => {
    const data = join(folder, 'not-there');
    for (const command of ['clips', 'rebuild', 'checkpoint']) {
      const result = await evidock([command, '--data', data]);
      expect([result.code, result.stdout, result.stderr]).toEqual([1, '', expect.stringContaining('[folder-missing]')]);
    }
    expect((await evidock(['clips', '--data', join(source, 'a.mp4')])).stderr).toContain('[folder-not-usable]');
    expect(existsSync(data)).toBe(false);
  });

  test('a damaged registry names the way out, and it works', async () => {
    const data = join(folder, 'damaged');
    await ingestHere(source, data);
    const before = await clipsHere(data);
    writeFileSync(join(data, 'registry.db'), 'no database at all'.repeat(500));
    const result = await evidock(['clips', '--data', data]);
    expect([result.code, result.stderr]).toEqual([1, expect.stringContaining('evidock rebuild')]);
    expect((await evidockHere(['rebuild', '--data', data])).code).toBe(0);
    expect(await clipsHere(data)).toEqual(before);
    expect(await storeTroubles(data)).toEqual([]);
  });

  test('secret keys are for the owner alone', async () => {
    const data = join(folder, 'modes');
    await ingest(source, data, [], { before: ['bash', '-c', 'umask 000; exec "$@"', 'bash'] });
    const modeOf = (path: string): string => (statSync(join(data, path)).mode & 0o777).toString(8);
    expect([modeOf('.'), modeOf('keys'), modeOf('keys/log.pem'), modeOf('keys/leaf.pem')]).toEqual([
      '700',
      '700',
      '600',
      '600',
    ]);
  });
});

describe('users', () => {
  test('a user without a home, and in no list of users, can work when the data folder is named', async () => {
    const parent = join(folder, 'homeless');
    mkdirSync(parent);
    chmodSync(parent, 0o777);
    const temporary = join(parent, 'tmp');
    makeOthersFolder(temporary);
    const env = { HOME: undefined, XDG_RUNTIME_DIR: undefined, TMPDIR: temporary };
    const result = await ingest(source, join(parent, 'data'), [], { before: asOtherUser, env });
    expect(result.code, result.stderr).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('a runtime folder that belongs to somebody else stops nobody', async () => {
    const runtime = join(folder, 'runtime');
    mkdirSync(join(runtime, 'evidock'), { recursive: true });
    const parent = join(folder, 'guest');
    makeOthersFolder(parent);
    const result = await ingest(source, join(parent, 'data'), [], {
      before: asOtherUser,
      env: { XDG_RUNTIME_DIR: runtime },
    });
    expect(result.code, result.stderr).toBe(0);
  });

  test('a folder that is not writable is refused with the reason', async () => {
    const data = join(folder, 'read-only');
    makeOthersFolder(data);
    chmodSync(data, 0o500);
    const result = await ingest(source, data, [], { before: asOtherUser });
    chmodSync(data, 0o700);
    expect([result.code, result.stdout, result.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('[folder-not-usable]'),
    ]);
  });

  test('what another user owns is worked on as that user, so that every file has one owner', async () => {
    const data = join(folder, 'owned');
    makeOthersFolder(data);
    const result = await ingest(source, data);
    expect(result.code, result.stderr).toBe(0);
    if (process.getuid?.() !== otherUid) expect(result.stderr).toContain(`uid ${otherUid}`);
    const owners = spawnSync('find', [data, '-not', '-uid', `${otherUid}`], { encoding: 'utf8' });
    expect([owners.status, owners.stdout]).toEqual([0, '']);
    expect((await evidock(['clips', '--data', data], { before: asOtherUser })).code).toBe(0);
    expect(await storeTroubles(data)).toEqual([]);
  });
});

test('a program that is missing from the path is named', async () => {
  const result = await ingest(source, join(folder, 'no-path'), [], { env: { PATH: '/nowhere' } });
  expect([result.code, result.stderr]).toEqual([1, expect.stringContaining('[lock-unavailable]')]);
});

test('a machine without ffprobe seals all the same', async () => {
  const data = join(folder, 'no-probe');
  const config = join(folder, 'no-probe.yaml');
  writeFileSync(config, 'probe:\n  ffprobePath: /nowhere/ffprobe\n');
  const result = await ingest(source, data, ['--config', config]);
  expect([result.code, result.ended?.sealed], result.stderr).toEqual([0, 2]);
});
