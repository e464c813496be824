/**
 * Turns what TypeBox found into sentences for people: one for each key, naming what stands there and what is allowed.
 * It walks the schema itself, because TypeBox names the failed rule, not the whole of what would be accepted.
 */

import type { TSchema } from 'typebox';
import { Settings } from 'typebox/system';
import { Errors } from 'typebox/value';
import { findCloseWord, keyText } from './configuration-error.ts';

export interface SchemaTrouble {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The parts of a JSON Schema that our declarations use. */
export interface SchemaNode {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly description?: string;
  readonly default?: unknown;
  readonly unit?: string;
  readonly allowed?: string;
}

/** TypeBox stops collecting at 8 by default; a file with more errors than this has other problems. */
const ERRORS_MAX = 1000;

export function findSchemaTroubles(schema: TSchema, value: unknown): SchemaTrouble[] {
  const troubles = new Map<string, SchemaTrouble>();
  const add = (path: (string | number)[], message: string): void => {
    const key = keyText(path);
    if (!troubles.has(key)) {
      troubles.set(key, { path, message });
    }
  };
  for (const error of collectErrors(schema, value)) {
    const path = pathOf(error.instancePath, value);
    const node = nodeAt(schema as SchemaNode, path);
    const params = error.params as { additionalProperties?: string[]; requiredProperties?: string[] };
    for (const name of params.additionalProperties ?? []) {
      add([...path, name], unknownKey(name, node));
    }
    for (const name of params.requiredProperties ?? []) {
      add([...path, name], 'this key is missing');
    }
    const aboutKeys = params.additionalProperties !== undefined || params.requiredProperties !== undefined;
    if (!aboutKeys && node !== undefined) {
      add(path, unfit(valueAt(value, path), node));
    }
  }
  return [...troubles.values()];
}

/** What a key accepts, in words. */
export function allowedText(node: SchemaNode): string {
  if (node.allowed !== undefined) {
    return node.allowed;
  }
  if (node.enum !== undefined) {
    return node.enum.join(', ');
  }
  if (node.type === 'integer') {
    const range = node.minimum === undefined ? '' : ` from ${node.minimum} to ${node.maximum}`;
    return `an integer${range}`;
  }
  if (node.type === 'array') {
    return `a list of ${node.minItems ?? 0} to ${node.maxItems} entries`;
  }
  if (node.type === 'string') {
    return node.maxLength === undefined ? 'a text' : `a text of at most ${node.maxLength} characters`;
  }
  return node.type === 'boolean' ? 'true or false' : 'a table of keys and values';
}

function collectErrors(schema: TSchema, value: unknown): ReturnType<typeof Errors> {
  const before = Settings.Get().maxErrors;
  Settings.Set({ maxErrors: ERRORS_MAX });
  try {
    return Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors: before });
  }
}

function unknownKey(name: string, node: SchemaNode | undefined): string {
  const known = Object.keys(node?.properties ?? {});
  const close = findCloseWord(name, known);
  return close === undefined
    ? `unknown key; known here are ${known.join(', ')}`
    : `unknown key; did you mean ${close}?`;
}

function unfit(value: unknown, node: SchemaNode): string {
  const close = typeof value === 'string' && node.enum !== undefined ? findCloseWord(value, node.enum) : undefined;
  const meant = close === undefined ? '' : `; did you mean ${close}?`;
  return `${shown(value)} is not allowed; allowed: ${allowedText(node)}${meant}`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) {
    return 'no value';
  }
  if (typeof value === 'object') {
    return Array.isArray(value) ? 'a list' : 'a table';
  }
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** A JSON pointer as keys and list positions. */
function pathOf(pointer: string, value: unknown): (string | number)[] {
  const path: (string | number)[] = [];
  let at = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(at) ? Number(name) : name;
    path.push(step);
    at = valueAt(at, [step]);
  }
  return path;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, step) => {
    const known = typeof at === 'object' && at !== null && Object.hasOwn(at, step);
    return known ? (at as Record<string | number, unknown>)[step] : undefined;
  }, value);
}

/** The declaration of a key; undefined below a key that is unknown. */
function nodeAt(schema: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined {
  return path.reduce<SchemaNode | undefined>((node, step) => {
    if (typeof step === 'number') {
      return node?.items;
    }
    const properties = node?.properties ?? {};
    return Object.hasOwn(properties, step) ? properties[step] : Object.values(node?.patternProperties ?? {})[0];
  }, schema);
}
