/**
 * Packs a finished bag into one ZIP file (RFC 8493, 4: one folder with the bag's name). Nothing is compressed: video
 * would not shrink, and a stored file can be taken out by anything. Files over 4 GB make it a ZIP64.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

const fileMode = 0o100644;

/** @throws the kernel's error; AbortError */
export async function packBag(bag: string, target: string, name: string, signal: AbortSignal): Promise<void> {
  // Loaded when a bag is packed: most commands never are about one.
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  // Only its own event tells that a source could not be read; the stream would wait for ever.
  const failed = once(zip, 'error', { signal }).then(([error]) => {
    throw error;
  });
  failed.catch(() => undefined);
  for (const path of (await filesBelow(bag, '')).sort()) {
    zip.addFile(join(bag, path), `${name}/${path}`, { compress: false, mode: fileMode });
  }
  zip.end();
  await Promise.race([pipeline(zip.outputStream, createWriteStream(target), { signal }), failed]);
  const handle = await open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function filesBelow(folder: string, at: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else found.push(path);
  }
  return found;
}
