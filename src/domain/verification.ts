/**
 * What the offline verifier finds, how bad each finding is, and the exit code that follows. A finding is a value: a
 * check goes on after it and collects them all. Nothing here reads a file.
 */

/**
 * - `fork`: two signed heads of one log that cannot both hold;
 * - `altered`: something is not what it was, or breaks its format;
 * - `missing`: something that is named is not there;
 * - `unproved`: sound in itself, but nothing leads from it to a signed checkpoint;
 * - `untrusted`: everything agrees, but with keys that nobody outside vouches for;
 * - `note`: worth saying, and no fault.
 */
export type VerificationClass = 'fork' | 'altered' | 'missing' | 'unproved' | 'untrusted' | 'note';

const classes = {
  'bag-declaration-missing': 'missing',
  'bag-declaration-invalid': 'altered',
  'bag-version-unknown': 'altered',
  'bag-encoding-unknown': 'altered',
  'payload-folder-missing': 'missing',
  'manifest-missing': 'missing',
  'manifest-invalid': 'altered',
  'manifest-path-unsafe': 'altered',
  'manifest-duplicate': 'altered',
  'manifest-incomplete': 'altered',
  'manifest-unreadable': 'unproved',
  'algorithm-skipped': 'note',
  'spelling-accepted': 'note',
  'name-normalised': 'note',
  'file-missing': 'missing',
  'file-altered': 'altered',
  'file-added': 'altered',
  'file-not-plain': 'altered',
  'fetch-invalid': 'altered',
  'fetch-pending': 'missing',
  'payload-oxum-differs': 'altered',
  'bag-info-invalid': 'altered',
  'signature-missing': 'missing',
  'signature-wrong': 'altered',
  'checkpoint-missing': 'missing',
  'checkpoint-wrong': 'altered',
  'record-invalid': 'altered',
  'record-unproved': 'unproved',
  'document-altered': 'altered',
  'document-unproved': 'unproved',
  'clip-altered': 'altered',
  'clip-unproved': 'unproved',
  'file-unproved': 'unproved',
  'key-missing': 'untrusted',
  'key-untrusted': 'untrusted',
  'log-forked': 'fork',
  'ledger-altered': 'altered',
  'ledger-missing': 'missing',
} as const satisfies { readonly [code: string]: VerificationClass };

export type VerificationCode = keyof typeof classes;

export interface VerificationFinding {
  readonly code: VerificationCode;
  /** Relative to what was verified. */
  readonly file: string;
  /** One English sentence fragment for people. */
  readonly detail?: string;
}

export const classOf = (code: VerificationCode): VerificationClass => classes[code];

export const verifyExitCodes = { good: 0, missing: 10, altered: 11, unproved: 12, untrusted: 13, fork: 14 } as const;

/** The worst first: a fork says more than an altered file, and that more than one that is not there. */
const worstFirst = ['fork', 'altered', 'missing', 'unproved', 'untrusted'] as const;

export function verifyExitCode(findings: readonly VerificationFinding[]): number {
  const present = new Set(findings.map(({ code }) => classOf(code)));
  const worst = worstFirst.find((one) => present.has(one));
  return worst === undefined ? verifyExitCodes.good : verifyExitCodes[worst];
}
