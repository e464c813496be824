/**
 * A printable HTML file as PDF, by the browser that a kiosk has anyway. The page is our own and needs nothing, so the
 * browser gets no network and a profile that is thrown away. A machine without a browser makes no PDF; that is a value.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const knownBrowsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;
const browserFolders = ['/usr/bin', '/usr/local/bin', '/snap/bin'] as const;
const wallMsMax = 60_000;
const complaintCharsMax = 500;

export type PdfPaper =
  | { readonly kind: 'made'; readonly pdf: Uint8Array }
  | { readonly kind: 'no-browser' }
  | { readonly kind: 'failed'; readonly reason: string };

export interface PdfRequest {
  readonly html: string;
  /** Path of the browser; null looks for one where Debian puts them. */
  readonly browser: string | null;
  /** Where a scratch folder is made; that one is removed again. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** @throws the signal's reason when it is aborted, and the kernel's error about the scratch folder */
export async function pdfPaper({ html, browser, scratch, signal }: PdfRequest): Promise<PdfPaper> {
  const program = browser ?? findBrowser();
  if (program === undefined) return { kind: 'no-browser' };
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, 'pdf-'));
  try {
    const page = join(folder, 'paper.html');
    const target = join(folder, 'paper.pdf');
    await writeFile(page, html);
    const reason = await print(program, { page, target, profile: join(folder, 'profile') }, signal);
    signal.throwIfAborted();
    if (reason !== undefined) return { kind: 'failed', reason };
    return { kind: 'made', pdf: await readFile(target) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function findBrowser(): string | undefined {
  const places = knownBrowsers.flatMap((name) => browserFolders.map((folder) => join(folder, name)));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

interface PrintJob {
  readonly page: string;
  readonly target: string;
  readonly profile: string;
}

/** @returns why it did not work, undefined when it did */
async function print(program: string, job: PrintJob, signal: AbortSignal): Promise<string | undefined> {
  const args = [
    '--headless',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    `--user-data-dir=${job.profile}`,
    '--no-pdf-header-footer',
    `--print-to-pdf=${job.target}`,
    // The browser's own sandbox does not work for root; the page is ours and runs no script.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    pathToFileURL(job.page).href,
  ];
  let complaint = '';
  const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: job.profile, LC_ALL: 'C.UTF-8' };
  // Its own group, so that all of its processes can be ended.
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment, detached: true });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-complaintCharsMax);
  });
  return new Promise((resolve) => {
    const clock = setTimeout(() => end(child), wallMsMax);
    const cancel = (): void => end(child);
    signal.addEventListener('abort', cancel, { once: true });
    const settle = (reason: string | undefined): void => {
      clearTimeout(clock);
      signal.removeEventListener('abort', cancel);
      resolve(reason);
    };
    child.once('error', (error) => settle(error.message));
    child.once('close', (code) => settle(code === 0 ? undefined : `ended with ${code ?? 'a signal'}: ${complaint}`));
  });
}

function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
