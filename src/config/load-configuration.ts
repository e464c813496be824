/**
 * Reads the one configuration of a station: from the file of --config, else DATA/config.yaml where there is one, else
 * the defaults. All that is wrong is said at once. It decides nothing and watches nothing: a change counts from the
 * next start.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Default } from 'typebox/value';
import { type Document, isAlias, isMap, isNode, isScalar, LineCounter, type Pair, parseDocument } from 'yaml';
import { errorCode, errorMessage } from '../domain/errors.ts';
import { isTimeZone } from '../domain/station-time.ts';
import { ConfigurationError, type ConfigurationTrouble, keyText } from './configuration-error.ts';
import { findKeepingTroubles } from './keeping-rules.ts';
import { findNameProblems } from './name-table.ts';
import { type Configuration, configurationSchema } from './schema.ts';
import { findSchemaTroubles, type SchemaTrouble } from './schema-troubles.ts';

export interface ConfigurationSource {
  /** The file of --config; it must exist. */
  readonly file?: string | undefined;
  readonly dataFolder: string;
}

const FILE_BYTES_MAX = 1024 * 1024;

/** @throws ConfigurationError (code `configuration-invalid`) with everything that is wrong. */
export function loadConfiguration(source: ConfigurationSource): Configuration {
  const file = source.file ?? join(source.dataFolder, 'config.yaml');
  const text = readText(file, source.file !== undefined);
  return text === undefined ? validated({}, file, () => undefined) : parseConfiguration(text, file);
}

/** The configuration in this text; `file` is only named in errors. @throws ConfigurationError as above. */
export function parseConfiguration(text: string, file: string): Configuration {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const troubles = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { key: '', line, column: col, message: error.message };
  });
  if (troubles.length > 0) {
    throw new ConfigurationError(file, troubles);
  }
  return validated(plainValue(document, file), file, (path) => lineOf(document, lines, path));
}

/** Undefined only when the file is not there and need not be. */
function readText(file: string, mustExist: boolean): string | undefined {
  const fail = (message: string): never => {
    throw new ConfigurationError(file, [{ key: '', line: undefined, column: undefined, message }]);
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    // Below something that is no folder there is no file either; the data folder's own check says so.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error)) && !mustExist) {
      return undefined;
    }
    return fail(errorCode(error) === 'ENOENT' ? 'there is no such file' : `cannot be read: ${errorMessage(error)}`);
  }
  if (bytes.length > FILE_BYTES_MAX) {
    return fail(`has more than ${FILE_BYTES_MAX} bytes`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return fail('is not UTF-8 text');
  }
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // Aliases that multiply beyond measure.
    throw new ConfigurationError(file, [{ key: '', line: undefined, column: undefined, message: errorMessage(error) }]);
  }
}

type FindLine = (path: readonly (string | number)[]) => number | undefined;

function validated(value: unknown, file: string, findLine: FindLine): Configuration {
  // Cloned first: what YAML aliases share must not get each other's defaults.
  const complete: unknown = Default(configurationSchema, withoutSharing(withoutEmptySections(value)));
  const schemaTroubles = findSchemaTroubles(configurationSchema, complete);
  // Schema errors of one section must not hide what is wrong with another.
  const unfit = new Set(schemaTroubles.map((trouble) => trouble.path[0]));
  const deeper = deeperChecks.filter(({ section }) => !unfit.has(undefined) && !unfit.has(section));
  const configuration = complete as Configuration;
  const found = [...schemaTroubles, ...deeper.flatMap(({ check }) => check(configuration))];
  if (found.length > 0) {
    const troubles = found.map(({ path, message }): ConfigurationTrouble => {
      return { key: keyText(path), line: findLine(path), column: undefined, message };
    });
    throw new ConfigurationError(
      file,
      troubles.sort((left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.key < right.key ? -1 : 1)),
    );
  }
  return configuration;
}

interface DeeperCheck {
  readonly section: keyof Configuration;
  check(configuration: Configuration): SchemaTrouble[];
}

/** What a schema cannot say. Each runs when its section fits the schema. */
const deeperChecks: readonly DeeperCheck[] = [
  {
    section: 'station',
    check: ({ station }) =>
      isTimeZone(station.timeZone)
        ? []
        : [
            {
              path: ['station', 'timeZone'],
              message: `${JSON.stringify(station.timeZone)} is no time zone; allowed: an IANA name such as Asia/Shanghai`,
            },
          ],
  },
  {
    section: 'intake',
    check: ({ intake }) =>
      intake.skip.flatMap(({ id }, index) =>
        intake.skip.findIndex((other) => other.id === id) === index
          ? []
          : [{ path: ['intake', 'skip', index, 'id'], message: `the id ${id} occurs twice` }],
      ),
  },
  {
    section: 'vault',
    check: ({ vault }) =>
      vault.marginBytesMin <= vault.marginBytesMax
        ? []
        : [{ path: ['vault', 'marginBytesMin'], message: 'must not be more than vault.marginBytesMax' }],
  },
  {
    section: 'keeping',
    check: ({ keeping }) => findKeepingTroubles(keeping),
  },
  {
    section: 'names',
    check: ({ names }) => [
      ...findNameProblems(names).map(({ index, key, message }) => {
        return { path: ['names', 'patterns', index, key], message };
      }),
      ...(names.plausibleYearMin <= names.plausibleYearMax
        ? []
        : [{ path: ['names', 'plausibleYearMin'], message: 'must not be more than names.plausibleYearMax' }]),
    ],
  },
];

/** A section whose keys are all commented out reads as null; that means its defaults. */
function withoutEmptySections(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).filter(
      ([key, content]) => content !== null || !Object.hasOwn(configurationSchema.properties, key),
    ),
  );
}

/** A copy in which no two places are the same object. Unlike TypeBox's Clone it keeps keys such as `__proto__`, to refuse them. */
function withoutSharing(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((entry) => withoutSharing(entry))
    : Object.fromEntries(Object.entries(value).map(([key, content]) => [key, withoutSharing(content)]));
}

/** The line of a key, or of the nearest thing around it that the text has. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    const holder: unknown = isAlias(node) ? node.resolve(document) : node;
    const pair = isMap(holder) ? holder.items.find((item) => keyOf(item) === step) : undefined;
    const key = pair?.key;
    node = isMap(holder) ? pair?.value : itemAt(holder, step);
    const place = isNode(key) ? key : node;
    if (!isNode(place)) {
      break;
    }
    offset = place.range?.[0] ?? offset;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function itemAt(holder: unknown, step: string | number): unknown {
  const items: unknown = typeof holder === 'object' && holder !== null && 'items' in holder ? holder.items : undefined;
  return Array.isArray(items) && typeof step === 'number' ? items[step] : undefined;
}
