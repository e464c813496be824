/**
 * Which clips a pass looks at: new footage, and footage whose decision may be another one by what became known, or was
 * taken back, since the last pass: a case, an assignment, a check-out, a claim, and that two certificates are one
 * person's (a renewal) or no longer are. Nothing else of a roster decides a link. It only asks, a page at a time.
 */
import type { AssignmentFacts, CaseFacts } from '../domain/people-facts.ts';

/** Subjects that one question is about. */
const pageRows = 500;
const dayMs = 86_400_000;
/** A case without an end touches clips of so long after its beginning; by the day alone, of so long. */
const openCaseMs = 120 * dayMs;
const byDayMs = 4 * dayMs;
const manyCases = 200;
/** Everything that is known. */
const now = Number.MAX_SAFE_INTEGER;

/** `order`: by what a page of them goes on; nobody else's business. */
export interface ClipAt {
  readonly clip: string;
  readonly at: string;
  readonly order: number;
}

export interface UndecidedClip extends ClipAt {
  readonly officer: string | null;
}

export interface ChangedFacts {
  readonly key: string;
  readonly facts: string;
}

export interface WorklistRegistry {
  certificatesOfHolder(certificateNo: string, knownAt: number): readonly string[];
  caseFacts(key: string, knownAt: number): CaseFacts | undefined;
  probedSince(seq: number, after: ClipAt | undefined, rows: number): readonly ClipAt[];
  changedSince(kind: 'cases' | 'assignments' | 'officers', seq: number): readonly string[];
  factsChangedSince(kind: 'cases' | 'assignments', keys: readonly string[], seq: number): readonly ChangedFacts[];
  /** Of certificates of which something changed since: those that are, or were, of one person since then only. */
  joinedSince(certificates: readonly string[], seq: number): readonly (readonly [string, string])[];
  casesOfOfficers(certificates: readonly string[]): readonly string[];
  recordersOfOfficers(certificates: readonly string[]): readonly string[];
  claimedBy(certificates: readonly string[]): readonly ClipAt[];
  checkOutsSince(seq: number): readonly string[];
  claimedSince(seq: number): readonly ClipAt[];
  /** In order of time; at most so many. */
  undecidedBetween(
    fromAt: string,
    toAt: string,
    page: { readonly after: ClipAt | undefined; readonly rows: number },
  ): readonly UndecidedClip[];
  ofRecorder(recorder: string): readonly ClipAt[];
  withoutOfficer(recorder: string): readonly ClipAt[];
  clipsNamingAny(numbers: readonly string[]): readonly ClipAt[];
}

/** Certificates that became, or ceased to be, of one person, each with the others. */
type Joined = ReadonlyMap<string, ReadonlySet<string>>;

export class LinkWorklist {
  readonly #registry: WorklistRegistry;
  /** Lets everybody else run when this has thought for long enough. */
  readonly #pause: () => Promise<void>;
  readonly #signal: AbortSignal;
  readonly #clips = new Map<string, string>();

  constructor(
    registry: WorklistRegistry,
    with_: { readonly pause: () => Promise<void>; readonly signal: AbortSignal },
  ) {
    this.#registry = registry;
    this.#pause = with_.pause;
    this.#signal = with_.signal;
  }

  /** In order of time: clips of one day are compared with the same cases, which are then read once. */
  async since(seq: number): Promise<string[]> {
    const registry = this.#registry;
    for await (const page of this.#pages((after) => registry.probedSince(seq, after, pageRows))) this.#add(page);
    const joined = await this.#joined(seq);
    const officers = [...joined.keys()];
    await this.#addTouched(await this.#cases(seq, officers), joined);
    const serials = new Set(registry.checkOutsSince(seq));
    for (const { facts } of await this.#changed('assignments', seq)) {
      serials.add((JSON.parse(facts) as AssignmentFacts).serial);
      await this.#pause();
    }
    for (const serial of serials) {
      this.#add(registry.ofRecorder(serial));
      await this.#pause();
    }
    // Who recorded what has an officer already is the same person under another number.
    for await (const some of this.#slices(officers)) {
      for (const serial of registry.recordersOfOfficers(some)) {
        if (!serials.has(serial)) this.#add(registry.withoutOfficer(serial));
        await this.#pause();
      }
      this.#add(registry.claimedBy(some));
    }
    this.#add(registry.claimedSince(seq));
    await this.#pause();
    return [...this.#clips].sort(([, a], [, b]) => (a < b ? -1 : Number(a > b))).map(([clip]) => clip);
  }

  #add(found: readonly ClipAt[]): void {
    for (const { clip, at } of found) this.#clips.set(clip, at);
  }

  async *#pages<T extends ClipAt>(ask: (after: T | undefined) => readonly T[]): AsyncGenerator<readonly T[]> {
    for (let after: T | undefined; ; ) {
      const page = ask(after);
      yield page;
      after = page.at(-1);
      if (page.length < pageRows || this.#signal.aborted) return;
      await this.#pause();
    }
  }

  async *#slices<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
    for (let at = 0; at < all.length && !this.#signal.aborted; at += pageRows) {
      await this.#pause();
      yield all.slice(at, at + pageRows);
    }
  }

  async #changed(kind: 'cases' | 'assignments', since: number): Promise<ChangedFacts[]> {
    const changed: ChangedFacts[] = [];
    for await (const keys of this.#slices(this.#registry.changedSince(kind, since))) {
      changed.push(...this.#registry.factsChangedSince(kind, keys, since));
    }
    return changed;
  }

  async #joined(since: number): Promise<Joined> {
    const joined = new Map<string, Set<string>>();
    for await (const keys of this.#slices(this.#registry.changedSince('officers', since))) {
      for (const [one, other] of this.#registry.joinedSince(keys, since)) {
        for (const [from, to] of [
          [one, other],
          [other, one],
        ] as const) {
          joined.set(from, (joined.get(from) ?? new Set()).add(to));
        }
      }
    }
    return joined;
  }

  /** Cases that changed, and those in which somebody stands whose certificates are now joined otherwise. */
  async #cases(since: number, officers: readonly string[]): Promise<TouchingCase[]> {
    const found: TouchingCase[] = [];
    for (const { facts } of await this.#changed('cases', since)) {
      found.push({ facts: JSON.parse(facts) as CaseFacts, touches: 'anybody' });
      await this.#pause();
    }
    for await (const some of this.#slices(officers)) {
      for (const key of this.#registry.casesOfOfficers(some)) {
        const facts = this.#registry.caseFacts(key, now);
        if (facts !== undefined) found.push({ facts, touches: 'joined' });
        await this.#pause();
      }
    }
    return found;
  }

  /** Adds clips that the cases may win or lose. */
  async #addTouched(cases: readonly TouchingCase[], joined: Joined): Promise<void> {
    const registry = this.#registry;
    const spans: TouchedSpan[] = [];
    const certificates = new Map<string, readonly string[]>();
    const certificatesOf = (number: string): readonly string[] => {
      const known = certificates.get(number) ?? [
        number,
        ...registry.certificatesOfHolder(number, now),
        ...(joined.get(number) ?? []),
      ];
      certificates.set(number, known);
      return known;
    };
    for (const { facts, touches: whom } of cases) {
      const span = spanOf(facts);
      const isAny = whom === 'anybody';
      const certificatesNow = facts.officers.flatMap(certificatesOf);
      const officers = new Set(isAny ? certificatesNow : certificatesNow.filter((number) => joined.has(number)));
      spans.push({ ...span, officers, byDayUntilMs: isAny ? span.byDayUntilMs : 0 });
      await this.#pause();
    }
    for await (const numbers of this.#slices([...new Set(cases.map(({ facts }) => facts.caseNumber))])) {
      this.#add(registry.clipsNamingAny(numbers));
    }
    for (const together of runs(spans)) {
      const [first, last] = [together[0], together.reduce((a, b) => (b.toMs > a.toMs ? b : a))];
      if (first === undefined) continue;
      const [from, to] = [iso(first.fromMs), iso(last.toMs)];
      for await (const page of this.#pages((after?: UndecidedClip) =>
        registry.undecidedBetween(from, to, { after, rows: pageRows }),
      )) {
        // With many cases each clip is touched by one, and looking at it is cheaper than finding out by which.
        const isAny = together.filter(({ byDayUntilMs }) => byDayUntilMs > 0).length > manyCases;
        this.#add(
          isAny ? page : page.filter(({ officer, at }) => touchesAny(together, { officer, ms: Date.parse(at) })),
        );
      }
    }
  }
}

interface TouchingCase {
  readonly facts: CaseFacts;
  /** Anybody's clips, or those of its officers who are now joined otherwise. */
  readonly touches: 'anybody' | 'joined';
}

interface TouchedSpan {
  readonly officers: ReadonlySet<string>;
  readonly fromMs: number;
  readonly toMs: number;
  readonly byDayUntilMs: number;
}

function spanOf(facts: CaseFacts): Omit<TouchedSpan, 'officers'> {
  const startMs = Date.parse(facts.startedAt.utc);
  const endMs = facts.endedAt === null ? startMs + openCaseMs : Date.parse(facts.endedAt.utc);
  const lastActMs = Math.max(startMs, ...(facts.acts ?? []).map(({ from }) => Date.parse(from.utc)));
  return {
    fromMs: startMs - dayMs,
    toMs: Math.max(Math.min(endMs, startMs + openCaseMs), lastActMs) + dayMs,
    byDayUntilMs: Math.max(startMs, lastActMs) + byDayMs,
  };
}

/** Cases whose times run into each other, together. */
function runs(spans: TouchedSpan[]): TouchedSpan[][] {
  const found: { spans: [TouchedSpan, ...TouchedSpan[]]; toMs: number }[] = [];
  for (const span of spans.sort((a, b) => a.fromMs - b.fromMs)) {
    const open = found.at(-1);
    if (open === undefined || span.fromMs > open.toMs) found.push({ spans: [span], toMs: span.toMs });
    else {
      open.spans.push(span);
      open.toMs = Math.max(open.toMs, span.toMs);
    }
  }
  return found.map((run) => run.spans);
}

function touches(span: TouchedSpan, { officer, ms }: { officer: string | null; ms: number }): boolean {
  if (ms < span.fromMs || ms > span.toMs) return false;
  return officer !== null && span.officers.has(officer) ? true : ms <= span.byDayUntilMs;
}

const touchesAny = (spans: readonly TouchedSpan[], clip: { officer: string | null; ms: number }): boolean =>
  spans.some((span) => touches(span, clip));

const iso = (ms: number): string => new Date(ms).toISOString();
