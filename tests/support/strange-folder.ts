/**
 * A folder as somebody else might hand it over: 200 files under every kind of name and size, and things that are no
 * regular files. Names are raw bytes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { SeededRandom } from './random.ts';

export interface StrangeFolder {
  /** Relative paths of the regular files. */
  readonly files: readonly Buffer[];
  /** Relative path to the reason with which it is skipped. */
  readonly others: ReadonlyMap<string, string>;
  /** Ends what holds the socket. */
  close(): Promise<void>;
}

const utf8 = (text: string): Buffer => Buffer.from(text);
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Paths that break programs, 40 of them. */
const strangePaths: readonly Buffer[] = [
  utf8('现场执法.mp4'),
  utf8('二〇二六/八月/四日/晋AX1234 超限检测.mp4'),
  utf8('police/video/20260804/JX0227_video_20260804_100000.mp4'),
  utf8('police/sound/20260804/晋交执罚〔2026〕0123号_140522010017_sound_20260804_100000_IMP.mp3'),
  utf8('DCIM/100MEDIA/2026_0804_100000_012.MOV'),
  utf8('DCIM/101MEDIA/2026_0804_100000_012.MOV'),
  utf8('a b  c.mp4'),
  utf8(' begins with a space'),
  utf8('ends with a space '),
  utf8('it\'s "quoted" `x` $(y) .mp4'),
  utf8('new\nline.mp4'),
  utf8('tab\there.mp4'),
  utf8('carriage\rreturn.mp4'),
  utf8('back\\slash\\n.mp4'),
  utf8('-rf'),
  utf8('--data'),
  utf8('--help/-x'),
  utf8('-'),
  utf8('~'),
  utf8('*?[a].mp4'),
  utf8('%s%n%x'),
  utf8(';rm -rf .;.mp4'),
  utf8('.hidden'),
  utf8('...'),
  utf8('..x/..y/...z'),
  utf8('no-extension'),
  utf8('CON.mp4'),
  utf8('e\u0301 decomposed.mp4'),
  utf8('\u00e9 composed.mp4'),
  utf8('right\u202eto-left.4pm'),
  utf8('zero\u200bwidth.mp4'),
  utf8('emoji 🎥.mp4'),
  utf8(`${'长'.repeat(85)}`),
  utf8(`${'n'.repeat(255)}`),
  utf8(`${'d'.repeat(255)}/${'e'.repeat(255)}/${'f'.repeat(255)}`),
  latin1('\xd6\xd0\xb9\xfa GBK.mp4'),
  latin1('\xff\xfe\x80.mp4'),
  latin1('\xc3(\xa0\xa1.mp4'),
  latin1('bell\x07escape\x1b[31m.mp4'),
  latin1('\xed\xa0\x80 surrogate/\xf5\xf6.mp4'),
];

const sizes = [0, 1, 4095, 4096, 4097, 65_536, 300_001, 1_048_576, 1_048_577];

function write(folder: string, path: Buffer, bytes: Uint8Array): void {
  const whole = Buffer.concat([Buffer.from(`${folder}/`), path]);
  mkdirSync(whole.subarray(0, whole.lastIndexOf(0x2f)), { recursive: true });
  writeFileSync(whole, bytes);
}

/** Fills `folder`, which must not exist. The socket needs a short path. */
export async function makeStrangeFolder(folder: string, random: SeededRandom): Promise<StrangeFolder> {
  mkdirSync(folder);
  const plain = Array.from({ length: 200 - strangePaths.length }, (_, at) => {
    // Equal names in different folders.
    return utf8(`card ${at % 7}/${['DCIM', '日志', 'x'][at % 3]}/file-${Math.floor(at / 21)}.mp4`);
  });
  const files = [...strangePaths, ...plain];
  for (const [at, path] of files.entries()) write(folder, path, random.bytes(sizes[at % sizes.length] ?? 0));
  const twin = random.bytes(200_000);
  write(folder, utf8('a b  c.mp4'), twin);
  write(folder, utf8('现场执法.mp4'), twin);
  symlinkSync('a b  c.mp4', join(folder, 'link-to-file'));
  symlinkSync('nowhere', join(folder, 'link-dangling'));
  symlinkSync('DCIM', join(folder, 'link-to-folder'));
  symlinkSync('/etc', join(folder, 'DCIM/link-outside'));
  for (const name of ['fifo', '-fifo']) spawnSync('mkfifo', ['--', join(folder, name)]);
  const server = await listenAt(join(folder, 'socket'));
  return {
    files,
    others: new Map([
      ...['link-to-file', 'link-dangling', 'link-to-folder', 'DCIM/link-outside'].map((path) => [
        path,
        'symbolic-link',
      ]),
      ...['fifo', '-fifo'].map((path) => [path, 'fifo']),
      ['socket', 'socket'],
    ] as [string, string][]),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function listenAt(path: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, () => resolve(server));
  });
}
