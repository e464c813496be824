/**
 * `evidock verify`: a bag, a file with its proof, a proof, or a whole ledger, offline and without the station's data. It
 * finds out what the path is, and hands it to whoever can judge it; everything found is printed, the worst decides.
 */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { classOf, type VerificationClass, type VerificationFinding, verifyExitCode } from '../domain/verification.ts';
import { verifyBag } from '../exporting/bag-verification.ts';
import { validateBag } from '../exporting/bagit-validation.ts';
import { proofSuffix, readProofText, verifyProved } from '../exporting/proved-file.ts';
import { parseTrustFile, type TrustedKeys } from '../exporting/trust-file.ts';
import { isTlogProof } from '../formats/inclusion-proofs.ts';
import type { Language } from '../texts/cli-texts.ts';
import { exportTexts, verificationTexts } from '../texts/export-texts.ts';
import { type AloneCommand, type CommandIo, exitCodes } from './command.ts';
import { humanBytes } from './human-bytes.ts';
import { verifyWholeLedger } from './verify-ledger.ts';

export type VerifiedThing = 'bag' | 'bagit' | 'file' | 'proof' | 'ledger';

export interface Verified {
  readonly what: VerifiedThing;
  readonly findings: readonly (VerificationFinding & { readonly text?: { readonly [L in Language]: string } })[];
  readonly clips?: number;
  readonly records?: number;
}

export const verifyCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'verify',
  summary: '离线核对证据包、文件、证明或存证日志 / verify a bag, file, proof or ledger offline',
  usage: 'evidock verify PATH [--trust FILE] [--only bagit] [--json]',
  options: {
    trust: { type: 'string', value: 'FILE', isPath: true, help: '采集站另行提供的公钥 / keys from "evidock trust"' },
    only: { type: 'string', value: 'bagit', help: '只按 RFC 8493 核对 / judge RFC 8493 alone' },
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines: one a finding, then verified' },
  },
  positionals: [{ name: 'PATH', isPath: true }],
  exits:
    '0 good, 1 the trust file cannot be read as one, 10 missing, 11 altered, 12 unproved, 13 no or untrusted key, 14 fork (the worst of 14, 11, 10, 12, 13)',
  check: ({ values }) =>
    values.only === undefined || values.only === 'bagit' ? undefined : '--only 只能是 bagit / --only is bagit',
  async run(_context, call, io) {
    const path = call.positionals[0] as string;
    const trust = call.values.trust === undefined ? undefined : await readTrust(call.values.trust as string);
    try {
      const verified = await verifyPath(path, { trust, onlyBagit: call.values.only === 'bagit', io });
      print(verified, { json: call.values.json === true, language: call.language }, io);
      return verifyExitCode(verified.findings);
    } catch (error) {
      if (io.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
  },
};

async function readTrust(path: string): Promise<TrustedKeys> {
  try {
    return parseTrustFile(await readFile(path, 'utf8'));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw new StationError('usage', `没有这个公钥文件 / there is no trust file ${path}`);
  }
}

interface How {
  readonly trust: TrustedKeys | undefined;
  readonly onlyBagit: boolean;
  readonly io: CommandIo;
}

async function verifyPath(path: string, { trust, onlyBagit, io }: How): Promise<Verified> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new StationError('usage', `路径不存在 / there is nothing at ${path}`);
  const control = {
    signal: io.signal,
    onProgress: (done: number, all: number) => io.progress(`${humanBytes(done)} / ${humanBytes(all)}`),
  };
  if (onlyBagit) {
    if (!stats.isDirectory())
      throw new StationError('usage', `不是文件夹，请先解包 / ${path} is no folder: unpack the bag first`);
    return { what: 'bagit', findings: (await validateBag(path, control)).findings };
  }
  if (stats.isDirectory()) {
    const ledger = ledgerParent(path);
    if (ledger !== undefined) return verifyWholeLedger(ledger, trust, io);
    return { what: 'bag', ...(await verifyBag(path, trust, control)) };
  }
  const bag = bagAround(path);
  if (bag !== undefined) return { what: 'bag', ...(await verifyBag(bag, trust, control)) };
  return verifyFile(path, trust, io);
}

async function verifyFile(path: string, trust: TrustedKeys | undefined, io: CommandIo): Promise<Verified> {
  if (/\.zip$/i.test(path))
    throw new StationError(
      'usage',
      `是压缩包，请解包后核对文件夹 / ${path} is packed: unpack it and verify the folder`,
    );
  const own = await readProofText(path);
  if (own !== undefined && isTlogProof(own)) {
    return { what: 'proof', findings: await verifyProved({ path, text: own }, undefined, trust) };
  }
  const beside = `${path}${proofSuffix}`;
  const text = await readProofText(beside);
  if (text === undefined) {
    const detail = `neither a bag around it nor ${basename(beside)} beside it`;
    return { what: 'file', findings: [{ code: 'file-unproved', file: basename(path), detail }] };
  }
  return { what: 'file', findings: await verifyProved({ path: beside, text }, path, trust, { signal: io.signal }) };
}

/** The folder in which `ledger/` lies: a data folder, a copy of one, or the parent of a ledger that was named itself. */
function ledgerParent(path: string): string | undefined {
  if (existsSync(join(path, 'bagit.txt'))) return undefined;
  if (existsSync(join(path, 'ledger/records'))) return path;
  if (!existsSync(join(path, 'records')) || !existsSync(join(path, 'checkpoint'))) return undefined;
  // Of the logs of a ledger none is judged without the others.
  const ledger = path.replace(/\/logs\/\d+$/, '');
  if (basename(ledger) === 'ledger') return dirname(ledger);
  throw new StationError('ledger-copy-name', `${path} holds a ledger, but its folder is not named "ledger"`, {
    next: 'Rename the folder to "ledger" and verify it, or the folder around it.',
  });
}

/** A file of a bag is proved by the whole of it. */
function bagAround(path: string): string | undefined {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'bagit.txt'))) return folder;
  }
  return undefined;
}

function print(verified: Verified, form: { json: boolean; language: Language }, io: CommandIo): void {
  const { what, findings, clips, records } = verified;
  const words = exportTexts[form.language];
  const code = verifyExitCode(findings);
  if (form.json) {
    for (const { code: finding, file, detail } of findings) {
      io.out(JSON.stringify({ event: 'finding', code: finding, class: classOf(finding), file, detail }));
    }
    io.out(
      JSON.stringify({
        event: 'verified',
        what,
        exit: code,
        findings: findings.filter(isFault).length,
        clips,
        records,
      }),
    );
    return;
  }
  for (const { code: finding, file, detail, text } of findings) {
    const sentence = (text ?? verificationTexts[finding])[form.language];
    io.out(`${words.classWord[classOf(finding)]}  ${file}  ${sentence}${detail === undefined ? '' : `  (${detail})`}`);
  }
  if (code === 0) io.out(what === 'bagit' ? words.validBag : words.good(words.what[what]));
  if (clips !== undefined && records !== undefined) io.out(words.counts(clips, records));
  if (what !== 'bagit') io.err(words.limits);
}

const isFault = ({ code }: VerificationFinding): boolean => classOf(code) !== ('note' satisfies VerificationClass);
