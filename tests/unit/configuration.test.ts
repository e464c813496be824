/**
 * Goal: one configuration, every key of it described, and a file with mistakes told all of them at once, each with
 * its key, its line and what is allowed instead. The example file is the default, word for word.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ConfigurationError, type ConfigurationTrouble, findCloseWord } from '../../src/config/configuration-error.ts';
import {
  describeConfiguration,
  effectiveConfiguration,
  exampleConfiguration,
} from '../../src/config/describe-configuration.ts';
import { loadConfiguration, parseConfiguration } from '../../src/config/load-configuration.ts';
import { buildNameTable } from '../../src/config/name-table.ts';
import { readClipName } from '../../src/domain/clip-names.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-configuration-'));
afterAll(() => rmSync(folder, { recursive: true }));

const exampleFile = join(import.meta.dirname, '../../config/evidock.example.yaml');
const defaults = loadConfiguration({ dataFolder: join(folder, 'none') });

function troublesOf(load: () => unknown): readonly ConfigurationTrouble[] {
  try {
    load();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ code: 'configuration-invalid' });
    return (error as ConfigurationError).troubles;
  }
  return [];
}

const troublesIn = (text: string): string[] =>
  troublesOf(() => parseConfiguration(text, 'config.yaml')).map(
    ({ line, key, message }) => `${line} ${key}: ${message}`,
  );

describe('where the configuration comes from', () => {
  test('without a file every key has its default', () => {
    expect(defaults.station).toEqual({ name: '采集站', timeZone: 'Asia/Shanghai' });
    expect(defaults.intake).toMatchObject({
      parallelFiles: 2,
      maxFiles: 1_000_000,
      maxDepth: 64,
      rereadHeld: 'sample',
    });
    expect(defaults.vault).toMatchObject({ allowMemoryFileSystem: false, allowNoReadBack: false });
    expect(defaults.web).toEqual({ host: '127.0.0.1', port: 8420 });
    expect(defaults.importFolder).toEqual({ path: null, settleSeconds: 10 });
    expect(defaults.coverage).toEqual({
      profilesFile: null,
      useDays: 30,
      recorderPriceYuan: 0,
      sparePercent: 0,
      repairDays: 30,
    });
  });

  test('--config wins over config.yaml in the data folder', () => {
    const own = join(folder, 'own.yaml');
    writeFileSync(join(folder, 'config.yaml'), 'intake: { parallelFiles: 3 }\n');
    writeFileSync(own, '\ufeffintake:\n  parallelFiles: 4\n');
    expect(loadConfiguration({ dataFolder: folder }).intake.parallelFiles).toBe(3);
    expect(loadConfiguration({ dataFolder: folder, file: own }).intake.parallelFiles).toBe(4);
    expect(loadConfiguration({ dataFolder: folder, file: own }).intake.maxDepth).toBe(64);
  });

  test('a --config file that is missing, a folder, no UTF-8 or too large is an error', () => {
    const binary = join(folder, 'gbk.yaml');
    writeFileSync(binary, Uint8Array.of(0xb2, 0xc9));
    const large = join(folder, 'large.yaml');
    writeFileSync(large, '#'.repeat(2 * 1024 * 1024));
    const messages = [join(folder, 'missing.yaml'), folder, binary, large].map(
      (file) => troublesOf(() => loadConfiguration({ dataFolder: folder, file }))[0]?.message,
    );
    expect(messages).toEqual([
      'there is no such file',
      expect.stringContaining('cannot be read'),
      'is not UTF-8 text',
      expect.stringContaining('more than'),
    ]);
  });

  test('an empty file and sections with every key commented out mean the defaults', () => {
    expect(parseConfiguration('', 'x')).toEqual(defaults);
    expect(parseConfiguration('# nothing\nintake:\n  # maxFiles: 3\nweb:\n', 'x')).toEqual(defaults);
  });

  test('a changed configuration leaves the next one alone', () => {
    parseConfiguration('', 'x').intake.skip.pop();
    expect(parseConfiguration('', 'x')).toEqual(defaults);
  });
});

describe('what is wrong with a configuration', () => {
  test('everything is listed at once, by line', () => {
    const text = [
      'intake:',
      '  paralelFiles: 3',
      '  maxFiles: 0',
      '  rereadHeld: sampel',
      '  skip:',
      '    - id: Mine',
      '      path: /x',
      '      reasn: none',
      'station: { timeZone: Asia/Shangha }',
      'importFolder:',
      '  path: relative',
      '  settleSeconds: 2.5',
      'webb: 1',
      'log: loud',
      'names: { shippedPatterns: yes }',
      'vault:',
      '  marginBytesMin: 2',
      '  marginBytesMax: 1',
    ].join('\n');
    const troubles = troublesIn(text);
    expect(troubles).toEqual([
      '2 intake.paralelFiles: unknown key; did you mean parallelFiles?',
      '3 intake.maxFiles: 0 is not allowed; allowed: an integer from 1 to 10000000',
      '4 intake.rereadHeld: "sampel" is not allowed; allowed: never, sample, always; did you mean sample?',
      expect.stringMatching(/^6 intake\.skip\[0\]\.id: "Mine" is not allowed; allowed: 1 to 60 small letters/),
      expect.stringMatching(/^6 intake\.skip\[0\]\.reason: this key is missing/),
      expect.stringMatching(/^7 intake\.skip\[0\]\.path: "\/x" is not allowed/),
      '8 intake.skip[0].reasn: unknown key; did you mean reason?',
      expect.stringMatching(/^9 station\.timeZone: "Asia\/Shangha" is no time zone/),
      '11 importFolder.path: "relative" is not allowed; allowed: an absolute path, or null',
      '12 importFolder.settleSeconds: 2.5 is not allowed; allowed: an integer from 1 to 3600',
      '13 webb: unknown key; did you mean web?',
      '14 log: "loud" is not allowed; allowed: a table of keys and values',
      '15 names.shippedPatterns: "yes" is not allowed; allowed: true or false',
      '17 vault.marginBytesMin: must not be more than vault.marginBytesMax',
    ]);
  });

  test('more errors than TypeBox counts by itself are all there', () => {
    const text = `vault:\n${Array.from({ length: 50 }, (_, index) => `  p${index}: 1\n`).join('')}`;
    expect(troublesIn(text)).toHaveLength(50);
  });

  test.each([
    ['a bracket left open', 'a: [\n  b: c', 2],
    ['a key given twice', 'web: {}\nlog: {}\nweb: {}', 3],
    ['a tag of another program', 'station:\n  name: !ruby/object x', 2],
    ['a second document', 'web: {}\n---\nlog: {}', 2],
    ['a tab for indentation', 'web:\n\tport: 1', 2],
  ])('%s is an error of YAML with its line and column', (_what, text, line) => {
    const troubles = troublesOf(() => parseConfiguration(text, 'x'));
    expect(troubles[0]).toMatchObject({ key: '', line, column: expect.any(Number) });
  });

  test.each([
    ['a list', '- 1', /a list is not allowed/],
    ['a text', 'hello', /"hello" is not allowed/],
    ['a key of every object', '__proto__: { port: 1 }', /__proto__: unknown key/],
    ['an inherited name', 'constructor: 1', /constructor: unknown key/],
    ['an unknown section without content', 'webs:', /webs: unknown key; did you mean web\?/],
    ['a key without a value', 'web:\n  port:', /web\.port: no value is not allowed/],
    ['an address that others can reach', 'web: { host: 0.0.0.0 }', /allowed: 127\.0\.0\.1, ::1/],
    ['a zone that is an offset', 'station: { timeZone: "+08:00" }', /such as Asia\/Shanghai/],
    ['two rules of one name', skipRules('a', 'a'), /skip\[1\]\.id: the id a occurs twice/],
    ['years the wrong way round', 'names: { plausibleYearMin: 2050, plausibleYearMax: 2040 }', /plausibleYearMin/],
  ])('%s is refused', (_what, text, message) => {
    expect(troublesIn(text).join('\n')).toMatch(message);
  });

  test('the message names the file and each place, and what to do next', () => {
    const load = (): unknown => parseConfiguration('web:\n  prot: 1\n', '/data/config.yaml');
    expect(load).toThrow(
      'configuration /data/config.yaml: 1 error\n  line 2: web.prot: unknown key; did you mean port?',
    );
    expect(load).toThrow(expect.objectContaining({ next: expect.stringContaining('config --keys') }));
  });

  test('an alias leads to the line of what it stands for, and a bomb of aliases is refused', () => {
    const alias = 'station: &s\n  name: x\nweb: *s\n';
    expect(troublesIn(alias)).toEqual(['2 web.name: unknown key; known here are host, port']);
    const level = (name: string, of: string): string => `${name}: &${name} [${Array(10).fill(`*${of}`).join(',')}]\n`;
    const bomb = `a: &a [${Array(10).fill('x').join(',')}]\n${level('b', 'a')}${level('c', 'b')}${level('d', 'c')}`;
    expect(troublesOf(() => parseConfiguration(bomb, 'x'))).not.toHaveLength(0);
  });

  test('only a close word is offered', () => {
    expect(findCloseWord('timezone', ['name', 'timeZone'])).toBe('timeZone');
    expect(findCloseWord('prot', ['host', 'port'])).toBe('port');
    expect(findCloseWord('colour', ['name', 'timeZone'])).toBeUndefined();
  });
});

describe('name patterns in configuration', () => {
  const own = (row: string): string => `names:\n  patterns:\n    - ${row}\n`;

  test('own patterns come before the shipped ones', () => {
    const text = own(
      '{ id: own, description: d, stem: "DCAM_(?<serial>X[0-9]{3})_.{1,40}", examples: [{ path: DCAM_X001_a.mp4, says: { serial: X001 } }] }',
    );
    const table = buildNameTable(parseConfiguration(text, 'x').names);
    expect(readClipName('DCAM_X001_000001_20260804_100000.mp4', table)?.pattern).toBe('own');
    expect(readClipName('DCAM_CAM001_000001_20260804_100000.mp4', table)?.pattern).toBe('dcam');
  });

  test('without the shipped patterns only the own ones are left', () => {
    const table = buildNameTable(parseConfiguration('names: { shippedPatterns: false }', 'x').names);
    expect(readClipName('DCAM_CAM001_000001_20260804_100000.mp4', table)).toBeUndefined();
  });

  test('the plausible years of the configuration rule the shipped patterns too', () => {
    const table = buildNameTable(parseConfiguration('names: { plausibleYearMin: 2027 }', 'x').names);
    expect(readClipName('20260804_100000.mp4', table)?.localTimeDoubt).toBe('implausible');
  });

  test.each([
    [
      'a regular expression that is none',
      'stem: "(", examples: [{ path: a, says: {} }]',
      /3 names\.patterns\[0\]\.stem/,
    ],
    ['an unknown group', 'stem: "(?<who>a)", examples: [{ path: a, says: {} }]', /unknown group who/],
    ['repeating without limit', 'stem: "(a+)+", examples: [{ path: a, says: {} }]', /repeats without a limit/],
    ['no example', 'stem: "a", examples: []', /examples/],
    ['an example that does not match', 'stem: "a", examples: [{ path: b, says: {} }]', /b: no pattern matches/],
    ['an example read otherwise', 'stem: "(?<officer>a)", examples: [{ path: a, says: {} }]', /officer is read as "a"/],
    ['neither stem nor path', 'examples: [{ path: b, says: {} }]', /either `stem` or `path`/],
    ['the id of a shipped pattern', 'stem: "a", id: dcam, examples: [{ path: a, says: {} }]', /belongs to a shipped/],
  ])('a pattern with %s is refused', (_what, members, message) => {
    const id = members.includes('id:') ? '' : 'id: own, ';
    expect(troublesIn(own(`{ ${id}description: d, ${members} }`)).join('\n')).toMatch(message);
  });
});

describe('the configuration as text', () => {
  test('every key has a description and what is allowed, and every number a unit and a default', () => {
    const keys = describeConfiguration();
    for (const key of keys) {
      expect.soft(key.description, key.key).not.toBe('');
      expect.soft(key.allowed, key.key).not.toBe('');
      const number = key.type === 'integer' && !key.key.includes('[');
      expect.soft(number && (key.unit === null || typeof key.default !== 'number'), key.key).toBe(false);
    }
    expect(keys.find(({ key }) => key === 'ledger.checkpointSeconds')).toEqual({
      key: 'ledger.checkpointSeconds',
      type: 'integer',
      unit: 'seconds',
      default: 60,
      allowed: 'an integer from 1 to 3600',
      description: 'A signed checkpoint follows a record within this time.',
    });
  });

  test('the effective configuration loads to itself', () => {
    const changed = parseConfiguration('station: { name: "示例: # 站" }\nimportFolder: { path: /srv/导入 }\n', 'x');
    expect(parseConfiguration(effectiveConfiguration(changed), 'x')).toEqual(changed);
  });

  test('the example file is what the schema says, and means the defaults', async () => {
    await expect(exampleConfiguration()).toMatchFileSnapshot(exampleFile);
    expect(loadConfiguration({ dataFolder: folder, file: exampleFile })).toEqual(defaults);
  });

  test('the example file gives each key a value and its unit, or names it in a comment', () => {
    const text = readFileSync(exampleFile, 'utf8');
    const values = parse(text) as Record<string, Record<string, unknown>>;
    for (const { key, unit } of describeConfiguration()) {
      const [section = '', name = ''] = key.split('.');
      if (key.includes('[')) {
        expect.soft(text, key).toContain(`# ${key.replace(/^[^[]*\[\]\./, '')}: `);
      } else {
        expect.soft(Object.hasOwn(values[section] ?? {}, name), key).toBe(true);
      }
      expect.soft(text.replace(/\n *# /g, ' '), key).toContain(unit === null ? '' : `Unit: ${unit}. Allowed:`);
    }
  });
});

function skipRules(...ids: string[]): string {
  return `intake:\n  skip:\n${ids.map((id) => `    - { id: ${id}, path: x, reason: r }\n`).join('')}`;
}
