/**
 * One run of the guest in QEMU. Owns the command line, the choice between KVM and emulation, and the end: a guest that
 * is not through within its limit is killed by its process id. Knows nothing of scenarios.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuestKernel } from './debian-kernel.ts';

export type Acceleration = 'kvm' | 'tcg';

export interface MachineWish {
  readonly kernel: GuestKernel;
  /** Raw image of the ext4 file system that the guest mounts at /lab. */
  readonly dataDisk: string;
  /** Raw image of the ext4 file system that the guest mounts read-only at the checkout's node_modules. */
  readonly packages: string;
  /** Folder that the guest may write; `up` appears there when the guest is ready. */
  readonly results: string;
  readonly consoleLog: string;
  /** Words `evidock_lab_x=value` for the kernel's command line; no spaces. */
  readonly settings: { readonly [name: string]: string };
  readonly moreArguments: readonly string[];
  /** Undefined takes KVM where it works and emulation elsewhere. */
  readonly acceleration: Acceleration | undefined;
  /** Where it is remembered that KVM does not work on this host. */
  readonly cache: string;
  readonly secondsMax: number;
  readonly signal?: AbortSignal;
}

export interface MachineRun {
  readonly acceleration: Acceleration;
  /** From the start of QEMU until the guest was ready for its scenario. */
  readonly bootSeconds: number | undefined;
  readonly seconds: number;
  readonly ended: 'by-itself' | 'time-limit' | 'cancelled';
}

/** A nested KVM may hang in the guest's first instructions: it is given up when the guest is not up after this. */
const kvmUpSecondsMax = 20;

/** Runs the guest to its end. KVM that aborts or hangs before the guest is up is replaced by emulation. */
export async function runMachine(wish: MachineWish): Promise<MachineRun> {
  const failedBefore = join(wish.cache, 'kvm-does-not-work');
  if (wish.acceleration === 'kvm' || (wish.acceleration === undefined && kvmMayWork(failedBefore))) {
    const run = await runOnce(wish, 'kvm');
    if (run.bootSeconds !== undefined || wish.acceleration === 'kvm' || wish.signal?.aborted) return run;
    writeFileSync(failedBefore, bootOfHost());
    rmSync(wish.consoleLog, { force: true });
  }
  return runOnce(wish, 'tcg');
}

/** Tried once for each boot of the host. */
function kvmMayWork(failedBefore: string): boolean {
  if (existsSync(failedBefore) && readFileSync(failedBefore, 'utf8') === bootOfHost()) return false;
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function bootOfHost(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
}

async function runOnce(wish: MachineWish, acceleration: Acceleration): Promise<MachineRun> {
  const started = performance.now();
  const seconds = (): number => Math.round((performance.now() - started) / 10) / 100;
  const child = spawn('qemu-system-x86_64', machineArguments(wish, acceleration), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const problem = { text: '', over: false };
  child.stderr.on('data', (chunk: Buffer) => {
    problem.text = `${problem.text}${chunk.toString('utf8')}`.slice(-4000);
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  }).finally(() => {
    problem.over = true;
  });
  // The watcher below looks at `over`; a start that failed is thrown when it is awaited at the end.
  closed.catch(() => undefined);
  let bootSeconds: number | undefined;
  let ended: MachineRun['ended'] = 'by-itself';
  while (!problem.over) {
    await Promise.race([closed.catch(() => undefined), sleep(50)]);
    if (bootSeconds === undefined && existsSync(join(wish.results, 'up'))) bootSeconds = seconds();
    const hung = acceleration === 'kvm' && bootSeconds === undefined && seconds() > kvmUpSecondsMax;
    if (wish.signal?.aborted) ended = 'cancelled';
    else if (hung || seconds() > wish.secondsMax) ended = 'time-limit';
    if (ended !== 'by-itself') await end(child, closed);
  }
  await closed;
  if (bootSeconds === undefined && acceleration === 'tcg') {
    throw new Error(`the guest did not come up (${ended}): ${problem.text}\n${lastLines(wish.consoleLog)}`);
  }
  return { acceleration, bootSeconds, seconds: seconds(), ended };
}

async function end(child: ChildProcess, closed: Promise<void>): Promise<void> {
  child.kill('SIGKILL');
  await closed.catch(() => undefined);
}

function machineArguments(wish: MachineWish, acceleration: Acceleration): string[] {
  const settings = Object.entries(wish.settings).map(([name, value]) => `evidock_lab_${name}=${value}`);
  const bad = settings.find((word) => /\s/u.test(word));
  if (bad !== undefined) throw new Error(`the kernel's command line cannot carry spaces: ${bad}`);
  // arch-capabilities: nested hosts often refuse to set that register, and QEMU then aborts.
  // AVX is younger than the rest of QEMU 7.2's emulation and slower than what Node does without it.
  const speed =
    acceleration === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host,arch-capabilities=off']
      : ['-accel', 'tcg,thread=multi', '-cpu', 'max,avx=off,avx2=off'];
  return [
    ...speed,
    ...['-smp', '2', '-m', '3G', '-nodefaults', '-display', 'none', '-no-reboot', '-net', 'none'],
    ...['-serial', `file:${wish.consoleLog}`],
    ...['-kernel', wish.kernel.image, '-initrd', wish.kernel.initramfs],
    '-append',
    ['console=ttyS0 panic=-1 loglevel=5 usbcore.autosuspend=-1', ...settings].join(' '),
    ...['-virtfs', 'local,path=/,mount_tag=rootfs,security_model=none,readonly=on,multidevs=remap'],
    ...['-virtfs', `local,path=${wish.results},mount_tag=results,security_model=none`],
    ...['-drive', `file=${wish.dataDisk},format=raw,if=virtio,cache=unsafe`],
    ...['-drive', `file=${wish.packages},format=raw,if=virtio,readonly=on`],
    ...wish.moreArguments,
  ];
}

export function lastLines(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(-40).join('\n') : '(no console)';
}
