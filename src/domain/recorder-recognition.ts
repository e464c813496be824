/**
 * What is plugged in: a recorder that the table knows, something unknown, or no recorder at all. The table has marks
 * with scores; those that fit add up, the highest sum wins, and a sum below the limit or a tie is unknown: nothing is
 * guessed. Descriptors, labels and names are the device's own words: they may open a card read-only, never more.
 */

/** What USB and SCSI say, and what lies on the cards once they are open. Structural: the kernel's tree fits it. */
export interface RecorderFacts {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer: string | null;
  readonly product: string | null;
  readonly interfaces: readonly InterfaceFacts[];
  readonly disks: readonly { readonly vendor: string; readonly model: string }[];
  readonly cards: readonly CardFacts[];
  /** One of the serials it shows is that of a recorder in the registry. */
  readonly isRegistered: boolean;
}

export interface InterfaceFacts {
  readonly interfaceClass: number;
}

export interface CardFacts {
  readonly label: string;
  /** Folders by their path from the root, `/` between, at most two deep. */
  readonly folders: readonly string[];
  /** Files in the root. */
  readonly rootFiles: readonly string[];
  /** File names that the table of name patterns could read, of those looked at. */
  readonly namedFiles: number;
}

/** One thing that speaks for a model. Texts ignore case and may hold `*`; exactly one key beside `score`. */
export interface RecorderMark {
  /** `vvvv:pppp` in hex. */
  readonly usbId?: string;
  readonly interfaceClass?: number;
  readonly manufacturer?: string;
  readonly product?: string;
  /** Vendor and model of the SCSI inquiry together; blanks do not count, because their fields are padded. */
  readonly inquiry?: string;
  readonly label?: string;
  readonly folder?: string;
  readonly rootFile?: string;
  /** Names that the pattern table reads. */
  readonly namedFile?: boolean;
  readonly registered?: boolean;
  /** Negative speaks against it. */
  readonly score: number;
}

export interface RecorderFingerprint {
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** `mass-storage`, or the name of a vendor's driver. */
  readonly driver: string;
  readonly marks: readonly RecorderMark[];
}

export interface RecorderTable {
  /** A lower sum is unknown. */
  readonly acceptScore: number;
  readonly recorders: readonly RecorderFingerprint[];
  /** Serials that chips carry from the factory; `*` allowed. They tell no recorder from another. */
  readonly placeholderSerials: readonly string[];
}

export type Recognition =
  | {
      readonly kind: 'recorder';
      readonly model: string;
      readonly name: string;
      readonly driver: string;
      readonly score: number;
    }
  | { readonly kind: 'unknown'; readonly nearest: string | null; readonly score: number }
  | { readonly kind: 'ambiguous'; readonly models: readonly string[]; readonly score: number };

/** The model with the highest sum; a more special driver does not win by being special, only by its marks. */
export function recogniseRecorder(facts: RecorderFacts, table: RecorderTable): Recognition {
  const sums = table.recorders
    .map((fingerprint) => ({ fingerprint, score: scoreOf(facts, fingerprint) }))
    .sort((a, b) => b.score - a.score);
  const best = sums[0];
  if (best === undefined || best.score <= 0) return { kind: 'unknown', nearest: null, score: 0 };
  const { score, fingerprint } = best;
  if (score < table.acceptScore) return { kind: 'unknown', nearest: fingerprint.id, score };
  const equals = sums.filter((sum) => sum.score === score);
  if (equals.length > 1) return { kind: 'ambiguous', models: equals.map((sum) => sum.fingerprint.id).sort(), score };
  return { kind: 'recorder', model: fingerprint.id, name: fingerprint.name, driver: fingerprint.driver, score };
}

const scoreOf = (facts: RecorderFacts, { marks }: RecorderFingerprint): number =>
  marks.reduce((sum, mark) => (fits(facts, mark) ? sum + mark.score : sum), 0);

function fits(facts: RecorderFacts, mark: RecorderMark): boolean {
  const { cards } = facts;
  if (mark.usbId !== undefined) return mark.usbId.toLowerCase() === usbIdText(facts);
  if (mark.interfaceClass !== undefined) {
    return facts.interfaces.some(({ interfaceClass }) => interfaceClass === mark.interfaceClass);
  }
  if (mark.manufacturer !== undefined) return matchesText(mark.manufacturer, facts.manufacturer);
  if (mark.product !== undefined) return matchesText(mark.product, facts.product);
  if (mark.inquiry !== undefined) {
    const wanted = withoutBlanks(mark.inquiry);
    return facts.disks.some(({ vendor, model }) => matchesText(wanted, withoutBlanks(vendor + model)));
  }
  if (mark.label !== undefined) return cards.some(({ label }) => matchesText(mark.label ?? '', label));
  if (mark.folder !== undefined) return cards.some(({ folders }) => someMatches(mark.folder, folders));
  if (mark.rootFile !== undefined) return cards.some(({ rootFiles }) => someMatches(mark.rootFile, rootFiles));
  if (mark.namedFile !== undefined) return mark.namedFile === cards.some(({ namedFiles }) => namedFiles > 0);
  return mark.registered !== undefined && mark.registered === facts.isRegistered;
}

export const usbIdText = ({ vendorId, productId }: { vendorId: number; productId: number }): string =>
  `${hex4(vendorId)}:${hex4(productId)}`;

const hex4 = (id: number): string => id.toString(16).padStart(4, '0');
const withoutBlanks = (text: string): string => text.replace(/\s+/gu, '');
const someMatches = (pattern: string | undefined, texts: readonly string[]): boolean =>
  texts.some((text) => matchesText(pattern ?? '', text));

/** Whole text, ignoring case; `*` stands for any run of characters. Linear: no backtracking into earlier stars. */
export function matchesText(pattern: string, text: string | null): boolean {
  if (text === null) return false;
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  const parts = wanted.split('*');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return wanted === given;
  if (given.length < first.length + last.length || !given.startsWith(first) || !given.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = given.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= given.length - last.length;
}

/** USB class codes (usb.org, "Defined Class Codes"). */
const storageClass = 0x08;
/** Still image (MTP), vendor, application-specific (firmware) and diagnostic: on recorders, and no driver is given to them. */
const quietClasses: ReadonlySet<number> = new Set([0x06, 0xff, 0xfe, 0xdc]);

export interface InterfaceVerdict<T> {
  /** The only ones that may get a kernel driver. */
  readonly storage: readonly T[];
  /** Keyboard, network card, sound and the like: never wanted on the dock, and a finding beside storage. */
  readonly foreign: readonly T[];
  /** Still image or vendor interfaces: a recorder that another driver may speak to. */
  readonly quiet: readonly T[];
  readonly finding: 'not-a-recorder' | 'composite-device' | null;
}

/** Which interfaces of a device on a dock socket may live. */
export function judgeInterfaces<T extends InterfaceFacts>(interfaces: readonly T[]): InterfaceVerdict<T> {
  const storage = interfaces.filter(({ interfaceClass }) => interfaceClass === storageClass);
  const quiet = interfaces.filter(({ interfaceClass }) => quietClasses.has(interfaceClass));
  const foreign = interfaces.filter((one) => !storage.includes(one) && !quiet.includes(one));
  const useful = storage.length + quiet.length > 0;
  const finding = foreign.length === 0 && useful ? null : useful ? 'composite-device' : 'not-a-recorder';
  return { storage, foreign, quiet, finding };
}
