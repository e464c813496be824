/** Goal: the register of use says how long recordings are only as far as it is known, and never that they have 0 minutes. */
import { expect, it } from 'vitest';
import { personRegisterSheet, type UseLength, useSheet } from '../../src/reporting/use-forms.ts';

const sheetOf = (length: UseLength, language: 'zh' | 'en') =>
  useSheet({
    language,
    month: '2026-11',
    unit: null,
    rows: [
      {
        recorder: 'R1',
        users: [],
        outAt: null,
        backAt: '2026-11-20T18:00:00',
        isDocked: true,
        firstRecorded: null,
        lastRecorded: null,
        clips: 4,
        length,
        interrupted: 0,
        cases: [],
      },
    ],
  });

const person = (length: UseLength) => ({
  name: '甲',
  certificateNo: '1401',
  unit: 'J',
  post: '一线',
  status: 'valid' as const,
  validUntil: '2030-12-31' as never,
  assignment: null,
  checkOuts: 0,
  dockings: 1,
  clips: 4,
  length,
});

it.each([
  [{ files: 4, unknown: 0, ms: 600_000 }, 10, '4 个文件，共 10 分钟', '4 files, 10 minutes'],
  [{ files: 4, unknown: 0, ms: 60_000 }, 1, '4 个文件，共 1 分钟', '4 files, 1 minutes'],
  [{ files: 4, unknown: 0, ms: 59_999 }, '不足 1 分钟', '4 个文件，时长不足 1 分钟', '4 files, length below 1 minute'],
  [{ files: 4, unknown: 4, ms: 0 }, '未知', '4 个文件，时长未知', '4 files, length not known'],
  [
    { files: 4, unknown: 1, ms: 659_999 },
    '至少 10 分钟',
    '4 个文件，时长至少 10 分钟（其中 1 个文件时长未知）',
    '4 files, length at least 10 min (files of which it is not known: 1)',
  ],
  [{ files: 0, unknown: 0, ms: 0 }, 0, '4 个文件', '4 files'],
])('%j', (length, cell, zh, en) => {
  expect(sheetOf(length, 'zh').rows[0]?.slice(9, 12)).toEqual([4, cell, zh]);
  expect(sheetOf(length, 'en').rows[0]?.[11]).toBe(en);
  const register = personRegisterSheet({ language: 'zh', month: '2026-11', unit: null, persons: [person(length)] });
  expect(register.rows[0]?.slice(12)).toEqual([4, cell]);
});
