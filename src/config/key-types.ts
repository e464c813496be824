/**
 * How one key of the configuration is declared: description, unit, default and what is allowed, in one place, so
 * that the check, its messages, `evidock config --keys` and the example file cannot disagree.
 */

import Type from 'typebox';

interface Key<T> {
  readonly description: string;
  readonly default: T;
}

interface NumberKey extends Key<number> {
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
}

interface TextKey<T> extends Key<T> {
  readonly pattern: string;
  /** The pattern in words. */
  readonly allowed: string;
}

export const integerKey = (key: NumberKey) => Type.Integer({ ...key });

export const switchKey = (key: Key<boolean>) => Type.Boolean({ ...key });

export const choiceKey = <const T extends string[]>(values: readonly [...T], key: Key<T[number]>) =>
  Type.Enum([...values] as [...T], { ...key });

export const textKey = (key: TextKey<string>) => Type.String({ ...key });

export const optionalTextKey = (key: TextKey<string | null>) =>
  Type.Union([Type.String({ pattern: key.pattern }), Type.Null()], { ...key, allowed: `${key.allowed}, or null` });

/** A section of the configuration; it may be left out, and so may each of its keys. */
export const section = <T extends Type.TProperties>(description: string, keys: T) =>
  Type.Object(keys, { description, default: {}, additionalProperties: false });

export const ABSOLUTE_PATH = { pattern: '^/[^\\u0000]*$', allowed: 'an absolute path' };
export const ONE_LINE = { pattern: '^[^\\u0000-\\u001f]{1,200}$', allowed: '1 to 200 characters in one line' };
export const RULE_ID = {
  pattern: '^[a-z0-9][a-z0-9-]{0,59}$',
  allowed: '1 to 60 small letters, digits and hyphens, a letter or digit first',
};

export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;
