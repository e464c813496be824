/**
 * The part of the composition root that answers the coverage pages and commands: the engine's answers, coverage over
 * time, what was told and handed in, and every file and form that leaves the station about coverage.
 */
import { stockJson } from '../coverage/stock-json.ts';
import { trendJson } from '../coverage/trend-json.ts';
import type { CoverageOverTime } from '../domain/coverage-over-time.ts';
import type { CoverageAsked, CoverageWaiting } from '../domain/coverage-questions.ts';
import type { StockAnswer } from '../domain/coverage-stock.ts';
import { addDays } from '../domain/day-number.ts';
import { StationError } from '../domain/errors.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import { budgetSheet, lookBackSheet, unrecordedCasesSheet } from '../reporting/coverage-forms.ts';
import { stockSheets } from '../reporting/coverage-stock-sheets.ts';
import { trendSheets } from '../reporting/coverage-trend-sheets.ts';
import { type Paper, paperStyle } from '../reporting/paper-file.ts';
import type { Sheet } from '../reporting/sheet.ts';
import { personFileSheets, personRegisterSheet, useSheet } from '../reporting/use-forms.ts';
import type { Language } from '../texts/cli-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { formTexts } from '../texts/form-texts.ts';
import type {
  CoverageAlertView,
  CoverageFileView,
  CoverageForm,
  CoverageFormat,
  HandedInView,
  WebCoverage,
} from '../web/web-coverage.ts';
import type { CoverageAlertDesk } from './coverage-alert-desk.ts';
import type { CoverageBookDesk } from './coverage-book-desk.ts';
import type { CoverageDesk } from './coverage-desk.ts';
import { CoverageTimeDesk } from './coverage-time-desk.ts';
import { FormDesk } from './form-desk.ts';
import { type MadeFormat, madeFileApart } from './made-file.ts';
import type { PeopleDesk } from './people-desk.ts';
import { RecentAnswers } from './recent-answers.ts';
import type { StationContext } from './station-context.ts';

export interface CoverageAnswerParts {
  readonly engine: CoverageDesk;
  readonly people: PeopleDesk;
  readonly alerts: CoverageAlertDesk;
  readonly book: CoverageBookDesk;
}

/** A form as tables and as the paper that they are printed on. */
export interface MadeForm {
  readonly sheets: readonly Sheet[];
  readonly paper: Pick<Paper, 'title' | 'orientation' | 'signatures'>;
  readonly name: string;
}

const mimes: Readonly<Record<CoverageFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  html: 'text/html; charset=utf-8',
};
/** Alerts that a page shows. */
const alertsShown = 20;
const reportsShown = 24;
/** Days back that the look-back register tells when no other period is asked for. */
const lookBackDays = 365;

export class CoverageAnswers implements WebCoverage {
  readonly #context: StationContext;
  readonly #parts: CoverageAnswerParts;
  readonly #time: CoverageTimeDesk;
  readonly #recent: RecentAnswers;
  readonly forms: FormDesk;
  readonly useDays: number;

  constructor(context: StationContext, parts: CoverageAnswerParts) {
    this.#context = context;
    this.#parts = parts;
    this.useDays = context.options.configuration.coverage.useDays;
    this.#time = new CoverageTimeDesk(context, parts.engine);
    this.#recent = new RecentAnswers(() => {
      const status = parts.engine.status();
      return status.state === 'ready' ? status.knownAt : undefined;
    });
    this.forms = new FormDesk(context, parts.people, parts.engine);
  }

  status: WebCoverage['status'] = (knownAt) => this.#parts.engine.status(knownAt);
  lastRecord: WebCoverage['lastRecord'] = () => this.#context.ledger.size - 1;
  lastRecordUntil: WebCoverage['lastRecordUntil'] = (time) => this.#context.registry.lastRecordUntil(time);
  figures: WebCoverage['figures'] = (asked) => this.#parts.engine.figures(asked);
  list: WebCoverage['list'] = (asked) => this.#parts.engine.list(asked);
  stock({ profile, asOf, unit, knownAt }: CoverageAsked, waiting?: CoverageWaiting): Promise<StockAnswer> {
    const asked = { profile, asOf, unit, knownAt };
    if (waiting !== undefined) return this.#parts.engine.stock(asked, waiting);
    return this.#recent.get(['stock', asked], () => this.#parts.engine.stock(asked));
  }
  overTime({ profile, asOf, unit, knownAt }: CoverageAsked, waiting?: CoverageWaiting): Promise<CoverageOverTime> {
    const asked = { profile, asOf, unit, knownAt };
    // Whoever wants to see how it goes on, or may stop it, has work of their own.
    if (waiting !== undefined) return this.#time.overTime(asked, waiting);
    return this.#recent.get(['time', asked], () => this.#time.overTime(asked));
  }
  spansOf: WebCoverage['spansOf'] = (profile, certificateNo) => this.#parts.engine.spansOf(profile, certificateNo);
  casesWithoutRecording: WebCoverage['casesWithoutRecording'] = (asked) =>
    this.#parts.engine.casesWithoutRecording(asked);

  alerts(profile: string): CoverageAlertView[] {
    return this.#parts.alerts
      .open(profile)
      .slice(0, alertsShown)
      .map(({ kind, count, asOf, units }) => ({ kind, count, asOf, units }));
  }

  handedIn(profile: string): HandedInView[] {
    return this.#parts.book
      .list()
      .filter((row) => row.profile === profile)
      .slice(0, reportsShown)
      .map(({ details, ...row }) => ({
        ...row,
        unit: details?.unit ?? null,
        handedInBy: details?.handedInBy ?? null,
      }));
  }

  async file(
    asked: CoverageAsked,
    format: CoverageFormat,
    language: Language,
    waiting: CoverageWaiting = {},
  ): Promise<CoverageFileView> {
    const { name: profile } = this.#parts.people.profile(asked.profile);
    // What programs read names the unit by its key.
    const unitName = format === 'html' || format === 'xlsx' ? await this.#unitName(asked) : null;
    const how = { format, language, knownAt: asked.knownAt ?? null, unitName, made: this.#madeLine(language) };
    const bytes = await this.#parts.engine.made<'report'>(asked, { kind: 'report', ...how }, waiting);
    return fileOf(`coverage-${profile}-${asked.asOf}`, format, bytes);
  }

  async trendFile(
    asked: CoverageAsked,
    format: CoverageFormat,
    language: Language,
    waiting: CoverageWaiting = {},
  ): Promise<CoverageFileView> {
    const time = await this.overTime(asked, waiting);
    const name = `coverage-trend-${time.today.profile.name}-${time.today.asOf}`;
    if (format === 'json') {
      return { name: `${name}.json`, mime: mimes.json, bytes: Buffer.from(`${JSON.stringify(trendJson(time))}\n`) };
    }
    const sheets = trendSheets({ time, knownAt: asked.knownAt ?? null, language });
    const { signatures } = coverageSheetTexts[language];
    const paper = { title: coveragePageTexts[language].trend, orientation: 'landscape', signatures } as const;
    return this.made({ sheets, paper, name }, format, language);
  }

  /** Recorders in store, with people who do not count and in repair, and which one could go to whom. */
  async stockFile(
    asked: CoverageAsked,
    format: CoverageFormat,
    language: Language,
    waiting?: CoverageWaiting,
  ): Promise<CoverageFileView> {
    const day = await this.#parts.engine.figures(asked, waiting);
    const stock = await this.stock(asked, waiting);
    const name = `coverage-stock-${day.profile.name}-${day.asOf}`;
    if (format === 'json') {
      const json = stockJson(stock, day);
      return { name: `${name}.json`, mime: mimes.json, bytes: Buffer.from(`${JSON.stringify(json)}\n`) };
    }
    const unitName = await this.#unitName(asked);
    const sheets = stockSheets({ stock, day, knownAt: asked.knownAt ?? null, language, unitName });
    const { signatures, stock: t } = coverageSheetTexts[language];
    const paper = { title: t.title, orientation: 'landscape', signatures } as const;
    return this.made({ sheets, paper, name }, format, language);
  }

  async form(
    form: CoverageForm,
    asked: CoverageAsked,
    format: 'html' | 'xlsx',
    language: Language,
  ): Promise<CoverageFileView> {
    return this.made(await this.formOf(form, asked, language), format, language);
  }

  /** @throws StationError profile-unknown, unit-unknown, form-too-long, look-back-empty */
  async formOf(
    form: CoverageForm,
    asked: CoverageAsked & { readonly from?: CoverageAsked['asOf'] | undefined },
    language: Language,
  ): Promise<MadeForm> {
    const { asOf } = asked;
    const month = asOf.slice(0, 7);
    const t = formTexts[language];
    const name = `${form}-${asOf}`;
    const unit = await this.#unitName(asked);
    const profile = this.#parts.people.profile(asked.profile);
    const { reports } = this.#context.options.configuration;
    const wide = (title: string, signatures: readonly string[], sheet: Sheet): MadeForm => ({
      sheets: [sheet],
      paper: { title, orientation: 'landscape', signatures },
      name,
    });
    switch (form) {
      case 'rectification': {
        const title = reports.rectificationTitle;
        const head = { kind: 'rectification', language, profile, unit, title, measure: reports.measure } as const;
        const sheet = await this.#parts.engine.made<'rectification'>(asked, head);
        return wide(title, t.rectification.signatures, sheet);
      }
      case 'look-back': {
        const title = reports.lookBackTitle;
        const from = asked.from ?? addDays(asOf, -lookBackDays);
        if (from > asOf) {
          throw new StationError('look-back-empty', `from ${from} to ${asOf} is no period`, {
            next: 'Let the look-back begin on or before its last day.',
          });
        }
        const persons = await this.forms.lookBack(asked, from, asOf);
        const sheet = lookBackSheet({ language, profile, unit, title, from, until: asOf, persons });
        return wide(title, t.lookBack.signatures, sheet);
      }
      case 'budget': {
        const { title, signatures } = t.budget;
        const budget = await this.#parts.engine.budget(asked);
        return wide(title, signatures, budgetSheet(budget, { language, profile, unit, title }));
      }
      case 'unrecorded-cases': {
        const title = coveragePageTexts[language].formNames[form];
        const cases = await this.#parts.engine.casesWithoutRecording(asked);
        const { signatures } = coverageSheetTexts[language];
        return wide(title, signatures, unrecordedCasesSheet({ language, profile, unit, title, asOf, cases }));
      }
      case 'use-register': {
        const rows = this.forms.uses({ month, unit: asked.unit });
        return wide(t.use.title, t.use.signatures, useSheet({ language, month, unit, rows }));
      }
      case 'person-register': {
        const persons = this.forms.persons({ month, unit: asked.unit });
        const sheet = personRegisterSheet({ language, month, unit, persons });
        return wide(t.person.registerTitle, t.person.signatures, sheet);
      }
    }
  }

  /** Who answers for a paper: the unit asked for, else the one above all others, where the roster knows its name. */
  async #unitName({ profile, asOf, unit, knownAt }: CoverageAsked): Promise<string | null> {
    // An older state of knowledge has no figures at hand.
    if (knownAt !== undefined) return unit === undefined ? null : this.forms.unitName(unit, asOf);
    const { units, unitPath } = await this.#parts.engine.figures({ profile, asOf, unit });
    if (unit !== undefined) return unitPath.at(-1)?.name ?? unit;
    const [top] = units;
    return units.length === 1 && top !== undefined && top.name !== top.unitKey ? top.name : null;
  }

  /** @throws StationError officer-unknown */
  personFile(certificateNo: string, month: string, language: Language): MadeForm {
    const t = formTexts[language].person;
    const sheets = personFileSheets({ language, ...this.forms.personFile(certificateNo, month) });
    const paper = { title: t.title, orientation: 'landscape', signatures: t.signatures } as const;
    return { sheets, paper, name: `person-file-${month}` };
  }

  async made({ sheets, paper, name }: MadeForm, format: MadeFormat, language: Language): Promise<CoverageFileView> {
    const layout = { ...paper, language, made: this.#madeLine(language) };
    return fileOf(name, format, await madeFileApart(sheets, format, layout), paper.orientation);
  }

  #madeLine(language: Language): string {
    const { name, timeZone } = this.#context.options.configuration.station;
    return formTexts[language].made(name, instantToLocalTime(Date.now(), timeZone).replace('T', ' '));
  }
}

function fileOf(
  name: string,
  format: CoverageFormat,
  bytes: Uint8Array,
  orientation: Paper['orientation'] = 'landscape',
): CoverageFileView {
  const style = format === 'html' ? { style: paperStyle(orientation) } : {};
  return { name: `${name}.${format}`, mime: mimes[format], bytes, ...style };
}
