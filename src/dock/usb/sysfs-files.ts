/**
 * Reading sysfs as it is: files vanish while they are read, links lead nowhere, and strings are whatever a stranger's
 * device says. What is gone is `undefined`, never an error; every string is bounded and free of control characters.
 */
import { open, readdir, readlink, realpath } from 'node:fs/promises';
import { errorCode } from '../../domain/errors.ts';

/** A string descriptor has at most 126 UTF-16 units; sysfs attributes of interest are no longer than that. */
const textLengthMax = 128;
const readBytesMax = 1024;

/** What the kernel answers for a device that went away: the attribute, its folder or the device behind it is gone. */
const goneCodes = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'ENOTDIR', 'EIO', 'ESHUTDOWN', 'EPIPE']);

/** @throws the kernel's error when it says anything else than "gone" */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (goneCodes.has(errorCode(error))) return undefined;
    throw error;
  }
}

/** For the folders that the kernel always has: whatever else it answers is no statement about what is plugged in. */
export async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The attribute as one cleaned line; undefined when it is not there or empty. */
export async function readAttribute(path: string): Promise<string | undefined> {
  const bytes = await unlessGone(readStart(path));
  const text = bytes === undefined ? '' : cleanText(bytes.toString('utf8'));
  return text === '' ? undefined : text;
}

async function readStart(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(readBytesMax), 0, readBytesMax, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Decimal (`busnum`) or, with base 16, as descriptors are shown (`idVendor`). */
export async function readNumber(path: string, base: 10 | 16 = 10): Promise<number | undefined> {
  const text = await readAttribute(path);
  const digits = base === 10 ? /^\d{1,15}(?:\.\d)?$/ : /^[0-9a-f]{1,8}$/i;
  if (text === undefined || !digits.test(text)) return undefined;
  return base === 10 ? Number(text) : Number.parseInt(text, 16);
}

/** Names in a folder, sorted; empty when it is gone. */
export async function listNames(folder: string): Promise<readonly string[]> {
  return ((await unlessGone(readdir(folder))) ?? []).sort();
}

/** Last component of what a link points to, such as the driver's name; undefined without one. */
export async function linkName(path: string): Promise<string | undefined> {
  const target = await unlessGone(readlink(path));
  return target === undefined ? undefined : cleanText(target.slice(target.lastIndexOf('/') + 1)) || undefined;
}

export function realPath(path: string): Promise<string | undefined> {
  return unlessGone(realpath(path));
}

/**
 * Control, format, unassigned and private characters and lone surrogates become U+FFFD, which no serial may hold, so
 * that two strange strings never become one good serial.
 */
export function cleanText(text: string): string {
  return text
    .replace(/\0[\s\S]*$/u, '')
    .replace(/[\r\n]+$/u, '')
    .trim()
    .slice(0, textLengthMax)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
}
