/**
 * Goal: every form of file name that recorders are known to write is read rightly, nothing is read out of a name that
 * does not say it, and no name, however hostile, keeps the station busy.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileBoundedRegex } from '../../src/domain/bounded-regex.ts';
import { type ClipName, compileNameTable, type NameTable, readClipName } from '../../src/domain/clip-names.ts';

const years = { plausibleYearMin: 2014, plausibleYearMax: 2079 };
const shippedFile = new URL('../../config/name-patterns.yaml', import.meta.url);
const shipped = { ...(parse(readFileSync(shippedFile, 'utf8')) as NameTable), ...years };
const { table, problems } = compileNameTable(shipped);

const ten = '2026-08-04T10:00:00';
const caseNumber = '晋交执罚〔2026〕0123号';

/** What is not named must be null or false. */
function says(pattern: string, parts: Partial<ClipName>): ClipName {
  return {
    pattern,
    serial: null,
    officer: null,
    caseNumber: null,
    localTime: null,
    localTimeDoubt: null,
    important: false,
    interrupted: false,
    encrypted: false,
    mediaHint: null,
    sequence: null,
    ...parts,
  };
}

describe('the shipped table', () => {
  test('reads its own examples as it says', () => {
    expect(problems).toEqual([]);
    expect(table.rows.length).toBe(shipped.patterns.length);
  });

  const ga = 'serial-officer-time';
  const dcam = { serial: 'CAM001', officer: '000001', localTime: ten };
  test.each<[string, string, Partial<ClipName>]>([
    [
      'TA00716_JX0227_20170623093621.MOV',
      ga,
      { serial: 'TA00716', officer: 'JX0227', localTime: '2017-06-23T09:36:21' },
    ],
    ['ta00716_jx0227_20260804100000.mov', ga, { serial: 'ta00716', officer: 'jx0227', localTime: ten }],
    ['TA00716_000000_20260804100000.MP4', ga, { serial: 'TA00716', localTime: ten }],
    ['TA00716_0000000000_20260804100000.MP4', ga, { serial: 'TA00716', localTime: ten }],
    ['0000000_JX0227_20260804100000.MP4', ga, { serial: '0000000', officer: 'JX0227', localTime: ten }],
    ['TA00716_14052201001712_20260804100000.MP4', ga, { serial: 'TA00716', officer: '14052201001712', localTime: ten }],
    ['TA00716_晋0512345_20260804100000.MP4', ga, { serial: 'TA00716', officer: '晋0512345', localTime: ten }],
    [
      'a/b/TA00716_JX0227_20260804100000_IMP.MP4',
      ga,
      { serial: 'TA00716', officer: 'JX0227', localTime: ten, important: true },
    ],
    [
      'TA00716_JX0227_20260804100000_0003.MP4',
      ga,
      { serial: 'TA00716', officer: 'JX0227', localTime: ten, sequence: 3 },
    ],
    ['DCAM_CAM001_000001_20260804_100000.mp4', 'dcam', dcam],
    ['DCAM_CAM001_000001_20260804_100000.jpg', 'dcam', dcam],
    ['dcam_cam001_000001_20260804_100000.M4A', 'dcam', { ...dcam, serial: 'cam001' }],
    ['DCAM_CAM001_000001_20260804_100000_IMP.mp4', 'dcam', { ...dcam, important: true }],
    ['DCAM_CAM001_000001_20260804_100000_imp_enc.mp4', 'dcam', { ...dcam, important: true, encrypted: true }],
    ['DCAM_CAM001_USER001_20260804_100000.jpg', 'dcam', { ...dcam, officer: 'USER001' }],
    ['Media/DCAM_CAM001_000000_20260804_100000.mp4', 'dcam', { ...dcam, officer: null }],
    ['DCAM_CAM001_000001_20260804_100000', 'dcam', dcam],
  ])('%s', (path, pattern, parts) => {
    expect(readClipName(path, table)).toEqual(says(pattern, parts));
  });

  const folders = 'police-folders';
  const officer = { officer: 'JX0227', localTime: ten };
  test.each<[string, string, Partial<ClipName>]>([
    ['police/video/20260804/JX0227_video_20260804_100000.mp4', folders, { ...officer, mediaHint: 'video' }],
    ['police/audio/20260804/JX0227_audio_20260804_100000.mp3', folders, { ...officer, mediaHint: 'audio' }],
    ['police/sound/20260804/JX0227_REC_20260804_100000.wav', folders, { ...officer, mediaHint: 'audio' }],
    ['police/camera/20260804/JX0227_x_20260804_100000.jpg', folders, { ...officer, mediaHint: 'picture' }],
    ['police/camera/20260804/JX0227_video_20260804_100000.jpg', folders, { ...officer, mediaHint: 'video' }],
    ['卡1/copy/POLICE/Video/20260804/JX0227_VIDEO_20260804_100000.MP4', folders, { ...officer, mediaHint: 'video' }],
    ['police/video/20260804/000000_video_20260804_100000.mp4', folders, { localTime: ten, mediaHint: 'video' }],
    [
      `police/video/20260804/${caseNumber}_140522010017_video_20260804_100000_IMP_start.mp4`,
      folders,
      {
        caseNumber,
        officer: '140522010017',
        localTime: ten,
        mediaHint: 'video',
        important: true,
        interrupted: true,
      },
    ],
    [
      'police/video/20260804/阳交-执罚[2026](治超)_第15号_JX0227_video_20260804_100000.mp4',
      folders,
      { ...officer, caseNumber: '阳交-执罚[2026](治超)_第15号', mediaHint: 'video' },
    ],
    [
      'police/video/20260804/2026-0123_JX0227_video_20260804_100000.mp4',
      folders,
      { ...officer, caseNumber: '2026-0123', mediaHint: 'video' },
    ],
    [
      'police/video/20260804/JX0227_video_20260804_100000_IMP.mp4',
      folders,
      { ...officer, important: true, mediaHint: 'video' },
    ],
    [
      'police/video/20260804/JX0227_video_20260804_100000_start.mp4',
      folders,
      { ...officer, interrupted: true, mediaHint: 'video' },
    ],
    [
      'police/audio/20260804/audio_20260804_100000.mp3',
      `${folders}-without-officer`,
      { localTime: ten, mediaHint: 'audio' },
    ],
    [
      'police/camera/20260804/20260804_100000_IMP.jpg',
      `${folders}-without-officer`,
      { localTime: ten, mediaHint: 'picture', important: true },
    ],
    ['elsewhere/JX0227_video_20260804_100000.mp4', 'officer-type-time', { ...officer, mediaHint: 'video' }],
    [
      `${caseNumber}_JX0227_录像_20260804_100000.mp4`,
      'officer-type-time',
      { ...officer, caseNumber, mediaHint: 'video' },
    ],
  ])('%s', (path, pattern, parts) => {
    expect(readClipName(path, table)).toEqual(says(pattern, parts));
  });

  test.each<[string, string, Partial<ClipName>]>([
    ['files/data/20260804100000.mp4', 'files-data-time', { localTime: ten }],
    ['card/FILES/Data/2026-08-04-10-00-00_12.avi', 'files-data-time', { localTime: ten, sequence: 12 }],
    ['files/data/clip.mp4', 'files-data', {}],
    ['DCIM/100MEDIA/20260804_100000.mp4', 'dcim-time', { localTime: ten }],
    ['x/dcim/1media/2026_0804_100000_001.MOV', 'dcim-time', { localTime: ten, sequence: 1 }],
    ['DCIM/100MEDIA/AMBA0007.MOV', 'dcim-number', { sequence: 7 }],
    ['DCIM/100MEDIA/IMG_0042.JPG', 'dcim-number', { sequence: 42, mediaHint: 'picture' }],
    ['DCIM/100MEDIA/现场.jpg', 'dcim', {}],
    [
      'DCIM/100MEDIA/TA00716_JX0227_20260804100000.MOV',
      'serial-officer-time',
      { serial: 'TA00716', officer: 'JX0227', localTime: ten },
    ],
    ['VID_20260804_100000.mp4', 'time-only', { localTime: ten, mediaHint: 'video' }],
    ['gps/20260804100000.nmea', 'time-only', { localTime: ten }],
  ])('%s', (path, pattern, parts) => {
    expect(readClipName(path, table)).toEqual(says(pattern, parts));
  });

  test.each([
    '',
    '/',
    '.mp4',
    'readme.txt',
    'station_bind.ini',
    '现场.mp4',
    'TA0071_JX0227_2017062309362.MOV',
    'TA00716_JX0227_20170623093621_copy.MOV',
    'DCAM_CAM001_20260804.mp4',
    '123456.mp4',
    'police/video/20260804/clip.mp4',
    'TA00716_JX0227_20170623093621.MOV/readme.txt',
    'a\\nTA00716_JX0227_20170623093621.MOV',
  ])('%j says nothing', (path) => {
    expect(readClipName(path, table)).toBeUndefined();
  });

  test.each([
    ['20261304', '100000', null, 'impossible'],
    ['20260230', '100000', null, 'impossible'],
    ['20260804', '246000', null, 'impossible'],
    ['00000000', '000000', null, 'impossible'],
    ['20240229', '235959', '2024-02-29T23:59:59', null],
    ['19700101', '080000', '1970-01-01T08:00:00', 'implausible'],
    ['20000101', '000000', '2000-01-01T00:00:00', 'implausible'],
    ['20130101', '000000', '2013-01-01T00:00:00', 'implausible'],
    ['20990101', '000000', '2099-01-01T00:00:00', 'implausible'],
  ])('a name with date %s and time %s gives %s, %s', (date, time, localTime, localTimeDoubt) => {
    const read = readClipName(`DCAM_CAM001_000001_${date}_${time}.mp4`, table);
    expect(read).toMatchObject({ serial: 'CAM001', officer: '000001', localTime, localTimeDoubt });
  });
});

describe('hostile names', () => {
  test('every pattern answers within a moment, whatever the name', () => {
    const pieces = [
      'a',
      '0',
      '_',
      '-',
      '晋',
      'A0',
      '0_',
      'a_',
      '_a',
      '晋_',
      '20260804',
      '20260804_',
      '20260804_100000_',
      '_IMP',
      '.a',
      '𠮷',
    ];
    const folders = ['', 'police/video/20260804/', 'files/data/', 'DCIM/100MEDIA/'];
    const ends = ['', '!', '_20260804_100000!', '_video_20260804_100000!', '_20260804100000!'];
    for (const row of table.rows) {
      for (const piece of pieces) {
        for (const end of ends) {
          const name = piece.repeat(255).slice(0, 255 - end.length) + end;
          const started = performance.now();
          for (const folder of folders) {
            row.regex.exec(folder + name);
          }
          expect(performance.now() - started, `${row.id} ${piece} ${end}`).toBeLessThan(250);
        }
      }
    }
  });

  test('any text is read without an error, and what is read is sound', () => {
    const parts = fc.constantFrom(
      'TA00716',
      '_',
      'JX0227',
      '20260804',
      '100000',
      'IMP',
      'police/video/',
      'DCAM',
      '/',
      '号',
      '.mp4',
    );
    const path = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.array(parts, { maxLength: 14 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(path, (text) => {
        const read = readClipName(text, table);
        expect(read?.localTime ?? ten).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
        expect(read?.officer ?? 'x').not.toMatch(/^0*$|\//);
        expect(read?.caseNumber ?? 'x').not.toContain('/');
      }),
      { numRuns: 3000 },
    );
  });

  test('a name or path beyond measure is not read at all, and quickly', () => {
    const started = performance.now();
    expect(readClipName(`${'a'.repeat(5_000_000)}_20260804_100000.mp4`, table)).toBeUndefined();
    expect(readClipName(`${'a/'.repeat(2_000_000)}20260804_100000.mp4`, table)?.pattern).toBe('time-only');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('expressions from configuration', () => {
  test.each([
    ['(a+)+', 'repeats without a limit'],
    ['.*', 'repeats without a limit'],
    ['a{3,}', 'repeats without a limit'],
    ['a{0,256}', 'repeats without a limit'],
    ['(?:a{1,20}){1,20}', 'too many ways'],
    ['(?:a|a){1,40}', 'too many ways'],
    ['(?:a|ab|b){0,60}', 'too many ways'],
    [`${'a?'.repeat(40)}${'a'.repeat(40)}`, 'too many ways'],
    ['.{0,250}a.{0,250}b.{0,250}c.{0,250}d', 'too many ways'],
    ['(?<a>x)\\k<a>', 'referring back'],
    ['(x)\\1', 'referring back'],
    ['(?<=a)b', 'looking behind'],
    ['(?<!a)b', 'looking behind'],
    ['a)(b', 'Unmatched'],
    ['[', 'Unterminated'],
    ['\\q', 'Invalid escape'],
    ['a'.repeat(2001), 'more than 2000'],
  ])('%s is refused: %s', (source, why) => {
    expect(compileBoundedRegex(source)).toEqual(expect.stringContaining(why));
  });

  test.each([
    ['[()*+|\\]]{1,3}', ')*]', []],
    ['(?<a>x)|(?<b>y)', 'y', ['a', 'b']],
    ['\\p{Script=Han}{1,4}\\u{4e00}\\(', '执法一(', []],
    ['(?=a)(?!b)[a-z]{1,255}', 'abc', []],
    ['(?:\\d{3}-){0,2}?x', '123-X', []],
  ])('%s is admitted and matches %s', (source, text, groups) => {
    const compiled = compileBoundedRegex(source);
    expect(compiled).toMatchObject({ groups });
    expect(typeof compiled !== 'string' && compiled.regex.test(text)).toBe(true);
  });

  test('a table names every problem with its row and key', () => {
    const row = (id: string, more: object): NameTable['patterns'][number] => ({
      id,
      description: '',
      examples: [],
      ...more,
    });
    const example = [{ path: 'a', says: {} }];
    const found = compileNameTable({
      ...years,
      mediaWords: {},
      patterns: [
        row('one', { stem: 'a' }),
        row('one', { stem: '(', examples: example }),
        row('three', { stem: 'a', path: 'a', examples: example }),
        row('four', { path: '(?<who>a)', examples: example }),
      ],
    }).problems;
    expect(found.map(({ index, key }) => [index, key])).toEqual([
      [0, 'examples'],
      [1, 'id'],
      [1, 'stem'],
      [2, 'stem'],
      [3, 'path'],
    ]);
  });

  test('a row that an earlier one hides fails by its own example', () => {
    const patterns = [
      { id: 'wide', description: '', stem: '.{1,20}', examples: [{ path: 'x.mp4', says: {} }] },
      { id: 'narrow', description: '', stem: 'y', examples: [{ path: 'y.mp4', says: {} }] },
    ];
    const found = compileNameTable({ ...years, mediaWords: {}, patterns }).problems;
    expect(found).toEqual([{ index: 1, key: 'examples', message: 'y.mp4: pattern is read as "wide"' }]);
  });
});
