/**
 * Reading sysfs as it is: files vanish while they are read, links lead nowhere, and strings are whatever a stranger's
 * device says. What is gone is `undefined`, never an error; every string is bounded and free of control characters.
 * What the kernel answers out of its memory is read at once: some 500 files a look at 24 recorders, and handing each to
 * a thread costs several times as much. A device's own strings wait for its lock, which a reset holds for seconds, and
 * are read aside.
 */
import { closeSync, openSync, readdirSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../../domain/errors.ts';

/** A string descriptor has at most 126 UTF-16 units; sysfs attributes of interest are no longer than that. */
const textLengthMax = 128;
const readBytesMax = 1024;

/** What the kernel answers for a device that went away: the attribute, its folder or the device behind it is gone. */
const goneCodes = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'ENOTDIR', 'EIO', 'ESHUTDOWN', 'EPIPE']);

/** @throws the kernel's error when it says anything else than "gone" */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    return undefinedWhenGone(error);
  }
}

function undefinedWhenGone(error: unknown): undefined {
  if (!goneCodes.has(errorCode(error))) throw error;
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

/** The attribute as one cleaned line; undefined when it is not there or empty. For what no lock is taken. */
export function readAttribute(path: string): string | undefined {
  return lineOf(unlessGone(() => readStart(path)));
}

/** A string that the device itself said: `serial`, `manufacturer`, `product`. */
export async function readDeviceString(path: string): Promise<string | undefined> {
  return lineOf(await readStartAside(path).catch(undefinedWhenGone));
}

function lineOf(bytes: Buffer | undefined): string | undefined {
  const text = bytes === undefined ? '' : cleanText(bytes.toString('utf8'));
  return text === '' ? undefined : text;
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(readBytesMax);
    return buffer.subarray(0, readSync(file, buffer, 0, readBytesMax, 0));
  } finally {
    closeSync(file);
  }
}

async function readStartAside(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(readBytesMax), 0, readBytesMax, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Decimal (`busnum`) or, with base 16, as descriptors are shown (`idVendor`). */
export function readNumber(path: string, base: 10 | 16 = 10): number | undefined {
  const text = readAttribute(path);
  const digits = base === 10 ? /^\d{1,15}(?:\.\d)?$/ : /^[0-9a-f]{1,8}$/i;
  if (text === undefined || !digits.test(text)) return undefined;
  return base === 10 ? Number(text) : Number.parseInt(text, 16);
}

/** Names in a folder, sorted; empty when it is gone. */
export function listNames(folder: string): readonly string[] {
  return (unlessGone(() => readdirSync(folder)) ?? []).sort();
}

/** Last component of what a link points to, such as the driver's name; undefined without one. */
export function linkName(path: string): string | undefined {
  const target = unlessGone(() => readlinkSync(path));
  return target === undefined ? undefined : cleanText(target.slice(target.lastIndexOf('/') + 1)) || undefined;
}

export function realPath(path: string): string | undefined {
  // The kernel's own: Node's walks the path in steps.
  return unlessGone(() => realpathSync.native(path));
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
