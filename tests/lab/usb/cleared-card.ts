/**
 * What a card has left after it was cleared, by the kernel's own drivers and the file systems' checkers, and what the
 * ledger says of it: the two that must agree.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type CardFile, withLoop } from './card-image.ts';
import type { SampleCard } from './sample-recorders.ts';
import { type StationPlace, sha256Of } from './station-scenario.ts';

const run = promisify(execFile);

export const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  String([...a].sort()) === String([...b].sort());
export const lineOf = ({ path, content }: CardFile): string => `${path} ${sha256Of(content)}`;

/** Paths that the ledger says are gone from the recorder. */
export function clearedOf(place: StationPlace, serial: string): string[] {
  const { ledger } = place;
  return ledger
    .ofType('clip-cleared')
    .flatMap((record) => ledger.documentsOf(record) as { path: string }[])
    .map(({ path }) => path)
    .filter((path) => path.includes(serial));
}

export function keptOf(place: StationPlace, docking: string | undefined): { path: string; reason: string }[] {
  const { ledger } = place;
  return ledger
    .ofType('clearing-kept')
    .filter(({ body }) => body.docking === docking)
    .flatMap((record) => ledger.documentsOf(record) as { entries: { path: string; reason: string }[] }[])
    .flatMap(({ entries }) => entries);
}

export interface LeftOnCard {
  /** As `lineOf` says them. */
  readonly lines: readonly string[];
  readonly checked: { readonly code: number; readonly said: string };
}

/** Every file of the image by the kernel's own driver, and what the file system's checker says; changes nothing. */
export async function leftOn({ image, fileSystem, partitioned }: SampleCard): Promise<LeftOnCard> {
  return withLoop(image, partitioned ? 1024 * 1024 : 0, async (device) => {
    const mounted = mkdtempSync(`${image}-left-`);
    const type = fileSystem === 'exfat' ? 'exfat' : 'vfat';
    await run('mount', ['-t', type, '-o', 'ro,iocharset=utf8', device, mounted]);
    let lines: string[];
    try {
      lines = readdirSync(mounted, { recursive: true, encoding: 'utf8' })
        .map((name) => join(mounted, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => `${relative(mounted, path)} ${sha256Of(readFileSync(path))}`);
    } finally {
      await run('umount', [mounted]);
      rmdirSync(mounted);
    }
    const checker = fileSystem === 'exfat' ? 'fsck.exfat' : 'fsck.fat';
    const checked = await run(checker, ['-n', device]).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        said: `${error.stdout}${error.stderr}`,
      }),
    );
    return { lines, checked };
  });
}
