/** Goal: who may export is decided by two people, purposes are known in both languages, and no foreign document leaves. */
import { expect, test } from 'vitest';
import { exportPurposes, isDisclosed, judgeApproval, purposeOf, purposeWords } from '../../src/domain/export-policy.ts';

test.each([
  ['张三', '李四', true, 'approved'],
  ['张三', undefined, true, 'approver-missing'],
  ['张三', '张三', true, 'approver-is-applicant'],
  ['张三', ' 张 三', true, 'approver-is-applicant'],
  ['Zhang San', 'ZHANG SAN', true, 'approver-is-applicant'],
  ['ＡＢ', 'ab', true, 'approver-is-applicant'],
  ['张三', undefined, false, 'approved'],
  ['张三', '张三', false, 'approved'],
] as const)('applicant %s, approver %s, required %s: %s', (applicant, approvedBy, isApproverRequired, answer) => {
  expect(judgeApproval({ applicant, approvedBy, isApproverRequired })).toBe(answer);
});

test('a purpose is known by its code and its Chinese word; anything else is another one', () => {
  for (const purpose of exportPurposes) {
    expect(purposeOf(purpose)).toBe(purpose);
    expect(purposeOf(` ${purposeWords[purpose]} `)).toBe(purpose);
  }
  expect(purposeOf('市局督察')).toBe('other');
  expect(purposeOf('Litigation')).toBe('litigation');
});

const asked = { clips: new Set(['c-1']), exportId: 'b-1' };

test.each([
  ['clip-sealed', 'c-1', true],
  ['clip-probed', 'c-1', true],
  ['clip-linked', 'c-1', true],
  ['finding-raised', 'c-1', true],
  ['clip-restricted', 'c-1', false],
  ['some-later-type', 'c-1', false],
  ['clip-sealed', 'c-2', false],
  ['docking-started', 'd-1', true],
  ['inventory-listed', 'd-1', false],
  ['outcomes-listed', 'd-1', false],
  ['finding-raised', 'd-1', false],
  ['export-requested', 'b-1', true],
  ['export-requested', 'b-0', false],
  ['import-part', undefined, false],
] as const)('documents of %s about %s go along: %s', (type, subject, goes) => {
  expect(isDisclosed({ type, subject, ...asked })).toBe(goes);
});
