/**
 * A slot as the wall shows it: every word already chosen, so that page and live event say the same and the browser
 * only puts texts in place. Nothing here decides whether a recorder may be pulled out; the station does.
 */
import type { DockProblem, SlotState, SlotView } from '../domain/dock.ts';
import { visibleText } from '../domain/html.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { dockingAddress } from './dockings-query.ts';
import type { Icon } from './icons.ts';
import type { PageLanguage } from './page-context.ts';
import { handOutAddress } from './web-recorders.ts';
import type { LedgerAlarmView, StationFooter, WebStation } from './web-station.ts';

/** What a card asks of whoever looks at it; the style sheet gives each its colour and pattern. */
export type SlotTone = 'free' | 'waiting' | 'working' | 'done' | 'attention' | 'failed';

export interface SlotCard {
  /** The same slot in the next event. */
  readonly key: string;
  readonly state: SlotState;
  readonly mayPull: boolean;
  readonly tone: SlotTone;
  readonly icons: { readonly state: Icon; readonly verdict: Icon };
  /** `go`: may be pulled out; `stop`: do not; `ask`: plug in. */
  readonly verdict: 'go' | 'stop' | 'ask';
  /** The slot's name is more than a number, as that of an import folder. */
  readonly named: boolean;
  /** Thousandths done; null where there is no progress to show. */
  readonly permille: number | null;
  /** The page of the docking, once it has ended. */
  readonly docking: string | null;
  /** The recorder may be asked for at once. */
  readonly urgent: boolean;
  /** Where a recorder that nobody has is given to somebody; null where there is nothing to give. */
  readonly assign: string | null;
  /** Texts by the name of their place in the card; an empty one is not shown. */
  readonly texts: { readonly [F in SlotField]: string };
}

export const slotFields = [
  'number',
  'state',
  'officer',
  'serial',
  'files',
  'bytes',
  'left',
  'note',
  'verdict',
] as const;
export type SlotField = (typeof slotFields)[number];

export interface SlotWall {
  readonly columns: number;
  readonly cards: readonly SlotCard[];
  readonly summary: { readonly [S in SummaryField]: string };
  /** One sentence for each dock that cannot be looked at. */
  readonly troubles: readonly string[];
  readonly footer: { readonly [F in FooterField]: string };
  /** Parts of the status line that someone must act on. */
  readonly alarms: readonly FooterField[];
}

/** Below this part of the disk the status line warns. */
const lowDiskPart = 0.05;

export const summaryFields = ['mayPull', 'doNotPull', 'attention', 'free'] as const;
export type SummaryField = (typeof summaryFields)[number];

export const footerFields = ['disk', 'clips', 'records', 'previewsWaiting', 'readBack', 'mirrors'] as const;
export type FooterField = (typeof footerFields)[number];

const tones: { readonly [S in SlotState]: SlotTone } = {
  empty: 'free',
  waiting: 'waiting',
  listing: 'working',
  copying: 'working',
  finishing: 'working',
  clearing: 'working',
  done: 'done',
  attention: 'attention',
  pulled: 'attention',
  failed: 'failed',
};

/** What the wall asks of the station. */
export type SlotSource = Pick<
  WebStation,
  'slots' | 'dockProblems' | 'ledgerAlarms' | 'holderOf' | 'footer' | 'recorders'
> & {
  readonly dockings: Pick<WebStation['dockings'], 'isRegistered'>;
};

export function slotWall(station: SlotSource, language: PageLanguage): SlotWall {
  const slots = station.slots();
  const cards = slots.map((slot) => slotCard(slot, station, language));
  const { formats } = language;
  const footer = station.footer();
  const count = (test: (card: SlotCard) => boolean): string => formats.count(cards.filter(test).length);
  return {
    columns: columnsFor(cards.length),
    cards,
    summary: {
      mayPull: count(({ verdict }) => verdict === 'go'),
      doNotPull: count(({ verdict }) => verdict === 'stop'),
      attention: count(({ tone }) => tone === 'attention' || tone === 'failed'),
      free: count(({ tone }) => tone === 'free'),
    },
    troubles: [
      ...station.ledgerAlarms().map((alarm) => alarmText(alarm, language)),
      ...station.dockProblems().map((problem) => troubleText(problem, language)),
    ],
    footer: footerTexts(footer, language),
    alarms: footerAlarms(footer),
  };
}

/** An open alarm about the ledger, as the slots and the auditor's page say it. */
export function alarmText({ kind, since }: LedgerAlarmView, { texts, formats, language }: PageLanguage): string {
  return visibleText(texts.wall.ledgerAlarm(codeWord('alarm', kind, language), formats.clock(since)));
}

function troubleText({ kind, code, since }: DockProblem, { texts, formats, language }: PageLanguage): string {
  const { word, more } = codeText('problem', code, language);
  const sentence = [word, more, texts.wall.troubleNext].join(language === 'en' ? ' ' : '');
  return visibleText(texts.wall.trouble(codeWord('dockKind', kind, language), sentence, formats.clock(since)));
}

export function footerTexts(footer: StationFooter, language: PageLanguage): SlotWall['footer'] {
  const { formats, texts } = language;
  const disk = texts.shell.diskFree(formats.bytes(footer.freeBytes), formats.bytes(footer.totalBytes));
  return {
    disk: footerAlarms(footer).includes('disk') ? texts.shell.diskLow(disk) : disk,
    clips: formats.count(footer.clips),
    records: formats.count(footer.records),
    previewsWaiting: formats.count(footer.previewsWaiting),
    readBack: visibleText(codeWord('readBack', footer.readBack, language.language)),
    mirrors: mirrorsText(footer, language),
  };
}

function mirrorsText({ mirrors }: StationFooter, { texts, formats }: PageLanguage): string {
  if (mirrors === undefined || mirrors.all === 0) return texts.shell.mirrorsNone;
  const { present, all } = mirrors;
  return present === all
    ? formats.count(all)
    : texts.shell.mirrorsAway(formats.count(all - present), formats.count(all));
}

export function footerAlarms({ freeBytes, totalBytes, readBack, mirrors }: StationFooter): FooterField[] {
  const alarms: FooterField[] = [];
  if (totalBytes > 0 && freeBytes / totalBytes < lowDiskPart) alarms.push('disk');
  if (readBack === 'memory-fs' || readBack === 'none') alarms.push('readBack');
  if (mirrors !== undefined && mirrors.present < mirrors.all) alarms.push('mirrors');
  return alarms;
}

/** As near to the shape of a screen as the number of slots allows; a dock of 20 is 5 wide and 4 high. */
function columnsFor(slots: number): number {
  const steps = [1, 2, 4, 6, 8, 12, 20, 30];
  const columns = [1, 2, 2, 3, 4, 4, 5, 6];
  const step = steps.findIndex((most) => slots <= most);
  return columns[step] ?? 6;
}

function slotCard(slot: SlotView, station: SlotSource, language: PageLanguage): SlotCard {
  const verdict = verdictOf(slot);
  const verdictIcons = { go: 'eject', stop: 'hand', ask: 'plug' } as const;
  return {
    key: `${slot.kind}/${visibleText(slot.slot)}`,
    state: slot.state,
    mayPull: slot.mayPull,
    tone: tones[slot.state],
    icons: { state: slot.state, verdict: verdictIcons[verdict] },
    verdict,
    named: slot.slot.length > 3,
    permille: permilleOf(slot),
    docking: endedDockingOf(slot),
    urgent: slot.urgent === 'offered',
    assign: assignAddress(slot, station),
    texts: textsOf(slot, station, language),
  };
}

/** A button has room beside the verdict once the recorder is not needed at once. */
function assignAddress({ serial, state, urgent }: SlotView, station: SlotSource): string | null {
  if (serial === null || state === 'empty' || urgent === 'offered' || station.recorders === undefined) return null;
  if (station.dockings.isRegistered(serial) !== true || station.holderOf(serial) !== null) return null;
  return handOutAddress('assign', serial, { from: 'wall' });
}

function verdictOf({ state, mayPull }: SlotView): SlotCard['verdict'] {
  // Nothing is plugged in then, so there is nothing that may or may not be pulled out.
  if (state === 'empty' || state === 'pulled') return 'ask';
  return mayPull ? 'go' : 'stop';
}

function permilleOf({ state, files, filesDone, bytes, bytesDone }: SlotView): number | null {
  if (state === 'finishing') return 1000;
  if (state !== 'copying' && state !== 'clearing') return null;
  const part = bytes > 0 ? bytesDone / bytes : files > 0 ? filesDone / files : 0;
  return Math.max(0, Math.min(1000, Math.floor(part * 1000)));
}

function textsOf(slot: SlotView, station: SlotSource, language: PageLanguage): SlotCard['texts'] {
  const texts = language.texts.wall;
  const inUse = slot.state !== 'empty';
  const holder = slot.serial === null ? null : station.holderOf(slot.serial);
  const raw = {
    number: slot.slot,
    state: stateWord(slot, language),
    officer:
      inUse && slot.serial !== null ? (holder === null ? texts.noHolder : holder.name || holder.certificateNo) : '',
    serial: inUse ? (slot.serial ?? texts.serialUnknown) : '',
    ...figuresOf(slot, language),
    note: noteOf(slot, station, language),
    verdict: verdictWord(slot, language),
  };
  return Object.fromEntries(slotFields.map((field) => [field, visibleText(raw[field])])) as SlotCard['texts'];
}

function stateWord({ state, urgent, problem, counts }: SlotView, { texts, language }: PageLanguage): string {
  if (urgent === 'asked') return texts.wall.stopping;
  const isAllTaken = counts === null || counts.failed + counts.refused === 0;
  // Everything was taken: what needs someone is the card.
  if (state === 'attention' && isAllTaken && problem?.startsWith('clearing-') === true) return texts.wall.notCleared;
  return codeWord('slotState', state, language);
}

function figuresOf(slot: SlotView, language: PageLanguage): { files: string; bytes: string; left: string } {
  const { formats, texts } = language;
  const open = ['copying', 'finishing', 'clearing', 'pulled', 'failed'].includes(slot.state);
  // A file that failed is over with as well: once the outcome is known, only that is shown.
  const shown = slot.files > 0 && open && endedCounts(slot) === null;
  const bytes = slot.state === 'clearing' ? '' : formats.bytesOf(slot.bytesDone, slot.bytes);
  const left = slot.secondsLeft === null ? texts.wall.leftUnknown : texts.wall.left(formats.timeLeft(slot.secondsLeft));
  return {
    files: shown ? texts.wall.files(formats.count(slot.filesDone), formats.count(slot.files)) : '',
    bytes: shown ? bytes : '',
    left: slot.state === 'copying' ? left : '',
  };
}

/** What went wrong with the next step; else what came of it. */
function noteOf(slot: SlotView, station: SlotSource, language: PageLanguage): string {
  const counts = endedCounts(slot);
  const parts = [
    problemOf(slot, language),
    counts === null ? '' : countsText(counts, language),
    notRegisteredNote(slot, station, language),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** What a docking came to; while files are still being copied the figures say more. */
function endedCounts({ state, counts }: SlotView): SlotView['counts'] {
  return ['done', 'attention', 'pulled', 'failed'].includes(state) ? counts : null;
}

/** Said on the card because nobody need touch it: the recorder is read all the same. */
function notRegisteredNote({ state, serial }: SlotView, { dockings }: SlotSource, { texts }: PageLanguage): string {
  if (state === 'empty' || serial === null || dockings.isRegistered(serial) !== false) return '';
  return texts.wall.notRegistered(serial);
}

function endedDockingOf({ state, docking }: SlotView): string | null {
  const isOver = ['done', 'attention', 'pulled', 'failed'].includes(state);
  return docking === null || !isOver ? null : dockingAddress(docking);
}

function problemOf(slot: SlotView, { language }: PageLanguage): string {
  const code = slot.problem ?? (slot.state === 'pulled' ? 'recorder-pulled' : null);
  if (code === null) return '';
  const { word, more } = codeText('problem', code, language);
  return `${word}${language === 'en' ? ' ' : ''}${more}`.trim();
}

function countsText(counts: NonNullable<SlotView['counts']>, { formats, texts }: PageLanguage): string {
  const names = ['sealed', 'held', 'notTaken', 'failed', 'refused', 'skipped', 'cleared'] as const;
  const shown = names.filter((name) => name === 'sealed' || (counts[name] ?? 0) > 0);
  return shown.map((name) => texts.wall[name](formats.count(counts[name] ?? 0))).join(' · ');
}

function verdictWord(slot: SlotView, { texts }: PageLanguage): string {
  if (slot.state === 'empty') return texts.wall.plugIn;
  if (slot.state === 'pulled') return texts.wall.plugInAgain;
  const folder = slot.kind === 'import-folder';
  if (slot.mayPull) return folder ? texts.wall.mayRemoveFolder : texts.wall.mayPull;
  return folder ? texts.wall.doNotTouchFolder : texts.wall.doNotPull;
}
