/** What an auditor's page is shown in tests: something of everything, with a strange name where a name can be strange. */
import type { AuditView } from '../../src/web/web-audit.ts';

const origin = `sigsum.org/v1/tree/${'ab'.repeat(32)}`;

export const sampleAudit: AuditView = {
  station: '5b1c1f5e9a3d4c0b',
  records: 1234,
  checkpoint: `${origin}\n1234\n${'A'.repeat(43)}=\n\n\u2014 ${origin} ${'B'.repeat(91)}=\n`,
  endedLogs: [
    {
      log: 0,
      records: 400,
      checkpoint: `sigsum.org/v1/tree/${'cd'.repeat(32)}\n400\n${'A'.repeat(43)}=\n`,
      isCompromised: true,
    },
  ],
  keys: [
    { role: 'log', fingerprint: `SHA256:${'c'.repeat(43)}` },
    { role: 'leaf', fingerprint: `SHA256:${'d'.repeat(43)}` },
    { role: 'log', fingerprint: `SHA256:${'e'.repeat(43)}`, endedLog: 0 },
  ],
  witnesses: [
    { name: 'witness.example/市局', cosigned: { at: '2026-11-20T08:00:00.000Z', size: 1200 }, trouble: null },
    { name: '<b>other</b>', cosigned: null, trouble: 'HTTP 503' },
  ],
  stamps: [
    { kind: 'sm2', size: 1234, time: null, trouble: null },
    { kind: 'time-stamp', size: null, time: null, trouble: 'the time stamping authority: HTTP 503' },
  ],
  places: [
    { folder: null, scrubbedAt: '2026-11-20T18:00:00.000Z', behind: 0, damaged: 1, isPresent: true },
    { folder: '/mnt/mirror', scrubbedAt: null, behind: 7, damaged: 0, isPresent: false },
  ],
  isPublic: true,
};
