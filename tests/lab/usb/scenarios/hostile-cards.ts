/**
 * What the kernel makes of names that no operating system writes: the hostile cards are real, and what was measured
 * about them holds on this kernel. The station's own answer to them is proved elsewhere.
 */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CardFileSystem, makeCardImage, withLoop } from '../card-image.ts';
import { renameOnExfat, renameOnFat } from '../hostile-names.ts';
import { sampleFiles } from '../sample-recorders.ts';
import type { Lab, Scenario } from '../scenario.ts';

const run = promisify(execFile);

interface Look {
  readonly names: readonly string[];
  /** Code of the error that ended the listing. */
  readonly error: string | undefined;
  readonly contents: { readonly [name: string]: string };
}

export const hostileCards: Scenario = {
  name: 'hostile-cards',
  goal: 'cards with a slash in a name, case twins and a trailing dot are made, and hide files from the kernel as measured',
  secondsMax: 120,
  run: async (lab) => {
    await slash(lab, 'fat32');
    await slash(lab, 'exfat');
    await caseTwins(lab);
    await trailingDot(lab);
  },
};

async function slash(lab: Lab, fileSystem: CardFileSystem): Promise<void> {
  const image = join(lab.folder, `slash-${fileSystem}.img`);
  await makeCard(image, fileSystem, ['b#Clip.mp4', 'zz.mp4']);
  if (fileSystem === 'fat32') renameOnFat(image, 'b#Clip.mp4', 'b/Clip.mp4');
  else renameOnExfat(image, 'b#Clip.mp4', 'b/Clip.mp4');
  const { names, error } = await lookAt(lab, image, fileSystem, '');
  lab.step('a name with a slash hides its folder', error !== undefined || names.length < 2, {
    ...{ fileSystem, names, error },
  });
}

async function caseTwins(lab: Lab): Promise<void> {
  const image = join(lab.folder, 'twins.img');
  await makeCard(image, 'exfat', ['twin-a.mp4', 'twin-b.mp4']);
  renameOnExfat(image, 'twin-b.mp4', 'TWIN-A.mp4');
  const { names, contents } = await lookAt(lab, image, 'exfat', ',keep_last_dots');
  const both = names.includes('twin-a.mp4') && names.includes('TWIN-A.mp4');
  const same = contents['twin-a.mp4'] === contents['TWIN-A.mp4'];
  lab.step('two names that differ in case open one file', both && same, { names, contents });
}

async function trailingDot(lab: Lab): Promise<void> {
  const image = join(lab.folder, 'dot.img');
  // The kernel does not make such a name, whatever its options.
  await makeCard(image, 'exfat', ['clip.mp4', 'clip.mp4x']);
  renameOnExfat(image, 'clip.mp4x', 'clip.mp4.');
  const plain = await lookAt(lab, image, 'exfat', '');
  lab.step(
    'a name with a trailing dot opens another file',
    plain.contents['clip.mp4.'] === plain.contents['clip.mp4'] || plain.contents['clip.mp4.'] === undefined,
    { ...plain },
  );
  const kept = await lookAt(lab, image, 'exfat', ',keep_last_dots');
  const told = kept.contents['clip.mp4'] === 'clip.mp4' && kept.contents['clip.mp4.'] === 'clip.mp4x';
  lab.step('with keep_last_dots it opens its own', told, { ...kept });
}

/** Each file holds its own name, and one more folder holds clips. */
async function makeCard(image: string, fileSystem: CardFileSystem, names: readonly string[]): Promise<void> {
  const files = names.map((name) => ({ path: name, content: Buffer.from(name) }));
  const more = sampleFiles('TA09999', 10_000);
  await makeCardImage({ image, fileSystem, partitioned: false, label: 'HOSTILE', files: [...files, ...more] });
}

function lookAt(lab: Lab, image: string, fileSystem: CardFileSystem, options: string): Promise<Look> {
  return withLoop(image, 0, async (device) => {
    const place = join(lab.folder, 'mounted');
    await mkdir(place, { recursive: true });
    const type = fileSystem === 'fat32' ? 'vfat' : fileSystem;
    await run('mount', ['-t', type, '-o', `ro,iocharset=utf8${options}`, device, place]);
    try {
      return await listing(place);
    } finally {
      await run('umount', [place]);
    }
  });
}

async function listing(place: string): Promise<Look> {
  let names: string[];
  try {
    names = await readdir(place);
  } catch (error) {
    return { names: [], error: (error as NodeJS.ErrnoException).code, contents: {} };
  }
  const contents: Record<string, string> = {};
  for (const name of names) {
    const text = await readFile(join(place, name), 'utf8').catch(() => undefined);
    if (text !== undefined && text.length < 100) contents[name] = text;
  }
  return { names, error: undefined, contents };
}
