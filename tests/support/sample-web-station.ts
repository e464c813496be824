/**
 * A station for tests of the pages alone: invented officers and clips, every state of a slot, and texts as hostile as
 * a card can carry. What it shows can be changed while pages are open. Only tests use it; the real one is tested end
 * to end elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { DockProblem, SlotState, SlotView } from '../../src/domain/dock.ts';
import type {
  ClipDetail,
  ClipQuery,
  ClipView,
  LedgerAlarmView,
  StationFooter,
  WebStation,
} from '../../src/web/web-station.ts';
import { sampleAudit } from './sample-audit.ts';
import { SampleCoverage } from './sample-coverage.ts';
import { sampleDockings } from './sample-dockings.ts';

export const hostileTexts = [
  '"><script>window.hacked=1</script>',
  "'><img src=x onerror=window.hacked=1>",
  'a\u202egpj.exe\u0000\u0007\u001b[31m',
  '\u2066\u200f\ufeffjavascript:alert(1)\ud800',
  '{{7*7}}</textarea></title></style><base href=//evil.example>',
] as const;

export interface SampleMedia {
  readonly video: string;
  readonly poster: string;
}

/** Two seconds of H.264 with sound, and a frame of it. */
export function makeSampleMedia(folder: string): SampleMedia {
  const video = join(folder, 'playable.mp4');
  const poster = join(folder, 'poster.jpg');
  const run = (args: readonly string[]): void => {
    execFileSync('/usr/bin/ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args]);
  };
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=2'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'];
  run([
    ...picture,
    ...sound,
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-movflags',
    '+faststart',
    video,
  ]);
  run(['-i', video, '-frames:v', '1', poster]);
  return { video, poster };
}

export interface SampleOptions {
  readonly clips: number;
  /** Four, one of each state, unless told. */
  readonly dockings?: number;
  readonly slots?: readonly SlotView[];
  readonly media?: SampleMedia;
  /** Put hostile texts wherever a text can stand. */
  readonly hostile?: boolean;
  readonly footer?: Partial<StationFooter>;
  readonly ledgerAlarms?: readonly LedgerAlarmView[];
}

const names = [
  '张伟',
  '李秀英',
  '王强',
  '刘洋',
  '陈静',
  '杨帆',
  '赵敏',
  '黄磊',
  '周杰',
  '吴芳',
  '徐丽',
  '孙浩',
] as const;
const units = ['市综合执法支队一大队', '市综合执法支队二大队', '北郊治超站', '水上执法大队'] as const;
const start = Date.parse('2026-11-21T08:41:07Z');

/** One of each state, numbered from 1. */
export function everySlotState(): SlotView[] {
  const states: readonly Partial<SlotView>[] = [
    { state: 'done', mayPull: true, counts: { sealed: 47, held: 3, skipped: 2, refused: 0, failed: 0 } },
    { state: 'copying', filesDone: 12, files: 50, bytesDone: 2.1e9, bytes: 8.7e9, secondsLeft: 214 },
    { state: 'listing' },
    { state: 'attention', mayPull: true, counts: { sealed: 30, held: 0, skipped: 0, refused: 1, failed: 2 } },
    { state: 'finishing', filesDone: 21, files: 21, bytesDone: 3.3e9, bytes: 3.3e9 },
    { state: 'waiting' },
    {
      state: 'pulled',
      problem: 'recorder-pulled',
      counts: { sealed: 4, held: 0, skipped: 0, refused: 0, failed: 14 },
      filesDone: 18,
      files: 18,
    },
    { state: 'failed', mayPull: true, problem: 'vault-full' },
    { state: 'failed', problem: 'some-new-code' },
    { state: 'copying', filesDone: 1, files: 9, bytesDone: 1e7, bytes: 8e8, serial: null },
  ];
  const used = states.map((more, index) => sampleSlot(String(index + 1), more));
  const free = Array.from({ length: 10 }, (_, index) =>
    sampleSlot(String(index + 11), { state: 'empty', serial: null }),
  );
  return [...used, ...free];
}

export function sampleSlot(slot: string, more: Partial<SlotView> & { state?: SlotState }): SlotView {
  return {
    kind: 'usb',
    slot,
    state: 'copying',
    mayPull: false,
    serial: `DSJ-${String(7000 + Number(slot) * 13)}`,
    docking: null,
    filesDone: 0,
    files: 0,
    bytesDone: 0,
    bytes: 0,
    secondsLeft: null,
    counts: null,
    problem: null,
    since: '2026-11-21T08:40:00.000Z',
    ...more,
  };
}

export class SampleWebStation implements WebStation {
  readonly name = '交通运输综合执法支队 采集站 01';
  readonly timeZone = 'Asia/Shanghai';
  readonly dockings: WebStation['dockings'];
  readonly coverage: WebStation['coverage'];
  readonly audit: WebStation['audit'] = { view: async () => sampleAudit };
  readonly #options: SampleOptions;
  readonly #clips: readonly ClipView[];
  readonly #listeners = new Set<() => void>();
  #slots: readonly SlotView[];
  #problems: readonly DockProblem[] = [];

  constructor(options: SampleOptions) {
    this.#options = options;
    const hostile = options.hostile ? hostileTexts : [];
    this.coverage = new SampleCoverage({ names, units, hostile, empty: options.clips === 0 });
    this.dockings = sampleDockings({
      hostile: options.hostile ? hostileTexts[0] : undefined,
      ...(options.dockings === undefined ? {} : { dockings: options.dockings }),
    });
    this.#slots = options.slots ?? everySlotState();
    this.#clips = Array.from({ length: options.clips }, (_, index) => this.#makeClip(index));
  }

  /** How many pages listen, for tests of clean ends. */
  get listeners(): number {
    return this.#listeners.size;
  }

  show(slots: readonly SlotView[]): void {
    this.#slots = slots;
    for (const listener of this.#listeners) listener();
  }

  fail(problems: readonly DockProblem[]): void {
    this.#problems = problems;
    for (const listener of this.#listeners) listener();
  }

  ledgerAlarms(): readonly LedgerAlarmView[] {
    return this.#options.ledgerAlarms ?? [];
  }

  dockProblems(): readonly DockProblem[] {
    return this.#problems;
  }

  today(): string {
    return '2026-11-21';
  }

  slots(): readonly SlotView[] {
    return this.#slots;
  }

  onSlots(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  holderOf(serial: string): ReturnType<WebStation['holderOf']> {
    const number = Number(/\d+$/.exec(serial)?.[0] ?? Number.NaN);
    if (this.#options.hostile) return { name: hostileTexts[2], unit: hostileTexts[0], certificateNo: hostileTexts[1] };
    const name = names[number % names.length];
    return name === undefined || number % 5 === 4 ? null : { name, unit: units[0], certificateNo: `JX${number}` };
  }

  footer(): StationFooter {
    return {
      freeBytes: 1.31e12,
      totalBytes: 4e12,
      clips: this.#clips.length,
      records: 18_204,
      previewsWaiting: 12,
      readBack: 'direct',
      demo: true,
      ...this.#options.footer,
    };
  }

  clips(query: ClipQuery): ReturnType<WebStation['clips']> {
    const { kind, day, search, lacking } = query;
    const found = this.#clips.filter(
      (clip) =>
        (kind === undefined || clip.kind === kind) &&
        (day === undefined || clip.recordedAt?.startsWith(day) === true) &&
        (search === undefined || JSON.stringify(clip).includes(search)) &&
        (lacking !== 'officer' || clip.officer === null) &&
        (lacking !== 'case' || clip.case === null) &&
        (lacking !== 'finding' || clip.findings.length > 0),
    );
    const first = (query.page - 1) * query.pageSize;
    return { rows: found.slice(first, first + query.pageSize), total: found.length };
  }

  clip(id: string): ClipDetail | undefined {
    const clip = this.#clips.find((candidate) => candidate.clip === id);
    return clip === undefined ? undefined : this.#detail(clip);
  }

  recordView(): Promise<void> {
    return Promise.resolve();
  }

  media(id: string, which: 'playable' | 'poster'): ReturnType<WebStation['media']> {
    const clip = this.#clips.find((candidate) => candidate.clip === id);
    const { media } = this.#options;
    if (clip === undefined || media === undefined || !clip.hasPoster) return undefined;
    return which === 'poster' ? { path: media.poster, mime: 'image/jpeg' } : { path: media.video, mime: 'video/mp4' };
  }

  profiles(): ReturnType<WebStation['profiles']> {
    return [
      {
        name: 'ministry',
        title: { 'zh-CN': '部级口径（一线持证在岗）', en: 'Ministry (front-line, certified and on duty)' },
      },
      { name: 'county', title: { 'zh-CN': '县级口径（全部持证人员）', en: 'County (every certified officer)' } },
    ];
  }

  #makeClip(index: number): ClipView {
    const { hostile, media } = this.#options;
    const kind = (['video', 'video', 'video', 'audio', 'picture', 'log', null] as const)[index % 7] ?? null;
    const at = new Date(start - index * 1_733_000);
    const stamp = at.toISOString().replace(/\D/g, '').slice(0, 14);
    const name = names[index % names.length] ?? '';
    const nasty = hostile ? hostileTexts[index % hostileTexts.length] : undefined;
    return {
      clip: `c-${index.toString(36).padStart(20, '0')}`,
      kind,
      path:
        nasty ?? `DCIM/100MEDIA/TA00${String(716 + (index % 40))}_JX0227_${stamp}${index % 8 === 3 ? '_IMP' : ''}.MP4`,
      bytes: 1_000 + ((index * 104_729_331) % 2_600_000_000),
      recorder: nasty ?? `TA00${String(716 + (index % 40))}`,
      officer:
        index % 6 === 5
          ? null
          : {
              number: nasty ?? `JX0${200 + (index % 40)}`,
              name: nasty ?? name,
              unit: nasty ?? units[0],
              basis: 'assignment',
              known: true,
            },
      case:
        index % 4 === 0
          ? {
              number: nasty ?? `晋交罚〔2026〕${1000 + index}`,
              name: null,
              unit: null,
              basis: 'name',
              known: index % 8 !== 0,
            }
          : null,
      recordedAt: index % 11 === 10 ? null : at.toISOString(),
      sealedAt: new Date(start + 120_000).toISOString(),
      important: index % 8 === 3,
      durationMs: kind === 'video' || kind === 'audio' ? 312_000 + index * 1000 : null,
      hasPoster: media !== undefined && kind === 'video',
      findings: findingsOf(index, nasty),
    };
  }

  #detail(clip: ClipView): ClipDetail {
    const nasty = this.#options.hostile ? hostileTexts[0] : undefined;
    const types = [
      'docking-started',
      'inventory-listed',
      'clip-sealed',
      'clip-probed',
      'outcomes-listed',
      'docking-ended',
    ];
    return {
      ...clip,
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      sm3: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
      fsverity: '1f4c2a60b7e0a3c1d94b53a1e52a0fb5bbd8da07a8fd7a2e0c6d5a6f3a1b9c42',
      readBack: nasty ?? 'direct',
      docking: {
        docking: nasty ?? 'd-5k2m9q7t3w8x1z4v6b0c',
        kind: nasty ?? 'simulated',
        startedAt: '2026-11-21T08:40:12.412Z',
        state: 'ended',
      },
      // Two hours behind, as a recorder said that was asked.
      clock: { basis: 'protocol', atLeastMs: -7_200_520, atMostMs: -7_199_480 },
      correctedAt: { earliest: '2026-08-04T03:59:59.480Z', latest: '2026-08-04T04:00:01.520Z' },
      facts: {
        kind: clip.kind,
        container: nasty ?? 'mp4',
        durationMs: 312_000,
        streams: [
          {
            index: 0,
            type: 'video',
            codec: 'h264',
            width: 1920,
            height: 1080,
            pixelFormat: 'yuv420p',
            frameRate: 29.97,
          },
          { index: 1, type: 'audio', codec: 'aac', sampleRate: 48_000, channels: 1 },
        ],
        createdAt: nasty ?? '2026-08-04T02:00:00.000000Z',
        findings: [],
        probedBy: 'ffprobe 5.1.9-0+deb12u1',
      },
      preview: clip.hasPoster
        ? { state: 'ready', mime: 'video/mp4' }
        : clip.kind === 'video'
          ? { state: 'waiting' }
          : clip.kind === 'audio'
            ? { state: 'failed', code: 'no-index' }
            : { state: 'none' },
      history: types.map((type, index) => ({
        seq: 1200 + index,
        type: nasty ?? type,
        time: new Date(start + index * 21_000).toISOString(),
        actor: index === 2 && nasty !== undefined ? nasty : 'system:station',
        detail: null,
      })),
    };
  }
}

function findingsOf(index: number, nasty: string | undefined): ClipView['findings'] {
  return [
    ...(index % 9 === 1 ? [{ code: 'video-truncated', detail: 'mdat 18446 of 92131 bytes' }] : []),
    ...(index % 13 === 2 ? [{ code: 'officer-differs-from-assignment', detail: null }] : []),
    ...(nasty === undefined ? [] : [{ code: nasty, detail: nasty }]),
  ];
}
