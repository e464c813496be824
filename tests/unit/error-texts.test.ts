/**
 * Nobody at the dock is left without a next step: every error that the program throws, and every word of the dock's
 * helper, has its sentence and its step in both languages. The lists come from the source itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reportError } from '../../src/control/error-report.ts';
import { StationError } from '../../src/domain/errors.ts';
import { problemCode } from '../../src/domain/helper-problem.ts';
import { codeText } from '../../src/texts/code-texts.ts';
import { errorNext, errorText } from '../../src/texts/error-texts.ts';

const root = join(import.meta.dirname, '../..');

function sources(folder: string, end: string): string {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith(end))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

const found = (text: string, pattern: RegExp): string[] =>
  [...new Set(Array.from(text.matchAll(pattern), (match) => match[1] ?? ''))].sort();

/** Codes that are put together or handed on where they are thrown. */
const composed = [
  ...['export-approver-missing', 'export-approver-is-applicant', 'clip-restricted', 'clip-deleted'],
  ...['record-unknown', 'original-altered', 'original-missing', 'folder-missing', 'folder-not-usable'],
];
const thrown = [
  ...new Set([...found(sources('src', '.ts'), /(?:StationError|FinalTrouble)\(\s*'([a-z][a-z-]*)'/g), ...composed]),
].sort();
const helperWords = found(sources('native/helper', '.cc'), /(?:refuse|fail)\("([a-z-]+)"/g);
/** Only a fault of this program brings these about: nothing that a person at the dock could do differs. */
const ourFaults = ['bad-argument', 'bad-request', 'beyond-device', 'not-granted', 'opcode-refused', 'unknown-verb'];

describe('errors', () => {
  test('are found in the source at all', () => {
    expect(thrown.length).toBeGreaterThan(50);
    expect(thrown).toContain('recorder-still-recording');
    expect(helperWords).toContain('not-calibrated');
  });

  test.each(thrown)('%s has a sentence and a next step in Chinese, and a sentence in English', (code) => {
    expect(errorText(code, 'zh'), code).toMatch(/[\u4e00-\u9fff]/);
    expect(errorText(code, 'en'), code).toMatch(/^[A-Z]/);
    expect(errorNext(code, 'zh'), code).toMatch(/[\u4e00-\u9fff]/);
  });

  test('say the Chinese step in Chinese, and the step of the case itself in English', () => {
    const error = new StationError('recorder-still-recording', 'the recorder refuses disk mode (status 2)', {
      next: 'Stop the recording on the recorder, then plug it in again.',
    });
    expect(reportError(error, 'zh').lines).toEqual([
      '错误 [recorder-still-recording]: 记录仪仍在录制。 the recorder refuses disk mode (status 2)',
      '下一步: 先停止录制，再重新插入。',
    ]);
    expect(reportError(error, 'en').lines[1]).toContain('Stop the recording on the recorder');
    expect(reportError(new StationError('card-missing', 'no card appeared'), 'en').lines[1]).toContain(
      'plug it in again',
    );
  });
});

describe('what a slot says', () => {
  const ofDock = [
    ...['recorder-password-wrong', 'recorder-still-recording', 'recorder-card-missing', 'recorder-silent'],
    ...['recorder-refused', 'recorder-unknown', 'recorder-ambiguous', 'recorder-unsteady', 'recorder-pulled'],
    ...['driver-missing', 'dock-not-calibrated', 'dock-slots-invalid', 'card-missing', 'card-unreadable'],
    ...[
      'card-not-read-only',
      'not-a-recorder',
      'helper-unavailable',
      'helper-refused',
      'helper-failed',
      'flush-failed',
    ],
  ];
  const ofHelper = helperWords.filter((word) => !ourFaults.includes(word)).map((word) => `helper-${word}`);

  test.each([...ofDock, ...ofHelper])('%s: the problem and its next step, in both languages', (code) => {
    for (const language of ['zh', 'en'] as const) {
      const { word, more } = codeText('problem', code, language);
      expect(word, code).not.toBe(code);
      expect(more, code).not.toBe('');
    }
    expect(codeText('problem', code, 'zh').more).toMatch(/[\u4e00-\u9fff]/);
  });

  test.each(helperWords)('the helper said %s: the code carries it unless the fault is ours', (word) => {
    const cause = Object.assign(new Error(word), { code: word });
    const error = new StationError('helper-refused', word, { cause });
    expect(problemCode(error)).toBe(ourFaults.includes(word) ? 'helper-refused' : `helper-${word}`);
  });

  test('an errno below the helper stays with the helper', () => {
    const cause = Object.assign(new Error('EIO'), { code: 'EIO' });
    expect(problemCode(new StationError('helper-failed', 'x', { cause }))).toBe('helper-failed');
    expect(problemCode(new Error('plain'))).toBe('unknown');
  });
});
