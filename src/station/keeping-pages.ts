/** Answers the pages about keeping; and begins the bag of a hold in the folder that the configuration names. */
import { join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import { isSamePerson } from '../domain/person-names.ts';
import { today } from '../domain/station-time.ts';
import type { BagForm, BagState, ClipKeepingView, KeepingOverview, WebKeeping } from '../web/web-keeping.ts';
import type { ExportDesk } from './export-desk.ts';
import type { HoldDesk } from './hold-desk.ts';
import type { KeepingDesk, ShownKeeping } from './keeping-desk.ts';
import type { StationContext } from './station-context.ts';

/** Clips that one page looks through. */
const lookedMax = 2000;
const listMax = 50;
const kiosk = { kind: 'person', id: 'kiosk' } as const;

export class KeepingPages implements WebKeeping {
  readonly #context: StationContext;
  readonly #keeping: KeepingDesk;
  readonly #holds: HoldDesk;
  readonly #exports: ExportDesk;
  readonly #bags = new Map<string, BagState>();
  readonly makeBag: WebKeeping['makeBag'];

  constructor(context: StationContext, parts: { keeping: KeepingDesk; holds: HoldDesk; exports: ExportDesk }) {
    this.#context = context;
    this.#keeping = parts.keeping;
    this.#holds = parts.holds;
    this.#exports = parts.exports;
    const { bagFolder } = context.options.configuration.keeping;
    this.makeBag = bagFolder === null ? undefined : (form) => this.#makeBag(bagFolder, form);
  }

  async overview(): Promise<KeepingOverview> {
    const { looked, isWhole, lines } = await this.#keeping.look(this.#holds.today(), lookedMax);
    const of = (decision: 'delete' | 'stays'): ClipKeepingView[] =>
      lines.filter((line) => line.decision === decision).map(viewOf);
    return {
      rules: this.#keeping.rules,
      ...{ looked, isWhole, due: of('delete'), stays: of('stays') },
      marks: this.#keeping.markCounts(),
      holds: this.#holds.holds(listMax),
      runs: this.#keeping.runs(listMax),
    };
  }

  async hold(id: string): ReturnType<WebKeeping['hold']> {
    if (this.#context.registry.retention.hold(id) === undefined) return undefined;
    return { ...this.#holds.hold(id), clips: await this.#holds.clipsOf(id), bag: this.#bags.get(id) ?? null };
  }

  run(id: string): ReturnType<WebKeeping['run']> {
    const row = this.#context.registry.retention.run(id);
    if (row === undefined || row.state === 'proposing') return undefined;
    return { ...row, lines: this.#keeping.runClips(id) };
  }

  clip(id: string): ClipKeepingView | undefined {
    const { retention } = this.#context.registry;
    return retention.keepable(id) === undefined ? undefined : viewOf(this.#keeping.show(id));
  }

  deleted(id: string): ReturnType<WebKeeping['deleted']> {
    return this.#keeping.deleted(id);
  }

  /** What can be said at once is refused at once; the export itself goes on behind the page. */
  async #makeBag(folder: string, form: BagForm): Promise<void> {
    const { station } = this.#context.options.configuration;
    if (this.#bags.get(form.hold)?.state === 'under-way') return;
    if (form.approvedBy === '' || isSamePerson(form.applicant, form.approvedBy)) {
      throw new StationError('export-approver-is-applicant', 'an export needs a second person who approves it');
    }
    const at = new Date().toISOString().slice(11, 19).replaceAll(':', '');
    const out = join(folder, `${form.hold}-${today(Date.now(), station.timeZone)}-${at}`);
    const request = await this.#holds.bagRequest(form.hold, {
      ...{ out, zip: false, actor: kiosk, approvedBy: form.approvedBy },
      applicant: form.applicant === '' ? undefined : form.applicant,
      recipient: form.recipient === '' ? undefined : form.recipient,
    });
    this.#bags.set(form.hold, { state: 'under-way', out });
    this.#exports
      .export(request, { signal: this.#context.closing, onProgress: () => undefined })
      .then(() => this.#bags.set(form.hold, { state: 'done', out }))
      .catch((error: unknown) => {
        this.#context.options.log.error({ err: error }, 'the bag of a hold could not be made');
        this.#bags.set(form.hold, { state: 'failed', out, code: errorCode(error) });
      });
  }
}

function viewOf({
  clip,
  path,
  retention,
  isOver,
  reasons,
  holds,
  deviceMark,
  humanMark,
}: ShownKeeping): ClipKeepingView {
  return {
    ...{ clip, path, isOver, reasons, deviceMark },
    winner: retention.winner,
    rules: retention.applied,
    holds: holds.map(({ hold, kind, number }) => ({ hold, kind, number })),
    humanMark: humanMark === null ? null : humanMark.important === 1 ? 'important' : 'not-important',
    category: humanMark?.category ?? null,
  };
}
